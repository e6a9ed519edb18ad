package bridge

import (
	"encoding/binary"
	"math"
	"math/big"
	"reflect"
	"time"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxSafe is the largest integer n for which n and n+1 are exact doubles.
// https://tc39.es/ecma262/#sec-number.max_safe_integer
const maxSafe = 1<<53 - 1

// Encoder appends Go values to a request.
type Encoder struct {
	R    *Realm
	Req  *host.Request
	Name string // of the next Go function that is encoded

	containers uint32
	seen       map[identity]uint32
}

// identity is what makes two Go references the same JS object.
type identity struct {
	p   uintptr
	len int
	t   reflect.Type
}

// Cell encodes v into the i-th cell of the request.
func (e *Encoder) Cell(i int, v any) error {
	if c, ok := primitiveCell(v); ok {
		e.Req.SetCell(i, c)
		return nil
	}
	e.Req.SetTape(i)
	e.containers, e.seen = 0, nil // references do not cross from one record to another
	return e.Value(v)
}

// primitiveCell returns the cell of a value that needs no tape.
func primitiveCell(v any) (uint64, bool) {
	switch v := v.(type) {
	case nil:
		return abi.Null, true
	case Undefined:
		return abi.Undefined, true
	case bool:
		return abi.BoxBool(v), true
	case float64:
		return abi.BoxFloat(v), true
	case int:
		return integerCell(int64(v))
	case int64:
		return integerCell(v)
	case int32:
		return abi.BoxInt(v), true
	}
	return 0, false
}

func integerCell(i int64) (uint64, bool) {
	if i == int64(int32(i)) {
		return abi.BoxInt(int32(i)), true
	}
	return abi.BoxFloat(float64(i)), i >= -maxSafe && i <= maxSafe
}

func (e *Encoder) tag(t byte)       { e.Req.Buf = append(e.Req.Buf, t) }
func (e *Encoder) u32(v uint32)     { e.Req.Buf = binary.LittleEndian.AppendUint32(e.Req.Buf, v) }
func (e *Encoder) u64(v uint64)     { e.Req.Buf = binary.LittleEndian.AppendUint64(e.Req.Buf, v) }
func (e *Encoder) string(s string)  { e.Req.Buf = AppendString(e.Req.Buf, s) }
func (e *Encoder) float(f float64)  { e.tag(abi.TapeFloat); e.u64(math.Float64bits(f)) }
func (e *Encoder) boolean(b bool)   { e.tag(abi.TapeFalse + byte(abi.Low(abi.BoxBool(b)))) }
func (e *Encoder) container(t byte) { e.containers++; e.tag(t) }

func (e *Encoder) integer(i int64) {
	switch {
	case i == int64(int32(i)):
		e.tag(abi.TapeInt)
		e.u32(uint32(i))
	case i >= -maxSafe && i <= maxSafe:
		e.float(float64(i))
	default:
		e.bigInt(big.NewInt(i))
	}
}

func (e *Encoder) unsigned(u uint64) {
	if u <= maxSafe {
		e.integer(int64(u))
	} else {
		e.bigInt(new(big.Int).SetUint64(u))
	}
}

// bigInt appends two's complement limbs; one more than the magnitude needs
// leaves room for the sign.
func (e *Encoder) bigInt(v *big.Int) {
	n := v.BitLen()/32 + 1
	b := make([]byte, 4*n)
	if v.Sign() >= 0 {
		v.FillBytes(b)
	} else {
		new(big.Int).Add(v, new(big.Int).Lsh(big.NewInt(1), uint(32*n))).FillBytes(b)
	}
	e.tag(abi.TapeBigInt)
	e.u32(uint32(n))
	for i := len(b) - 1; i >= 0; i-- {
		e.Req.Buf = append(e.Req.Buf, b[i])
	}
}

func (e *Encoder) bytes(b []byte) {
	e.container(abi.TapeTyped)
	e.tag(typedUint8)
	e.u32(uint32(len(b)))
	e.Req.Buf = append(e.Req.Buf, b...)
}

func (e *Encoder) date(t time.Time) {
	e.container(abi.TapeDate)
	e.u64(math.Float64bits(float64(t.UnixMilli())))
}

// Value appends the record of v. On an error the request must not be sent.
func (e *Encoder) Value(v any) error {
	switch v := v.(type) {
	case nil:
		e.tag(abi.TapeNull)
	case Undefined:
		e.tag(abi.TapeUndefined)
	case bool:
		e.boolean(v)
	case int:
		e.integer(int64(v))
	case int64:
		e.integer(v)
	case float64:
		e.float(v)
	case string:
		e.string(v)
	case []byte:
		if v == nil {
			e.tag(abi.TapeNull)
		} else {
			e.bytes(v)
		}
	case time.Time:
		e.date(v)
	case *big.Int:
		if v == nil {
			e.tag(abi.TapeNull)
		} else {
			e.bigInt(v)
		}
	case Text:
		e.Req.Buf = AppendText(e.Req.Buf, v)
	case ArrayBuffer:
		e.container(abi.TapeBuffer)
		e.u32(uint32(len(v)))
		e.Req.Buf = append(e.Req.Buf, v...)
	default:
		b, ok, err := e.R.Emb.AppendValue(e.Req.Buf, v)
		if err != nil {
			return err
		}
		if ok {
			e.Req.Buf = b
			return nil
		}
		return e.reflect(reflect.ValueOf(v))
	}
	return nil
}

// reference writes a back reference if the same Go reference was encoded before
// and otherwise remembers that the next container stands for it.
func (e *Encoder) reference(p uintptr, n int, t reflect.Type) bool {
	id := identity{p, n, t}
	if at, ok := e.seen[id]; ok {
		e.tag(abi.TapeBackref)
		e.u32(at)
		return true
	}
	if e.seen == nil {
		e.seen = map[identity]uint32{}
	}
	e.seen[id] = e.containers
	return false
}
