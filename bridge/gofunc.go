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
	t := v.Type()
	s, err := callerSignature(t)
	if err != nil {
		return err
	}
	root, ok := r.Emb.Root(x)
	if !ok {
		return unconvertible("JS value", "Go "+t.String(), errNoFunction)
	}
	f := &jsFunc{r: r, root: root, keep: x}
	if fn := f.fastCaller(t); fn != nil {
		v.Set(reflect.ValueOf(fn))
		return nil
	}
	v.Set(reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value { return f.reflect(args, &s) }))
	return nil
}

var errNoFunction = errors.New("it is not a function that can be kept")

// callerSignature is the signature of a Go func type that can call a JS function.
func callerSignature(t reflect.Type) (signature, error) {
	s := signatureOf(t)
	if !s.err || len(s.results) > 1 {
		return s, unconvertible("JS function", "Go "+t.String(), errResults)
	}
	return s, nil
}

// enter begins a call. A nil context is none.
func (f *jsFunc) enter(ctx context.Context, argc int) (*host.Frame, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	fr, err := f.r.In.Enter(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := f.r.Emb.UseRoot(f.keep); !ok {
		fr.Exit()
		return nil, host.ErrReleased
	}
	fr.Req.Reset(1 + argc)
	return fr, nil
}

func (f *jsFunc) call(fr *host.Frame, argc int, mode uint64) (uint32, error) {
	status, err := fr.Call(host.FunctionCall, uint64(f.root.Index), uint64(f.root.Generation), uint64(argc), mode)
	runtime.KeepAlive(f.keep)
	return status, err
}

// into converts the outcome of a call made in abi.ModeExport.
func (f *jsFunc) into(fr *host.Frame, status uint32, v reflect.Value) error {
	d, err := f.r.Decoder(fr, status)
	if err != nil {
		return err
	}
	return d.Into(v)
}

func (f *jsFunc) reflect(args []reflect.Value, s *signature) []reflect.Value {
	var ctx context.Context
	if s.context {
		ctx, _ = args[0].Interface().(context.Context)
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
	e := reflect.New(errorType).Elem()
	if err := f.convert(ctx, args, out); err != nil {
		e.Set(reflect.ValueOf(err))
	}
	return append(out, e)
}

// convert calls with converted arguments and sets the result, if one is wanted.
func (f *jsFunc) convert(ctx context.Context, args, out []reflect.Value) error {
	fr, err := f.enter(ctx, len(args))
	if err != nil {
		return err
	}
	defer fr.Exit()
	e := Encoder{R: f.r, Req: &fr.Req}
	for i, a := range args {
		if err := e.Argument(i, a.Interface()); err != nil {
			return err
		}
	}
	switch {
	case len(out) == 0:
		status, err := f.call(fr, len(args), abi.ModeValue)
		if err != nil {
			return err
		}
		return f.r.discard(fr, status)
	case out[0].Type() == f.r.Emb.ValueType():
		status, err := f.call(fr, len(args), abi.ModeValue)
		if err != nil {
			return err
		}
		x, err := f.r.Outcome(fr, status)
		if err == nil {
			out[0].Set(reflect.ValueOf(x))
		}
		return err
	}
	status, err := f.call(fr, len(args), abi.ModeExport)
	if err != nil {
		return err
	}
	return f.into(fr, status, out[0])
}
