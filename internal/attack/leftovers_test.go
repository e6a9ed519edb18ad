package attack

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What TestAttack counts would show one runtime that was not closed.
func TestLeftoversShowARuntime(t *testing.T) {
	requireNewRuntime(t) // compiles the guest
	before, err := CountLeftovers()
	if err != nil {
		t.Skip("leftovers are not ", err)
	}
	rt, err := qjswasm.New(t.Context(), &qjswasm.Options{MemoryLimit: DefaultMemory})
	require.NoError(t, err)
	h := newHost(rt)
	require.NoError(t, h.install())
	during, err := CountLeftovers()
	require.NoError(t, err)
	assert.GreaterOrEqual(t, during.Mapped-before.Mapped, int64(DefaultMemory))
	assert.NotZero(t, hostsAlive.Load())
	require.NoError(t, rt.Close())
	after, err := CountLeftovers()
	require.NoError(t, err)
	assert.Less(t, after.Mapped-before.Mapped, int64(mappingSlack))
}
