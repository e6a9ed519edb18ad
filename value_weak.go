package qjswasm

import (
	"errors"

	"github.com/qjswasm/qjswasm/internal/abi"
)

var errWeak = errors.New("use what its Value method returns")

// WeakValue refers to an object or symbol of a runtime without keeping it alive,
// as a WeakRef does in JS and a weak.Pointer in Go. It belongs to one Runtime and
// follows its rule: one goroutine at a time.
//
// It takes a root and a small object in the guest until it is closed or collected
// by Go; closing is optional.
type WeakValue struct {
	ref *Value // a WeakRef that no script sees
}

// Weak returns a weak reference to the object or symbol. What is copied to Go, and
// a symbol of Symbol.for, is a TypeError: those are never collected. Two weak
// references to the same object are different; Value.StrictEquals tells whether
// they refer to the same. Runs no guest code. The caller owns the result, which is
// independent of v.
func (v *Value) Weak() (*WeakValue, error) {
	ref, err := v.property(abi.PropertyWeak, Undefined, nil)
	if err != nil {
		return nil, err
	}
	return &WeakValue{ref}, nil
}

// Value returns the object or symbol, or nil once it is gone. That it is when
// neither the guest nor Go uses it any more and a collector has found out: at once
// if nothing in the guest refers to it and the last Value of it is closed, with the
// next collection of the guest if it is part of a cycle there, and after Runtime.GC
// in any case. Until then the result is the object as it ever was, and is kept alive
// by it. Runs no guest code. The caller owns the result.
func (w *WeakValue) Value() (*Value, error) {
	v, err := w.ref.property(abi.PropertyWeakTarget, Undefined, nil)
	if err != nil || v.IsUndefined() {
		return nil, err
	}
	return v, nil
}

// Runtime returns the runtime that w belongs to.
func (w *WeakValue) Runtime() *Runtime { return w.ref.rt }

// Close releases what w takes in the guest, not the object. Using w afterwards
// fails with ErrReleased. Optional and idempotent, safe for concurrent use, as
// Value.Close.
func (w *WeakValue) Close() { w.ref.Close() }
