package qjswasm_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// garbage returns a function whose result is ready at once, and takes some ten
// milliseconds more to free what was behind it. That is where its deadline passes:
// too late for the script to notice.
func garbage(t *testing.T, rt *qjswasm.Runtime, times int) func() error {
	t.Helper()
	require.NoError(t, rt.Set("times", times))
	f, err := qjswasm.As[func(context.Context) (map[string]any, error)](eval(t, rt, `
		const pool = Array.from({length: times}, () => Array.from({length: 100_000}, () => ({})));
		() => Object.defineProperty({n: 1}, 'hidden', {value: pool.pop()})`))
	require.NoError(t, err)
	return func() error {
		ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		_, err := f(ctx)
		return err
	}
}

// An interruption ends the entry that it is meant for, and not the script that
// this entry was made from.
func TestLateAbortIsNotTheCallers(t *testing.T) {
	const times = 5
	rt := newRuntime(t, &qjswasm.Options{KillGrace: time.Minute})
	inner := garbage(t, rt, times)
	require.NoError(t, rt.Set("inner", func() { _ = inner() }))
	for range times {
		assert.Equal(t, int64(499_500), evalTo[int64](t, rt, `
			{ inner(); let s = 0; for (let i = 0; i < 1000; i++) s += i; s }`))
	}
}

// Nor does it end the next entry, whatever that does.
func TestLateAbortIsOver(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{KillGrace: time.Minute})
	late := garbage(t, rt, 5)
	for _, next := range []func() error{
		func() error { return rt.Freeze(ctx) },
		func() error { return rt.GC(ctx) },
		func() error { return rt.Set("x", []any{1, "two"}) },
		func() error { _, err := rt.Compile(ctx, qjswasm.Source{Code: "1 + 1"}); return err },
		func() error { _, err := rt.RunJobs(ctx); return err },
	} {
		_ = late()
		assert.NoError(t, next())
	}
}
