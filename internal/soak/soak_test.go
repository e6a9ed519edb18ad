package soak

import (
	"context"
	"flag"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

var (
	requests = flag.Int("soak.requests", 10000, "requests to serve in TestSoak")
	runtimes = flag.Int("soak.runtimes", 4, "runtimes to serve them")
)

// Most of what requests have made is gone before they end, and all of it after a
// collection.
func TestSoak(t *testing.T) {
	n := *requests
	if testing.Short() {
		n = min(n, 4000)
	}
	for _, work := range []Work{Cycles, Closed, Closures, Values} {
		t.Run(string(work), func(t *testing.T) {
			c := Config{Runtimes: *runtimes, Workers: 2, Sessions: 100, Work: work}
			// So few requests leave it to luck how often Go collects by itself.
			r, err := Run(context.Background(), c, n, 20, func(Sample) { runtime.GC() })
			require.NoError(t, err)
			assert.Equal(t, n, r.Latency.n)
			first, last := r.Samples[0], r.Samples[len(r.Samples)-1]
			t.Logf("%+v", last)
			most := map[Work]int{
				Cycles:   n,             // of 2n
				Closed:   2 * *runtimes, // of the last requests
				Closures: n / 2,         // of n
				Values:   0,
			}[work]
			assert.LessOrEqual(t, last.Callables-first.Callables, most)
		})
	}
}

// A server whose runtimes do not collect cycles keeps every one of them: the
// requests do make some.
func TestSoakWithoutCollection(t *testing.T) {
	const n = 500
	c := Config{Runtimes: 2, Workers: 2, Sessions: 10, Work: Cycles, CycleGC: qjswasm.CycleGCOff}
	r, err := Run(context.Background(), c, n, 1, nil)
	require.NoError(t, err)
	assert.Equal(t, 2*n, r.Samples[1].Callables-r.Samples[0].Callables)
}

func TestLatency(t *testing.T) {
	var l Latency
	for i := range 1000 {
		l.count(time.Duration(i) * time.Microsecond)
	}
	for _, q := range []float64{0.1, 0.5, 0.9, 0.99} {
		assert.InEpsilon(t, q*float64(time.Millisecond), float64(l.Quantile(q)), 0.13, "%v", q)
	}
	assert.Equal(t, 999*time.Microsecond, l.Quantile(1))
	var sum Latency
	sum.add(l)
	sum.add(l)
	assert.Equal(t, l.Quantile(0.5), sum.Quantile(0.5))
}

func TestSlope(t *testing.T) {
	var line, noise []Sample
	for i := range 40 {
		line = append(line, Sample{Requests: 10 * i, Heap: int64(3*i + 1000)})
		noise = append(noise, Sample{Requests: 10 * i, Heap: int64(100 * (i * 7919 % 13))})
	}
	heap := func(s Sample) float64 { return float64(s.Heap) }
	l := NewSlope(line, heap)
	assert.InDelta(t, 0.3, l.PerRequest, 1e-9)
	assert.InDelta(t, 0, l.Error, 1e-9)
	assert.False(t, l.Flat(400))
	assert.True(t, NewSlope(noise, heap).Flat(400))
}
