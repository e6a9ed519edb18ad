package bridge

import (
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// direct returns the value that Peek and Poke can use, and how.
func (o *liveObject) direct(key uint64) (reflect.Value, access) {
	if abi.IsFloat(key) || abi.Tag(key) != abi.TagInt {
		return reflect.Value{}, accessGeneral
	}
	i := uint64(abi.Low(key))
	switch o.t.kind {
	case abi.LiveStruct:
		if i < uint64(len(o.t.fields)) {
			if f := &o.t.fields[i]; f.access != accessGeneral {
				return o.v.Field(f.direct), f.access
			}
		}
	case abi.LiveList:
		if o.t.elem != accessGeneral && i < uint64(o.v.Len()) {
			return o.v.Index(int(i)), o.t.elem
		}
	}
	return reflect.Value{}, accessGeneral
}

// Peek: see host.Live.
func (o *liveObject) Peek(key uint64) (cell uint64, ok bool) {
	v, how := o.direct(key)
	switch how {
	case accessBool:
		return abi.BoxBool(v.Bool()), true
	case accessInt:
		return integerCell(v.Int())
	case accessUint:
		if u := v.Uint(); u <= maxSafe {
			return integerCell(int64(u))
		}
	case accessFloat:
		return abi.BoxNumber(v.Float()), true
	}
	return 0, false
}

// Poke: see host.Live.
func (o *liveObject) Poke(key, value uint64) bool {
	v, how := o.direct(key)
	if how == accessGeneral || o.t.kind == abi.LiveStruct && o.t.fields[abi.Low(key)].readOnly {
		return false
	}
	if abi.IsFloat(value) {
		f := abi.Float(value)
		if how != accessFloat || v.OverflowFloat(f) {
			return false
		}
		v.SetFloat(f)
		return true
	}
	n := int64(int32(abi.Low(value)))
	switch abi.Tag(value) {
	case abi.TagInt:
		switch {
		case how == accessInt && !v.OverflowInt(n):
			v.SetInt(n)
			return true
		case how == accessUint && n >= 0 && !v.OverflowUint(uint64(n)):
			v.SetUint(uint64(n))
			return true
		case how == accessFloat:
			v.SetFloat(float64(n))
			return true
		}
	case abi.TagBool:
		if how == accessBool {
			v.SetBool(n != 0)
			return true
		}
	}
	return false
}

// Do: see host.Live.
func (o *liveObject) Do(inv *host.Invocation, op uint32, key, value uint64) uint32 {
	switch op {
	case abi.LiveGet:
		v, ok := o.get(key)
		switch {
		case !ok:
			return abi.StatusUndefined
		case !v.IsValid(): // inside a nil embedded pointer
			return inv.Return(abi.Undefined)
		case v.Kind() == reflect.String && !v.Type().Implements(errorType):
			return ReturnString(inv, v.String())
		}
		return o.r.liveReturn(inv, v)
	case abi.LiveHas:
		_, ok := o.get(key)
		return inv.Return(abi.BoxBool(ok))
	case abi.LiveLength:
		if o.t.kind == abi.LiveList {
			c, _ := integerCell(int64(o.v.Len()))
			return inv.Return(c)
		}
	case abi.LiveSet:
		ok, err := o.set(inv, key, value)
		return o.answer(inv, ok, err)
	case abi.LiveDelete:
		return o.answer(inv, true, o.remove(key))
	case abi.LiveResize:
		if o.t.kind == abi.LiveList {
			ok, err := o.resize(value)
			return o.answer(inv, ok, err)
		}
	case abi.LiveSnapshot:
		return o.snapshot(inv)
	case abi.LiveKeys, abi.LiveEntries:
		if o.t.kind == abi.LiveMap {
			return o.entries(inv, op == abi.LiveEntries)
		}
	}
	_ = o.r.In.Corrupt("unknown operation on a live object")
	return abi.StatusAbort
}

func (o *liveObject) answer(inv *host.Invocation, ok bool, err error) uint32 {
	if l, tooLong := err.(*lengthError); tooLong {
		return inv.Throw(host.RangeError, l)
	}
	if err != nil {
		return o.r.Emb.Throw(inv, err)
	}
	return inv.Return(abi.BoxBool(ok))
}

// get returns the property of a key. It is invalid if it is there but its variable
// is not.
func (o *liveObject) get(key uint64) (v reflect.Value, ok bool) {
	switch o.t.kind {
	case abi.LiveStruct:
		i, ok := liveIndex(key, len(o.t.fields))
		if !ok {
			return v, false
		}
		v, err := o.v.FieldByIndexErr(o.t.fields[i].index)
		if err != nil {
			v = reflect.Value{}
		}
		return v, true
	case abi.LiveList:
		i, ok := liveIndex(key, o.v.Len())
		if !ok {
			return v, false
		}
		return o.v.Index(i), true
	}
	k, _, err := o.mapKey(key)
	if err != nil {
		return v, false
	}
	v = o.v.MapIndex(k)
	return v, v.IsValid()
}

// liveIndex reads a key that is a number below n.
func liveIndex(key uint64, n int) (int, bool) {
	f, ok := cellNumber(key)
	if !ok || !(f >= 0 && f < float64(n)) {
		return 0, false
	}
	return int(f), true
}

func cellNumber(c uint64) (float64, bool) {
	if abi.IsFloat(c) {
		return abi.Float(c), true
	}
	return float64(int32(abi.Low(c))), abi.Tag(c) == abi.TagInt
}

// snapshot returns a copy one level deep.
func (o *liveObject) snapshot(inv *host.Invocation) uint32 {
	e := Encoder{R: o.r, Req: inv.ReturnTape()}
	var err error
	switch o.t.kind {
	case abi.LiveStruct:
		err = e.liveStruct(o)
	case abi.LiveMap:
		err = e.liveMap(o)
	default:
		err = e.liveList(o)
	}
	if err != nil {
		return o.r.Emb.Throw(inv, err)
	}
	return abi.StatusOK
}

// liveStruct appends a struct as an object.
func (e *Encoder) liveStruct(o *liveObject) error {
	if _, err := e.begin(abi.TapeObject, identity{}); err != nil {
		return err
	}
	e.u32(uint32(len(o.t.fields)))
	for i := range o.t.fields {
		e.string(o.t.fields[i].name)
		v, err := o.v.FieldByIndexErr(o.t.fields[i].index)
		if err != nil { // inside a nil embedded pointer
			e.tag(abi.TapeUndefined)
			continue
		}
		if err := e.liveValue(v); err != nil {
			return at(err, field(o.t.fields[i].name))
		}
	}
	e.end()
	return nil
}
