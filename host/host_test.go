package host

import (
	"bufio"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
	"github.com/qjswasm/qjswasm/wasm"
)

var ctx = context.Background()

var testEngine = sync.OnceValues(func() (*Engine, error) { return NewEngine(ctx, EngineConfig{}) })

func newInstance(t testing.TB, cfg InstanceConfig) *Instance {
	t.Helper()
	e, err := testEngine()
	require.NoError(t, err)
	if cfg.MemoryLimit == 0 {
		cfg.MemoryLimit = 64 << 20
	}
	require.NoError(t, cfg.Check())
	in, err := e.NewInstance(ctx, cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, in.Close()) })
	return in
}

// run evaluates a script and returns the status and the result cell.
func run(t testing.TB, in *Instance, code string) (uint32, uint64) {
	t.Helper()
	f, err := in.Enter(ctx)
	require.NoError(t, err)
	defer f.Exit()
	f.Req.Reset(0)
	f.Req.Buf = append(append(f.Req.Buf, code...), 0)
	status, err := f.Call(Eval, 0, uint64(len(code)), 0, abi.ModeValue)
	require.NoError(t, err)
	cell, _ := f.Result()
	return status, cell
}

// define makes a global function of a callable.
func define(t testing.TB, in *Instance, name string, c *Callable) callables.Handle {
	t.Helper()
	f, err := in.Enter(ctx)
	require.NoError(t, err)
	defer f.Exit()
	h := in.Callables.Add(c)
	str := func(b []byte, s string) []byte {
		b = binary.LittleEndian.AppendUint32(append(b, abi.TapeUTF8), uint32(len(s)))
		return append(b, s...)
	}
	f.Req.Reset(3)
	f.Req.SetTape(1)
	f.Req.Buf = str(f.Req.Buf, name)
	f.Req.SetTape(2)
	f.Req.Buf = binary.LittleEndian.AppendUint64(append(f.Req.Buf, abi.TapeFunc), uint64(h))
	f.Req.Buf = append(f.Req.Buf, make([]byte, 8)...)
	f.Req.Buf = binary.LittleEndian.AppendUint32(str(f.Req.Buf, name), 0)
	status, err := f.Call(Property, abi.PropertyGlobalSet, abi.ModeValue)
	require.NoError(t, err)
	require.EqualValues(t, abi.StatusUndefined, status)
	return h
}

func list(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "wasm", name))
	require.NoError(t, err)
	defer file.Close()
	var names []string
	for s := bufio.NewScanner(file); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		if line = strings.TrimSpace(line); line != "" {
			names = append(names, line)
		}
	}
	slices.Sort(names)
	return names
}

// exports.txt and imports.txt are the module's interface, all of it.
func TestModuleInterface(t *testing.T) {
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	m, err := r.CompileModule(ctx, wasm.Module())
	require.NoError(t, err)
	exports := []string{"__stack_pointer", "qjs_dispatch", "qjs_ticks"} // globals, which wazero does not list
	for name := range m.ExportedFunctions() {
		exports = append(exports, name)
	}
	for name := range m.ExportedMemories() {
		exports = append(exports, name)
	}
	slices.Sort(exports)
	assert.Equal(t, list(t, "exports.txt"), exports)
	var imports []string
	for _, f := range m.ImportedFunctions() {
		module, name, _ := f.Import()
		imports = append(imports, module+"."+name)
	}
	slices.Sort(imports)
	assert.Equal(t, list(t, "imports.txt"), imports)
	for e, name := range exportNames {
		assert.Contains(t, exports, name, "Export %d", e)
	}
}

// Whatever handle a corrupted guest comes up with, it is an error or a function
// of its own; never a panic.
func TestForgedHandles(t *testing.T) {
	in := newInstance(t, InstanceConfig{})
	calls := 0
	real := define(t, in, "f", &Callable{Call: func(*Invocation) uint32 { calls++; return abi.StatusUndefined }})
	other := newInstance(t, InstanceConfig{})
	define(t, other, "g", &Callable{Call: func(*Invocation) uint32 { t.Error("another instance's function"); return 0 }})

	rng := rand.New(rand.NewPCG(1, 2))
	f, err := in.Enter(ctx)
	require.NoError(t, err)
	defer f.Exit()
	for i := range 100_000 {
		h := rng.Uint64()
		switch i % 4 {
		case 1:
			h = uint64(real)&^0xffffffff | uint64(rng.Uint32()%64) // a near index
		case 2:
			h = uint64(rng.Uint32()%64)<<32 | uint64(real)&0xffffffff // a near generation
		case 3:
			h = uint64(rng.Uint32()%4)<<32 | uint64(rng.Uint32()%4)
		}
		stack := []uint64{h, rng.Uint64(), uint64(rng.Uint32() % 8), uint64(rng.Uint32()), uint64(rng.Uint32())}
		if h == uint64(real) {
			stack[2] = 0
			continue
		}
		funcCall{}.Call(f, nil, stack)
		require.EqualValues(t, abi.StatusThrow, stack[0])
	}
	assert.Zero(t, calls)
	// A good handle with an argument vector out of bounds kills the instance.
	stack := []uint64{uint64(real), 0, 1 << 10, 1<<32 - 8, 0}
	funcCall{}.Call(f, nil, stack)
	require.EqualValues(t, abi.StatusAbort, stack[0])
	require.ErrorIs(t, in.Dead(), ErrCorrupt)
	assert.Zero(t, calls)
}

