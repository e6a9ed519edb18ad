package attack

import (
	"flag"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var runtimes = flag.Int("attack.runtimes", 300, "how many runtimes to attack and drop")

// Runtimes that are attacked and dropped, half of them without Close, leave the
// process as large as it was.
func TestDropAttacked(t *testing.T) {
	compiled(t)
	if _, err := CountLeftovers(); err != nil {
		t.Skip("memory is not ", err)
	}
	suite, err := Suite()
	require.NoError(t, err)
	const samples = 10
	var resident []float64 // in MiB, after each tenth
	for i := range *runtimes {
		s := suite[i%len(suite)]
		dropped(t, s, i%2 == 0)
		if every := max(*runtimes/samples, 1); (i+1)%every == 0 {
			peak := residentMiB(t)
			settle(t)
			resident = append(resident, residentMiB(t))
			t.Logf("%5d runtimes: %.0f MiB resident, %.0f MiB before collecting", i+1, resident[len(resident)-1], peak)
		}
	}
	slope, rise := growth(resident)
	t.Logf("second half: %.2f MiB per tenth, at most %.0f MiB above the first half", slope, rise)
	// Noise is what Go's heap and allocator keep.
	assert.Less(t, rise, 24.0, "MiB")
}

// dropped attacks a runtime, in short, and drops it.
func dropped(t *testing.T, s *Script, closing bool) {
	t.Helper()
	const timeout, boundless = 5 * time.Millisecond, 100 * time.Millisecond // of what takes a context, and of what does not
	short := *s
	short.Limits.Memory = min(s.Limits.Memory, 16<<20)
	a, err := newAttempt(t.Context(), &short, boundless)
	require.NoError(t, err)
	r := a.run(t.Context(), timeout)
	require.NotEqual(t, "unexpected", r.Kind, s.Name)
	if closing {
		require.NoError(t, a.rt.Close(), s.Name)
	}
}

// settle lets the collector find what was dropped, and the system have it.
func settle(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(liveness); hostsAlive.Load() > 0 && time.Now().Before(deadline); {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	assert.Zero(t, hostsAlive.Load(), "runtimes that were dropped and stay")
	debug.FreeOSMemory()
}

func residentMiB(t *testing.T) float64 {
	t.Helper()
	l, err := CountLeftovers()
	require.NoError(t, err)
	return float64(l.Resident) / (1 << 20)
}

// growth fits a line to the second half of the samples, and tells how far its
// highest is above the highest of the first.
func growth(samples []float64) (slope, rise float64) {
	half := len(samples) / 2
	first, second := samples[:half], samples[half:]
	if half == 0 {
		return 0, 0
	}
	n := float64(len(second))
	var sx, sy, sxy, sxx float64
	for i, y := range second {
		x := float64(i)
		sx, sy, sxy, sxx = sx+x, sy+y, sxy+x*y, sxx+x*x
	}
	if d := n*sxx - sx*sx; d != 0 {
		slope = (n*sxy - sx*sy) / d
	}
	return slope, slices.Max(second) - slices.Max(first)
}
