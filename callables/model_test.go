package callables

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// model is a registry next to a plain map that says what it must contain.
type model struct {
	t       testing.TB
	rng     *rand.Rand
	r       Registry[int]
	entries map[Handle]*int
	order   []Handle // of registration
	issued  map[Handle]struct{}
	serial  int
	nested  int // loops within loops so far, which are limited to bound the time
}

func newModel(t testing.TB, rng *rand.Rand) *model {
	return &model{t: t, rng: rng, entries: map[Handle]*int{}, issued: map[Handle]struct{}{}}
}

func (m *model) add() {
	m.serial++
	e := new(m.serial)
	h := m.r.Add(e)
	require.NotZero(m.t, h)
	if _, ok := m.issued[h]; ok {
		require.Fail(m.t, "handle issued twice", "%v", h)
	}
	m.issued[h] = struct{}{}
	m.entries[h] = e
	m.order = append(m.order, h)
}

func (m *model) remove(h Handle) {
	if got := m.r.Remove(h); got != m.entries[h] {
		require.Same(m.t, m.entries[h], got, "Remove(%v)", h)
	}
	if _, ok := m.entries[h]; ok {
		delete(m.entries, h)
		i := slices.Index(m.order, h)
		m.order = slices.Delete(m.order, i, i+1)
	}
}

// removeAt removes the i-th oldest entry, counting round.
func (m *model) removeAt(i int) {
	if len(m.order) > 0 {
		m.remove(m.order[i%len(m.order)])
	}
}

func (m *model) lookup(h Handle) {
	if got := m.r.Lookup(h); got != m.entries[h] {
		require.Same(m.t, m.entries[h], got, "Lookup(%v)", h)
	}
}

func (m *model) clear() {
	m.r.Clear()
	clear(m.entries)
	m.order = m.order[:0]
}

// iterate loops over the registry while changing it, loops within loops
// included. Entries are numbered in the order of their registration, so the
// next one due is always the lowest number above the present one.
func (m *model) iterate(depth int) {
	present, last := 0, m.serial
	due := func() (Handle, bool) {
		i, _ := slices.BinarySearchFunc(m.order, present+1, func(h Handle, serial int) int {
			return *m.entries[h] - serial
		})
		if i == len(m.order) || *m.entries[m.order[i]] > last {
			return 0, false
		}
		return m.order[i], true
	}
	for h, e := range m.r.All() {
		if want, ok := due(); !ok || h != want || e != m.entries[h] {
			require.Fail(m.t, "wrong entry", "visited %v, due %v (%t)", h, want, ok)
		}
		present = *e
		switch m.rng.IntN(10) {
		case 0:
			m.remove(h)
		case 1:
			m.removeAt(m.rng.IntN(len(m.order)))
		case 2:
			m.removeAt(len(m.order) - 1)
		case 3:
			m.removeAt(slices.Index(m.order, h) + 1)
		case 4:
			m.add()
		case 5:
			if depth > 0 && m.nested < 20 {
				m.nested++
				m.iterate(depth - 1)
			}
		case 6:
			if m.rng.IntN(64) == 0 {
				m.clear()
			}
		case 7:
			if m.rng.IntN(16) == 0 {
				return
			}
		}
	}
	_, ok := due()
	require.False(m.t, ok, "the loop ended early")
}

// age pretends that the free slots of a chunk have been used often, which
// leaves each with 0 to 3 more uses.
func (m *model) age(number int) {
	d := &m.r.directory
	if len(d.tombstones) == 0 {
		return
	}
	number %= len(d.tombstones)
	if number >= len(d.chunks) || d.chunks[number] == nil {
		t := &d.tombstones[number]
		t.floor = max(t.floor, maxGeneration-1)
		return
	}
	c := d.chunks[number]
	for slot := c.free; slot != noSlot; slot = c.nodes[slot].next {
		n := &c.nodes[slot]
		n.generation = max(n.generation, maxGeneration-1-slot%3)
		c.highest = max(c.highest, n.generation)
	}
}

// check compares all of the registry with the model and checks its invariants.
func (m *model) check() {
	m.t.Helper()
	checkInvariants(m.t, &m.r)
	require.Equal(m.t, len(m.entries), m.r.Len())
	require.True(m.t, maps.Equal(m.entries, maps.Collect(m.r.All())), "All differs from the model")
	i := 0
	for h := range m.r.All() {
		if m.order[i] != h {
			require.Equal(m.t, m.order[i], h, "order at %d", i)
		}
		i++
	}
	for h := range m.issued {
		m.lookup(h)
	}
}

// checkInvariants walks every list of r.
func checkInvariants[E any](t testing.TB, r *Registry[E]) {
	t.Helper()
	require.Nil(t, r.cursors, "a loop left its cursor behind")

	listed := map[*chunk[E]]bool{}
	var prev *chunk[E]
	for c := r.space.first; c != nil; prev, c = c, c.next {
		require.Same(t, prev, c.prev)
		listed[c] = true
	}
	require.Same(t, prev, r.space.last)

	vacant := map[int]bool{}
	for v := r.directory.vacant; v != 0; v = r.directory.tombstones[v-1].next {
		require.False(t, vacant[int(v-1)], "vacant list is circular")
		vacant[int(v-1)] = true
	}
	for number, tombstone := range r.directory.tombstones {
		released := number >= len(r.directory.chunks) || r.directory.chunks[number] == nil
		require.Equal(t, released && tombstone.floor != maxGeneration, vacant[number], "chunk %d vacant", number)
	}
	if n := len(r.directory.chunks); n > 0 {
		require.NotNil(t, r.directory.chunks[n-1], "directory is not trimmed")
	}

	live := 0
	for number, c := range r.directory.chunks {
		if c == nil {
			continue
		}
		require.Equal(t, uint32(number), c.number)
		assert.Equal(t, c.live > 0 && c.hasSpace(), listed[c], "chunk %d listed", number)
		assert.Equal(t, c.live == 0, r.spare == c, "chunk %d spare", number)
		checkChunk(t, c)
		live += int(c.live)
	}
	require.Equal(t, r.Len(), live)

	index := r.first
	for range r.Len() {
		n := r.directory.node(index)
		require.NotNil(t, n.entry)
		require.Equal(t, index, r.directory.node(n.next).prev)
		index = n.next
	}
	if r.Len() > 0 {
		require.Equal(t, r.first, index, "live list is not circular")
	}
}

func checkChunk[E any](t testing.TB, c *chunk[E]) {
	t.Helper()
	free := map[uint32]bool{}
	for slot := c.free; slot != noSlot; slot = c.nodes[slot].next {
		require.False(t, free[slot], "free list is circular")
		free[slot] = true
	}
	live := uint32(0)
	for slot := range c.nodes {
		n := &c.nodes[slot]
		if n.generation > c.highest {
			require.LessOrEqual(t, n.generation, c.highest)
		}
		if n.entry != nil {
			live++
		}
		if spent := n.entry == nil && n.generation == maxGeneration; free[uint32(slot)] != (n.entry == nil && !spent) {
			require.Fail(t, "free list is wrong", "chunk %d slot %d: %+v", c.number, slot, *n)
		}
	}
	require.Equal(t, live, c.live)
}
