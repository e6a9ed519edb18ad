package qjswasm_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// A callback that is a Go function, and a held value that leads to one, in a region
// that only a Value holds.
func TestFinalizationRegistryOfGo(t *testing.T) {
	rt := newRuntime(t, manual)
	requireFlat(t, rt, func() {
		type note struct{ dead, registry *qjswasm.Value }
		n := &note{}
		var got []int64
		cleanup, err := rt.NewFunc("cleanup", func(held *qjswasm.Value) error {
			runtime.KeepAlive(n)
			f, err := held.Get("f")
			if err != nil {
				return err
			}
			r, err := f.Call(ctx, nil)
			if err == nil {
				got = append(got, r.Int64())
			}
			return err
		})
		require.NoError(t, err)
		n.registry = call(t, eval(t, rt, `cleanup => new FinalizationRegistry(cleanup)`), cleanup)
		n.dead = eval(t, rt, `({})`)
		held := heldCycle(t, rt)
		call(t, eval(t, rt, `(r, target, held) => r.register(target, held)`), n.registry, n.dead, held)
		cleanup, held = nil, nil
		for range 2 {
			gc(t, rt)
			goGC()
		}
		n.dead.Close()
		goGC()
		jobs, err := rt.RunJobs(ctx)
		require.NoError(t, err)
		assert.Equal(t, 1, jobs)
		assert.Equal(t, []int64{42}, got)
		gc(t, rt)
		jobs, err = rt.RunJobs(ctx)
		require.NoError(t, err)
		assert.Zero(t, jobs)

		runtime.KeepAlive(n)
		n = nil
	})
}

// A registry in a cycle that Go has found unused calls nobody any more.
func TestFinalizationRegistryInDeadCycle(t *testing.T) {
	rt := newRuntime(t, manual)
	set(t, rt, "goGC", goGC)
	calls := 0
	func() {
		var registry *qjswasm.Value
		cleanup, err := rt.NewFunc("cleanup", func() {
			calls++
			runtime.KeepAlive(registry)
		})
		require.NoError(t, err)
		registry = call(t, eval(t, rt, `var target = {}; cleanup => {
			const r = new FinalizationRegistry(cleanup);
			r.register(target, 1);
			r.self = r;
			return r;
		}`), cleanup)
	}()
	gc(t, rt) // nobody holds the registry but its own callback
	require.Zero(t, rt.Stats().Callables-1, "goGC alone")
	eval(t, rt, `target = undefined`)
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Zero(t, calls)

	// The same where the guest has not released it yet.
	func() {
		var registry *qjswasm.Value
		cleanup, err := rt.NewFunc("cleanup", func() { calls++; runtime.KeepAlive(registry) })
		require.NoError(t, err)
		registry = call(t, eval(t, rt, `target = {}; cleanup => {
			const r = new FinalizationRegistry(cleanup);
			r.register(target, 1);
			return r;
		}`), cleanup)
		gc(t, rt)
		runtime.KeepAlive(registry)
	}()
	eval(t, rt, `goGC(); target = undefined`)
	_, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Zero(t, calls)
}

func TestFinalizationRegistryTokens(t *testing.T) {
	rt := newWeakRuntime(t)
	// The usual way: what is registered is its own token, which does not keep it.
	o := heldCycle(t, rt)
	ref(t, rt, o, "own token", o)
	gc(t, rt)
	assert.Equal(t, "alive", alive(t, rt, 0))
	runtime.KeepAlive(o)
	o = nil
	gc(t, rt)
	assert.Equal(t, "gone", alive(t, rt, 0))
	assert.Equal(t, []string{"own token"}, died(t, rt))

	// A token that Go holds, and one that dies first.
	token, target := eval(t, rt, `({})`), eval(t, rt, `({})`)
	ref(t, rt, target, "unregistered", token)
	ref(t, rt, target, "registered", eval(t, rt, `({})`))
	ref(t, rt, target, "symbol", eval(t, rt, `Symbol()`))
	gc(t, rt)
	unregister := eval(t, rt, `token => registry.unregister(token)`)
	assert.True(t, call(t, unregister, token).Bool())
	assert.False(t, call(t, unregister, token).Bool())
	assert.False(t, call(t, unregister, target).Bool())
	target.Close()
	assert.ElementsMatch(t, []string{"registered", "symbol"}, died(t, rt))
}

// Unregistering one entry may end the target of the next, by way of the held value.
func TestFinalizationRegistryUnregistersChains(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, `
		var died = 0, tokens = [];
		{
			const r = globalThis.r = new FinalizationRegistry(() => died++);
			const token = globalThis.token = {}, root = globalThis.root = {};
			let target = root;
			for (let i = 0; i < 1000; i++) {
				const held = {};
				r.register(target, held, token);
				r.register(held, {i});
				target = held;
			}
		}
		r.unregister(token)
	`)
	gc(t, rt)
	eval(t, rt, `r = root = token = undefined`)
	gc(t, rt)
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	requireUsable(t, rt)
}

func TestFinalizationRegistryCallbackFails(t *testing.T) {
	rt := newRuntime(t, manual)
	wrong := errors.New("wrong")
	set(t, rt, "fail", func() error { return wrong })
	set(t, rt, "burst", func() { panic("burst") })
	eval(t, rt, `
		var ran = 0;
		var failing = new FinalizationRegistry(() => { ran++; fail() });
		var bursting = new FinalizationRegistry(() => { ran++; burst() });
	`)
	register := eval(t, rt, `(r, o) => r.register(o)`)
	registry, err := rt.Get("failing")
	require.NoError(t, err)
	for range 2 {
		call(t, register, registry, eval(t, rt, `({})`))
	}
	gc(t, rt)
	for range 2 {
		_, err = rt.RunJobs(ctx)
		assert.ErrorIs(t, err, wrong)
	}
	n, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Zero(t, n)

	registry, err = rt.Get("bursting")
	require.NoError(t, err)
	call(t, register, registry, eval(t, rt, `({})`))
	gc(t, rt)
	assert.PanicsWithValue(t, "burst", func() { _, _ = rt.RunJobs(ctx) })
	n, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Equal(t, int64(3), evalTo[int64](t, rt, "ran"))
	requireUsable(t, rt)
}

// A callback that brings a target's neighbour back: what leads to functions of Go
// is whole.
func TestFinalizationRegistryCallbackDerefs(t *testing.T) {
	rt := newRuntime(t, manual)
	set(t, rt, "goGC", goGC)
	eval(t, rt, `
		var seen = [];
		var registry = new FinalizationRegistry(ref => {
			goGC();
			const o = ref.deref();
			seen.push(o === undefined ? "gone" : o.f() === 42 ? "alive" : "broken");
		});
	`)
	link := eval(t, rt, `(o, target) => registry.register(target, new WeakRef(o))`)
	o, target := heldCycle(t, rt), eval(t, rt, `({})`)
	require.NoError(t, o.Set("self", o))
	call(t, link, o, target)
	gc(t, rt)
	target.Close()
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	target = eval(t, rt, `({})`)
	call(t, link, o, target)
	gc(t, rt)
	runtime.KeepAlive(o)
	o = nil
	target.Close()
	_, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Equal(t, []string{"alive", "gone"}, evalTo[[]string](t, rt, "seen"))
	runtime.KeepAlive(link)
}
