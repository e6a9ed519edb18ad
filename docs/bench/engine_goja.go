//go:build !fastschema

package bench

import (
	"errors"

	"github.com/dop251/goja"
)

// gojaEngine uses ToValue, which wraps structs and slices and converts a field
// when JS reads it, and NewArrayBuffer, which takes over a []byte. On the way out
// it is ExportTo for Go types, Export for any, and ArrayBuffer.Bytes, which gives
// the buffer of JS itself: neither of bytes is a copy. Its fastest form of a host
// function is func(goja.FunctionCall) goja.Value; a JS function is called through
// AssertFunction, or as a Go function that ExportTo makes.
type gojaEngine struct{ vm *goja.Runtime }

func newGoja() (*Engine, error) {
	vm := goja.New()
	vm.SetFieldNameMapper(goja.TagFieldNameMapper("json", true))
	return newEngine("goja", gojaEngine{vm})
}

func (e gojaEngine) close() {}

func (e gojaEngine) eval(code string) (goja.Value, error) { return e.vm.RunString(code) }

func (e gojaEngine) toJS(x any) (goja.Value, error) {
	if b, ok := x.([]byte); ok {
		return e.vm.ToValue(e.vm.NewArrayBuffer(b)), nil
	}
	return e.vm.ToValue(x), nil
}

func (e gojaEngine) toGo(v goja.Value, ptr any) error {
	switch p := ptr.(type) {
	case *any:
		*p = v.Export()
	case *string:
		*p = v.String()
	case *float64:
		*p = v.ToFloat()
	case *[]byte:
		switch b := v.Export().(type) {
		case goja.ArrayBuffer:
			*p = b.Bytes()
		case []byte:
			*p = b
		}
	default:
		return e.vm.ExportTo(v, ptr)
	}
	return nil
}

func (e gojaEngine) apply(f goja.Value, x any) (goja.Value, error) {
	v, err := e.toJS(x)
	if err != nil {
		return nil, err
	}
	return e.call(f, v)
}

func (e gojaEngine) live(x any) (goja.Value, error) { return e.vm.ToValue(x), nil }

func (e gojaEngine) call(f goja.Value, args ...goja.Value) (goja.Value, error) {
	call, ok := goja.AssertFunction(f)
	if !ok {
		return nil, errors.New("not a function")
	}
	return call(goja.Undefined(), args...)
}

func (e gojaEngine) free(goja.Value) {}

func (e gojaEngine) rawNumbers() (goja.Value, error) {
	return e.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		return e.vm.ToValue(c.Argument(0).ToFloat() + c.Argument(1).ToFloat())
	}), nil
}

func (e gojaEngine) rawString() (goja.Value, error) {
	return e.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		return e.vm.ToValue(c.Argument(0).String())
	}), nil
}

func (e gojaEngine) goNumbers(f goja.Value) (g func(a, b float64) (float64, error), err error) {
	err = e.vm.ExportTo(f, &g)
	return g, err
}

func (e gojaEngine) goString(f goja.Value) (g func(s string) (string, error), err error) {
	err = e.vm.ExportTo(f, &g)
	return g, err
}
