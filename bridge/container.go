package bridge

import (
	"errors"
	"reflect"
)

// errShared refuses graphs that would unfold beyond measure.
var errShared = errors.New("one object is shared too often to be copied for each use")

// errCycle refuses a cycle through Go values that cannot refer to themselves.
var errCycle = errors.New("it contains itself")

// container is an object on the tape that later records may refer to.
type container struct {
	pos   int           // of its record, the tag included
	value any           // as decoded by Any, or nil
	typed reflect.Value // as decoded for a Go type, or invalid
	open  bool          // its record is being read
}

// begin notes that the record whose tag was just read is the next container.
func (d *Decoder) begin() int {
	c := d.next
	d.next++
	if c == len(d.refs) {
		d.refs = append(d.refs, container{pos: d.pos - 1})
	}
	return c
}

// reread reads container n's record once more, because what it became the first
// time is of another type. Nested containers keep their numbers.
func (d *Decoder) reread(n int, read func() error) error {
	if d.refs[n].open {
		return unconvertible("JS object", "Go value", errCycle)
	}
	pos, next := d.pos, d.next
	d.pos, d.next = d.refs[n].pos, n
	d.refs[n].open = true
	d.rerun++
	err := read()
	d.rerun--
	d.refs[n].open = false
	d.pos, d.next = pos, next
	return err
}
