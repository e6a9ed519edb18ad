package bridge

import (
	"context"
	"errors"
	"reflect"
	"runtime"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// jsFunc is a JS function that Go calls. keep is the *Value that owns the root.
type jsFunc struct {
	r    *Realm
	root gc.Root
	keep any
}

// Func makes v, a Go func variable, call the JS function that x wraps. x stays
// referenced for as long as the func does.
func (r *Realm) Func(v reflect.Value, x any) error {
	root, ok := r.Emb.Root(x)
	if !ok {
		return unconvertible("JS value", "Go "+v.Type().String(), errors.New("it is not a function"))
	}
	f := &jsFunc{r: r, root: root, keep: x}
	t := v.Type()
	if fn := f.common(t); fn != nil {
		v.Set(reflect.ValueOf(fn).Convert(t))
		return nil
	}
	s := signatureOf(t)
	if !s.err || len(s.results) > 1 {
		return unconvertible("JS function", "Go "+t.String(), errors.New("its results must be (error) or (T, error)"))
	}
	v.Set(reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value { return f.reflect(args, &s) }))
	return nil
}

// call enters the guest. fill sets cells 1 and up; read handles the outcome.
func (f *jsFunc) call(ctx context.Context, argc int, mode uint64, fill func(*Encoder) error, read func(*host.Frame, uint32) error) error {
	fr, err := f.r.In.Enter(ctx)
	if err != nil {
		return err
	}
	defer fr.Exit()
	fr.Req.Reset(1 + argc)
	e := Encoder{R: f.r, Req: &fr.Req}
	if err := fill(&e); err != nil {
		return err
	}
	status, err := fr.Call(host.FunctionCall, uint64(f.root.Index), uint64(f.root.Generation), uint64(argc), mode)
	runtime.KeepAlive(f.keep)
	if err != nil {
		return err
	}
	return read(fr, status)
}

func (f *jsFunc) reflect(args []reflect.Value, s *signature) []reflect.Value {
	ctx := context.Background()
	if s.context {
		if c, _ := args[0].Interface().(context.Context); c != nil {
			ctx = c
		}
		args = args[1:]
	}
	if s.variadic {
		rest := args[len(args)-1]
		args = args[: len(args)-1 : len(args)-1]
		for i := range rest.Len() {
			args = append(args, rest.Index(i))
		}
	}
	out := make([]reflect.Value, 0, 2)
	for _, t := range s.results {
		out = append(out, reflect.New(t).Elem())
	}
	err := f.call(ctx, len(args), abi.ModeExport, func(e *Encoder) error {
		for i, a := range args {
			if err := e.Cell(1+i, a.Interface()); err != nil {
				return err
			}
		}
		return nil
	}, func(fr *host.Frame, status uint32) error {
		d, err := f.r.Decoder(fr, status)
		if err != nil || len(s.results) == 0 {
			return err
		}
		return d.Into(out[0])
	})
	e := reflect.New(errorType).Elem()
	if err != nil {
		e.Set(reflect.ValueOf(err))
	}
	return append(out, e)
}

// common makes the Go func for the signatures that are used most, without
// reflection and without allocation beyond their results; nil for any other.
func (f *jsFunc) common(t reflect.Type) any {
	switch reflect.Zero(t).Interface().(type) {
	case func(context.Context) error:
		return func(ctx context.Context) error {
			_, err := f.numbers(ctx, 0, 0, 0, false)
			return err
		}
	case func(context.Context, float64) (float64, error):
		return func(ctx context.Context, a float64) (float64, error) { return f.numbers(ctx, 1, a, 0, true) }
	case func(context.Context, float64, float64) (float64, error):
		return func(ctx context.Context, a, b float64) (float64, error) { return f.numbers(ctx, 2, a, b, true) }
	case func(float64) (float64, error):
		return func(a float64) (float64, error) { return f.numbers(context.Background(), 1, a, 0, true) }
	case func(float64, float64) (float64, error):
		return func(a, b float64) (float64, error) { return f.numbers(context.Background(), 2, a, b, true) }
	case func(context.Context, string) (string, error):
		return f.text
	case func(string) (string, error):
		return func(s string) (string, error) { return f.text(context.Background(), s) }
	}
	return nil
}

// numbers calls with up to two numbers. With result the outcome must be a number.
func (f *jsFunc) numbers(ctx context.Context, argc int, a, b float64, result bool) (float64, error) {
	fr, err := f.r.In.Enter(ctx)
	if err != nil {
		return 0, err
	}
	defer fr.Exit()
	fr.Req.Reset(1 + argc)
	if argc > 0 {
		fr.Req.SetCell(1, abi.BoxFloat(a))
	}
	if argc > 1 {
		fr.Req.SetCell(2, abi.BoxFloat(b))
	}
	status, err := fr.Call(host.FunctionCall, uint64(f.root.Index), uint64(f.root.Generation), uint64(argc), abi.ModeExport)
	runtime.KeepAlive(f.keep)
	if err != nil {
		return 0, err
	}
	if status == abi.StatusOK && result {
		cell, _ := fr.Result()
		if abi.IsFloat(cell) {
			return abi.Float(cell), nil
		}
		if abi.Tag(cell) == abi.TagInt {
			return float64(int32(abi.Low(cell))), nil
		}
	}
	d, err := f.r.Decoder(fr, status)
	if err != nil || !result {
		return 0, err
	}
	var x float64
	err = d.Into(reflect.ValueOf(&x).Elem())
	return x, err
}

func (f *jsFunc) text(ctx context.Context, s string) (string, error) {
	fr, err := f.r.In.Enter(ctx)
	if err != nil {
		return "", err
	}
	defer fr.Exit()
	fr.Req.Reset(2)
	fr.Req.SetTape(1)
	fr.Req.Buf = AppendString(fr.Req.Buf, s)
	status, err := fr.Call(host.FunctionCall, uint64(f.root.Index), uint64(f.root.Generation), 1, abi.ModeExport)
	runtime.KeepAlive(f.keep)
	if err != nil {
		return "", err
	}
	d, err := f.r.Decoder(fr, status)
	if err != nil {
		return "", err
	}
	var x string
	err = d.Into(reflect.ValueOf(&x).Elem())
	return x, err
}
