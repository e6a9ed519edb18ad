package soak

import (
	"cmp"
	"context"
	"errors"
	"math"
	"time"
)

// chunks is how often a comparison changes from one server to the other.
const chunks = 40

// Compare serves requests with two new servers in turn and returns the processor
// time, that of Go's collector included, which each has used. Where it is not
// known, it is what has elapsed.
func Compare(ctx context.Context, a, b Config, requests int) (used [2]time.Duration, err error) {
	var servers [2]*Server
	defer func() {
		for _, s := range servers {
			if s != nil {
				err = errors.Join(err, s.Close())
			}
		}
	}()
	for i, c := range []Config{a, b} {
		if servers[i], err = NewServer(ctx, c); err != nil {
			return used, err
		}
	}
	for i := range chunks {
		for k := range servers {
			k ^= i & 1
			start, before := time.Now(), CPUTime()
			if err := servers[k].Serve(ctx, requests/chunks); err != nil {
				return used, err
			}
			used[k] += cmp.Or(CPUTime()-before, time.Since(start))
		}
	}
	return used, nil
}

// Mean returns the mean of some numbers and its standard error.
func Mean(numbers []float64) (mean, deviation float64) {
	n := float64(len(numbers))
	for _, x := range numbers {
		mean += x / n
	}
	for _, x := range numbers {
		deviation += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(deviation / (n - 1) / n)
}
