package qjswasm_test

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestNamesOfValuesRunNoCode(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, `
		let ran = 0
		class Foo { constructor() { this.big = 'x'.repeat(1000) } get [Symbol.toStringTag]() { ran++; return 'tag' } }
		const trap = new Proxy({}, { get() { ran++; return () => 1 } })
		class Getter { static get name() { ran++; return 'ran' } }
		function renamed() {}
		Object.defineProperty(renamed, 'name', { get() { ran++; return 'ran' } })
		const getting = new Error('message')
		Object.defineProperty(getting, 'message', { get() { ran++; return 'ran' } })
		Object.defineProperty(getting, 'stack', { get() { ran++; return 'ran' } })
		const looping = []; looping.push(looping)
		class Long {}
		Object.defineProperty(Long, 'name', { value: 'ü'.repeat(100000) })
		undefined`)
	for code, want := range map[string]string{
		"({ a: 1 })":                "",
		"[1, 2]":                    "",
		"looping":                   "",
		"new Foo":                   "Foo",
		"Object.create(null)":       "null prototype",
		"new Getter":                "",
		"new Map([[1, 2]])":         "",
		"new Uint8Array(1e6)":       "Uint8Array",
		"Symbol('s')":               "Symbol(s)",
		"function named() {}":       "named",
		"(function named() {})":     "named",
		"() => {}":                  "(anonymous)",
		"async function* g() {}; g": "AsyncGeneratorFunction: g",
		"Foo":                       "class Foo",
		"trap":                      "",
		"renamed":                   "(anonymous)",
		"new RangeError('r')":       "RangeError: r",
		"new Error('one\\ntwo')":    "one",
		"Promise.reject(1)":         "",
		"new WeakRef({})":           "WeakRef",
		"[].values()":               "Object [Array Iterator]",
		"/a/g":                      "/a/g",
	} {
		if strings.HasPrefix(code, "function") {
			code = "(" + code + ")"
		}
		v := eval(t, rt, code)
		leaks := leaksOf(t, rt)
		require.Len(t, leaks, 1, code)
		assert.Equal(t, want, leaks[0].Name, code)
		v.Close()
	}
	for _, code := range []string{"getting", "new Long", "Long"} {
		v := eval(t, rt, code)
		name := leaksOf(t, rt)[0].Name
		assert.LessOrEqual(t, len(name), 300)
		assert.True(t, utf8.ValidString(name))
		v.Close()
	}
	assert.Zero(t, eval(t, rt, "ran").Int64())
}

// Names are no way to write to a terminal.
func TestNamesOfLeaksAreQuoted(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `Object.defineProperty(() => {}, 'name', { value: 'a\x1b[31m\nb' })`)
	text := leaksOf(t, rt).String()
	assert.NotContains(t, text, "\x1b")
	assert.NotContains(t, text, "\n")
	runtime.KeepAlive(v)
}

func TestLeaksInAFullGuest(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: qjswasm.MinMemoryLimit})
	v := makeFunc(rt)
	_, err := rt.Eval(ctx, "const all = []; for (let n = 1 << 20; n; n >>= 1) try { for (;;) all.push(new Uint8Array(n)) } catch {}")
	require.NoError(t, err)
	leaks := leaksOf(t, rt)
	require.NotEmpty(t, leaks)
	assert.Equal(t, qjswasm.KindFunction, leaks[0].Kind)
	runtime.KeepAlive(v)
}

func TestLeaksTakeNoFuel(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Fuel: 100_000})
	v := eval(t, rt, "[1]")
	before := rt.FuelUsed()
	leaksOf(t, rt)
	assert.Equal(t, before, rt.FuelUsed())
	_, err := rt.Eval(ctx, "for (;;);")
	require.ErrorIs(t, err, qjswasm.ErrFuel)
	assert.Len(t, leaksOf(t, rt), 1, "what is out of fuel can be looked at")
	runtime.KeepAlive(v)
}
