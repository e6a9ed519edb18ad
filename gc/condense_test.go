package gc

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// heap is a guest's heap as a test draws it: the numbers of the objects that each
// refers to, from 1, and of those that are values of WeakMaps with it as key.
type heap struct {
	edges   [][]uint32 // by number; [0] is not used
	entries map[uint32][]uint32
	handles map[uint32]callables.Handle
	stamps  map[uint32]uint32
	roots   []uint32
}

func (h *heap) words() []byte {
	var b []byte
	word := func(w uint32) { b = binary.LittleEndian.AppendUint32(b, w) }
	for n := uint32(1); int(n) < len(h.edges); n++ {
		if handle, ok := h.handles[n]; ok {
			word(abi.SummaryHandle)
			b = binary.LittleEndian.AppendUint64(b, uint64(handle))
		}
		if stamp, ok := h.stamps[n]; ok {
			word(abi.SummaryStamp)
			word(stamp)
		}
		for _, e := range h.edges[n] {
			word(e)
		}
		for _, e := range h.entries[n] {
			word(abi.SummaryEntry)
			word(e)
		}
		word(abi.SummaryEnd)
	}
	for i, n := range h.roots {
		word(abi.SummaryRoot)
		word(uint32(i))
		word(1)
		word(n)
	}
	return b
}

// closure returns the objects that some lead to, these included; through entries of
// WeakMaps or not.
func (h *heap) closure(entries bool, from ...uint32) []uint32 {
	found := slices.Clone(from)
	for i := 0; i < len(found); i++ {
		to := h.edges[found[i]]
		if entries {
			to = slices.Concat(to, h.entries[found[i]])
		}
		for _, e := range to {
			if !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
	}
	return found
}

// reach returns the handles that are reachable from an object.
func (h *heap) reach(from uint32) []callables.Handle {
	var found []callables.Handle
	for _, n := range h.closure(true, from) {
		if handle, ok := h.handles[n]; ok {
			found = append(found, handle)
		}
	}
	slices.Sort(found)
	return found
}

// fakeHeld is a callable's body.
type fakeHeld struct {
	handle   callables.Handle
	group    *Group
	place    int
	promoted int
}

func (f *fakeHeld) Join(g *Group, place int) { f.group, f.place = g, place }
func (f *fakeHeld) Promote()                 { f.promoted++ }

type fakeRegistry map[callables.Handle]*fakeHeld

func (r fakeRegistry) hold(h callables.Handle) (Held, bool) {
	if isDead(h) {
		return nil, true
	}
	if r[h] == nil {
		r[h] = &fakeHeld{handle: h}
	}
	return r[h], false
}

// isDead tells whether Go has found a callable unused: those are odd in tests with
// random handles, and none else.
func isDead(h callables.Handle) bool { return h >= 1<<32 && h%2 == 1 }

// holds returns the handles that a group keeps, itself or through others.
func (g *Group) holds() []callables.Handle {
	var found []callables.Handle
	for _, g := range reachable(g) {
		for _, h := range g.held {
			found = append(found, h.(*fakeHeld).handle)
		}
	}
	slices.Sort(found)
	return found
}

// reachable returns the groups that some lead to, each once, these included.
func reachable(from ...*Group) []*Group {
	var found []*Group
	seen := map[*Group]bool{nil: true}
	for todo := from; len(todo) > 0; {
		g := todo[0]
		todo = todo[1:]
		if !seen[g] {
			seen[g] = true
			found = append(found, g)
			todo = append(todo, g.children...)
		}
	}
	return found
}

// told returns a summary, told in pieces that objects span.
func told(t testing.TB, b []byte) *Summary {
	s := NewSummary(math.MaxUint32, new(sync.Mutex))
	for len(b) > 0 {
		n := min(len(b), 28)
		require.NoError(t, s.Append(b[:n]))
		b = b[n:]
	}
	return s
}

func condense(t testing.TB, h *heap) (map[uint32]*Group, fakeRegistry, *Condensed) {
	t.Helper()
	registry := fakeRegistry{}
	c, err := told(t, h.words()).Condense(math.MaxInt64, registry.hold)
	require.NoError(t, err)
	groups := map[uint32]*Group{}
	for _, r := range c.Roots {
		groups[r.Root.Index] = r.Group
	}
	return groups, registry, c
}

func TestCondense(t *testing.T) {
	tests := map[string]struct {
		heap   heap
		groups int // how many different ones the roots reach
	}{
		"nothing":       {heap{edges: [][]uint32{nil}}, 0},
		"no callable":   {heap{edges: [][]uint32{nil, {2}, {1}}, roots: []uint32{1}}, 0},
		"one":           {heap{edges: [][]uint32{nil, nil}, handles: map[uint32]callables.Handle{1: 7}, roots: []uint32{1}}, 1},
		"itself":        {heap{edges: [][]uint32{nil, {1}}, handles: map[uint32]callables.Handle{1: 7}, roots: []uint32{1, 1}}, 1},
		"cycle":         {heap{edges: [][]uint32{nil, {2}, {3}, {1}}, handles: map[uint32]callables.Handle{1: 7, 3: 8}, roots: []uint32{1, 2}}, 1},
		"chain":         {heap{edges: [][]uint32{nil, {2}, {3}, nil}, handles: map[uint32]callables.Handle{3: 8}, roots: []uint32{1, 2, 3}}, 1},
		"tree":          {heap{edges: [][]uint32{nil, {2, 3}, nil, nil}, handles: map[uint32]callables.Handle{2: 7, 3: 8}, roots: []uint32{1}}, 1},
		"like others":   {heap{edges: [][]uint32{nil, {3, 4}, {4, 3}, nil, nil}, handles: map[uint32]callables.Handle{3: 7, 4: 8}, roots: []uint32{1, 2}}, 3},
		"twice":         {heap{edges: [][]uint32{nil, {2, 2, 2}, nil}, handles: map[uint32]callables.Handle{2: 7}, roots: []uint32{1}}, 1},
		"without roots": {heap{edges: [][]uint32{nil, {1}}, handles: map[uint32]callables.Handle{1: 7}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			groups, _, c := condense(t, &tt.heap)
			for i, n := range tt.heap.roots {
				assert.Equal(t, tt.heap.reach(n), groups[uint32(i)].holds(), "root %d", i)
			}
			var roots []*Group
			for _, r := range c.Roots {
				roots = append(roots, r.Group)
			}
			assert.Len(t, reachable(roots...), tt.groups)
		})
	}
}

// randomHeap has up to 30 objects.
func randomHeap(r *rand.Rand) *heap {
	n := 1 + r.IntN(30)
	h := &heap{
		edges: make([][]uint32, n+1), entries: map[uint32][]uint32{},
		handles: map[uint32]callables.Handle{}, stamps: map[uint32]uint32{},
	}
	any := func() uint32 { return uint32(1 + r.IntN(n)) }
	for range r.IntN(3 * n) {
		from := any()
		h.edges[from] = append(h.edges[from], any())
	}
	for range r.IntN(4) {
		key := any()
		h.entries[key] = append(h.entries[key], any())
	}
	oddly := uint64(r.IntN(2)) // in half of them, some callables are dead
	for i := uint32(1); i <= uint32(n); i++ {
		if r.IntN(4) == 0 {
			h.handles[i] = callables.Handle(r.Uint64()|1<<32) &^ 1
			if r.IntN(6) == 0 {
				h.handles[i] |= callables.Handle(oddly)
			}
		}
		if r.IntN(8) == 0 {
			h.stamps[i] = uint32(len(h.stamps) + 1)
		}
	}
	for range r.IntN(6) {
		h.roots = append(h.roots, any())
	}
	return h
}

// Groups say of any heap exactly what it says, and are no more than its objects.
func TestCondenseRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 6000 {
		h := randomHeap(r)
		alive := func(n uint32) []callables.Handle {
			return append([]callables.Handle(nil), slices.DeleteFunc(h.reach(n), isDead)...)
		}
		gone := func(n uint32) bool { // leads to a callable that is dead
			return slices.ContainsFunc(h.closure(false, n), func(n uint32) bool { return isDead(h.handles[n]) })
		}
		groups, registry, c := condense(t, h)
		var all []*Group
		for i, root := range h.roots {
			require.Equal(t, alive(root), groups[uint32(i)].holds(), "%+v", h)
			all = append(all, groups[uint32(i)])
		}
		require.LessOrEqual(t, len(reachable(all...)), len(h.closure(true, h.roots...)), "%+v", h)
		for object, stamp := range h.stamps {
			if !slices.Contains(h.closure(true, h.roots...), object) || gone(object) {
				require.Same(t, unused, c.Stamps[stamp], "stamp of %d in %+v", object, h)
				continue
			}
			var got []callables.Handle
			if int(stamp) < len(c.Stamps) && c.Stamps[stamp] != nil {
				got = c.Stamps[stamp].group.Value().holds()
			}
			require.Equal(t, alive(object), got, "stamp of %d in %+v", object, h)
		}
		for _, f := range registry {
			require.Same(t, f, f.group.Held(f.place))
		}
		if len(c.Roots) == 0 {
			continue
		}
		// Promoting a group promotes what it holds, once.
		g := c.Roots[r.IntN(len(c.Roots))].Group
		g.Promote()
		g.Promote()
		for handle, f := range registry {
			want := 0
			if slices.Contains(g.holds(), handle) {
				want = 1
			}
			require.Equal(t, want, f.promoted)
		}
	}
}

