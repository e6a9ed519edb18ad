package qjswasm_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestJobs(t *testing.T) {
	rt := newRuntime(t, nil)
	ran, err := rt.RunJob(ctx)
	require.NoError(t, err)
	assert.False(t, ran)
	eval(t, rt, "var log = []; for (let i = 0; i < 3; i++) Promise.resolve(i).then(x => log.push(x)); queueMicrotask(() => log.push('m'))")
	assert.Equal(t, "", evalTo[string](t, rt, "log.join()"), "jobs wait")
	ran, err = rt.RunJob(ctx)
	require.NoError(t, err)
	assert.True(t, ran)
	assert.Equal(t, "0", evalTo[string](t, rt, "log.join()"), "one at a time")
	n, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	assert.Equal(t, "0,1,2,m", evalTo[string](t, rt, "log.join()"))
	eval(t, rt, "let left = 5000; (function f() { if (left-- > 0) Promise.resolve().then(f) })()")
	n, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Equal(t, 5000, n)
}

func TestAwait(t *testing.T) {
	rt := newRuntime(t, nil)
	await := func(code string) (*qjswasm.Value, error) { return rt.Await(ctx, eval(t, rt, code)) }
	v, err := await("(async () => { await null; return { x: await 42 } })()")
	require.NoError(t, err)
	assert.Equal(t, int64(42), must(v.Get("x")).Int64())
	v, err = await("7")
	require.NoError(t, err)
	assert.Equal(t, int64(7), v.Int64())
	_, err = await("(async () => { await null; throw new TypeError('later') })()")
	require.ErrorContains(t, err, "TypeError: later")
	_, err = await("Promise.reject('plain')")
	require.ErrorContains(t, err, "plain")
	_, err = await("new Promise(() => {})")
	require.ErrorIs(t, err, qjswasm.ErrUnsettled)
	c, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	_, err = rt.Await(c, eval(t, rt, "(async () => { for (;;) await null })()"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = rt.Await(ctx, eval(t, rt, "(async () => { await null; (function f() { f() })() })()"))
	require.ErrorIs(t, err, qjswasm.ErrStackOverflow)
}

func TestUnhandledRejections(t *testing.T) {
	var got []string
	rt := newRuntime(t, &qjswasm.Options{OnUnhandledRejection: func(e *qjswasm.Error) { got = append(got, e.Error()) }})
	eval(t, rt, "Promise.reject(new Error('a')); Promise.reject(new Error('handled')).catch(() => {}); (async () => { throw new TypeError('b') })(); var late = Promise.reject(1); Promise.resolve().then(() => late.catch(() => {}))")
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Equal(t, []string{"Error: a", "TypeError: b"}, got)
	got = nil
	_, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Empty(t, got, "once each")
	_, err = rt.Await(ctx, eval(t, rt, "Promise.reject(new Error('awaited'))"))
	require.ErrorContains(t, err, "awaited")
	assert.Empty(t, got, "awaiting handles it")
	assert.Zero(t, collect(t, rt).Roots)
}

// One that the program does not cope with takes no others along.
func TestUnhandledRejectionThatPanics(t *testing.T) {
	var got []string
	rt := newRuntime(t, &qjswasm.Options{OnUnhandledRejection: func(e *qjswasm.Error) {
		got = append(got, e.Message)
		if e.Message == "b" {
			panic(e.Message)
		}
	}})
	eval(t, rt, "for (const m of ['a', 'b', 'c', 'd']) Promise.reject(new Error(m))")
	assert.PanicsWithValue(t, "b", func() { _, _ = rt.RunJobs(ctx) })
	assert.Equal(t, []string{"a", "b", "c", "d"}, got)
	requireUsable(t, rt)
}

func TestAsyncFunc(t *testing.T) {
	rt := newRuntime(t, nil)
	set := func(name string, fn any) {
		f, err := rt.NewFunc(name, fn, qjswasm.Async())
		require.NoError(t, err)
		require.NoError(t, rt.Set(name, f))
	}
	mine := errors.New("mine")
	set("sleep", func(c context.Context, ms int) (string, error) {
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
			return "slept", nil
		case <-c.Done():
			return "", c.Err()
		}
	})
	set("fail", func() error { return mine })
	set("panics", func() { panic("async") })
	set("exits", func() { runtime.Goexit() })
	set("unfit", func() complex64 { return 0 })
	set("map", func(m map[string]int) map[string]int { m["z"] = 1; return m })
	await := func(code string) (*qjswasm.Value, error) { return rt.Await(ctx, eval(t, rt, code)) }

	v, err := await("sleep(5)")
	require.NoError(t, err)
	assert.Equal(t, "slept", v.String())
	start := time.Now()
	v, err = await("Promise.all([sleep(50), sleep(50), sleep(50), map({a: 2})]).then(x => JSON.stringify(x))")
	require.NoError(t, err)
	assert.Equal(t, `["slept","slept","slept",{"a":2,"z":1}]`, v.String())
	assert.Less(t, time.Since(start), 5*time.Second)
	_, err = await("fail()")
	require.ErrorIs(t, err, mine)
	_, err = await("fail().catch(e => { throw e })")
	require.ErrorIs(t, err, mine)
	require.PanicsWithValue(t, "async", func() { _, _ = await("panics()") })
	_, err = await("exits()")
	require.ErrorContains(t, err, "Goexit")
	_, err = await("unfit()")
	var ce *qjswasm.ConvertError
	require.ErrorAs(t, err, &ce)
	c, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err = rt.Await(c, eval(t, rt, "sleep(100000)"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	requireUsable(t, rt)

	assert.Equal(t, int64(1), eval(t, rt, "sleep.length").Int64())
	_, err = rt.Eval(ctx, "sleep()")
	require.ErrorAs(t, err, &ce)
	for _, fn := range []any{
		func(*qjswasm.Call) (any, error) { return nil, nil },
		func(*qjswasm.Value) {}, func(func() error) {}, "no function", nil,
	} {
		_, err := rt.NewFunc("f", fn, qjswasm.Async())
		require.ErrorAs(t, err, &ce)
	}
}

// Closing cancels what runs; a goroutine that ends later does no harm.
func TestCloseWithAsyncRunning(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	ended := make(chan error, 1)
	f, err := rt.NewFunc("wait", func(c context.Context) error {
		<-c.Done()
		ended <- c.Err()
		return nil
	}, qjswasm.Async())
	require.NoError(t, err)
	require.NoError(t, rt.Set("wait", f))
	eval(t, rt, "wait()")
	require.NoError(t, rt.Close())
	require.ErrorIs(t, <-ended, context.Canceled)
}
