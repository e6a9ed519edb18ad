package qjswasm_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What no import can ask for does not pile up, whether it succeeds or not.
func TestUnlistedModulesAreFreed(t *testing.T) {
	loader := qjswasm.FS(files(map[string]string{"x.mjs": "export let x = 1"}))
	compiled := func(rt *qjswasm.Runtime, s qjswasm.Source) qjswasm.Source {
		code, err := rt.Compile(ctx, s)
		require.NoError(t, err)
		return qjswasm.Source{Bytecode: code}
	}
	tests := map[string]func(rt *qjswasm.Runtime, i int) error{
		"without a name": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: fmt.Sprint("export let v = [", i, "]; export function f() { return v }")})
			return err
		},
		"of one name": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Name: "m.mjs", Module: true, Code: "import { x } from './x.mjs'; export default x"})
			return err
		},
		"from bytecode": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, compiled(rt, qjswasm.Source{Module: true, Code: "export class C { m() { return () => 1 } }"}))
			return err
		},
		"awaiting": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "await null; export const v = await 5"})
			return err
		},
		"compiled only": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.Compile(ctx, qjswasm.Source{Name: "c.mjs", Module: true, Code: "import './x.mjs'; export let v = import.meta"})
			return err
		},
		"that throw": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "export let v = {}; throw v"})
			return expectError(err)
		},
		"that reject": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "await null; throw 1"})
			return expectError(err)
		},
		"that do not link": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "import { y } from './x.mjs'"})
			return expectError(err)
		},
		"that miss an import": func(rt *qjswasm.Runtime, i int) error {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "import './no.mjs'"})
			return expectError(err)
		},
	}
	for name, run := range tests {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{Modules: loader})
			count := func(n int) (s qjswasm.Stats) {
				for i := range n {
					require.NoError(t, run(rt, i))
				}
				require.NoError(t, rt.GC(ctx))
				return rt.Stats()
			}
			before := count(50)
			after := count(500)
			assert.Equal(t, before.GuestObjects, after.GuestObjects)
			assert.InDelta(t, before.GuestBytes, after.GuestBytes, 1000)
		})
	}
}

func expectError(err error) error {
	if err == nil {
		return fmt.Errorf("no error")
	}
	return nil
}

// What is used of a module goes on working when the module is gone.
func TestUnlistedModulesWork(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{
		"x.mjs": "export let x = 1; export const up = () => ++x",
		"y.mjs": "export * as again from './x.mjs'",
		"z.mjs": "import { main } from './main.mjs'; export const late = () => main()",
	}))})
	module := func(name, code string) *qjswasm.Value {
		ns, err := rt.EvalSource(ctx, qjswasm.Source{Name: name, Module: true, Code: code})
		require.NoError(t, err)
		for range 3 {
			require.NoError(t, rt.GC(ctx))
		}
		return ns
	}
	call := func(ns *qjswasm.Value, name string) string {
		v, err := must(ns.Get(name)).Call(ctx, nil)
		require.NoError(t, err)
		if v.IsPromise() {
			v, err = rt.Await(ctx, v)
			require.NoError(t, err)
		}
		return v.String()
	}
	ns := module("", `
		import { x, up } from "./x.mjs"
		import * as all from "./x.mjs"
		let n = 0
		export const next = () => [++n, x, up(), all.x].join()
		export const dynamic = () => import("./x.mjs").then(m => m === all)
		export default class { static s = n }`)
	assert.Equal(t, "1,1,2,2", call(ns, "next"))
	assert.Equal(t, "2,2,3,3", call(ns, "next"))
	assert.Equal(t, "true", call(ns, "dynamic"))
	assert.Equal(t, `{"next":true,"dynamic":true}`, namespaceText(t, rt, ns, `ns => JSON.stringify({ next: "next" in ns, dynamic: Object.keys(ns).includes("dynamic") })`))

	ns = module("", `export * as deep from "./y.mjs"; export * from "./x.mjs"`)
	assert.Equal(t, "3", namespaceText(t, rt, ns, "ns => String(ns.deep.again.x)"))

	ns = module("", `const f = () => import.meta.url; export { f }`)
	assert.Equal(t, "<eval>", call(ns, "f"))

	// A module that others import is not freed.
	ns = module("main.mjs", `import { late } from "./z.mjs"; export function main() { return "main" }; export { late }`)
	assert.Equal(t, "main", call(ns, "late"))
	again, err := rt.Import(ctx, "./main.mjs")
	require.NoError(t, err)
	assert.True(t, must(ns.StrictEquals(again)))
	runtime.KeepAlive(ns)
}

func namespaceText(t *testing.T, rt *qjswasm.Runtime, ns *qjswasm.Value, code string) string {
	v, err := eval(t, rt, code).Call(ctx, nil, ns)
	require.NoError(t, err)
	return v.String()
}

// A module that is being linked or evaluated stays, whoever collects meanwhile.
func TestModuleIsNotFreedEarly(t *testing.T) {
	var rt *qjswasm.Runtime
	collect := func() {
		require.NoError(t, rt.GC(ctx))
		for range 40 {
			_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "export {}"})
			require.NoError(t, err)
		}
	}
	rt = newRuntime(t, &qjswasm.Options{Modules: collectingLoader{collect}})
	require.NoError(t, rt.Set("collect", collect))
	for range 3 {
		ns, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: `
			import { a } from "./a.mjs"
			collect()
			export const b = a + 1
			await null
			collect()
			export const c = await import("./c.mjs").then(m => m.a + b)`})
		require.NoError(t, err)
		collect()
		assert.Equal(t, int64(3), must(ns.Get("c")).Int64())
	}
}

type collectingLoader struct{ collect func() }

func (collectingLoader) Resolve(_ context.Context, _, specifier string) (string, error) {
	return specifier, nil
}

func (l collectingLoader) Load(context.Context, string) (qjswasm.Source, error) {
	l.collect()
	return qjswasm.Source{Code: "export const a = 1"}, nil
}

// A module that awaits another stays until that is evaluated, and goes then, among
// others that stay and others that go.
func TestModuleStaysForWhatItAwaits(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{
		"late.mjs": "export let x = 1; await new Promise(r => globalThis.settle = r); x = 2",
	}))})
	sweep := func() {
		for range 3 {
			for range 40 {
				_, err := rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "export {}"})
				require.NoError(t, err)
			}
			require.NoError(t, rt.GC(ctx))
		}
	}
	for i := range 4 {
		_, err := rt.Eval(ctx, fmt.Sprintf("var got%d", i))
		require.NoError(t, err)
		_, err = rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: fmt.Sprintf(
			"import { x } from './late.mjs'; globalThis.got%d = x", i)})
		require.ErrorIs(t, err, qjswasm.ErrUnsettled)
		_, err = rt.EvalSource(ctx, qjswasm.Source{Module: true, Code: "export let url = import.meta.url"})
		require.NoError(t, err)
		sweep()
	}
	waiting := rt.Stats().GuestObjects
	eval(t, rt, "settle(); delete globalThis.settle")
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Equal(t, "2,2,2,2", eval(t, rt, "[got0, got1, got2, got3].join()").String())
	sweep()
	assert.Less(t, rt.Stats().GuestObjects, waiting)
}
