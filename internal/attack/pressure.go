package attack

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// A goroutine under pressure allocates this much, this often. The garbage
// collector then stops the world every few milliseconds, which waits for guest
// code that does not yield.
const (
	pressureBytes  = 100 << 10
	pressurePeriod = 200 * time.Microsecond
)

// Pressure is a goroutine that allocates and measures how late it runs.
type Pressure struct {
	quit chan struct{}
	done chan time.Duration
}

var pressureSink atomic.Pointer[[]byte] // so that it is really allocated

// StartPressure starts one. The caller must stop it.
func StartPressure() *Pressure {
	p := &Pressure{quit: make(chan struct{}), done: make(chan time.Duration)}
	go p.run()
	return p
}

func (p *Pressure) run() {
	var worst time.Duration
	for last := time.Now(); ; {
		b := make([]byte, pressureBytes)
		pressureSink.Store(&b)
		time.Sleep(pressurePeriod)
		now := time.Now()
		worst = max(worst, now.Sub(last)-pressurePeriod)
		last = now
		select {
		case <-p.quit:
			p.done <- worst
			return
		default:
		}
	}
}

// Stop ends the goroutine and returns its worst stall: the longest time it ran
// beyond its schedule.
func (p *Pressure) Stop() time.Duration {
	close(p.quit)
	return <-p.done
}

// Control measures the stalls that are the machine's own: n times for as long as
// an attack, beside whatever load does until its context ends.
func Control(n int, load func(context.Context)) []time.Duration {
	stalls := make([]time.Duration, n)
	for i := range stalls {
		ctx, cancel := context.WithTimeout(context.Background(), DefaultTimeout)
		p := StartPressure()
		load(ctx)
		stalls[i] = p.Stop()
		cancel()
	}
	slices.Sort(stalls)
	return stalls
}

// Idle does nothing.
func Idle(ctx context.Context) { <-ctx.Done() }

// Busy computes, as a guest does, in Go.
func Busy(ctx context.Context) {
	for n := uint64(1); ctx.Err() == nil; {
		for range 1 << 16 {
			n = n*6364136223846793005 + 1
		}
		busySink.Store(n)
	}
}

var busySink atomic.Uint64 // so that it is really computed
