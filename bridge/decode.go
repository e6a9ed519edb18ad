package bridge

import (
	"encoding/binary"
	"math"
	"math/big"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
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

// Decoder reads a tape that the guest wrote, once: by Any, Into or Exception.
// Whatever the bytes are, it ends in a value or an error, and allocates no more
// than what is left of InstanceConfig.HostMemoryLimit, by its own estimate.
type Decoder struct {
	R *Realm

	single *primitive // instead of a tape
	b      []byte     // view of guest memory, which is not entered meanwhile
	pos    int
	depth  int
	holes  bool // missing elements are Hole
	graph
	limits
	growing []growing
}

// NewDecoder returns a decoder for one record.
func NewDecoder(r *Realm, tape []byte) *Decoder {
	return &Decoder{R: r, b: tape, limits: newLimits(len(tape), r.In.HostRoom())}
}

// Any reads the record as Export does.
func (d *Decoder) Any() (any, error) {
	if d.single != nil {
		return d.single.export(), nil
	}
	if d.peek() == abi.TapeLimit {
		return nil, d.R.judge(d.limit())
	}
	x, err := d.any()
	d.refs.release()
	return x, d.settle(err)
}

// Into reads the record into v, which must be settable. undefined and null make
// what can be nil nil. On an error v may be partly written.
func (d *Decoder) Into(v reflect.Value) error {
	if d.single != nil {
		return d.R.set(v, d.single)
	}
	if d.peek() == abi.TapeLimit {
		return d.R.judge(d.limit())
	}
	if isContainer(d.peek()) {
		d.remember(d.note(), v.Addr()) // what refers to the whole points to v
	}
	err := d.into(v)
	d.refs.release()
	return d.settle(err)
}

// Exception reads the record of an error.
func (d *Decoder) Exception() (*Exception, error) {
	tag, err := d.tag()
	if err == nil && tag != abi.TapeError {
		err = errTape
	}
	var x *Exception
	if err == nil {
		x, err = d.exception()
	}
	d.refs.release()
	return x, d.settle(err)
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
	if d.pos >= len(d.b) {
		return 0, errTape
	}
	d.pos++
	return d.b[d.pos-1], nil
}

// peek is the tag of the next record, an invalid one at the end of the tape.
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

// block reads a number of units and the units, which may be elsewhere in the guest.
func (d *Decoder) block(unit int) ([]byte, error) {
	n, err := d.u32()
	if err == nil && n&abi.TapeElsewhere != 0 {
		return d.elsewhere(uint64(n&^abi.TapeElsewhere) * uint64(unit))
	}
	if err != nil || uint64(n)*uint64(unit) > uint64(len(d.b)) {
		return nil, errTape
	}
	return d.take(int(n) * unit)
}

// elsewhere reads the address of so many bytes, and the bytes there. A tape can name
// the same ones often: what is copied is spent first.
func (d *Decoder) elsewhere(size uint64) ([]byte, error) {
	p, err := d.u32()
	if err != nil || d.blind {
		return nil, err
	}
	if size < abi.TapeLarge || size > uint64(d.R.In.GuestBytes()) {
		return nil, errTape
	}
	return d.R.In.Bytes(p, uint32(size))
}

// text reads the string whose tag was read.
func (d *Decoder) text(tag byte) (Text, error) {
	b, err := d.units(tag)
	if err == nil {
		err = d.spend(len(b))
	}
	if err != nil {
		return Text{}, err
	}
	t := decodeText(tag, b)
	return t, d.spend(max(len(t.S)-len(b), 0))
}

// units reads the code units of the string whose tag was read.
func (d *Decoder) units(tag byte) ([]byte, error) {
	switch tag {
	case abi.TapeLatin1, abi.TapeUTF8:
		return d.block(1)
	case abi.TapeUTF16:
		return d.block(2)
	}
	return nil, errTape
}

// clipped reads a string of which no more than max bytes are wanted.
func (d *Decoder) clipped(max int) (string, error) {
	tag, err := d.tag()
	if err != nil {
		return "", err
	}
	b, err := d.units(tag)
	if err != nil {
		return "", err
	}
	enough := max + utf8.UTFMax // so that what is cut in two is clipped
	if tag == abi.TapeUTF16 {
		enough *= 2
	}
	return clip(decodeText(tag, b[:min(len(b), enough)]).String(), max), nil
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
	if err != nil || len(b) == 0 || len(b) > 4*abi.BigIntMaxLimbs {
		return nil, errTape
	}
	if err := d.spend(2 * len(b)); err != nil { // and the copy that is handed out
		return nil, err
	}
	return decodeBigInt(b), nil
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

// value reads the root whose tag was read. Read again, it is the same value: a
// root has one owner.
func (d *Decoder) value() (x any, kind uint32, err error) {
	pos := d.pos
	root, kind, err := d.root()
	if err != nil {
		return nil, 0, err
	}
	x, ok := d.values[pos]
	if !ok {
		if err := d.spend(host.CostValue); err != nil {
			d.pos = pos // for settle to see
			return nil, 0, err
		}
		x = d.R.Emb.Value(root, kind)
		if d.values == nil {
			d.values = map[int]any{}
		}
		d.values[pos] = x
	}
	return x, kind, nil
}

// date reads milliseconds; an invalid Date is the zero Time.
func (d *Decoder) date() (time.Time, error) {
	ms, err := d.float()
	if err != nil || !(math.Abs(ms) <= maxDate) {
		return time.Time{}, err
	}
	return time.UnixMilli(int64(ms)).UTC(), nil
}

// primitive reads the record of a primitive.
func (d *Decoder) primitive() (primitive, error) {
	tag, err := d.tag()
	if err != nil {
		return primitive{}, err
	}
	p := primitive{tag: tag}
	switch tag {
	case abi.TapeUndefined, abi.TapeNull, abi.TapeFalse, abi.TapeTrue:
	case abi.TapeHole:
		p.tag = abi.TapeUndefined
	case abi.TapeInt:
		n, e := d.u32()
		p, err = primitive{tag: abi.TapeFloat, num: float64(int32(n))}, e
	case abi.TapeFloat:
		p.num, err = d.float()
	case abi.TapeBigInt:
		p.big, err = d.bigInt()
	default:
		p.tag = abi.TapeUTF8
		p.text, err = d.text(tag)
	}
	return p, err
}
