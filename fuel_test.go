package qjswasm_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Programs whose work lies in different parts of the engine.
var fuelPrograms = map[string]string{
	"loop":     `let s = 0; for (let i = 0; i < 1e4; i++) s += i; s`,
	"calls":    `(function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) })(17)`,
	"strings":  `let t = ''; for (let i = 0; i < 300; i++) t = t.replaceAll('a', 'bb') + 'a' + i; t.length`,
	"sort":     `Array.from({length: 3000}, () => Math.random()).sort((a, b) => a - b)[7]`,
	"json":     `JSON.stringify(JSON.parse('[' + '{"a":[1,2,3],"b":"c"},'.repeat(500) + '0]')).length`,
	"regexp":   `'aaaaaaaaaaaaaaaaaaaaab'.repeat(50).match(/(a+)+b/g).length`,
	"bigint":   `String(3n ** 5000n).length`,
	"garbage":  `for (let i = 0; i < 5000; i++) { const a = {}; a.self = a } 1`,
	"memory":   `new Uint8Array(3e6).fill(7).slice().length`,
	"messages": `try { null.x } catch (e) { e.stack }`,
}

func fuelRuntime(t *testing.T, e *qjswasm.Engine, fuel uint64) *qjswasm.Runtime {
	t.Helper()
	seed := uint64(42)
	rt, err := e.NewRuntime(context.Background(), &qjswasm.Options{
		Fuel: fuel, Seed: &seed, MemoryLimit: 64 << 20,
		Now: func() time.Time { return time.Unix(1e9, 0) },
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, rt.Close()) })
	return rt
}

// The figure depends on the script alone: not on the machine's pace, nor on
// whether the guest is compiled or interpreted, nor on its budget.
func TestFuelIsDeterministic(t *testing.T) {
	ctx := context.Background()
	compiled, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(t, err)
	defer compiled.Close(ctx)
	interpreted, err := qjswasm.NewEngine(ctx, &qjswasm.EngineOptions{Interpreter: true})
	require.NoError(t, err)
	defer interpreted.Close(ctx)
	for name, code := range fuelPrograms {
		t.Run(name, func(t *testing.T) {
			used := func(e *qjswasm.Engine, fuel uint64) uint64 {
				rt := fuelRuntime(t, e, fuel)
				assert.Zero(t, rt.FuelUsed())
				v, err := rt.Eval(ctx, code)
				require.NoError(t, err)
				require.NotEqual(t, "undefined", v.String())
				return rt.FuelUsed()
			}
			want := used(compiled, 0)
			assert.Greater(t, want, uint64(100))
			assert.Equal(t, want, used(compiled, 0), "again")
			assert.Equal(t, want, used(compiled, want+1), "with just enough fuel")
			assert.Equal(t, want, used(interpreted, 0), "interpreted")
		})
	}
}

// Where a script stops is as reproducible as how much it uses.
func TestFuelStopsAtTheSamePlace(t *testing.T) {
	ctx := context.Background()
	for name, code := range map[string]string{
		"loop":    `globalThis.n = 0; for (;;) n++`,
		"callee":  `globalThis.n = 0; [1,2,3].forEach(function f() { for (;;) n++ })`,
		"builtin": `globalThis.n = 0; for (;;) { n++; 'x'.repeat(1000).indexOf('y') }`,
		"caught":  `globalThis.n = 0; for (;;) try { for (;;) n++ } catch { n = -1 } finally { n = -2 }`,
	} {
		t.Run(name, func(t *testing.T) {
			stop := func() (int64, uint64) {
				e, err := qjswasm.NewEngine(ctx, nil)
				require.NoError(t, err)
				defer e.Close(ctx)
				rt := fuelRuntime(t, e, 1_000_000)
				_, err = rt.Eval(ctx, code)
				require.ErrorIs(t, err, qjswasm.ErrFuel)
				assert.NotErrorIs(t, err, qjswasm.ErrInterrupted)
				_, err = rt.Eval(ctx, "n")
				require.ErrorIs(t, err, qjswasm.ErrFuel, "an empty tank")
				used := rt.FuelUsed()
				rt.Refuel(1000)
				n, err := qjswasm.Eval[int64](ctx, rt, "n")
				require.NoError(t, err)
				return n, used
			}
			n, used := stop()
			assert.Positive(t, n)
			assert.InDelta(t, 1_000_000, used, 20_000)
			for range 3 {
				again, usedAgain := stop()
				assert.Equal(t, n, again)
				assert.Equal(t, used, usedAgain)
			}
		})
	}
}

func TestFuelIsRefillable(t *testing.T) {
	ctx := context.Background()
	e, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(t, err)
	defer e.Close(ctx)
	rt := fuelRuntime(t, e, 100_000)
	const work = `for (let i = 0; i < 5000; i++); 1`
	runs := func() (n int) {
		for {
			if _, err := rt.Eval(ctx, work); err != nil {
				require.ErrorIs(t, err, qjswasm.ErrFuel)
				return n
			}
			n++
		}
	}
	first := runs()
	assert.Positive(t, first)
	rt.Refuel(100_000)
	assert.InDelta(t, first, runs(), 1)
	require.NoError(t, rt.GC(ctx), "what the host does for itself takes no fuel")
	assert.Positive(t, rt.Stats().GuestObjects)
	rt.Refuel(math.MaxUint64)
	rt.Refuel(math.MaxUint64)
	_, err = rt.Eval(ctx, work)
	assert.NoError(t, err)
}

// A running script is refuelled, and watched, from outside and from callbacks.
func TestFuelDuringARun(t *testing.T) {
	ctx := context.Background()
	e, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(t, err)
	defer e.Close(ctx)
	rt := fuelRuntime(t, e, 100_000)
	var seen []uint64
	require.NoError(t, rt.Set("more", func() {
		seen = append(seen, rt.FuelUsed())
		rt.Refuel(50_000)
	}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for rt.FuelUsed() < 400_000 {
			time.Sleep(time.Millisecond)
		}
	}()
	_, err = rt.Eval(ctx, `for (let k = 0; k < 20; k++) { for (let i = 0; i < 2000; i++); more() }`)
	require.NoError(t, err)
	<-done
	require.Len(t, seen, 20)
	for i := 1; i < len(seen); i++ {
		assert.InDelta(t, 32_000, seen[i]-seen[i-1], 2000, "2000 turns of two jumps each")
	}
}
