package attack

import (
	"flag"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

var strict = flag.Bool("attack.strict", false, "hold the stalls and returns of the attack suite against the promises")

// compiled skips where wazero interprets the guest: it is a hundred times slower
// there, and the suite is about time.
func compiled(t testing.TB) {
	t.Helper()
	if a := runtime.GOARCH; a != "amd64" && a != "arm64" {
		t.Skip("the guest is interpreted on " + a)
	}
}

// Every script has its outcome, leaves a runtime that works or says why not, and
// leaves nothing else behind. With -v it prints the table of what each did.
func TestAttack(t *testing.T) {
	compiled(t)
	suite, err := Suite()
	require.NoError(t, err)
	require.Greater(t, len(suite), 170)
	warm(t, suite)
	before, counted := CountLeftovers()

	var table Table
	for _, s := range suite {
		t.Run(s.Name, func(t *testing.T) {
			r := Run(t.Context(), s)
			table = append(table, r)
			require.NoError(t, r.Err, s.Attack)
			assert.Less(t, r.Stall, liveness)
			assert.Less(t, r.Overrun, liveness)
			requireNewRuntime(t)
		})
	}
	if testing.Verbose() {
		var b strings.Builder
		require.NoError(t, table.Fprint(&b))
		table.Summary(&b)
		b.WriteString("control, idle process: " + FormatStalls(Control(10, Idle)) + "\n")
		b.WriteString("control, busy goroutine: " + FormatStalls(Control(10, Busy)) + "\n")
		t.Log("\n" + b.String())
	}
	if *strict && len(table) > 0 {
		assert.Empty(t, table.Slow())
		assert.LessOrEqual(t, Median(table.Stalls()), MaxMedianStall)
	}
	requireNothingLeft(t, before, counted)
}

// requireNewRuntime proves that the process is unharmed: another runtime works.
func requireNewRuntime(t *testing.T) {
	t.Helper()
	rt, err := qjswasm.New(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, works, probe(t.Context(), rt))
	require.NoError(t, rt.Close())
}

// warm lets the process reach its size: the engine, Go's heap and its threads.
func warm(t *testing.T, suite []*Script) {
	t.Helper()
	for _, s := range suite {
		if s.Family() == "convert" {
			Run(t.Context(), s)
		}
	}
	runtime.GC()
}

// mappingSlack is what the Go runtime may map meanwhile for its own tables.
const mappingSlack = DefaultMemory / 2

// requireNothingLeft compares what the process holds with what it held. One guest
// that stays mapped is more than the slack.
func requireNothingLeft(t *testing.T, before Leftovers, counted error) {
	t.Helper()
	if counted != nil {
		t.Skip("leftovers are not ", counted)
	}
	var after Leftovers
	for deadline := time.Now().Add(liveness); ; {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // cleanups and asynchronous functions end on goroutines of their own
		var err error
		after, err = CountLeftovers()
		require.NoError(t, err)
		nothing := after.Goroutines <= before.Goroutines && after.Files <= before.Files && (raceDetector || after.Mapped-before.Mapped < mappingSlack) && hostsAlive.Load() == 0
		if nothing || time.Now().After(deadline) {
			break
		}
	}
	assert.LessOrEqual(t, after.Goroutines, before.Goroutines, "goroutines")
	assert.LessOrEqual(t, after.Files, before.Files, "file descriptors")
	if !raceDetector {
		assert.Less(t, after.Mapped-before.Mapped, int64(mappingSlack), "bytes of mappings")
	}
	assert.Zero(t, hostsAlive.Load(), "sets of host functions")
}
