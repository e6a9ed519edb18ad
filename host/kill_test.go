package host

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// A guest that was told to stop and does not is killed by its next poll, however
// deep in host and guest it is, and gives back what it held.
func TestKill(t *testing.T) {
	for _, nested := range []bool{false, true} {
		in := newInstance(t, InstanceConfig{})
		reason := errors.New("reason")
		ignore := &Callable{Call: func(*Invocation) uint32 {
			// What a built-in that leaves for nothing would look like.
			in.abort, in.abortedAt = reason, time.Now().Add(-time.Hour)
			return abi.StatusUndefined
		}}
		define(t, in, "ignore", ignore)
		define(t, in, "nest", &Callable{Call: func(inv *Invocation) uint32 {
			f, err := in.Enter(context.Background())
			require.NoError(t, err)
			code := "ignore(); for (;;);"
			f.Req.Buf = append(append(f.Req.Buf, code...), 0)
			_, err = f.Call(Eval, 0, uint64(len(code)), 0, abi.ModeValue)
			require.ErrorIs(t, err, ErrKilled)
			f.Exit()
			return inv.Throw(PlainError, err)
		}})
		code := "ignore(); try { for (;;); } catch {} finally { for (;;); }"
		if nested {
			code = "try { nest() } catch {} for (;;);"
		}
		f, err := in.Enter(ctx)
		require.NoError(t, err)
		f.Req.Buf = append(append(f.Req.Buf, code...), 0)
		_, err = f.Call(Eval, 0, uint64(len(code)), 0, abi.ModeValue)
		require.ErrorIs(t, err, ErrKilled)
		assert.ErrorIs(t, err, ErrDead)
		assert.ErrorIs(t, err, reason)
		f.Exit()
		assert.Zero(t, in.GuestBytes(), "its memory is given back at once")
		assert.Zero(t, in.Callables.Len())
		_, err = in.Enter(ctx)
		require.ErrorIs(t, err, ErrKilled)
		assert.NotPanics(t, func() { in.FuelUsed(); in.Refuel(1); in.Interrupt(reason) })
		require.NoError(t, in.Close())
	}
}

// A guest that is told to stop because there is no memory for a result has as long to
// stop as any other.
func TestResultWithoutMemoryDoesNotKill(t *testing.T) {
	in := newInstance(t, InstanceConfig{})
	f, err := in.Enter(ctx)
	require.NoError(t, err)
	defer f.Exit()
	f.inv.req.over = true
	assert.Equal(t, uint32(abi.StatusAbort), in.finish(&f.inv, abi.StatusOK))
	require.ErrorIs(t, in.abort, ErrMemoryLimit)
	assert.True(t, in.poll(), "it should stop")
	assert.NoError(t, in.Dead())
}

// Instances that were killed count as closed: the engine can go away.
func TestKilledInstanceIsReleased(t *testing.T) {
	e, err := NewEngine(ctx, EngineConfig{})
	require.NoError(t, err)
	in, err := e.NewInstance(ctx, InstanceConfig{MemoryLimit: MinMemory})
	require.NoError(t, err)
	f, err := in.Enter(ctx)
	require.NoError(t, err)
	_ = in.kill(ErrKilled)
	f.Exit()
	assert.Zero(t, e.instances)
	require.NoError(t, in.Close())
	assert.Zero(t, e.instances)
	require.NoError(t, e.Close(ctx))
}
