package qjswasm

import (
	"context"
	"runtime"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Call calls a function. A nil this is undefined. Arguments convert as in
// Runtime.NewValue; this and any argument may be a *Value. An exception is an
// *Error. Runs guest code, bounded by ctx. The caller owns the result.
func (v *Value) Call(ctx context.Context, this any, args ...any) (*Value, error) {
	if this == nil {
		this = Undefined
	}
	return v.call(ctx, modeValue, this, args)
}

// New calls a constructor, as the new operator does. See Call.
func (v *Value) New(ctx context.Context, args ...any) (*Value, error) {
	return v.call(ctx, modeValue|abi.CallNew, Undefined, args)
}

func (v *Value) call(ctx context.Context, mode uint64, this any, args []any) (*Value, error) {
	if err := v.usable(); err != nil {
		return nil, err
	}
	if v.isPrimitive() {
		return nil, &Error{Name: "TypeError", Message: "not a function"}
	}
	if v.inv != nil { // a callable needs a root of its own
		own, err := v.rt.NewValue(v)
		if err != nil {
			return nil, err
		}
		defer own.Close()
		v = own
	}
	f, err := v.rt.in.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	f.Req.Reset(1 + len(args))
	e := bridge.Encoder{R: &v.rt.realm, Req: &f.Req}
	if err := e.Cell(0, this); err != nil {
		return nil, err
	}
	for i, a := range args {
		if err := e.Argument(i, a); err != nil {
			return nil, err
		}
	}
	root := v.anchor.Use()
	status, err := f.Call(host.FunctionCall, uint64(root.Index), uint64(root.Generation), uint64(len(args)), mode)
	runtime.KeepAlive(v)
	if err != nil {
		return nil, err
	}
	r, err := v.rt.realm.Outcome(f, status)
	if err != nil {
		return nil, err
	}
	return r.(*Value), nil
}
