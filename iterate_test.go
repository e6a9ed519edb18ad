package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// counter counts to n and notes how it ended.
type counter struct{ begun, ended, yielded int }

func (c *counter) seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		c.begun++
		defer func() { c.ended++ }()
		for i := range n {
			c.yielded++
			if !yield(i) {
				return
			}
		}
	}
}

type namedSeq func(yield func(string) bool)

func TestGoSequenceInJS(t *testing.T) {
	rt := newRuntime(t, nil)
	var c counter
	require.NoError(t, rt.Set("seq", c.seq(5)))
	require.NoError(t, rt.Set("pairs", maps.All(map[string]int{"a": 1})))
	require.NoError(t, rt.Set("named", namedSeq(slices.Values([]string{"x", "y"}))))
	require.NoError(t, rt.Set("endless", c.seq(math.MaxInt32)))
	require.NoError(t, rt.Set("get", func() iter.Seq[int] { return c.seq(3) }))
	require.NoError(t, rt.Set("nothing", iter.Seq[int](nil)))
	for code, want := range map[string]string{
		`[...seq]`:                       `[0,1,2,3,4]`,
		`[...seq, ...seq]`:               `[0,1,2,3,4,0,1,2,3,4]`, // each iteration is a new one
		`[...pairs]`:                     `[["a",1]]`,
		`new Map(pairs).get("a")`:        `1`,
		`[...named].join()`:              `"x,y"`,
		`[...get()]`:                     `[0,1,2]`,
		`const [a, b] = endless; [a, b]`: `[0,1]`,
		`nothing`:                        `null`,
		`seq.map(x => x * 2).toArray()`:  `[0,2,4,6,8]`,
		`endless.filter(x => x % 2).take(3).toArray()`:                        `[1,3,5]`,
		`seq.reduce((a, b) => a + b)`:                                         `10`,
		`[seq.some(x => x > 3), seq.every(x => x > 3), seq.find(x => x > 3)]`: `[true,false,4]`,
		`seq instanceof Iterator`:                                             `true`,
		`Iterator.from(seq).drop(3).toArray()`:                                `[3,4]`,
		`typeof seq`:                                                          `"object"`,
		`Object.keys(seq)`:                                                    `[]`,
		`let it = seq[Symbol.iterator](); [it[Symbol.iterator]() === it, it.next(), it.return(7), it.next()]`: `[true,{"value":0,"done":false},{"value":7,"done":true},{"done":true}]`,
		`let it2 = seq[Symbol.iterator](); [...it2]; [it2.next(), it2.return()]`:                              `[{"done":true},{"done":true}]`,
	} {
		v := eval(t, rt, "{let r = (() => {"+lastReturned(code)+"})(); JSON.stringify(r)}")
		assert.Equal(t, want, v.String(), code)
	}
	assert.Equal(t, c.begun, c.ended, "an iteration was not stopped")
	assert.Less(t, c.yielded, 200, "values are pulled ahead")
	for _, code := range []string{
		`seq[Symbol.iterator]().next.call({})`, `seq[Symbol.iterator].call([])`,
		`Object.getPrototypeOf(seq).map(x => x)`, `seq.map(1)`,
	} {
		_, err := rt.Eval(ctx, code)
		var e *qjswasm.Error
		require.ErrorAs(t, err, &e, code)
		assert.Equal(t, "TypeError", e.Name, code)
	}
}

// lastReturned puts return before the last statement.
func lastReturned(code string) string {
	i := len(code)
	for i > 0 && code[i-1] != ';' {
		i--
	}
	return code[:i] + " return " + code[i:]
}

// The engine calls these methods without a vector of arguments.
func TestGoFunctionAsIteratorMethod(t *testing.T) {
	rt := newRuntime(t, nil)
	n := 0
	require.NoError(t, rt.Set("next", func() map[string]any { n++; return map[string]any{"value": n, "done": n > 2} }))
	require.NoError(t, rt.Set("begin", func(c *qjswasm.Call) (any, error) { return c.This().Get("it") }))
	assert.Equal(t, "1,2", eval(t, rt, `[...{it: {next}, [Symbol.iterator]: begin}].join()`).String())
}

