package bridge

import (
	"encoding/binary"
	"math"
	"math/big"
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// bytes reads an ArrayBuffer or typed array whose tag was read: ArrayBuffer,
// []byte for the Uint8 kinds, else a slice of the element type (Float16 as
// float32). The caller owns the result.
func (d *Decoder) bytes(tag byte) (any, error) {
	if tag == abi.TapeBuffer {
		b, err := d.buffer(1)
		return ArrayBuffer(host.ClonePieces(b)), err
	}
	kind, err := d.tag()
	if err != nil {
		return nil, err
	}
	grows := 1
	if kind == typedFloat16 {
		grows = 2
	}
	b, err := d.buffer(grows)
	if err != nil {
		return nil, err
	}
	switch kind {
	case typedUint8, typedUint8Clamped:
		return host.ClonePieces(b), nil
	case typedInt8:
		return numbers[int8](b), nil
	case typedInt16:
		return numbers[int16](b), nil
	case typedUint16:
		return numbers[uint16](b), nil
	case typedInt32:
		return numbers[int32](b), nil
	case typedUint32:
		return numbers[uint32](b), nil
	case typedBigInt64:
		return numbers[int64](b), nil
	case typedBigUint64:
		return numbers[uint64](b), nil
	case typedFloat16:
		s := make([]float32, len(b)/2)
		for i := range s {
			s[i] = float16(binary.LittleEndian.Uint16(b[2*i:]))
		}
		return s, nil
	case typedFloat32:
		return numbers[float32](b), nil
	case typedFloat64:
		return numbers[float64](b), nil
	}
	return nil, errTape
}

// buffer reads a block of bytes that is about to be copied to so many times its
// size.
func (d *Decoder) buffer(grows int) ([]byte, error) {
	b, err := d.block(1)
	if err == nil {
		err = d.spend(grows * len(b))
	}
	return b, err
}

// float16 is the value of an IEEE 754 binary16 number.
func float16(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exp, frac := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch {
	case exp == 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | frac<<13)
	case exp != 0:
		return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
	default: // zero or subnormal
		f := float32(frac) / (1 << 24)
		return math.Float32frombits(math.Float32bits(f) | sign)
	}
}

// intoBytes reads container c, a buffer, into a slice or array of numbers.
func (d *Decoder) intoBytes(tag byte, v reflect.Value, c int) error {
	if fits, err := d.intoElements(tag, v); fits || err != nil {
		if fits && v.Kind() == reflect.Slice {
			d.remember(c, v.Slice(0, v.Len()))
		}
		return err
	}
	x, err := d.bytes(tag)
	if err != nil {
		return err
	}
	s := reflect.ValueOf(x)
	t := v.Type()
	switch {
	case t.Kind() == reflect.Slice && s.CanConvert(t):
		v.Set(s.Convert(t))
		d.remember(c, s.Convert(t))
		return nil
	case t.Kind() == reflect.Slice:
		if err := d.spendArray(s.Len(), t.Elem()); err != nil {
			return err
		}
		v.Set(reflect.MakeSlice(t, s.Len(), max(s.Len(), 1)))
		d.remember(c, v.Slice(0, s.Len()))
	case t.Kind() != reflect.Array || s.Len() != t.Len():
		return mismatch(tag, t)
	}
	for i := range s.Len() {
		p := element(s.Index(i))
		if err := d.R.set(v.Index(i), &p); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

// intoElements reads a typed array into a slice or array with the same type of
// elements. fits is false, and nothing read, if v has none.
func (d *Decoder) intoElements(tag byte, v reflect.Value) (fits bool, err error) {
	if tag != abi.TapeTyped || int(d.peek()) >= len(elementKinds) {
		return false, nil
	}
	t := v.Type()
	kind := d.peek()
	if k := t.Kind(); k != reflect.Slice && k != reflect.Array || elementKinds[kind] != t.Elem().Kind() {
		return false, nil
	}
	pos, room := d.pos, d.room
	d.pos++
	b, err := d.buffer(1)
	if err != nil {
		return false, err
	}
	if fits = setElements(v, kind, b); !fits { // an array of another length
		d.pos, d.room = pos, room
	}
	return fits, nil
}

// element is what a script sees of a typed array's element.
func element(x reflect.Value) primitive {
	switch x.Kind() {
	case reflect.Int64:
		return primitive{tag: abi.TapeBigInt, big: big.NewInt(x.Int())}
	case reflect.Uint64:
		return primitive{tag: abi.TapeBigInt, big: new(big.Int).SetUint64(x.Uint())}
	case reflect.Float32, reflect.Float64:
		return primitive{tag: abi.TapeFloat, num: x.Float()}
	}
	if x.CanInt() {
		return primitive{tag: abi.TapeFloat, num: float64(x.Int())}
	}
	return primitive{tag: abi.TapeFloat, num: float64(x.Uint())}
}
