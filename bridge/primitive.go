package bridge

import (
	"math"
	"math/big"
	"reflect"
	"strconv"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// primitive is a JS value that lives in Go alone. Its tag says which of the
// fields counts, none for undefined, null and booleans.
type primitive struct {
	tag  byte // abi.TapeUndefined, Null, False, True, Float, UTF8 or BigInt
	num  float64
	text Text
	big  *big.Int
}

// cell reads a cell that holds a primitive. ok is false for objects and symbols.
func (r *Realm) cell(cell uint64) (p primitive, ok bool, err error) {
	if abi.IsFloat(cell) {
		return primitive{tag: abi.TapeFloat, num: abi.Float(cell)}, true, nil
	}
	switch abi.Tag(cell) {
	case abi.TagInt:
		p = primitive{tag: abi.TapeFloat, num: float64(int32(abi.Low(cell)))}
	case abi.TagBool:
		p.tag = abi.TapeFalse
		if abi.Low(cell) != 0 {
			p.tag = abi.TapeTrue
		}
	case abi.TagNull:
		p.tag = abi.TapeNull
	case abi.TagUndefined:
		p.tag = abi.TapeUndefined
	case abi.TagString:
		p.tag = abi.TapeUTF8
		p.text, err = r.text(cell)
	case abi.TagShortBigInt:
		p = primitive{tag: abi.TapeBigInt, big: big.NewInt(int64(int32(abi.Low(cell))))}
	case abi.TagBigInt:
		limbs, err := r.In.BigInt(abi.Low(cell))
		if err == nil {
			err = r.affords(2 * len(limbs))
		}
		if err != nil {
			return p, true, err
		}
		p = primitive{tag: abi.TapeBigInt, big: decodeBigInt(limbs)}
	default:
		return p, false, nil
	}
	return p, true, err
}

// affords refuses copies of n bytes that are beyond the limit. Small ones are left
// to those who count how many there are.
func (r *Realm) affords(n int) error {
	if n <= 4096 {
		return nil
	}
	return r.In.Afford(int64(n))
}

func (r *Realm) text(cell uint64) (Text, error) {
	units, wide, err := r.In.String(abi.Low(cell))
	if err == nil {
		err = r.affords(2 * len(units))
	}
	if err != nil {
		return Text{}, err
	}
	if wide {
		return decodeUTF16(units), nil
	}
	return Text{S: decodeLatin1(units)}, nil
}

// decodeBigInt reads two's complement limbs, lowest first.
func decodeBigInt(limbs []byte) *big.Int {
	be := make([]byte, len(limbs))
	for i, c := range limbs {
		be[len(limbs)-1-i] = c
	}
	v := new(big.Int).SetBytes(be)
	if be[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(be))))
	}
	return v
}

// boxed is the form that Realm.Primitive documents.
func (p *primitive) boxed() any {
	switch p.tag {
	case abi.TapeNull:
		return nil
	case abi.TapeFalse, abi.TapeTrue:
		return p.tag == abi.TapeTrue
	case abi.TapeFloat:
		return p.num
	case abi.TapeUTF8:
		return p.text
	case abi.TapeBigInt:
		return p.big
	}
	return Undefined{}
}

// unbox is the inverse of boxed.
func unbox(x any) primitive {
	switch x := x.(type) {
	case nil:
		return primitive{tag: abi.TapeNull}
	case bool:
		if x {
			return primitive{tag: abi.TapeTrue}
		}
		return primitive{tag: abi.TapeFalse}
	case float64:
		return primitive{tag: abi.TapeFloat, num: x}
	case Text:
		return primitive{tag: abi.TapeUTF8, text: x}
	case *big.Int:
		return primitive{tag: abi.TapeBigInt, big: x}
	}
	return primitive{tag: abi.TapeUndefined}
}

// export is the Go form of the conversion table.
func (p *primitive) export() any {
	switch p.tag {
	case abi.TapeFalse, abi.TapeTrue:
		return p.tag == abi.TapeTrue
	case abi.TapeFloat:
		return exportNumber(p.num)
	case abi.TapeUTF8:
		return p.text.String()
	case abi.TapeBigInt:
		return new(big.Int).Set(p.big)
	}
	return nil
}

// exportNumber is the Go value of a JS number: int64 when it is integral and
// fits, else float64. Negative zero is no integer.
func exportNumber(f float64) any {
	if f >= -1<<63 && f < 1<<63 && f == math.Trunc(f) && !(f == 0 && math.Signbit(f)) {
		return int64(f)
	}
	return f
}

