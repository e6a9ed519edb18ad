package host

import (
	"context"

	"github.com/tetratelabs/wazero/api"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// keptSegments is how many native stacks are kept for the next entry.
const keptSegments = 1

// segments are the native stacks on which deep recursion continues, one after the
// other. wazero grows a native stack by copying it, with the whole process waiting,
// and to up to fifty times what the guest's takes; so the guest asks for another
// after abi.StackSegment bytes of its own.
type segments struct {
	functions []api.Function // each with a call engine, and so a native stack, of its own
	used      int
}

// segmentCallTrampoline calls back into the guest, which goes on there where it
// asked for this: with the same frame, and as the same entry.
func segmentCallTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	f := ctx.(*Frame)
	in, s := f.in, &f.in.segments
	if s.used == abi.StackSize/abi.StackSegment {
		// A guest that obeys has come to the end of its stack before.
		panic(in.corrupt("more segments than stack"))
	}
	if s.used == len(s.functions) {
		s.functions = append(s.functions, in.module.ExportedFunction(exportNames[exportSegmentRun]))
	}
	fn := s.functions[s.used]
	s.used++
	err := fn.CallWithStack(f, stack)
	s.used--
	if err != nil {
		panic(in.trapped(err))
	}
}

// stackIsDeep tells whether the guest's stack has been deeper than a segment since
// stackWasDeep.
func (in *Instance) stackIsDeep() bool {
	return in.io != 0 && in.ioUint32(abi.IOStackDeep) != 0
}

// stackWasDeep forgets that it was, and the native stacks that took.
func (in *Instance) stackWasDeep() {
	in.mem.WriteUint32Le(in.io+abi.IOStackDeep, 0)
	s := &in.segments
	if s.used < len(s.functions) {
		clear(s.functions[max(s.used, keptSegments):])
		s.functions = s.functions[:max(s.used, keptSegments)]
	}
}
