package bridge

import (
	"math"
	"reflect"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// graph is what a decoder remembers so that one JS object becomes one Go object
// of each type that is asked for: a map or slice of that type, what a pointer of
// that type points to, and the form that Any gives. Structs and arrays are
// values in Go, and read again for each use.
type graph struct {
	refs    []container
	shapes  []*shape
	next    int // number of the next container
	read    int // how far the tape was read by a reread, or before one
	values  map[int]any
	skipped bool // a root was passed over
	blind   bool // containers are not noted
}

// container is an object on the tape that later records may refer to.
type container struct {
	pos   int             // of its record, the tag included
	value any             // as decoded by any, or nil
	form  reflect.Value   // as decoded for a Go type
	forms []reflect.Value // as decoded for other Go types, one of each
	end   int             // after its record, 0 while that is unknown
	after int             // number of the container that follows those inside it
}

func isContainer(tag byte) bool {
	switch tag {
	case abi.TapeArray, abi.TapeObject, abi.TapeShape, abi.TapeRecord, abi.TapeMap, abi.TapeSet, abi.TapeDate,
		abi.TapeRegExp, abi.TapeBuffer, abi.TapeTyped, abi.TapeError:
		return true
	}
	return false
}

// isObject tells whether a record is a plain object, in any of its forms.
func isObject(tag byte) bool {
	return tag == abi.TapeObject || tag == abi.TapeShape || tag == abi.TapeRecord
}

// note makes sure that the container whose record comes next is known, and
// returns its number.
func (d *Decoder) note() int {
	if d.next == len(d.refs) {
		d.refs = append(d.refs, container{pos: d.pos})
		d.room -= costContainer // missed by the next record if there was not so much
	}
	return d.next
}

// begin reads a container's tag.
func (d *Decoder) begin() int {
	c := d.note()
	d.next++
	d.pos++
	return c
}

// finish notes that a container has been read.
func (d *Decoder) finish(c int) {
	d.refs[c].end, d.refs[c].after = d.pos, d.next
}

// remember makes v what container c is for Go variables of v's type.
func (d *Decoder) remember(c int, v reflect.Value) {
	ref := &d.refs[c]
	if !ref.form.IsValid() {
		ref.form = v
	} else if _, ok := d.recall(c, v.Type()); !ok {
		ref.forms = append(ref.forms, v)
	}
}

func (d *Decoder) recall(c int, t reflect.Type) (reflect.Value, bool) {
	ref := &d.refs[c]
	if ref.value != nil && reflect.TypeOf(ref.value) == t {
		return reflect.ValueOf(ref.value), true
	}
	if ref.form.IsValid() && ref.form.Type() == t {
		return ref.form, true
	}
	for _, v := range ref.forms {
		if v.Type() == t {
			return v, true
		}
	}
	return reflect.Value{}, false
}

// reread reads container n's record once more, because what it has become is of
// another type. The containers inside keep their numbers.
func (d *Decoder) reread(n int, read func() error) error {
	pos, next := d.pos, d.next
	d.read = max(d.read, pos)
	d.pos, d.next = d.refs[n].pos, n
	err := read()
	d.read = max(d.read, d.pos)
	d.pos, d.next = pos, next
	return err
}

// backref reads a reference to a container.
func (d *Decoder) backref() (int, error) {
	n, err := d.u32()
	if err != nil || uint64(n) >= uint64(len(d.refs)) {
		return 0, errTape
	}
	return int(n), nil
}

// settle gives back the roots on the tape that became no value: those in records
// passed over, or behind an error. It returns what the error means.
func (d *Decoder) settle(err error) error {
	if err == nil && !d.skipped {
		return nil
	}
	rest := Decoder{b: d.b, limits: newLimits(len(d.b), math.MaxInt64), graph: graph{blind: true}}
	_ = rest.walk(func(root gc.Root, pos int) {
		if _, taken := d.values[pos]; !taken {
			d.R.In.Releases.Push(root)
		}
	})
	return d.R.judge(err)
}
