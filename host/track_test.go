package host

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/gc"
)

func TestClassOfFrames(t *testing.T) {
	for function, want := range map[string]frameClass{
		"github.com/qjswasm/qjswasm.(*Value).Get":                              frameOurs,
		"github.com/qjswasm/qjswasm.As[...]":                                   frameOurs,
		"github.com/qjswasm/qjswasm.As[go.shape.struct { x example.com/p.T }]": frameOurs,
		"github.com/qjswasm/qjswasm/bridge.(*Realm).Func.func1":                frameOurs,
		"github.com/qjswasm/qjswasm/internal/abi.Low":                          frameOurs,
		"github.com/qjswasm/qjswasm_test.TestX":                                frameTheirs,
		"github.com/qjswasm/qjswasm2.F":                                        frameTheirs,
		"github.com/qjswasm/qjswasm/cmd/qjswasm.run":                           frameTheirs,
		"github.com/qjswasm/qjswasm/examples/plugin.main":                      frameTheirs,
		"github.com/qjswasm/qjswasm/hosting.F":                                 frameTheirs,
		"example.com/github.com/qjswasm/qjswasm.F":                             frameTheirs,
		"main.main":                           frameTheirs,
		"main.(*T[github.com/qjswasm/x.Y]).F": frameTheirs,
		"testing.tRunner":                     frameTheirs,
		"gopkg.in/yaml%2ev3.Unmarshal":        frameTheirs,
		"":                                    frameTheirs,
		"runtime.goexit":                      frameHidden,
		"runtime/debug.Stack":                 frameTheirs,
		"reflect.Value.call":                  frameHidden,
		"github.com/tetratelabs/wazero.New":   frameHidden,
		"github.com/tetratelabs/wazero/x/y.(*E).f": frameHidden,
		"github.com/tetratelabs/wazerox.F":         frameTheirs,
	} {
		assert.Equal(t, want, classOf(function), function)
	}
}

// newTestTracker counts what it holds.
func newTestTracker() (*tracker, *int64) {
	held := new(int64)
	return newTracker(func(n int64) { *held += n }), held
}

func TestTrackerGivesBackWhatItTook(t *testing.T) {
	tr, held := newTestTracker()
	c := []*Callable{{}, {}}
	for i := range uint32(2) { // one place, one stack
		tr.root(gc.Root{Index: i, Generation: 1}, 7)
	}
	assert.Len(t, tr.stacks, 1)
	assert.EqualValues(t, 2*costTracked+costStack, *held)
	tr.callable(c[0], "a", 8)
	tr.callable(c[1], "b", 9)
	assert.Len(t, tr.stacks, 3)
	assert.Equal(t, "b", tr.callableOrigin(c[1]).Name)
	assert.EqualValues(t, 7, tr.rootOrigin(gc.Root{Index: 1, Generation: 1}).Entry)

	tr.forgetRoot(gc.Root{Index: 0, Generation: 2})
	assert.NotZero(t, tr.rootOrigin(gc.Root{Index: 0, Generation: 1}).Entry, "another root was released")
	assert.Zero(t, tr.rootOrigin(gc.Root{Index: 0, Generation: 2}))
	tr.forgetCallable(&Callable{})
	for range 2 {
		tr.forgetRoot(gc.Root{Index: 0, Generation: 1})
		tr.forgetRoot(gc.Root{Index: 1, Generation: 1})
		tr.forgetCallable(c[0])
		tr.forgetCallable(c[1])
	}
	assert.Zero(t, *held)
	assert.Empty(t, tr.roots)
	assert.Empty(t, tr.callables)
	assert.Empty(t, tr.stacks)
}

// A guest that was taken over may name a root twice.
func TestTrackerOfRepeatedRoots(t *testing.T) {
	tr, held := newTestTracker()
	for i := range uint32(1000) {
		tr.root(gc.Root{Index: 3, Generation: i + 1}, uint64(i))
	}
	assert.Len(t, tr.roots, 1)
	assert.EqualValues(t, costTracked+costStack, *held)
}

func TestStackOfDeepRecursion(t *testing.T) {
	tr, _ := newTestTracker()
	var s *Stack
	var deep func(n int)
	deep = func(n int) {
		if n == 0 {
			s = tr.stack()
			return
		}
		deep(n - 1)
	}
	for _, n := range []int{1, 255, 256, 257, 5000} {
		deep(n)
		// All of that is this package's: the program begins with the test's runner.
		require.Len(t, s.PCs, 1, n)
		f, _ := runtime.CallersFrames(s.PCs).Next()
		assert.Equal(t, "testing.tRunner", f.Function)
		f, _ = runtime.CallersFrames([]uintptr{s.By}).Next()
		assert.True(t, strings.HasSuffix(f.Function, "host.TestStackOfDeepRecursion"), f.Function)
	}
}
