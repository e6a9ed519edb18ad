package qjswasm_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// awaited evaluates the body of an async function and awaits it.
func awaited(t *testing.T, rt *qjswasm.Runtime, body string) *qjswasm.Value {
	t.Helper()
	v, err := rt.Await(ctx, eval(t, rt, `(async () => {`+body+`})()`))
	require.NoError(t, err, body)
	return v
}

func filled(n int) chan int {
	ch := make(chan int, n)
	for i := range n {
		ch <- i
	}
	return ch
}

func TestChannelInJS(t *testing.T) {
	rt := newRuntime(t, nil)
	const gather = `let r = []; for await (const x of ch) r.push(x); return r.join()`
	ready := filled(4)
	close(ready)
	require.NoError(t, rt.Set("ch", ready))
	assert.Equal(t, "0,1,2,3", awaited(t, rt, gather).String())

	later := make(chan string)
	go func() {
		defer close(later)
		for _, s := range []string{"a", "b", "c"} {
			later <- s
			time.Sleep(time.Millisecond)
		}
	}()
	require.NoError(t, rt.Set("ch", (<-chan string)(later)))
	assert.Equal(t, "a,b,c", awaited(t, rt, gather).String())

	// A function may return one.
	require.NoError(t, rt.Set("get", func() <-chan int { ch := filled(2); close(ch); return ch }))
	assert.Equal(t, "0,1", awaited(t, rt, `let r = []; for await (const x of get()) r.push(x); return r.join()`).String())

	// Leaving a loop leaves the rest in the channel, for another.
	require.NoError(t, rt.Set("ch", filled(5)))
	assert.Equal(t, "0,1,2,3", awaited(t, rt, `let r = [];
		for await (const x of ch) { r.push(x); if (x == 1) break }
		for await (const x of ch) { r.push(x); if (x == 3) break }
		return r.join()`).String())

	require.NoError(t, rt.Set("ch", (chan int)(nil)))
	assert.True(t, awaited(t, rt, `return ch`).IsNull())
	requireUsable(t, rt)
}

func TestChannelStepsAreInOrder(t *testing.T) {
	rt := newRuntime(t, nil)
	ch := make(chan int)
	require.NoError(t, rt.Set("ch", ch))
	v := eval(t, rt, `(async () => {
		const it = ch[Symbol.asyncIterator](), r = [];
		const all = Array.from({length: 5}, () => it.next().then(s => r.push(s.value ?? s.done)));
		await Promise.all(all);
		return r.join();
	})()`)
	go func() {
		for i := range 4 {
			ch <- i
		}
		close(ch)
	}()
	got, err := rt.Await(ctx, v)
	require.NoError(t, err)
	assert.Equal(t, "0,1,2,3,true", got.String())
}

func TestChannelReturn(t *testing.T) {
	rt := newRuntime(t, nil)
	before := runtime.NumGoroutine()
	ch := make(chan int)
	require.NoError(t, rt.Set("ch", ch))
	got := awaited(t, rt, `const it = ch[Symbol.asyncIterator]();
		const waiting = it.next(); // nobody sends
		return JSON.stringify([await it.return(7), await waiting, await it.next(), it[Symbol.asyncIterator]() === it])`)
	assert.Equal(t, `[{"value":7,"done":true},{"done":true},{"done":true},true]`, got.String())
	settled(t, before)
}

func TestChannelErrors(t *testing.T) {
	rt := newRuntime(t, nil)
	ch := make(chan any, 2)
	ch <- complex(1, 2)
	ch <- errors.New("a value like any other")
	require.NoError(t, rt.Set("ch", ch))
	got := awaited(t, rt, `const it = ch[Symbol.asyncIterator]();
		try { await it.next() } catch (e) { return [e.name, (await it.next()).value.message].join() }`)
	assert.Equal(t, "TypeError,a value like any other", got.String())

	var c *qjswasm.ConvertError
	for _, v := range []any{make(chan<- int), make(chan complex64), make(chan chan<- int)} {
		_, err := rt.NewValue(v)
		if assert.ErrorAs(t, err, &c, "%T", v) {
			assert.Contains(t, c.From, "chan")
		}
	}
	_, err := qjswasm.As[chan int](eval(t, rt, `[1]`))
	require.ErrorAs(t, err, &c)
	assert.ErrorContains(t, err, "iter.Seq2")
	_, err = rt.NewFunc("f", func(chan int) {})
	require.ErrorAs(t, err, &c)
	for _, code := range []string{`ch[Symbol.asyncIterator]().next.call({})`, `ch[Symbol.asyncIterator]().return.call(1)`} {
		_, err := rt.Eval(ctx, code)
		assert.ErrorContains(t, err, "TypeError", code)
	}
}

func TestChannelNeedsPromise(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.IntrinsicCore})
	require.NoError(t, rt.Set("ch", filled(1)))
	_, err := rt.Eval(ctx, `ch[Symbol.asyncIterator]().next()`)
	assert.ErrorContains(t, err, "Promise")
	require.NoError(t, rt.Set("seq", func(yield func(int) bool) { yield(1) }))
	assert.Equal(t, "1,undefined", eval(t, rt, `[...seq, seq.map].join() + seq.map`).String())
}

func TestChannelIsReleased(t *testing.T) {
	rt := newRuntime(t, nil)
	before := runtime.NumGoroutine()
	baseline := collect(t, rt)
	ch := make(chan int)
	require.NoError(t, rt.Set("ch", ch))
	eval(t, rt, `for (let i = 0; i < 10; i++) ch[Symbol.asyncIterator]().next(); 0`)
	require.NoError(t, rt.Set("ch", nil))
	collect(t, rt)
	settled(t, before) // those that waited were dropped by the script
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	after := collect(t, rt)
	assert.Equal(t, baseline.Callables, after.Callables)
	assert.Equal(t, baseline.HostBytes, after.HostBytes)
	assert.Equal(t, baseline.Roots, after.Roots)
}

func TestChannelEndsWithTheRuntime(t *testing.T) {
	before := runtime.NumGoroutine()
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	require.NoError(t, rt.Set("ch", make(chan int)))
	eval(t, rt, `it = ch[Symbol.asyncIterator](); it.next(); it.next(); 0`)
	require.NoError(t, rt.Close())
	settled(t, before)
}

func TestChannelCountsAgainstTheLimit(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 1 << 20})
	require.NoError(t, rt.Set("ch", make(chan int)))
	_, err := rt.Eval(ctx, `it = ch[Symbol.asyncIterator](); for (;;) it.next()`)
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
}

// Promises are settled in the order of the calls, also after the end.
func TestChannelOrderAfterReturn(t *testing.T) {
	rt := newRuntime(t, nil)
	ch := make(chan int)
	require.NoError(t, rt.Set("c", ch))
	for range 50 {
		eval(t, rt, `order = []; it = c[Symbol.asyncIterator]();
		it.next().then(() => order.push(1)); it.next().then(() => order.push(2)); it.return(); it.next().then(() => order.push(3)); p = it.next(); 0`)
		time.Sleep(time.Millisecond)
		p, err := rt.Get("p")
		require.NoError(t, err)
		_, err = rt.Await(ctx, p)
		require.NoError(t, err)
		for range 10 {
			time.Sleep(time.Millisecond)
			_, err = rt.RunJobs(ctx)
			require.NoError(t, err)
		}
		if !assert.Equal(t, "1,2,3", eval(t, rt, "order.join()").String()) {
			return
		}
	}
}
