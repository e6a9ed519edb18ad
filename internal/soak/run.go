package soak

import (
	"context"
	"time"
)

// Result is what a run measured.
type Result struct {
	Samples []Sample // the first before any request
	Elapsed time.Duration
	Latency Latency
}

// Run serves requests with a new server and takes so many samples on the way.
// Sampling is not part of the elapsed time.
func Run(ctx context.Context, c Config, requests, samples int, seen func(Sample)) (r Result, err error) {
	s, err := NewServer(ctx, c)
	if err != nil {
		return r, err
	}
	defer func() {
		if closed := s.Close(); err == nil {
			err = closed
		}
	}()
	take := func() {
		x := s.Sample()
		r.Samples = append(r.Samples, x)
		if seen != nil {
			seen(x)
		}
	}
	take()
	for i := range samples {
		start := time.Now()
		if err := s.Serve(ctx, requests*(i+1)/samples-s.requests); err != nil {
			return r, err
		}
		r.Elapsed += time.Since(start)
		take()
	}
	r.Latency = s.latency
	return r, nil
}

// Settled are the samples after the first quarter: until then caches fill and
// Go's heap finds its size.
func (r *Result) Settled() []Sample { return r.Samples[1+len(r.Samples)/4:] }
