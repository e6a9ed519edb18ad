package bridge

import (
	"reflect"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// intoContainer reads a container whose tag was read.
func (d *Decoder) intoContainer(tag byte, v reflect.Value) (err error) {
	c := d.begin()
	wasOpen := d.refs[c].open
	d.refs[c].open = true
	defer func() { d.refs[c].open = wasOpen }()

	t := v.Type()
	switch {
	case tag == abi.TapeDate && t == timeType:
		date, err := d.date()
		v.Set(reflect.ValueOf(date))
		return err
	case tag == abi.TapeBuffer || tag == abi.TapeTyped:
		return d.intoBytes(tag, v)
	case t == objectType && tag == abi.TapeObject:
		return d.intoObject(v)
	case t == mapType && tag == abi.TapeMap, t == setType && tag == abi.TapeSet:
		return d.intoOrdered(tag, v, c)
	case tag == abi.TapeArray || tag == abi.TapeSet:
		switch t.Kind() {
		case reflect.Slice:
			return d.intoSlice(v, c)
		case reflect.Array:
			return d.intoArray(v)
		}
	case tag == abi.TapeObject && t.Kind() == reflect.Struct && t != timeType && t != bigIntType.Elem():
		return d.intoStruct(v)
	case (tag == abi.TapeObject || tag == abi.TapeMap) && t.Kind() == reflect.Map:
		return d.intoMap(tag, v, c)
	}
	return d.mismatch(tag, t)
}

// remember makes v what later references to container c become.
func (d *Decoder) remember(c int, v reflect.Value) {
	if d.rerun == 0 && !d.refs[c].typed.IsValid() {
		d.refs[c].typed = v
	}
}

func (d *Decoder) intoSlice(v reflect.Value, c int) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	if size := int(v.Type().Elem().Size()); size > 64 && n > len(d.b)/size {
		return d.intoLargeSlice(v, n)
	}
	s := reflect.MakeSlice(v.Type(), n, n)
	v.Set(s)
	d.remember(c, s)
	for i := range n {
		if err := d.Into(s.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

// intoLargeSlice grows with what is read: a few bytes of tape must not make a
// large slice.
func (d *Decoder) intoLargeSlice(v reflect.Value, n int) error {
	s := reflect.MakeSlice(v.Type(), 0, 0)
	for i := range n {
		s = reflect.Append(s, reflect.Zero(v.Type().Elem()))
		if err := d.Into(s.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	v.Set(s)
	return nil
}

func (d *Decoder) intoArray(v reflect.Value) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	if n != v.Len() {
		return unconvertible("JS Array of length "+itoa(n), "Go "+v.Type().String(), nil)
	}
	for i := range n {
		if err := d.Into(v.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

func (d *Decoder) intoStruct(v reflect.Value) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	fields := fieldsOf(v.Type())
	for range n {
		name, err := d.string()
		if err != nil {
			return err
		}
		f, ok := fields.lookup(name)
		if !ok {
			if err := d.skip(); err != nil {
				return err
			}
			continue
		}
		if d.peek() == abi.TapeUndefined {
			d.pos++ // an undefined property is an absent one
			continue
		}
		x, err := fieldByIndex(v, f.index)
		if err != nil {
			return at(err, field(name))
		}
		if err := d.Into(x); err != nil {
			return at(err, field(name))
		}
	}
	return nil
}

// fieldByIndex is reflect's, but makes the embedded pointers on the way.
func fieldByIndex(v reflect.Value, path []int) (reflect.Value, error) {
	for i, x := range path {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !v.CanSet() {
					return v, unconvertible("JS Object", "Go "+v.Type().String(), errUnexported)
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, nil
}

func (d *Decoder) intoMap(tag byte, v reflect.Value, c int) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	t := v.Type()
	m := reflect.MakeMapWithSize(t, n)
	v.Set(m)
	d.remember(c, m)
	for i := range n {
		var k reflect.Value
		segment := index(i)
		if tag == abi.TapeObject {
			name, err := d.string()
			if err != nil {
				return err
			}
			segment = field(name)
			if k, err = mapKey(name, t.Key()); err != nil {
				return at(err, segment)
			}
		} else {
			k = reflect.New(t.Key()).Elem()
			if err := d.Into(k); err != nil {
				return at(err, segment)
			}
			if !k.Comparable() {
				return at(unconvertible("JS Map key", "Go map key", errNotComparable), segment)
			}
		}
		x := reflect.New(t.Elem()).Elem()
		if err := d.Into(x); err != nil {
			return at(err, segment)
		}
		m.SetMapIndex(k, x)
	}
	return nil
}

func (d *Decoder) intoObject(v reflect.Value) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	o := make(Object, n)
	for i := range o {
		if o[i].Key, err = d.string(); err != nil {
			return err
		}
		if o[i].Value, err = d.Any(); err != nil {
			return at(err, field(o[i].Key))
		}
	}
	v.Set(reflect.ValueOf(o))
	return nil
}

// intoOrdered reads a Map or Set as Any does.
func (d *Decoder) intoOrdered(tag byte, v reflect.Value, c int) error {
	d.next = c // the container is begun again
	var x any
	var err error
	if tag == abi.TapeMap {
		x, err = d.anyMap()
	} else {
		x, err = d.anySet()
	}
	if err == nil {
		v.Set(reflect.ValueOf(x))
	}
	return err
}

// intoBytes reads a buffer into a slice or array of numbers.
func (d *Decoder) intoBytes(tag byte, v reflect.Value) error {
	x, err := d.bytes(tag)
	if err != nil {
		return err
	}
	s := reflect.ValueOf(x)
	t := v.Type()
	switch {
	case s.Type() == t:
		v.Set(s)
		return nil
	case t.Kind() == reflect.Slice && s.CanConvert(t):
		v.Set(s.Convert(t))
		return nil
	case t.Kind() == reflect.Array && s.Len() != t.Len(),
		t.Kind() != reflect.Array && t.Kind() != reflect.Slice:
		return d.mismatch(tag, t)
	}
	out := v
	if t.Kind() == reflect.Slice {
		out = reflect.MakeSlice(t, s.Len(), s.Len())
	}
	for i := range s.Len() {
		if err := setElement(out.Index(i), s.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	v.Set(out)
	return nil
}

func setElement(to, from reflect.Value) error {
	switch {
	case from.CanFloat():
		return setNumber(to, from.Float())
	case from.Kind() == reflect.Uint64:
		return setUint(to, from.Uint())
	case from.CanUint():
		return setNumber(to, float64(from.Uint()))
	case from.Kind() == reflect.Int64:
		return setInt(to, from.Int())
	}
	return setNumber(to, float64(from.Int()))
}
