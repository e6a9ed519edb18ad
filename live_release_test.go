package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestLiveIsReleased(t *testing.T) {
	rt, p := liveRuntime(t)
	use := func() {
		eval(t, rt, `for (let i = 0; i < 3000; i++) { o.address.city = "c" + i; o.tags[0]; o.homes[0].zip = i; o.self().scores.a = i }`)
		require.NoError(t, rt.Set("o", qjswasm.Live(p)))
	}
	use()
	before := collect(t, rt)
	for range 3 {
		use()
	}
	after := collect(t, rt)
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
	assert.Equal(t, before.HostBytes, after.HostBytes)
	assert.InDelta(t, before.GuestBytes, after.GuestBytes, 20000)
	eval(t, rt, "o = null")
	released := collect(t, rt)
	assert.Equal(t, after.Callables-1, released.Callables, "what is left are methods")
	assert.Equal(t, "c2999", p.Address.City)
}

// Go can collect what a script has dropped.
func TestLiveIsCollected(t *testing.T) {
	rt := newRuntime(t, nil)
	done := make(chan bool, 1)
	func() {
		p := &liveAddress{City: "gone"}
		runtime.AddCleanup(p, func(c chan bool) { c <- true }, done)
		require.NoError(t, rt.Set("o", qjswasm.Live(p)))
	}()
	runtime.GC()
	assert.Equal(t, "gone", evalTo[string](t, rt, "o.city"), "JS keeps it alive")
	eval(t, rt, "o = null")
	require.Eventually(t, func() bool {
		runtime.GC()
		select {
		case <-done:
			return true
		default:
			return false
		}
	}, 10*time.Second, 10*time.Millisecond)
}

func TestLiveObjectIsRevived(t *testing.T) {
	rt, p := liveRuntime(t)
	require.NoError(t, rt.Set("again", func() any { return qjswasm.Live(&p.Address) }))
	got := evalTo[int](t, rt, `
		let same = 0
		for (let i = 0; i < 5000; i++) {
			o.address.zip++ // dies at once
			const a = again(), b = o.address
			if (a === b && a.zip === i + 1) same++
		}
		same`)
	assert.Equal(t, 5000, got)
	assert.Equal(t, 5000, p.Address.Zip)
}

func TestLiveManyAtOnce(t *testing.T) {
	rt := newRuntime(t, nil)
	list := make([]*liveAddress, 20000)
	for i := range list {
		list[i] = &liveAddress{Zip: i}
	}
	require.NoError(t, rt.Set("list", qjswasm.Live(&list)))
	assert.Equal(t, 199990000, evalTo[int](t, rt, `
		const all = [...list]
		for (let i = 0; i < all.length; i++) if (list[i] !== all[i]) throw i
		all.reverse()
		while (all.length > 100) all.pop()
		list.reduce((n, x) => n + x.zip, 0)`))
	require.NoError(t, rt.GC(ctx))
	assert.Less(t, rt.Stats().Callables, 200)
	requireUsable(t, rt)
}

func TestLiveReentrancy(t *testing.T) {
	rt, p := liveRuntime(t)
	require.NoError(t, rt.Set("twice", func(q *livePerson, f func(*livePerson) (*livePerson, error)) (string, error) {
		q.Name += "1"
		if _, err := f(q); err != nil {
			return "", err
		}
		_, err := rt.Eval(ctx, "o.name += '3'; o.tags.length = 0; delete o.scores.a")
		return q.Name, err
	}))
	assert.Equal(t, "Ann123", evalTo[string](t, rt, `twice(o, q => { o.name += "2"; return o })`))
	assert.Equal(t, "Ann123", p.Name)
	assert.Empty(t, p.Tags)
	// A list that shrinks while it is iterated, and a map that changes.
	require.NoError(t, rt.Set("o", qjswasm.Live(newPerson())))
	assert.Equal(t, "x", evalTo[string](t, rt, `let s = ""; for (const x of o.tags) { s += x; o.tags.length = 0 } s`))
	assert.Equal(t, "a1b2", evalTo[string](t, rt, `s = ""; for (const [k, v] of o.scores) { s += k + v; delete o.scores.b; o.scores.z = 1 } s`))
}

