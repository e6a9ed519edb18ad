package callables

import (
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHandle(t *testing.T) {
	h := newHandle(7, 3)
	assert.Equal(t, Handle(3<<32|7), h)
	assert.Equal(t, uint32(7), h.Index())
	assert.Equal(t, uint32(3), h.Generation())
	assert.Equal(t, "7@3", h.String())
	assert.Equal(t, "4294967295@4294967295", (^Handle(0)).String())
}

func TestZeroRegistry(t *testing.T) {
	var r Registry[int]
	for _, h := range []Handle{0, 1, 1 << 32, ^Handle(0)} {
		assert.Nil(t, r.Lookup(h))
		assert.Nil(t, r.Remove(h))
	}
	r.Clear()
	assert.Zero(t, r.Len())
	for range r.All() {
		assert.Fail(t, "an empty registry has entries")
	}
	assert.Zero(t, r.Add(nil))
	assert.Zero(t, r.Len())
}

func TestAddLookupRemove(t *testing.T) {
	var r Registry[int]
	e := new(42)
	h := r.Add(e)
	require.NotZero(t, h)
	assert.NotZero(t, h.Generation())
	again := r.Add(e)
	assert.NotEqual(t, h, again, "each Add is an entry of its own")
	assert.Equal(t, 2, r.Len())
	assert.Same(t, e, r.Lookup(h))

	assert.Same(t, e, r.Remove(h))
	assert.Nil(t, r.Remove(h))
	assert.Nil(t, r.Lookup(h))
	assert.Same(t, e, r.Lookup(again))
	assert.Equal(t, 1, r.Len())

	reused := r.Add(new(43))
	assert.Equal(t, h.Index(), reused.Index())
	assert.Equal(t, h.Generation()+1, reused.Generation())
	assert.Nil(t, r.Lookup(h), "the slot's next entry has another handle")
	checkInvariants(t, &r)
}

func TestClear(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 3*chunkSize)
	r.Clear()
	assert.Zero(t, r.Len())
	checkInvariants(t, &r)
	for _, h := range append(handles, fill(t, &r, 3*chunkSize)...)[:len(handles)] {
		require.Nil(t, r.Lookup(h))
	}
}

func TestAllMayBeChangedByItsBody(t *testing.T) {
	tests := map[string]struct {
		body func(r *Registry[int], h []Handle, e int)
		want []int
	}{
		"nothing":          {func(*Registry[int], []Handle, int) {}, []int{0, 1, 2, 3}},
		"remove current":   {func(r *Registry[int], h []Handle, e int) { r.Remove(h[e]) }, []int{0, 1, 2, 3}},
		"remove next":      {func(r *Registry[int], h []Handle, e int) { r.Remove(h[min(e+1, 3)]) }, []int{0, 2}},
		"remove previous":  {func(r *Registry[int], h []Handle, e int) { r.Remove(h[max(e-1, 0)]) }, []int{0, 1, 2, 3}},
		"remove last":      {func(r *Registry[int], h []Handle, _ int) { r.Remove(h[3]) }, []int{0, 1, 2}},
		"remove the rest":  {func(r *Registry[int], h []Handle, _ int) { r.Remove(h[2]); r.Remove(h[3]); r.Remove(h[1]) }, []int{0}},
		"add":              {func(r *Registry[int], _ []Handle, e int) { r.Add(new(e + 10)) }, []int{0, 1, 2, 3}},
		"replace current":  {func(r *Registry[int], h []Handle, e int) { r.Remove(h[e]); r.Add(new(e + 10)) }, []int{0, 1, 2, 3}},
		"replace last":     {func(r *Registry[int], h []Handle, e int) { r.Remove(h[3]); r.Add(new(e + 10)) }, []int{0, 1, 2}},
		"clear":            {func(r *Registry[int], _ []Handle, _ int) { r.Clear() }, []int{0}},
		"clear and refill": {func(r *Registry[int], _ []Handle, e int) { r.Clear(); r.Add(new(e + 10)) }, []int{0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var r Registry[int]
			var handles []Handle
			for i := range 4 {
				handles = append(handles, r.Add(&i))
			}
			var got []int
			for _, e := range r.All() {
				got = append(got, *e)
				test.body(&r, handles, *e)
			}
			assert.Equal(t, test.want, got)
			checkInvariants(t, &r)
		})
	}
}

func TestAllLoopsEndInAnyOrder(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 3)
	next1, stop1 := iter.Pull2(r.All())
	next2, stop2 := iter.Pull2(r.All())
	_, _, ok := next1()
	require.True(t, ok)
	_, _, ok = next2()
	require.True(t, ok)
	stop1()
	r.Remove(handles[1])
	h, _, ok := next2()
	require.True(t, ok)
	assert.Equal(t, handles[2], h)
	stop2()
	checkInvariants(t, &r)
}

func TestAllForgetsALoopThatPanics(t *testing.T) {
	var r Registry[int]
	fill(t, &r, 2)
	assert.Panics(t, func() {
		for range r.All() {
			panic("stop")
		}
	})
	checkInvariants(t, &r)
}

func TestNoAllocations(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 2*chunkSize+1)
	e := new(1)
	assert.Zero(t, testing.AllocsPerRun(100, func() { r.Lookup(handles[5]) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { r.Remove(r.Add(e)) }))

	// At a chunk's boundary, with and without a spare chunk.
	for _, h := range slices.Backward(handles[2*chunkSize:]) {
		r.Remove(h)
	}
	assert.Zero(t, testing.AllocsPerRun(100, func() { r.Remove(r.Add(e)) }))
	for _, h := range handles[chunkSize : 2*chunkSize] {
		r.Remove(h)
	}
	require.Len(t, made(&r), 2)
	assert.Zero(t, testing.AllocsPerRun(100, func() { r.Remove(r.Add(e)) }))
	checkInvariants(t, &r)
}

// fill adds n entries.
func fill(t testing.TB, r *Registry[int], n int) []Handle {
	t.Helper()
	handles := make([]Handle, n)
	for i := range handles {
		handles[i] = r.Add(&i)
		if handles[i] == 0 {
			require.NotZero(t, handles[i])
		}
	}
	return handles
}

// made returns the chunks that r has in memory.
func made[E any](r *Registry[E]) []*chunk[E] {
	var chunks []*chunk[E]
	for _, c := range r.directory.chunks {
		if c != nil {
			chunks = append(chunks, c)
		}
	}
	return chunks
}
