package qjswasm_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type largeRecord struct {
	Pad  [60]int64
	Kids []largeRecord
}

// Slices of large elements grow while they are read, and have an identity all the
// same once they have been.
func TestConvertLargeElements(t *testing.T) {
	rt := newRuntime(t, nil)
	shared := evalTo[[][]largeRecord](t, rt, "(k => [k, k])(Array.from({length: 2000}, () => ({})))")
	require.Len(t, shared, 2)
	assert.Same(t, &shared[0][0], &shared[1][0])

	v := eval(t, rt, "{ const k = Array.from({length: 2000}, () => ({})); k[5].Kids = k; k }")
	var cyclic []largeRecord
	var unfit *qjswasm.ConvertError
	require.ErrorAs(t, v.ExportTo(&cyclic), &unfit)
	assert.Equal(t, "[5].Kids", unfit.Path)
}

// A Value is what its pointer is: a copy of the struct would be nobody's.
func TestConvertValueByValue(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "({})")
	var unfit *qjswasm.ConvertError
	_, err := rt.NewValue(reflect.ValueOf(v).Elem().Interface())
	require.ErrorAs(t, err, &unfit)
	_, err = qjswasm.As[[]qjswasm.Value](eval(t, rt, "[{}]"))
	require.ErrorAs(t, err, &unfit)
}

// Of keys that are one in JS the same wins each time.
func TestConvertEqualKeys(t *testing.T) {
	rt := newRuntime(t, nil)
	for range 50 {
		require.NoError(t, rt.Set("m", map[any]int{colour("a"): 1, "a": 2}))
		require.Equal(t, 2, evalTo[int](t, rt, "m.get ? m.get('a') : m.a"))
	}
}
