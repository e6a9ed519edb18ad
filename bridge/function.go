package bridge

import (
	"context"
	"fmt"
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

var contextType = reflect.TypeFor[context.Context]()

// signature is how a Go function's parameters and results map to a JS call.
type signature struct {
	params   []reflect.Type // without a leading context
	results  []reflect.Type // without a trailing error
	context  bool
	variadic bool // the last of params is the slice
	err      bool
}

func signatureOf(t reflect.Type) signature {
	s := signature{variadic: t.IsVariadic()}
	for i := range t.NumIn() {
		if i == 0 && t.In(0) == contextType {
			s.context = true
			continue
		}
		s.params = append(s.params, t.In(i))
	}
	for i := range t.NumOut() {
		if i == t.NumOut()-1 && t.Out(i) == errorType {
			s.err = true
			continue
		}
		s.results = append(s.results, t.Out(i))
	}
	return s
}

// fixed is the number of parameters that are not variadic.
func (s *signature) fixed() int {
	if s.variadic {
		return len(s.params) - 1
	}
	return len(s.params)
}

// param is the type that the i-th argument converts to.
func (s *signature) param(i int) reflect.Type {
	if i < s.fixed() {
		return s.params[i]
	}
	return s.params[s.fixed()].Elem()
}

// check refuses a function that no call could succeed with.
func (s *signature) check() error {
	for i := range s.params {
		if t := s.param(i); !convertible(t) {
			return at(unconvertible("a JS value", "Go "+t.String(), nil), "parameters"+index(i))
		}
	}
	for i, t := range s.results {
		if !convertible(t) && !receivable(t) {
			return at(toJS(t, nil), "results"+index(i))
		}
	}
	return nil
}

// convertible is false for the types that have no JS form at all.
func convertible(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Uintptr:
		return t.Implements(errorType)
	}
	return true
}

// receivable is true for channels that scripts can receive from.
func receivable(t reflect.Type) bool {
	return t.Kind() == reflect.Chan && t.ChanDir()&reflect.RecvDir != 0 && convertible(t.Elem())
}

// callable makes the host function for a Go function, and says how many
// parameters it has.
func (r *Realm) callable(fn any) (call func(*host.Invocation) uint32, params int, err error) {
	if call, ok := fn.(func(*host.Invocation) uint32); ok {
		return call, 0, nil
	}
	if call := r.Emb.GoFunction(fn); call != nil {
		return call, 0, nil
	}
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return nil, 0, unconvertible(fmt.Sprintf("Go %T", fn), "a JS function", nil)
	}
	s := signatureOf(v.Type())
	if err := s.check(); err != nil {
		return nil, 0, err
	}
	general := func(inv *host.Invocation) uint32 {
		x, err := r.invoke(inv, v, &s)
		if err != nil {
			return r.Emb.Throw(inv, err)
		}
		return r.Return(inv, x)
	}
	if call := r.fastCallable(fn, general); call != nil {
		return call, s.fixed(), nil
	}
	return general, s.fixed(), nil
}

// missing is the error for a call with fewer arguments than parameters.
func missing(want, got int) error {
	return &ConvertError{
		From: fmt.Sprintf("a call with %d arguments", got),
		To:   fmt.Sprintf("a Go function of %d parameters", want),
	}
}

// invoke calls a Go function by reflection, with a receiver in front if it is a
// method. Arguments beyond its parameters are ignored, as in JS.
func (r *Realm) invoke(inv *host.Invocation, fn reflect.Value, s *signature, receiver ...reflect.Value) (any, error) {
	n := s.fixed()
	if inv.NumArgs() < n {
		return nil, missing(n, inv.NumArgs())
	}
	if s.variadic {
		n = inv.NumArgs()
	}
	var failure error // of a sequence that has no place for it
	in := append(make([]reflect.Value, 0, n+2), receiver...)
	if s.context {
		in = append(in, reflect.ValueOf(inv.Context()))
	}
	for i := range n {
		v := reflect.New(s.param(i)).Elem()
		var err error
		if seq, ok := sequenceOf(v.Type()); ok {
			err = r.sequenceArgument(inv, i, v, seq, &failure)
		} else {
			err = r.Argument(inv, i, v)
		}
		if err != nil {
			return nil, err
		}
		in = append(in, v)
	}
	x, err := Results(fn.Call(in))
	if err == nil {
		err = failure
	}
	return x, err
}

