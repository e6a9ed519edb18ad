package qjswasm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestExportRunsNothingUnasked(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `({ a: 1, get b() { throw 1 }, toJSON() { throw 2 }, p: new Proxy({}, { ownKeys() { throw 3 }, get() { throw 4 } }) })`)
	x, err := v.Export()
	require.NoError(t, err)
	m := x.(map[string]any)
	assert.Equal(t, int64(1), m["a"])
	assert.NotContains(t, m, "b")
	assert.Equal(t, qjswasm.KindProxy, m["p"].(*qjswasm.Value).Kind())
	assert.Equal(t, qjswasm.KindFunction, m["toJSON"].(*qjswasm.Value).Kind())
	// One option does not run what another is for.
	_, err = v.ExportWith(ctx, &qjswasm.ExportOptions{Proxies: true})
	assert.ErrorContains(t, err, "3")
	_, err = v.ExportWith(ctx, &qjswasm.ExportOptions{Getters: true})
	assert.ErrorContains(t, err, "1")
	_, err = v.ExportWith(ctx, &qjswasm.ExportOptions{ToJSON: true})
	assert.ErrorContains(t, err, "2")
	p, err := v.Get("p")
	require.NoError(t, err)
	x, err = p.ExportWith(ctx, &qjswasm.ExportOptions{ToJSON: true, Getters: true})
	require.NoError(t, err)
	assert.Same(t, p, x)
}

func TestExportRunsWhatIsAsked(t *testing.T) {
	rt := newRuntime(t, nil)
	all := &qjswasm.ExportOptions{Getters: true, ToJSON: true, Proxies: true}
	for code, want := range map[string]any{
		`({ get a() { return { get b() { return [1, 2] } } } })`:                                     map[string]any{"a": map[string]any{"b": []any{int64(1), int64(2)}}},
		`new Proxy([1, [2]], {})`:                                                                    []any{int64(1), []any{int64(2)}},
		`new Proxy({ a: 1 }, { get: (o, k) => k + '!' })`:                                            map[string]any{"a": "a!"},
		`({ x: { toJSON(k) { return 'json of ' + k } } })`:                                           map[string]any{"x": "json of x"},
		`[{ toJSON(k) { return { k, toJSON() { throw 1 } } } }].map(x => (delete x.x, x))[0].k ?? 5`: int64(5),
		`({ toJSON: () => 7 })`:                                                                      int64(7),
		`({ toJSON: () => undefined })`:                                                              nil,
		`[new Date(5)]`:                                                                              []any{time.UnixMilli(5).UTC()},
		`new Map([[{ toJSON: () => 'k' }, { get v() { return 1 } }]])`:                               qjswasm.Map{{Key: "k", Value: map[string]any{"v": int64(1)}}},
		`new Set([{ toJSON: () => 3 }])`:                                                             qjswasm.Set{int64(3)},
		`class C { #p = 1; get p() { return this.#p } q = 2 } new C`:                                 map[string]any{"q": int64(2)},
		`[1, , 3]`: []any{int64(1), nil, int64(3)},
	} {
		x, err := eval(t, rt, code).ExportWith(ctx, all)
		require.NoError(t, err, code)
		assert.Equal(t, want, x, code)
	}
	type target struct{ A, B int }
	var s target
	require.NoError(t, eval(t, rt, `({ get A() { return 3 }, B: 4 })`).ExportToWith(ctx, &s, all))
	assert.Equal(t, target{3, 4}, s)
}

