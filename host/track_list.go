package host

import (
	"iter"
	"runtime"

	"github.com/qjswasm/qjswasm/gc"
)

// LiveCallable is what the guest holds of Go: the Go value is Err, or Live, or else
// a function.
type LiveCallable struct {
	Err     error
	Live    Live
	Demoted bool // the last summary found that only roots lead to it
	Origin  Origin
}

// LiveRoots returns the anchors of roots that Go still uses, and how they came to
// be.
func (in *Instance) LiveRoots() iter.Seq2[*gc.Anchor, Origin] {
	return func(yield func(*gc.Anchor, Origin) bool) {
		for a := range in.Roots.All() {
			var o Origin
			if in.tracker != nil {
				o = in.tracker.rootOrigin(a.Name())
			}
			if !yield(a, o) {
				return
			}
		}
	}
}

// LiveCallables returns the callables in the order of their registration, without
// methods of types, and without those that Go's collector has found unused.
func (in *Instance) LiveCallables() iter.Seq[LiveCallable] {
	return func(yield func(LiveCallable) bool) {
		for _, c := range in.Callables.All() {
			l := LiveCallable{Err: c.Err, Live: c.Live, Demoted: c.demoted}
			if c.demoted {
				b := c.asleep()
				if b == nil {
					continue
				}
				l.Err, l.Live = b.err, b.live
			}
			if in.tracker != nil {
				l.Origin = in.tracker.callableOrigin(c)
			}
			if !c.Method && !yield(l) {
				return
			}
		}
	}
}

// Left returns, of an instance that is closed and was told to track, the anchors
// that the program still uses, once. It runs Go's collector if there may be any.
func (in *Instance) Left() iter.Seq2[*gc.Anchor, Origin] {
	return func(yield func(*gc.Anchor, Origin) bool) {
		if in.tracker == nil {
			return
		}
		left := in.tracker.takeLeft()
		if len(left) > 0 {
			runtime.GC()
		}
		for _, r := range left {
			if a := r.anchor.Value(); a != nil && !yield(a, r.Origin) {
				return
			}
		}
	}
}
