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

const (
	// maxSafe is the largest integer n for which n and n+1 are exact doubles.
	// https://tc39.es/ecma262/#sec-number.max_safe_integer
	maxSafe = 1<<53 - 1
	// maxDate is the furthest time from the epoch, in ms, that a Date can hold.
	// https://tc39.es/ecma262/#sec-timeclip
	maxDate = 8_640_000_000_000_000
	// maxDepth bounds nesting in both directions, as encoding/json does.
	maxDepth = 10_000
)

// Encoder appends Go values to a request.
type Encoder struct {
	R    *Realm
	Req  *host.Request
	Name string // of the value that is encoded next, if it is a function
	// Lives has the live objects that are encoded appended, for Realm.Revive, unless it is nil.
	Lives *[]LiveRef

	containers uint32
	depth      int
	steps      int // containers begun, in all
	seen       seenTable
	shapes     encoderShapes
}

// Cell encodes v into the i-th cell of the request.
func (e *Encoder) Cell(i int, v any) error {
	if c, ok := primitiveCell(v); ok {
		e.Req.SetCell(i, c)
		return nil
	}
	e.Req.SetTape(i)
	// References do not cross from one cell's record to another's.
	e.containers, e.depth, e.seen, e.shapes = 0, 0, seenTable{}, encoderShapes{}
	err := e.Value(v)
	e.Name = ""
	return err
}

// Argument encodes the i-th argument of a call, whose cell follows that of this.
func (e *Encoder) Argument(i int, v any) error {
	return at(e.Cell(1+i, v), argument(i))
}

// primitiveCell returns the cell of a value that needs no tape.
func primitiveCell(v any) (uint64, bool) {
	switch v := v.(type) {
	case nil:
		return abi.Null, true
	case Undefined, Hole:
		return abi.Undefined, true
	case bool:
		return abi.BoxBool(v), true
	case float64:
		return abi.BoxNumber(v), true
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

func (e *Encoder) tag(t byte)      { e.Req.Buf = append(e.Req.Buf, t) }
func (e *Encoder) u32(v uint32)    { e.Req.Buf = binary.LittleEndian.AppendUint32(e.Req.Buf, v) }
func (e *Encoder) u64(v uint64)    { e.Req.Buf = binary.LittleEndian.AppendUint64(e.Req.Buf, v) }
func (e *Encoder) string(s string) { PutString(e.Req, s) }
func (e *Encoder) float(f float64) {
	if c := abi.BoxNumber(f); !abi.IsFloat(c) {
		e.tag(abi.TapeInt)
		e.u32(abi.Low(c))
		return
	}
	e.tag(abi.TapeFloat)
	e.u64(math.Float64bits(f))
}

func (e *Encoder) boolean(b bool) {
	if b {
		e.tag(abi.TapeTrue)
	} else {
		e.tag(abi.TapeFalse)
	}
}

func (e *Encoder) integer(i int64) {
	switch {
	case i == int64(int32(i)):
		e.tag(abi.TapeInt)
		e.u32(uint32(i))
	case i >= -maxSafe && i <= maxSafe:
		e.float(float64(i))
	default:
		_ = e.bigInt(big.NewInt(i)) // fits
	}
}

func (e *Encoder) unsigned(u uint64) {
	if u <= maxSafe {
		e.integer(int64(u))
	} else {
		_ = e.bigInt(new(big.Int).SetUint64(u)) // fits
	}
}

// bigInt appends as many two's complement limbs as the value and its sign need.
func (e *Encoder) bigInt(v *big.Int) error {
	magnitude := v
	if v.Sign() < 0 {
		magnitude = new(big.Int).Not(v)
	}
	n := magnitude.BitLen()/32 + 1
	if n > abi.BigIntMaxLimbs {
		return unconvertible("Go big.Int", "JS BigInt", errBigRange)
	}
	b := make([]byte, 4*n)
	magnitude.FillBytes(b)
	e.tag(abi.TapeBigInt)
	e.u32(uint32(n))
	for i := len(b) - 1; i >= 0; i-- {
		c := b[i]
		if v.Sign() < 0 {
			c = ^c
		}
		e.Req.Buf = append(e.Req.Buf, c)
	}
	return nil
}

func (e *Encoder) date(t time.Time) error {
	// UnixMilli itself is undefined far out.
	if s := t.Unix(); s < -maxDate/1000 || s > maxDate/1000 || t.UnixMilli() > maxDate {
		return unconvertible("Go time.Time", "JS Date", errDateRange)
	}
	if _, err := e.begin(abi.TapeDate, identity{}); err != nil {
		return err
	}
	e.u64(math.Float64bits(float64(t.UnixMilli())))
	e.end()
	return nil
}

// begin starts a container. If the same Go reference was encoded before, it
// writes a reference to that instead, and there is nothing left to do.
func (e *Encoder) begin(tag byte, id identity) (done bool, err error) {
	if id.p != 0 {
		if first, seen := e.seen.add(id, e.containers); seen {
			e.tag(abi.TapeBackref)
			e.u32(first)
			return true, nil
		}
	}
	if e.steps++; e.steps%checkEvery == 0 {
		if err := e.R.In.Check(); err != nil {
			return false, err
		}
	}
	if e.depth++; e.depth > maxDepth {
		return false, unconvertible("Go value", "a JS value", errDeep)
	}
	e.containers++
	e.tag(tag)
	return false, nil
}

// end ends what begin began.
func (e *Encoder) end() { e.depth-- }

// Value appends the record of v. On an error the request must not be sent.
func (e *Encoder) Value(v any) error {
	if !e.Req.Fits(0) {
		return host.ErrMemoryLimit
	}
	switch v := v.(type) {
	case nil:
		e.tag(abi.TapeNull)
	case Undefined, Hole: // a Hole that is no element
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
	case []any:
		return e.list(abi.TapeArray, v, anySliceType)
	case map[string]any:
		return e.anyMap(v)
	case []byte:
		return e.reflect(reflect.ValueOf(v))
	case time.Time:
		return e.date(v)
	case Text:
		PutText(e.Req, v)
	case Live:
		return e.live(v)
	default:
		x := reflect.ValueOf(v)
		if x.Kind() == reflect.Pointer && x.IsNil() {
			e.tag(abi.TapeNull)
			return nil
		}
		if ok, err := e.R.Emb.AppendValue(e.Req, v); ok || err != nil {
			return err
		}
		return e.reflect(x)
	}
	return nil
}
