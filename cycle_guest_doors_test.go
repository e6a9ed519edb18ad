package qjswasm_test

import (
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Doors through which guest code comes to know a part.

const doorObject = `(f, n) => {
	const keep = () => { kept.push(f) }
	return Object.assign(Object.defineProperties(function () { keep() }, {
		g: { get: keep, enumerable: true }, s: { set: keep },
		[Symbol.hasInstance]: { value: () => (keep(), true) },
	}), { n, f, toString: () => (keep(), "s"), toJSON: () => (keep(), 1), *[Symbol.iterator]() { keep(); yield 1 } })
}`

// trapped is a Proxy that keeps f when any of these traps runs.
const trapped = `o => new Proxy({}, {
	has: () => (kept.push(o.f), true), deleteProperty: () => (kept.push(o.f), true), ownKeys: () => (kept.push(o.f), []),
})`

var guestDoors = []cycleDoor{
	{name: "callee", open: func(m *cycleMaker, part *qjswasm.Value) any { m.call(part); return nil }},
	{name: "constructor", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.New(ctx)
		require.NoError(m.t, err)
		return nil
	}},
	{name: "receiver", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := m.helper("function () { kept.push(this.f) }").Call(ctx, part)
		require.NoError(m.t, err)
		return nil
	}},
	{name: "argument", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("o => { kept.push(o.f) }", part)
		return nil
	}},
	{name: "inside of an argument", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("a => { kept.push(a[0].x.f) }", []any{map[string]any{"x": part}})
		return nil
	}},
	{name: "getter", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.Get("g")
		require.NoError(m.t, err)
		return nil
	}},
	{name: "setter", open: func(m *cycleMaker, part *qjswasm.Value) any {
		require.NoError(m.t, part.Set("s", 1))
		return nil
	}},
	{name: "property", open: func(m *cycleMaker, part *qjswasm.Value) any {
		require.NoError(m.t, m.helper("kept").Set(0, part))
		m.js("() => { kept[0] = kept[0].f }")
		return nil
	}},
	{name: "global", open: func(m *cycleMaker, part *qjswasm.Value) any {
		require.NoError(m.t, m.rt.Set("x", part))
		eval(m.t, m.rt, "kept.push(x.f); x = null")
		return nil
	}},
	{name: "Has", part: trapped, open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.Has("x")
		require.NoError(m.t, err)
		return nil
	}},
	{name: "Delete", part: trapped, open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.Delete("x")
		require.NoError(m.t, err)
		return nil
	}},
	{name: "Keys", part: trapped, open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.Keys()
		require.NoError(m.t, err)
		return nil
	}},
	{name: "InstanceOf", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := m.helper("kept").InstanceOf(part)
		require.NoError(m.t, err)
		return nil
	}},
	{name: "instance", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.InstanceOf(m.helper("class { static [Symbol.hasInstance](o) { kept.push(o.f) } }"))
		require.NoError(m.t, err)
		return nil
	}},
	{name: "Text", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.Text(ctx)
		require.NoError(m.t, err)
		return nil
	}},
	{name: "MarshalJSON", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.MarshalJSON()
		require.NoError(m.t, err)
		return nil
	}},
	{name: "Collect", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := qjswasm.Collect[int](ctx, part)
		require.NoError(m.t, err)
		return nil
	}},
	{name: "ExportWith", part: "o => ({ get g() { o() } })", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := part.ExportWith(ctx, &qjswasm.ExportOptions{Getters: true})
		require.NoError(m.t, err)
		return nil
	}},
	{name: "job", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("o => { Promise.resolve(o).then(o => { kept.push(o.f) }) }", part)
		return nil
	}},
	{name: "resolved promise", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("() => { settle = Promise.withResolvers(); settle.promise.then(o => { kept.push(o.f) }) }")
		m.js("o => { settle.resolve(o); settle = null }", part)
		return nil
	}},
	{name: "WeakRef", part: "o => { globalThis.weak = new WeakRef(o); return o }", open: func(m *cycleMaker, _ *qjswasm.Value) any {
		m.js("() => { kept.push(weak.deref().f) }")
		return nil
	}},
}
