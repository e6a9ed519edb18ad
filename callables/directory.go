package callables

import "slices"

// maxChunks is how many chunks the index space has room for.
const maxChunks = 1 << (indexBits - chunkBits)

// directory finds chunks by number and remembers the generations of released
// ones.
type directory[E any] struct {
	chunks     []*chunk[E] // by number, up to the last one in memory; nil: released
	tombstones []tombstone // by number, of all chunks ever made
	vacant     uint32      // first number that may be made again, plus one; 0 for none
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
		d.tombstones = append(d.tombstones, tombstone{})
	default:
		return nil
	}
	if missing := int(number) + 1 - len(d.chunks); missing > 0 {
		d.chunks = append(d.chunks, make([]*chunk[E], missing)...)
	}
	c := newChunk[E](number, d.tombstones[number].floor)
	d.chunks[number] = c
	return c
}

// release drops a chunk without live entries. Its number becomes vacant, or is
// retired if no generation is left above the highest one issued.
func (d *directory[E]) release(c *chunk[E]) {
	d.chunks[c.number] = nil
	d.trim()
	t := &d.tombstones[c.number]
	t.floor = c.highest
	if t.floor != maxGeneration {
		t.next = d.vacant
		d.vacant = c.number + 1
	}
}

// trim gives back the end of the directory that no chunk needs. Tombstones
// stay: without them, old handles could become valid again.
func (d *directory[E]) trim() {
	n := len(d.chunks)
	for n > 0 && d.chunks[n-1] == nil {
		n--
	}
	d.chunks = d.chunks[:n]
	if n < cap(d.chunks)/4 {
		d.chunks = slices.Clone(d.chunks)
	}
}

// node returns the node of a live entry.
func (d *directory[E]) node(index uint32) *node[E] {
	return &d.chunks[index>>chunkBits].nodes[index&slotMask]
}
