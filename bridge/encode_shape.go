package bridge

import (
	"encoding/binary"
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

	lastType   reflect.Type // whose fields were asked for last
	lastFields *structFields

	keys   []keyShape // of maps and Objects, those that were used first
	next   int        // which of keys is replaced
	values []any      // of the maps that are being written
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
		if x, err := f.list[i].of(v); err != nil || f.list[i].omits(x) {
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

// properties appends a struct without a shape, whose tag was written as that of a
// record.
func (e *Encoder) properties(fields *structFields, v reflect.Value) error {
	e.Req.Buf[len(e.Req.Buf)-1] = abi.TapeObject
	count := len(e.Req.Buf)
	e.u32(0)
	n := uint32(0)
	for i := range fields.list {
		f := &fields.list[i]
		x, err := f.of(v)
		if err != nil || f.omits(x) {
			continue // inside a nil embedded pointer, or left out by its tag
		}
		e.string(f.name)
		if err := e.field(f, x); err != nil {
			return at(err, field(f.name))
		}
		n++
	}
	binary.LittleEndian.PutUint32(e.Req.Buf[count:], n)
	e.end()
	return nil
}

// field appends the value of a struct field.
func (e *Encoder) field(f *structField, x reflect.Value) error {
	switch f.t {
	case stringType:
		e.string(x.String())
	case intType, int64Type:
		e.integer(x.Int())
	case float64Type:
		e.float(x.Float())
	case boolType:
		e.boolean(x.Bool())
	default:
		e.Name = f.name
		if f.record && e.Req.Fits(0) {
			return e.nested(x)
		}
		return e.reflect(x)
	}
	return nil
}

// nested appends a record, or what a pointer to one points to. Types without
// fields may be others' handles, and what has no size no identity.
func (e *Encoder) nested(x reflect.Value) error {
	t := indirect(x.Type())
	switch {
	case t.Size() == 0 || len(e.fieldsOf(t).list) == 0:
		return e.reflect(x)
	case x.Kind() != reflect.Pointer:
		return e.record(x, identity{})
	case x.IsNil():
		e.tag(abi.TapeNull)
		return nil
	}
	return e.record(x.Elem(), identity{x.Pointer(), 0, x.Type()})
}

// fieldsOf is the function of that name for types that come again and again.
func (e *Encoder) fieldsOf(t reflect.Type) *structFields {
	if e.shapes.lastType != t {
		e.shapes.lastType, e.shapes.lastFields = t, fieldsOf(t)
	}
	return e.shapes.lastFields
}

// isRecord tells whether a type is a struct that is nothing but its fields, or a
// pointer to one.
func isRecord(t reflect.Type) bool {
	elem := indirect(t)
	if elem.Kind() != reflect.Struct || isLeaf(t) || t.Implements(errorType) || elem.Implements(errorType) {
		return false
	}
	for _, t := range []reflect.Type{t, elem} {
		if m := marshallingOf(t); m != nil && m.encode != nil {
			return false
		}
	}
	return true
}
