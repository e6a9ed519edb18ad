package qjswasm_test

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// moduleGraph is random modules that import each other, of which some are broken or missing.
type moduleGraph struct {
	imports [][]int
	bad     map[int]string // why a module cannot be loaded
	files   fstest.MapFS
}

func moduleName(i int) string { return fmt.Sprintf("m%d.mjs", i) }

func newModuleGraph(rnd *rand.Rand) *moduleGraph {
	n := 2 + rnd.Intn(7)
	g := &moduleGraph{imports: make([][]int, n), bad: map[int]string{}, files: fstest.MapFS{}}
	for i := range n {
		for range rnd.Intn(4) {
			g.imports[i] = append(g.imports[i], rnd.Intn(n))
		}
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
		fmt.Fprintf(&code, "import {x as x%d, self as s%d} from './%s'; ", k, k, moduleName(j))
	}
	fmt.Fprintf(&code, "export function self() { return %d } export let x = %d; ", i, i)
	code.WriteString("export const sum = () => x")
	for k := range g.imports[i] {
		fmt.Fprintf(&code, " + x%d + s%d()", k, k)
	}
	delete(g.files, moduleName(i))
	switch g.bad[i] {
	case "syntax":
		code.WriteString(" +;")
		fallthrough
	case "":
		g.files[moduleName(i)] = &fstest.MapFile{Data: []byte(code.String())}
	}
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

// A module can be imported if all that it leads to can be loaded, whatever failed before, and
// whatever the loader imports meanwhile.
func TestModuleGraphProperty(t *testing.T) {
	seed := *caseSeed
	if seed == 0 {
		seed = rand.Int63n(1 << 30)
	}
	for range 300 {
		rnd := rand.New(rand.NewSource(seed))
		g := newModuleGraph(rnd)
		var rt *qjswasm.Runtime
		depth, reenters := 0, rnd.Intn(2) == 0
		rt = newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(hookFS{g.files, func(string) {
			if reenters && depth < 3 && rnd.Intn(3) == 0 {
				depth++
				_, err := rt.Import(ctx, "./"+moduleName(rnd.Intn(len(g.imports))))
				assert.False(t, errors.Is(err, qjswasm.ErrDead), "seed %d: %v", seed, err)
				depth--
			}
		}})})
		for range 40 {
			i := rnd.Intn(len(g.imports))
			v, err := rt.Import(ctx, "./"+moduleName(i))
			loads := g.loads(i, map[int]bool{})
			// One that was loaded meanwhile, by the loader, may have been refused.
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
		}
		requireUsable(t, rt)
		require.NoError(t, rt.Close())
		seed++
	}
}
