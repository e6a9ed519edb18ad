package qjswasm

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	t0 := time.Now()
	rt, err := New(ctx, nil)
	require.NoError(t, err)
	t.Log(time.Since(t0))
	v, err := rt.Eval(ctx, "40+2")
	require.NoError(t, err)
	require.Equal(t, int64(42), v.Int64())
	x, err := Eval[map[string]any](ctx, rt, "({a:1,b:[1,2,'x'],c:{d:null}})")
	require.NoError(t, err)
	t.Log(x)
	require.NoError(t, rt.Set("add", func(a, b float64) float64 { return a + b }))
	n, err := Eval[int](ctx, rt, "add(1,2)")
	require.NoError(t, err)
	require.Equal(t, 3, n)
	_, err = rt.Eval(ctx, "function f(){ throw new TypeError('x') }; f()")
	t.Logf("%v %+v", err, err.(*Error).Frames)
	t0 = time.Now()
	rt2, err := New(ctx, nil)
	require.NoError(t, err)
	t.Log(time.Since(t0))
	require.NoError(t, rt2.Close())
	t.Log(rt.Stats())
	require.NoError(t, rt.Close())
}