// Identity and cycles survive, those that code makes up included.
func TestExportWithCodeKeepsIdentity(t *testing.T) {
	rt := newRuntime(t, nil)
	x, err := eval(t, rt, `const o = { list: [] }; o.self = o; o.list.push(o, o.list); Object.defineProperty(o, 'again', { enumerable: true, get: () => o.list }); o`).
		ExportWith(ctx, &qjswasm.ExportOptions{Getters: true})
	require.NoError(t, err)
	m := x.(map[string]any)
	m["self"].(map[string]any)["mark"] = true
	assert.Equal(t, true, m["mark"])
	list := m["list"].([]any)
	assert.Equal(t, true, list[0].(map[string]any)["mark"])
	list[0] = "changed"
	assert.Equal(t, "changed", m["again"].([]any)[0])
	assert.Equal(t, "changed", list[1].([]any)[0])
}

// What is exported may be taken apart while its getters run, and the host be
// entered from there: nothing is written meanwhile.
func TestExportedGraphChangesMeanwhile(t *testing.T) {
	rt := newRuntime(t, nil)
	other := eval(t, rt, `({ nested: [1, 2, 3], text: 'x'.repeat(100000) })`)
	require.NoError(t, rt.Set("enter", func() (int, error) {
		x, err := other.ExportWith(ctx, &qjswasm.ExportOptions{Getters: true, MaxNodes: 5})
		if err != nil {
			return 0, err
		}
		return len(x.(map[string]any)["nested"].([]any)), nil
	}))
	all := &qjswasm.ExportOptions{Getters: true, ToJSON: true, Proxies: true}
	for code, want := range map[string]any{
		`{ const a = [{ toJSON() { a.length = 0; return enter() } }, 1, 2]; a }`:                                                                                     []any{int64(3), nil, nil},
		`{ const a = [{ toJSON() { for (let i = 0; i < 1e4; i++) a.push(i); return 0 } }, 1]; a }`:                                                                   []any{int64(0), int64(1)},
		`{ const a = [{ toJSON() { a[1e6] = 1; return 0 } }, 1]; a }`:                                                                                                []any{int64(0), int64(1)},
		`{ const o = { get a() { delete o.b; delete o.a; o.c = 1; return enter() }, b: 2 }; o }`:                                                                     map[string]any{"a": int64(3)},
		`{ const m = new Map([[{ toJSON() { m.clear(); return enter() } }, 1], [2, { toJSON() { return 'still' } }]]); m }`:                                          qjswasm.Map{{Key: int64(3), Value: int64(1)}, {Key: int64(2), Value: "still"}},
		`{ const s = new Set([{ toJSON() { s.add(9); s.delete(5); return 4 } }, 5]); s }`:                                                                            qjswasm.Set{int64(4), int64(5)},
		`{ const { proxy, revoke } = Proxy.revocable({ a: 1 }, { get(o, k) { if (k === 'a') revoke(); return 1 } }); proxy }`:                                        map[string]any{"a": int64(1)},
		`{ const b = new ArrayBuffer(8), u = new Uint8Array(b); ({ get a() { b.transfer(); return enter() }, u }) }`:                                                 map[string]any{"a": int64(3), "u": []byte{}},
		`{ let o = { get a() { o.b = null; let junk = []; for (let i = 0; i < 1000; i++) junk.push({ i }); return junk.length }, b: { toJSON() { throw 1 } } }; o }`: map[string]any{"a": int64(1000), "b": nil},
	} {
		x, err := eval(t, rt, code).ExportWith(ctx, all)
		require.NoError(t, err, code)
		assert.Equal(t, want, x, code)
	}
}

