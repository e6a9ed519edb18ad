package qjswasm

import (
	"math/big"
	"sync/atomic"
	"unsafe"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Value is a JS value in Go.
//
// A Value that holds a primitive is a copy and owns nothing. Any other keeps its
// object alive in the guest until the Value is closed or collected by Go;
// closing is optional. Weak gives a reference that does not. A Value that a
// callback got as an argument is borrowed: valid until the callback returns; use
// Dup to keep it.
//
// A Value needs no finalizer of its own: what one gets is as good as closed. What
// a finalizer or cleanup of another object gets is whole.
//
// A Value belongs to one Runtime and follows its rule: one goroutine at a time.
// The accessors Kind, IsX, Int64, Float64, Bool, String, UTF16 and BigInt are
// safe for concurrent use, never fail and never run guest code.
type Value struct {
	rt     *Runtime
	kind   Kind
	owner  owner
	num    float64 // of a number, 1 for true
	text   bridge.Text
	big    *big.Int
	anchor gc.Anchor // of an owned object or symbol
	closed atomic.Bool

	// A borrowed value is a cell that is good while its invocation runs.
	inv    *host.Invocation
	serial uint64
	cell   uint64
}

// owner is who a Value is closed by.
type owner uint8

const (
	ownerProgram owner = iota
	ownerError         // an Error, with itself
	ownerAsync         // a call of an asynchronous function, when it is settled
)

// rooted makes the Value that owns a root.
func (rt *Runtime) rooted(r gc.Root, kind Kind) *Value {
	v := &Value{rt: rt, kind: kind.inGuest(), anchor: gc.MakeAnchor(r)}
	rt.in.HoldRoot(&v.anchor)
	return v
}

// valueOf returns the Value that an anchor is part of.
func valueOf(a *gc.Anchor) *Value {
	return (*Value)(unsafe.Add(unsafe.Pointer(a), -int(unsafe.Offsetof(Value{}.anchor))))
}

// primitive makes the Value of what bridge calls a primitive.
func (rt *Runtime) primitive(p any) *Value {
	switch p := p.(type) {
	case nil:
		return &Value{rt: rt, kind: KindNull}
	case bool:
		v := &Value{rt: rt, kind: KindBool}
		if p {
			v.num = 1
		}
		return v
	case float64:
		return &Value{rt: rt, kind: KindNumber, num: p}
	case bridge.Text:
		return &Value{rt: rt, kind: KindString, text: p}
	case *big.Int:
		return &Value{rt: rt, kind: KindBigInt, big: p}
	}
	return rt.undefined
}

// borrowed makes the Value of an argument.
func (rt *Runtime) borrowed(inv *host.Invocation, cell uint64) *Value {
	if f, ok := bridge.Number(cell); ok {
		return &Value{rt: rt, kind: KindNumber, num: f}
	}
	if p, ok, err := rt.realm.Primitive(cell); ok && err == nil {
		return rt.primitive(p)
	}
	return &Value{
		rt: rt, kind: kindOf(rt.realm.Kind(cell)).inGuest(),
		inv: inv, serial: inv.Serial(), cell: cell,
	}
}

// isPrimitive tells whether v lives in Go alone.
func (v *Value) isPrimitive() bool { return v.kind < KindSymbol }

// usable returns why v cannot be handed to the guest, if it cannot.
func (v *Value) usable() error {
	switch {
	case v.isPrimitive():
		return nil
	case v.closed.Load(), v.inv != nil && !v.inv.Live(v.serial):
		return ErrReleased
	}
	return nil
}

// appendTo appends v's record to a request for rt's guest.
func (v *Value) appendTo(req *host.Request, rt *Runtime) error {
	if v.rt != rt {
		return ErrWrongRuntime
	}
	if err := v.usable(); err != nil {
		return err
	}
	switch {
	case v.isPrimitive():
		e := bridge.Encoder{R: &rt.realm, Req: req}
		return e.Value(v.goPrimitive())
	case v.inv != nil:
		req.Buf = bridge.AppendRaw(req.Buf, v.cell)
	default:
		req.Buf = bridge.AppendRoot(req.Buf, v.anchor.Use())
	}
	return nil
}

// goPrimitive is the inverse of Runtime.primitive.
func (v *Value) goPrimitive() any {
	switch v.kind {
	case KindNull:
		return nil
	case KindBool:
		return v.num != 0
	case KindNumber:
		return v.num
	case KindString:
		return v.text
	case KindBigInt:
		return v.big
	}
	return Undefined
}

// Runtime returns the runtime that v belongs to.
func (v *Value) Runtime() *Runtime { return v.rt }

// Dup returns a Value for the same object that is owned by the caller and
// independent of v; a primitive is its own copy. If the runtime has no memory
// for it, or v was released, using the result fails with ErrReleased.
func (v *Value) Dup() *Value {
	if v.isPrimitive() {
		return v
	}
	d, err := v.rt.NewValue(v)
	if err != nil {
		d = &Value{rt: v.rt, kind: v.kind}
		d.closed.Store(true)
	}
	return d
}

// Close releases the object. Using v afterwards fails with ErrReleased, except
// for the accessors. Optional and idempotent, safe for concurrent use: while
// another goroutine uses the runtime, the guest learns of it with the next entry.
// Closing a borrowed or primitive value does nothing.
func (v *Value) Close() {
	if v.isPrimitive() || v.inv != nil || !v.closed.CompareAndSwap(false, true) {
		return
	}
	v.rt.in.ReleaseRoot(v.anchor.Name())
}

// Kind says what v is.
func (v *Value) Kind() Kind { return v.kind }

// IsUndefined tells whether v is undefined.
func (v *Value) IsUndefined() bool { return v.kind == KindUndefined }

// IsNull tells whether v is null.
func (v *Value) IsNull() bool { return v.kind == KindNull }

// IsNullish tells whether v is null or undefined.
func (v *Value) IsNullish() bool { return v.kind <= KindNull }

// IsBool tells whether v is a boolean.
func (v *Value) IsBool() bool { return v.kind == KindBool }

// IsNumber tells whether v is a number.
func (v *Value) IsNumber() bool { return v.kind == KindNumber }

// IsBigInt tells whether v is a BigInt.
func (v *Value) IsBigInt() bool { return v.kind == KindBigInt }

// IsString tells whether v is a string.
func (v *Value) IsString() bool { return v.kind == KindString }

// IsSymbol tells whether v is a symbol.
func (v *Value) IsSymbol() bool { return v.kind == KindSymbol }

// IsObject tells whether v is an object of any class, functions included.
func (v *Value) IsObject() bool { return v.kind > KindSymbol }

// IsArray tells whether v is an Array.
func (v *Value) IsArray() bool { return v.kind == KindArray }

// IsFunction tells whether v is a function. A Proxy is a KindProxy, though it
// may be callable.
func (v *Value) IsFunction() bool { return v.kind == KindFunction }

// IsError tells whether v is an Error object.
func (v *Value) IsError() bool { return v.kind == KindError }

// IsPromise tells whether v is a Promise.
func (v *Value) IsPromise() bool { return v.kind == KindPromise }

// request prepares a request of n cells with v in the first.
func (v *Value) request(f *host.Frame, n int) error {
	f.Req.Reset(n)
	f.Req.SetTape(0)
	return v.appendTo(&f.Req, v.rt)
}

// modeValue is abi.ModeValue as a parameter.
const modeValue = uint64(abi.ModeValue)
