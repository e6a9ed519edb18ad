package bridge

import (
	"reflect"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// shape is what the objects of a tape that have the same keys have in common. The
// tape has the keys with the first of them.
type shape struct {
	pos, end int // of the keys
	n        int
	keys     []string // nil until they are wanted
	plans    []shapePlan
}

// shapePlan is how objects of a shape become structs of a type: the field for
// each key, nil for none.
type shapePlan struct {
	t      reflect.Type
	fields []*structField
}

// properties are those of the plain object that is being read: n values of a
// shape, or n pairs of key and value if there is none.
type properties struct {
	n     int
	shape *shape
}

// properties reads what follows the tag of a plain object up to its first
// property.
func (d *Decoder) properties(tag byte) (properties, error) {
	switch tag {
	case abi.TapeShape:
		return d.define()
	case abi.TapeRecord:
		index, err := d.u32()
		if err != nil || uint64(index) >= uint64(len(d.shapes)) {
			return properties{}, errTape
		}
		s := d.shapes[index]
		n, err := d.items(uint32(s.n), 1)
		return properties{n, s}, err
	}
	n, err := d.count(6) // a string's tag and length, and a value's tag
	return properties{n: n}, err
}

// define reads a shape, which is new unless the record is read again.
func (d *Decoder) define() (properties, error) {
	index, err := d.u32()
	if err != nil {
		return properties{}, err
	}
	n, err := d.count(6)
	if err != nil {
		return properties{}, err
	}
	known := uint64(len(d.shapes))
	switch {
	case n > abi.ShapeMax, uint64(index) > known:
		return properties{}, errTape
	case uint64(index) < known:
		s := d.shapes[index]
		if s.pos != d.pos {
			return properties{}, errTape
		}
		d.pos = s.end
		return properties{n, s}, nil
	}
	s := &shape{pos: d.pos, n: n}
	if err := d.spend(costShape); err != nil {
		return properties{}, err
	}
	for range n {
		tag, err := d.tag()
		if err != nil {
			return properties{}, err
		}
		if _, err := d.units(tag); err != nil {
			return properties{}, err
		}
	}
	s.end = d.pos
	d.shapes = append(d.shapes, s)
	return properties{n, s}, nil
}

// names returns the keys of a shape. All objects of the shape share them.
func (d *Decoder) names(s *shape) ([]string, error) {
	if s.keys != nil || s.n == 0 {
		return s.keys, nil
	}
	if err := d.spend(16 * s.n); err != nil {
		return nil, err
	}
	keys := make([]string, s.n)
	pos := d.pos
	d.pos = s.pos
	for i := range keys {
		var err error
		if keys[i], err = d.string(); err != nil {
			return nil, err
		}
	}
	d.pos = pos
	s.keys = keys
	return keys, nil
}

// key reads, or recalls, the i-th key.
func (d *Decoder) key(p *properties, i int) (string, error) {
	if p.shape == nil {
		return d.string()
	}
	if p.shape.keys == nil {
		if _, err := d.names(p.shape); err != nil {
			return "", err
		}
	}
	return p.shape.keys[i], nil
}

// plan returns the fields of a struct type for the keys of a shape.
func (d *Decoder) plan(s *shape, t reflect.Type) ([]*structField, error) {
	for i := range s.plans {
		if s.plans[i].t == t {
			return s.plans[i].fields, nil
		}
	}
	keys, err := d.names(s)
	if err == nil {
		err = d.spend(costShape + 8*s.n)
	}
	if err != nil {
		return nil, err
	}
	fields := make([]*structField, s.n)
	all := fieldsOf(t)
	for i, k := range keys {
		if f, ok := all.lookup(k); ok {
			fields[i] = f
		}
	}
	s.plans = append(s.plans, shapePlan{t, fields})
	return fields, nil
}

// costShape is what the decoder's note of a shape takes, and of a plan, in bytes.
const costShape = 128
