package qjswasm_test

import (
	"flag"
	"iter"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

var (
	caseCount = flag.Int("cases", 3000, "random cases of each conversion property")
	caseSeed  = flag.Int64("seed", 1, "seed of the first of them; 0: another one each time")
)

// seeds yields a seed for each case of a property. If one fails, the log says how
// to see it again.
func seeds(t *testing.T) iter.Seq[int64] {
	n, seed := *caseCount, *caseSeed
	if testing.Short() {
		n = min(n, 300)
	}
	if seed == 0 {
		seed = time.Now().UnixNano() & 0x3fffffff
	}
	return func(yield func(int64) bool) {
		defer func() {
			if t.Failed() {
				t.Logf("again: go test . -run '^%s$' -cases 1 -seed %d", t.Name(), seed)
			}
		}()
		for ; n > 0; n, seed = n-1, seed+1 {
			if !yield(seed) || t.Failed() {
				return
			}
		}
	}
}

// graphRuntime has the functions of testdata/convert/graph.js, and back(x), which
// sends a value to Go and back.
func graphRuntime(t testing.TB) *qjswasm.Runtime {
	t.Helper()
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 256 << 20})
	code, err := os.ReadFile("testdata/convert/graph.js")
	require.NoError(t, err)
	_, err = rt.EvalSource(ctx, qjswasm.Source{Name: "graph.js", Code: string(code)})
	require.NoError(t, err)
	require.NoError(t, rt.Set("back", func(x any) any { return x }))
	return rt
}

// Random graphs that scripts make come back from Go as the documentation says,
// all else being equal: identity, cycles, order, attributes, prototypes.
func TestConvertGraphProperty(t *testing.T) {
	rt := graphRuntime(t)
	check, err := qjswasm.Eval[func(int64) (string, error)](ctx, rt, `seed => {
		const x = graph.make(seed), sent = graph.difference(x, x)
		if (sent) throw new Error("the comparison is at fault: " + sent)
		return graph.difference(graph.image(x), back(x))
	}`)
	require.NoError(t, err)
	export, err := qjswasm.Eval[func(int64) (*qjswasm.Value, error)](ctx, rt, "seed => globalThis.x = graph.make(seed)")
	require.NoError(t, err)
	compare, err := qjswasm.Eval[func(any) (string, error)](ctx, rt, "y => graph.difference(graph.image(x), y)")
	require.NoError(t, err)
	for seed := range seeds(t) {
		difference, err := check(seed)
		require.NoError(t, err)
		require.Empty(t, difference)
		if seed%256 == 0 {
			runtime.GC() // functions and errors that came out go with their Values
		}
		if seed%8 != 0 {
			continue
		}
		v, err := export(seed) // the same by Export and as an argument
		require.NoError(t, err)
		x, err := v.Export()
		require.NoError(t, err)
		difference, err = compare(x)
		require.NoError(t, err)
		require.Empty(t, difference)
		v.Close()
	}
}

// Random graphs have all that the documentation says is lost, so that the property
// above is about each of them.
func TestConvertGraphLosses(t *testing.T) {
	rt := graphRuntime(t)
	assert.Empty(t, evalTo[[]string](t, rt, `
		for (let seed = 1; seed <= 3000; seed++) graph.image(graph.make(seed));
		[...graph.losses].filter(([name, times]) => times < 10).map(entry => entry.join())
	`))
}

// The comparison of graphs sees every difference.
func TestConvertGraphComparison(t *testing.T) {
	rt := graphRuntime(t)
	for _, pair := range []string{
		"0, -0", "1, 1n", "null, undefined", "'a', 'b'", "'\\ud800', '\\ufffd'", "{}, []", "{}, null", "Symbol('a'), Symbol('a')", "() => 1, () => 1",
		"[1, 2], [2, 1]", "[1], [1, 2]", "[,], [undefined]", "[[], []], (a => [a, a])([])", "(a => [a, a])([]), [[], []]",
		"(a => (a[0] = a, a))([]), [[]]", "(a => (a[0] = a, a))([]), (a => (a[0] = [a], a))([])",
		"{a: 1, b: 2}, {b: 2, a: 1}", "{a: undefined}, {}", "{[Symbol.iterator]: 1}, {}", "Object.create(null), {}", "Object.freeze({}), {}",
		"Object.freeze([1]), Object.preventExtensions([1])", "{get a() { return 1 }}, {a: 1}", "Object.defineProperty({}, 'a', {value: 1}), {}",
		"new (class A {}), {}", "new (class A extends Array {}), []", "Object.assign([], {x: 1}), []",
		"new Map([[1, 2], [3, 4]]), new Map([[3, 4], [1, 2]])", "new Map([[1, {}]]), new Map([[1, []]])", "new Set([1]), new Set(['1'])", "new Set, new Map",
		"new Date(0), new Date(1)", "new Date(NaN), new Date(0)", "/a/, /b/", "/a/g, /a/", "Object.assign(/a/g, {lastIndex: 1}), /a/g",
		"new Error('a'), new Error('b')", "new Error('a'), new RangeError('a')", "new Error('a', {cause: 1}), new Error('a')",
		"new Uint8Array([1]), new Uint8Array([2])", "new Uint8Array(1), new Int8Array(1)", "new Uint8Array(2), new Uint8Array(1)", "new Float32Array([0]), new Float32Array([-0])",
		"new Uint8Array(2).subarray(1), new Uint8Array(1)", "(b => [b, new Uint8Array(b)])(new ArrayBuffer(1)), [new ArrayBuffer(1), new Uint8Array(1)]",
		"new ArrayBuffer(1), new ArrayBuffer(1, {maxByteLength: 2})", "new ArrayBuffer(1), new Uint8Array(1)", "Object(1), 1", "Object(1), Object(2)", "Object(1), Object('1')",
		"new Proxy({}, {}), {}", "Promise.resolve(), Promise.resolve()",
	} {
		assert.NotEmpty(t, eval(t, rt, "graph.difference("+pair+")").String(), pair)
	}
	assert.Empty(t, eval(t, rt, "graph.difference(graph.make(5), graph.make(5))").String())
	assert.Empty(t, eval(t, rt, `{
		const odd = () => { const o = {z: [1, , NaN], a: new Map([[new Set([-0]), new Date(NaN)]]), b: Object(2n)}; o.o = [o, o.z]; return o }
		graph.difference(odd(), odd())
	}`).String())
}

// Graphs of structs keep their shape in Go, whose types say all that there is.
func TestConvertStructGraphProperty(t *testing.T) {
	type node struct {
		Name string
		Next *node
		Kids []*node
		Map  map[string]*node
		Any  any
	}
	rt := graphRuntime(t)
	require.NoError(t, rt.Set("pointer", func(n *node) *node { return n }))
	require.NoError(t, rt.Set("list", func(n []*node) []*node { return n }))
	check, err := qjswasm.Eval[func(int64) (string, error)](ctx, rt, `seed => {
		const x = graph.nodes(seed)
		return graph.difference(x, pointer(x)) || graph.difference([x, x.Next], list([x, x.Next]))
	}`)
	require.NoError(t, err)
	for seed := range seeds(t) {
		difference, err := check(seed)
		require.NoError(t, err)
		require.Empty(t, difference)
	}
}