func TestExportLimits(t *testing.T) {
	rt := newRuntime(t, nil)
	nested := eval(t, rt, `({ a: [1, { b: { c: {} } }] })`)
	for _, c := range []struct {
		v    *qjswasm.Value
		o    qjswasm.ExportOptions
		path string // "-" if it is within the limits
	}{
		{nested, qjswasm.ExportOptions{MaxDepth: 5, MaxNodes: 5, MaxBytes: 500}, "-"},
		{nested, qjswasm.ExportOptions{MaxDepth: 4}, ".a[1].b.c"},
		{nested, qjswasm.ExportOptions{MaxDepth: 1}, ".a"},
		{nested, qjswasm.ExportOptions{MaxNodes: 3}, ".a[1].b"},
		{nested, qjswasm.ExportOptions{MaxDepth: 3, Getters: true}, ".a[1].b"},
		{nested, qjswasm.ExportOptions{MaxNodes: 2, ToJSON: true}, ".a[1]"},
		{eval(t, rt, `[1, 'x'.repeat(1000), 2]`), qjswasm.ExportOptions{MaxBytes: 100}, "[1]"},
		{eval(t, rt, `[1, 'x'.repeat(1000) + 'y'.repeat(1000), 2]`), qjswasm.ExportOptions{MaxBytes: 100}, "[1]"},
		{eval(t, rt, `new Set([1, new Uint8Array(1000)])`), qjswasm.ExportOptions{MaxBytes: 100}, "[1]"},
		{eval(t, rt, `new Map([['k', 1], ['l', new ArrayBuffer(1000)]])`), qjswasm.ExportOptions{MaxBytes: 100}, "[1]"},
		{eval(t, rt, `Array.from({ length: 1000 }, (_, i) => i)`), qjswasm.ExportOptions{MaxBytes: 100}, "[20]"},
		{eval(t, rt, `Array.from({ length: 1000 }, (_, i) => ({ i }))`), qjswasm.ExportOptions{MaxNodes: 100}, "[99]"},
		{eval(t, rt, `const same = {}; Array(1000).fill(same)`), qjswasm.ExportOptions{MaxNodes: 2}, "-"},
		{eval(t, rt, `({ 'a key': { ['k'.repeat(1e6)]: { 日本: {} } } })`), qjswasm.ExportOptions{MaxDepth: 3}, `["a key"].` + strings.Repeat("k", 200) + `… (cut).日本`},
		{eval(t, rt, `({ s: (() => { const a = []; a[1e9] = 1; return a })() })`), qjswasm.ExportOptions{}, ".s"},
		{eval(t, rt, `({ s: (() => { const a = []; a[1e9] = 1; return a })() })`), qjswasm.ExportOptions{Getters: true}, ".s"},
		{eval(t, rt, `function endless() { return { get next() { return endless() } } } endless()`), qjswasm.ExportOptions{Getters: true, MaxNodes: 3}, ".next.next.next"},
		{eval(t, rt, `new Proxy({ length: 4e9 }, { getPrototypeOf: () => Array.prototype })`), qjswasm.ExportOptions{Proxies: true}, "-"},
		{eval(t, rt, `new Proxy([], { get: () => 4e9 })`), qjswasm.ExportOptions{Proxies: true}, ""},
	} {
		_, err := c.v.ExportWith(ctx, &c.o)
		if c.path == "-" {
			assert.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, qjswasm.ErrExportLimit, "%v", c.o)
		var convert *qjswasm.ConvertError
		require.ErrorAs(t, err, &convert)
		if strings.Contains(c.path, "cut") {
			assert.Contains(t, convert.Path, "(cut)")
			assert.True(t, strings.HasPrefix(convert.Path, `["a key"]`), convert.Path)
		} else {
			assert.Equal(t, c.path, convert.Path, "%+v", c.o)
		}
	}
}

