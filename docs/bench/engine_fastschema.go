//go:build fastschema

package bench

import (
	"fmt"

	"github.com/fastschema/qjs"
)

// Engines has one engine alone here: it needs an older wazero than qjswasm does,
// and so another build.
var Engines = map[string]func() (*Engine, error){"fastschema/qjs": newFastschema}

// fastschemaEngine uses ToJsValue and ToGoValue for data, NewArrayBuffer and
// ToByteArray for bytes, and the constructors and accessors of numbers and strings.
// Its fastest form of a host function is func(*qjs.This) (*qjs.Value, error); a JS
// function is called through Context.Invoke, or as a Go function that JsFuncToGo
// makes. Values are freed, as it asks for.
type fastschemaEngine struct {
	rt  *qjs.Runtime
	ctx *qjs.Context
}

func newFastschema() (*Engine, error) {
	rt, err := qjs.New()
	if err != nil {
		return nil, err
	}
	return newEngine("fastschema/qjs", fastschemaEngine{rt, rt.Context()})
}

func (e fastschemaEngine) close() { e.rt.Close() }

func (e fastschemaEngine) eval(code string) (*qjs.Value, error) {
	return e.ctx.Eval("bench.js", qjs.Code(code))
}

func (e fastschemaEngine) toJS(x any) (*qjs.Value, error) {
	switch x := x.(type) {
	case []byte:
		return e.ctx.NewArrayBuffer(x), nil
	case string:
		return e.ctx.NewString(x), nil
	case float64:
		return e.ctx.NewFloat64(x), nil
	}
	return qjs.ToJsValue(e.ctx, x)
}

func (e fastschemaEngine) toGo(v *qjs.Value, ptr any) (err error) {
	switch p := ptr.(type) {
	case *string:
		*p = v.String()
	case *float64:
		*p = v.Float64()
	case *[]byte:
		b := v.GetPropertyStr("buffer") // of a Uint8Array as a whole; ToByteArray is of buffers
		defer b.Free()
		*p = b.ToByteArray()
	case *any:
		*p, err = qjs.ToGoValue[any](v)
	case *[]Record:
		*p, err = qjs.ToGoValue[[]Record](v)
	case **Node:
		*p, err = qjs.ToGoValue[*Node](v)
	default:
		err = fmt.Errorf("no conversion to %T", ptr)
	}
	return err
}

func (e fastschemaEngine) apply(f *qjs.Value, x any) (*qjs.Value, error) {
	v, err := e.toJS(x)
	if err != nil {
		return nil, err
	}
	defer v.Free()
	return e.call(f, v)
}

func (e fastschemaEngine) call(f *qjs.Value, args ...*qjs.Value) (*qjs.Value, error) {
	return e.ctx.Invoke(f, e.ctx.Global(), args...)
}

func (e fastschemaEngine) free(v *qjs.Value) { v.Free() }

func (e fastschemaEngine) rawNumbers() (*qjs.Value, error) {
	return e.ctx.Function(func(t *qjs.This) (*qjs.Value, error) {
		args := t.Args()
		return t.Context().NewFloat64(args[0].Float64() + args[1].Float64()), nil
	}), nil
}

func (e fastschemaEngine) rawString() (*qjs.Value, error) {
	return e.ctx.Function(func(t *qjs.This) (*qjs.Value, error) {
		return t.Context().NewString(t.Args()[0].String()), nil
	}), nil
}

func (e fastschemaEngine) goNumbers(f *qjs.Value) (func(a, b float64) (float64, error), error) {
	return qjs.JsFuncToGo[func(a, b float64) (float64, error)](f)
}

func (e fastschemaEngine) goString(f *qjs.Value) (func(s string) (string, error), error) {
	return qjs.JsFuncToGo[func(s string) (string, error)](f)
}
