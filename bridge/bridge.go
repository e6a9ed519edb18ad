// Package bridge is a building block of qjswasm; most programs import only the
// root package.
//
// It translates: Go values to JS values and back, Go functions to callables and
// JS functions to Go functions, JS exceptions to Go. Whole graphs cross as one
// tape (see wasm/src/abi.h) in one crossing per direction.
package bridge

import (
	"context"
	"reflect"
	"sync"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
)

// Embedder is what the root package lends to bridge: the types that people see,
// and the one way in which they fail.
type Embedder interface {
	// Value wraps a value that stays in the guest. The *Value owns the root.
	Value(r gc.Root, kind uint32) any
	// ValueOf wraps a primitive: Undefined, nil, bool, float64, *big.Int or Text.
	ValueOf(p any) any
	// BorrowedValue wraps an argument of a callback.
	BorrowedValue(inv *host.Invocation, cell uint64) any
	// AppendValue appends the record of v if v is a *Value; ok is false if not.
	AppendValue(req *host.Request, v any) (ok bool, err error)
	// Root returns the root of an owned *Value.
	Root(v any) (gc.Root, bool)
	// UseRoot is Root for handing the root to the guest, within an entry.
	UseRoot(v any) (gc.Root, bool)
	// ValueType is the type *Value.
	ValueType() reflect.Type
	// Exception makes a Go error of a JS exception.
	Exception(x *Exception) error
	// Describe tells what is thrown in place of an error that Exception made, or
	// that looks so, when it is no value of this guest; ok is false for any other.
	Describe(err error) (d Description, ok bool)
	// GoFunction returns the callable for a Go function that only the root
	// package knows, such as func(*Call) (any, error); nil if fn is none.
	GoFunction(fn any) func(*host.Invocation) uint32
	// Receiver returns the host function of an iterator over a Go channel, and what
	// is to be done when the guest drops it. Called with an argument, it is over.
	Receiver(ch reflect.Value) (call func(*host.Invocation) uint32, released func())
	// Await waits for a *Value that may be a promise. The caller owns the result.
	Await(ctx context.Context, promise any) (any, error)
	// Throw makes a Go error the outcome of an invocation.
	Throw(inv *host.Invocation, err error) uint32
}

// Description is what a script may see of an error.
type Description struct {
	Name, Message string
	Size          int // bytes that all its texts take
}

// Realm is one guest as bridge sees it.
type Realm struct {
	In  *host.Instance
	Emb Embedder

	pulled sync.Once // pulls is made
	pulls  *coroutines
	live   liveTable
}

// Undefined is the type of the Go value that stands for JS undefined.
type Undefined struct{}

// Hole is the type of the Go value that stands for a missing element of an array.
type Hole struct{}

// Object is a plain object whose property order matters.
type Object []Property

// Property is one property of an Object.
type Property struct {
	Key   string
	Value any
}

// Map is a JS Map in insertion order.
type Map []MapEntry

// MapEntry is one entry of a Map.
type MapEntry struct {
	Key, Value any
}

// Set is a JS Set in insertion order.
type Set []any

// ArrayBuffer is a JS ArrayBuffer, where a []byte would be a Uint8Array.
type ArrayBuffer []byte
