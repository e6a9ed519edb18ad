package callables

const (
	chunkBits = 9

	// chunkSize is the number of slots that a Registry allocates and releases
	// as a unit. A registry with a handful of entries costs one chunk of about
	// 13 KB; smaller chunks would enlarge the directory.
	chunkSize = 1 << chunkBits

	slotMask = chunkSize - 1

	// noSlot ends a chunk's free list.
	noSlot = chunkSize
)

// node is a slot. It is live while it has an entry. Its generation is that of
// its present entry, or else of its last.
type node[E any] struct {
	entry      *E
	generation uint32
	prev       uint32 // live: index of the entry registered before
	next       uint32 // live: index of the entry registered after; free: next free slot of the chunk
}

// holds reports whether n is live with this generation.
func (n *node[E]) holds(generation uint32) bool {
	return n.generation == generation && n.entry != nil
}

// chunk is a block of nodes, which keep their addresses until it is released.
type chunk[E any] struct {
	prev, next *chunk[E] // in a chunkList
	number     uint32
	free       uint32 // first free slot, or noSlot
	live       uint32
	highest    uint32 // generation; no slot has issued a higher one
	nodes      [chunkSize]node[E]
}

// newChunk returns a chunk that issues only generations above floor.
func newChunk[E any](number, floor uint32) *chunk[E] {
	c := &chunk[E]{number: number, highest: floor}
	for slot := range c.nodes {
		c.nodes[slot].generation = floor
		c.nodes[slot].next = uint32(slot) + 1
	}
	return c
}

// hasSpace reports whether take may be called.
func (c *chunk[E]) hasSpace() bool { return c.free != noSlot }

// take makes a free slot live. The chunk must have one.
func (c *chunk[E]) take(e *E) (*node[E], uint32) {
	slot := c.free & slotMask
	n := &c.nodes[slot]
	c.free = n.next
	c.live++
	n.entry = e
	n.generation++
	c.highest = max(c.highest, n.generation)
	return n, c.number<<chunkBits | slot
}

// put takes the entry out of a live slot and frees the slot, or retires it if
// it has no generation left.
func (c *chunk[E]) put(n *node[E], slot uint32) *E {
	e := n.entry
	n.entry = nil
	c.live--
	if n.generation != maxGeneration {
		n.next = c.free
		c.free = slot
	}
	return e
}

// chunkList is a list of chunks. A chunk is in at most one.
type chunkList[E any] struct {
	first, last *chunk[E]
}

func (l *chunkList[E]) pushBack(c *chunk[E]) {
	c.prev = l.last
	if l.last == nil {
		l.first = c
	} else {
		l.last.next = c
	}
	l.last = c
}

func (l *chunkList[E]) remove(c *chunk[E]) {
	if c.prev == nil {
		l.first = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		l.last = c.prev
	} else {
		c.next.prev = c.prev
	}
	c.prev, c.next = nil, nil
}
