package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestWeakCollectionsOfHeldKeys(t *testing.T) {
	rt := newRuntime(t, manual)
	eval(t, rt, `var map = new WeakMap(), set = new WeakSet(), values = 0; undefined`)
	requireFlat(t, rt, func() {
		before := rt.Stats()
		put := eval(t, rt, `(k, v) => { map.set(k, v); set.add(k) }`)
		get := eval(t, rt, `k => set.has(k) && map.get(k)()`)
		var keys [3]*qjswasm.Value
		for i := range keys {
			k := eval(t, rt, `({})`)
			// The value leads back to its key, through Go.
			f, err := rt.NewFunc("f", func() int64 { runtime.KeepAlive(k); return int64(i) })
			require.NoError(t, err)
			call(t, put, k, f)
			keys[i] = k
		}
		for range 3 {
			gc(t, rt)
			goGC()
			for i, k := range keys {
				assert.Equal(t, int64(i), call(t, get, k).Int64())
			}
		}
		keys[1].Close() // nothing else leads to it: the entry ends, and the function
		gc(t, rt)
		assert.Equal(t, before.Callables+2, rt.Stats().Callables)
		keys[2] = nil // but for its own function, which only it leads to
		gc(t, rt)
		assert.Equal(t, before.Callables+1, rt.Stats().Callables)
		assert.Equal(t, int64(0), call(t, get, keys[0]).Int64())
		runtime.KeepAlive(keys)
		runtime.KeepAlive(put)
		put, get, keys[0] = nil, nil, nil
	})
}

// A map that Go holds, with keys of the guest's, and a map and its key that both
// only Go holds.
func TestWeakMapHeldByGo(t *testing.T) {
	for name, code := range map[string]string{
		"keys of the guest": `var k = {}; [new WeakMap(), k]`,
		"keys of Go":        `[new WeakMap(), {}]`,
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, manual)
			both := eval(t, rt, code)
			m, err := both.Get(0)
			require.NoError(t, err)
			k, err := both.Get(1)
			require.NoError(t, err)
			both.Close()
			both = nil
			before := rt.Stats().Callables
			f, err := rt.NewFunc("f", func() int64 { runtime.KeepAlive(m); return 42 })
			require.NoError(t, err)
			put, get := eval(t, rt, `(m, k, v) => { m.set(k, v) }`), eval(t, rt, `(m, k) => m.get(k)()`)
			call(t, put, m, k, f)
			f = nil
			for range 3 {
				gc(t, rt)
				goGC()
				assert.Equal(t, int64(42), call(t, get, m, k).Int64())
			}
			runtime.KeepAlive(m)
			m = nil
			if name == "keys of Go" {
				runtime.KeepAlive(k)
				k = nil
			}
			gc(t, rt)
			assert.Equal(t, before, rt.Stats().Callables)
			runtime.KeepAlive(k)
		})
	}
}
