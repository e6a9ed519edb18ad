package bridge

import (
	"errors"
	"reflect"
	"slices"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// kindNames describe JS values in conversion errors, by tape tag.
var kindNames = map[byte]string{
	abi.TapeUndefined: "undefined", abi.TapeNull: "null", abi.TapeFalse: "boolean", abi.TapeTrue: "boolean",
	abi.TapeInt: "number", abi.TapeFloat: "number", abi.TapeLatin1: "string", abi.TapeUTF16: "string",
	abi.TapeUTF8: "string", abi.TapeBigInt: "BigInt", abi.TapeArray: "Array", abi.TapeHole: "undefined",
	abi.TapeObject: "Object", abi.TapeShape: "Object", abi.TapeRecord: "Object", abi.TapeRegExp: "RegExp", abi.TapeMap: "Map", abi.TapeSet: "Set", abi.TapeDate: "Date",
	abi.TapeBuffer: "ArrayBuffer", abi.TapeTyped: "typed array", abi.TapeError: "Error", abi.TapeLive: "live object",
}

// rootNames describe what stays in the guest, by abi.Kind.
var rootNames = map[uint32]string{
	abi.KindSymbol: "symbol", abi.KindFunction: "function",
	abi.KindPromise: "Promise", abi.KindProxy: "Proxy",
}

func mismatch(tag byte, t reflect.Type) error {
	return unconvertible("JS "+kindNames[tag], "Go "+t.String(), advice(t))
}

var (
	errInterface = errors.New("of the interfaces only any and error can be converted to, and what Export's result implements")
	errChannel   = errors.New("take an iter.Seq2 of values and error, or use Iterate")
)

// advice is what to use instead of a type that nothing, or little, converts to.
func advice(t reflect.Type) error {
	switch {
	case t.Kind() == reflect.Chan:
		return errChannel
	case t.Kind() == reflect.Interface && t.NumMethod() > 0:
		return errInterface
	}
	return nil
}

// into reads one record as Into does.
func (d *Decoder) into(v reflect.Value) error {
	if err := d.enter(); err != nil {
		return err
	}
	err := d.intoValue(v)
	d.leave()
	return err
}

func (d *Decoder) intoValue(v reflect.Value) error {
	t := v.Type()
	tag := d.peek()
	if done, err := d.intoBasic(tag, t, v); done {
		return err
	}
	switch {
	case tag == abi.TapeBackref:
		return d.intoBackref(v)
	case tag == abi.TapeRoot:
		return d.intoRoot(v)
	case tag == abi.TapeLive:
		return d.intoLive(v)
	case !isContainer(tag):
		p, err := d.primitive()
		if err != nil {
			return err
		}
		return d.R.set(v, &p)
	case t == d.R.Emb.ValueType():
		return unconvertible("JS "+kindNames[tag], "Go "+t.String(), errCopied)
	case tag == abi.TapeError && t.Implements(errorType):
		return d.intoError(v)
	case t.Kind() == reflect.Interface:
		return d.intoInterface(tag, v)
	case t.Kind() == reflect.Func:
		if s, ok := sequenceOf(t); ok {
			return d.intoSequence(tag, v, s)
		}
	case t.Kind() == reflect.Pointer && t != bigIntType && !endless(t):
		return d.intoPointer(v)
	}
	if m := marshallingOf(t); m != nil && m.fromJSON != nil {
		return d.intoJSON(tag, v, m)
	}
	return d.intoContainer(tag, v)
}

func (d *Decoder) intoInterface(tag byte, v reflect.Value) error {
	x, err := d.any()
	if err != nil {
		return err
	}
	if !reflect.TypeOf(x).AssignableTo(v.Type()) {
		return mismatch(tag, v.Type())
	}
	v.Set(reflect.ValueOf(x))
	return nil
}

// intoError sets an error variable: to the JS exception if it is of that type,
// else to the first error of that type among those it stands for.
func (d *Decoder) intoError(v reflect.Value) error {
	x, err := d.any()
	if err != nil {
		return err
	}
	if reflect.TypeOf(x).AssignableTo(v.Type()) {
		v.Set(reflect.ValueOf(x))
		return nil
	}
	p := reflect.New(v.Type())
	if !errors.As(x.(error), p.Interface()) {
		return mismatch(abi.TapeError, v.Type())
	}
	v.Set(p.Elem())
	return nil
}

// intoRoot reads what stays in the guest. It has no Go form but *Value, except
// that a function can be a Go func.
func (d *Decoder) intoRoot(v reflect.Value) error {
	t := v.Type()
	if t.Kind() == reflect.Pointer && t != d.R.Emb.ValueType() && !endless(t) {
		v.Set(reflect.New(t.Elem()))
		return d.into(v.Elem())
	}
	begin := d.pos
	d.pos++
	_, kind, err := d.root()
	if err != nil {
		return err
	}
	isSequence := IsSequence(t) && stepwise(kind)
	isFunc := t.Kind() == reflect.Func && (kind == abi.KindFunction || kind == abi.KindProxy) && !isSequence
	if !isFunc && !isSequence && !d.R.Emb.ValueType().AssignableTo(t) {
		name := rootNames[kind]
		if name == "" {
			name = "object"
		}
		return unconvertible("JS "+name, "Go "+t.String(), nil)
	}
	if isFunc {
		if _, err := callerSignature(t); err != nil {
			return err
		}
	}
	d.pos = begin
	x, err := d.any()
	if err != nil {
		return err
	}
	switch {
	case isSequence:
		return d.R.Sequence(v, x)
	case isFunc:
		return d.R.Func(v, x)
	}
	v.Set(reflect.ValueOf(x))
	return nil
}

func (d *Decoder) intoPointer(v reflect.Value) error {
	if d.recalled(v) {
		return d.skip()
	}
	if err := d.spendArray(1, v.Type().Elem()); err != nil {
		return err
	}
	p := reflect.New(v.Type().Elem())
	d.remember(d.note(), p)
	v.Set(p)
	return d.into(p.Elem())
}

// recalled sets v if the container whose record comes next has become a value of
// its type already: the record was read before, out of turn.
func (d *Decoder) recalled(v reflect.Value) bool {
	x, ok := d.recall(d.note(), v.Type())
	if ok {
		v.Set(x)
	}
	return ok
}

func (d *Decoder) intoBackref(v reflect.Value) error {
	d.pos++
	n, err := d.backref()
	if err != nil {
		return err
	}
	if x, ok := d.recall(n, v.Type()); ok {
		v.Set(x)
		return nil
	}
	if slices.Contains(d.growing, growing{n, v.Type()}) {
		return unconvertible("JS Array that contains itself", "Go "+v.Type().String(), errGrowing)
	}
	return d.reread(n, func() error { return d.into(v) })
}

var (
	stringType  = reflect.TypeFor[string]()
	intType     = reflect.TypeFor[int]()
	int64Type   = reflect.TypeFor[int64]()
	float64Type = reflect.TypeFor[float64]()
)

// intoBasic reads what is most of what most tapes hold without a detour. The
// types have no methods that could have a say in it.
func (d *Decoder) intoBasic(tag byte, t reflect.Type, v reflect.Value) (done bool, err error) {
	switch tag {
	case abi.TapeLatin1:
		if t == stringType {
			d.pos++
			text, err := d.text(tag)
			v.SetString(text.S)
			return true, err
		}
	case abi.TapeInt:
		if t == intType || t == int64Type || t == float64Type {
			d.pos++
			n, err := d.u32()
			if t == float64Type {
				v.SetFloat(float64(int32(n)))
			} else {
				v.SetInt(int64(int32(n)))
			}
			return true, err
		}
	case abi.TapeFloat:
		if t == float64Type {
			d.pos++
			f, err := d.float()
			v.SetFloat(f)
			return true, err
		}
	case abi.TapeFalse, abi.TapeTrue:
		if t == boolType {
			d.pos++
			v.SetBool(tag == abi.TapeTrue)
			return true, nil
		}
	}
	return false, nil
}
