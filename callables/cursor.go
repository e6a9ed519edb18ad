package callables

import "iter"

// cursor is the position of one loop over a registry. Remove moves it off the
// nodes that go away.
type cursor struct {
	outer *cursor // the loop begun before this one
	next  uint32  // index of the entry to visit next
	last  uint32  // index of the entry to visit last
	done  bool    // no entry is left to visit
}

// avoid adjusts the cursor for the removal of the node at index, between prev
// and next.
func (c *cursor) avoid(index, prev, next uint32) {
	switch {
	case c.done:
	case c.next == index && c.last == index:
		c.done = true
	case c.next == index:
		c.next = next
	case c.last == index:
		c.last = prev
	}
}

// All returns the entries in the order of their registration. Borrowed: the
// registry keeps its references.
//
// The loop's body may use the registry freely: add, remove the current or any
// other entry, clear, begin another loop. A loop visits the entries that were
// there when it began, except those removed before their turn; entries added
// meanwhile are not visited.
func (r *Registry[E]) All() iter.Seq2[Handle, *E] {
	return func(yield func(Handle, *E) bool) {
		if r.Len() == 0 {
			return
		}
		c := &cursor{
			outer: r.cursors,
			next:  r.first,
			last:  r.directory.node(r.first).prev,
		}
		r.cursors = c
		defer r.forget(c)
		for !c.done {
			index := c.next
			n := r.directory.node(index)
			// The cursor moves on first, so that removing the current entry
			// does not concern it.
			c.done = index == c.last
			c.next = n.next
			if !yield(newHandle(index, n.generation), n.entry) {
				return
			}
		}
	}
}

// forget ends a loop. With iter.Pull, loops may end in any order.
func (r *Registry[E]) forget(c *cursor) {
	p := &r.cursors
	for *p != c {
		p = &(*p).outer
	}
	*p = c.outer
}