// Without room there are no groups, and the only thing that is known is what leads to
// callables that are dead.
func TestCondenseWithoutRoom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	refused := 0
	for range 3000 {
		h := randomHeap(r)
		s := told(t, h.words())
		registry := fakeRegistry{}
		c, err := s.Condense(costGroup, registry.hold)
		if err == nil {
			var all []*Group
			for _, root := range c.Roots {
				all = append(all, root.Group)
			}
			require.LessOrEqual(t, len(reachable(all...)), 1)
			continue
		}
		require.ErrorIs(t, err, ErrRoom)
		refused++
		stamps := s.Stamps(isDead)
		for object, stamp := range h.stamps {
			in := int(stamp) >= len(stamps) || stamps[stamp].Wake()
			dead := slices.ContainsFunc(h.closure(false, object), func(n uint32) bool { return isDead(h.handles[n]) })
			require.Equal(t, !dead, in, "stamp of %d in %+v", object, h)
		}
	}
	assert.Greater(t, refused, 300)
}

// A long chain takes neither recursion nor quadratic time, with one way to each link,
// so that all are one group, or with two.
func TestCondenseDeep(t *testing.T) {
	const n = 300000
	for ways := range 2 {
		h := heap{edges: make([][]uint32, n+1), handles: map[uint32]callables.Handle{}, roots: []uint32{1}}
		for i := uint32(1); i < n; i++ {
			h.edges[i] = slices.Repeat([]uint32{i + 1}, 1+ways)
			if i%3 == 0 {
				h.handles[i] = callables.Handle(i)
			}
		}
		groups, registry, _ := condense(t, &h)
		assert.Len(t, registry, (n-1)/3)
		assert.Len(t, reachable(groups[0]), 1+ways*((n-1)/3-1))
		groups[0].Promote()
		for _, f := range registry {
			require.Equal(t, 1, f.promoted)
		}
	}
}
