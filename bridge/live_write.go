package bridge

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// slot is a property of a live object that was written to.
type slot struct {
	index int
	name  string // of a map's entry
}

// maxGap is by how much one assignment can lengthen a list.
const maxGap = 1 << 20

// lengthError says that a script would make a list longer than it may become.
type lengthError struct{ length float64 }

func (e *lengthError) Error() string {
	return fmt.Sprintf("qjswasm: a live list cannot get the length %v: it grows by at most %d elements at a time", e.length, maxGap)
}

// convert converts a value into x and accounts for what it takes.
func (o *liveObject) convert(inv *host.Invocation, s slot, value uint64, x reflect.Value) error {
	if x.Type() == o.r.Emb.ValueType() {
		return o.r.own(inv, value, x)
	}
	n := inv.Held()
	if err := o.r.argument(inv, value, x); err != nil {
		return err
	}
	if abi.IsFloat(value) || abi.Tag(value) == abi.TagObject {
		n = inv.Held() - n
	}
	return o.charge(s, n)
}

// own sets v, of the embedder's value type, to a value that stays.
func (r *Realm) own(inv *host.Invocation, cell uint64, v reflect.Value) error {
	f, err := r.In.Enter(inv.Context())
	if err != nil {
		return err
	}
	defer f.Exit()
	f.Req.Reset(1)
	f.Req.SetCell(0, cell)
	status, err := f.Call(host.ValueNew)
	if err != nil {
		return err
	}
	x, err := r.Outcome(f, status)
	if err == nil {
		v.Set(reflect.ValueOf(x))
	}
	return err
}

// charge replaces what a slot was charged with: the bytes that scripts wrote.
func (o *liveObject) charge(s slot, n int64) error {
	in := o.r.In
	if o.epoch != in.Epoch() {
		o.epoch, o.written = in.Epoch(), nil
	}
	old := o.written[s]
	if n > 0 {
		n += costEntry
	}
	if n == old {
		return nil
	}
	if n > old {
		if err := in.Afford(n - old); err != nil {
			return unconvertible("JS value", "Go value", err)
		}
	}
	in.HoldWritten(n - old)
	if n == 0 {
		delete(o.written, s)
		return nil
	}
	if o.written == nil {
		o.written = map[slot]int64{}
	}
	o.written[s] = n
	return nil
}

// setEntry converts a value and makes it an entry of a map.
func (o *liveObject) setEntry(inv *host.Invocation, key, value uint64) error {
	k, name, err := o.mapKey(key)
	if err != nil {
		return err
	}
	x := reflect.New(o.t.t.Elem()).Elem()
	if err := o.convert(inv, slot{name: name}, value, x); err != nil {
		return at(err, field(name))
	}
	if !o.v.MapIndex(k).IsValid() {
		size := int64(costEntry + len(name) + int(o.t.t.Elem().Size()))
		if err := o.r.In.Afford(size); err != nil {
			return at(unconvertible("JS value", "Go value", err), field(name))
		}
		o.r.In.HoldWritten(size)
	}
	if o.v.IsNil() {
		o.v.Set(reflect.MakeMap(o.t.t))
	}
	o.v.SetMapIndex(k, x)
	return nil
}

// resize sets the length of a list.
func (o *liveObject) resize(length uint64) (ok bool, err error) {
	f, ok := cellNumber(length)
	if !ok || f != math.Trunc(f) || !(f >= 0 && f < 1<<32) {
		return false, &lengthError{f}
	}
	n := int(f)
	switch {
	case n == o.v.Len():
		return true, nil
	case o.fixed:
		return false, nil
	case n > o.v.Len():
		return true, o.grow(n)
	}
	for i := n; i < o.v.Len(); i++ {
		o.v.Index(i).SetZero()
		if len(o.written) > 0 {
			if err := o.charge(slot{index: i}, 0); err != nil {
				return false, err
			}
		}
	}
	o.v.SetLen(n)
	return true, nil
}

// grow makes a list n elements long. The new ones are zero.
func (o *liveObject) grow(n int) error {
	old, room := o.v.Len(), o.v.Cap()
	if n > old+maxGap {
		return &lengthError{float64(n)}
	}
	if n > room {
		room = max(n, room+room/4+8)
		size := int64(room-o.v.Cap()) * int64(o.t.t.Elem().Size())
		if err := o.r.In.Afford(size); err != nil {
			return unconvertible("JS value", "Go "+o.t.t.String(), err)
		}
		o.r.In.HoldWritten(size)
		s := reflect.MakeSlice(o.t.t, old, room)
		reflect.Copy(s, o.v)
		o.v.Set(s)
	}
	o.v.SetLen(n)
	for i := old; i < n; i++ {
		o.v.Index(i).SetZero()
	}
	return nil
}

// sortedKeys returns a map's keys in order.
func (o *liveObject) sortedKeys() []reflect.Value {
	keys := o.v.MapKeys()
	slices.SortFunc(keys, compareKeys)
	return keys
}

// liveMap appends a map as an object.
func (e *Encoder) liveMap(o *liveObject) error {
	keys := o.sortedKeys()
	_, _ = e.begin(abi.TapeObject, identity{})
	e.u32(uint32(len(keys)))
	for _, k := range keys {
		name := keyName(k)
		e.string(name)
		if err := e.liveValue(o.v.MapIndex(k)); err != nil {
			return at(err, field(name))
		}
	}
	e.end()
	return nil
}

// entries returns a map's keys, or its keys and values in pairs.
func (o *liveObject) entries(inv *host.Invocation, values bool) uint32 {
	e := Encoder{R: o.r, Req: inv.ReturnTape()}
	keys := o.sortedKeys()
	_, _ = e.begin(abi.TapeArray, identity{})
	e.u32(uint32(len(keys)))
	for _, k := range keys {
		if values {
			_, _ = e.begin(abi.TapeArray, identity{})
			e.u32(2)
			_ = e.reflect(k) // a string or an integer
			if err := e.liveValue(o.v.MapIndex(k)); err != nil {
				return o.r.Emb.Throw(inv, at(err, field(keyName(k))))
			}
			e.end()
			continue
		}
		e.string(keyName(k))
	}
	return abi.StatusOK
}

// keyName is the property name for a map's key.
func keyName(k reflect.Value) string {
	switch {
	case k.CanInt():
		return fmt.Sprint(k.Int())
	case k.CanUint():
		return fmt.Sprint(k.Uint())
	}
	return k.String()
}
