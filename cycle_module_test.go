package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// cycleModules is what every runtime of cycles can import.
var cycleModules = qjswasm.FS(files(map[string]string{
	"vars.mjs": "export const all = []; export const id = x => x",
}))

// moduleCycle makes a cycle whose closure captures the namespace of a module of
// its own, with the function in a variable of that module.
func moduleCycle(code string) func(m *cycleMaker, n int) []any {
	return func(m *cycleMaker, n int) []any {
		m.t.Helper()
		ns, err := m.rt.EvalSource(ctx, qjswasm.Source{Module: true, Name: "cycle.mjs", Code: code})
		require.NoError(m.t, err)
		f := m.reader(&ns)
		m.js("(ns, f, n) => ns.set(f, n)", ns, f, n)
		return []any{ns, f}
	}
}

// A module that was evaluated and not imported by name has nobody who could ask
// for it again.
var moduleCycles = []cycleShape{
	{
		name: "module namespace", callables: 1,
		make:   moduleCycle("export let f, n; export function set(g, m) { f = g; n = m }"),
		probes: []string{"ns => ns.f()", "f => f()"},
	},
	{
		name: "module that imports", callables: 1,
		make: moduleCycle(`
			import { id } from "./vars.mjs"
			export * from "./vars.mjs"
			await null
			export let f, n
			export const set = (g, m) => { f = g; n = id(m) }`),
		probes: []string{"ns => ns.id(ns.f())", "f => f()"},
	},
}

// A module that was imported can be imported again: what its variables hold
// stays, cycles through its namespace included, until they hold it no longer.
func TestCyclesInImportedModules(t *testing.T) {
	m := &cycleMaker{
		t: t, rt: newRuntime(t, &qjswasm.Options{Modules: cycleModules}), helpers: map[string]*qjswasm.Value{},
	}
	importVars := func() *qjswasm.Value {
		ns, err := m.rt.Import(ctx, "vars.mjs")
		require.NoError(t, err)
		return ns
	}
	add := func() {
		ns := importVars()
		f, err := m.rt.NewFunc("f", func() (int, error) { return number(m.js("ns => ns.all.length", ns), nil) })
		require.NoError(t, err)
		m.js("(ns, f) => { ns.all.push(f) }", ns, f)
	}
	sum, clear := "ns => ns.all.reduce((n, f) => n + f(), 0)", "ns => { ns.all.length = 0 }"
	add()
	m.js(sum, importVars())
	m.js(clear, importVars())
	start := m.rest()
	n := cycleCount(10000)
	for range n {
		add()
	}
	runtime.GC()
	require.Equal(t, start.Callables+n, m.rest().Callables)
	require.EqualValues(t, n*n, m.js(sum, importVars()).Int64())
	m.js(clear, importVars())
	requireSame(t, start, m.rest())
}
