package host

import (
	"sync/atomic"
	"time"
)

// alarm tells that a deadline may have passed, to those who ask too often to look
// at the clock. It lags behind: one that was set for an earlier entry rings in
// vain, and is then set anew. It refers to nothing that refers to the instance.
type alarm struct {
	state atomic.Pointer[ring]
}

// ring is one setting of an alarm.
type ring struct {
	rang  atomic.Bool
	timer *time.Timer
}

// set sets the alarm, unless it is set: deadlines only move on.
func (a *alarm) set(at time.Time) {
	if at.IsZero() || a.state.Load() != nil {
		return
	}
	r := &ring{}
	r.timer = time.AfterFunc(time.Until(at), func() { r.rang.Store(true) })
	a.state.Store(r)
}

// take tells whether the alarm has rung since it was set.
func (a *alarm) take() bool {
	r := a.state.Load()
	if r == nil || !r.rang.Load() {
		return false
	}
	a.state.Store(nil)
	return true
}

// stop ends the alarm.
func (a *alarm) stop() {
	if r := a.state.Swap(nil); r != nil {
		r.timer.Stop()
	}
}
