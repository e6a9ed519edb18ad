//go:build !fastschema

package main

import (
	"errors"

	"github.com/dop251/goja"
)

// gojaLibrary has one heap, Go's, and so nothing to release and no collector.
type gojaLibrary struct{ vm *goja.Runtime }

func newGoja() (library[goja.Value], error) { return gojaLibrary{goja.New()}, nil }

func (l gojaLibrary) eval(code string) (goja.Value, error) { return l.vm.RunString(code) }

func (l gojaLibrary) function(f func()) (goja.Value, error) {
	return l.vm.ToValue(func(goja.FunctionCall) goja.Value {
		f()
		return goja.Undefined()
	}), nil
}

func (l gojaLibrary) call(f goja.Value, args ...goja.Value) (goja.Value, error) {
	call, ok := goja.AssertFunction(f)
	if !ok {
		return nil, errors.New("not a function")
	}
	return call(goja.Undefined(), args...)
}

func (l gojaLibrary) host(n *node[goja.Value]) (goja.Value, error) { return l.vm.ToValue(n), nil }

func (l gojaLibrary) module(string) (goja.Value, error) { return nil, errNotOffered }

func (l gojaLibrary) release(goja.Value)     {}
func (l gojaLibrary) collect() error         { return nil } // jobs run when a call returns
func (l gojaLibrary) jsBytes() (int64, bool) { return 0, false }
func (l gojaLibrary) jsInGoHeap() bool       { return true }
func (l gojaLibrary) close()                 {}
