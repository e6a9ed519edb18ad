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

// tracking makes a runtime whose Close may complain.
func tracking(t testing.TB) *qjswasm.Runtime {
	t.Helper()
	rt, err := qjswasm.New(ctx, &qjswasm.Options{TrackAllocations: true})
	require.NoError(t, err)
	t.Cleanup(func() { rt.Close() })
	return rt
}

func leaksOf(t testing.TB, rt *qjswasm.Runtime) qjswasm.Leaks {
	t.Helper()
	leaks, err := rt.Leaks()
	require.NoError(t, err)
	return leaks
}

// site is how a leak was made, for people: by what, and in which functions here.
func site(l qjswasm.Leak) string {
	var here []string
	for _, f := range l.Stack {
		if _, name, ok := strings.Cut(f.Function, "qjswasm_test."); ok {
			here = append(here, name)
		}
	}
	return l.By + " in " + strings.Join(here, " < ")
}

type leakyAccount struct{ Name string }

func makeValue(rt *qjswasm.Runtime) *qjswasm.Value {
	v, _ := rt.Eval(ctx, "({ f() {}, list: [1], deep: [[[[[Symbol()]]]]] })")
	return v
}

func export(v *qjswasm.Value) any {
	x, _ := v.Export()
	return x
}

func asFunc(v *qjswasm.Value) func() error {
	f, _ := qjswasm.As[func() error](v)
	return f
}

func makeFunc(rt *qjswasm.Runtime) *qjswasm.Value {
	f, _ := rt.NewFunc("made", func() {})
	return f
}

func setFunc(rt *qjswasm.Runtime) { _ = rt.Set("given", func() {}) }

func setLive(rt *qjswasm.Runtime) { _ = rt.Set("live", qjswasm.Live(&leakyAccount{})) }

func setError(rt *qjswasm.Runtime) { _ = rt.Set("failure", errors.New("no such file")) }

func throw(rt *qjswasm.Runtime) error {
	_, err := rt.Eval(ctx, "throw new RangeError('r')")
	return err
}

func TestLeaksSayWhereTheyWereMade(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(rt *qjswasm.Runtime) any // what must stay reachable
		want []string                      // description at site
	}{
		{"Eval", func(rt *qjswasm.Runtime) any { return makeValue(rt) },
			[]string{"1 Value (Object) | Runtime.Eval in makeValue < "}},
		{"Get", func(rt *qjswasm.Runtime) any { f, _ := makeValue(rt).Get("f"); return f },
			[]string{`1 Value (Function) "f" | Value.Get in `}},
		{"Export", func(rt *qjswasm.Runtime) any { return export(makeValue(rt)) },
			[]string{`1 Value (Function) "f" | Value.Export in export < `, `1 Value (symbol) "Symbol()" | Value.Export in export < `}},
		{"As", func(rt *qjswasm.Runtime) any { return asFunc(eval(t, rt, "() => {}")) },
			[]string{`1 Value (Function) "(anonymous)" | As in asFunc < `}},
		{"NewFunc", func(rt *qjswasm.Runtime) any { return makeFunc(rt) },
			[]string{`1 Value (Function) "made" | Runtime.NewFunc in makeFunc < `, `1 Go function "made", held by Values alone | Runtime.NewFunc in makeFunc < `}},
		{"Set", func(rt *qjswasm.Runtime) any { setFunc(rt); return nil },
			[]string{`1 Go function "given" | Runtime.Set in setFunc < `}},
		{"live object", func(rt *qjswasm.Runtime) any { setLive(rt); return nil },
			[]string{`1 live object "*qjswasm_test.leakyAccount" | Runtime.Set in setLive < `}},
		{"error", func(rt *qjswasm.Runtime) any { setError(rt); return nil },
			[]string{`1 Go error "no such file" | Runtime.Set in setError < `}},
		{"exception", func(rt *qjswasm.Runtime) any { return throw(rt) },
			[]string{`1 Value (Error, owned by Error) "RangeError: r" | Runtime.Eval in throw < `}},
		{"asynchronous call", func(rt *qjswasm.Runtime) any {
			f, _ := rt.NewFunc("f", func(ctx context.Context) { <-ctx.Done() }, qjswasm.Async())
			callIt(f)
			f.Close()
			return nil
		}, []string{"1 Value (Array, owned by Async) | Value.Call in callIt < "}},
		{"callback", func(rt *qjswasm.Runtime) any {
			var kept *qjswasm.Value
			f, _ := rt.NewFunc("f", func(c *qjswasm.Call) error { kept = keepArgument(c); return nil })
			callIt(f)
			f.Close()
			return kept
		}, []string{"1 Value (Array) | Value.Dup in keepArgument < "}},
		{"typed callback", func(rt *qjswasm.Runtime) any {
			var kept any
			f, _ := rt.NewFunc("f", func(v any) { kept = makeValue(rt) })
			callIt(f)
			f.Close()
			return kept
		}, []string{"1 Value (Object) | Runtime.Eval in makeValue < "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rt := tracking(t)
			kept := test.make(rt)
			require.NoError(t, rt.GC(ctx))
			leaks := leaksOf(t, rt)
			var got []string
			for _, l := range leaks {
				what, _, _ := strings.Cut(l.String(), ", made in entry")
				got = append(got, what+" | "+site(l))
				assert.NotZero(t, l.Entry)
				assert.LessOrEqual(t, l.Entry, rt.Stats().Entries)
				for _, f := range l.Stack {
					assert.NotRegexp(t, `^(runtime|reflect)\.|wazero|qjswasm/qjswasm[./(]`, f.Function)
				}
			}
			runtime.KeepAlive(kept)
			require.Len(t, got, len(test.want), "%v", leaks)
			for i, want := range test.want {
				assert.Contains(t, got[i], want)
				assert.Contains(t, got[i], "TestLeaksSayWhereTheyWereMade.func")
			}
		})
	}
}

