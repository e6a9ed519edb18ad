package gc

import (
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/callables"
)

// 1 -> 2, 3; 2 and 3 have callables, 1 and 4 and 5 have stamps. 5 is garbage.
func stamped() *heap {
	return &heap{
		edges:   [][]uint32{nil, {2, 3}, nil, nil, nil, {2, 5}},
		handles: map[uint32]callables.Handle{2: 12, 3: 13},
		stamps:  map[uint32]uint32{1: 1, 4: 2, 5: 3},
		roots:   []uint32{1, 4},
	}
}

func TestStamps(t *testing.T) {
	groups, registry, c := condense(t, stamped())
	require.Len(t, c.Stamps, 4)
	assert.Nil(t, c.Stamps[2], "nothing depends on what leads to no callable")
	assert.True(t, c.Stamps[2].Wake())
	assert.True(t, c.Stamps[1].Wake())
	assert.True(t, groups[0].strong)
	assert.Equal(t, 1, registry[12].promoted)
	assert.Equal(t, 1, registry[13].promoted)
}

// A group that was promoted need not last, one that was not must.
func TestStampsOutliveGroups(t *testing.T) {
	for _, promoted := range []bool{true, false} {
		stamps := func() []*Stamp {
			groups, _, c := condense(t, stamped())
			if promoted {
				groups[0].Promote()
			}
			return c.Stamps
		}()
		runtime.GC()
		assert.Equal(t, promoted, stamps[1].Wake())
		assert.True(t, stamps[2].Wake())
		assert.False(t, stamps[3].Wake(), "garbage is gone")
	}
}

// A key is in use though the value of its entry in a WeakMap is not.
func TestStampsOfKeys(t *testing.T) {
	// 1 is a key, with 2 as the value; 2 leads to 3, which is dead, and back to 1.
	h := &heap{
		edges:   [][]uint32{nil, nil, {3, 1}, nil},
		entries: map[uint32][]uint32{1: {2}},
		handles: map[uint32]callables.Handle{3: 13},
		stamps:  map[uint32]uint32{1: 1, 2: 2, 3: 3},
		roots:   []uint32{1},
	}
	c, err := told(t, h.words()).Condense(math.MaxInt64, func(callables.Handle) (Held, bool) { return nil, true })
	require.NoError(t, err)
	assert.True(t, c.Stamps[1].Wake())
	assert.False(t, c.Stamps[2].Wake())
	assert.False(t, c.Stamps[3].Wake())
	// A value that is in use is held by the key.
	groups, registry, c := condense(t, h)
	assert.True(t, c.Stamps[1].Wake())
	assert.Equal(t, 1, registry[13].promoted)
	assert.True(t, groups[0].strong)
}

// What leads to a callable that Go has found unused is as unused, whatever else it
// leads to, and whoever holds it.
func TestStampsOfDeadCallables(t *testing.T) {
	for _, dead := range []callables.Handle{12, 13} {
		registry := fakeRegistry{}
		c, err := told(t, stamped().words()).Condense(math.MaxInt64, func(h callables.Handle) (Held, bool) {
			if h == dead {
				return nil, true
			}
			return registry.hold(h)
		})
		require.NoError(t, err)
		assert.False(t, c.Stamps[1].Wake())
		assert.True(t, c.Stamps[2].Wake())
		assert.False(t, c.Stamps[3].Wake(), "garbage is gone")
		c.Roots[0].Group.Promote()
		assert.False(t, c.Stamps[1].Wake())
		for _, f := range registry {
			assert.NotNil(t, f.group, "all that is held has a group")
		}
		runtime.KeepAlive(c)
	}
}