func TestGoSequenceErrors(t *testing.T) {
	rt := newRuntime(t, nil)
	boom := errors.New("boom")
	require.NoError(t, rt.Set("failing", func(yield func(int, error) bool) {
		if yield(1, nil) {
			yield(0, boom)
		}
	}))
	assert.Equal(t, "1,boom", eval(t, rt, `{let r = []; try { for (let x of failing) r.push(x) } catch (e) { r.push(e.message) } r.join()}`).String())
	_, err := rt.Eval(ctx, `[...failing]`)
	assert.ErrorIs(t, err, boom)

	stopped := 0
	require.NoError(t, rt.Set("odd", func(yield func(any) bool) {
		defer func() { stopped++ }()
		_ = yield(1) && yield(complex(1, 1))
	}))
	_, err = rt.Eval(ctx, `[...odd]`)
	var c *qjswasm.ConvertError
	require.ErrorAs(t, err, &c)
	assert.Equal(t, "Go complex128", c.From)
	assert.Equal(t, 1, stopped, "an iteration that threw was not stopped")

	require.NoError(t, rt.Set("panicking", func(yield func(int) bool) { yield(1); panic("oops") }))
	assert.PanicsWithValue(t, "oops", func() { _, _ = rt.Eval(ctx, `try { [...panicking] } catch {}`) })
	requireUsable(t, rt)

	_, err = rt.NewValue(func(yield func(chan<- int) bool) {})
	require.ErrorAs(t, err, &c)
}

func TestGoSequenceReentered(t *testing.T) {
	rt := newRuntime(t, nil)
	var again *qjswasm.Value
	require.NoError(t, rt.Set("seq", func(yield func(int, error) bool) {
		if !yield(1, nil) {
			return
		}
		v, err := again.Call(ctx, nil) // on another stack, but one level deeper
		if err == nil {
			err = fmt.Errorf("%s", v)
		}
		yield(0, err)
	}))
	eval(t, rt, `it = seq[Symbol.iterator](); function again() { try { return it.next() } catch (e) { return e.name } }`)
	again, _ = rt.Get("again")
	_, err := rt.Eval(ctx, `it.next(); it.next()`)
	assert.ErrorContains(t, err, "TypeError")

	// A yield from inside a nested call has no way back to its caller.
	each, err := rt.Eval(ctx, `(f) => [1, 2].forEach(f)`)
	require.NoError(t, err)
	require.NoError(t, rt.Set("nested", func(yield func(int) bool) {
		_, err := each.Call(ctx, nil, func(i int) { yield(i) })
		assert.NoError(t, err)
	}))
	assert.Panics(t, func() { _, _ = rt.Eval(ctx, `[...nested]`) })
	requireUsable(t, rt)
}

// settled waits until there are no more goroutines than before.
func settled(t *testing.T, before int) {
	t.Helper()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines")
}

func TestGoSequenceIsReleased(t *testing.T) {
	rt := newRuntime(t, nil)
	before := runtime.NumGoroutine()
	baseline := collect(t, rt)
	var c counter
	seq := c.seq(100)
	use := func() {
		require.NoError(t, rt.Set("seq", seq))
		eval(t, rt, `(() => { for (let i = 0; i < 100; i++) { const it = seq[Symbol.iterator](); it.next(); it.next() } })()`)
		eval(t, rt, `(() => { const it = seq[Symbol.iterator](); it.next(); it.self = it })()`) // a cycle
		eval(t, rt, `for (const x of seq) if (x > 3) break; [...seq]; seq[Symbol.iterator](); 0`)
		require.NoError(t, rt.Set("seq", nil))
	}
	use()
	after := collect(t, rt)
	assert.Equal(t, 103, c.begun)
	assert.Equal(t, c.begun, c.ended)
	assert.Equal(t, baseline.Callables, after.Callables)
	assert.Equal(t, baseline.HostBytes, after.HostBytes)
	assert.Equal(t, baseline.Roots, after.Roots)
	settled(t, before)
}

func TestGoSequenceEndsWithTheRuntime(t *testing.T) {
	before := runtime.NumGoroutine()
	var c counter
	halfWay := func() *qjswasm.Runtime {
		rt, err := qjswasm.New(ctx, nil)
		require.NoError(t, err)
		require.NoError(t, rt.Set("seq", c.seq(100)))
		eval(t, rt, `its = Array.from({length: 5}, () => seq[Symbol.iterator]()); its.map(it => it.next())`)
		return rt
	}
	require.NoError(t, halfWay().Close())
	assert.Equal(t, 5, c.ended)
	settled(t, before)

	halfWay() // dropped without Close
	for range 5 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	settled(t, before)
}

func TestGoSequenceCountsAgainstTheLimit(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 1 << 20})
	var c counter
	require.NoError(t, rt.Set("seq", c.seq(100)))
	_, err := rt.Eval(ctx, `all = []; for (;;) { const it = seq[Symbol.iterator](); it.next(); all.push(it) }`)
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	assert.Less(t, c.begun, 100)
	eval(t, rt, `all = null`)
	requireUsable(t, rt)
}