func keepArgument(c *qjswasm.Call) *qjswasm.Value { return c.Arg(0).Dup() }

// callIt is on the stack of what the function makes, below that.
func callIt(f *qjswasm.Value) { f.Call(ctx, nil, []int{1}) }

func TestLeakInCallbackHasBothStacks(t *testing.T) {
	rt := tracking(t)
	var kept *qjswasm.Value
	f, err := rt.NewFunc("f", func(c *qjswasm.Call) error { kept = keepArgument(c); return nil })
	require.NoError(t, err)
	callIt(f)
	leaks := leaksOf(t, rt)
	require.Len(t, leaks, 3)
	assert.Regexp(t, `^Value\.Dup in keepArgument < TestLeakIn\w+\.func1 < callIt < TestLeakIn\w+$`, site(leaks[2]))
	runtime.KeepAlive(kept)
}

// A value inside a value is as deep in this library as that is.
func TestLeakDeepInAValue(t *testing.T) {
	rt := tracking(t)
	depth := 500
	x := export(eval(t, rt, fmt.Sprintf("let x = Symbol(); for (let i = 0; i < %d; i++) x = [x]; x", depth)))
	require.NoError(t, rt.GC(ctx))
	leaks := leaksOf(t, rt)
	require.Len(t, leaks, 1)
	assert.Equal(t, "Value.Export in export < TestLeakDeepInAValue", site(leaks[0]))
	runtime.KeepAlive(x)
}

func TestNoLeaksOnceAllIsDropped(t *testing.T) {
	rt := tracking(t)
	before := rt.Stats().HostBytes
	require.Empty(t, leaksOf(t, rt), "a new runtime")
	func() {
		kept := []any{makeValue(rt), export(makeValue(rt)), asFunc(eval(t, rt, "() => {}")), makeFunc(rt), throw(rt)}
		setFunc(rt)
		setLive(rt)
		setError(rt)
		evalTo[any](t, rt, "live.name = 'x'")
		assert.Len(t, leaksOf(t, rt), 12)
		assert.Greater(t, rt.Stats().HostBytes, before+12*100)
		runtime.KeepAlive(kept)
	}()
	evalTo[any](t, rt, "given = live = failure = undefined")
	require.NoError(t, rt.GC(ctx))
	assert.Empty(t, leaksOf(t, rt))
	methods := int64(rt.Stats().Callables)
	assert.LessOrEqual(t, rt.Stats().HostBytes, before+methods*2000, "what tracking takes is given back")
	require.NoError(t, rt.Close())
}

