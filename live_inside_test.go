package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What is in an element of a list goes where the element goes.
func TestLiveInsideOfElements(t *testing.T) {
	type In struct {
		M int `js:"m"`
	}
	type P struct {
		N  int   `js:"n"`
		In In    `js:"in"`
		L  []int `js:"l"`
		A  [2]In `js:"a"`
	}
	rt := newRuntime(t, nil)
	ps := []P{{N: 1, In: In{10}, L: []int{1}}}
	require.NoError(t, rt.Set("ps", qjswasm.Live(&ps)))
	assert.Equal(t, "true,true,true,true", evalTo[string](t, rt, "const p0=ps[0], i0=p0.in, l0=p0.l, a1=p0.a[1]; for(let i=0;i<40;i++) ps.push({n:i}); i0.m=5; l0.push(7); a1.m=3; [p0===ps[0], i0===ps[0].in, l0===ps[0].l, a1===ps[0].a[1]].join()"))
	assert.Equal(t, 5, ps[0].In.M)
	assert.Equal(t, []int{1, 7}, ps[0].L)
	assert.Equal(t, 3, ps[0].A[1].M)
	assert.Equal(t, "true,true,5", evalTo[string](t, rt, "ps[0]={n:9,in:{m:99}}; [i0===p0.in, l0===p0.l, i0.m].join()"))
	assert.Equal(t, "99", evalTo[string](t, rt, "''+ps[0].in.m"))
	// Of a struct with no size there is one object, wherever it is.
	type empty struct{ A, B struct{} }
	es := make([]empty, 1)
	require.NoError(t, rt.Set("es", qjswasm.Live(&es)))
	assert.Equal(t, int64(50), evalTo[int64](t, rt, "const e0 = es[0], eA = e0.A; while (es.length < 50) es.push(e0); es[0] = es[1]; es.length"))
}
