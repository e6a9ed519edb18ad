package bridge

import (
	"math/big"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Primitive reads a cell that holds a primitive: Undefined, nil, bool, float64,
// *big.Int or Text. ok is false for objects and symbols.
func (r *Realm) Primitive(cell uint64) (p any, ok bool, err error) {
	if abi.IsFloat(cell) {
		return abi.Float(cell), true, nil
	}
	switch abi.Tag(cell) {
	case abi.TagInt:
		return float64(int32(abi.Low(cell))), true, nil
	case abi.TagBool:
		return abi.Low(cell) != 0, true, nil
	case abi.TagNull:
		return nil, true, nil
	case abi.TagUndefined:
		return Undefined{}, true, nil
	case abi.TagString:
		t, err := r.text(cell)
		return t, true, err
	case abi.TagShortBigInt:
		return big.NewInt(int64(int32(abi.Low(cell)))), true, nil
	case abi.TagBigInt:
		limbs, err := r.In.BigInt(abi.Low(cell))
		if err != nil {
			return nil, true, err
		}
		return decodeBigInt(limbs), true, nil
	}
	return nil, false, nil
}

func (r *Realm) text(cell uint64) (Text, error) {
	units, wide, err := r.In.String(abi.Low(cell))
	if err != nil {
		return Text{}, err
	}
	if wide {
		return decodeUTF16(units), nil
	}
	return Text{S: decodeLatin1(units)}, nil
}

// Kind returns the abi.Kind of a cell that came from an argument vector.
func (r *Realm) Kind(cell uint64) uint32 {
	if abi.IsFloat(cell) {
		return abi.KindNumber
	}
	switch abi.Tag(cell) {
	case abi.TagInt:
		return abi.KindNumber
	case abi.TagBool:
		return abi.KindBool
	case abi.TagNull:
		return abi.KindNull
	case abi.TagString, abi.TagRope:
		return abi.KindString
	case abi.TagShortBigInt, abi.TagBigInt:
		return abi.KindBigInt
	case abi.TagSymbol:
		return abi.KindSymbol
	case abi.TagObject:
		kind, err := r.In.ObjectKind(abi.Low(cell))
		if err != nil {
			return abi.KindOther
		}
		return kind
	}
	return abi.KindUndefined
}

// Outcome turns the status of a call made in abi.ModeValue into its value, as
// wrapped by the embedder, or its error.
func (r *Realm) Outcome(f *host.Frame, status uint32) (any, error) {
	switch status {
	case abi.StatusUndefined:
		return r.Emb.ValueOf(Undefined{}), nil
	case abi.StatusOK:
		cell, aux := f.Result()
		if !abi.IsFloat(cell) && abi.Tag(cell) == abi.TagRoot {
			return r.Emb.Value(gc.Root{Index: abi.Low(cell), Generation: uint32(aux)}, uint32(aux>>32)), nil
		}
		p, ok, err := r.Primitive(cell)
		if err != nil || !ok {
			return nil, errTape
		}
		return r.Emb.ValueOf(p), nil
	}
	return nil, r.Failure(f)
}

// Failure is the error of a call whose status was abi.StatusThrow.
func (r *Realm) Failure(f *host.Frame) error {
	if err := f.Aborted(); err != nil {
		return err
	}
	tape, err := f.Tape()
	if err != nil {
		return err
	}
	x, err := NewDecoder(r, tape).Exception()
	if err != nil {
		return err
	}
	return r.Emb.Exception(x)
}

// Decoder returns a decoder for the result of a call made in abi.ModeExport: the
// tape, or a record made of the primitive in the result cell.
func (r *Realm) Decoder(f *host.Frame, status uint32) (*Decoder, error) {
	switch status {
	case abi.StatusUndefined:
		return NewDecoder(r, []byte{abi.TapeUndefined}), nil
	case abi.StatusOK:
		cell, _ := f.Result()
		if !abi.IsFloat(cell) && abi.Tag(cell) == abi.TagTape {
			tape, err := f.Tape()
			return NewDecoder(r, tape), err
		}
		return r.CellDecoder(cell)
	}
	return nil, r.Failure(f)
}

// CellDecoder returns a decoder for a primitive cell.
func (r *Realm) CellDecoder(cell uint64) (*Decoder, error) {
	p, ok, err := r.Primitive(cell)
	if err != nil || !ok {
		return nil, errTape
	}
	return r.primitiveDecoder(p)
}

func (r *Realm) primitiveDecoder(p any) (*Decoder, error) {
	var req host.Request
	e := Encoder{R: r, Req: &req}
	if err := e.Value(p); err != nil {
		return nil, err
	}
	return NewDecoder(r, req.Buf), nil
}

// DecodePrimitive lets read have the record of what Primitive returned.
func (r *Realm) DecodePrimitive(p any, read func(*Decoder) error) error {
	d, err := r.primitiveDecoder(p)
	if err != nil {
		return err
	}
	return read(d)
}
