package qjswasm_test

import (
	"flag"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

var cycleRepeat = flag.Int("cycles.repeat", 10, "how often TestCyclesRepeatedly makes and drops cycles of each shape")

// cycleShape is a way for garbage to run through both heaps.
type cycleShape struct {
	name      string
	callables int    // that one cycle has
	shared    int    // callables that the first cycle makes and all use: methods
	globals   string // a script that every runtime runs first
	// make makes the n-th cycle and returns parts of it: each alone keeps all of
	// it alive.
	make func(m *cycleMaker, n int) []any
	// probes has for each part a JS function of it that gives n, or a promise of
	// it, if the whole cycle works.
	probes []string
}

// cycleShapes are all of them.
func cycleShapes() []cycleShape {
	var all []cycleShape
	for _, shapes := range [][]cycleShape{
		closureCycles, collectionCycles, promiseCycles, liveCycles, wrapperCycles, errorCycles, moduleCycles,
	} {
		all = append(all, shapes...)
	}
	return all
}

// forCycleShapes runs a test in a runtime for each shape.
func forCycleShapes(t *testing.T, f func(t *testing.T, m *cycleMaker)) {
	for _, shape := range cycleShapes() {
		t.Run(shape.name, func(t *testing.T) {
			m := &cycleMaker{t: t, rt: newRuntime(t, &qjswasm.Options{Modules: cycleModules}), shape: shape, helpers: map[string]*qjswasm.Value{}}
			eval(t, m.rt, shape.globals)
			m.check(m.shape.make(m, 1)) // makes what there is once for all cycles: helpers, methods, types
			start := m.rest()
			assert.Equal(t, shape.shared, start.Callables, "callables that are not of cycles")
			assert.Equal(t, len(m.helpers), start.Roots, "roots that are not of cycles")
			f(t, m)
		})
	}
}

// cycleCount is n, or what of it fits a short run.
func cycleCount(n int) int {
	if testing.Short() || raceDetector {
		return n / 10
	}
	return n
}

// sizes are the figures of a runtime and a process at rest.
type sizes struct {
	qjswasm.Stats
	heap int64
}

// rest collects and measures.
func (m *cycleMaker) rest() sizes {
	m.t.Helper()
	_, err := m.rt.RunJobs(ctx)
	require.NoError(m.t, err)
	require.NoError(m.t, m.rt.GC(ctx))
	s := sizes{Stats: m.rt.Stats()}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	s.heap = int64(mem.HeapAlloc)
	return s
}

// requireSame compares what is counted exactly.
func requireSame(t testing.TB, want, got sizes) {
	t.Helper()
	require.Equal(t, want.Callables, got.Callables, "callables")
	require.Equal(t, want.Roots, got.Roots, "roots")
	require.Equal(t, want.GuestObjects, got.GuestObjects, "objects in the guest")
	require.Zero(t, got.PendingReleases, "pending releases")
}

// What may be there after n cycles that was not before: tables that never shrink,
// of the size of what there was at a time, and what is kept for the next ones.
const (
	// In the guest 8 bytes of a hash table, at most half full, for each of two
	// WeakMap entries; and chunks of roots. The smallest cycle is a function, its
	// record and two properties: more than 200 bytes.
	cycleGuestTables = 32
	cycleGuestNoise  = 16 << 10
	// In Go 64 bytes of maps and weak pointers for each callable, the buffers of
	// the last summary, and what the test allocates. A callable with its closure and
	// its Value is more than 400 bytes.
	cycleHeapTables = 64
	cycleHeapNoise  = 3 << 19
)

// Nothing is left of 10,000 cycles once they were dropped.
func TestCyclesAreCollected(t *testing.T) {
	forCycleShapes(t, func(t *testing.T, m *cycleMaker) {
		n := cycleCount(10000)
		start := m.rest()
		for range 2 {
			m.drop(n)
			s := m.rest()
			requireSame(t, start, s)
			assert.LessOrEqual(t, s.GuestBytes-start.GuestBytes, int64(n*cycleGuestTables+cycleGuestNoise), "bytes in the guest")
			assert.LessOrEqual(t, s.heap-start.heap, int64(n*m.shape.callables*cycleHeapTables+cycleHeapNoise), "bytes in Go")
		}
		m.check(m.shape.make(m, n))
	})
}

// Whatever part of a cycle is held, by Go or by JS, the whole of it stays and
// works, and goes with it.
func TestCyclesStayWhileHeld(t *testing.T) {
	const n = 20
	forCycleShapes(t, func(t *testing.T, m *cycleMaker) {
		eval(t, m.rt, "var held = []")
		push := m.helper("x => { held.push(x) }")
		for i, probe := range m.shape.probes {
			all := m.helper(fmt.Sprintf("() => Promise.all(held.map(x => (%s)(x)))", probe))
			m.call(push, m.shape.make(m, 0)[i])
			m.await(m.call(all)) // makes the built-ins that it needs
			eval(t, m.rt, "held.length = 0")
			start := m.rest()
			for _, holder := range []string{"Go", "JS"} {
				t.Run(fmt.Sprintf("%s holds %s", holder, probe), func(t *testing.T) {
					m := m.in(t)
					var held []any
					for k := range n {
						part := m.shape.make(m, k)[i]
						if holder == "Go" {
							held = append(held, part)
						} else {
							m.call(push, part)
						}
					}
					full := m.rest()
					require.Equal(t, start.Callables+n*m.shape.callables, full.Callables)
					for range 2 {
						if holder == "Go" {
							for k, part := range held {
								require.EqualValues(t, k, m.probe(i, part), "%d", k)
							}
						} else {
							got, err := qjswasm.As[[]int](m.await(m.call(all)))
							require.NoError(t, err)
							for k := range n {
								require.Equal(t, k, got[k])
							}
						}
						runtime.GC() // with a summary that is older than the entries
						require.NoError(t, m.rt.GC(ctx))
					}
					runtime.KeepAlive(held)
					held = nil
					eval(t, m.rt, "held.length = 0")
					requireSame(t, start, m.rest())
				})
			}
		}
	})
}

// Both heaps are flat, however often cycles are made and dropped.
func TestCyclesRepeatedly(t *testing.T) {
	const n, warm = 100, 5
	forCycleShapes(t, func(t *testing.T, m *cycleMaker) {
		var first, last sizes
		for i := range warm + *cycleRepeat {
			m.drop(n)
			s := m.rest()
			if i < warm {
				first = s
				continue
			}
			requireSame(t, first, s)
			require.LessOrEqual(t, s.GuestBytes-first.GuestBytes, int64(n*cycleGuestTables), "bytes in the guest, after %d", i)
			require.LessOrEqual(t, s.heap-first.heap, int64(128<<10), "bytes in Go, after %d", i)
			last = s
		}
		t.Logf("%d times: %+d bytes in the guest, %+d in Go", *cycleRepeat, last.GuestBytes-first.GuestBytes, last.heap-first.heap)
	})
}

// Without Runtime.GC there is never more than a part of the cycles: Go's own
// collections are enough.
func TestCyclesByThemselves(t *testing.T) {
	const each = 500
	n := 20000
	if testing.Short() || raceDetector {
		n = 10000
	}
	forCycleShapes(t, func(t *testing.T, m *cycleMaker) {
		start, most := m.rt.Stats(), 0
		for i := 0; i < n; i += each {
			m.drop(each)
			runtime.GC() // in place of one that comes when it comes
			m.check([]any{m.shape.make(m, i)[0]})
			most = max(most, m.rt.Stats().Callables-start.Callables)
		}
		t.Logf("at most %d of %d callables at a time", most, n*m.shape.callables)
		require.Less(t, most, n*m.shape.callables/2)
	})
}
