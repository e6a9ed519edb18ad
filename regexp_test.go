package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestRegExp(t *testing.T) {
	rt := newRuntime(t, nil)
	for code, want := range map[string]qjswasm.RegExp{
		`/a+/`:              {Source: "a+"},
		`/a\/b/dgimsuy`:     {Source: `a\/b`, Flags: "dgimsuy"},
		`/[\p{L}--[a-z]]/v`: {Source: `[\p{L}--[a-z]]`, Flags: "v"},
		`new RegExp('')`:    {Source: "(?:)"},
		`new RegExp('/\n')`: {Source: `\/\n`},
		`/日本/u`:             {Source: "日本", Flags: "u"},
		`{ const r = /x/; r.flags2 = 1; Object.defineProperty(r, 'source', { get() { throw 1 } }); r }`: {Source: "x"},
	} {
		v := eval(t, rt, code)
		assert.Equal(t, qjswasm.KindRegExp, v.Kind())
		x, err := v.Export()
		require.NoError(t, err, code)
		assert.Equal(t, want, x, code)
		require.NoError(t, rt.Set("r", x))
		assert.Equal(t, want, mustExport(t, eval(t, rt, "r")), code)
		assert.Equal(t, "true "+want.Flags, eval(t, rt, "`${r instanceof RegExp} ${r.flags}`").String())
	}
	type target struct {
		R    qjswasm.RegExp
		P, Q *qjswasm.RegExp
	}
	s, err := qjswasm.Eval[target](ctx, rt, `{ const r = /a/g; ({ R: r, P: r, Q: r }) }`)
	require.NoError(t, err)
	assert.Equal(t, qjswasm.RegExp{Source: "a", Flags: "g"}, s.R)
	assert.Same(t, s.P, s.Q)
	require.NoError(t, rt.Set("s", s))
	assert.True(t, eval(t, rt, "s.P === s.Q && s.P !== s.R && 'bab'.replace(s.R, 'c') === 'bcb'").Bool())

	var js *qjswasm.Error
	require.ErrorAs(t, rt.Set("bad", qjswasm.RegExp{Source: "("}), &js)
	assert.Equal(t, "SyntaxError", js.Name)
	require.ErrorAs(t, rt.Set("bad", []any{qjswasm.RegExp{Source: "a", Flags: "gg"}}), &js)
	assert.Equal(t, "SyntaxError", js.Name)
	var wrong string
	assert.EqualError(t, eval(t, rt, "/x/").ExportTo(&wrong), "qjswasm: cannot convert JS RegExp to Go string")

	rt = newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.AllIntrinsics &^ qjswasm.IntrinsicRegExp})
	assert.ErrorContains(t, rt.Set("r", qjswasm.RegExp{Source: "a"}), "RegExp is not among the intrinsics")
}

func mustExport(t *testing.T, v *qjswasm.Value) any {
	t.Helper()
	x, err := v.Export()
	require.NoError(t, err)
	return x
}
