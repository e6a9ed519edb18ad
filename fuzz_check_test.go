package qjswasm_test

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// fuzzEngine is what all inputs share: the guest is compiled once.
var fuzzEngine = sync.OnceValues(func() (*qjswasm.Engine, error) { return qjswasm.NewEngine(ctx, nil) })

func newFuzzRuntime(t testing.TB, o *qjswasm.Options) *qjswasm.Runtime {
	t.Helper()
	e, err := fuzzEngine()
	require.NoError(t, err)
	rt, err := e.NewRuntime(ctx, o)
	require.NoError(t, err)
	return rt
}

// typed are the errors that a caller can tell apart, besides those with a type.
var typed = []error{
	qjswasm.ErrInterrupted, qjswasm.ErrMemoryLimit, qjswasm.ErrStackOverflow, qjswasm.ErrReleased,
	qjswasm.ErrUnsettled, qjswasm.ErrDead, fs.ErrNotExist, errHost,
}

// errHost is what host functions of fuzz targets fail with.
var errHost = errors.New("the host function failed")

// requireTyped fails for an error of no type, and for one that a bug in Go
// became on its way through wazero.
func requireTyped(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var js *qjswasm.Error
	var unfit *qjswasm.ConvertError
	known := errors.As(err, &js) || errors.As(err, &unfit)
	for _, e := range typed {
		known = known || errors.Is(err, e)
	}
	require.True(t, known, "no type: %T %v", err, err)
	require.NotContains(t, err.Error(), "recovered by wazero", "a panic in Go")
}

// patiently does what must succeed, again if a busy machine let the short timeout
// pass before it could.
func patiently(t testing.TB, f func() error) {
	t.Helper()
	var err error
	for range 100 {
		if err = f(); !errors.Is(err, qjswasm.ErrInterrupted) {
			break
		}
	}
	require.NoError(t, err)
}

// requireNoTrap fails for a runtime that died otherwise than by a limit.
func requireNoTrap(t testing.TB, rt *qjswasm.Runtime) {
	t.Helper()
	if err := rt.Dead(); err != nil {
		require.ErrorIs(t, err, qjswasm.ErrDead)
		require.True(t, errors.Is(err, qjswasm.ErrKilled) || errors.Is(err, qjswasm.ErrMemoryLimit), err)
	}
}

// requireOthersWork proves that what happened stayed in its own guest.
func requireOthersWork(t testing.TB) {
	t.Helper()
	other := newFuzzRuntime(t, &qjswasm.Options{MemoryLimit: 8 << 20})
	requireUsable(t, other)
	require.NoError(t, other.Close())
}

// requireHeapBelow fails if f makes Go allocate more than so many bytes. Guest
// memory is not on Go's heap.
func requireHeapBelow(t testing.TB, limit uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, limit, "bytes allocated")
}

// watch ends the process, with all stacks, if the test does not end in time: a
// hang is a finding.
func watch(t testing.TB) {
	debug.SetTraceback("all")
	timer := time.AfterFunc(20*time.Second, func() { panic("fuzz: the host hangs") })
	t.Cleanup(func() { timer.Stop() })
}

// release gives back what an error holds.
func release(err error) {
	for w := range errorTree(err) {
		if js, ok := w.(*qjswasm.Error); ok && js.Value() != nil {
			js.Value().Close()
		}
	}
}

func errorTree(err error) func(func(error) bool) {
	return func(yield func(error) bool) {
		todo := []error{err}
		for len(todo) > 0 {
			err, todo = todo[0], todo[1:]
			if err == nil || !yield(err) {
				continue
			}
			switch x := err.(type) {
			case interface{ Unwrap() error }:
				todo = append(todo, x.Unwrap())
			case interface{ Unwrap() []error }:
				todo = append(todo, x.Unwrap()...)
			}
		}
	}
}

// fuzzModules are what programs can import.
type fuzzModules map[string]string

func (m fuzzModules) Resolve(_ context.Context, _, specifier string) (string, error) {
	return strings.TrimPrefix(specifier, "./"), nil
}

func (m fuzzModules) Load(_ context.Context, name string) (qjswasm.Source, error) {
	code, ok := m[name]
	if !ok {
		return qjswasm.Source{}, fs.ErrNotExist
	}
	return qjswasm.Source{Code: code}, nil
}
