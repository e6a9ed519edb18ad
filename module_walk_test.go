package qjswasm_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// A module that cannot be loaded takes along those that lead to it in a cycle: they are
// loaded again.
func TestModulesOfCycleThatFails(t *testing.T) {
	fsys := files(map[string]string{
		"a.mjs": "import {y} from './b.mjs'; import {z} from './late.mjs'; export let x = 1; export const sum = () => x + y + z",
		"b.mjs": "import {x} from './a.mjs'; export let y = 2; export const b = () => x",
		"c.mjs": "import {b} from './b.mjs'; export {b}; export let x = 4",
	})
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(fsys)})
	for range 5 {
		for _, name := range []string{"./a.mjs", "./b.mjs", "./c.mjs"} {
			_, err := rt.Import(ctx, name)
			require.ErrorContains(t, err, "late.mjs", name)
			_, err = rt.Await(ctx, eval(t, rt, "import('"+name+"')"))
			require.ErrorContains(t, err, "late.mjs", name)
			_, err = rt.EvalSource(ctx, qjswasm.Source{Code: "import '" + name + "'", Module: true})
			require.ErrorContains(t, err, "late.mjs", name)
		}
		eval(t, rt, "Array.from({length: 1000}, () => ({a: 'x'.repeat(50)})).length") // over what was freed
	}
	fsys["late.mjs"] = &fstest.MapFile{Data: []byte("export let z = 3")}
	v, err := rt.Import(ctx, "./c.mjs")
	require.NoError(t, err)
	assert.Equal(t, int64(1), must(must(v.Get("b")).Call(ctx, nil)).Int64())
	v, err = rt.Import(ctx, "./a.mjs")
	require.NoError(t, err)
	assert.Equal(t, int64(6), must(must(v.Get("sum")).Call(ctx, nil)).Int64())
}

// hookFS has a function called before a file is read.
type hookFS struct {
	fstest.MapFS
	read func(name string)
}

func (h hookFS) ReadFile(name string) ([]byte, error) {
	h.read(name)
	return h.MapFS.ReadFile(name)
}

// While a module is being loaded, what leads to it cannot be imported, and all else can.
func TestImportWhileLoading(t *testing.T) {
	var rt *qjswasm.Runtime
	got := map[string]string{}
	imports := func(name string) {
		if name == "other.mjs" || got[name] != "" {
			return
		}
		got[name] = "asked"
		for _, other := range []string{"./b.mjs", "./a.mjs", "./d.mjs", "./missing.mjs"} {
			if _, err := rt.Import(ctx, other); err != nil {
				got[name] += " " + err.Error()
			}
		}
		v, err := rt.Import(ctx, "./other.mjs")
		if assert.NoError(t, err) {
			assert.Equal(t, int64(5), must(v.Get("o")).Int64())
		}
	}
	rt = newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(hookFS{files(map[string]string{
		"a.mjs":     "import './b.mjs'; export let x = 1",
		"b.mjs":     "import './a.mjs'; import {y} from './c.mjs'; export let x = y",
		"c.mjs":     "export let y = 2",
		"d.mjs":     "import {x} from './b.mjs'; export {x}",
		"other.mjs": "export let o = 5",
	}), imports})})
	v, err := rt.Import(ctx, "./b.mjs")
	require.NoError(t, err)
	assert.Equal(t, int64(2), must(v.Get("x")).Int64())
	assert.Contains(t, got["c.mjs"], "is being loaded")
	v, err = rt.Import(ctx, "./d.mjs")
	require.NoError(t, err)
	assert.Equal(t, int64(2), must(v.Get("x")).Int64())
	requireUsable(t, rt)
}
