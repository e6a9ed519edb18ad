package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// moduleGraph is random modules that import each other, of which some are broken or missing,
// and some in bytecode.
type moduleGraph struct {
	compiler *qjswasm.Runtime
	imports  [][]int
	bad      map[int]string // why a module cannot be loaded
	binary   map[int]bool
	files    map[string]qjswasm.Source
	loading  func()
}

func moduleName(i int) string { return fmt.Sprintf("m%d", i) }

func newModuleGraph(compiler *qjswasm.Runtime, rnd *rand.Rand) *moduleGraph {
	n := 2 + rnd.Intn(7)
	g := &moduleGraph{compiler: compiler, imports: make([][]int, n), bad: map[int]string{}, binary: map[int]bool{}, files: map[string]qjswasm.Source{}}
	for i := range n {
		for range rnd.Intn(4) {
			g.imports[i] = append(g.imports[i], rnd.Intn(n))
		}
		g.binary[i] = rnd.Intn(3) == 0
		if rnd.Intn(5) == 0 {
			g.bad[i] = []string{"missing", "syntax"}[rnd.Intn(2)]
		}
		g.write(i)
	}
	return g
}

func (g *moduleGraph) write(i int) {
	var code strings.Builder
	for k, j := range g.imports[i] {
		fmt.Fprintf(&code, "import {x as x%d, self as s%d} from '%s'; ", k, k, moduleName(j))
	}
	fmt.Fprintf(&code, "export function self() { return %d } export let x = %d; ", i, i)
	code.WriteString("export const sum = () => x")
	for k := range g.imports[i] {
		fmt.Fprintf(&code, " + x%d + s%d()", k, k)
	}
	source := qjswasm.Source{Name: moduleName(i), Code: code.String(), Module: true}
	delete(g.files, source.Name)
	switch {
	case g.bad[i] == "missing":
		return
	case g.bad[i] == "syntax":
		source.Code += " +;"
	case g.binary[i]:
		source = qjswasm.Source{Bytecode: must(g.compiler.Compile(ctx, source))}
	}
	g.files[moduleName(i)] = source
}

func (g *moduleGraph) Resolve(_ context.Context, _, specifier string) (string, error) {
	return specifier, nil
}

func (g *moduleGraph) Load(_ context.Context, name string) (qjswasm.Source, error) {
	g.loading()
	if s, ok := g.files[name]; ok {
		return s, nil
	}
	return qjswasm.Source{}, errors.New("there is no " + name)
}

// loads tells whether all that a module leads to can be loaded.
func (g *moduleGraph) loads(i int, seen map[int]bool) bool {
	if seen[i] {
		return true
	}
	seen[i] = true
	if g.bad[i] != "" {
		return false
	}
	for _, j := range g.imports[i] {
		if !g.loads(j, seen) {
			return false
		}
	}
	return true
}

func (g *moduleGraph) sum(i int) (sum int64) {
	sum = int64(i)
	for _, j := range g.imports[i] {
		sum += 2 * int64(j)
	}
	return sum
}

// intact has a script keep texts, and tells later whether they are what they were.
const intact = `(() => {
	const text = n => 'U'.repeat(n)
	const all = Array.from({length: 400}, (_, i) => text(20 + i % 200))
	return () => all.every((s, i) => s === text(20 + i % 200))
})()`

// A module can be imported if all that it leads to can be loaded, whatever failed before, and
// whatever the loader imports meanwhile.
func TestModuleGraphProperty(t *testing.T) {
	compiler := newRuntime(t, &qjswasm.Options{Modules: loaderFunc(func(string) (qjswasm.Source, error) {
		return qjswasm.Source{Code: "export let x, self", Module: true}, nil
	})})
	n := 0
	for seed := range seeds(t) {
		if n++; n > 60 { // they take their time
			break
		}
		rnd := rand.New(rand.NewSource(seed))
		g := newModuleGraph(compiler, rnd)
		rt := newRuntime(t, &qjswasm.Options{Modules: g})
		depth, reenters := 0, rnd.Intn(2) == 0
		g.loading = func() {
			if reenters && depth < 3 && rnd.Intn(3) == 0 {
				depth++
				_, err := rt.Import(ctx, moduleName(rnd.Intn(len(g.imports))))
				assert.False(t, errors.Is(err, qjswasm.ErrDead), "seed %d: %v", seed, err)
				depth--
			}
		}
		var kept []*qjswasm.Value
		for range 40 {
			i := rnd.Intn(len(g.imports))
			v, err := rt.Import(ctx, moduleName(i))
			loads := g.loads(i, map[int]bool{})
			// One that the loader has asked for meanwhile may have been refused.
			if refused := reenters && err != nil && strings.Contains(err.Error(), "is being loaded"); !refused {
				require.Equal(t, loads, err == nil, "seed %d: %d: %v", seed, i, err)
			}
			if err == nil {
				require.Equal(t, g.sum(i), must(must(v.Get("sum")).Call(ctx, nil)).Int64(), "seed %d: %d", seed, i)
			}
			for j := range g.bad {
				if rnd.Intn(30) == 0 {
					delete(g.bad, j)
					g.write(j)
				}
			}
			if rnd.Intn(4) == 0 { // have the unnamed be looked for
				kept = append(kept, eval(t, rt, intact))
				_, err := rt.EvalSource(ctx, qjswasm.Source{Code: "export let x", Module: true})
				require.NoError(t, err)
				require.NoError(t, rt.GC(ctx))
			}
		}
		for _, f := range kept {
			require.True(t, must(f.Call(ctx, nil)).Bool(), "seed %d", seed)
		}
		require.NoError(t, rt.Close())
	}
}

// What fails to load leaves nothing behind.
func TestModulesThatFailLeaveNothing(t *testing.T) {
	code := map[string]string{}
	rt := newRuntime(t, &qjswasm.Options{Modules: loaderFunc(func(name string) (qjswasm.Source, error) {
		kind, _, _ := strings.Cut(name, "-")
		s, ok := code[kind]
		if !ok {
			return qjswasm.Source{}, errors.New("there is no " + name)
		}
		return qjswasm.Source{Code: s, Module: true}, nil
	})})
	fail := func(from, to int) {
		for i := from; i < to; i++ {
			code["a"], code["b"] = fmt.Sprintf("import 'b-%d'; import 'missing'", i), fmt.Sprintf("import 'a-%d'", i)
			_, err := rt.Import(ctx, fmt.Sprintf("a-%d", i))
			require.ErrorContains(t, err, "there is no missing")
			_, err = rt.EvalSource(ctx, qjswasm.Source{Name: fmt.Sprintf("e-%d", i), Code: code["a"], Module: true})
			require.ErrorContains(t, err, "there is no missing")
		}
	}
	fail(0, 100)
	before := collect(t, rt)
	fail(100, 1100)
	after := collect(t, rt)
	assert.InDelta(t, before.GuestBytes, after.GuestBytes, 10_000)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
}

// loaderFunc loads modules by the names that they are imported by.
type loaderFunc func(name string) (qjswasm.Source, error)

func (loaderFunc) Resolve(_ context.Context, _, specifier string) (string, error) {
	return specifier, nil
}

func (f loaderFunc) Load(_ context.Context, name string) (qjswasm.Source, error) { return f(name) }
