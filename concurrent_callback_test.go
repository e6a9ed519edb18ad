package qjswasm_test

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// While a Go function runs, another goroutine may get in. What the function returns
// is made when nobody is.

type linked struct{ Next *linked }

func TestCallbacksReturnMeanwhile(t *testing.T) {
	rt := newRuntime(t, nil)
	one := func() int { return 1 }
	for name, x := range map[string]struct {
		f    any
		code string // ends as 1
	}{
		"function": {func() func() int { return one }, "f()()"},
		"error":    {func() error { return errors.New("one") }, "(() => { try { f() } catch (e) { return e.message === 'one' ? 1 : e } })()"},
		"struct":   {func() struct{ A int } { return struct{ A int }{1} }, "f().A"},
		"map":      {func() map[string]any { return map[string]any{"a": one} }, "f().a()"},
		"sequence": {func() any { return func(yield func(int) bool) { yield(1) } }, "typeof f()[Symbol.iterator] === 'function' ? 1 : 0"},
		"live":     {func() any { return qjswasm.Live(&linked{Next: &linked{}}) }, "f().Next.Next === null ? 1 : 0"},
		"raw": {qjswasm.RawFunc(func(c *qjswasm.Call) error {
			if err := c.Return(one); err != nil {
				return err
			}
			_, err := rt.Eval(ctx, "1") // if the other is not in
			if errors.Is(err, qjswasm.ErrConcurrentUse) {
				err = nil
			}
			return err
		}), "f()()"},
	} {
		t.Run(name, func(t *testing.T) {
			set(t, rt, "f", x.f)
			run := eval(t, rt, "n => { for (let i = 0; i < n; i++) { const x = "+x.code+"; if (x !== 1) throw new Error('not 1 but ' + x) } }")
			o := eval(t, rt, "({})")
			stop := make(chan struct{})
			entered := make(chan int)
			go func() {
				n := 0
				for {
					select {
					case <-stop:
						entered <- n
						return
					default:
					}
					var made any = func() int { return 2 }
					if name == "live" {
						made = qjswasm.Live(&linked{})
					}
					switch err := o.Set("x", made); {
					case err == nil:
						n++
					case !errors.Is(err, qjswasm.ErrConcurrentUse):
						t.Error(err)
					}
				}
			}()
			for range 20 {
				_, err := run.Call(ctx, nil, 500)
				if !errors.Is(err, qjswasm.ErrConcurrentUse) {
					require.NoError(t, err)
				}
			}
			close(stop)
			t.Log(<-entered, "entered meanwhile")
		})
	}
}

// Two goroutines hand the same Value to the guest: whoever comes second can use what
// it leads to.
func TestValueIsReturnedMeanwhile(t *testing.T) {
	const n = 2000
	rt := newRuntime(t, &qjswasm.Options{CycleGC: qjswasm.CycleGCManual})
	v := eval(t, rt, "[]")
	push := eval(t, rt, "(a, f) => { a.push(f) }")
	for range n {
		f, err := rt.NewFunc("f", func() int { return 1 })
		require.NoError(t, err)
		call(t, push, v, f)
		f.Close()
	}
	inner := eval(t, rt, "b => { const a = b(); return a[a.length - 1]() }")
	for range 20 {
		require.NoError(t, rt.GC(ctx))
		require.GreaterOrEqual(t, rt.Stats().Demoted, n)
		var both sync.WaitGroup
		both.Add(2)
		meet := func() *qjswasm.Value {
			both.Done()
			both.Wait()
			return v
		}
		done := make(chan error, 1)
		b, err := rt.NewFunc("b", meet)
		require.NoError(t, err)
		a, err := rt.NewFunc("a", func() *qjswasm.Value {
			go func() {
				_, err := inner.Call(ctx, nil, b)
				done <- err
			}()
			return meet()
		})
		require.NoError(t, err)
		call(t, a)
		require.NoError(t, <-done)
		a.Close()
		b.Close()
	}
}

