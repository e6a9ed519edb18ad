package bridge

import (
	"context"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// common makes the host function for the signatures that are used most, without
// reflection and without allocation beyond their results; nil for any other.
// Calls with arguments that do not fit are left to the general path, which knows
// what to say about them.
func (r *Realm) common(fn any, general func(*host.Invocation) uint32) func(*host.Invocation) uint32 {
	switch fn := fn.(type) {
	case func():
		return func(*host.Invocation) uint32 { fn(); return abi.StatusUndefined }
	case func() error:
		return func(inv *host.Invocation) uint32 {
			if err := fn(); err != nil {
				return r.Emb.Throw(inv, err)
			}
			return abi.StatusUndefined
		}
	case func(float64) float64:
		return func(inv *host.Invocation) uint32 {
			a, ok := number(inv, 0)
			if !ok {
				return general(inv)
			}
			return inv.Return(abi.BoxFloat(fn(a)))
		}
	case func(float64, float64) float64:
		return func(inv *host.Invocation) uint32 {
			a, ok1 := number(inv, 0)
			b, ok2 := number(inv, 1)
			if !ok1 || !ok2 {
				return general(inv)
			}
			return inv.Return(abi.BoxFloat(fn(a, b)))
		}
	case func(float64, float64) (float64, error):
		return func(inv *host.Invocation) uint32 {
			a, ok1 := number(inv, 0)
			b, ok2 := number(inv, 1)
			if !ok1 || !ok2 {
				return general(inv)
			}
			x, err := fn(a, b)
			if err != nil {
				return r.Emb.Throw(inv, err)
			}
			return inv.Return(abi.BoxFloat(x))
		}
	case func(string) string:
		return func(inv *host.Invocation) uint32 {
			s, ok := r.str(inv, 0)
			if !ok {
				return general(inv)
			}
			return returnString(inv, fn(s))
		}
	case func(string) (string, error):
		return func(inv *host.Invocation) uint32 {
			s, ok := r.str(inv, 0)
			if !ok {
				return general(inv)
			}
			x, err := fn(s)
			if err != nil {
				return r.Emb.Throw(inv, err)
			}
			return returnString(inv, x)
		}
	case func(context.Context, string) (string, error):
		return func(inv *host.Invocation) uint32 {
			s, ok := r.str(inv, 0)
			if !ok {
				return general(inv)
			}
			x, err := fn(inv.Context(), s)
			if err != nil {
				return r.Emb.Throw(inv, err)
			}
			return returnString(inv, x)
		}
	}
	return nil
}

// number reads an argument that is a number already.
func number(inv *host.Invocation, i int) (float64, bool) {
	c := inv.Arg(i)
	if abi.IsFloat(c) {
		return abi.Float(c), true
	}
	return float64(int32(abi.Low(c))), abi.Tag(c) == abi.TagInt
}

func (r *Realm) str(inv *host.Invocation, i int) (string, bool) {
	c := inv.Arg(i)
	if abi.IsFloat(c) || abi.Tag(c) != abi.TagString {
		return "", false
	}
	t, err := r.text(c)
	return t.String(), err == nil
}

func returnString(inv *host.Invocation, s string) uint32 {
	PutString(inv.ReturnTape(), s)
	return abi.StatusOK
}
