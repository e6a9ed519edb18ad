package host

import (
	"context"

	"github.com/tetratelabs/wazero/api"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Live is a Go value that the guest uses in place. Keys are cells: the number of a
// struct's field, an index, or a string.
type Live interface {
	// Peek returns the cell of a property if that needs no more than memory: it runs
	// no code that could panic.
	Peek(key uint64) (cell uint64, ok bool)
	// Poke sets a property under the same conditions.
	Poke(key, value uint64) bool
	// Describe returns the name of its Go type.
	Describe() string
	// Do performs one of the abi.Live operations and returns an abi.Status. Nobody else uses
	// the instance meanwhile, but where it lends it.
	Do(inv *Invocation, op uint32, key, value uint64) uint32
}

// liveRequest is what an invocation asks of a Live.
type liveRequest struct {
	object     Live
	op         uint32
	key, value uint64
}

func liveTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	f := ctx.(*Frame)
	in := f.in
	q := liveRequest{op: uint32(stack[1]), key: stack[2], value: stack[3]}
	if c := in.Callables.Lookup(callables.Handle(stack[0])); c != nil && (!c.demoted || c.late()) {
		q.object = c.Live
	}
	if q.object != nil && in.panicked == nil {
		switch q.op {
		case abi.LiveGet:
			if cell, ok := q.object.Peek(q.key); ok {
				in.mem.WriteUint64Le(in.io+abi.IOResult, cell)
				stack[0] = abi.StatusOK
				return
			}
		case abi.LiveSet:
			if q.object.Poke(q.key, q.value) {
				in.mem.WriteUint64Le(in.io+abi.IOResult, abi.BoxBool(true))
				stack[0] = abi.StatusOK
				return
			}
		}
	}
	inv := &f.inv
	inv.reset(abi.Undefined, 0, 0, 0)
	if q.object == nil {
		stack[0] = uint64(in.upcall(f, throwReleased))
		return
	}
	size := in.cellBytes(q.key) + in.cellBytes(q.value)
	if size > smallArguments && in.Afford(size) != nil {
		stack[0] = uint64(in.upcall(f, throwHostLimit))
		return
	}
	inv.Hold(size)
	inv.live, inv.keeps = q, true
	stack[0] = uint64(in.upcall(f, liveDo))
}

func liveDo(inv *Invocation) uint32 {
	q := inv.live
	inv.live = liveRequest{}
	return q.object.Do(inv, q.op, q.key, q.value)
}

// LiveType describes a type of live objects to the guest.
type LiveType struct {
	Number      uint32 // chosen by the caller, from 0, one for each type
	Kind        uint32 // abi.LiveStruct, LiveMap or LiveList
	Description []byte // as qjs_live_type reads it
	Made        *bool  // set once the guest has the type
}

// NeedLiveType has the guest make a type before it reads the request.
func (r *Request) NeedLiveType(t LiveType) { r.types = append(r.types, t) }

// LiveTypes are those that the guest makes before it reads the request.
func (r *Request) LiveTypes() []LiveType { return r.types }

// makeLiveTypes makes the types that a request needs and that no other has made.
func (in *Instance) makeLiveTypes(f *Frame, types []LiveType) error {
	for _, t := range types {
		if *t.Made {
			continue
		}
		if err := in.writeRequest(f, &Request{Buf: t.Description}); err != nil {
			return err
		}
		ok, err := f.free(exportLiveType, uint64(t.Number), uint64(t.Kind))
		if err != nil {
			return err
		}
		if uint32(ok) == 0 {
			return ErrMemoryLimit
		}
		*t.Made = true
	}
	return nil
}

// LiveAt returns the Go value of the object of a cell that came from an argument
// vector; nil if it is no live object.
func (in *Instance) LiveAt(cell uint64) Live {
	if abi.IsFloat(cell) || abi.Tag(cell) != abi.TagObject {
		return nil
	}
	if kind, err := in.ObjectKind(abi.Low(cell)); err != nil || kind != abi.KindLive {
		return nil
	}
	record, _ := in.mem.ReadUint32Le(abi.Low(cell) + abi.ObjectOpaque)
	h, _ := in.mem.ReadUint64Le(record)
	return in.LiveOf(callables.Handle(h))
}

// LiveOf returns the Go value that a handle stands for, nil if there is none. The
// guest may be given its object.
func (in *Instance) LiveOf(h callables.Handle) Live {
	if c := in.Lookup(h); c != nil {
		return c.Live
	}
	return nil
}
