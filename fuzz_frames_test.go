package qjswasm_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// FuzzFrames takes apart what a script may have written to its stack property.
func FuzzFrames(f *testing.F) {
	for _, s := range []string{
		"", "Error: x\n    at f (a.js:1:2)\n    at <eval> (<eval>:1:1)\n", "    at f (native)", "    at a.js:3:7",
		"    at f (missing)", "    at f (<null>)", "    at f (<null>:1:2)", "    at f (my file (1).js:1:2)", "    at a (b (x.js:1:2)",
		"at )", "at (", "at ()", "at  ()", "at f ())", "at f (::)", "at f (a:1:)", "at f (a:-1:+2)", "at f (a:99999999999999999999:1)",
		"at f (C:\\x.js:1:2)", "at \xff (\xfe:1:1)", strings.Repeat("at (", 1000), strings.Repeat("    at x (y:1:1)\n", 2000),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, stack string) {
		frames := qjswasm.ParseFrames(stack, 1000)
		assert.LessOrEqual(t, len(frames), min(1000, 1+strings.Count(stack, "\n")))
		for _, x := range frames {
			assert.GreaterOrEqual(t, x.Line, 0)
			assert.GreaterOrEqual(t, x.Column, 0)
			assert.True(t, x.Line > 0 || x.Column == 0, "no column without a line")
			assert.Contains(t, stack, x.Function)
			assert.Contains(t, stack, x.File)
		}
	})
}

func TestFrames(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{"m.js": "export function f() { throw new Error('m') }"}))})
	require.NoError(t, rt.Set("fail", func() error { return &codeError{1} }))
	type frames = []qjswasm.Frame
	top := func(column int) qjswasm.Frame {
		return qjswasm.Frame{Function: "<eval>", File: "a (1).js", Line: 1, Column: column}
	}
	at := func(function string, column int) qjswasm.Frame {
		return qjswasm.Frame{Function: function, File: "a (1).js", Line: 1, Column: column}
	}
	native := func(function string) qjswasm.Frame { return qjswasm.Frame{Function: function, File: "native"} }
	for code, want := range map[string]frames{
		"null.x":                           {top(1)},
		"fail()":                           {native("fail"), top(1)},
		"(() => { null.x })()":             {at("<anonymous>", 9), top(16)},
		"[1].map(function f() { null.x })": {at("f", 23), native("map"), top(8)},
		"new (class A { constructor() { null.x } })": {at("A", 31), top(4)},
		"({ get g() { null.x } }).g":                 {at("get g", 13), top(1)},
		"({ m() { null.x } }).m()":                   {at("m", 9), top(21)},
		"({ ['m (n']() { null.x } })['m (n']()":      {at("m (n", 16), top(25)},
		"eval('null.x')":                             {{Function: "<eval>", File: "<input>", Line: 1, Column: 1}, top(1)},
		"new Function('null.x')()":                   {{Function: "anonymous", File: "<input>", Line: 3, Column: 1}, top(4)},
		"(async function f() { await 1; null.x })()": {at("f", 31)},
		"import('./m.js').then(m => m.f())":          {{Function: "f", File: "m.js", Line: 1, Column: 33}, at("<anonymous>", 29)},
		"let x = = 1":                                {{File: "a (1).js", Line: 1, Column: 9}},
	} {
		v, err := rt.EvalSource(ctx, qjswasm.Source{Name: "a (1).js", Code: code})
		if err == nil {
			_, err = rt.Await(ctx, v)
		}
		var e *qjswasm.Error
		if assert.ErrorAs(t, err, &e, code) {
			assert.Equal(t, want, e.Frames, code)
		}
	}
	assert.Equal(t, frames{{Function: "f", File: "b.js", Line: 7}, {File: "h"}}, qjswasm.ParseFrames("at f (b.js:7)\nat\nnot at g\n  at h", 9))
	b, err := rt.Compile(ctx, qjswasm.Source{Name: "a (1).js", Code: "null.x"})
	require.NoError(t, err)
	_, err = rt.EvalSource(ctx, qjswasm.Source{Bytecode: b})
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, frames{top(1)}, e.Frames)
	assert.Equal(t, "<eval> (a (1).js:1:1)", e.Frames[0].String())
}
