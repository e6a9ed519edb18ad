package host

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/gc"
)

// A guest that tells a summary without end, or one of what it does not have, is
// stopped before the host has taken more than the guest could hold.
func TestForgedSummaryIsStopped(t *testing.T) {
	for name, part := range map[string][]uint64{
		"without end":             {0, 1 << 16},
		"of all memory":           {0, math.MaxUint32},
		"whose length overflows":  {0, 1 << 30},
		"beyond the end":          {math.MaxUint32 - 8, 16},
		"that nobody asked for":   {0, 1},
		"of nothing, out of turn": {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in := newInstance(t, InstanceConfig{})
			f, err := in.Enter(ctx)
			require.NoError(t, err)
			defer f.Exit()
			s := gc.NewSummary(int64(in.GuestBytes()), &in.cycles.promoting)
			defer s.Free()
			if part[1] > 1 {
				in.cycles.summary = s
			}
			parts := uint64(0)
			assert.Panics(t, func() {
				for ; parts < 1<<20; parts++ {
					summaryTrampoline(f, nil, append([]uint64(nil), part...))
				}
			})
			in.cycles.summary = nil
			require.ErrorIs(t, in.Dead(), ErrCorrupt)
			assert.LessOrEqual(t, 2*parts*part[1], uint64(in.GuestBytes()))
		})
	}
}
