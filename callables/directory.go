package callables

import (
	"slices"
	"sync/atomic"
)

// maxChunks is how many chunks the index space has room for.
const maxChunks = 1 << (indexBits - chunkBits)

// maxFloor is the highest generation that tombstones are merged into. Beyond it
// they stay apart, so that a few worn slots do not wear out all others.
const maxFloor = maxGeneration / 2

// directory finds chunks by number and remembers the generations of released
// ones.
type directory[E any] struct {
	chunks     []*chunk[E]                 // by number, up to the last one in memory; nil: released
	published  atomic.Pointer[[]*chunk[E]] // chunks, for Lookup
	tombstones []tombstone                 // by number
	vacant     uint32                      // first number that may be made again, plus one; 0 for none
	floor      uint32                      // highest generation issued by chunks beyond tombstones
}

// tombstone is what stays of a chunk. It counts once the chunk is released.
type tombstone struct {
	floor uint32 // highest generation issued; at maxGeneration the number is retired
	next  uint32 // next vacant number, encoded like directory.vacant
}

// make returns a new chunk, or nil if the index space is exhausted.
func (d *directory[E]) make() *chunk[E] {
	var number uint32
	switch {
	case d.vacant != 0:
		number = d.vacant - 1
		d.vacant = d.tombstones[number].next
	case len(d.tombstones) < maxChunks:
		number = uint32(len(d.tombstones))
		d.tombstones = append(d.tombstones, tombstone{floor: d.floor})
	default:
		return nil
	}
	if missing := int(number) + 1 - len(d.chunks); missing > 0 {
		d.chunks = append(d.chunks, make([]*chunk[E], missing)...)
		d.publish()
	}
	c := newChunk[E](number, d.tombstones[number].floor)
	d.chunks[number] = c
	return c
}

func (d *directory[E]) publish() {
	chunks := d.chunks
	d.published.Store(&chunks)
}

// release drops a chunk without live entries. Its number becomes vacant, or is
// retired if no generation is left above the highest one issued.
func (d *directory[E]) release(c *chunk[E]) {
	d.chunks[c.number] = nil
	d.tombstones[c.number].floor = c.highest
	d.bury(c.number)
	d.trim()
}

// bury makes the number of a released chunk vacant if it can be used again.
func (d *directory[E]) bury(number uint32) {
	t := &d.tombstones[number]
	if t.floor != maxGeneration {
		t.next = d.vacant
		d.vacant = number + 1
	}
}

// trim gives back the end of the directory that no chunk needs. What must stay
// of the tombstones there, lest old handles become valid again, is one
// generation for all of them.
func (d *directory[E]) trim() {
	n := len(d.chunks)
	for n > 0 && d.chunks[n-1] == nil {
		n--
	}
	d.chunks = d.chunks[:n]
	if n < cap(d.chunks)/4 {
		d.chunks = slices.Clone(d.chunks)
	}
	d.publish()
	if n > len(d.tombstones)/2 {
		return // so that the work below is a constant per released chunk
	}
	floor := d.floor
	for _, t := range d.tombstones[n:] {
		floor = max(floor, t.floor)
	}
	if floor > maxFloor {
		return
	}
	d.floor = floor
	d.tombstones = slices.Clone(d.tombstones[:n])
	d.vacant = 0
	for number := n - 1; number >= 0; number-- {
		if d.chunks[number] == nil {
			d.bury(uint32(number))
		}
	}
}

// node returns the node of a live entry.
func (d *directory[E]) node(index uint32) *node[E] {
	return &d.chunks[index>>chunkBits].nodes[index&slotMask]
}
