//go:build fastschema

package main

import (
	"fmt"

	"github.com/fastschema/qjs"
)

// libraries has one alone here: it needs an older wazero than qjswasm does, and so
// another build.
var libraries = map[string]func(shape, int) (report, error){"fastschema/qjs": runner(newFastschema)}

// fastschemaLibrary frees values, as its documentation demands; those that closures
// hold cannot be. Its host objects are handles that scripts can only pass on. The
// engine's collector is a global function, gc.
type fastschemaLibrary struct {
	rt  *qjs.Runtime
	ctx *qjs.Context
}

func newFastschema() (library[*qjs.Value], error) {
	rt, err := qjs.New()
	if err != nil {
		return nil, err
	}
	return fastschemaLibrary{rt, rt.Context()}, nil
}

func (l fastschemaLibrary) eval(code string) (*qjs.Value, error) {
	return l.ctx.Eval("cycles.js", qjs.Code(code))
}

func (l fastschemaLibrary) function(f func()) (*qjs.Value, error) {
	return l.ctx.Function(func(t *qjs.This) (*qjs.Value, error) {
		f()
		return t.NewUndefined(), nil
	}), nil
}

func (l fastschemaLibrary) call(f *qjs.Value, args ...*qjs.Value) (*qjs.Value, error) {
	return l.ctx.Invoke(f, l.ctx.Global(), args...)
}

func (l fastschemaLibrary) host(n *node[*qjs.Value]) (*qjs.Value, error) {
	return l.ctx.NewProxyValue(n), nil
}

func (l fastschemaLibrary) module(name string) (*qjs.Value, error) {
	// The result of a module is its default export.
	code := fmt.Sprintf("%s; import * as self from %q; export default self", moduleSource, name)
	return l.ctx.Eval(name, qjs.Code(code), qjs.TypeModule())
}

func (l fastschemaLibrary) release(v *qjs.Value) { v.Free() }

func (l fastschemaLibrary) collect() error {
	v, err := l.eval("gc()") // runs jobs too
	v.Free()
	return err
}

func (l fastschemaLibrary) jsBytes() (int64, bool) { return int64(l.rt.Mem().Size()), true }
func (l fastschemaLibrary) jsInGoHeap() bool       { return true }
func (l fastschemaLibrary) close()                 { l.rt.Close() }
