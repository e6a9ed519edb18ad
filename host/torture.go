//go:build torture

package host

import "runtime"

// torture: see torture_off.go.
const torture = true

// tormentor is what torment keeps.
type tormentor struct{ next uint64 } // the entry until which it pauses

// torment makes a summary at every outermost exit, or every few if there are many
// objects, and lets Go's collector run at some of them, so that whatever is unsound
// shows at once.
func (in *Instance) torment(f *Frame) {
	cy := &in.cycles
	if in.cfg.CycleGC == CycleGCOff || in.dead != nil || in.entries < cy.next {
		return
	}
	if err := in.summarize(f); err != nil {
		panic(err)
	}
	if cy.stats.Rounds%8 == 0 {
		runtime.GC()
		in.SweepRoots()
	}
	cy.next = in.entries + uint64(in.Callables.Len()+int(in.Roots.Live()))/256
}
