package qjswasm_test

import (
	"errors"
	"iter"
	"runtime"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Doors through which Go hands a part on, or gets something else for it.

var hostDoors = []cycleDoor{
	{name: "NewValue", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("v => { kept.push(v.x.f) }", m.value(map[string]any{"x": part}))
		return nil
	}},
	{name: "captured", open: func(m *cycleMaker, part *qjswasm.Value) any {
		f, err := m.rt.NewFunc("f", func(c *qjswasm.Call) (any, error) { return c.Captured(0), nil }, qjswasm.Captures(part))
		require.NoError(m.t, err)
		m.js("g => { kept.push(g().f) }", f)
		return nil
	}},
	{name: "result", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("g => { kept.push(g().f) }", func() *qjswasm.Value { return part })
		return nil
	}},
	{name: "inside of a result", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("g => { kept.push(g()[0].f) }", func() any { return []*qjswasm.Value{part} })
		return nil
	}},
	{name: "Return", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("g => { kept.push(g().f) }", func(c *qjswasm.Call) error { return c.Return(part) })
		return nil
	}},
	{name: "live field", shared: 1, open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("o => { kept.push(o.func.f) }", qjswasm.Live(&cycleStruct{Func: part}))
		return nil
	}},
	{name: "live element", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("o => { kept.push(o[0].f) }", qjswasm.Live([]any{part}))
		return nil
	}},
	{name: "sequence", open: func(m *cycleMaker, part *qjswasm.Value) any {
		var seq iter.Seq[*qjswasm.Value] = func(yield func(*qjswasm.Value) bool) { yield(part) }
		m.js("s => { for (const o of s) kept.push(o.f) }", seq)
		return nil
	}},
	{name: "As func", open: func(m *cycleMaker, part *qjswasm.Value) any {
		call, err := qjswasm.As[func() error](part)
		require.NoError(m.t, err)
		part = nil
		require.NoError(m.t, m.rt.GC(ctx))
		require.NoError(m.t, call())
		return nil
	}},
	{name: "collection in a callback", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("(o, gc) => { const { f } = o; o = null; gc(); kept.push(f) }", part, func() error {
			runtime.GC()
			return m.rt.GC(ctx)
		})
		return nil
	}},
	{name: "Get", open: func(m *cycleMaker, part *qjswasm.Value) any {
		f, err := part.Get("f")
		require.NoError(m.t, err)
		return f
	}},
	{name: "Call", open: func(m *cycleMaker, part *qjswasm.Value) any { return m.js("o => o.f", part) }},
	{name: "Dup", open: func(m *cycleMaker, part *qjswasm.Value) any { return m.js("o => o.f", part.Dup()) }},
	{name: "Dup of an argument", open: func(m *cycleMaker, part *qjswasm.Value) any {
		var f *qjswasm.Value
		m.js("(o, take) => { take(o.f) }", part, func(v *qjswasm.Value) { f = v.Dup() })
		return f
	}},
	{name: "Export", part: "o => [o.f]", open: func(m *cycleMaker, part *qjswasm.Value) any {
		x, err := part.Export()
		require.NoError(m.t, err)
		return x.([]any)[0]
	}},
	{name: "ExportTo", part: "({ f }) => ({ f })", open: func(m *cycleMaker, part *qjswasm.Value) any {
		var x struct {
			F func() (int, error) `js:"f"`
		}
		require.NoError(m.t, part.ExportTo(&x))
		return x.F
	}},
	{name: "Iterate", part: "({ f }) => function* () { yield null; yield f }()", open: func(m *cycleMaker, part *qjswasm.Value) (f any) {
		seq := qjswasm.Iterate[*qjswasm.Value](ctx, part)
		for v, err := range seq {
			require.NoError(m.t, err)
			require.NoError(m.t, m.rt.GC(ctx))
			f = v
		}
		return f
	}},
	{name: "exception", open: func(m *cycleMaker, part *qjswasm.Value) any {
		_, err := m.helper("o => { throw Object.assign(new Error, { o }) }").Call(ctx, nil, part)
		var e *qjswasm.Error
		require.True(m.t, errors.As(err, &e))
		return m.js("e => e.o.f", e.Value())
	}},
	{name: "exception in a callback", open: func(m *cycleMaker, part *qjswasm.Value) any {
		m.js("(o, g) => { try { g(() => { throw o }) } catch (e) { kept.push(e.f) } }", part, func(f func() error) error { return f() })
		return nil
	}},
}
