package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func files(m map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, code := range m {
		fsys[name] = &fstest.MapFile{Data: []byte(code)}
	}
	return fsys
}

func TestModules(t *testing.T) {
	fsys := files(map[string]string{
		"main.mjs":       "import { twice } from './lib/math.mjs'; import def, * as all from '/lib/def.mjs'; export const n = twice(21); export { def }; export const keys = Object.keys(all).join()",
		"lib/math.mjs":   "import { base } from '../base.mjs'; export const twice = x => x * base",
		"base.mjs":       "export let base = 2",
		"lib/def.mjs":    "export default 'd'; export const other = import.meta.url",
		"a.mjs":          "import { b } from './b.mjs'; export const a = () => b; export function early() { return 'hoisted' }",
		"b.mjs":          "import { a, early } from './a.mjs'; export const b = early()",
		"tla.mjs":        "export const v = await Promise.resolve(5); await null; export const w = v + 1",
		"never.mjs":      "await new Promise(() => {})",
		"throws.mjs":     "throw new RangeError('at load')",
		"rejects.mjs":    "await null; throw new RangeError('later')",
		"dyn.mjs":        "export const m = await import('./base.mjs'); export const v = m.base",
		"data.json":      `{"a": [1, 2, 3]}`,
		"json.mjs":       "import data from './data.json' with { type: 'json' }; import text from './data.json' with { type: 'text' }; import bytes from './data.json' with { type: 'bytes' }; export const n = data.a.length; export { text, bytes }",
		"badattr.mjs":    "import x from './data.json' with { type: 'css' }",
		"bare.mjs":       "import 'lodash'",
		"outside.mjs":    "import '../secret.mjs'",
		"missing.mjs":    "import './nothing.mjs'",
		"noexport.mjs":   "import { nope } from './base.mjs'",
		"syntax.mjs":     "import './worse.mjs'",
		"worse.mjs":      "let x = ;",
		"counter.mjs":    "globalThis.loads = (globalThis.loads || 0) + 1; export const n = globalThis.loads",
		"twice.mjs":      "import { n } from './counter.mjs'; import * as c from './lib/../counter.mjs'; export const same = c.n === n",
		"lib/æ ø 日本.mjs": "export default 'unicode'",
	})
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(fsys)})
	get := func(specifier, name string) any {
		t.Helper()
		ns, err := rt.Import(ctx, specifier)
		require.NoError(t, err, specifier)
		v, err := ns.Get(name)
		require.NoError(t, err)
		x, err := v.Export()
		require.NoError(t, err)
		return x
	}
	assert.Equal(t, int64(42), get("./main.mjs", "n"))
	assert.Equal(t, int64(42), get("main.mjs", "n"))
	assert.Equal(t, "d", get("main.mjs", "def"))
	assert.Equal(t, "default,other", get("main.mjs", "keys"))
	assert.Equal(t, "lib/def.mjs", get("/lib/def.mjs", "other"))
	assert.Equal(t, "hoisted", get("b.mjs", "b"), "a function of a module that is still being evaluated")
	assert.Equal(t, int64(6), get("tla.mjs", "w"))
	assert.Equal(t, int64(2), get("dyn.mjs", "v"))
	assert.Equal(t, int64(3), get("json.mjs", "n"))
	assert.Equal(t, `{"a": [1, 2, 3]}`, get("json.mjs", "text"))
	assert.Equal(t, []byte(`{"a": [1, 2, 3]}`), get("json.mjs", "bytes"))
	assert.Equal(t, true, get("twice.mjs", "same"))
	assert.Equal(t, int64(1), get("counter.mjs", "n"), "a module is evaluated once")
	assert.Equal(t, "unicode", get("lib/æ ø 日本.mjs", "default"))

	for specifier, want := range map[string]string{
		"throws.mjs":   "RangeError: at load",
		"rejects.mjs":  "RangeError: later",
		"bare.mjs":     `cannot import "lodash" from "bare.mjs"`,
		"outside.mjs":  `cannot import "../secret.mjs" from "outside.mjs"`,
		"missing.mjs":  "nothing.mjs",
		"noexport.mjs": "nope",
		"syntax.mjs":   "SyntaxError",
		"badattr.mjs":  "unsupported module type: 'css'",
		"../up.mjs":    "leads out",
		"no\x00.mjs":   "NUL",
	} {
		_, err := rt.Import(ctx, specifier)
		require.Error(t, err, specifier)
		assert.Contains(t, err.Error(), want, specifier)
		requireUsable(t, rt)
	}
	_, err := rt.Import(ctx, "missing.mjs")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = rt.Import(ctx, "never.mjs")
	require.ErrorIs(t, err, qjswasm.ErrUnsettled)
	_, err = rt.Import(ctx, "worse.mjs")
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Frames)
	assert.Equal(t, "worse.mjs", e.Frames[0].File)
}

