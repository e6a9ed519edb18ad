package bridge

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// kindNames describe JS values in conversion errors, by tape tag.
var kindNames = map[byte]string{
	abi.TapeUndefined: "undefined", abi.TapeNull: "null", abi.TapeFalse: "boolean", abi.TapeTrue: "boolean",
	abi.TapeInt: "number", abi.TapeFloat: "number", abi.TapeLatin1: "string", abi.TapeUTF16: "string",
	abi.TapeUTF8: "string", abi.TapeBigInt: "BigInt", abi.TapeArray: "Array", abi.TapeHole: "undefined",
	abi.TapeObject: "Object", abi.TapeMap: "Map", abi.TapeSet: "Set", abi.TapeDate: "Date",
	abi.TapeBuffer: "ArrayBuffer", abi.TapeTyped: "typed array", abi.TapeError: "Error",
}

func (d *Decoder) mismatch(tag byte, t reflect.Type) error {
	return unconvertible("JS "+kindNames[tag], "Go "+t.String(), nil)
}

// Into reads one record into v, which must be settable. undefined and null make
// what can be nil nil. On an error v may be partly written.
func (d *Decoder) Into(v reflect.Value) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer func() { d.depth-- }()
	t := v.Type()
	tag := d.peek()
	if tag == abi.TapeBackref {
		return d.intoBackref(v)
	}
	switch {
	case t == d.R.Emb.ValueType():
		return d.intoValue(v)
	case t.Kind() == reflect.Interface:
		return d.intoInterface(v)
	case tag == abi.TapeRoot:
		return d.intoRoot(v)
	}
	if tag == abi.TapeUndefined || tag == abi.TapeNull || tag == abi.TapeHole {
		switch t.Kind() {
		case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func:
			d.pos++
			v.SetZero()
			return nil
		}
		if t == undefinedType {
			d.pos++
			return nil
		}
		return d.mismatch(tag, t)
	}
	if t.Kind() == reflect.Pointer && t != bigIntType {
		return d.intoPointer(v)
	}
	d.pos++
	switch tag {
	case abi.TapeFalse, abi.TapeTrue:
		if t.Kind() == reflect.Bool {
			v.SetBool(tag == abi.TapeTrue)
			return nil
		}
	case abi.TapeInt:
		n, err := d.u32()
		if err != nil {
			return err
		}
		return setNumber(v, float64(int32(n)))
	case abi.TapeFloat:
		f, err := d.float()
		if err != nil {
			return err
		}
		return setNumber(v, f)
	case abi.TapeBigInt:
		b, err := d.bigInt()
		if err != nil {
			return err
		}
		return setBigInt(v, b)
	case abi.TapeLatin1, abi.TapeUTF16, abi.TapeUTF8:
		s, err := d.text(tag)
		if err != nil {
			return err
		}
		if t == textType {
			v.Set(reflect.ValueOf(s))
			return nil
		}
		if t.Kind() == reflect.String {
			v.SetString(s.String())
			return nil
		}
	case abi.TapeArray, abi.TapeSet, abi.TapeObject, abi.TapeMap, abi.TapeDate, abi.TapeBuffer, abi.TapeTyped:
		return d.intoContainer(tag, v)
	}
	return d.mismatch(tag, t)
}

var (
	undefinedType   = reflect.TypeFor[Undefined]()
	textType        = reflect.TypeFor[Text]()
	objectType      = reflect.TypeFor[Object]()
	mapType         = reflect.TypeFor[Map]()
	setType         = reflect.TypeFor[Set]()
	arrayBufferType = reflect.TypeFor[ArrayBuffer]()
)

func setNumber(v reflect.Value, f float64) error {
	t := v.Type()
	switch {
	case v.CanFloat():
		v.SetFloat(f)
		return nil
	case v.CanInt():
		if i := int64(f); f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 && !v.OverflowInt(i) {
			v.SetInt(i)
			return nil
		}
	case v.CanUint():
		if f == math.Trunc(f) && f >= 0 && f < 1<<64 && !v.OverflowUint(uint64(f)) {
			v.SetUint(uint64(f))
			return nil
		}
	case t == bigIntType || t == bigIntType.Elem():
		if f == math.Trunc(f) && !math.IsInf(f, 0) {
			b, _ := big.NewFloat(f).Int(nil)
			return setBigInt(v, b)
		}
	}
	return unconvertible("JS number "+strconv.FormatFloat(f, 'g', -1, 64), "Go "+t.String(), nil)
}

func setBigInt(v reflect.Value, b *big.Int) error {
	t := v.Type()
	switch {
	case t == bigIntType:
		v.Set(reflect.ValueOf(b))
		return nil
	case t == bigIntType.Elem():
		v.Addr().Interface().(*big.Int).Set(b)
		return nil
	case v.CanInt() && b.IsInt64() && !v.OverflowInt(b.Int64()):
		v.SetInt(b.Int64())
		return nil
	case v.CanUint() && b.IsUint64() && !v.OverflowUint(b.Uint64()):
		v.SetUint(b.Uint64())
		return nil
	}
	return unconvertible("JS BigInt", "Go "+t.String(), nil)
}

