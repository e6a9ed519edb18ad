package qjswasm_test

import (
	"flag"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

var (
	cyclePrograms = flag.Int("programs", 200, "random programs of each property of cycles")
	cycleSteps    = flag.String("steps", "", "steps for TestCycleSteps, as a failure lists them")
)

// cycleBatch is how many programs run in one runtime at a time.
const cycleBatch = 50

// TestCycleProperty compares what is left of random programs with a model.
func TestCycleProperty(t *testing.T) { testCycles(t, false, 0) }

// TestCycleApartProperty does so where each heap is collected on its own, and cycles
// through both stay.
func TestCycleApartProperty(t *testing.T) { testCycles(t, true, 0) }

// TestCycleRuntimesProperty has several runtimes at a time, so that each sees Go's
// collector run when another needs it.
func TestCycleRuntimesProperty(t *testing.T) {
	for i := range uint64(3) {
		t.Run(strconv.FormatUint(i, 10), func(t *testing.T) {
			t.Parallel()
			testCycles(t, false, i<<32)
		})
	}
}

// testCycles has programs from the seed that the flag says, further on by skip.
func testCycles(t *testing.T, apart bool, skip uint64) {
	seed := uint64(*caseSeed)
	if seed == 0 {
		seed = rand.Uint64N(1 << 30)
	}
	seed += skip
	g := warmCycleGuest(t, apart)
	defer g.close(t)
	t.Logf("from seed %d", seed)
	steps, walked, left := 0, 0, 0
	for n := 0; n < *cyclePrograms; n, seed = n+cycleBatch, seed+1 {
		list := generateCycle(rand.New(rand.NewPCG(seed, 3)), cycleBatch)
		r := cycleRun{guest: g, apart: apart}
		if err := r.runCycle(list); err != nil {
			t.Logf("%v", err)
			list, err = shrinkCycle(t, list, apart, err)
			t.Fatalf("again: -run %s -programs 1 -seed %d\n%v\nsmaller: -run TestCycleSteps -steps '%s'", t.Name(), seed-skip, err, cycleListing(list))
		}
		steps += len(list)
		walked += r.walked
		left += r.left
	}
	t.Logf("%d programs up to seed %d, %d steps, %d objects visited, %d collections left half done", *cyclePrograms, seed-1, steps, walked, left)
}

// TestCycleSteps runs the steps that the flag says.
func TestCycleSteps(t *testing.T) {
	steps, err := parseCycleListing(*cycleSteps)
	require.NoError(t, err)
	r := cycleRun{guest: warmCycleGuest(t, false)}
	require.NoError(t, r.runCycle(steps))
}

// warmCycleGuest makes a runtime that has all it makes once.
func warmCycleGuest(t *testing.T, apart bool) *cycleGuest {
	t.Helper()
	o := qjswasm.Options{}
	if apart {
		o.CycleGC = qjswasm.CycleGCOff
	}
	g, err := newCycleGuest(&o)
	require.NoError(t, err)
	warm, err := parseCycleListing("0.state.0.0.0 0.live.0.0.0 0.error.1.0.0 0.observe.0.0.0 0.observe.1.0.0 0.closure.3.0.0 0.gofunc.0.3.0 0.store.3.1.0 0.sequence.4.0.0 0.promise.0.1.0 0.closure.2.7.0 0.then.0.2.0 0.resolve.1.2.0")
	require.NoError(t, err)
	r := cycleRun{guest: g, apart: true}
	r.programs = []*cycleProgram{newCycleProgram(&r, 0)}
	for _, s := range warm {
		require.True(t, s.op.do(r.programs[0], s.a, s.b, s.c), "%v", s)
	}
	p := r.programs[0]
	p.walk(p.reachable(), p.reachable())
	p.drop()
	p.sever()
	for range 3 {
		_, err = g.rt.RunJobs(ctx)
		require.NoError(t, err)
		r.collect()
	}
	r.ids("alive")
	r.ids("told")
	_, err = g.helpers["forget"].Call(ctx, nil)
	require.NoError(t, err)
	r.collect()
	g.start = g.rt.Stats()
	return g
}
