package qjswasm_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// sources loads modules by name. What is missing fails.
func sources(m map[string]string) loaderFunc {
	return func(name string) (qjswasm.Source, error) {
		code, ok := m[name]
		if !ok {
			return qjswasm.Source{}, errors.New("there is no " + name)
		}
		return qjswasm.Source{Code: code, Module: true}, nil
	}
}

// No script runs for an error that is made while modules are read, resolved or linked:
// it could import what is half made.
func TestNoScriptRunsWhileModulesLoad(t *testing.T) {
	for name, bad := range map[string]string{
		"syntax error":                "syntax error(",
		"export that does not exist":  "import {nope} from 'good'; globalThis.wrong = typeof nope",
		"JSON that is none":           "import x from 'json' with {type: 'json'}",
		"attributes of no known type": "import x from 'good' with {type: 'no'}",
	} {
		t.Run(name, func(t *testing.T) {
			m := map[string]string{
				"a":    "import {good} from 'good'; import 'bad'; export let a = good",
				"good": "globalThis.evaluated = (globalThis.evaluated ?? 0) + 1; export let good = 1",
				"bad":  bad,
				"back": "import {a} from 'a'; globalThis.wrong = a",
				"json": "{{",
			}
			var rt *qjswasm.Runtime
			scripts := true // the loader runs one, of which the hook is told
			rt = newRuntime(t, &qjswasm.Options{Modules: loaderFunc(func(name string) (qjswasm.Source, error) {
				if scripts {
					eval(t, rt, "new Error('of the loader'); 0")
				}
				return sources(m)(name)
			})})
			hooks := 0
			set(t, rt, "hook", func() {
				hooks++
				scripts = false
				defer func() { scripts = true }()
				for _, name := range []string{"a", "good", "back"} {
					_, _ = rt.Import(ctx, name)
				}
				_, _ = rt.RunJobs(ctx)
			})
			eval(t, rt, "Error.prepareStackTrace = e => { if (e.message != 'of the loader') hook(); else told = true; return '' }; globalThis.told = false; 0")
			_, err := rt.Import(ctx, "a")
			require.Error(t, err)
			assert.True(t, evalTo[bool](t, rt, "told"))
			_, err = rt.Await(ctx, eval(t, rt, "import('a')"))
			require.Error(t, err)
			assert.Zero(t, hooks)
			assert.Equal(t, "undefined", evalTo[string](t, rt, "typeof wrong"))
			_, err = rt.EvalSource(ctx, qjswasm.Source{Name: "bad", Code: bad, Module: true})
			require.Error(t, err)
			assert.Zero(t, hooks)

			eval(t, rt, "try { undefined.x } catch {}; 0")
			assert.Equal(t, 1, hooks)
			require.NoError(t, rt.GC(ctx))
			_, err = rt.Import(ctx, "good")
			require.NoError(t, err)
			assert.Equal(t, int64(1), evalTo[int64](t, rt, "evaluated"))
		})
	}
}

