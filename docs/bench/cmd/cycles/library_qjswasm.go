//go:build !fastschema

package main

import (
	"context"

	"github.com/qjswasm/qjswasm"
)

var ctx = context.Background()

// qjswasmLibrary closes no values: that is optional.
type qjswasmLibrary struct{ rt *qjswasm.Runtime }

func newQjswasm() (library[*qjswasm.Value], error) {
	rt, err := qjswasm.New(ctx, nil)
	return qjswasmLibrary{rt}, err
}

func (l qjswasmLibrary) eval(code string) (*qjswasm.Value, error) { return l.rt.Eval(ctx, code) }

func (l qjswasmLibrary) function(f func()) (*qjswasm.Value, error) { return l.rt.NewFunc("f", f) }

func (l qjswasmLibrary) call(f *qjswasm.Value, args ...*qjswasm.Value) (*qjswasm.Value, error) {
	var list []any
	for _, a := range args {
		list = append(list, a)
	}
	return f.Call(ctx, nil, list...)
}

func (l qjswasmLibrary) host(n *node[*qjswasm.Value]) (*qjswasm.Value, error) {
	return l.rt.NewValue(qjswasm.Live(n))
}

func (l qjswasmLibrary) module(name string) (*qjswasm.Value, error) {
	return l.rt.EvalSource(ctx, qjswasm.Source{Code: moduleSource, Module: true})
}

func (l qjswasmLibrary) release(*qjswasm.Value) {}

func (l qjswasmLibrary) collect() error {
	if _, err := l.rt.RunJobs(ctx); err != nil {
		return err
	}
	return l.rt.GC(ctx)
}

func (l qjswasmLibrary) jsBytes() (int64, bool) { return l.rt.Stats().GuestBytes, true }
func (l qjswasmLibrary) jsInGoHeap() bool       { return false }
func (l qjswasmLibrary) close()                 { l.rt.Close() }
