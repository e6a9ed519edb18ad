package bridge

import (
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// encoderShapes are the shapes whose keys a tape has already.
type encoderShapes struct {
	count   uint32
	last    structShape // the one that was used last
	lastID  uint32      // its number
	structs map[structShape]uint32
	keys    []keyShape // of maps and Objects, those that were used first
	next    int        // which of keys is replaced
	values  []any      // of the maps that are being written
}

// structShape is a struct type, less the fields that are left out.
type structShape struct {
	fields  *structFields
	omitted uint64 // a bit per field
}

// keyShape is a list of keys, in order.
type keyShape struct {
	keys   []string
	sorted bool
	id     uint32
}

// maxKeyShapes is how many lists of keys are compared with before an object is
// written.
const maxKeyShapes = 8

// newShape turns the tag of a record, written last, into that of the first object
// of a shape. The keys follow.
func (e *Encoder) newShape(n int) (id uint32) {
	e.Req.Buf[len(e.Req.Buf)-1] = abi.TapeShape
	id = e.shapes.count
	e.shapes.count++
	e.u32(id)
	e.u32(uint32(n))
	return id
}

// structKeys writes which shape a struct has.
func (e *Encoder) structKeys(s structShape) {
	x := &e.shapes
	if x.last == s {
		e.u32(x.lastID)
		return
	}
	id, ok := x.structs[s]
	if ok {
		e.u32(id)
	} else {
		id = e.newShape(s.count())
		for i := range s.fields.list {
			if s.has(i) {
				e.string(s.fields.list[i].name)
			}
		}
		if x.structs == nil {
			x.structs = map[structShape]uint32{}
		}
		x.structs[s] = id
	}
	x.last, x.lastID = s, id
}

func (s *structShape) has(i int) bool { return i >= 64 || s.omitted>>i&1 == 0 }

func (s *structShape) count() int {
	n := 0
	for i := range s.fields.list {
		if s.has(i) {
			n++
		}
	}
	return n
}

// recordOf returns the shape of a struct; ok is false if it has none.
func recordOf(f *structFields, v reflect.Value) (s structShape, ok bool) {
	s.fields = f
	if !f.optional {
		return s, f.shaped
	}
	if !f.shaped || len(f.list) > 64 {
		return s, false
	}
	for i := range f.list {
		if x, err := v.FieldByIndexErr(f.list[i].index); err != nil || f.list[i].omits(x) {
			s.omitted |= 1 << i // inside a nil embedded pointer, or left out by its tag
		}
	}
	return s, true
}

// keys writes which shape a plain object has, whose tag was written as that of a
// record. If it has none, it becomes an object that takes each key with its value.
func (e *Encoder) keys(keys []string) (shaped bool) {
	for i := range e.shapes.keys {
		if slices.Equal(e.shapes.keys[i].keys, keys) {
			e.u32(e.shapes.keys[i].id)
			return true
		}
	}
	if !areDistinct(keys) {
		e.Req.Buf[len(e.Req.Buf)-1] = abi.TapeObject
		e.u32(uint32(len(keys)))
		return false
	}
	s := keyShape{keys: keys, sorted: slices.IsSorted(keys), id: e.newShape(len(keys))}
	for _, k := range keys {
		e.string(k)
	}
	if len(e.shapes.keys) < maxKeyShapes {
		e.shapes.keys = append(e.shapes.keys, s)
		return true
	}
	e.shapes.keys[e.shapes.next] = s
	e.shapes.next = (e.shapes.next + 1) % maxKeyShapes
	return true
}

// areDistinct tells whether keys can be those of a shape: distinct JS strings.
// Invalid UTF-8 is not told apart in JS.
func areDistinct(keys []string) bool {
	if len(keys) > abi.ShapeMax {
		return false
	}
	sorted := keys
	if !slices.IsSorted(keys) {
		sorted = slices.Sorted(slices.Values(keys))
	}
	for i, k := range sorted {
		if i > 0 && k == sorted[i-1] || !utf8.ValidString(k) {
			return false
		}
	}
	return true
}

// sameKeys writes the shape of a map that has the keys of an earlier object, and
// returns them; the values are at the end of e.shapes.values. Nothing is written
// if there is none.
func (e *Encoder) sameKeys(m map[string]any) (keys []string, ok bool) {
	base := len(e.shapes.values)
candidates:
	for i := range e.shapes.keys {
		s := &e.shapes.keys[i]
		if len(s.keys) != len(m) || !s.sorted {
			continue
		}
		for _, k := range s.keys {
			x, ok := m[k]
			if !ok {
				e.shapes.values = e.shapes.values[:base]
				continue candidates
			}
			e.shapes.values = append(e.shapes.values, x)
		}
		e.u32(s.id)
		return s.keys, true
	}
	return nil, false
}
