package soak

import (
	"math/bits"
	"time"
)

// Latency counts durations by size: 8 buckets for each power of two.
type Latency struct {
	counts [64 * 8]int
	n      int
	max    time.Duration
}

// start starts a duration and returns what ends it.
func (l *Latency) start() func() {
	t := time.Now()
	return func() { l.count(time.Since(t)) }
}

func (l *Latency) count(d time.Duration) {
	l.counts[bucket(d)]++
	l.n++
	l.max = max(l.max, d)
}

func bucket(d time.Duration) int {
	n := uint64(max(d, 8))
	shift := bits.Len64(n) - 4
	return (shift+1)*8 + int(n>>shift)&7
}

// upper is the end of a bucket.
func upper(b int) time.Duration {
	shift := b/8 - 1
	return time.Duration((uint64(b&7|8) + 1) << shift)
}

func (l *Latency) add(other Latency) {
	for i, n := range other.counts {
		l.counts[i] += n
	}
	l.n += other.n
	l.max = max(l.max, other.max)
}

// Quantile returns a duration that a share q of all do not exceed, at most an
// eighth too much.
func (l *Latency) Quantile(q float64) time.Duration {
	left := int(q * float64(l.n))
	for i, n := range l.counts {
		if left -= n; left < 0 {
			return min(upper(i), l.max)
		}
	}
	return l.max
}
