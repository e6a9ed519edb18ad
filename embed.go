package qjswasm

import (
	"context"
	"errors"
	"reflect"
	"strings"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

var valueType = reflect.TypeFor[*Value]()

// embedder gives bridge this package's types.
type embedder struct{ rt *Runtime }

var _ bridge.Embedder = embedder{}

func (em embedder) Value(r gc.Root, kind uint32) any { return em.rt.rooted(r, kindOf(kind)) }

func (em embedder) ValueOf(p any) any { return em.rt.primitive(p) }

func (em embedder) BorrowedValue(inv *host.Invocation, cell uint64) any {
	return em.rt.borrowed(inv, cell)
}

func (em embedder) AppendValue(req *host.Request, v any) (ok bool, err error) {
	switch v := v.(type) {
	case *Value:
		if v == nil {
			req.Buf = append(req.Buf, abi.TapeNull)
			return true, nil
		}
		return true, v.appendTo(req, em.rt)
	case *Error:
		// A JS exception is the value that was thrown.
		if v == nil || v.value == nil || v.value.rt != em.rt || v.value.usable() != nil {
			return false, nil
		}
		return true, v.value.appendTo(req, em.rt)
	case *WeakValue:
		return true, &ConvertError{From: "Go *qjswasm.WeakValue", To: "a JS value", Err: errWeak}
	}
	return false, nil
}

func (em embedder) Root(v any) (gc.Root, bool) {
	x, ok := v.(*Value)
	if !ok || x.isPrimitive() || x.inv != nil || x.usable() != nil {
		return gc.Root{}, false
	}
	return x.anchor.Name(), true
}

func (em embedder) UseRoot(v any) (gc.Root, bool) {
	if _, ok := em.Root(v); !ok {
		return gc.Root{}, false
	}
	return v.(*Value).anchor.Use(), true
}

func (em embedder) ValueType() reflect.Type { return valueType }

func (em embedder) Exception(x *bridge.Exception) error { return em.rt.newError(x) }

func (em embedder) Describe(err error) (bridge.Description, bool) {
	e, ok := err.(*Error)
	if !ok || e == nil {
		return bridge.Description{}, false
	}
	d := bridge.Description{Name: e.Name, Message: e.Message, Size: len(e.Name) + len(e.Message) + len(e.Stack) + len(e.Frames)*frameSize}
	if e.aborted != nil || e.Name == "" {
		d.Name, d.Message = "", strings.TrimPrefix(e.Error(), "qjswasm: ")
	}
	return d, true
}

func (em embedder) GoFunction(fn any) func(*host.Invocation) uint32 {
	switch fn := fn.(type) {
	case func(*Call) error:
		return func(inv *host.Invocation) uint32 {
			c := em.rt.call(inv)
			c.status = abi.StatusUndefined
			defer c.over() // also after a panic
			err := fn(c)
			if c.result != nil && err == nil {
				err = c.finish(inv.Result())
			}
			if err != nil {
				return em.Throw(inv, err)
			}
			return c.status
		}
	case func(*Call) (any, error):
		return func(inv *host.Invocation) uint32 {
			v, err := fn(em.rt.call(inv))
			if err != nil {
				return em.Throw(inv, err)
			}
			return em.rt.realm.Return(inv, v)
		}
	}
	return nil
}

func (em embedder) Receiver(ch reflect.Value) (call func(*host.Invocation) uint32, released func()) {
	r := newReceiver(em.rt, ch)
	return r.call, r.ending.end
}

func (em embedder) Await(ctx context.Context, promise any) (any, error) {
	v, err := em.rt.Await(ctx, promise.(*Value))
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Throw makes a Go error a JS exception. A JS exception on its way back is
// thrown as what it was; anything else as an Error that comes back out of the
// guest as the Go error itself.
func (em embedder) Throw(inv *host.Invocation, err error) uint32 {
	req := inv.ReturnTape() // others have left
	if em.rt.in.Dead() != nil && errors.Is(err, ErrDead) {
		return abi.StatusAbort
	}
	if js, ok := err.(*Error); ok {
		if ok, aerr := em.AppendValue(req, js); ok && aerr == nil {
			return abi.StatusThrow
		}
	}
	e := bridge.Encoder{R: &em.rt.realm, Req: req}
	e.Error(err)
	return abi.StatusThrow
}
