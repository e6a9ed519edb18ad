package qjswasm

import (
	"context"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
)

// Undefined converts to the JS value undefined, where nil converts to null.
var Undefined = bridge.Undefined{}

// Hole stands for a missing element of an array in a []any; ExportOptions.Holes
// asks for it. Elsewhere it converts to undefined.
var Hole = bridge.Hole{}

// Types that stand for JS values whose Go form would lose something. They
// convert in both directions: pass them to NewValue, or ExportTo them.
type (
	// Object is a plain object whose property order matters.
	Object = bridge.Object
	// Property is one property of an Object: Key and Value.
	Property = bridge.Property
	// Map is a JS Map in insertion order, with keys of any type.
	Map = bridge.Map
	// MapEntry is one entry of a Map: Key and Value.
	MapEntry = bridge.MapEntry
	// Set is a JS Set in insertion order.
	Set = bridge.Set
	// RegExp is a JS RegExp by value: its Source, the pattern as it is written
	// between slashes, and its Flags. lastIndex is 0 again on the other side.
	RegExp = bridge.RegExp
	// ArrayBuffer is a JS ArrayBuffer; a []byte is a Uint8Array.
	ArrayBuffer = bridge.ArrayBuffer
)

// ConvertError says which value could not be converted between Go and JS. Its
// fields are From and To, what the value is and what was wanted; Path, where it
// is inside the value that was converted, such as ".Orders[3].Total"; and Err,
// why, which may be nil and is what it unwraps to.
type ConvertError = bridge.ConvertError

// NewValue converts a Go value to a JS value; see the package documentation for
// the table. Whole graphs are copied in one crossing, with shared references and
// cycles kept. Go functions in them become callables. The caller owns the result.
func (rt *Runtime) NewValue(v any) (*Value, error) {
	return rt.newValue(func(e *bridge.Encoder) error { return e.Cell(0, v) })
}

// newValue makes a Value of the one cell that fill sets.
func (rt *Runtime) newValue(fill func(*bridge.Encoder) error) (*Value, error) {
	f, err := rt.in.Enter(context.Background())
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	f.Req.Reset(1)
	if err := fill(&bridge.Encoder{R: &rt.realm, Req: &f.Req}); err != nil {
		return nil, err
	}
	status, err := f.Call(host.ValueNew)
	if err != nil {
		return nil, err
	}
	r, err := rt.realm.Outcome(f, status)
	if err != nil {
		return nil, err
	}
	return r.(*Value), nil
}

// As converts v to a Go value of type T, as ExportTo does. For a func type with
// results (error) or (R, error) it gives a Go function that calls the JS
// function, which it keeps alive whether or not v is closed; a first parameter of
// type context.Context bounds the call.
func As[T any](v *Value) (T, error) {
	var x T
	err := v.ExportTo(&x)
	return x, err
}

// Eval evaluates a script and converts its completion value, as As does.
func Eval[T any](ctx context.Context, rt *Runtime, code string) (T, error) {
	v, err := rt.Eval(ctx, code)
	if err != nil {
		var zero T
		return zero, err
	}
	x, err := As[T](v)
	if any(x) != any(v) {
		v.Close()
	}
	return x, err
}
