package gc

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Whatever a guest tells, there is an error or groups in proportion to it.
func FuzzSummary(f *testing.F) {
	f.Add((&heap{edges: [][]uint32{nil, {2}, {1}}, handles: map[uint32]callables.Handle{1: 7}, stamps: map[uint32]uint32{2: 1}, roots: []uint32{1, 2}}).words())
	for i := range 20 {
		f.Add(randomHeap(rand.New(rand.NewPCG(5, uint64(i)))).words())
	}
	for _, m := range malformed {
		f.Add(words(m...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, room := range []int64{math.MaxInt64, costGroup} {
			s := NewSummary(int64(leastObject*len(b)), new(sync.Mutex))
			require.NoError(t, s.Append(b))
			registry := fakeRegistry{}
			c, err := s.Condense(room, registry.hold)
			switch err {
			case ErrSummary:
				return
			case ErrRoom:
				assert.LessOrEqual(t, len(s.Stamps(isDead)), len(b)/4)
				return
			}
			require.NoError(t, err)
			assert.LessOrEqual(t, len(c.Stamps), len(b)/4)
			assert.LessOrEqual(t, len(registry), len(b)/12)
			for _, r := range c.Roots {
				r.Group.Promote()
				for _, h := range r.Group.holds() {
					require.Positive(t, registry[h].promoted)
				}
			}
			s.Free()
		}
	})
}

func words(w ...uint32) (b []byte) {
	for _, w := range w {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// malformed are summaries that no honest guest tells.
var malformed = map[string][]uint32{
	"handle cut short":                 {abi.SummaryHandle},
	"stamp cut short":                  {abi.SummaryStamp},
	"root cut short":                   {abi.SummaryEnd, abi.SummaryRoot, 1, 1},
	"root inside an object":            {1, abi.SummaryRoot, 1, 1, 1},
	"root of nothing":                  {abi.SummaryEnd, abi.SummaryRoot, 1, 1, 0},
	"root of a later object":           {abi.SummaryEnd, abi.SummaryRoot, 1, 1, 2},
	"root of an object beyond int32":   {abi.SummaryEnd, abi.SummaryRoot, 1, 1, 0x80000001},
	"reference to a later object":      {2, abi.SummaryEnd, abi.SummaryRoot, 1, 1, 1},
	"reference beyond int32":           {0x80000001, abi.SummaryEnd},
	"object without an end":            {abi.SummaryEnd, 1},
	"stamp without an object":          {abi.SummaryStamp, 1},
	"entry without a value":            {abi.SummaryHandle, 1, 1, abi.SummaryStamp, 1, 0, abi.SummaryEntry, 0},
	"entry without a value, and roots": {abi.SummaryHandle, 1, 1, abi.SummaryStamp, 1, 0, abi.SummaryEntry, 0, abi.SummaryRoot, 1, 1, 1},
	"reference beyond what is visited": {abi.SummaryHandle, 7, 0, 0, abi.SummaryHandle, 8, 0, abi.SummaryStamp, 1, 9, 0, abi.SummaryRoot, 1, 1, 1},
	"stamp 0":                          {abi.SummaryStamp, 0, 0},
	"stamp beyond their number":        {abi.SummaryStamp, 2, 0},
	"stamp beyond int32":               {abi.SummaryStamp, 0x80000001, 0},
	"entry cut short":                  {abi.SummaryEntry},
	"entry of a handle":                {abi.SummaryEntry, abi.SummaryHandle, 1, 1, 0},
}

func TestMalformedSummary(t *testing.T) {
	for name, m := range malformed {
		t.Run(name, func(t *testing.T) {
			_, err := told(t, words(m...)).Condense(math.MaxInt64, fakeRegistry{}.hold)
			assert.ErrorIs(t, err, ErrSummary)
		})
	}
}

// A guest cannot tell of more than its memory holds.
func TestSummaryLargerThanGuest(t *testing.T) {
	const guest = 1 << 20
	s := NewSummary(guest, new(sync.Mutex))
	defer s.Free()
	require.NoError(t, s.Append(make([]byte, 4*guest/leastWord)))
	require.ErrorIs(t, s.Append(make([]byte, 4)), ErrSummary)
	_, err := s.Condense(math.MaxInt64, fakeRegistry{}.hold)
	require.ErrorIs(t, err, ErrSummary, "so many objects")
	assert.LessOrEqual(t, cap(s.start), guest/leastObject*2)
}
