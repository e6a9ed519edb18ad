package bridge

import "reflect"

// limits bound what a decoder does for a tape that lies, and for one object that
// is read many times over.
type limits struct {
	left  int // bytes of tape that no count has accounted for yet
	again int // records that may still be read more than once
	slack int // bytes that slices of large elements may still take at once
}

func newLimits(size int) limits {
	return limits{
		left:  size,
		again: min(1<<16+64*size, 1<<22),
		slack: min(1<<16+64*size, 1<<26),
	}
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
	if err != nil || uint64(u)*uint64(size) > uint64(len(d.b)-d.pos) {
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
	return d.charge(1)
}

func (d *Decoder) leave() { d.depth-- }
