package bridge

import (
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Primitive reads a cell that holds a primitive: Undefined, nil, bool, float64,
// *big.Int or Text. ok is false for objects and symbols.
func (r *Realm) Primitive(cell uint64) (p any, ok bool, err error) {
	x, ok, err := r.cell(cell)
	if !ok || err != nil {
		return nil, ok, err
	}
	return x.boxed(), true, nil
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
		if root, ok := resultRoot(cell, aux); ok {
			if err := r.In.Afford(host.CostValue); err != nil {
				r.In.Releases.Push(root)
				return nil, err
			}
			return r.Emb.Value(root, uint32(aux>>32)), nil
		}
		p, ok, err := r.Primitive(cell)
		if err == nil && !ok {
			err = errTape
		}
		if err != nil {
			return nil, r.judge(err)
		}
		return r.Emb.ValueOf(p), nil
	}
	return nil, r.Failure(f)
}

func resultRoot(cell, aux uint64) (gc.Root, bool) {
	ok := !abi.IsFloat(cell) && abi.Tag(cell) == abi.TagRoot
	return gc.Root{Index: abi.Low(cell), Generation: uint32(aux)}, ok
}

// discard ends a call made in abi.ModeValue whose value nobody wants.
func (r *Realm) discard(f *host.Frame, status uint32) error {
	switch status {
	case abi.StatusUndefined:
		return nil
	case abi.StatusOK:
		if root, ok := resultRoot(f.Result()); ok {
			r.In.Releases.Push(root)
		}
		return nil
	}
	return r.Failure(f)
}

// Failure is the error of a call whose status was abi.StatusThrow.
func (r *Realm) Failure(f *host.Frame) error {
	aborted := f.Aborted()
	tape, err := f.Tape()
	if err != nil {
		return err
	}
	x, err := NewDecoder(r, tape).Exception()
	if err != nil {
		return err
	}
	if x.Flags&abi.ErrorUncatchable != 0 { // and not one that came while an exception was told
		x.Aborted = aborted
	}
	return r.Emb.Exception(x)
}

// judge makes the error of a malformed tape the end of the guest that wrote it.
func (r *Realm) judge(err error) error {
	if err == errTape {
		return r.In.Corrupt("malformed tape")
	}
	return err
}

// Decoder returns a decoder for the result of a call made in abi.ModeExport: the
// tape, or the primitive in the result cell.
func (r *Realm) Decoder(f *host.Frame, status uint32) (*Decoder, error) {
	switch status {
	case abi.StatusUndefined:
		return &Decoder{R: r, single: &primitive{tag: abi.TapeUndefined}}, nil
	case abi.StatusOK:
		cell, _ := f.Result()
		if !abi.IsFloat(cell) && abi.Tag(cell) == abi.TagTape {
			tape, err := f.Tape()
			return NewDecoder(r, tape), err
		}
		p, ok, err := r.cell(cell)
		if err == nil && !ok {
			err = errTape
		}
		return &Decoder{R: r, single: &p}, r.judge(err)
	}
	return nil, r.Failure(f)
}

// DecodePrimitive lets read have what Primitive returned.
func (r *Realm) DecodePrimitive(p any, read func(*Decoder) error) error {
	x := unbox(p)
	return read(&Decoder{R: r, single: &x})
}
