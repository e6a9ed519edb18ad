package qjswasm_test

import (
	"context"
	"math/big"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func (p *pr96) javascriptFeatures() {
	p.run("JavascriptFeatures/test_unicode_strings", func(t *testing.T, rt *qjswasm.Runtime) {
		identity := function96(t, rt, "identity", "function identity(x) { return x; }")
		for _, x := range []string{"äpple", "≤≥", "☺", "🙂", "a\x00b"} {
			assert.Equal(t, x, call96(t, identity, x))
			assert.Equal(t, x, eval96(t, rt, `(function () { return "`+x+`"; })()`))
		}
	})
	p.run("JavascriptFeatures/test_es2020_optional_chaining", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", "function f(x) { return x?.one?.two; }")
		assert.Nil(t, call96(t, f, map[string]any{}))
		assert.Nil(t, call96(t, f, map[string]any{"one": 12}))
		assert.Equal(t, int64(42), call96(t, f, map[string]any{"one": map[string]any{"two": 42}}))
	})
	p.run("JavascriptFeatures/test_es2020_null_coalescing", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", "function f(x) { return x ?? 42; }")
		assert.Equal(t, "", call96(t, f, ""))
		assert.Equal(t, int64(0), call96(t, f, 0))
		assert.Equal(t, int64(11), call96(t, f, 11))
		assert.Equal(t, int64(42), call96(t, f, nil))
		assert.Equal(t, int64(42), call96(t, f, qjswasm.Undefined))
	})
	p.run("JavascriptFeatures/test_symbol_conversion", func(t *testing.T, rt *qjswasm.Runtime) {
		a := value96(t, rt, "a = Symbol()")
		assert.True(t, a.IsSymbol())
		require.NoError(t, rt.Set("b", a))
		assert.Equal(t, true, eval96(t, rt, "a === b"))
	})
	p.run("JavascriptFeatures/test_large_python_integers_to_quickjs", func(t *testing.T, rt *qjswasm.Runtime) {
		// A big.Int is exact; who wants a number passes a float64.
		require.NoError(t, rt.Set("v", new(big.Int).Exp(big.NewInt(10), big.NewInt(25), nil)))
		assert.Equal(t, true, eval96(t, rt, "v === 10n ** 25n"))
		require.NoError(t, rt.Set("v", 1e25))
		assert.Equal(t, true, eval96(t, rt, "v === 1e25"))
	})
	p.run("JavascriptFeatures/test_bigint", func(t *testing.T, rt *qjswasm.Runtime) {
		x := new(big.Int).Exp(big.NewInt(10), big.NewInt(100), nil)
		for _, x := range []*big.Int{x, new(big.Int).Neg(x)} {
			got := eval96(t, rt, "BigInt('"+x.String()+"')")
			require.IsType(t, x, got)
			assert.Zero(t, x.Cmp(got.(*big.Int)))
		}
	})
}

// pool96 runs n calls on goroutines of their own and returns their results.
func pool96(n int, call func(i int) (float64, error)) ([]float64, []error) {
	sums, errs := make([]float64, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { sums[i], errs[i] = call(i) })
	}
	all.Wait()
	return sums, errs
}

func (p *pr96) threads() {
	data := make([]float64, 1000)
	want := 0.0
	for i := range data {
		data[i] = float64(i)
		want += float64(i)
	}
	type jsSum = func(context.Context, []float64) (float64, error)
	newSum := func(t *testing.T, rt *qjswasm.Runtime) jsSum {
		sum, err := qjswasm.As[jsSum](function96(t, rt, "sum", sum96))
		require.NoError(t, err)
		return sum
	}
	// The original runs everything on one thread of its own. A runtime here can
	// be used from any goroutine, but by one at a time: a mutex is the executor.
	p.run("Threads/test_concurrent", func(t *testing.T, rt *qjswasm.Runtime) {
		sum := newSum(t, rt)
		var mu sync.Mutex
		sums, errs := pool96(10, func(int) (float64, error) {
			mu.Lock()
			defer mu.Unlock()
			return sum(t.Context(), data)
		})
		for i := range sums {
			assert.NoError(t, errs[i])
			assert.Equal(t, want, sums[i])
		}
		// Without one it is an error, and nothing worse.
		sums, errs = pool96(10, func(int) (float64, error) { return sum(t.Context(), data) })
		for i := range sums {
			if errs[i] == nil {
				assert.Equal(t, want, sums[i])
			} else {
				assert.ErrorIs(t, errs[i], qjswasm.ErrConcurrentUse)
			}
		}
		got, err := sum(t.Context(), data)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
	p.run("Threads/test_concurrent_own_executor", func(t *testing.T, rt *qjswasm.Runtime) {
		functions := [2]jsSum{newSum(t, rt), newSum(t, newRuntime96(t, nil))}
		var executors [2]sync.Mutex
		sums, errs := pool96(20, func(i int) (float64, error) {
			executors[i%2].Lock()
			defer executors[i%2].Unlock()
			return functions[i%2](t.Context(), data)
		})
		for i := range sums {
			assert.NoError(t, errs[i])
			assert.Equal(t, want, sums[i])
		}
	})
}

// qjs96 has a runtime that was made in another frame, on another stack.
type qjs96 struct{ interp *qjswasm.Runtime }

func newQJS96(t *testing.T) *qjs96 {
	made := make(chan *qjs96)
	go func() {
		rt, err := qjswasm.New(t.Context(), nil)
		if assert.NoError(t, err) {
			_, err = rt.Eval(t.Context(), `var foo = "bar";`)
			assert.NoError(t, err)
		}
		made <- &qjs96{interp: rt}
	}()
	return <-made
}

func (p *pr96) contextInClass() {
	p.run("QuickJSContextInClass/test_github_issue_7", func(t *testing.T, _ *qjswasm.Runtime) {
		qjs := newQJS96(t)
		assert.Equal(t, int64(4), eval96(t, qjs.interp, "2+2"))
		assert.Equal(t, "bar", eval96(t, qjs.interp, "foo"))
		require.NoError(t, qjs.interp.Close())
	})
}
