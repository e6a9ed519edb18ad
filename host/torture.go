//go:build torture

package host

import "runtime"

// torture: see torture_off.go.
const torture = true

// torment makes a summary at every outermost exit, or at some if there are many
// objects, and now and then lets Go's collector run, so that whatever is unsound
// shows at once.
func (in *Instance) torment(f *Frame) {
	if in.cfg.CycleGC != CycleGCAuto || in.dead != nil {
		return
	}
	if many := in.Callables.Len() + int(in.Roots.Live()); in.entries%uint64(1+many/256) != 0 {
		return
	}
	if err := in.summarize(f, false); err != nil {
		panic(err)
	}
	if in.cycles.stats.Rounds%8 == 0 {
		runtime.GC()
		in.SweepRoots()
	}
}
