package bridge

import (
	"encoding/binary"
	"math"
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// codec is how values of one type cross without reflection, and without allocation
// beyond the value itself. What does not fit, arg and get leave to the general path,
// which knows what to say about it.
type codec[T any] struct {
	arg func(r *Realm, inv *host.Invocation, i int) (x T, ok bool) // an argument from JS
	ret func(r *Realm, inv *host.Invocation, x T) uint32           // the result for it
	put func(req *host.Request, i int, x T)                        // an argument to JS: cell i
	get func(r *Realm, cell uint64) (x T, ok bool)                 // the result of it
}

func floatCodec() codec[float64] {
	return codec[float64]{
		arg: func(_ *Realm, inv *host.Invocation, i int) (float64, bool) { return Number(inv.Arg(i)) },
		ret: func(_ *Realm, inv *host.Invocation, x float64) uint32 { return inv.Return(abi.BoxNumber(x)) },
		put: func(req *host.Request, i int, x float64) { req.SetCell(i, abi.BoxNumber(x)) },
		get: func(_ *Realm, cell uint64) (float64, bool) { return Number(cell) },
	}
}

func intCodec() codec[int] {
	return codec[int]{
		arg: func(_ *Realm, inv *host.Invocation, i int) (int, bool) {
			n, ok := cellInteger(inv.Arg(i))
			return int(n), ok && n == int64(int(n))
		},
		ret: func(r *Realm, inv *host.Invocation, x int) uint32 { return r.returnInteger(inv, int64(x)) },
		put: func(req *host.Request, i int, x int) { putInteger(req, i, int64(x)) },
		get: func(_ *Realm, cell uint64) (int, bool) {
			n, ok := cellInteger(cell)
			return int(n), ok && n == int64(int(n))
		},
	}
}

func int64Codec() codec[int64] {
	return codec[int64]{
		arg: func(_ *Realm, inv *host.Invocation, i int) (int64, bool) { return cellInteger(inv.Arg(i)) },
		ret: (*Realm).returnInteger,
		put: putInteger,
		get: func(_ *Realm, cell uint64) (int64, bool) { return cellInteger(cell) },
	}
}

func boolCodec() codec[bool] {
	return codec[bool]{
		arg: func(_ *Realm, inv *host.Invocation, i int) (bool, bool) { return cellBool(inv.Arg(i)) },
		ret: func(_ *Realm, inv *host.Invocation, x bool) uint32 { return inv.Return(abi.BoxBool(x)) },
		put: func(req *host.Request, i int, x bool) { req.SetCell(i, abi.BoxBool(x)) },
		get: func(_ *Realm, cell uint64) (bool, bool) { return cellBool(cell) },
	}
}

func stringCodec() codec[string] {
	return codec[string]{
		arg: func(r *Realm, inv *host.Invocation, i int) (string, bool) { return r.String(inv.Arg(i)) },
		ret: func(_ *Realm, inv *host.Invocation, x string) uint32 { return ReturnString(inv, x) },
		put: func(req *host.Request, i int, x string) {
			req.SetTape(i)
			PutString(req, x)
		},
		get: (*Realm).String,
	}
}

func bytesCodec() codec[[]byte] {
	return codec[[]byte]{
		arg: func(r *Realm, inv *host.Invocation, i int) ([]byte, bool) {
			b, ok := r.cellBytes(inv.Arg(i))
			if ok {
				inv.Hold(int64(len(b)))
			}
			return b, ok
		},
		ret: func(_ *Realm, inv *host.Invocation, x []byte) uint32 {
			if x == nil {
				return inv.Return(abi.Null)
			}
			PutBytes(inv.ReturnTape(), x)
			return abi.StatusOK
		},
		put: func(req *host.Request, i int, x []byte) {
			if x == nil {
				req.SetCell(i, abi.Null)
				return
			}
			req.SetTape(i)
			PutBytes(req, x)
		},
		get: func(*Realm, uint64) ([]byte, bool) { return nil, false },
	}
}

// Number reads a cell that holds a number. ok is false for any other.
func Number(c uint64) (float64, bool) {
	if abi.IsFloat(c) {
		return abi.Float(c), true
	}
	return float64(int32(abi.Low(c))), abi.Tag(c) == abi.TagInt
}

// cellInteger reads a number that is an integer, and within an int64.
func cellInteger(c uint64) (int64, bool) {
	if !abi.IsFloat(c) {
		return int64(int32(abi.Low(c))), abi.Tag(c) == abi.TagInt
	}
	f := abi.Float(c)
	if f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

func cellBool(c uint64) (bool, bool) {
	return abi.Low(c) != 0, !abi.IsFloat(c) && abi.Tag(c) == abi.TagBool
}

// String reads a cell that holds a string. ok is false for any other, and for a string
// that there is no memory for.
func (r *Realm) String(c uint64) (string, bool) {
	if abi.IsFloat(c) || abi.Tag(c) != abi.TagString {
		return "", false
	}
	units, wide, err := r.In.String(abi.Low(c))
	if err != nil || r.affords(2*len(units)) != nil {
		return "", false
	}
	if !wide {
		return decodeLatin1(units), true
	}
	return decodeUTF16(units).String(), true
}

// cellBytes copies the bytes of an argument that is a Uint8Array.
func (r *Realm) cellBytes(c uint64) ([]byte, bool) {
	if abi.IsFloat(c) || abi.Tag(c) != abi.TagObject {
		return nil, false
	}
	kind, b, ok, err := r.In.TypedArray(abi.Low(c))
	if err != nil || !ok || elementKinds[kind] != reflect.Uint8 || r.affords(len(b)) != nil {
		return nil, false
	}
	return host.ClonePieces(b), true
}

func (r *Realm) returnInteger(inv *host.Invocation, x int64) uint32 {
	if c, ok := integerCell(x); ok {
		return inv.Return(c)
	}
	return r.Return(inv, x)
}

func putInteger(req *host.Request, i int, x int64) {
	c, ok := integerCell(x)
	if ok {
		req.SetCell(i, c)
		return
	}
	req.SetTape(i)
	(&Encoder{Req: req}).integer(x)
}

// PutBytes appends a Uint8Array's record, if it fits.
func PutBytes(req *host.Request, b []byte) {
	req.Buf = append(req.Buf, abi.TapeTyped, typedUint8)
	putUnits(req, b)
}

// putUnits appends the length of bytes and the bytes.
func putUnits(req *host.Request, b []byte) {
	if req.BytesBlock(b) || !req.Fits(len(b)) {
		return
	}
	req.Buf = binary.LittleEndian.AppendUint32(req.Buf, uint32(len(b)))
	req.Buf = host.AppendPieces(req.Buf, b)
}
