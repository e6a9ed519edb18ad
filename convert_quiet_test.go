package qjswasm_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// sabotage makes every property of the built-ins count its uses, and defines more
// where a careless conversion would look or store. It returns what undoes that.
const sabotage = `
var ran = ""
function sabotage() {
	const define = Object.defineProperty, descriptor = Object.getOwnPropertyDescriptor, bare = Object.setPrototypeOf
	let undo = null
	const trap = (o, k) => {
		const was = descriptor(o, k), name = typeof k === "symbol" ? "symbol" : k
		if (was && !was.configurable) return
		undo = bare({ o, k, was: was && bare(was, null), next: undo }, null)
		define(o, k, bare({ get() { ran += " " + name }, set() { ran += " set " + name }, configurable: true }, null))
	}
	const targets = [Error, Map, Set, Promise, ArrayBuffer, Array, RegExp, Object.getPrototypeOf(Uint8Array)]
	for (const name of Object.getOwnPropertyNames(globalThis)) {
		const p = typeof globalThis[name] === "function" && globalThis[name].prototype
		if (p && name !== "Function") targets.push(p)
	}
	targets.push(Object.getPrototypeOf(Uint8Array.prototype), Object.getPrototypeOf([][Symbol.iterator]()))
	const work = targets.flatMap(o => Reflect.ownKeys(o).map(k => [o, k]))
	for (const k of ["a", "k1", "message", "cause", "stack", "0", "1", "length", "get", "value", "writable"]) work.push([Object.prototype, k], [Array.prototype, k])
	for (let i = 0; i < work.length; i++) trap(work[i][0], work[i][1])
	return () => {
		for (; undo; undo = undo.next)
			if (undo.was) define(undo.o, undo.k, undo.was)
			else delete undo.o[undo.k]
	}
}
var handler = new Proxy({}, { get(t, k) { ran += " trap" } })
`

// Nothing of a script's runs while values cross, whatever it did to the built-ins.
func TestConversionsRunNoScript(t *testing.T) {
	rt := graphRuntime(t)
	eval(t, rt, sabotage)
	require.NoError(t, rt.Set("fresh", func() any {
		return []any{&pen{Ink: "a"}, map[string]any{"a": 1, "length": 2}, map[int]any{1: []byte{1}}, qjswasm.Set{1}, ctx.Err, 1.5, "x", &qjswasm.ConvertError{}, errors.New("no")}
	}))
	assert.NotEmpty(t, eval(t, rt, `{ const undo = sabotage(); [].length; new Map().size; undo(); const was = ran; ran = ""; was }`).String(), "sabotage works")
	for seed := range seeds(t) {
		if seed%16 != 0 {
			continue
		}
		require.NoError(t, rt.Set("seed", seed))
		assert.Equal(t, "", eval(t, rt, `{
			const x = [graph.make(seed), new Proxy({}, handler), new Proxy(() => 1, handler), { toJSON() { ran += " toJSON" }, get a() { ran += " a" } }, Object("s"), Object(1)]
			const want = graph.image(x), undo = sabotage()
			let y, z, e
			try { y = back(x); z = fresh() } catch (x) { e = x }
			undo()
			if (e) throw e
			ran || graph.difference(want, y) || (z.length === 9 ? "" : "fresh")
		}`).String())
	}
}
