package bridge

import (
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// slot is a property of a live object that was written to.
type slot struct {
	index int
	name  string // of a map's entry
}

// set converts a value and assigns it. ok is false if there can be no such
// property.
func (o *liveObject) set(inv *host.Invocation, key, value uint64) (ok bool, err error) {
	switch o.t.kind {
	case abi.LiveStruct:
		i, ok := liveIndex(key, len(o.t.fields))
		if !ok || o.t.fields[i].readOnly {
			return false, nil
		}
		f := &o.t.fields[i]
		v, err := fieldByIndex(o.v, f.index)
		if err == nil {
			err = o.assign(inv, slot{index: i}, value, v)
		}
		return true, at(err, field(f.name))
	case abi.LiveMap:
		return true, o.setEntry(inv, key, value)
	}
	f, ok := cellNumber(key)
	if !ok || !(f >= 0 && f < 1<<32) {
		return false, nil
	}
	i := int(f)
	x := reflect.New(o.t.t.Elem()).Elem()
	if i < o.v.Len() {
		return true, at(o.assign(inv, slot{index: i}, value, o.v.Index(i)), index(i))
	}
	if o.fixed {
		return false, nil
	}
	if err := at(o.convert(inv, slot{index: i}, value, x), index(i)); err != nil {
		return true, err
	}
	if err := o.grow(i + 1); err != nil {
		return true, err
	}
	o.v.Index(i).Set(x)
	return true, nil
}

// assign converts a value into v, which stays as it is if that fails.
func (o *liveObject) assign(inv *host.Invocation, s slot, value uint64, v reflect.Value) error {
	x := reflect.New(v.Type()).Elem()
	err := o.convert(inv, s, value, x)
	if err == nil {
		o.r.detach(v)
		v.Set(x)
	}
	return err
}

// convert converts a value into x and accounts for what it takes.
func (o *liveObject) convert(inv *host.Invocation, s slot, value uint64, x reflect.Value) error {
	n := inv.Held()
	if own, err := o.read(inv, value, x); own || err != nil {
		return err
	}
	if abi.IsFloat(value) || abi.Tag(value) == abi.TagObject {
		n = inv.Held() - n
	}
	return o.chargeFor(s, n, flat(x))
}

// read is the part of convert that may run the program's own code or enter the guest. own is
// true for a Value, which is accounted for where it lives.
func (o *liveObject) read(inv *host.Invocation, value uint64, x reflect.Value) (own bool, err error) {
	inv.Lend()
	defer inv.Reclaim()
	if x.Type() == o.r.Emb.ValueType() {
		return true, o.r.own(inv, value, x)
	}
	return false, o.r.argument(inv, value, x)
}

// flat tells whether nothing else can refer to what is in v, which then is free once
// v is assigned to again. The object for a struct or list that was assigned to may
// keep the old contents.
func flat(v reflect.Value) bool {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.UnsafePointer,
		reflect.Interface, reflect.Array, reflect.Struct:
		return false
	case reflect.Slice:
		return v.Type().Elem().Kind() == reflect.Uint8
	}
	return true
}

// own sets v, of the embedder's value type, to a value that stays.
func (r *Realm) own(inv *host.Invocation, cell uint64, v reflect.Value) error {
	x, err := r.owned(inv, cell)
	if err == nil {
		v.Set(reflect.ValueOf(x))
	}
	return err
}

// charge replaces what a slot was charged with: the bytes that scripts wrote.
func (o *liveObject) charge(s slot, n int64) error { return o.chargeFor(s, n, true) }

// chargeFor is charge for what may be referred to from elsewhere, if it is not
// flat: that counts until the entry ends, whatever the slot holds later.
func (o *liveObject) chargeFor(s slot, n int64, flat bool) error {
	in := o.r.In
	if o.epoch != in.Epoch() {
		o.epoch, o.written = in.Epoch(), nil
	}
	old := o.written[s]
	if n > 0 {
		n += costEntry
	}
	if n == old && (flat || n == 0) {
		return nil
	}
	if n > old {
		if err := in.Afford(n - old); err != nil {
			return unconvertible("JS value", "Go value", err)
		}
	}
	in.HoldWritten(n - old)
	if n == 0 || !flat {
		delete(o.written, s)
		return nil
	}
	if o.written == nil {
		o.written = map[slot]int64{}
	}
	o.written[s] = n
	return nil
}

// remove deletes an entry; an element of a list becomes zero.
func (o *liveObject) remove(key uint64) error {
	switch o.t.kind {
	case abi.LiveMap:
		k, name, err := o.mapKey(key)
		if err == nil && !o.v.IsNil() {
			o.v.SetMapIndex(k, reflect.Value{})
			return o.charge(slot{name: name}, 0)
		}
	case abi.LiveList:
		if i, ok := liveIndex(key, o.v.Len()); ok {
			o.r.detach(o.v.Index(i))
			o.v.Index(i).SetZero()
			return o.charge(slot{index: i}, 0)
		}
	}
	return nil
}
