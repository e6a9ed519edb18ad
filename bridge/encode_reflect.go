package bridge

import (
	"errors"
	"math/big"
	"reflect"
	"time"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

var (
	errorType    = reflect.TypeFor[error]()
	timeType     = reflect.TypeFor[time.Time]()
	bigIntType   = reflect.TypeFor[*big.Int]()
	anySliceType = reflect.TypeFor[[]any]()
	anyMapType   = reflect.TypeFor[map[string]any]()

	undefinedType   = reflect.TypeFor[Undefined]()
	textType        = reflect.TypeFor[Text]()
	objectType      = reflect.TypeFor[Object]()
	mapType         = reflect.TypeFor[Map]()
	setType         = reflect.TypeFor[Set]()
	arrayBufferType = reflect.TypeFor[ArrayBuffer]()
	holeType        = reflect.TypeFor[Hole]()
	regExpType      = reflect.TypeFor[RegExp]()
	liveType        = reflect.TypeFor[Live]()
)

// reflect appends a value that has no case of its own in Value.
func (e *Encoder) reflect(v reflect.Value) error {
	if !e.Req.Fits(0) {
		return host.ErrMemoryLimit
	}
	t := v.Type()
	kind := t.Kind()
	switch kind {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Func, reflect.Interface, reflect.Chan:
		if v.IsNil() {
			e.tag(abi.TapeNull)
			return nil
		}
	}
	if kind == reflect.Interface {
		return e.Value(v.Elem().Interface())
	}
	if t != timeType && t.Implements(errorType) { // times are many
		return e.error(v.Interface().(error))
	}
	if m := marshallingOf(t); m != nil && m.encode != nil {
		return m.encode(e, v)
	}
	switch kind {
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
	case reflect.Pointer:
		return e.pointer(v)
	case reflect.Slice:
		return e.slice(v)
	case reflect.Array:
		return e.array(v, identity{})
	case reflect.Map:
		return e.mapping(v)
	case reflect.Struct:
		return e.structure(v, identity{})
	case reflect.Func:
		if s, ok := sequenceOf(t); ok {
			return e.sequence(v, s, false)
		}
		return e.function(v.Interface())
	case reflect.Chan:
		return e.channel(v)
	default:
		return toJS(t, errors.New(kind.String()+"s have no JS equivalent"))
	}
	return nil
}

// pointer appends what v points to. Only what becomes an object of its own has
// an identity; pointers to values without a size have none in Go either.
func (e *Encoder) pointer(v reflect.Value) error {
	t := v.Type()
	switch t {
	case e.R.Emb.ValueType():
		return e.Value(v.Interface())
	case bigIntType:
		return e.bigInt(v.Interface().(*big.Int))
	}
	id := identity{}
	if t.Elem().Size() > 0 {
		id = identity{v.Pointer(), 0, t}
	}
	elem := v.Elem()
	if m := marshallingOf(t.Elem()); (m == nil || m.encode == nil) && !t.Elem().Implements(errorType) {
		switch elem.Kind() {
		case reflect.Struct:
			return e.structure(elem, id)
		case reflect.Array:
			return e.array(elem, id)
		}
	}
	if loops(v) {
		return toJS(t, errors.New("it points to itself"))
	}
	return e.reflect(elem)
}

// loops tells whether a pointer leads to itself without an object between, or
// through so many pointers that it might as well.
func loops(v reflect.Value) bool {
	for range 64 {
		v = v.Elem()
		for v.Kind() == reflect.Interface && !v.IsNil() {
			v = v.Elem()
		}
		if v.Kind() != reflect.Pointer || v.IsNil() {
			return false
		}
	}
	return true
}

// slice appends a slice that is not nil. Two slices are the same object if they
// have elements, length and type in common.
func (e *Encoder) slice(v reflect.Value) error {
	t := v.Type()
	id := identity{}
	if v.Cap() > 0 && t.Elem().Size() > 0 {
		id = identity{v.Pointer(), v.Len(), t}
	}
	switch {
	case t == arrayBufferType:
		return e.bytes(abi.TapeBuffer, 0, v.Bytes(), id)
	case t.Elem().Kind() == reflect.Uint8:
		return e.bytes(abi.TapeTyped, typedUint8, v.Bytes(), id)
	case isTypedArray(t):
		kind, _ := typedKind(t.Elem().Kind())
		return e.bytes(abi.TapeTyped, kind, typedBytes(v), id)
	case t == objectType:
		return e.object(v.Interface().(Object), id)
	case t == mapType:
		return e.mapEntries(v.Interface().(Map), id)
	case t == setType:
		return e.list(abi.TapeSet, v.Interface().(Set), t)
	}
	return e.elements(v, id)
}

// array appends an array: bytes as slices of them.
func (e *Encoder) array(v reflect.Value, id identity) error {
	if v.Type().Elem().Kind() != reflect.Uint8 {
		return e.elements(v, id)
	}
	if v.CanAddr() {
		return e.bytes(abi.TapeTyped, typedUint8, v.Bytes(), id)
	}
	b := make([]byte, v.Len())
	for i := range b {
		b[i] = byte(v.Index(i).Uint())
	}
	return e.bytes(abi.TapeTyped, typedUint8, b, id)
}

// bytes appends an ArrayBuffer, or a typed array of elements of a JSTypedArrayEnum.
func (e *Encoder) bytes(tag, kind byte, b []byte, id identity) error {
	if e.depth == 0 {
		id = identity{} // nothing else that could refer to it
	}
	if done, err := e.begin(tag, id); done || err != nil {
		return err
	}
	if tag == abi.TapeTyped {
		e.tag(kind)
	}
	putUnits(e.Req, b)
	e.end()
	return nil
}

func (e *Encoder) elements(v reflect.Value, id identity) error {
	if done, err := e.begin(abi.TapeArray, id); done || err != nil {
		return err
	}
	e.u32(uint32(v.Len()))
	for i := range v.Len() {
		e.Name = ""
		if i >= v.Len() { // a marshaller has made it shorter
			e.tag(abi.TapeUndefined)
			continue
		}
		x := v.Index(i)
		if x.Kind() == reflect.Interface && !x.IsNil() && x.Elem().Type() == holeType {
			e.tag(abi.TapeHole)
			continue
		}
		if err := e.reflect(x); err != nil {
			return at(err, index(i))
		}
	}
	e.end()
	return nil
}

// list appends a []any or Set.
func (e *Encoder) list(tag byte, s []any, t reflect.Type) error {
	if s == nil {
		e.tag(abi.TapeNull)
		return nil
	}
	id := identity{}
	if cap(s) > 0 {
		id = identity{reflect.ValueOf(s).Pointer(), len(s), t}
	}
	if done, err := e.begin(tag, id); done || err != nil {
		return err
	}
	e.u32(uint32(len(s)))
	for i, x := range s {
		e.Name = ""
		if x == any(Hole{}) && tag == abi.TapeArray {
			e.tag(abi.TapeHole)
			continue
		}
		if err := e.Value(x); err != nil {
			return at(err, index(i))
		}
	}
	e.end()
	return nil
}

func (e *Encoder) structure(v reflect.Value, id identity) error {
	switch v.Type() {
	case e.R.Emb.ValueType().Elem():
		return toJS(v.Type(), errByValue)
	case timeType:
		if v.CanAddr() {
			return e.date(*v.Addr().Interface().(*time.Time))
		}
		return e.date(v.Interface().(time.Time))
	case regExpType:
		return e.regExp(v.Interface().(RegExp), id)
	case textType, undefinedType, holeType, liveType:
		return e.Value(v.Interface())
	case bigIntType.Elem():
		if !v.CanAddr() {
			p := reflect.New(v.Type())
			p.Elem().Set(v)
			v = p.Elem()
		}
		return e.bigInt(v.Addr().Interface().(*big.Int))
	}
	return e.record(v, id)
}

// record appends a struct that is nothing but its fields.
func (e *Encoder) record(v reflect.Value, id identity) error {
	fields := e.fieldsOf(v.Type())
	if done, err := e.begin(abi.TapeRecord, id); done || err != nil {
		return err
	}
	shape, ok := recordOf(fields, v)
	if !ok {
		return e.properties(fields, v)
	}
	e.structKeys(shape)
	for i := range fields.list {
		if !shape.has(i) {
			continue
		}
		f := &fields.list[i]
		x, _ := f.of(v) // there is one
		if err := e.field(f, x); err != nil {
			return at(err, field(f.name))
		}
	}
	e.end()
	return nil
}
