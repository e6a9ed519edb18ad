//go:build torture

package host

import "runtime"

// torture: see torture_off.go.
const torture = true

// torment makes a summary at every outermost exit and lets Go's collector run at
// many of them, so that whatever is unsound shows at once.
func (in *Instance) torment(f *Frame) {
	if in.cfg.CycleGC == CycleGCOff || in.dead != nil {
		return
	}
	if err := in.summarize(f); err != nil {
		panic(err)
	}
	if in.entries%8 == 0 {
		runtime.GC()
		in.SweepRoots()
	}
}
