package host

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/internal/abi"
)

func evalIn(t *testing.T, in *Instance, code string) (uint32, error) {
	t.Helper()
	f, err := in.Enter(context.Background())
	require.NoError(t, err)
	defer f.Exit()
	f.Req.Buf = append(append(f.Req.Buf, code...), 0)
	return f.Call(Eval, 0, uint64(len(code)), 0, abi.ModeValue)
}

// Deep recursion takes a native stack per segment, and leaves few behind.
func TestSegments(t *testing.T) {
	compiled(t) // an interpreter needs no native stack
	in := newInstance(t, InstanceConfig{})
	var most int
	define(t, in, "bottom", &Callable{Call: func(inv *Invocation) uint32 {
		most = in.segments.used
		return inv.Return(abi.BoxInt(7))
	}})
	for _, depth := range []string{"10", "400", "2000", "10"} {
		status, err := evalIn(t, in, "(function f(n) { return n ? f(n - 1) : bottom() })("+depth+")")
		require.NoError(t, err)
		assert.EqualValues(t, abi.StatusOK, status)
		assert.Zero(t, in.segments.used)
		assert.LessOrEqual(t, len(in.segments.functions), keptSegments)
		assert.False(t, in.stackIsDeep())
		switch depth {
		case "10":
			assert.Zero(t, most)
		case "400":
			assert.GreaterOrEqual(t, most, 2)
		case "2000":
			assert.Greater(t, most, 10)
		}
	}
}

// A guest that asks for more segments than its stack has, or calls what it has not,
// is dead.
func TestSegmentsOfABrokenGuest(t *testing.T) {
	for name, call := range map[string]func(f *Frame){
		"too many":         func(f *Frame) { f.in.segments.used = abi.StackSize / abi.StackSegment },
		"no such function": func(*Frame) {},
	} {
		t.Run(name, func(t *testing.T) {
			in := newInstance(t, InstanceConfig{})
			f, err := in.Enter(context.Background())
			require.NoError(t, err)
			defer f.Exit()
			call(f)
			assert.Panics(t, func() { segmentCallTrampoline(f, nil, []uint64{1 << 20, 0}) })
			assert.ErrorIs(t, in.Dead(), ErrDead)
		})
	}
}
