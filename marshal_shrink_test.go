package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type marshalFunc func()

func (f marshalFunc) MarshalText() ([]byte, error) { f(); return []byte("x"), nil }

// A marshaller can change what it is in.
func TestMarshallerRemovesOthers(t *testing.T) {
	rt := newRuntime(t, nil)
	entries := func() map[string]any {
		m := map[string]any{"b": 1, "c": 2}
		m["a"] = marshalFunc(func() { delete(m, "b") })
		return m
	}
	for code, want := range map[string]string{
		"[...m]":     `[["a","x"],["b",null],["c",2]]`,
		"m":          `{"a":"x","c":2}`,
		"[{...m}.b]": "[null]",
	} {
		require.NoError(t, rt.Set("m", qjswasm.Live(entries())))
		assert.Equal(t, want, evalTo[string](t, rt, "JSON.stringify("+code+")"), code)
	}
	holder := &struct{ List []any }{}
	holder.List = []any{marshalFunc(func() { holder.List = holder.List[:1] }), 2, 3}
	require.NoError(t, rt.Set("copy", holder))
	assert.Equal(t, `{"List":["x",null,null]}`, evalTo[string](t, rt, "JSON.stringify(copy)"))
	holder.List = holder.List[:3]
	require.NoError(t, rt.Set("live", qjswasm.Live(holder)))
	assert.Equal(t, `["x",null,null]`, evalTo[string](t, rt, "JSON.stringify(live.List)"))
}
