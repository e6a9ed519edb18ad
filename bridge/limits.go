package bridge

import (
	"math"
	"reflect"
)

// limits bound what a decoder does for a tape that lies, and for one object that
// is read many times over.
type limits struct {
	left  int   // bytes of tape that no count has accounted for yet
	again int   // records that may still be read more than once
	slack int   // bytes that slices of large elements may still take at once
	room  int64 // bytes of Go memory that the result may still take, estimated
	steps int   // records begun
}

// checkEvery is how many records are read, or containers written, between two
// looks at the clock.
const checkEvery = 4096

// What Go values take besides their contents, in bytes.
const (
	costRecord    = 32  // an element's slot and the box of a number
	costContainer = 256 // the decoder's note of it, and the value's header
	costEntry     = 96  // of a map, with what its table leaves unused
	costError     = 512 // an error with its frames
)

func newLimits(size int, room int64) limits {
	return limits{
		room:  room,
		left:  size,
		again: min(1<<16+64*size, 1<<22),
		slack: min(1<<16+64*size, 1<<26),
	}
}

// spend accounts for n bytes of Go memory that the result is about to take.
func (d *Decoder) spend(n int) error {
	if d.room < int64(n) {
		return unconvertible("JS value", "Go value", d.R.In.HostLimit())
	}
	d.room -= int64(n)
	return nil
}

// spendArray accounts for n elements of a type.
func (d *Decoder) spendArray(n int, elem reflect.Type) error {
	size := max(int(elem.Size()), 1)
	return d.spend(min(n, math.MaxInt/size) * size)
}

// charge accounts for n records if they are not read for the first time.
func (d *Decoder) charge(n int) error {
	if d.pos >= d.read {
		return nil
	}
	if d.again -= n; d.again < 0 {
		return unconvertible("JS object", "Go value", errShared)
	}
	return nil
}

// count reads the number of items that follow, of at least size bytes each. The
// items of all containers together cannot take more than the tape has.
func (d *Decoder) count(size int) (int, error) {
	u, err := d.u32()
	if err != nil {
		return 0, err
	}
	return d.items(u, size)
}

// items is count for a number that was read already.
func (d *Decoder) items(u uint32, size int) (int, error) {
	if uint64(u)*uint64(size) > uint64(len(d.b)-d.pos) {
		return 0, errTape
	}
	n := int(u)
	if d.pos < d.read {
		return n, d.charge(n)
	}
	if d.left -= n * size; d.left < 0 {
		return 0, errTape
	}
	return n, nil
}

// affordable tells whether a slice of n elements can be made at once.
func (d *Decoder) affordable(n int, elem reflect.Type) bool {
	size := int(elem.Size())
	if size <= 16 {
		return true
	}
	if n > d.slack/size {
		return false
	}
	d.slack -= n * size
	return true
}

// enter begins a record. leave ends it; after an error nothing needs to be ended.
func (d *Decoder) enter() error {
	if d.depth++; d.depth > maxDepth {
		return unconvertible("JS object", "Go value", errDeep)
	}
	if d.steps++; d.steps%checkEvery == 0 {
		if err := d.R.In.Check(); err != nil {
			return err
		}
	}
	if err := d.spend(costRecord); err != nil {
		return err
	}
	return d.charge(1)
}

func (d *Decoder) leave() { d.depth-- }