// Roots of a value that was not exported in the end are released, whatever the
// reason was.
func TestExportThatFailsOwnsNothing(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `[Symbol(), () => 1, new Proxy({}, {}), Promise.resolve(), new WeakMap, [].values(), { deep: { f() {} } }, 'x'.repeat(1000)]`)
	defer v.Close()
	roots := rt.Stats().Roots
	x, err := v.Export()
	require.NoError(t, err)
	var kinds []qjswasm.Kind
	for _, y := range x.([]any)[:6] {
		kinds = append(kinds, y.(*qjswasm.Value).Kind())
		y.(*qjswasm.Value).Close()
	}
	assert.Equal(t, []qjswasm.Kind{qjswasm.KindSymbol, qjswasm.KindFunction, qjswasm.KindProxy, qjswasm.KindPromise, qjswasm.KindOther, qjswasm.KindOther}, kinds)
	x.([]any)[6].(map[string]any)["deep"].(map[string]any)["f"].(*qjswasm.Value).Close()
	require.NoError(t, rt.GC(ctx))
	assert.Equal(t, roots, rt.Stats().Roots)
	for _, o := range []qjswasm.ExportOptions{{MaxDepth: 2}, {MaxNodes: 2}, {MaxBytes: 500}, {MaxDepth: 2, Getters: true}} {
		_, err := v.ExportWith(ctx, &o)
		require.ErrorIs(t, err, qjswasm.ErrExportLimit)
	}
	var s []string
	require.Error(t, v.ExportTo(&s))
	var first struct{ X []int }
	w := eval(t, rt, `({ f() {}, X: [1, 'no'], g: [() => 1] })`)
	require.Error(t, w.ExportTo(&first))
	w.Close()
	require.NoError(t, rt.GC(ctx))
	assert.Equal(t, roots, rt.Stats().Roots)
}

func TestExportCodeIsBounded(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 16 << 20})
	timeout, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	v := eval(t, rt, `({ get a() { for (;;); } })`)
	_, err := v.ExportWith(timeout, &qjswasm.ExportOptions{Getters: true})
	assert.ErrorIs(t, err, qjswasm.ErrInterrupted)
	deep := eval(t, rt, `(function f() { return { get next() { return f() } } })()`)
	_, err = deep.ExportWith(ctx, &qjswasm.ExportOptions{Getters: true})
	assert.ErrorIs(t, err, qjswasm.ErrStackOverflow)
	wide := eval(t, rt, `new Proxy([], { get: (o, k) => k === 'length' ? 1e6 : 'x'.repeat(1e5) + k })`)
	_, err = wide.ExportWith(ctx, &qjswasm.ExportOptions{Proxies: true})
	assert.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	x, err := eval(t, rt, `({ a: 1 })`).Export()
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"a": int64(1)}, x)
	boom := errors.New("boom")
	require.NoError(t, rt.Set("boom", func() error { return boom }))
	_, err = eval(t, rt, `({ get a() { boom() } })`).ExportWith(ctx, &qjswasm.ExportOptions{Getters: true})
	assert.ErrorIs(t, err, boom)
}

func TestHoles(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `[1, , undefined, , ]`)
	x, err := v.Export()
	require.NoError(t, err)
	assert.Equal(t, []any{int64(1), nil, nil, nil}, x)
	var s struct{ L []any }
	require.NoError(t, eval(t, rt, `({ L: [, 1] })`).ExportToWith(ctx, &s, &qjswasm.ExportOptions{Holes: true}))
	assert.Equal(t, []any{qjswasm.Hole, int64(1)}, s.L)
	for _, o := range []*qjswasm.ExportOptions{{Holes: true}, {Holes: true, Getters: true}} {
		x, err = v.ExportWith(ctx, o)
		require.NoError(t, err)
		assert.Equal(t, []any{int64(1), qjswasm.Hole, nil, qjswasm.Hole}, x)
	}
	require.NoError(t, rt.Set("back", x))
	type list []any
	require.NoError(t, rt.Set("typed", list{qjswasm.Hole, 1}))
	assert.Equal(t, "1--- true 4 false true undefined",
		eval(t, rt, "`${back[0]}${1 in back ? 1 : '-'}${2 in back ? '-' : 2}${3 in back ? 3 : '-'} ${Object.keys(back).length === 2} ${back.length} ${0 in typed} ${1 in typed} ${typed[0]}`").String())
	require.NoError(t, rt.Set("alone", qjswasm.Hole))
	assert.True(t, eval(t, rt, "alone === undefined && 'alone' in globalThis").Bool())
}
