package gc

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Whatever a guest tells, there is an error or groups in proportion to it.
func FuzzSummary(f *testing.F) {
	f.Add((&heap{edges: [][]uint32{nil, {2}, {1}}, handles: map[uint32]callables.Handle{1: 7}, stamps: map[uint32]uint32{2: 1}, roots: []uint32{1, 2}}).words())
	f.Add(binary.LittleEndian.AppendUint32(nil, abi.SummaryHandle))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Summary
		s.Append(b)
		registry := fakeRegistry{}
		c, err := s.Condense(math.MaxInt64, registry.hold)
		if err != nil {
			require.ErrorIs(t, err, ErrSummary)
			return
		}
		assert.LessOrEqual(t, len(c.Stamps), len(b)/4)
		assert.LessOrEqual(t, len(registry), len(b)/12)
		for _, r := range c.Roots {
			r.Group.Promote()
			for _, h := range r.Group.holds() {
				require.Positive(t, registry[h].promoted)
			}
		}
	})
}