func TestLiveErrorsAndPanics(t *testing.T) {
	rt, p := liveRuntime(t)
	_, err := rt.Eval(ctx, "o.fail()")
	require.ErrorIs(t, err, errLive)
	var c *qjswasm.ConvertError
	_, err = rt.Eval(ctx, "o.age = {}")
	require.ErrorAs(t, err, &c)
	assert.Equal(t, ".age", c.Path)
	assert.PanicsWithValue(t, "live panic", func() { _, _ = rt.Eval(ctx, "try { o.panic() } catch (e) {} finally { o.age = 99 }") })
	assert.Equal(t, 30, p.Age)
	p.Err = livePanics{}
	assert.PanicsWithValue(t, "error text", func() { _, _ = rt.Eval(ctx, "o.err") })
	requireUsable(t, rt)
}

type livePanics struct{}

func (livePanics) Error() string { panic("error text") }

func TestLiveContext(t *testing.T) {
	rt, p := liveRuntime(t)
	c, cancel := context.WithCancelCause(ctx)
	why := errors.New("enough")
	require.NoError(t, rt.Set("stop", func() { cancel(why) }))
	_, err := rt.Eval(c, "for (;;) { o.age++; if (o.age === 5000) stop() }")
	require.ErrorIs(t, err, why)
	assert.GreaterOrEqual(t, p.Age, 5000)
	_, err = rt.Eval(ctx, "o.age = -1; o.age")
	require.NoError(t, err)
}

// What the host answers about a live object does not end an abort.
func TestLiveIsInterrupted(t *testing.T) {
	rt := newRuntime(t, nil)
	list := make([]int, 1<<22)
	require.NoError(t, rt.Set("list", qjswasm.Live(&list)))
	for _, code := range []string{"Object.keys(list)", "JSON.stringify(list)", "[...list]", "list.sort()", "list.indexOf(1)", "for (;;) list.reverse()"} {
		c, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		_, err := rt.Eval(c, "for (;;) { "+code+" }")
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded, code)
		requireUsable(t, rt)
	}
}

func TestLiveAfterClose(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	p := newPerson()
	v, err := rt.NewValue(qjswasm.Live(p))
	require.NoError(t, err)
	require.NoError(t, rt.Close())
	_, err = v.Get("name")
	require.ErrorIs(t, err, qjswasm.ErrClosed)
	_, err = v.Export()
	require.ErrorIs(t, err, qjswasm.ErrClosed)
	assert.Equal(t, "Ann", p.Name)
}

func TestLiveInTwoRuntimes(t *testing.T) {
	a, p := liveRuntime(t)
	b := newRuntime(t, nil)
	require.NoError(t, b.Set("o", qjswasm.Live(p)))
	eval(t, a, "o.name = 'A'")
	assert.Equal(t, "A", evalTo[string](t, b, "o.name"))
	assert.Same(t, p, evalTo[any](t, b, "o"))
	require.ErrorIs(t, b.Set("other", eval(t, a, "o")), qjswasm.ErrWrongRuntime)
}

func TestLiveHostMemoryLimit(t *testing.T) {
	for name, code := range map[string]string{
		"map":     `for (let i = 0; ; i++) o.named["k" + i] = "x".repeat(1000)`,
		"list":    `for (;;) o.tags.push("x".repeat(1000))`,
		"numbers": `for (;;) o.stack.push(1)`,
		"objects": `for (;;) o.homes.push({ city: "somewhere far away" })`,
		"nested":  `o.any = {}; for (let i = 0; ; i++) o.any["k" + i] = ["x".repeat(1000)]`,
		"keys":    `for (let i = 0; ; i++) o.scores["k".repeat(500) + i] = i`,
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 4 << 20, Timeout: time.Minute})
			p := newPerson()
			p.Named = liveTags{}
			p.Any = map[string]any{}
			require.NoError(t, rt.Set("o", qjswasm.Live(p)))
			before := rt.Stats().HostBytes
			_, err := rt.Eval(ctx, strings.Replace(code, "o.any = {};", "", 1))
			require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
			assert.InDelta(t, before, rt.Stats().HostBytes, 100000, "it is the program's own now")
			requireUsable(t, rt)
		})
	}
}

