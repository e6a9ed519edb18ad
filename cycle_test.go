package qjswasm_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestCycleThroughBothHeaps(t *testing.T) {
	ctx := context.Background()
	rt := newRuntime(t, nil)
	require.NoError(t, rt.GC(ctx))
	before := rt.Stats()
	func() {
		for range 100 {
			var self *qjswasm.Value
			f, err := rt.NewFunc("f", func(c *qjswasm.Call) (any, error) { return self, nil })
			require.NoError(t, err)
			self = f
		}
	}()
	require.Equal(t, before.Callables+100, rt.Stats().Callables)
	require.NoError(t, rt.GC(ctx))
	after := rt.Stats()
	t.Logf("%+v", after)
	require.Equal(t, before.Callables, after.Callables)
	require.Equal(t, before.Roots, after.Roots)
	require.Equal(t, before.GuestObjects, after.GuestObjects)
}