func TestEvalModule(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{"lib/x.mjs": "export default 20"}))})
	ns, err := rt.EvalSource(ctx, qjswasm.Source{Name: "lib/main.mjs", Module: true, Code: "import x from './x.mjs'; await null; export const y = x + 1; export const url = import.meta.url"})
	require.NoError(t, err)
	assert.Equal(t, int64(21), must(ns.Get("y")).Int64())
	assert.Equal(t, "lib/main.mjs", must(ns.Get("url")).String())
	_, err = rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "await null; throw new TypeError('t')"})
	require.ErrorContains(t, err, "TypeError: t")
	// A script that evaluates to a promise is no module.
	v, err := rt.Eval(ctx, "Promise.resolve(3)")
	require.NoError(t, err)
	assert.True(t, v.IsPromise())
	// Scripts import dynamically, relative to their name.
	v, err = rt.EvalSource(ctx, qjswasm.Source{Name: "lib/script.js", Code: "import('./x.mjs').then(m => m.default)"})
	require.NoError(t, err)
	assert.Equal(t, int64(20), must(rt.Await(ctx, v)).Int64())
}

type failingLoader struct{ err error }

func (l failingLoader) Resolve(_ context.Context, _, s string) (string, error) {
	if s == "resolve" {
		return "", l.err
	}
	if s == "panic" {
		panic("loader")
	}
	return s, nil
}

func (l failingLoader) Load(context.Context, string) (qjswasm.Source, error) {
	return qjswasm.Source{}, l.err
}

func TestLoaderErrorsComeBack(t *testing.T) {
	mine := errors.New("mine")
	rt := newRuntime(t, &qjswasm.Options{Modules: failingLoader{mine}})
	for _, s := range []string{"resolve", "load"} {
		_, err := rt.Import(ctx, s)
		require.ErrorIs(t, err, mine, s)
		_, err = rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "import " + fmt.Sprintf("%q", s)})
		require.ErrorIs(t, err, mine, s)
		v := eval(t, rt, "import('"+s+"').catch(e => e.message)")
		assert.Contains(t, must(rt.Await(ctx, v)).String(), "mine")
	}
	require.PanicsWithValue(t, "loader", func() { _, _ = rt.Import(ctx, "panic") })
	requireUsable(t, rt)
	assert.Zero(t, collect(t, rt).Callables)
}

func TestBytecode(t *testing.T) {
	rt := newRuntime(t, nil)
	script, err := rt.Compile(ctx, qjswasm.Source{Name: "s.js", Code: "globalThis.n = (globalThis.n || 0) + 1; function f() { return n } f()"})
	require.NoError(t, err)
	assert.True(t, eval(t, rt, "globalThis.n").IsUndefined(), "compiling runs nothing")
	for i := range 3 {
		v, err := rt.EvalSource(ctx, qjswasm.Source{Bytecode: script})
		require.NoError(t, err)
		assert.Equal(t, int64(i+1), v.Int64())
	}
	other := newRuntime(t, nil)
	v, err := other.EvalSource(ctx, qjswasm.Source{Bytecode: script})
	require.NoError(t, err)
	assert.Equal(t, int64(1), v.Int64())

	module, err := rt.Compile(ctx, qjswasm.Source{Name: "m.mjs", Module: true, Code: "export const v = 7; await null; export const u = import.meta.url"})
	require.NoError(t, err)
	ns, err := other.EvalSource(ctx, qjswasm.Source{Bytecode: module})
	require.NoError(t, err)
	assert.Equal(t, int64(7), must(ns.Get("v")).Int64())
	assert.Equal(t, "m.mjs", must(ns.Get("u")).String())

	_, err = rt.Compile(ctx, qjswasm.Source{Name: "bad.js", Code: "let = ="})
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "SyntaxError", e.Name)
	for _, junk := range []string{"x", "not bytecode at all", strings.Repeat("\x00", 100), string(script[:len(script)/2])} {
		_, err := rt.EvalSource(ctx, qjswasm.Source{Bytecode: []byte(junk)})
		require.Error(t, err)
		requireUsable(t, rt)
	}
}

// A module that is being evaluated is not evaluated again when host code, which need
// not wait for a job as import() does, imports it or a module that imports it.
func TestModuleEvaluatesOnce(t *testing.T) {
	for _, name := range []string{"./a.mjs", "./b.mjs", "./main.mjs"} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{
				"main.mjs": "globalThis.log = ['main']; export { x } from './a.mjs'; export { done } from './a.mjs'",
				"a.mjs":    "globalThis.n = (globalThis.n ?? 0) + 1; export const x = n; export const done = host(); await 0",
				"b.mjs":    "import { x } from './a.mjs'; export const y = () => x",
			}))})
			var inner error
			require.NoError(t, rt.Set("host", func(ctx context.Context) bool {
				_, inner = rt.Import(ctx, name)
				return true
			}))
			main, err := rt.Import(t.Context(), "./main.mjs")
			require.NoError(t, err)
			defer main.Close()
			x, err := qjswasm.Eval[int](t.Context(), rt, "n")
			require.NoError(t, err)
			assert.Equal(t, 1, x)
			if name != "./b.mjs" {
				assert.ErrorIs(t, inner, qjswasm.ErrUnsettled, "it waits for its caller")
			}
			again, err := rt.Import(t.Context(), name)
			require.NoError(t, err)
			again.Close()
		})
	}
}
