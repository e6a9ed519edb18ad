package bridge

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// mapKey reads the key of an entry, and its name.
func (o *liveObject) mapKey(key uint64) (k reflect.Value, name string, err error) {
	if f, ok := cellNumber(key); ok {
		name = strconv.FormatInt(int64(f), 10)
	} else {
		t, err := o.r.text(key)
		if err != nil {
			return k, "", err
		}
		name = t.String()
	}
	k = reflect.New(o.t.t.Key()).Elem()
	switch {
	case k.Kind() == reflect.String:
		k.SetString(name)
		return k, name, nil
	case k.CanInt():
		i, err := strconv.ParseInt(name, 10, k.Type().Bits())
		if err == nil && strconv.FormatInt(i, 10) == name {
			k.SetInt(i)
			return k, name, nil
		}
	default:
		u, err := strconv.ParseUint(name, 10, k.Type().Bits())
		if err == nil && strconv.FormatUint(u, 10) == name {
			k.SetUint(u)
			return k, name, nil
		}
	}
	return k, name, at(unconvertible("JS property name", "Go "+k.Type().String(), nil), field(name))
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

// sortedKeys returns a map's keys in order.
func (o *liveObject) sortedKeys() []reflect.Value {
	keys := o.v.MapKeys()
	slices.SortFunc(keys, compareKeys)
	return keys
}

// liveMap appends a map as an object.
func (e *Encoder) liveMap(o *liveObject) error {
	if _, err := e.begin(abi.TapeObject, identity{}); err != nil {
		return err
	}
	keys := o.sortedKeys()
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
	if err := e.liveEntries(o, values); err != nil {
		return o.r.Emb.Throw(inv, err)
	}
	return abi.StatusOK
}

func (e *Encoder) liveEntries(o *liveObject, values bool) error {
	if _, err := e.begin(abi.TapeArray, identity{}); err != nil {
		return err
	}
	keys := o.sortedKeys()
	e.u32(uint32(len(keys)))
	for _, k := range keys {
		if !values {
			e.string(keyName(k))
			continue
		}
		if _, err := e.begin(abi.TapeArray, identity{}); err != nil {
			return err
		}
		e.u32(2)
		err := e.reflect(k)
		if err == nil {
			err = e.liveValue(o.v.MapIndex(k))
		}
		if err != nil {
			return at(err, field(keyName(k)))
		}
		e.end()
	}
	e.end()
	return nil
}

// keyName is the property name for a map's key.
func keyName(k reflect.Value) string {
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10)
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10)
	}
	return k.String()
}