// What replaces something else does not add up.
func TestLiveOverwriting(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 4 << 20})
	require.NoError(t, rt.Set("o", qjswasm.Live(newPerson())))
	eval(t, rt, `
		const s = "x".repeat(100000)
		for (let i = 0; i < 1000; i++) {
			o.name = s + i
			o.tags[0] = s
			o.scores["k" + i] = i
			delete o.scores["k" + i]
			o.any = s
			o.tags.push(s)
			o.tags.pop()
		}`)
}

func TestLiveGuestMemoryLimit(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 8 << 20, HostMemoryLimit: 64 << 20})
	list := make([]*liveAddress, 200000)
	for i := range list {
		list[i] = &liveAddress{}
	}
	require.NoError(t, rt.Set("list", qjswasm.Live(list)))
	for range 3 {
		_, err := rt.Eval(ctx, "[...list]")
		require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
		_, err = rt.Eval(ctx, "Object.keys(list); console.log(list); JSON.stringify(list)")
		require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	}
	assert.Equal(t, 0, evalTo[int](t, rt, "list[199999].zip"))
	collect(t, rt)
	assert.Less(t, rt.Stats().Callables, 100)
}

func TestLiveFrozenBuiltins(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("early", qjswasm.Live(&liveAddress{City: "E"})))
	eval(t, rt, "Array.prototype.hung = early")
	require.NoError(t, rt.Freeze(ctx))
	p := newPerson()
	require.NoError(t, rt.Set("o", qjswasm.Live(p)))
	assert.Equal(t, "BobE", evalTo[string](t, rt, `early.city = "E"; o.name = "Bob"; o.name + [].hung.city`))
	_, err := rt.Eval(ctx, `"use strict"; o.constructor.prototype.greet = null`)
	require.ErrorContains(t, err, "read-only")
	assert.Equal(t, "x,y,z", evalTo[string](t, rt, `o.tags.push("z"); String(o.tags)`))
}

func TestLiveWithFewBuiltins(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.IntrinsicEval})
	require.NoError(t, rt.Set("o", qjswasm.Live(newPerson())))
	assert.Equal(t, "Ann y", evalTo[string](t, rt, `o.name + " " + o.tags.pop()`))
	_, err := rt.Eval(ctx, "o.big")
	require.ErrorContains(t, err, "BigInt")
	_, err = rt.Eval(ctx, "Object.values(o)")
	require.Error(t, err)
	requireUsable(t, rt)
}

func TestLiveDeepChains(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("make", func() any { return qjswasm.Live(map[string]int{}) }))
	_, err := rt.Eval(ctx, `
		let top = make()
		for (let i = 0; i < 3000; i++) top = Object.setPrototypeOf(make(), top)
		var h = Object.create(top)
		h.x`)
	require.NoError(t, err)
	_, err = rt.Eval(ctx, `h.x = 1`) // may be too deep, must not be the end
	if err != nil {
		require.ErrorIs(t, err, qjswasm.ErrStackOverflow)
	}
	var deep *liveNode
	for range 5000 {
		deep = &liveNode{Next: deep}
	}
	require.NoError(t, rt.Set("deep", qjswasm.Live(deep)))
	assert.Equal(t, 5000, evalTo[int](t, rt, `let n = 0; for (let d = deep; d; d = d.next) n++; n`))
	_, err = rt.Eval(ctx, `JSON.stringify(deep)`)
	if err != nil {
		require.ErrorIs(t, err, qjswasm.ErrStackOverflow)
	}
	requireUsable(t, rt)
}

// A field is read without an allocation in Go.
func TestLiveFieldAllocations(t *testing.T) {
	rt, p := liveRuntime(t)
	p.Address.Zip = 1
	for _, body := range []string{"o.age", "o.score", "o.admin", "o.age = i", "o.score = 0.5", "o.tags.length", "a.zip", "stack[1]", "stack[1] = i"} {
		run, err := qjswasm.Eval[func(context.Context) error](ctx, rt, fmt.Sprintf(
			"(() => { const a = o.address, stack = o.stack; stack.length = 2; for (let i = 0; i < 1000; i++) %s })", body))
		require.NoError(t, err)
		require.NoError(t, run(ctx))
		assert.Less(t, testing.AllocsPerRun(5, func() { _ = run(ctx) }), 20.0, body)
	}
}
