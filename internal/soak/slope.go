package soak

import "math"

// Slope is a line through samples, by least squares.
type Slope struct {
	PerRequest float64
	Error      float64 // standard error of that
	Mean       float64
}

// NewSlope fits a line to y over requests.
func NewSlope(samples []Sample, y func(Sample) float64) Slope {
	n := float64(len(samples))
	var mx, my float64
	for _, s := range samples {
		mx += float64(s.Requests) / n
		my += y(s) / n
	}
	var xx, xy, rest float64
	for _, s := range samples {
		dx := float64(s.Requests) - mx
		xx += dx * dx
		xy += dx * (y(s) - my)
	}
	slope := xy / xx
	for _, s := range samples {
		d := y(s) - my - slope*(float64(s.Requests)-mx)
		rest += d * d
	}
	return Slope{PerRequest: slope, Error: math.Sqrt(rest / (n - 2) / xx), Mean: my}
}

// Flat tells whether the slope cannot be told from none: within two standard
// errors, or less than 2 % of the mean over so many requests.
func (s Slope) Flat(requests int) bool {
	return math.Abs(s.PerRequest) <= 2*s.Error || math.Abs(s.PerRequest)*float64(requests) <= 0.02*s.Mean
}
