package bridge

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

var (
	errorType  = reflect.TypeFor[error]()
	timeType   = reflect.TypeFor[time.Time]()
	bigIntType = reflect.TypeFor[*big.Int]()
)

// reflect appends a value that has no case of its own in Value.
func (e *Encoder) reflect(v reflect.Value) error {
	if !v.IsValid() {
		e.tag(abi.TapeNull)
		return nil
	}
	t := v.Type()
	if (t == e.R.Emb.ValueType() || t == bigIntType || t == timeType || t.Implements(errorType)) && v.CanInterface() {
		if t.Kind() == reflect.Pointer && v.IsNil() {
			e.tag(abi.TapeNull)
			return nil
		}
		if err, ok := v.Interface().(error); ok {
			return e.error(err)
		}
		return e.Value(v.Interface())
	}
	switch t.Kind() {
	case reflect.Bool:
		e.boolean(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.integer(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.unsigned(v.Uint())
	case reflect.Float32, reflect.Float64:
		e.float(v.Float())
	case reflect.String:
		e.string(v.String())
	case reflect.Interface:
		if v.IsNil() {
			e.tag(abi.TapeNull)
			return nil
		}
		return e.Value(v.Elem().Interface())
	case reflect.Pointer:
		return e.pointer(v)
	case reflect.Slice:
		return e.slice(v)
	case reflect.Array:
		return e.elements(v)
	case reflect.Map:
		return e.mapping(v)
	case reflect.Struct:
		return e.structure(v)
	case reflect.Func:
		if v.IsNil() {
			e.tag(abi.TapeNull)
			return nil
		}
		return e.function(v.Interface())
	default:
		return toJS(t, t.Kind().String()+"s have no JS equivalent")
	}
	return nil
}

func (e *Encoder) pointer(v reflect.Value) error {
	if v.IsNil() {
		e.tag(abi.TapeNull)
		return nil
	}
	// Only what becomes an object of its own has an identity.
	switch v.Elem().Kind() {
	case reflect.Struct, reflect.Array:
		if v.Elem().Type() != timeType && e.reference(v.Pointer(), 0, v.Type()) {
			return nil
		}
	}
	if e.loops(v) {
		return toJS(v.Type(), "it points to itself")
	}
	return e.reflect(v.Elem())
}

// loops tells whether a pointer leads back to itself without an object between.
func (e *Encoder) loops(v reflect.Value) bool {
	start := v.Pointer()
	for range 64 {
		v = v.Elem()
		for v.Kind() == reflect.Interface && !v.IsNil() {
			v = v.Elem()
		}
		if v.Kind() != reflect.Pointer || v.IsNil() {
			return false
		}
		if v.Pointer() == start {
			return true
		}
	}
	return true
}

func (e *Encoder) slice(v reflect.Value) error {
	if v.IsNil() {
		e.tag(abi.TapeNull)
		return nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		e.bytes(v.Bytes())
		return nil
	}
	switch s := v.Interface().(type) {
	case Object:
		return e.object(s)
	case Map:
		return e.mapEntries(s)
	case Set:
		e.container(abi.TapeSet)
		return e.list(s)
	}
	if v.Len() > 0 && e.reference(v.Pointer(), v.Len(), v.Type()) {
		return nil
	}
	if s, ok := v.Interface().([]any); ok {
		e.container(abi.TapeArray)
		return e.list(s)
	}
	return e.elements(v)
}

func (e *Encoder) list(s []any) error {
	e.u32(uint32(len(s)))
	for i, x := range s {
		if err := e.Value(x); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

func (e *Encoder) elements(v reflect.Value) error {
	e.container(abi.TapeArray)
	e.u32(uint32(v.Len()))
	for i := range v.Len() {
		if err := e.reflect(v.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

func (e *Encoder) object(o Object) error {
	e.container(abi.TapeObject)
	e.u32(uint32(len(o)))
	for _, p := range o {
		if err := e.property(p.Key, p.Value); err != nil {
			return err
		}
	}
	return nil
}

func (e *Encoder) property(key string, v any) error {
	e.string(key)
	e.Name = key
	return at(e.Value(v), field(key))
}

func (e *Encoder) mapEntries(m Map) error {
	e.container(abi.TapeMap)
	e.u32(uint32(len(m)))
	for i, x := range m {
		if err := e.Value(x.Key); err != nil {
			return at(err, index(i))
		}
		if err := e.Value(x.Value); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

// mapping encodes a Go map, in the order of its keys: iteration order must not
// leak into scripts, which are to be reproducible.
func (e *Encoder) mapping(v reflect.Value) error {
	if v.IsNil() {
		e.tag(abi.TapeNull)
		return nil
	}
	if e.reference(v.Pointer(), 0, v.Type()) {
		return nil
	}
	if m, ok := v.Interface().(map[string]any); ok {
		keys := make([]string, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		e.container(abi.TapeObject)
		e.u32(uint32(len(keys)))
		for _, k := range keys {
			if err := e.property(k, m[k]); err != nil {
				return err
			}
		}
		return nil
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, compareKeys)
	object := v.Type().Key().Kind() == reflect.String
	if object {
		e.container(abi.TapeObject)
	} else {
		e.container(abi.TapeMap)
	}
	e.u32(uint32(len(keys)))
	for _, k := range keys {
		var segment string
		if object {
			e.string(k.String())
			e.Name = k.String()
			segment = field(k.String())
		} else {
			segment = fmt.Sprintf("[%v]", k)
			if err := e.reflect(k); err != nil {
				return at(err, segment)
			}
		}
		if err := e.reflect(v.MapIndex(k)); err != nil {
			return at(err, segment)
		}
	}
	return nil
}

func compareKeys(a, b reflect.Value) int {
	switch {
	case a.Kind() != b.Kind():
		return cmp.Compare(a.Kind(), b.Kind())
	case a.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.Interface && !a.IsNil() && !b.IsNil():
		return compareKeys(a.Elem(), b.Elem())
	}
	return 0
}

func (e *Encoder) structure(v reflect.Value) error {
	switch v.Type() {
	case timeType:
		e.date(v.Interface().(time.Time))
		return nil
	case bigIntType.Elem():
		if v.CanAddr() {
			e.bigInt((*big.Int)(unsafe.Pointer(v.UnsafeAddr())))
			return nil
		}
		x := v.Interface().(big.Int) //nolint:govet // a copy that only reads
		e.bigInt(&x)
		return nil
	}
	fields := fieldsOf(v.Type())
	e.container(abi.TapeObject)
	at32 := len(e.Req.Buf)
	e.u32(0)
	n := uint32(0)
	for i := range fields.list {
		f := &fields.list[i]
		x, err := v.FieldByIndexErr(f.index)
		if err != nil || f.omitEmpty && isEmpty(x) || f.omitZero && x.IsZero() {
			continue // inside a nil embedded pointer, or left out by its tag
		}
		e.string(f.name)
		e.Name = f.name
		if err := e.reflect(x); err != nil {
			return at(err, field(f.name))
		}
		n++
	}
	binary.LittleEndian.PutUint32(e.Req.Buf[at32:], n)
	return nil
}

// isEmpty is the condition of encoding/json's omitempty.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// error appends a Go error: a JS exception as what was thrown, any other as the
// Error that stands for it.
func (e *Encoder) error(err error) error {
	b, ok, aerr := e.R.Emb.AppendValue(e.Req.Buf, err)
	if aerr != nil {
		return aerr
	}
	if ok {
		e.Req.Buf = b
		return nil
	}
	e.Error(err)
	return nil
}

// Error appends the Error object that stands for err. If err wraps a JS
// exception, that is its cause.
func (e *Encoder) Error(err error) {
	class := host.PlainError
	var c *ConvertError
	if errors.As(err, &c) {
		class = host.TypeError
	}
	h := e.R.In.Callables.Add(&host.Callable{Err: err})
	e.Req.Buf = host.AppendError(e.Req.Buf, class, h, strings.ToValidUTF8(err.Error(), "\uFFFD"))
	for w := range unwrapped(err) {
		if b, ok, aerr := e.R.Emb.AppendValue(e.Req.Buf, w); ok && aerr == nil {
			e.Req.Buf = b
			return
		}
	}
	e.tag(abi.TapeHole)
}

// unwrapped yields the errors that err wraps, depth first, without err itself.
func unwrapped(err error) iter.Seq[error] {
	var walk func(err error, yield func(error) bool) bool
	walk = func(err error, yield func(error) bool) bool {
		var inner []error
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			inner = []error{x.Unwrap()}
		case interface{ Unwrap() []error }:
			inner = x.Unwrap()
		}
		for _, w := range inner {
			if w != nil && (!yield(w) || !walk(w, yield)) {
				return false
			}
		}
		return true
	}
	return func(yield func(error) bool) { walk(err, yield) }
}

// Function describes a Go function to be encoded as a JS one.
type Function struct {
	Fn          any
	Name        string
	Length      int // -1: the number of parameters
	Constructor bool
	Captures    []any
	Released    func()
}

func (e *Encoder) function(fn any) error {
	return e.Function(&Function{Fn: fn, Name: e.Name, Length: -1})
}

// Function appends the record of a Go function and registers it. A registration
// whose function is never made is undone when the guest is next left.
func (e *Encoder) Function(f *Function) error {
	call, params, err := e.R.callable(f.Fn)
	if err != nil {
		return err
	}
	if f.Length >= 0 {
		params = f.Length
	}
	flags := uint32(0)
	if f.Constructor {
		flags |= abi.FuncConstructor
	}
	h := e.R.In.Callables.Add(&host.Callable{Call: call, Released: f.Released})
	if h == 0 {
		return toJS(reflect.TypeOf(f.Fn), "there are too many functions")
	}
	e.tag(abi.TapeFunc)
	e.u64(uint64(h))
	e.u32(uint32(params))
	e.u32(flags)
	e.string(f.Name)
	e.u32(uint32(len(f.Captures)))
	for _, c := range f.Captures {
		if err := e.Value(c); err != nil {
			return err
		}
	}
	return nil
}
