package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What is replaced while a graph is built, because its key comes again, may still
// be referred to later.
func TestConvertDuplicateKeys(t *testing.T) {
	rt := newRuntime(t, nil)
	x, y := map[string]any{"x": 1}, map[string]any{"y": 1}
	for _, v := range []any{
		qjswasm.Object{{Key: "a", Value: x}, {Key: "a", Value: 1}, {Key: "y", Value: y}, {Key: "x", Value: x}},
		qjswasm.Map{{Key: "a", Value: x}, {Key: "a", Value: 1}, {Key: "y", Value: y}, {Key: "x", Value: x}},
		map[any]any{uint8(1): x, int8(1): 1, "x": x, "y": y},
	} {
		require.NoError(t, rt.Set("v", v))
		assert.Equal(t, `{"x":1} {"y":1}`, eval(t, rt, "['x', 'y'].map(k => JSON.stringify(v instanceof Map ? v.get(k) : v[k])).join(' ')").String(), "%T", v)
		eval(t, rt, "v = null")
	}
	// A script can make such a graph too.
	require.NoError(t, rt.Set("back", func(x any) any { return x }))
	assert.Equal(t, `[1]`, eval(t, rt, "{ const a = [1]; JSON.stringify(back(new Map([[Object(1), a], [1, 2], [2, {}], [3, a]])).get(3)) }").String())
}
