package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// cycleDoor is a way for a cycle that only Go held to be known elsewhere.
type cycleDoor struct {
	name string
	// part gives what Go holds for an object of a cycle, that object by default. It
	// is a function with the property n and f, the function of the cycle, and keeps f
	// in the global array kept when it is called, read by its getter g, set by its
	// setter s, iterated, or turned into a string or JSON.
	part string
	// open hands the part in, and returns what else holds f: nil if that is kept.
	open   func(m *cycleMaker, part *qjswasm.Value) any
	shared int // callables that the first of them makes and all use
}

// What a cycle's closures need stays when something else has come to hold a part
// of it since the last collection, whichever way that heard of it.
func TestCyclesThroughDoors(t *testing.T) {
	for _, door := range append(guestDoors, hostDoors...) {
		t.Run(door.name, func(t *testing.T) {
			m := &cycleMaker{t: t, rt: newRuntime(t, nil), helpers: map[string]*qjswasm.Value{}}
			eval(t, m.rt, "var kept = [], weak, settle")
			var start sizes
			for n := range 3 {
				m.throughDoor(door, n)
				if n == 0 {
					start = m.rest()
					assert.Equal(t, door.shared, start.Callables)
				}
				requireSame(t, start, m.rest())
			}
		})
	}
}

func (m *cycleMaker) throughDoor(door cycleDoor, n int) {
	held := func() any {
		part := captor(doorObject)(m, n)[0].(*qjswasm.Value)
		if door.part != "" {
			part = m.js(door.part, part)
		}
		for range 2 {
			require.NoError(m.t, m.rt.GC(ctx))
			runtime.GC()
		}
		return door.open(m, part)
	}()
	// Nobody holds the part any more.
	for range 3 {
		runtime.GC()
		m.js("() => 1")
	}
	for range 2 {
		_, err := m.rt.RunJobs(ctx)
		require.NoError(m.t, err)
		var got int
		switch f := held.(type) {
		case nil:
			got, err = number(m.helper("() => kept.at(-1)()").Call(ctx, nil))
		case *qjswasm.Value:
			got, err = number(f.Call(ctx, nil))
		case func() (int, error):
			got, err = f()
		}
		require.NoError(m.t, err)
		require.Equal(m.t, n, got)
		require.NoError(m.t, m.rt.GC(ctx))
	}
	runtime.KeepAlive(held)
	m.js("() => { kept.length = 0; weak = null }")
}
