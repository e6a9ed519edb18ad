package qjswasm

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/qjswasm/qjswasm/host"
)

var errAsyncForm = errors.New("an asynchronous function needs parameters that are converted before it starts")

// asyncFunc wraps a typed Go function so that calling it starts a goroutine and
// returns a promise.
func (rt *Runtime) asyncFunc(fn any) (params int, start Func, err error) {
	v := reflect.ValueOf(fn)
	unfit := func() error {
		return &ConvertError{From: fmt.Sprintf("Go %T", fn), To: "an asynchronous JS function", Err: errAsyncForm}
	}
	if v.Kind() != reflect.Func || v.IsNil() || v.Type().IsVariadic() {
		return 0, nil, unfit()
	}
	t := v.Type()
	first := 0
	if t.NumIn() > 0 && t.In(0) == reflect.TypeFor[context.Context]() {
		first = 1
	}
	for i := first; i < t.NumIn(); i++ {
		if p := t.In(i); p == valueType || p == reflect.TypeFor[*Call]() || p.Kind() == reflect.Func {
			return 0, nil, unfit()
		}
	}
	params = t.NumIn() - first
	return params, func(c *Call) (any, error) {
		if c.NumArgs() < params {
			return nil, &ConvertError{From: fmt.Sprintf("a call with %d arguments", c.NumArgs()), To: fmt.Sprintf("a Go function of %d parameters", params)}
		}
		args := make([]reflect.Value, t.NumIn())
		for i := range params {
			args[first+i] = reflect.New(t.In(first + i)).Elem()
			if err := rt.realm.Argument(c.inv, i, args[first+i]); err != nil {
				return nil, err
			}
		}
		held := host.CostGoroutine + c.inv.Held()
		if err := rt.in.Afford(held); err != nil {
			return nil, err
		}
		promise, err := rt.newPromise()
		if err != nil {
			return nil, err
		}
		rt.in.Hold(held)
		running := rt.async.begin(pending{promise, held})
		if first == 1 {
			args[0] = reflect.ValueOf(running.ctx)
		}
		go running.run(v, args)
		return promise.Get(0)
	}, nil
}

// newPromise returns an array of a promise and its resolving functions.
func (rt *Runtime) newPromise() (*Value, error) {
	f, err := rt.in.Enter(context.Background())
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	status, err := f.Call(host.PromiseNew)
	if err != nil {
		return nil, err
	}
	x, err := rt.realm.Outcome(f, status)
	if err != nil {
		return nil, err
	}
	v := x.(*Value)
	v.owner = ownerAsync
	return v, nil
}
