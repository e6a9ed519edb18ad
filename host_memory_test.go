package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// peak runs f and tells how much Go's heap grew at its highest, as far as
// samples show. What is garbage counts: nothing is collected but by Go's pace.
func peak(t *testing.T, f func()) uint64 {
	t.Helper()
	live := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before := live()
	quit, done := make(chan struct{}), make(chan uint64)
	go func() {
		highest := uint64(0)
		for {
			select {
			case <-quit:
				done <- highest
				return
			case <-time.After(2 * time.Millisecond):
				highest = max(highest, live())
			}
		}
	}()
	f()
	highest := live()
	close(quit)
	return max(highest, <-done, before) - before
}

// hostile scripts try to make Go's heap grow. Each runs in a function and gets a
// host that keeps what it is given.
var hostile = map[string]string{
	"empty objects":       "exported(Array.from({length: 1e6}, () => ({})))",
	"nested arrays":       "let a = []; for (let i = 0; i < 1e6; i++) a.push([i]); exported(a)",
	"maps":                "exported(Array.from({length: 2e5}, () => new Map([[1, 2]])))",
	"keys":                "const o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = i; exported(o)",
	"strings":             "const s = 'é'.repeat(1 << 20); exported(Array(60).fill(s))",
	"one string in all":   "const s = 'x'.repeat(1 << 20); texts(...Array(20000).fill(s))",
	"slices of a string":  "const s = 'x'.repeat(1 << 20); texts(...Array.from({length: 20000}, (_, i) => s.slice(i)))",
	"BigInts":             "const b = 2n ** 1000000n; values(...Array(20000).fill(b))",
	"one string, dynamic": "const s = 'x'.repeat(1 << 20); values(...Array(20000).fill(s))",
	"functions":           "exported(Array.from({length: 2e5}, () => () => 1))",
	"one function kept":   "const f = () => 1; for (;;) keep(f)",
	"functions from Go":   "const a = []; for (;;) a.push(maker())",
	"errors from Go":      "const a = []; for (;;) { try { fail('x'.repeat(1000)) } catch (e) { if (e instanceof InternalError) throw e; a.push(e) } }",
	"errors in errors":    "let last; try { fail('') } catch (e) { last = e } for (;;) { try { wrap(last) } catch (e) { if (e instanceof InternalError) throw e; last = e } }",
	"promises":            "const a = []; for (;;) a.push(slow())",
	"nested arguments":    "const s = 'x'.repeat(1 << 20); (function f(n) { again(f, s + n, n + 1) })(0)",
	"nested exports":      "const a = Array.from({length: 1e4}, () => ({})); (function f(n) { nested(f, a, n + 1) })(0)",
	"one large string":    "exportedText('x'.repeat(30 << 20))",
}

func TestHostMemoryIsBounded(t *testing.T) {
	const limit = 32 << 20
	for name, code := range hostile {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 256 << 20, HostMemoryLimit: limit, Timeout: 30 * time.Second})
			var kept []*qjswasm.Value
			release := make(chan struct{})
			var result any
			for name, fn := range map[string]any{
				"exported":     func(x any) { result = x },
				"exportedText": func(s string) { result = s },
				"texts":        func(s ...string) { result = s },
				"values":       func(c *qjswasm.Call) (any, error) { result = c.Args(); return nil, nil },
				"keep":         func(c *qjswasm.Call) (any, error) { kept = append(kept, c.Arg(0).Dup()); return nil, dupFailed(kept) },
				"maker":        func() any { return func() {} },
				"fail":         func(s string) error { return errors.New(s) },
				"wrap":         func(e error) error { return fmt.Errorf("wrapped: %w", e) },
				"again": func(c *qjswasm.Call) (any, error) {
					_ = c.Arg(1).String()
					return c.Arg(0).Call(c.Context(), nil, c.Arg(2))
				},
				"nested": func(f func(int) error, x any, n int) error { return f(n) },
			} {
				require.NoError(t, rt.Set(name, fn))
			}
			slow, err := rt.NewFunc("slow", func() { <-release }, qjswasm.Async())
			require.NoError(t, err)
			require.NoError(t, rt.Set("slow", slow))
			slow.Close()
			before := collect(t, rt)

			grown := peak(t, func() { _, err = rt.Eval(ctx, "(() => {"+code+"})()") })
			t.Logf("grew by %d KiB: %v", grown>>10, firstLine(err))
			require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
			// Half of it is for garbage that Go has not collected yet.
			assert.Less(t, grown, uint64(3*limit))
			requireUsable(t, rt)

			// The same, caught: an InternalError, and the script goes on.
			caught := evalTo[string](t, rt, "(() => { try { (() => {"+code+"})() } catch (e) { return e.name } })()")
			assert.Equal(t, "InternalError", caught)

			// Nothing leaks.
			for _, v := range kept {
				v.Close()
			}
			kept, result = nil, nil
			_ = result
			close(release)
			err = nil
			for range 2000 { // until the goroutines have returned
				_, err = rt.RunJobs(ctx)
				require.NoError(t, err)
				if after := rt.Stats(); after.HostBytes <= before.HostBytes {
					break
				}
				collect(t, rt)
			}
			after := collect(t, rt)
			assert.Equal(t, before.HostBytes, after.HostBytes)
			assert.Equal(t, before.Callables, after.Callables)
			assert.Equal(t, before.Roots, after.Roots)
			requireUsable(t, rt)
		})
	}
}

// dupFailed reports the last Value that could not be made.
func dupFailed(kept []*qjswasm.Value) error {
	_, err := kept[len(kept)-1].Get("x")
	if errors.Is(err, qjswasm.ErrReleased) {
		return fmt.Errorf("keeping it: %w", qjswasm.ErrMemoryLimit)
	}
	return nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(fmt.Sprint(err), "\n")
	return line[:min(len(line), 200)]
}

var _ = io.Discard
var _ context.Context