// intoValue gives a *Value. Only what crosses as a root or a primitive can be
// one inside a larger value: the rest is already on the way to being a copy.
func (d *Decoder) intoValue(v reflect.Value) error {
	if d.peek() == abi.TapeRoot {
		x, err := d.Any()
		if err == nil {
			v.Set(reflect.ValueOf(x))
		}
		return err
	}
	tag := d.peek()
	if tag > abi.TapeBigInt && tag != abi.TapeHole {
		err := d.skip()
		if err == nil {
			err = unconvertible("JS "+kindNames[tag], "Go *Value", errors.New("it was copied as part of a larger value; get it as a property instead"))
		}
		return err
	}
	p, err := d.primitive()
	if err == nil {
		v.Set(reflect.ValueOf(d.R.Emb.ValueOf(p)))
	}
	return err
}

// primitive reads a primitive's record as Realm.Primitive gives it.
func (d *Decoder) primitive() (any, error) {
	tag, err := d.tag()
	if err != nil {
		return nil, err
	}
	switch tag {
	case abi.TapeUndefined, abi.TapeHole:
		return Undefined{}, nil
	case abi.TapeNull:
		return nil, nil
	case abi.TapeFalse, abi.TapeTrue:
		return tag == abi.TapeTrue, nil
	case abi.TapeInt:
		n, err := d.u32()
		return float64(int32(n)), err
	case abi.TapeFloat:
		return d.float()
	case abi.TapeBigInt:
		return d.bigInt()
	}
	return d.text(tag)
}

func (d *Decoder) intoInterface(v reflect.Value) error {
	tag := d.peek()
	x, err := d.Any()
	if err != nil {
		return err
	}
	if x == nil {
		v.SetZero()
		return nil
	}
	if !reflect.TypeOf(x).AssignableTo(v.Type()) {
		return d.mismatch(tag, v.Type())
	}
	v.Set(reflect.ValueOf(x))
	return nil
}

// intoRoot makes a Go func of a JS function; nothing else that stays in the
// guest has a Go form but *Value.
func (d *Decoder) intoRoot(v reflect.Value) error {
	x, err := d.Any()
	if err != nil {
		return err
	}
	if v.Kind() == reflect.Func {
		return d.R.Func(v, x)
	}
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		if p.Elem().Kind() == reflect.Func {
			err := d.R.Func(p.Elem(), x)
			v.Set(p)
			return err
		}
	}
	return unconvertible("JS function, symbol or foreign object", "Go "+v.Type().String(), nil)
}

func (d *Decoder) intoPointer(v reflect.Value) error {
	c := d.next
	isContainer := d.peek() >= abi.TapeArray
	p := reflect.New(v.Type().Elem())
	if isContainer && c <= len(d.refs) {
		// The pointer is what later references to this object become.
		if c == len(d.refs) {
			d.refs = append(d.refs, container{pos: d.pos})
		}
		if d.rerun == 0 {
			d.refs[c].typed = p
		}
	}
	v.Set(p)
	return d.Into(p.Elem())
}

func (d *Decoder) intoBackref(v reflect.Value) error {
	d.pos++
	n, err := d.u32()
	if err != nil || uint64(n) >= uint64(len(d.refs)) {
		return errTape
	}
	ref := &d.refs[n]
	if ref.typed.IsValid() && ref.typed.Type().AssignableTo(v.Type()) {
		v.Set(ref.typed)
		return nil
	}
	if ref.value != nil && reflect.TypeOf(ref.value).AssignableTo(v.Type()) {
		v.Set(reflect.ValueOf(ref.value))
		return nil
	}
	return d.reread(int(n), func() error { return d.Into(v) })
}

func (d *Decoder) skip() error {
	_, err := d.Any()
	return err
}

// mapKey converts a property name to a map key.
func mapKey(name string, t reflect.Type) (reflect.Value, error) {
	k := reflect.New(t).Elem()
	switch {
	case k.Kind() == reflect.String:
		k.SetString(name)
	case k.Kind() == reflect.Interface && reflect.TypeFor[string]().AssignableTo(t):
		k.Set(reflect.ValueOf(name))
	case k.CanInt():
		i, err := strconv.ParseInt(name, 10, t.Bits())
		if err != nil {
			return k, unconvertible("JS property name "+strconv.Quote(name), "Go "+t.String(), nil)
		}
		k.SetInt(i)
	case k.CanUint():
		u, err := strconv.ParseUint(name, 10, t.Bits())
		if err != nil {
			return k, unconvertible("JS property name "+strconv.Quote(name), "Go "+t.String(), nil)
		}
		k.SetUint(u)
	default:
		return k, unconvertible("JS property name", "Go "+t.String(), fmt.Errorf("keys must be strings or integers"))
	}
	return k, nil
}

var (
	errUnexported    = errors.New("an embedded pointer to an unexported struct cannot be set")
	errNotComparable = errors.New("it is not comparable in Go")
)

func itoa(n int) string { return strconv.Itoa(n) }

func setInt(v reflect.Value, i int64) error   { return setBigInt(v, big.NewInt(i)) }
func setUint(v reflect.Value, u uint64) error { return setBigInt(v, new(big.Int).SetUint64(u)) }
