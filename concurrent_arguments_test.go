package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What a function asks of its call while another goroutine is further inside is for the race
// detector to judge as well.

// enter calls f until nobody else is in the runtime.
func enter(t *testing.T, f func() error) {
	err := f()
	for errors.Is(err, qjswasm.ErrConcurrentUse) {
		err = f()
	}
	assert.NoError(t, err)
}

// beside runs code further inside while f runs.
func beside(t *testing.T, rt *qjswasm.Runtime, code string, f func()) {
	var other sync.WaitGroup
	other.Go(func() { enter(t, func() error { _, err := rt.Eval(ctx, code); return err }) })
	f()
	other.Wait()
}

func TestArgumentsWhileMemoryGrows(t *testing.T) {
	rt := newRuntime(t, nil)
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		beside(t, rt, "globalThis.large = []; for (let i = 0; i < 100; i++) large.push(new ArrayBuffer(100_000)); 0", func() {
			for range 100 {
				for i := range c.NumArgs() - 2 {
					if n := c.Float64(i); n != float64(i) {
						t.Errorf("%v, not %v", n, i)
					}
				}
				assert.Equal(t, "text", c.Str(c.NumArgs()-2))
			}
		})
		return nil
	}))
	set(t, rt, "g", func(first, second []byte, rest ...*linked) {
		beside(t, rt, "for (let i = 0; i < 100; i++) large.push(new ArrayBuffer(100_000)); 0", func() {})
		assert.Equal(t, [][]byte{{1, 2, 3}, {4}}, [][]byte{first, second})
		assert.Len(t, rest, 3000)
	})
	require.NoError(t, rt.Set("l", qjswasm.Live(&linked{})))
	eval(t, rt, "f(...Array(3000).keys(), 'text', new Uint8Array([1, 2, 3])); 0")
	eval(t, rt, "for (let i = 0; i < 20; i++) g(new Uint8Array([1, 2, 3]), new Uint8Array([4]), ...Array(3000).fill(l)); 0")
}

// The limit on what the host holds is looked at by both.
func TestHostLimitMeanwhile(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 1 << 20})
	f, err := rt.NewFunc("late", func() {}, qjswasm.Async())
	require.NoError(t, err)
	require.NoError(t, rt.Set("late", f))
	inside := make(chan struct{})
	set(t, rt, "inside", func() { close(inside) })
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		beside(t, rt, "inside(); for (let i = 0; i < 100; i++) { try { late('x') } catch (e) { globalThis.e = e } } 0", func() {
			<-inside
			for range 1000 {
				assert.NotEqual(t, 400_000, len(c.Str(0)))
			}
		})
		return nil
	}))
	eval(t, rt, "f('x'.repeat(400_000)); 0")
	assert.Equal(t, "InternalError", eval(t, rt, "e.name").String())
}

// The context of a call has the deadline of its entry, which those further inside look at.
func TestContextOfCallMeanwhile(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Timeout: 1e12})
	inside := make(chan struct{})
	set(t, rt, "entered", func() { close(inside) })
	cancelled, cancel := context.WithCancel(ctx)
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		var other sync.WaitGroup
		other.Go(func() {
			_, err := rt.Eval(context.Background(), "entered(); for (;;);")
			assert.ErrorIs(t, err, context.Canceled)
		})
		<-inside
		cancel()
		assert.ErrorIs(t, c.Context().Err(), context.Canceled)
		_, limited := c.Context().Deadline()
		assert.True(t, limited)
		other.Wait()
		return nil
	}))
	_, err := rt.Eval(cancelled, "f()")
	require.ErrorIs(t, err, context.Canceled)
	requireUsable(t, rt)
}

// A script may assign to live objects while another goroutine makes some: what the runtime
// knows of them, and what they are, is kept apart.
func TestLiveObjectsMeanwhile(t *testing.T) {
	rt := newRuntime(t, nil)
	list := make([]linked, 4)
	words := map[string]string{}
	require.NoError(t, rt.Set("list", qjswasm.Live(&list)))
	require.NoError(t, rt.Set("words", qjswasm.Live(&words)))
	o := eval(t, rt, "({})")
	others := make([]any, 500) // each of a type of its own
	for i := range others {
		others[i] = qjswasm.Live(reflect.New(reflect.ArrayOf(i+1, reflect.TypeFor[int]())).Interface())
	}
	var other sync.WaitGroup
	other.Go(func() {
		for i, x := range others {
			enter(t, func() error { return o.Set("x", x) })
			enter(t, func() error {
				_, err := rt.Eval(ctx, fmt.Sprintf("words.x%d = 'x'; list[0].Next = list[1]; delete words.w1; 0", i))
				return err
			})
		}
	})
	for range 200 {
		enter(t, func() error {
			_, err := rt.Eval(ctx, "for (let i = 0; i < 100; i++) { list[i % 4] = {Next: {}}; words['w' + i] = 'text' + i; list[0].Next = null; list.length = i % 9 + 1 } 0")
			return err
		})
	}
	other.Wait()
	assert.Equal(t, int64(500), eval(t, rt, "Object.keys(words).filter(w => w[0] === 'x').length").Int64())
}
