package gc

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// heap is a guest's heap as a test draws it: the numbers of the objects that each
// refers to, from 1.
type heap struct {
	edges   [][]uint32 // by number; [0] is not used
	handles map[uint32]callables.Handle
	stamps  map[uint32]uint32
	roots   []uint32
}

func (h *heap) words() []byte {
	var b []byte
	word := func(w uint32) { b = binary.LittleEndian.AppendUint32(b, w) }
	for n := 1; n < len(h.edges); n++ {
		if handle, ok := h.handles[uint32(n)]; ok {
			word(abi.SummaryHandle)
			b = binary.LittleEndian.AppendUint64(b, uint64(handle))
		}
		if stamp, ok := h.stamps[uint32(n)]; ok {
			word(abi.SummaryStamp)
			word(stamp)
		}
		for _, e := range h.edges[n] {
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

// reach returns the handles that are reachable from an object.
func (h *heap) reach(from uint32) []callables.Handle {
	seen := map[uint32]bool{from: true}
	var found []callables.Handle
	for todo := []uint32{from}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if handle, ok := h.handles[n]; ok {
			found = append(found, handle)
		}
		for _, e := range h.edges[n] {
			if !seen[e] {
				seen[e] = true
				todo = append(todo, e)
			}
		}
	}
	slices.Sort(found)
	return found
}

// rooted tells whether a root leads to an object.
func (h *heap) rooted(to uint32) bool {
	found := slices.Clone(h.roots)
	for i := 0; i < len(found); i++ {
		for _, e := range h.edges[found[i]] {
			if !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
	}
	return slices.Contains(found, to)
}

// fakeHeld is a callable's body.
type fakeHeld struct {
	handle   callables.Handle
	group    *Group
	promoted int
}

func (f *fakeHeld) Join(g *Group, _ int) { f.group = g }
func (f *fakeHeld) Promote()             { f.promoted++ }

type fakeRegistry map[callables.Handle]*fakeHeld

func (r fakeRegistry) hold(h callables.Handle) (Held, bool) {
	if r[h] == nil {
		r[h] = &fakeHeld{handle: h}
	}
	return r[h], false
}

// holds returns the handles that a group keeps, itself or through others.
func (g *Group) holds() []callables.Handle {
	var found []callables.Handle
	seen := map[*Group]bool{}
	var visit func(g *Group)
	visit = func(g *Group) {
		if g == nil || seen[g] {
			return
		}
		seen[g] = true
		for _, h := range g.held {
			found = append(found, h.(*fakeHeld).handle)
		}
		for _, c := range g.children {
			visit(c)
		}
	}
	visit(g)
	slices.Sort(found)
	return found
}

func condense(t testing.TB, h *heap) (map[uint32]*Group, fakeRegistry, *Condensed) {
	t.Helper()
	var s Summary
	b := h.words()
	for len(b) > 0 { // in pieces that objects span
		n := min(len(b), 28)
		s.Append(b[:n])
		b = b[n:]
	}
	registry := fakeRegistry{}
	c, err := s.Condense(math.MaxInt64, registry.hold)
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
			different := map[*Group]bool{}
			var visit func(*Group)
			visit = func(g *Group) {
				if g != nil && !different[g] {
					different[g] = true
					for _, c := range g.children {
						visit(c)
					}
				}
			}
			for _, r := range c.Roots {
				visit(r.Group)
			}
			assert.Len(t, different, tt.groups)
		})
	}
}

// Groups say of any heap exactly what it says, and are no more than its objects.
func TestCondenseRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 3000 {
		n := 1 + r.IntN(30)
		h := heap{edges: make([][]uint32, n+1), handles: map[uint32]callables.Handle{}, stamps: map[uint32]uint32{}}
		for range r.IntN(3 * n) {
			from := 1 + r.IntN(n)
			h.edges[from] = append(h.edges[from], uint32(1+r.IntN(n)))
		}
		for i := 1; i <= n; i++ {
			if r.IntN(4) == 0 {
				h.handles[uint32(i)] = callables.Handle(r.Uint64())
			}
			if r.IntN(8) == 0 {
				h.stamps[uint32(i)] = uint32(len(h.stamps) + 1)
			}
		}
		for range r.IntN(6) {
			h.roots = append(h.roots, uint32(1+r.IntN(n)))
		}
		groups, registry, c := condense(t, &h)
		for i, root := range h.roots {
			require.Equal(t, h.reach(root), groups[uint32(i)].holds(), "%+v", h)
		}
		for object, stamp := range h.stamps {
			if !h.rooted(object) {
				require.Same(t, unused, c.Stamps[stamp], "stamp of %d in %+v", object, h)
				continue
			}
			var got []callables.Handle
			if int(stamp) < len(c.Stamps) && c.Stamps[stamp] != nil {
				got = c.Stamps[stamp].group.Value().holds()
			}
			require.Equal(t, h.reach(object), got, "stamp of %d in %+v", object, h)
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

// A long chain takes neither recursion nor quadratic time.
func TestCondenseDeep(t *testing.T) {
	const n = 300000
	h := heap{edges: make([][]uint32, n+1), handles: map[uint32]callables.Handle{}, roots: []uint32{1}}
	for i := uint32(1); i < n; i++ {
		h.edges[i] = []uint32{i + 1}
		if i%3 == 0 {
			h.handles[i] = callables.Handle(i)
		}
	}
	groups, registry, c := condense(t, &h)
	assert.Len(t, registry, (n-1)/3)
	assert.Less(t, c.Edges, n)
	groups[0].Promote()
	for _, f := range registry {
		require.Equal(t, 1, f.promoted)
	}
}