func TestGoSequenceIsInterrupted(t *testing.T) {
	rt := newRuntime(t, nil)
	var c counter
	require.NoError(t, rt.Set("seq", c.seq(math.MaxInt32)))
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err := rt.Eval(short, `seq.toArray()`)
	assert.True(t, errors.Is(err, qjswasm.ErrInterrupted) || errors.Is(err, qjswasm.ErrMemoryLimit), "%v", err)
	collect(t, rt)
	assert.Equal(t, c.begun, c.ended)
}

const closing = `closed = 0; function* gen(n) { try { for (let i = 0; i < n; i++) yield i; } finally { closed++ } }`

func TestIterate(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, closing)
	for code, want := range map[string][]any{
		`gen(3)`:                 {int64(0), int64(1), int64(2)},
		`[1, "a", null]`:         {int64(1), "a", nil},
		`new Set(["x"])`:         {"x"},
		`new Map([["k", 1]])`:    {[]any{"k", int64(1)}},
		`"aé😀"`:                  {"a", "é", "😀"},
		`new Uint8Array([1, 2])`: {int64(1), int64(2)},
		`({*[Symbol.iterator]() { yield 1; yield undefined }})`:                                                {int64(1), nil},
		`(async function*() { yield 1; await null; yield 2 })()`:                                               {int64(1), int64(2)},
		`({[Symbol.asyncIterator]() { let i = 0; return { next: async () => ({value: i, done: i++ > 1}) } }})`: {int64(0), int64(1)},
		`[]`:                              nil,
		`[1, 2].values().map(x => x * 2)`: {int64(2), int64(4)},
	} {
		got, err := qjswasm.Collect[any](ctx, eval(t, rt, code))
		require.NoError(t, err, code)
		assert.Equal(t, want, got, code)
	}
	for code, name := range map[string]string{
		`1`: "TypeError", `({})`: "TypeError", `null`: "TypeError",
		`(function*() { yield 1; throw new RangeError("r") })()`:                "RangeError",
		`(async function*() { yield 1; throw new RangeError("r") })()`:          "RangeError",
		`({[Symbol.iterator]() { return { next() { return 1 } } }})`:            "TypeError",
		`({[Symbol.asyncIterator]() { return { next() { return 1 } } }})`:       "TypeError",
		`({[Symbol.asyncIterator]() { return { async next() { return 1 } } }})`: "TypeError",
		`({get [Symbol.iterator]() { throw new EvalError("x") }})`:              "EvalError",
		`({get [Symbol.asyncIterator]() { throw new EvalError("x") }})`:         "EvalError",
	} {
		_, err := qjswasm.Collect[any](ctx, eval(t, rt, code))
		var e *qjswasm.Error
		require.ErrorAs(t, err, &e, code)
		assert.Equal(t, name, e.Name, code)
	}
}

func TestIterateCloses(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, closing+`; async function* agen(n) { try { for (let i = 0; i < n; i++) yield i; } finally { await null; closed++ } }`)
	closed := func() int64 {
		n := evalTo[int64](t, rt, `closed`)
		eval(t, rt, `closed = 0`)
		return n
	}
	before := collect(t, rt)
	for _, gen := range []string{"gen", "agen"} {
		for x, err := range qjswasm.Iterate[int](ctx, eval(t, rt, gen+`(1e9)`)) {
			require.NoError(t, err)
			if x == 3 {
				break
			}
		}
		assert.Equal(t, int64(1), closed(), "break")
		assert.PanicsWithValue(t, "out", func() {
			for range qjswasm.Iterate[int](ctx, eval(t, rt, gen+`(1e9)`)) {
				panic("out")
			}
		})
		assert.Equal(t, int64(1), closed(), "panic")
		_, err := qjswasm.Collect[string](ctx, eval(t, rt, gen+`(3)`))
		var c *qjswasm.ConvertError
		require.ErrorAs(t, err, &c)
		assert.Equal(t, "JS number", c.From)
		assert.Equal(t, "Go string", c.To)
		assert.Equal(t, int64(1), closed(), "a value that does not convert")
		_, err = qjswasm.Collect[int](ctx, eval(t, rt, gen+`(3)`))
		require.NoError(t, err)
		assert.Equal(t, int64(1), closed(), "the end")

		bounded, cancel := context.WithCancel(ctx)
		n := 0
		for _, err := range qjswasm.Iterate[int](bounded, eval(t, rt, gen+`(1e9)`)) {
			if n++; n == 3 {
				cancel()
			}
			if err != nil {
				assert.ErrorIs(t, err, context.Canceled)
			}
		}
		assert.Equal(t, 4, n)
		cancel()
		_, err = rt.RunJobs(ctx) // an asynchronous return was not awaited
		require.NoError(t, err)
		assert.Equal(t, int64(1), closed(), "a context that is done")
	}
	after := collect(t, rt)
	assert.Equal(t, before.Roots, after.Roots)
	assert.Equal(t, before.Callables, after.Callables)
}

