package attack

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	const ms = time.Millisecond
	table := Table{
		{Script: &Script{Name: "a/fine"}, Result: Result{Kind: "interrupted"}, Returned: 251 * ms, Overrun: ms, Stall: 2 * ms, After: works},
		{Script: &Script{Name: "a/late"}, Result: Result{Kind: "memory"}, Returned: 300 * ms, Overrun: 50 * ms, Stall: 30 * ms, After: Result{Kind: "memory"}},
		{Script: &Script{Name: "b/wrong"}, Result: Result{Kind: "value", Text: "1"}, Returned: ms, Stall: ms, After: works, Err: errors.New("not\nthat")},
	}
	var b strings.Builder
	require.NoError(t, table.Fprint(&b))
	lines := strings.Split(b.String(), "\n")
	require.Len(t, lines, 5)
	assert.Equal(t, []string{"a/fine", "interrupted", "251ms", "1ms", "2ms", "works"}, strings.Fields(lines[1]))
	assert.Contains(t, lines[3], "works FAILED: not that")

	b.Reset()
	table.Summary(&b)
	for _, want := range []string{
		"3 scripts, 1 failed", "median 2ms, maximum 30ms", "latest return: 50ms", "a/late: stall 30ms, beyond deadline 50ms",
	} {
		assert.Contains(t, b.String(), want)
	}
	assert.NotContains(t, b.String(), "a/fine")
}

func TestFormatStalls(t *testing.T) {
	assert.Equal(t, "none", FormatStalls(nil))
	assert.Equal(t, "median 2ms, maximum 3ms", FormatStalls([]time.Duration{time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}))
}
