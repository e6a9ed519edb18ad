package host

import "runtime"

// Collect frees what nobody uses: cycles in the guest, what Go no longer uses and,
// at the outermost level, cycles that run through both heaps; and again, until
// there is nothing more. It runs Go's collector. The error says why it was left: that
// the entry's context is done, or that it was interrupted.
func (f *Frame) Collect() error {
	in, ctx := f.in, f.ctx
	f.deadline, _ = ctx.Deadline() // Config.Timeout is for scripts
	for {
		before := in.progress()
		if err := f.collectGuest(); err != nil {
			return err
		}
		if in.depth == 1 && in.cfg.CycleGC != CycleGCOff {
			if err := in.summarize(f, true); err != nil {
				return err
			}
		}
		runtime.GC()
		in.SweepRoots()
		if err := f.collectGuest(); err != nil {
			return err
		}
		if in.progress() == before {
			return nil
		}
		if ctx.Err() != nil {
			return Interrupted(ctx)
		}
	}
}

// Sweep frees what Go no longer uses, as of its last collection, and what died with
// that in the guest without a collection there.
func (f *Frame) Sweep() error {
	f.in.SweepRoots()
	if err := f.in.releaseRoots(); err != nil {
		return err
	}
	return f.takeDead()
}

// progress changes when something is freed that others may have hung on.
func (in *Instance) progress() [2]int64 {
	return [2]int64{int64(in.Callables.Len()), in.Roots.Live()}
}

// collectGuest frees what the guest alone finds unused.
func (f *Frame) collectGuest() error {
	if err := f.in.releaseRoots(); err != nil {
		return err
	}
	if _, err := f.attempt(exportRuntimeGC, true); err != nil {
		return err
	}
	if err := f.takeDead(); err != nil {
		return err
	}
	return f.Aborted()
}

// takeDead is Instance.takeDead with the hooks left to Exit.
func (f *Frame) takeDead() error {
	released, err := f.in.takeDead()
	f.released = append(f.released, released...)
	return err
}
