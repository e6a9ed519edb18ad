//go:build !fastschema

package bench

import (
	"context"

	"github.com/qjswasm/qjswasm"
)

var ctx = context.Background()

// qjswasmEngine gives Go values to Call as they are, and uses NewValue where there
// is no call; the way out is ExportTo, and As for functions. Everything is a copy.
type qjswasmEngine struct{ rt *qjswasm.Runtime }

func newQjswasm() (*Engine, error) {
	rt, err := qjswasm.New(ctx, nil)
	if err != nil {
		return nil, err
	}
	return newEngine("qjswasm", qjswasmEngine{rt})
}

func (e qjswasmEngine) close() { e.rt.Close() }

func (e qjswasmEngine) eval(code string) (*qjswasm.Value, error) { return e.rt.Eval(ctx, code) }

func (e qjswasmEngine) toJS(x any) (*qjswasm.Value, error) { return e.rt.NewValue(x) }

func (e qjswasmEngine) toGo(v *qjswasm.Value, ptr any) error { return v.ExportTo(ptr) }

func (e qjswasmEngine) apply(f *qjswasm.Value, x any) (*qjswasm.Value, error) {
	return f.Call(ctx, nil, x)
}

func (e qjswasmEngine) call(f *qjswasm.Value, args ...*qjswasm.Value) (*qjswasm.Value, error) {
	var buf [2]any
	list := buf[:0]
	for _, a := range args {
		list = append(list, a)
	}
	return f.Call(ctx, nil, list...)
}

func (e qjswasmEngine) free(v *qjswasm.Value) { v.Close() }

func (e qjswasmEngine) rawNumbers() (*qjswasm.Value, error) {
	return e.rt.NewValue(func(c *qjswasm.Call) error {
		c.ReturnFloat64(c.Float64(0) + c.Float64(1))
		return nil
	})
}

func (e qjswasmEngine) rawString() (*qjswasm.Value, error) {
	return e.rt.NewValue(func(c *qjswasm.Call) error {
		c.ReturnString(c.Str(0))
		return nil
	})
}

func (e qjswasmEngine) goNumbers(f *qjswasm.Value) (func(a, b float64) (float64, error), error) {
	return qjswasm.As[func(a, b float64) (float64, error)](f)
}

func (e qjswasmEngine) goString(f *qjswasm.Value) (func(s string) (string, error), error) {
	return qjswasm.As[func(s string) (string, error)](f)
}
