package bridge

import (
	"reflect"
	"strconv"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// intoMap reads an object or a Map into a Go map.
func (d *Decoder) intoMap(tag byte, v reflect.Value, c int) error {
	var p properties
	var err error
	if tag == abi.TapeMap {
		p.n, err = d.count(2)
	} else {
		p, err = d.properties(tag)
	}
	n, t := p.n, v.Type()
	if err == nil {
		err = d.spend(n * costEntry)
	}
	if err == nil {
		err = d.spendArray(2*n, t.Elem())
	}
	if err != nil {
		return err
	}
	m := reflect.MakeMapWithSize(t, n)
	v.Set(m)
	d.remember(c, m)
	for i := range n {
		var k reflect.Value
		var segment string
		if tag == abi.TapeMap {
			k, segment, err = d.valueKey(t.Key(), i)
		} else {
			k, segment, err = d.nameKey(&p, i, t.Key())
		}
		if err != nil {
			return err
		}
		x := reflect.New(t.Elem()).Elem()
		if err := d.into(x); err != nil {
			return at(err, segment)
		}
		m.SetMapIndex(k, x)
	}
	return nil
}

// nameKey reads the i-th property name as a map key. Integer keys must be written as JS
// writes them, so that no two names are one key.
func (d *Decoder) nameKey(p *properties, i int, t reflect.Type) (k reflect.Value, segment string, err error) {
	name, err := d.key(p, i)
	if err != nil {
		return k, "", err
	}
	segment = field(name)
	k = reflect.New(t).Elem()
	switch {
	case t.Kind() == reflect.String:
		k.SetString(name)
		return k, segment, nil
	case t.Kind() == reflect.Interface && reflect.TypeFor[string]().AssignableTo(t):
		k.Set(reflect.ValueOf(name))
		return k, segment, nil
	case k.CanInt():
		i, err := strconv.ParseInt(name, 10, t.Bits())
		if err == nil && strconv.FormatInt(i, 10) == name {
			k.SetInt(i)
			return k, segment, nil
		}
	case k.CanUint():
		u, err := strconv.ParseUint(name, 10, t.Bits())
		if err == nil && strconv.FormatUint(u, 10) == name {
			k.SetUint(u)
			return k, segment, nil
		}
	default:
		return k, "", at(unconvertible("JS property name", "Go "+t.String(), errMapKey), segment)
	}
	return k, "", at(unconvertible("JS property name", "Go "+t.String(), nil), segment)
}

// valueKey reads the key of the n-th entry of a Map.
func (d *Decoder) valueKey(t reflect.Type, n int) (k reflect.Value, segment string, err error) {
	k = reflect.New(t).Elem()
	if err := d.into(k); err != nil {
		return k, "", at(err, index(n))
	}
	if !k.Comparable() {
		return k, "", at(unconvertible("JS Map key", "Go map key", errNotComparable), index(n))
	}
	return k, keyed(k, n), nil
}
