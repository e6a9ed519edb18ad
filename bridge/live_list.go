package bridge

import (
	"fmt"
	"math"
	"reflect"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxGap is by how much one assignment can lengthen a list.
const maxGap = 1 << 20

// lengthError says that a script would make a list longer than it may become.
type lengthError struct{ length float64 }

func (e *lengthError) Error() string {
	return fmt.Sprintf("qjswasm: a live list cannot get the length %v: it grows by at most %d elements at a time", e.length, maxGap)
}

// resize sets the length of a list.
func (o *liveObject) resize(length uint64) (ok bool, err error) {
	f, ok := cellNumber(length)
	if !ok || f != math.Trunc(f) || !(f >= 0 && f < 1<<32) {
		return false, &lengthError{f}
	}
	n := int(f)
	switch {
	case n == o.v.Len():
		return true, nil
	case o.fixed:
		return false, nil
	case n > o.v.Len():
		return true, o.grow(n)
	}
	for i := n; i < o.v.Len(); i++ {
		o.r.detach(o.v.Index(i))
		o.v.Index(i).SetZero()
		if len(o.written) > 0 {
			if err := o.charge(slot{index: i}, 0); err != nil {
				return false, err
			}
		}
	}
	o.v.SetLen(n)
	return true, nil
}

// grow makes a list n elements long. The new ones are zero.
func (o *liveObject) grow(n int) error {
	old, room := o.v.Len(), o.v.Cap()
	if n > old+maxGap {
		return &lengthError{float64(n)}
	}
	if n > room {
		room = max(n, room+room/4+8)
		size := int64(room-o.v.Cap()) * int64(o.t.t.Elem().Size())
		if err := o.r.In.Afford(size); err != nil {
			return unconvertible("JS value", "Go "+o.t.t.String(), err)
		}
		o.r.In.HoldWritten(size)
		s := reflect.MakeSlice(o.t.t, old, room)
		reflect.Copy(s, o.v)
		o.r.follow(o.v, s)
		o.v.Set(s)
	}
	o.v.SetLen(n)
	for i := old; i < n; i++ {
		o.v.Index(i).SetZero()
	}
	return nil
}

// liveList appends a list as an array.
func (e *Encoder) liveList(o *liveObject) error {
	if _, err := e.begin(abi.TapeArray, identity{}); err != nil {
		return err
	}
	e.u32(uint32(o.v.Len()))
	for i := range o.v.Len() {
		if i >= o.v.Len() { // a marshaller has made it shorter
			e.tag(abi.TapeUndefined)
			continue
		}
		if err := e.liveValue(o.v.Index(i)); err != nil {
			return at(err, index(i))
		}
	}
	e.end()
	return nil
}
