package qjswasm_test

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// While nobody may enter, since a view is open, the results of two callbacks are made one after
// the other.
func TestResultsInOneView(t *testing.T) {
	rt := newRuntime(t, nil)
	buf := eval(t, rt, "new Uint8Array(16)")
	viewing := make(chan struct{})
	ret := func(c *qjswasm.Call) error {
		for range 2000 {
			if err := c.Return(map[string]any{"a": func() {}, "b": []int{1, 2}}); err != nil {
				return err
			}
		}
		return nil
	}
	done := make(chan struct{}, 2)
	var wg sync.WaitGroup
	set(t, rt, "g", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		wg.Go(func() {
			assert.NoError(t, buf.ViewBytes(func(b []byte) error {
				close(viewing)
				<-done
				<-done
				return nil
			}))
		})
		<-viewing
		err := ret(c)
		done <- struct{}{}
		return err
	}))
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		wg.Go(func() { _, err := rt.Eval(ctx, "g(); 0"); assert.NoError(t, err) })
		<-viewing
		err := ret(c)
		done <- struct{}{}
		return err
	}))
	eval(t, rt, "f(); 0")
	wg.Wait()
	requireUsable(t, rt)
}

// A result is what it was when it was given, though JS has dropped since what it refers to, and
// the program has changed it.
func TestEarlyResultOfLiveObject(t *testing.T) {
	type thing struct{ N int }
	for _, name := range []string{"JS had it", "JS had it meanwhile", "JS has it anew", "JS never had it"} {
		rt := newRuntime(t, nil)
		x, other := &thing{7}, &thing{1}
		give := func() { require.NoError(t, rt.Set("y", []any{qjswasm.Live(x), qjswasm.Live(other)}), name) }
		if name == "JS had it" {
			give()
		}
		set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
			result := map[string]any{"a": qjswasm.Live(x), "b": []any{qjswasm.Live(x)}, "n": 1}
			if err := c.Return(result); err != nil {
				return err
			}
			result["n"] = 2
			if name != "JS had it" && name != "JS never had it" {
				give()
			}
			if _, err := rt.Eval(ctx, "y = null; 0"); err != nil {
				return err
			}
			if err := rt.GC(ctx); err != nil {
				return err
			}
			if name == "JS has it anew" {
				give()
			}
			return nil
		}))
		v, err := rt.Eval(ctx, "r = f(); [r.a.N, r.a === r.b[0], r.n, globalThis.y ? y[0] === r.a : true].join()")
		require.NoError(t, err, name)
		assert.Equal(t, "7,true,1,true", v.String(), name)
		eval(t, rt, "r = f = null; 0")
		requireUsable(t, rt)
	}
}

// A result that is made meanwhile does not end another goroutine's iteration.
func TestResultsBesideSequence(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("seq", func(yield func(int) bool) {
		for i := range 20000 {
			if !yield(i) {
				return
			}
		}
	}))
	inside := make(chan struct{})
	set(t, rt, "inside", func() { close(inside) })
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		over := make(chan any)
		go func() {
			defer func() { over <- recover() }()
			_, err := rt.Eval(ctx, "inside(); let n = 0; for (const x of seq) n++; n")
			assert.NoError(t, err)
		}()
		<-inside
		for {
			select {
			case p := <-over:
				assert.Nil(t, p)
				return nil
			default:
				c.ReturnBytes([]byte{1, 2, 3})
			}
		}
	}))
	eval(t, rt, "f(); 0")
	requireUsable(t, rt)
}

// An error is thrown when others have left, who may have ended the runtime.
func TestErrorWhileRuntimeDies(t *testing.T) {
	for range 20 {
		rt, err := qjswasm.New(ctx, nil)
		require.NoError(t, err)
		set(t, rt, "die", func() { runtime.Goexit() })
		var other sync.WaitGroup
		set(t, rt, "f", func() error {
			in := make(chan struct{})
			other.Go(func() {
				close(in)
				_, _ = rt.Eval(ctx, "die()")
			})
			<-in
			time.Sleep(time.Millisecond)
			return errors.New("mine")
		})
		_, err = rt.Eval(ctx, "f()")
		other.Wait()
		if err != nil && !strings.Contains(err.Error(), "mine") { // the other came in time
			assert.ErrorIs(t, err, qjswasm.ErrDead)
		}
		require.NoError(t, rt.Close())
	}
}

// ConsoleLimit counts what several goroutines write.
func TestConsoleLimitMeanwhile(t *testing.T) {
	var mu sync.Mutex
	var written strings.Builder
	rt := newRuntime(t, &qjswasm.Options{ConsoleLimit: 51 * 500, Stdout: writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return written.Write(p)
	})})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 300 {
				enter(t, func() error {
					_, err := rt.Eval(ctx, "try { console.log('x'.repeat(50)) } catch (e) {} 0")
					return err
				})
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 51*500, written.Len())
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// A Value that only the result holds is kept until others have left.
func TestReturnedValueWhileAnotherIsInside(t *testing.T) {
	rt := newRuntime(t, nil)
	start, wait := meanwhile(t, rt, func() error {
		runtime.GC()
		v, err := rt.Eval(ctx, "({})")
		if err == nil {
			v.Close()
		}
		return err
	})
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		v, err := rt.Eval(ctx, "({a: 5})")
		if err != nil {
			return err
		}
		if err := c.Return([]any{v}); err != nil {
			return err
		}
		start()
		return nil
	}))
	assert.Equal(t, int64(5), eval(t, rt, "f()[0].a").Int64())
	wait()
}

// A panic lets go of what Return was given, also if the function is not called again.
func TestPanicForgetsResult(t *testing.T) {
	rt := newRuntime(t, nil)
	var gone atomic.Bool
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		type big struct{ A [1 << 16]byte }
		x := &big{}
		runtime.AddCleanup(x, func(*atomic.Bool) { gone.Store(true) }, &gone)
		if err := c.Return(struct{ X *big }{x}); err != nil {
			return err
		}
		panic("no")
	}))
	assert.PanicsWithValue(t, "no", func() { _, _ = rt.Eval(ctx, "f()") })
	assert.Eventually(t, func() bool { runtime.GC(); return gone.Load() }, 10*time.Second, time.Millisecond)
	runtime.KeepAlive(rt)
}

// What converts a result may call the Return methods: they do nothing, and the runtime
// is not let go before the result is made.
func TestReturnWithinReturn(t *testing.T) {
	rt := newRuntime(t, nil)
	for name, inner := range map[string]func(c *qjswasm.Call) error{
		"Return":        func(c *qjswasm.Call) error { return c.Return("inner") },
		"ReturnString":  func(c *qjswasm.Call) error { c.ReturnString("inner\u00e9"); return nil },
		"ReturnBytes":   func(c *qjswasm.Call) error { c.ReturnBytes([]byte("inner")); return nil },
		"ReturnFloat64": func(c *qjswasm.Call) error { c.ReturnFloat64(1.5); return nil },
		"ReturnInt64":   func(c *qjswasm.Call) error { c.ReturnInt64(1 << 60); return nil },
		"ReturnBool":    func(c *qjswasm.Call) error { c.ReturnBool(true); return nil },
	} {
		set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
			return c.Return([]any{1, textFunc(func() (string, error) {
				err := inner(c)
				assert.Equal(t, name == "Return", err != nil, name)
				_, err = rt.Eval(ctx, "0")
				assert.ErrorIs(t, err, qjswasm.ErrConcurrentUse, name)
				return "text", nil
			}), 3})
		}))
		assert.Equal(t, "1,text,3", eval(t, rt, "String(f())").String(), name)
	}
}