// set converts p to v's type. undefined and null make what can be nil nil.
func (r *Realm) set(v reflect.Value, p *primitive) error {
	t := v.Type()
	if m := marshallingOf(t); m != nil {
		if done, err := r.setMarshalled(v, p, m); done {
			return err
		}
	}
	nullish := p.tag == abi.TapeUndefined || p.tag == abi.TapeNull
	switch t.Kind() {
	case reflect.Interface:
		x := p.export()
		switch {
		case x == nil:
			v.SetZero()
			return nil
		case reflect.TypeOf(x).AssignableTo(t):
			v.Set(reflect.ValueOf(x))
			return nil
		}
		return mismatch(p.tag, t)
	case reflect.Pointer:
		switch {
		case t == r.Emb.ValueType():
			v.Set(reflect.ValueOf(r.Emb.ValueOf(p.boxed())))
			return nil
		case nullish:
			v.SetZero()
			return nil
		case t == bigIntType:
			break
		case endless(t):
			return mismatch(p.tag, t)
		default:
			v.Set(reflect.New(t.Elem()))
			return r.set(v.Elem(), p)
		}
	case reflect.Map, reflect.Slice, reflect.Func:
		if nullish {
			v.SetZero()
			return nil
		}
	case reflect.Bool:
		if p.tag == abi.TapeFalse || p.tag == abi.TapeTrue {
			v.SetBool(p.tag == abi.TapeTrue)
			return nil
		}
	case reflect.String:
		if p.tag == abi.TapeUTF8 {
			v.SetString(p.text.String())
			return nil
		}
	}
	if s, ok := sequenceOf(t); ok && p.tag == abi.TapeUTF8 {
		return r.setSequence(v, p, s)
	}
	switch {
	case p.tag == abi.TapeFloat:
		return setNumber(v, p.num)
	case p.tag == abi.TapeBigInt:
		return setBigInt(v, p.big)
	case p.tag == abi.TapeUTF8 && t == textType:
		v.Set(reflect.ValueOf(p.text))
		return nil
	case p.tag == abi.TapeUndefined && t == undefinedType:
		return nil
	}
	return mismatch(p.tag, t)
}

// endless tells whether a type points to itself, or through so many pointers that
// it might as well.
func endless(t reflect.Type) bool {
	for range 64 {
		if t.Kind() != reflect.Pointer {
			return false
		}
		t = t.Elem()
	}
	return true
}

// setNumber sets a number type that holds f exactly; a float32 may round.
func setNumber(v reflect.Value, f float64) error {
	t := v.Type()
	integral := f == math.Trunc(f) && !math.IsInf(f, 0)
	switch {
	case v.CanFloat():
		if !v.OverflowFloat(f) {
			v.SetFloat(f)
			return nil
		}
	case v.CanInt():
		if integral && f >= -1<<63 && f < 1<<63 && !v.OverflowInt(int64(f)) {
			v.SetInt(int64(f))
			return nil
		}
	case v.CanUint() && t.Kind() != reflect.Uintptr:
		if integral && f >= 0 && f < 1<<64 && !v.OverflowUint(uint64(f)) {
			v.SetUint(uint64(f))
			return nil
		}
	case t == bigIntType || t == bigIntType.Elem():
		if integral {
			b, _ := big.NewFloat(f).Int(nil)
			return setBigInt(v, b)
		}
	default:
		return mismatch(abi.TapeFloat, t)
	}
	return unconvertible("JS number "+strconv.FormatFloat(f, 'g', -1, 64), "Go "+t.String(), nil)
}

// setBigInt sets an integer type that holds b. It does not retain b.
func setBigInt(v reflect.Value, b *big.Int) error {
	t := v.Type()
	switch {
	case t == bigIntType:
		v.Set(reflect.ValueOf(new(big.Int).Set(b)))
		return nil
	case t == bigIntType.Elem():
		v.Addr().Interface().(*big.Int).Set(b)
		return nil
	case v.CanInt() && b.IsInt64() && !v.OverflowInt(b.Int64()):
		v.SetInt(b.Int64())
		return nil
	case v.CanUint() && t.Kind() != reflect.Uintptr && b.IsUint64() && !v.OverflowUint(b.Uint64()):
		v.SetUint(b.Uint64())
		return nil
	}
	return mismatch(abi.TapeBigInt, t)
}
