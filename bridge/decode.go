package bridge

import (
	"encoding/binary"
	"math"
	"math/big"
	"time"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// JSTypedArrayEnum of quickjs.h.
const (
	typedUint8Clamped = iota
	typedInt8
	typedUint8
	typedInt16
	typedUint16
	typedInt32
	typedUint32
	typedBigInt64
	typedBigUint64
	typedFloat16
	typedFloat32
	typedFloat64
)

const (
	// maxDecodeDepth bounds nesting; the guest's own stack gives up earlier.
	maxDecodeDepth = 100_000
	// maxDecodeAgain bounds how many records are read more than once, which
	// happens when one JS object becomes several Go values.
	maxDecodeAgain = 1 << 22
)

// Decoder reads a tape that the guest wrote. Whatever the bytes are, it ends in
// a value or an error, and allocates a small multiple of their number.
type Decoder struct {
	R *Realm

	b     []byte
	pos   int
	refs  []container
	next  int // number of the next container
	depth int
	again int // records left to read more than once
	rerun int // > 0 while reading a record again
}

// NewDecoder returns a decoder for one record.
func NewDecoder(r *Realm, tape []byte) *Decoder {
	return &Decoder{R: r, b: tape, again: maxDecodeAgain}
}

func (d *Decoder) take(n int) ([]byte, error) {
	if n < 0 || len(d.b)-d.pos < n {
		return nil, errTape
	}
	b := d.b[d.pos : d.pos+n]
	d.pos += n
	return b, nil
}

func (d *Decoder) tag() (byte, error) {
	b, err := d.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (d *Decoder) peek() byte {
	if d.pos < len(d.b) {
		return d.b[d.pos]
	}
	return 0xff
}

func (d *Decoder) u32() (uint32, error) {
	b, err := d.take(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

func (d *Decoder) u64() (uint64, error) {
	b, err := d.take(8)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), nil
}

func (d *Decoder) float() (float64, error) {
	u, err := d.u64()
	return math.Float64frombits(u), err
}

// count reads the number of records that follow; each is at least one byte.
func (d *Decoder) count() (int, error) {
	n, err := d.u32()
	if err == nil && uint64(n) > uint64(len(d.b)-d.pos) {
		err = errTape
	}
	return int(n), err
}

func (d *Decoder) block(unit int) ([]byte, error) {
	n, err := d.u32()
	if err != nil || uint64(n)*uint64(unit) > uint64(len(d.b)) {
		return nil, errTape
	}
	return d.take(int(n) * unit)
}

// text reads the string whose tag was read.
func (d *Decoder) text(tag byte) (Text, error) {
	switch tag {
	case abi.TapeLatin1:
		b, err := d.block(1)
		return Text{S: decodeLatin1(b)}, err
	case abi.TapeUTF16:
		b, err := d.block(2)
		return decodeUTF16(b), err
	case abi.TapeUTF8:
		b, err := d.block(1)
		return Text{S: string([]rune(string(b)))}, err
	}
	return Text{}, errTape
}

func (d *Decoder) string() (string, error) {
	tag, err := d.tag()
	if err != nil {
		return "", err
	}
	t, err := d.text(tag)
	return t.String(), err
}

func (d *Decoder) bigInt() (*big.Int, error) {
	b, err := d.block(4)
	if err != nil || len(b) == 0 {
		return nil, errTape
	}
	return decodeBigInt(b), nil
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

func (d *Decoder) root() (gc.Root, uint32, error) {
	b, err := d.take(12)
	if err != nil {
		return gc.Root{}, 0, err
	}
	return gc.Root{
		Index:      binary.LittleEndian.Uint32(b),
		Generation: binary.LittleEndian.Uint32(b[4:]),
	}, binary.LittleEndian.Uint32(b[8:]), nil
}

// date reads milliseconds; an invalid Date is the zero Time.
func (d *Decoder) date() (time.Time, error) {
	ms, err := d.float()
	if err != nil || ms != ms {
		return time.Time{}, err
	}
	return time.UnixMilli(int64(ms)).UTC(), nil
}

func (d *Decoder) enter() error {
	if d.depth++; d.depth > maxDecodeDepth {
		return errTape
	}
	if d.rerun > 0 {
		if d.again--; d.again < 0 {
			return unconvertible("JS object", "Go value", errShared)
		}
	}
	return nil
}

// Any reads one record as Export does.
func (d *Decoder) Any() (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer func() { d.depth-- }()
	tag, err := d.tag()
	if err != nil {
		return nil, err
	}
	switch tag {
	case abi.TapeUndefined, abi.TapeNull, abi.TapeHole:
		return nil, nil
	case abi.TapeFalse, abi.TapeTrue:
		return tag == abi.TapeTrue, nil
	case abi.TapeInt:
		n, err := d.u32()
		return int64(int32(n)), err
	case abi.TapeFloat:
		f, err := d.float()
		return exportNumber(f), err
	case abi.TapeLatin1, abi.TapeUTF16, abi.TapeUTF8:
		t, err := d.text(tag)
		return t.String(), err
	case abi.TapeBigInt:
		return d.bigInt()
	case abi.TapeArray:
		return d.anyArray()
	case abi.TapeObject:
		return d.anyObject()
	case abi.TapeMap:
		return d.anyMap()
	case abi.TapeSet:
		return d.anySet()
	case abi.TapeDate:
		c := d.begin()
		t, err := d.date()
		d.refs[c].value = t
		return t, err
	case abi.TapeBuffer, abi.TapeTyped:
		c := d.begin()
		v, err := d.bytes(tag)
		d.refs[c].value = v
		return v, err
	case abi.TapeError:
		return d.anyError()
	case abi.TapeRoot:
		r, kind, err := d.root()
		if err != nil {
			return nil, err
		}
		return d.R.Emb.Value(r, kind), nil
	case abi.TapeBackref:
		return d.anyBackref()
	}
	return nil, errTape
}

// exportNumber is the Go value of a JS number: int64 when it is integral and
// fits, else float64. Negative zero is no integer.
func exportNumber(f float64) any {
	if f >= -1<<63 && f < 1<<63 && f == math.Trunc(f) && !(f == 0 && math.Signbit(f)) {
		return int64(f)
	}
	return f
}

func (d *Decoder) anyArray() (any, error) {
	c := d.begin()
	n, err := d.count()
	if err != nil {
		return nil, err
	}
	s := make([]any, n)
	d.refs[c].value = s
	for i := range s {
		if s[i], err = d.Any(); err != nil {
			return nil, at(err, index(i))
		}
	}
	return s, nil
}

func (d *Decoder) anyObject() (any, error) {
	c := d.begin()
	n, err := d.count()
	if err != nil {
		return nil, err
	}
	m := make(map[string]any, n)
	d.refs[c].value = m
	for range n {
		k, err := d.string()
		if err != nil {
			return nil, err
		}
		if m[k], err = d.Any(); err != nil {
			return nil, at(err, field(k))
		}
	}
	return m, nil
}

func (d *Decoder) anyMap() (any, error) {
	c := d.begin()
	n, err := d.count()
	if err != nil {
		return nil, err
	}
	m := make(Map, n)
	d.refs[c].value = m
	for i := range m {
		if m[i].Key, err = d.Any(); err != nil {
			return nil, err
		}
		if m[i].Value, err = d.Any(); err != nil {
			return nil, at(err, index(i))
		}
	}
	return m, nil
}

func (d *Decoder) anySet() (any, error) {
	c := d.begin()
	n, err := d.count()
	if err != nil {
		return nil, err
	}
	s := make(Set, n)
	d.refs[c].value = s
	for i := range s {
		if s[i], err = d.Any(); err != nil {
			return nil, at(err, index(i))
		}
	}
	return s, nil
}

// anyError reads an Error. One that contains itself cannot be a Go error.
func (d *Decoder) anyError() (any, error) {
	c := d.begin()
	x, err := d.exception()
	if err != nil {
		return nil, err
	}
	v := d.R.Emb.Exception(x)
	d.refs[c].value = v
	return v, nil
}

func (d *Decoder) anyBackref() (any, error) {
	n, err := d.u32()
	if err != nil || uint64(n) >= uint64(len(d.refs)) {
		return nil, errTape
	}
	if v := d.refs[n].value; v != nil {
		return v, nil
	}
	var v any
	err = d.reread(int(n), func() (err error) { v, err = d.Any(); return err })
	return v, err
}
