package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestCloseTellsWhatIsInUse(t *testing.T) {
	rt := tracking(t)
	var kept []*qjswasm.Value
	for range 3 {
		kept = append(kept, makeValue(rt))
	}
	kept = append(kept, makeFunc(rt))
	makeValue(rt) // dropped
	closed := makeValue(rt)
	closed.Close()

	err := rt.Close()
	var leak *qjswasm.LeakError
	require.ErrorAs(t, err, &leak)
	require.Len(t, leak.Leaks, 4)
	assert.Contains(t, site(leak.Leaks[0]), "Runtime.Eval in makeValue < TestCloseTellsWhatIsInUse")
	assert.Equal(t, qjswasm.KindFunction, leak.Leaks[3].Kind)
	text := err.Error()
	assert.True(t, strings.HasPrefix(text, "qjswasm: 4 Values in use when the runtime was closed\n\n3 Values (Object), made in entries "), text)
	assert.Contains(t, text, " by Runtime.Eval:\ngithub.com/qjswasm/qjswasm_test.makeValue\n\t")
	assert.Contains(t, text, "leak_test.go:")
	assert.Contains(t, text, "\n\n1 Value (Function), made in entry ")

	_, err = kept[0].Get("f")
	assert.ErrorIs(t, err, qjswasm.ErrClosed, "it is closed all the same")
	assert.NoError(t, rt.Close(), "it says so once")
	runtime.KeepAlive(closed)
}

func TestCloseDoesNotTellOf(t *testing.T) {
	for name, use := range map[string]func(rt *qjswasm.Runtime) any{
		"nothing": func(rt *qjswasm.Runtime) any { return nil },
		"what a function given to JS captures": func(rt *qjswasm.Runtime) any {
			v := makeValue(rt)
			_ = rt.Set("f", func() *qjswasm.Value { return v })
			return nil
		},
		"a cycle through both heaps": func(rt *qjswasm.Runtime) any {
			var self *qjswasm.Value
			self, _ = rt.NewFunc("f", func() *qjswasm.Value { return self })
			return nil
		},
		"functions, errors and live objects in JS": func(rt *qjswasm.Runtime) any {
			setFunc(rt)
			setError(rt)
			setLive(rt)
			return nil
		},
		"an exception": func(rt *qjswasm.Runtime) any {
			_, err := rt.Eval(ctx, "throw new Error('outer', { cause: { code: 1 } })")
			return err
		},
		"primitives": func(rt *qjswasm.Runtime) any {
			v, _ := rt.Eval(ctx, "'text'")
			return v
		},
		"asynchronous calls": func(rt *qjswasm.Runtime) any {
			f, _ := rt.NewFunc("f", func(ctx context.Context, forever bool) {
				if forever {
					<-ctx.Done()
				}
			}, qjswasm.Async())
			_, _ = f.Call(ctx, nil, true)
			_, _ = f.Call(ctx, nil, false)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			rt := tracking(t)
			kept := use(rt)
			assert.NoError(t, rt.Close())
			runtime.KeepAlive(kept)
		})
	}
}

func TestCloseOfADeadRuntimeTellsToo(t *testing.T) {
	rt := tracking(t)
	v := makeValue(rt)
	dropped := makeValue(rt)
	require.NoError(t, rt.Set("exit", func() { runtime.Goexit() }))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = rt.Eval(ctx, "exit()")
	}()
	<-done
	require.Error(t, rt.Dead())
	_, err := rt.Leaks()
	assert.ErrorIs(t, err, qjswasm.ErrDead)
	dropped.Close()
	var leak *qjswasm.LeakError
	require.ErrorAs(t, rt.Close(), &leak)
	assert.Len(t, leak.Leaks, 1)
	runtime.KeepAlive(v)
	runtime.KeepAlive(dropped)
}

func TestBusyRuntimeSaysNothing(t *testing.T) {
	rt := tracking(t)
	var closing error
	require.NoError(t, rt.Set("f", func() { closing = rt.Close() }))
	eval(t, rt, "f()")
	var leak *qjswasm.LeakError
	assert.ErrorIs(t, closing, qjswasm.ErrBusy)
	assert.False(t, errors.As(closing, &leak))
}

func TestLeakErrorOfManyPlaces(t *testing.T) {
	var leaks qjswasm.Leaks
	for i := range 15 {
		for range i + 1 {
			leaks = append(leaks, qjswasm.Leak{By: fmt.Sprintf("place %d", i)})
		}
	}
	text := (&qjswasm.LeakError{Leaks: leaks}).Error()
	assert.True(t, strings.HasPrefix(text, "qjswasm: 120 Values in use when the runtime was closed\n\n15 Values (undefined) by place 14\n\n"), text)
	assert.True(t, strings.HasSuffix(text, "\n\n6 Values (undefined) by place 5\n\nand from 5 more places"), text)
}