// A return method that does not come back is bounded as everything else is.
func TestIterateClosesInTime(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `({[Symbol.iterator]: () => ({next: () => ({value: 1}), return() { for (;;); }})})`)
	for _, cancelled := range []bool{false, true} {
		bounded, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		left := make(chan struct{})
		go func() {
			defer close(left)
			for range qjswasm.Iterate[int](bounded, v) {
				if cancelled {
					cancel()
				}
				break
			}
		}()
		select {
		case <-left:
		case <-time.After(time.Minute):
			rt.Interrupt(nil)
			<-left
			t.Error("the loop could not be left")
		}
		cancel()
	}
	var none context.Context
	for range qjswasm.Iterate[int](none, eval(t, rt, "[1, 2]")) {
		break
	}
	requireUsable(t, rt)
}

func TestIterateValues(t *testing.T) {
	rt := newRuntime(t, nil)
	all, err := qjswasm.Collect[*qjswasm.Value](ctx, eval(t, rt, `[{a: 1}, 2, Symbol.iterator, undefined]`))
	require.NoError(t, err)
	require.Len(t, all, 4)
	a, err := all[0].Get("a")
	require.NoError(t, err)
	assert.Equal(t, int64(1), a.Int64())
	assert.True(t, all[2].IsSymbol())
	assert.True(t, all[3].IsUndefined())
}

// What goes on while a sequence makes its next step, on another goroutine too, may ask
// for another one, and count.
func TestIterateConcurrently(t *testing.T) {
	rt := newRuntime(t, nil)
	for name, inside := range map[string]func(){
		"next":  func() { _, err := rt.Eval(ctx, `it.next()`); assert.ErrorContains(t, err, "running already") },
		"stats": func() { rt.Stats() },
		"begin": func() { eval(t, rt, `[...other].length`) },
	} {
		require.NoError(t, rt.Set("other", slices.Values([]int{1, 2})))
		require.NoError(t, rt.Set("seq", func(yield func(int) bool) {
			for i := range 50 {
				done := make(chan struct{})
				go func() { defer close(done); inside() }()
				<-done
				if !yield(i) {
					return
				}
			}
		}))
		assert.Equal(t, int64(50), eval(t, rt, `it = seq[Symbol.iterator](); [...it].length`).Int64(), name)
	}
	require.NoError(t, rt.Set("odd", func(yield func(any) bool) {
		defer func() { eval(t, rt, "1 + 1") }()
		yield(complex(1, 1))
	}))
	_, err := rt.Eval(ctx, `[...odd]`)
	assert.ErrorContains(t, err, "TypeError")
	var counting sync.WaitGroup
	over := make(chan struct{})
	counting.Go(func() {
		for {
			select {
			case <-over:
				return
			default:
				rt.Stats()
			}
		}
	})
	require.NoError(t, rt.Set("plain", func(yield func(int) bool) {
		for i := 0; i < 10_000 && yield(i); i++ {
		}
	}))
	assert.Equal(t, int64(10_000), eval(t, rt, `[...plain].length`).Int64(), "while others count")
	close(over)
	counting.Wait()
}

// A runtime may be closed while the end of an entry tells of what the script dropped:
// then the sequence is stopped by one of the two.
func TestCloseWhileIterationIsReleased(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	closed := make(chan error, 1)
	// Nothing but time puts these in order, so that the race detector can tell.
	require.NoError(t, rt.Set("seq", func(yield func(int) bool) {
		defer time.Sleep(100 * time.Millisecond)
		for yield(1) {
		}
	}))
	f, err := rt.NewFunc("f", func() {}, qjswasm.OnRelease(func() {
		go func() { closed <- rt.Close() }()
		time.Sleep(50 * time.Millisecond)
	}))
	require.NoError(t, err)
	require.NoError(t, rt.Set("f", f))
	f.Close()
	eval(t, rt, "it = seq[Symbol.iterator](); it.next(); 0")
	eval(t, rt, "it = undefined; f = undefined; 0") // f's hook runs first
	require.NoError(t, <-closed)
}
