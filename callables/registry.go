package callables

import "sync/atomic"

// Registry maps handles to the entries registered under them. The zero value
// is an empty registry, ready for use; it must not be copied after first use.
//
// A Registry is not safe for concurrent use: its owner serialises all calls but
// Len, and Lookup of handles that are not added or removed meanwhile.
type Registry[E any] struct {
	directory directory[E]
	space     chunkList[E] // chunks that have both live entries and free slots
	spare     *chunk[E]    // the one empty chunk kept, if any
	first     uint32       // index of the oldest entry, if live > 0; the live list is circular
	live      atomic.Int64
	cursors   *cursor // loops over All in progress
}

// Add registers e and returns its handle, which no earlier entry had and no
// later one will get. The registry keeps e reachable until it is removed. The
// same pointer may be added more than once; each time is an entry of its own.
//
// Add returns 0 and registers nothing if e is nil or if the index space of
// 2^32 slots is exhausted.
func (r *Registry[E]) Add(e *E) Handle {
	if e == nil {
		return 0
	}
	// The first chunk is filled up before another one is touched, which gives
	// the others time to become empty.
	c := r.space.first
	if c == nil {
		if c = r.open(); c == nil {
			return 0
		}
	}
	n, index := c.take(e)
	if !c.hasSpace() {
		r.space.remove(c)
	}
	r.link(n, index)
	return newHandle(index, n.generation)
}

// Lookup returns the entry registered under h, or nil if there is none: h is
// zero, forged, or its entry has been removed. The registry keeps its reference.
func (r *Registry[E]) Lookup(h Handle) *E {
	chunks := r.directory.published.Load()
	if number := uint32(h) >> chunkBits; chunks != nil && int(number) < len(*chunks) {
		if c := (*chunks)[number]; c != nil {
			// A free slot has no entry, so equal generations are enough.
			if n := &c.nodes[h&slotMask]; n.generation == uint32(h>>indexBits) {
				return n.entry
			}
		}
	}
	return nil
}

// Remove forgets the entry registered under h and returns it, or nil if there
// is none, as for Lookup. The caller owns the result; the registry no longer
// keeps it reachable. From now on h is stale, for good.
func (r *Registry[E]) Remove(h Handle) *E {
	index := h.Index()
	number, slot := index>>chunkBits, index&slotMask
	if int(number) >= len(r.directory.chunks) {
		return nil
	}
	c := r.directory.chunks[number]
	if c == nil {
		return nil
	}
	n := &c.nodes[slot]
	if !n.holds(h.Generation()) {
		return nil
	}
	r.unlink(n, index)
	listed := c.hasSpace()
	e := c.put(n, slot)
	switch {
	case c.live == 0:
		if listed {
			r.space.remove(c)
		}
		r.close(c)
	case !listed && c.hasSpace():
		r.space.pushBack(c)
	}
	return e
}

// Len returns the number of entries. Safe for concurrent use.
func (r *Registry[E]) Len() int { return int(r.live.Load()) }

// Clear removes every entry. All handles issued so far become stale; they do
// not become valid again when the registry is used further.
func (r *Registry[E]) Clear() {
	for r.Len() > 0 {
		r.Remove(newHandle(r.first, r.directory.node(r.first).generation))
	}
}

// open lists a chunk without live entries, for Add to fill. It returns nil if
// the index space is exhausted.
func (r *Registry[E]) open() *chunk[E] {
	c := r.spare
	r.spare = nil
	if c == nil {
		if c = r.directory.make(); c == nil {
			return nil
		}
	}
	r.space.pushBack(c)
	return c
}

// close disposes of a chunk whose last live entry is gone. Two chunks must
// become empty before one is released, and the other must fill up before one
// is made, so at least a chunk's worth of calls lies between the two.
func (r *Registry[E]) close(c *chunk[E]) {
	switch {
	case !c.hasSpace(): // all slots are retired
	case r.spare == nil:
		r.spare = c
		return
	case c.number < r.spare.number: // lets the directory shrink further
		c, r.spare = r.spare, c
	}
	r.directory.release(c)
}

// link appends a node to the live list.
func (r *Registry[E]) link(n *node[E], index uint32) {
	if r.Len() == 0 {
		r.first = index
		n.prev, n.next = index, index
	} else {
		first := r.directory.node(r.first)
		n.prev, n.next = first.prev, r.first
		r.directory.node(first.prev).next = index
		first.prev = index
	}
	r.live.Add(1)
}

// unlink takes a node out of the live list and out of the way of loops.
func (r *Registry[E]) unlink(n *node[E], index uint32) {
	for c := r.cursors; c != nil; c = c.outer {
		c.avoid(index, n.prev, n.next)
	}
	r.directory.node(n.prev).next = n.next
	r.directory.node(n.next).prev = n.prev
	if r.first == index {
		r.first = n.next
	}
	r.live.Add(-1)
}