// When memory runs out while modules are loaded, linked or evaluated, an import fails, and
// with memory free again it works, or fails as it did if the module was being evaluated.
func TestImportWithoutMemory(t *testing.T) {
	for name, m := range map[string]map[string]string{
		"await": {"m": "import {x} from 'n'; export let y = x + 1", "n": "export let x = await 1"},
		"plain": {"m": "import {x} from 'n'; import * as all from 'n'; export {x as z} from 'n'; export let y = x + 1", "n": "export let x = 1; export function f() {}"},
		"cycle": {
			"m": "import {x} from 'n'; export * as ns from 'n'; export let y = x + 1; export function g() {}",
			"n": "import {g} from 'm'; export * from 'o'; export let x = 1",
			"o": "import * as m from 'm'; import * as n from 'n'; export let q = 1; export let f = () => m.y + n.x",
		},
	} {
		t.Run(name, func(t *testing.T) {
			worked, failed := 0, 0
			for slack := 0; slack < 7000; slack += 3 * 48 {
				rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 4 << 20, Modules: sources(m)})
				free := eval(t, rt, "globalThis.all = globalThis.list = null; () => { all = list = null }")
				eval(t, rt, fmt.Sprintf(`
					globalThis.all = []; globalThis.slack = new ArrayBuffer(%d);
					try { for (;;) all.push(new ArrayBuffer(60000)) } catch {}
					try { for (;;) all.push(new ArrayBuffer(2000)) } catch {}
					try { for (;;) list = [list] } catch {}
					try { for (;;) list = {list} } catch {}
					slack = null; 0`, slack))
				_, first := rt.Import(ctx, "m")
				_, err := free.Call(ctx, nil)
				require.NoError(t, err)
				require.NoError(t, rt.GC(ctx))
				ns, err := rt.Import(ctx, "m")
				switch {
				case err == nil:
					require.Equal(t, int64(2), must(ns.Get("y")).Int64())
				case name == "await" && errors.Is(err, qjswasm.ErrUnsettled): // a promise's reactions are lost with memory
					require.Error(t, first)
				default:
					require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
					require.ErrorIs(t, first, qjswasm.ErrMemoryLimit)
				}
				if first == nil {
					worked++
				} else {
					failed++
				}
				require.NoError(t, rt.GC(ctx))
				requireUsable(t, rt)
				require.NoError(t, rt.Close())
			}
			assert.NotZero(t, worked)
			assert.NotZero(t, failed)
		})
	}
}

// A module that has waited for one with a top-level await does not wait for ever.
func TestImportOfModuleThatWaited(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: sources(map[string]string{
		"root":  "import {x} from 'mid'; export {x}",
		"mid":   "import {x as y} from 'leaf'; export let x = y + 1",
		"leaf":  "await 0; export let x = 1",
		"later": "import {x} from 'mid'; export {x}",
	})})
	for _, name := range []string{"root", "mid", "leaf", "later", "mid"} {
		ns, err := rt.Import(ctx, name)
		require.NoError(t, err, name)
		assert.Equal(t, name != "leaf", must(ns.Get("x")).Int64() == 2)
	}
}

// What a module that does not link has made of it stays once, however often it is tried.
func TestModulesThatDoNotLinkLeaveNothing(t *testing.T) {
	for name, m := range map[string]map[string]string{
		"namespace of a re-export": {"m": "import {ns} from 'y'; import {missing} from 'z'", "y": "export * as ns from 'z'", "z": "export let z = 1"},
		"export":                   {"m": "import {z} from 'z'; import {missing} from 'z'", "z": "export let z = 1"},
		"cycle":                    {"m": "import {b} from 'b'; import {missing} from 'z'; export function f() {}", "b": "import {f} from 'm'; export let b = 1; export function g() {}", "z": "export let z = 1"},
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{Modules: sources(m)})
			var before qjswasm.Stats
			for i := range 2000 {
				if i == 100 {
					before = collect(t, rt)
				}
				_, err := rt.Import(ctx, "m")
				require.ErrorContains(t, err, "missing")
			}
			after := collect(t, rt)
			assert.InDelta(t, before.GuestBytes, after.GuestBytes, 1000)
			assert.Equal(t, before.GuestObjects, after.GuestObjects)
		})
	}
}

// A loader may import what it is asked to load: there is one module of a name.
func TestLoaderImportsWhatItLoads(t *testing.T) {
	var rt *qjswasm.Runtime
	var inner *qjswasm.Value
	loading := false
	m := map[string]string{"m": "import * as x from 'x'; export {x}", "x": "globalThis.count = (globalThis.count ?? 0) + 1; export let url = () => import.meta.url"}
	rt = newRuntime(t, &qjswasm.Options{Modules: loaderFunc(func(name string) (qjswasm.Source, error) {
		if name == "x" && !loading {
			loading = true
			var err error
			inner, err = rt.Import(ctx, "x")
			require.NoError(t, err)
		}
		return sources(m)(name)
	})})
	ns, err := rt.Import(ctx, "m")
	require.NoError(t, err)
	assert.True(t, must(inner.StrictEquals(must(ns.Get("x")))))
	assert.Equal(t, int64(1), evalTo[int64](t, rt, "count"))
	assert.Equal(t, "x", must(must(inner.Get("url")).Call(ctx, nil)).String())
}
