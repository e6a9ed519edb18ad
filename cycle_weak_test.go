package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// A weak reference to a cycle that nobody holds gives nothing, or all of it.
func TestWeakRefsOfDroppedCycles(t *testing.T) {
	const n, each = 600, 20
	m := &cycleMaker{t: t, rt: newRuntime(t, nil), helpers: map[string]*qjswasm.Value{}}
	eval(t, m.rt, "var refs = [], finalized = 0, registry = new FinalizationRegistry(() => { finalized++ })")
	make := captor("(f, n) => { const o = { n, f }; refs.push(new WeakRef(o)); registry.register(o); return o }")
	count := "() => refs.filter(r => r.deref()).length"
	works := "() => refs.every((r, n) => { const o = r.deref(); return !o || o.f() === n })"
	most := 0
	for i := range n {
		make(m, i)
		switch i % each {
		case 0:
			runtime.GC()
		case each / 2:
			require.NoError(t, m.rt.GC(ctx))
		default:
			continue
		}
		require.True(t, m.js(works).Bool(), "after %d", i)
		most = max(most, int(m.js(count).Int64()))
	}
	t.Logf("at most %d alive at a time", most)
	assert.Less(t, most, 10*each)
	require.NoError(t, m.rt.GC(ctx))
	_, err := m.rt.RunJobs(ctx)
	require.NoError(t, err)
	require.NoError(t, m.rt.GC(ctx))
	assert.Zero(t, m.js(count).Int64())
	assert.EqualValues(t, n, m.js("() => finalized").Int64())
	assert.Zero(t, m.rt.Stats().Callables)
}