// A panic on its way out takes no hooks with it.
func TestReleaseHooksOutliveAPanic(t *testing.T) {
	const n = 2000
	boom := false
	rt := newRuntime(t, &qjswasm.Options{Now: func() time.Time {
		if boom {
			panic("boom")
		}
		return time.Unix(0, 0)
	}})
	released := 0
	fs := eval(t, rt, "globalThis.fs = []; fs")
	for i := range n {
		f, err := rt.NewFunc("f", func() {}, qjswasm.OnRelease(func() { released++ }))
		require.NoError(t, err)
		require.NoError(t, fs.Set(fmt.Sprint(i), f))
		f.Close()
	}
	fs.Close()
	set(t, rt, "h", func() {})
	boom = true
	assert.Panics(t, func() { _, _ = rt.Eval(ctx, "fs.length = 0; Date.now(); h()") })
	boom = false
	require.NoError(t, rt.GC(ctx))
	assert.Equal(t, n, released)
}

// A Value of a closed runtime holds none of its functions, whether or not there was a
// summary before.
func TestClosedRuntimeHoldsNoFunctions(t *testing.T) {
	for _, summary := range []bool{false, true} {
		rt, err := qjswasm.New(ctx, &qjswasm.Options{CycleGC: qjswasm.CycleGCManual})
		require.NoError(t, err)
		o := eval(t, rt, "({})")
		var gone atomic.Bool
		func() {
			captured := new([64]byte)
			runtime.AddCleanup(captured, func(gone *atomic.Bool) { gone.Store(true) }, &gone)
			f, err := rt.NewFunc("f", func() byte { return captured[3] })
			require.NoError(t, err)
			require.NoError(t, o.Set("f", f))
			f.Close()
		}()
		if summary {
			require.NoError(t, rt.GC(ctx))
		}
		require.NoError(t, rt.Close())
		assert.Eventually(t, func() bool { runtime.GC(); return gone.Load() }, 10*time.Second, time.Millisecond)
		runtime.KeepAlive(o)
	}
}

// A function may return from within a view, and from within a function that it has
// called through the guest.
func TestReturnFromFurtherInside(t *testing.T) {
	rt := newRuntime(t, nil)
	set(t, rt, "view", func(c *qjswasm.Call) error {
		return c.ViewBytes(0, func(b []byte) error {
			c.ReturnBytes(b[:1])
			return c.Return(map[string]any{"first": b[0], "f": func() byte { return 2 }})
		})
	})
	assert.Equal(t, "1 2", eval(t, rt, "(x => x.first + ' ' + x.f())(view(new Uint8Array([1, 2])))").String())
	set(t, rt, "value", func(c *qjswasm.Call) error {
		return c.Arg(0).ViewBytes(func(b []byte) error { return c.Return([]any{b[1]}) })
	})
	assert.Equal(t, "2", eval(t, rt, "String(value(new Uint8Array([1, 2])))").String())
	set(t, rt, "outer", func(c *qjswasm.Call) error {
		inner, err := rt.NewFunc("inner", func() error { return c.Return([]any{3}) })
		if err != nil {
			return err
		}
		_, err = inner.Call(ctx, nil)
		return err
	})
	assert.Equal(t, "3", eval(t, rt, "String(outer())").String())
}

// What makes a value must not use the runtime, neither as a result nor otherwise.
type entering struct{ rt *qjswasm.Runtime }

func (e entering) Error() string {
	_, err := e.rt.Eval(ctx, "1")
	return fmt.Sprint(err)
}

func TestErrorMethodsMayNotEnter(t *testing.T) {
	rt := newRuntime(t, nil)
	set(t, rt, "f", func() error { return entering{rt} })
	for _, code := range []string{"try { f() } catch (e) { e.message }", "g.message"} {
		set(t, rt, "g", entering{rt})
		assert.Contains(t, eval(t, rt, code).String(), "in use")
	}
}
