package qjswasm_test

import (
	"context"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Bits of FuzzEval's mode.
const (
	evalGenerated  = 1 << iota // the input drives the grammar, else it is the source
	evalModule                 // the source is a module
	evalSmallStack             // the least stack there is
	evalBytecode               // through Compile
	evalNoJobs                 // jobs are left where they are
	evalSpliced                // the input edits a seed
	evalFrozen                 // the built-ins are frozen
	evalBare                   // some built-ins are missing
)

// FuzzEval runs scripts under small limits, with host functions in reach: what
// comes out are errors of known types, and a runtime that works or is dead for
// want of memory.
func FuzzEval(f *testing.F) {
	for _, s := range evalSeeds {
		f.Add(byte(0), []byte(s))
		f.Add(byte(evalModule), []byte(s))
		f.Add(byte(evalSmallStack|evalBytecode), []byte(s))
		f.Add(byte(evalFrozen), []byte(s))
		f.Add(byte(evalBare), []byte(s))
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 200 {
		input := make([]byte, 10+i)
		for j := range input {
			input[j] = byte(random.Uint32())
		}
		f.Add(byte(evalGenerated), input)
		f.Add(byte(evalSpliced), input[:min(len(input), 40)])
	}
	f.Fuzz(func(t *testing.T, mode byte, input []byte) {
		watch(t)
		source := qjswasm.Source{Code: string(input), Module: mode&evalModule != 0}
		switch {
		case mode&evalGenerated != 0:
			source.Code = program(input)
		case mode&evalSpliced != 0:
			source.Code = spliced(evalSeeds, input)
		}
		o := &qjswasm.Options{
			MemoryLimit: 8 << 20,
			Timeout:     50 * time.Millisecond,
			Seed:        new(uint64),
			Stdout:      io.Discard,
			Stderr:      io.Discard,
			ColorStdout: true,
			Modules: fuzzModules{
				"0.mjs": "export let a = 1; export default () => a++",
				"1.mjs": "import * as self from './1.mjs'; import f from './0.mjs'; await f(); export { self as default }",
				"2.mjs": "export * from './0.mjs'; throw new Error('2')",
			},
			OnUnhandledRejection: func(e *qjswasm.Error) { release(e) },
		}
		if mode&evalSmallStack != 0 {
			o.StackSize = qjswasm.MinStackSize
		}
		checksum := crc32.ChecksumIEEE(input)
		if mode&evalBare != 0 {
			o.Intrinsics = qjswasm.Intrinsics(checksum)&qjswasm.AllIntrinsics | qjswasm.IntrinsicCore
		}
		rt := newFuzzRuntime(t, o)
		p := &player{t: t, rt: rt}
		var probe *qjswasm.Value
		patiently(t, func() (err error) {
			probe, err = rt.NewFunc("probe", func(a, b float64) float64 { return a + b })
			return err
		})
		p.setHost()
		if mode&evalFrozen != 0 {
			patiently(t, func() error { return rt.Freeze(ctx) })
		}
		roots := rt.Stats().Roots

		if mode&evalBytecode != 0 {
			code, err := rt.Compile(ctx, source)
			p.check(err)
			source.Bytecode = code
		}
		v, err := rt.EvalSource(ctx, source)
		p.check(err)
		if err == nil {
			p.use(v)
		}
		if mode&evalNoJobs == 0 {
			_, err := rt.RunJobs(ctx)
			p.check(err)
		}
		p.releaseAll()
		requireStateIsRight(t, rt, probe, roots, checksum%16 == 0)
		require.NoError(t, rt.Close())
	})
}

// requireStateIsRight proves that rt works, or says why not.
func requireStateIsRight(t *testing.T, rt *qjswasm.Runtime, probe *qjswasm.Value, roots int, exact bool) {
	requireNoTrap(t, rt)
	if rt.Dead() != nil {
		_, err := rt.Eval(ctx, "1")
		require.ErrorIs(t, err, rt.Dead())
		return
	}
	for want, use := range map[int64]func() (*qjswasm.Value, error){
		2:  func() (*qjswasm.Value, error) { return rt.Eval(ctx, "1 + 1") },
		42: func() (*qjswasm.Value, error) { return probe.Call(ctx, nil, 40, 2) },
	} {
		patiently(t, func() error {
			v, err := use()
			if errors.Is(err, qjswasm.ErrMemoryLimit) { // the script may have left its memory full
				return nil
			}
			if err == nil {
				assert.Equal(t, want, v.Int64())
			}
			return err
		})
	}
	patiently(t, func() error { return rt.GC(ctx) })
	s := rt.Stats()
	assert.Equal(t, rt.GuestFunctions(), s.Callables)
	if !exact {
		return
	}
	// What nobody closed is released when Go collects it, what asynchronous
	// functions hold when their outcome is delivered.
	for deadline := time.Now().Add(10 * time.Second); s.Roots > roots && time.Now().Before(deadline); s = rt.Stats() {
		_, err := rt.RunJobs(ctx)
		requireTyped(t, err)
		if rt.Dead() != nil {
			return
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
		patiently(t, func() error { return rt.GC(ctx) })
	}
	assert.Equal(t, roots, s.Roots)
	assert.Zero(t, s.PendingReleases)
	runtime.KeepAlive(probe)
}

// player uses a runtime in as many ways as there are.
type player struct {
	t     *testing.T
	rt    *qjswasm.Runtime
	kept  []*qjswasm.Value
	calls int
}

// check demands a typed error and gives back what it holds.
func (p *player) check(err error) {
	p.t.Helper()
	requireTyped(p.t, err)
	release(err)
}

func (p *player) releaseAll() {
	for _, v := range p.kept {
		v.Close()
	}
	p.kept = nil
}

// setHost defines the host functions of the grammar.
func (p *player) setHost() {
	rt := p.rt
	var box, later *qjswasm.Value
	patiently(p.t, func() (err error) {
		box, err = rt.NewFunc("Box", func(c *qjswasm.Call) (any, error) {
			return nil, c.This().Set("inside", c.Arg(0))
		}, qjswasm.Constructor(), qjswasm.Captures("captured", map[string]int{"a": 1}))
		return err
	})
	patiently(p.t, func() (err error) {
		later, err = rt.NewFunc("later", func(ctx context.Context, f float64) (float64, error) { return f, ctx.Err() }, qjswasm.Async())
		return err
	})
	host := map[string]any{
		"echo": func(c *qjswasm.Call) (any, error) { return c.Arg(0).Export() },
		"fail": func(c *qjswasm.Call) error { return errHost },
		"call": func(c *qjswasm.Call) (any, error) {
			if p.calls++; p.calls > 100 {
				return nil, errHost
			}
			return c.Arg(0).Call(c.Context(), c.This(), c.Arg(1), c.Arg(2))
		},
		"eval": func(ctx context.Context, code string) (*qjswasm.Value, error) { return rt.Eval(ctx, code) },
		"keep": func(c *qjswasm.Call) (any, error) {
			if len(p.kept) < 100 {
				p.kept = append(p.kept, c.Arg(0).Dup())
			}
			return len(p.kept), nil
		},
		"sum":   func(a, b float64) float64 { return a + b },
		"bytes": func(b []byte) []byte { return b },
		"text":  func(s string) (string, error) { return s + s, nil },
		"gc":    func(c *qjswasm.Call) error { return rt.GC(c.Context()) },
		"json":  func(c *qjswasm.Call) (any, error) { b, err := c.Arg(0).MarshalJSON(); return b, err },
		"record": func(r struct {
			A int
			B []any
			C map[string]*qjswasm.Value
		}) any {
			return r
		},
		"Box": box, "later": later,
	}
	patiently(p.t, func() error { return rt.Set("host", host) })
	box.Close()
	later.Close()
}

// use does with a value what Go programs do.
func (p *player) use(v *qjswasm.Value) {
	defer v.Close()
	_, err := v.Export()
	p.check(err)
	for _, to := range []any{new(string), new(int64), new([]any), new(map[string]any), new(json.RawMessage), new(qjswasm.Object), new(struct{ A, B, Length any })} {
		p.check(v.ExportTo(to))
	}
	_, err = v.MarshalJSON()
	p.check(err)
	_, err = v.Text(ctx)
	p.check(err)
	_, err = v.Keys()
	p.check(err)
	_, err = v.Len()
	p.check(err)
	_ = v.String()
	_ = v.BigInt()
	_ = v.UTF16()
	for _, call := range []func() (*qjswasm.Value, error){
		func() (*qjswasm.Value, error) { return v.Call(ctx, v, 1, "two", []any{3}) },
		func() (*qjswasm.Value, error) { return v.New(ctx, v) },
		func() (*qjswasm.Value, error) { return v.Get("a") },
		func() (*qjswasm.Value, error) { return p.rt.Await(ctx, v) },
	} {
		r, err := call()
		p.check(err)
		if err == nil && r != v {
			r.Close()
		}
	}
	p.check(v.Set("a", v))
	_, err = v.Delete("a")
	p.check(err)
}
