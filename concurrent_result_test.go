package qjswasm_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// meanwhile has another goroutine run a function further inside, again and again, until
// the result is called and a little longer.
func meanwhile(t *testing.T, rt *qjswasm.Runtime, further func() error) (start, wait func()) {
	t.Helper()
	var other sync.WaitGroup
	inside, stop := make(chan struct{}), make(chan struct{})
	set(t, rt, "further", func() error {
		close(inside)
		for {
			select {
			case <-stop:
				return nil
			default:
				if err := further(); err != nil {
					return err
				}
			}
		}
	})
	start = func() {
		other.Go(func() {
			_, err := rt.Eval(ctx, "further()")
			assert.NoError(t, err)
		})
		<-inside
		time.AfterFunc(100*time.Millisecond, func() { close(stop) })
	}
	return start, other.Wait
}

func functions(n int) []any {
	fs := make([]any, n)
	for i := range fs {
		fs[i] = func() int { return i }
	}
	return fs
}

// A result is made when others have left, or with nobody beside.
func TestResultWhileAnotherIsFurtherInside(t *testing.T) {
	const n = 5000
	t.Run("functions", func(t *testing.T) {
		for name, f := range map[string]func(start func()) any{
			"typed": func(start func()) any { return func() any { start(); return functions(n) } },
			"early": func(start func()) any {
				return qjswasm.RawFunc(func(c *qjswasm.Call) error { start(); return c.Return(functions(n)) })
			},
		} {
			t.Run(name, func(t *testing.T) {
				rt := newRuntime(t, nil)
				start, wait := meanwhile(t, rt, func() error {
					f, err := rt.NewFunc("f", func() {})
					if err == nil {
						f.Close()
					}
					if errors.Is(err, qjswasm.ErrConcurrentUse) { // while the result is made
						err = nil
					}
					return err
				})
				set(t, rt, "f", f(start))
				wrong, err := qjswasm.Eval[int](ctx, rt, "{ const a = f(); let n = 0; for (let i = 0; i < a.length; i++) if (a[i]() !== i) n++; n }")
				require.NoError(t, err)
				assert.Zero(t, wrong)
				wait()
				requireUsable(t, rt)
			})
		}
	})
	t.Run("value", func(t *testing.T) {
		rt := newRuntime(t, nil)
		start, wait := meanwhile(t, rt, func() error {
			runtime.GC()
			v, err := rt.Eval(ctx, "({})")
			if err == nil {
				v.Close()
			}
			return err
		})
		set(t, rt, "f", func() *qjswasm.Value {
			v := eval(t, rt, "({a: 5})")
			start()
			return v
		})
		assert.EqualValues(t, 5, eval(t, rt, "f().a").Int64())
		wait()
	})
}

type failing struct{}

var errFailing = errors.New("cannot be marshaled")

func (failing) MarshalJSON() ([]byte, error) { return nil, errFailing }

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("marshaled") }

var _, _ json.Marshaler = failing{}, panicking{}

// What is on its way to the guest is there when it arrives, whatever the function does
// until it returns.
func TestResultOnItsWayIsKept(t *testing.T) {
	rt := newRuntime(t, nil)
	set(t, rt, "nothing", func() {})
	before := collect(t, rt)
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		if err := c.Return(functions(1500)); err != nil {
			return err
		}
		_, err := rt.Eval(ctx, "nothing()")
		return err
	}))
	assert.EqualValues(t, 1499, eval(t, rt, "f()[1499]()").Int64())

	set(t, rt, "seq", func(yield func(any) bool) {
		defer func() { eval(t, rt, "nothing()") }()
		yield(append(functions(1500), failing{}))
	})
	_, err := rt.Eval(ctx, "for (const x of seq) ;")
	assert.ErrorIs(t, err, errFailing)

	// And what did not get there is not kept.
	eval(t, rt, "f = seq = undefined")
	assert.Equal(t, before.Callables, collect(t, rt).Callables)
}

// A function that recovers from the panic of a marshaler can go on.
func TestReturnThatPanics(t *testing.T) {
	rt := newRuntime(t, nil)
	set(t, rt, "f", qjswasm.RawFunc(func(c *qjswasm.Call) error {
		assert.Panics(t, func() { _ = c.Return([]any{1, panicking{}}) })
		_, err := rt.Eval(ctx, "1")
		return err
	}))
	assert.True(t, eval(t, rt, "f()").IsUndefined())
}
