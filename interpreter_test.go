package qjswasm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// wazero's interpreter runs the same guest: what matters most, in small sizes.
func TestInterpreter(t *testing.T) {
	e, err := qjswasm.NewEngine(ctx, &qjswasm.EngineOptions{Interpreter: true})
	require.NoError(t, err)
	defer e.Close(ctx)
	rt, err := e.NewRuntime(ctx, &qjswasm.Options{
		MemoryLimit: 16 << 20,
		StackSize:   128 << 10,
		Modules:     qjswasm.FS(files(map[string]string{"a.mjs": "export const a = await Promise.resolve(1)"})),
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, rt.Close()) }()

	requireUsable(t, rt)
	assert.Equal(t, map[string]any{"x": []any{int64(1), 2.5, "s", nil}}, must(eval(t, rt, "({ x: [1, 2.5, 's', null] })").Export()))
	mine := errors.New("mine")
	require.NoError(t, rt.Set("fail", func() error { return mine }))
	_, err = rt.Eval(ctx, "try { fail() } catch (e) { throw e }")
	require.ErrorIs(t, err, mine)
	require.NoError(t, rt.Set("add", func(a, b float64) float64 { return a + b }))
	f, err := qjswasm.As[func(context.Context, float64, float64) (float64, error)](eval(t, rt, "(a, b) => add(a, b)"))
	require.NoError(t, err)
	sum, err := f(ctx, 1, 2)
	require.NoError(t, err)
	assert.Equal(t, 3.0, sum)
	require.NoError(t, rt.Set("panics", func() { panic(7) }))
	require.PanicsWithValue(t, 7, func() { _, _ = rt.Eval(ctx, "panics()") })
	require.NoError(t, rt.Set("nested", func(c *qjswasm.Call) (any, error) { return rt.Eval(c.Context(), "add(20, 1)") }))
	assert.Equal(t, int64(42), eval(t, rt, "nested() * 2").Int64())
	_, err = rt.Eval(ctx, "(function f() { f() })()")
	require.ErrorIs(t, err, qjswasm.ErrStackOverflow)
	_, err = rt.Eval(ctx, "new ArrayBuffer(1 << 30)")
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	c, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err = rt.Eval(c, "while (true) {}")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	ns, err := rt.Import(ctx, "a.mjs")
	require.NoError(t, err)
	assert.Equal(t, int64(1), must(ns.Get("a")).Int64())
	for range 100 {
		require.NoError(t, rt.Set("g", func() {}))
	}
	assert.LessOrEqual(t, collect(t, rt).Callables, 6)
	requireUsable(t, rt)
}
