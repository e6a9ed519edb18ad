package bridge

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// property appends a value, after its key unless that is part of the shape.
func (e *Encoder) property(key string, v any, shaped bool) error {
	if !shaped {
		e.string(key)
	}
	e.Name = key
	if err := e.Value(v); err != nil {
		return at(err, field(key))
	}
	return nil
}

func (e *Encoder) object(o Object, id identity) error {
	if done, err := e.begin(abi.TapeRecord, id); done || err != nil {
		return err
	}
	keys := make([]string, len(o))
	for i := range o {
		keys[i] = o[i].Key
	}
	shaped := e.keys(keys)
	for _, p := range o {
		if err := e.property(p.Key, p.Value, shaped); err != nil {
			return err
		}
	}
	e.end()
	return nil
}

func (e *Encoder) mapEntries(m Map, id identity) error {
	if done, err := e.begin(abi.TapeMap, id); done || err != nil {
		return err
	}
	e.u32(uint32(len(m)))
	for i, x := range m {
		for _, part := range [2]any{x.Key, x.Value} {
			e.Name = ""
			if err := e.Value(part); err != nil {
				return at(err, keyed(reflect.ValueOf(x.Key), i))
			}
		}
	}
	e.end()
	return nil
}

// Go maps are encoded in the order of their keys: iteration order must not leak
// into scripts, which are to be reproducible.

func (e *Encoder) anyMap(m map[string]any) error {
	if m == nil {
		e.tag(abi.TapeNull)
		return nil
	}
	if done, err := e.begin(abi.TapeRecord, identity{reflect.ValueOf(m).Pointer(), 0, anyMapType}); done || err != nil {
		return err
	}
	base := len(e.shapes.values)
	keys, shaped := e.sameKeys(m)
	if !shaped {
		keys = slices.Sorted(maps.Keys(m))
		shaped = e.keys(keys)
		for _, k := range keys {
			e.shapes.values = append(e.shapes.values, m[k])
		}
	}
	for i, k := range keys {
		if err := e.property(k, e.shapes.values[base+i], shaped); err != nil {
			return err
		}
	}
	clear(e.shapes.values[base:])
	e.shapes.values = e.shapes.values[:base]
	e.end()
	return nil
}

// mapping appends a map that is not nil: an object if its keys are strings, else
// a Map.
func (e *Encoder) mapping(v reflect.Value) error {
	t := v.Type()
	if m := marshallingOf(t.Key()); m != nil && m.toText != nil {
		return e.textMapping(v, m)
	}
	tag := byte(abi.TapeMap)
	if t.Key().Kind() == reflect.String {
		tag = abi.TapeRecord
	}
	if done, err := e.begin(tag, identity{v.Pointer(), 0, t}); done || err != nil {
		return err
	}
	entries := make([][2]reflect.Value, 0, v.Len())
	for i := v.MapRange(); i.Next(); { // a NaN key cannot be looked up again
		entries = append(entries, [2]reflect.Value{i.Key(), i.Value()})
	}
	slices.SortFunc(entries, func(a, b [2]reflect.Value) int { return compareKeys(a[0], b[0]) })
	if tag == abi.TapeRecord {
		return e.namedEntries(entries)
	}
	e.u32(uint32(len(entries)))
	for i, x := range entries {
		for _, part := range x {
			e.Name = ""
			if err := e.reflect(part); err != nil {
				return at(err, keyed(x[0], i))
			}
		}
	}
	e.end()
	return nil
}

// namedEntries appends the entries of a map that becomes a plain object.
func (e *Encoder) namedEntries(entries [][2]reflect.Value) error {
	keys := make([]string, len(entries))
	for i := range entries {
		keys[i] = entries[i][0].String()
	}
	shaped := e.keys(keys)
	for i, k := range keys {
		if !shaped {
			e.string(k)
		}
		e.Name = k
		if err := e.reflect(entries[i][1]); err != nil {
			return at(err, field(k))
		}
	}
	e.end()
	return nil
}

// compareKeys orders map keys by value. Pointers have no order that is the same
// in every run.
func compareKeys(a, b reflect.Value) int {
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if c := compareContents(a, b); c != 0 || !a.IsValid() || a.Type() == b.Type() {
		return c
	}
	return cmp.Compare(a.Type().String(), b.Type().String()) // equal in JS: the last one wins, the same each time
}

func compareContents(a, b reflect.Value) int {
	switch {
	case a.Kind() != b.Kind():
		return cmp.Compare(a.Kind(), b.Kind())
	case a.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.Bool:
		return cmp.Compare(truth(a.Bool()), truth(b.Bool()))
	case a.Kind() == reflect.Struct && a.Type() == b.Type():
		for i := range a.NumField() {
			if c := compareKeys(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
	case a.Kind() == reflect.Array && a.Type() == b.Type():
		for i := range a.Len() {
			if c := compareKeys(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	}
	return 0
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