// Results turns what a Go function returned into one value and the trailing
// error: none is Undefined, several are a slice.
func Results(out []reflect.Value) (any, error) {
	if n := len(out); n > 0 && out[n-1].Type() == errorType {
		if err, _ := out[n-1].Interface().(error); err != nil {
			return nil, err
		}
		out = out[:n-1]
	}
	switch len(out) {
	case 0:
		return Undefined{}, nil
	case 1:
		return out[0].Interface(), nil
	}
	all := make([]any, len(out))
	for i := range out {
		all[i] = out[i].Interface()
	}
	return all, nil
}

// Return makes v the result of an invocation.
func (r *Realm) Return(inv *host.Invocation, v any) uint32 {
	if c, ok := primitiveCell(v); ok {
		return inv.Return(c)
	}
	if s, ok := v.(string); ok {
		return ReturnString(inv, s)
	}
	e := Encoder{R: r, Req: inv.ReturnTape()}
	if err := e.Value(v); err != nil {
		return r.Emb.Throw(inv, err)
	}
	return abi.StatusOK
}

// Argument converts the i-th argument to a Go value. It does not coerce: a number
// is no string.
func (r *Realm) Argument(inv *host.Invocation, i int, v reflect.Value) error {
	return at(r.argument(inv, inv.Arg(i), v), argument(i))
}

func (r *Realm) argument(inv *host.Invocation, cell uint64, v reflect.Value) error {
	if v.Type() == r.Emb.ValueType() {
		v.Set(reflect.ValueOf(r.Emb.BorrowedValue(inv, cell)))
		return nil
	}
	if p, ok, err := r.cell(cell); err != nil {
		return err
	} else if ok {
		return r.set(v, &p)
	}
	if done, err := r.elements(inv, cell, v); done || err != nil {
		return err
	}
	if o, ok := r.In.LiveAt(cell).(*liveObject); ok {
		return o.into(v)
	}
	return r.Export(inv.Context(), &ExportOptions{}, func(req *host.Request) error {
		req.SetCell(0, cell)
		return nil
	}, func(d *Decoder) error {
		room := d.room
		err := d.Into(v)
		if err == nil {
			inv.Hold(room - d.room)
		}
		return err
	})
}

// owned returns the embedder's value for an argument's cell, which stays when the
// invocation is over.
func (r *Realm) owned(inv *host.Invocation, cell uint64) (any, error) {
	f, err := r.In.Enter(inv.Context())
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	f.Req.Reset(1)
	f.Req.SetCell(0, cell)
	status, err := f.Call(host.ValueNew)
	if err != nil {
		return nil, err
	}
	return r.Outcome(f, status)
}

// elements converts an argument that is a typed array to a slice or array with the
// same type of elements, which takes no call into the guest. done is false if it is not.
func (r *Realm) elements(inv *host.Invocation, cell uint64, v reflect.Value) (done bool, err error) {
	if k := v.Kind(); k != reflect.Slice && k != reflect.Array || abi.Tag(cell) != abi.TagObject {
		return false, nil
	}
	kind, b, ok, err := r.In.TypedArray(abi.Low(cell))
	if err == nil && ok {
		err = r.affords(len(b))
	}
	if err != nil || !ok || !setElements(v, kind, b) {
		return false, err
	}
	inv.Hold(int64(len(b)))
	return true, nil
}

// Export copies a value out of the guest: fill sets the request's one cell, read
// decodes the record. read must not enter the guest. Runs guest code if the
// options say so.
func (r *Realm) Export(ctx context.Context, o *ExportOptions, fill func(*host.Request) error, read func(*Decoder) error) error {
	f, err := r.In.Enter(ctx)
	if err != nil {
		return err
	}
	defer f.Exit()
	f.Req.Reset(1)
	if err := fill(&f.Req); err != nil {
		return err
	}
	params := o.params()
	status, err := f.Call(host.ValueExport, params[:]...)
	if err != nil {
		return err
	}
	d, err := r.Decoder(f, status)
	if err != nil {
		return err
	}
	d.holes = o.Holes
	return read(d)
}