// A guest whose record was overwritten gets an error for the stale handle.
func TestOverwrittenRecord(t *testing.T) {
	in := newInstance(t, InstanceConfig{})
	h := define(t, in, "f", &Callable{Call: func(*Invocation) uint32 { return abi.StatusUndefined }})
	status, _ := run(t, in, "f()")
	require.EqualValues(t, abi.StatusUndefined, status)
	var needle [8]byte
	binary.LittleEndian.PutUint64(needle[:], uint64(h))
	m, err := in.Bytes(0, in.GuestBytes())
	require.NoError(t, err)
	found := false
	for at := 0; at+8 <= len(m); at += 8 {
		if [8]byte(m[at:at+8]) == needle {
			binary.LittleEndian.PutUint64(m[at:], uint64(h)+1<<32)
			found = true
		}
	}
	require.True(t, found)
	status, _ = run(t, in, "try { f() } catch (e) { String(e) }")
	require.EqualValues(t, abi.StatusOK, status)
	status, _ = run(t, in, "f()")
	require.EqualValues(t, abi.StatusThrow, status)
}

// Whatever is in guest memory, reading it ends in a value or in an error: the
// host neither panics nor reads out of bounds. The guest is not entered again: a
// corrupted one may loop without ever reaching a poll.
func TestCorruptedMemory(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	in := newInstance(t, InstanceConfig{})
	define(t, in, "f", &Callable{Call: func(*Invocation) uint32 { return abi.StatusUndefined }})
	run(t, in, "f('a', 'b' + 'c'.repeat(50), {}, 1n << 70n)")
	f := in.frame()
	inv := &f.inv
	for range 200 {
		m, err := in.Bytes(0, in.GuestBytes())
		require.NoError(t, err)
		for range 5000 {
			m[rng.IntN(len(m))] = byte(rng.Uint32())
		}
		for i := in.io; i < in.io+abi.IOSize; i++ {
			m[i] = byte(rng.Uint32())
		}
		for range 200 {
			p := rng.Uint32()
			if rng.IntN(2) == 0 {
				p %= in.GuestBytes() + 100
			}
			if units, _, err := in.String(p); err == nil {
				require.LessOrEqual(t, len(units), int(in.GuestBytes()))
			} else {
				require.ErrorIs(t, err, ErrCorrupt)
			}
			if limbs, err := in.BigInt(p); err == nil {
				require.NotEmpty(t, limbs)
			}
			_, _ = in.ObjectKind(p)
			_, _ = f.Result()
			_, _ = f.Tape()
			inv.reset(rng.Uint64(), rng.Uint32(), p, rng.Uint32())
			_, _, _ = inv.Arg(rng.Int()%10), inv.NewTarget(), inv.Captured(rng.Int()%10)
		}
	}
	require.ErrorIs(t, in.Dead(), ErrCorrupt)
	_, err := in.Enter(ctx)
	require.ErrorIs(t, err, ErrDead)
}

func TestRootNames(t *testing.T) {
	in := newInstance(t, InstanceConfig{})
	root := func() gc.Root {
		f, err := in.Enter(ctx)
		require.NoError(t, err)
		defer f.Exit()
		f.Req.Reset(0)
		f.Req.Buf = append(f.Req.Buf, "({})\x00"...)
		_, err = f.Call(Eval, 0, 4, 0, abi.ModeValue)
		require.NoError(t, err)
		cell, aux := f.Result()
		return gc.Root{Index: abi.Low(cell), Generation: uint32(aux)}
	}
	export := func(r gc.Root) uint32 {
		f, err := in.Enter(ctx)
		require.NoError(t, err)
		defer f.Exit()
		status, err := f.Call(PromiseResult, uint64(r.Index), uint64(r.Generation), abi.ModeValue)
		require.NoError(t, err)
		return status
	}
	// A failed call hands over its error as a root, which nobody takes here.
	errors := 0
	stale := func(r gc.Root) {
		require.EqualValues(t, abi.StatusThrow, export(r), "a released name is an error")
		errors++
	}
	seen := map[gc.Root]bool{}
	for range 1000 {
		r := root()
		require.False(t, seen[r], "a name is used once")
		seen[r] = true
		in.ReleaseRoot(r)
		in.ReleaseRoot(r)
		stale(r)
	}
	live := make([]gc.Root, 3000)
	for i := range live {
		live[i] = root()
		require.False(t, seen[live[i]])
		seen[live[i]] = true
	}
	assert.Equal(t, 3000+errors, in.RootCount())
	for _, r := range []gc.Root{{}, {Index: 1 << 31, Generation: 1}, {Index: live[5].Index, Generation: live[5].Generation + 1}, {Index: 1<<32 - 1, Generation: 1<<32 - 1}} {
		stale(r)
		in.ReleaseRoot(r)
	}
	assert.Equal(t, 3000+errors, in.RootCount())
	for _, r := range live {
		in.Releases.Push(r)
	}
	run(t, in, "1")
	assert.Equal(t, errors, in.RootCount())
	assert.False(t, seen[root()], "chunks that were freed do not use names again")
}

// An abort that an entry ended without noticing is not held against what comes
// later.
func TestAbortIsForgotten(t *testing.T) {
	in := newInstance(t, InstanceConfig{})
	status, cell := run(t, in, "Array.from({ length: 2e5 }, () => ({}))")
	require.EqualValues(t, abi.StatusOK, status)
	require.Equal(t, int32(abi.TagRoot), abi.Tag(cell))
	in.abort, in.abortedAt = ErrInterrupted, time.Now().Add(-time.Hour)
	in.Interrupt(ErrInterrupted) // of nothing that runs
	in.ReleaseRoot(gc.Root{Index: abi.Low(cell), Generation: 1})
	require.NoError(t, in.Dead())
	assert.Zero(t, in.RootCount())
}
