//go:build !fastschema

package main

import (
	"fmt"

	"modernc.org/libc"
	"modernc.org/quickjs"
)

// moderncLibrary frees values, as its documentation demands; those that closures
// hold cannot be. Functions are registered as globals and taken away from there;
// handlers of promises are given to Value.Then. There is no call that collects: the
// engine's collector is made to run by its threshold.
type moderncLibrary struct {
	vm    *quickjs.VM
	names int
}

func newModernc() (library[quickjs.Value], error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	vm.SetModuleLoader(func(*quickjs.VM, string) (string, error) { return moduleSource, nil }, nil)
	return &moderncLibrary{vm: vm}, nil
}

func (l *moderncLibrary) eval(code string) (quickjs.Value, error) {
	return l.vm.EvalValue(code, quickjs.EvalGlobal)
}

func (l *moderncLibrary) function(f func()) (v quickjs.Value, err error) {
	l.names++ // a name cannot be registered again
	name := fmt.Sprintf("f%d", l.names)
	if err = l.vm.RegisterFunc(name, f, false); err != nil {
		return v, err
	}
	return l.take(name)
}

// take removes a global and returns it.
func (l *moderncLibrary) take(name string) (quickjs.Value, error) {
	return l.eval(fmt.Sprintf("(() => { const v = %s; delete globalThis.%[1]s; return v })()", name))
}

func (l *moderncLibrary) call(f quickjs.Value, args ...quickjs.Value) (quickjs.Value, error) {
	var list []any
	for _, a := range args {
		list = append(list, a)
	}
	return f.CallValue(quickjs.UndefinedValue, list...)
}

func (l *moderncLibrary) then(promise quickjs.Value, f func()) error {
	derived, err := promise.Then(func(quickjs.Value) { f() }, nil)
	derived.Free()
	return err
}

func (l *moderncLibrary) host(*node[quickjs.Value]) (v quickjs.Value, err error) {
	return v, errNotOffered // Go values are copied, as JSON
}

func (l *moderncLibrary) module(name string) (v quickjs.Value, err error) {
	promise, err := l.eval(fmt.Sprintf("import(%q).then(ns => { globalThis.ns = ns })", name))
	if err != nil {
		return v, err
	}
	promise.Free()
	if _, err := l.vm.ExecutePendingJobs(); err != nil {
		return v, err
	}
	return l.take("ns")
}

func (l *moderncLibrary) release(v quickjs.Value) { v.Free() }

func (l *moderncLibrary) collect() error {
	if _, err := l.vm.ExecutePendingJobs(); err != nil {
		return err
	}
	l.vm.SetGCThreshold(1) // the next object triggers it, which sets a new one
	v, err := l.eval("({})")
	v.Free()
	return err
}

// jsBytes needs the build tag memory.counters. The heap is outside of Go's, and
// the only user of libc's in this process.
func (l *moderncLibrary) jsBytes() (int64, bool) {
	n := libc.MemStat().Bytes
	return int64(n), n > 0
}

func (l *moderncLibrary) jsInGoHeap() bool { return false }
func (l *moderncLibrary) close()           { l.vm.Close() }
