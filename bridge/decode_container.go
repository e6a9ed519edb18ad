package bridge

import (
	"reflect"
	"strconv"
	"time"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// exportType is the type of what any makes of a container whose parts are values.
func exportType(tag byte) reflect.Type {
	switch tag {
	case abi.TapeArray:
		return anySliceType
	case abi.TapeObject, abi.TapeShape, abi.TapeRecord:
		return anyMapType
	case abi.TapeMap:
		return mapType
	case abi.TapeSet:
		return setType
	}
	return nil
}

// intoContainer reads a container into a type that is no pointer or interface.
func (d *Decoder) intoContainer(tag byte, v reflect.Value) error {
	t := v.Type()
	if d.recalled(v) {
		return d.skip()
	}
	if t == exportType(tag) {
		x, err := d.any()
		if err == nil {
			v.Set(reflect.ValueOf(x))
		}
		return err
	}
	c := d.begin()
	err := d.intoBegun(tag, v, c)
	if err == nil {
		d.finish(c)
	}
	return err
}

// intoBegun reads container c, whose tag was read.
func (d *Decoder) intoBegun(tag byte, v reflect.Value, c int) error {
	t := v.Type()
	switch tag {
	case abi.TapeDate:
		if t == timeType {
			date, err := d.date()
			*v.Addr().Interface().(*time.Time) = date
			return err
		}
	case abi.TapeRegExp:
		if t == regExpType {
			x, err := d.regExp()
			v.Set(reflect.ValueOf(x))
			return err
		}
	case abi.TapeBuffer, abi.TapeTyped:
		return d.intoBytes(tag, v, c)
	case abi.TapeArray, abi.TapeSet:
		switch t.Kind() {
		case reflect.Slice:
			return d.intoSlice(v, c)
		case reflect.Array:
			return d.intoArray(v)
		}
	case abi.TapeObject, abi.TapeShape, abi.TapeRecord, abi.TapeMap:
		switch {
		case t == objectType && isObject(tag):
			return d.intoObject(tag, v, c)
		case t.Kind() == reflect.Map:
			return d.intoMap(tag, v, c)
		case t.Kind() == reflect.Struct && isObject(tag) && !isLeaf(t) && !isText(t):
			return d.intoStruct(tag, v)
		}
	}
	return mismatch(tag, t)
}

func (d *Decoder) intoSlice(v reflect.Value, c int) error {
	n, err := d.count(1)
	t := v.Type()
	if err == nil {
		err = d.spendArray(n, t.Elem())
	}
	if err != nil {
		return err
	}
	if !d.affordable(n, t.Elem()) {
		return d.intoLargeSlice(v, c, n)
	}
	s := reflect.MakeSlice(t, n, max(n, 1)) // with an identity even if it is empty
	v.Set(s)
	d.remember(c, s)
	for i := range n {
		if err := d.into(s.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

// intoLargeSlice grows with what is read: a few bytes of tape must not make a
// large slice. It has no identity meanwhile, so it cannot contain itself.
func (d *Decoder) intoLargeSlice(v reflect.Value, c, n int) error {
	s := reflect.MakeSlice(v.Type(), 0, 0)
	d.growing = append(d.growing, growing{c, v.Type()})
	defer func() { d.growing = d.growing[:len(d.growing)-1] }()
	for i := range n {
		s = reflect.Append(s, reflect.Zero(v.Type().Elem()))
		if err := d.into(s.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	v.Set(s)
	d.remember(c, s)
	return nil
}

// growing is a container that is being read into a slice which has no identity yet.
type growing struct {
	c int
	t reflect.Type
}

func (d *Decoder) intoArray(v reflect.Value) error {
	n, err := d.count(1)
	if err != nil {
		return err
	}
	if n != v.Len() {
		return unconvertible("JS Array of length "+strconv.Itoa(n), "Go "+v.Type().String(), nil)
	}
	for i := range n {
		if err := d.into(v.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

func (d *Decoder) intoStruct(tag byte, v reflect.Value) error {
	if v.Type() == d.R.Emb.ValueType().Elem() {
		return unconvertible("JS "+kindNames[tag], "Go "+v.Type().String(), errByValue)
	}
	p, err := d.properties(tag)
	if err != nil {
		return err
	}
	if p.shape != nil {
		return d.intoRecord(p.shape, v)
	}
	fields := fieldsOf(v.Type())
	for range p.n {
		name, err := d.string()
		if err != nil {
			return err
		}
		f, _ := fields.lookup(name)
		if err := d.intoField(v, f); err != nil {
			return at(err, field(name))
		}
	}
	return nil
}

// intoRecord reads an object of a shape, whose keys were resolved to fields once.
func (d *Decoder) intoRecord(s *shape, v reflect.Value) error {
	fields, err := d.plan(s, v.Type())
	if err != nil {
		return err
	}
	for i, f := range fields {
		if err := d.intoField(v, f); err != nil {
			return at(err, field(s.keys[i]))
		}
	}
	return nil
}

// intoField reads a property into a field of v, none if f is nil.
func (d *Decoder) intoField(v reflect.Value, f *structField) error {
	if f == nil || d.peek() == abi.TapeUndefined { // an undefined property is an absent one
		return d.skip()
	}
	if len(f.index) == 1 {
		return d.into(v.Field(f.index[0]))
	}
	x, err := fieldByIndex(v, f.index)
	if err != nil {
		return err
	}
	return d.into(x)
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

// intoObject reads an object as Any does, but in order.
func (d *Decoder) intoObject(tag byte, v reflect.Value, c int) error {
	p, err := d.properties(tag)
	if err == nil {
		err = d.spend(32 * p.n)
	}
	if err != nil {
		return err
	}
	o := make(Object, p.n, max(p.n, 1))
	x := reflect.ValueOf(o)
	v.Set(x)
	d.remember(c, x)
	for i := range o {
		if o[i].Key, err = d.key(&p, i); err != nil {
			return err
		}
		if o[i].Value, err = d.any(); err != nil {
			return at(err, field(o[i].Key))
		}
	}
	return nil
}