// Tracking must not keep the two halves of a cycle together.
func TestCyclesAreCollectedWhileTracking(t *testing.T) {
	rt := tracking(t)
	func() {
		for range 100 {
			var self *qjswasm.Value
			self, _ = rt.NewFunc("f", func(c *qjswasm.Call) (any, error) { return self, nil })
		}
	}()
	leaks := leaksOf(t, rt)
	require.Len(t, leaks, 200)
	groups := leaks.Groups()
	require.Len(t, groups, 2, "%v", groups)
	assert.Len(t, groups[0], 100)
	assert.Len(t, groups[1], 100)
	require.NoError(t, rt.GC(ctx))
	assert.Empty(t, leaksOf(t, rt))
	assert.Zero(t, rt.Stats().Callables)
	assert.Zero(t, rt.Stats().HostBytes)
}

func TestLeaksTellWhatIsDemoted(t *testing.T) {
	rt := tracking(t)
	f := makeFunc(rt)
	setFunc(rt)
	require.NoError(t, rt.GC(ctx))
	leaks := leaksOf(t, rt)
	require.Len(t, leaks, 3)
	demoted := map[string]bool{}
	for _, l := range leaks {
		demoted[l.Name] = demoted[l.Name] || l.Demoted
	}
	assert.Equal(t, map[string]bool{"made": true, "given": false}, demoted)
	assert.Contains(t, leaks.String(), `Go function "made", held by Values alone, made in entry `)

	require.NoError(t, rt.Set("promoted", f))
	require.False(t, leaksOf(t, rt)[1].Demoted)
}

func TestLeaksWithoutTracking(t *testing.T) {
	rt := newRuntime(t, nil)
	v := makeValue(rt)
	setFunc(rt)
	setLive(rt)
	setError(rt)
	require.NoError(t, rt.GC(ctx))
	leaks := leaksOf(t, rt)
	assert.Equal(t, qjswasm.Leaks{
		{Kind: qjswasm.KindObject},
		{Callable: true, Kind: qjswasm.KindFunction},
		{Callable: true, Kind: qjswasm.KindLive, Name: "*qjswasm_test.leakyAccount"},
		{Callable: true, Kind: qjswasm.KindError, Name: "no such file"},
	}, leaks)
	assert.Equal(t, "1 Value (Object)\n\n1 Go function\n\n1 live object \"*qjswasm_test.leakyAccount\"\n\n1 Go error \"no such file\"", leaks.String())
	runtime.KeepAlive(v)
	require.NoError(t, rt.Close(), "nobody asked")
	_, err := rt.Leaks()
	assert.ErrorIs(t, err, qjswasm.ErrClosed)
}

func TestClosedValueIsNoLeak(t *testing.T) {
	rt := tracking(t)
	kept := eval(t, rt, "[]")
	f, err := rt.NewFunc("f", func(c *qjswasm.Call) error {
		kept.Close()
		leaks, err := rt.Leaks()
		assert.Len(t, leaks, 2, "the function and its Value")
		return err
	})
	require.NoError(t, err)
	_, err = f.Call(ctx, nil)
	require.NoError(t, err)
	f.Close()
	require.NoError(t, rt.Close())
	runtime.KeepAlive(kept)
	runtime.KeepAlive(f)
}

// An error that cannot be told apart from another costs no more than its name.
func TestLongErrorIsCutInLeaks(t *testing.T) {
	rt := tracking(t)
	require.NoError(t, rt.Set("e", errors.New(strings.Repeat("ü", 1000))))
	leaks := leaksOf(t, rt)
	require.Len(t, leaks, 1)
	assert.Equal(t, strings.Repeat("ü", 128)+"…", leaks[0].Name)
}
