package attack

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// What the figures are held against.
const (
	MaxStall       = 20 * time.Millisecond
	MaxMedianStall = 5 * time.Millisecond
	MaxOverrun     = 20 * time.Millisecond
)

// Table is the reports of a run.
type Table []*Report

// Fprint prints a line for each report.
func (t Table) Fprint(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "script\toutcome\treturned after\tbeyond deadline\tworst stall\tafterwards")
	for _, r := range t {
		overrun, after := "", "works"
		if r.Overrun > 0 {
			overrun = round(r.Overrun)
		}
		if r.After != works {
			after = r.After.String()
		}
		if r.Err != nil {
			after += " FAILED: " + oneLine(r.Err)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Script.Name, oneLine(r.Result), round(r.Returned), overrun, round(r.Stall), after)
	}
	return tw.Flush()
}

// Stalls returns the worst stall of each script, in order.
func (t Table) Stalls() []time.Duration {
	stalls := make([]time.Duration, len(t))
	for i, r := range t {
		stalls[i] = r.Stall
	}
	slices.Sort(stalls)
	return stalls
}

// Slow returns the reports that a limit of the figures was exceeded by.
func (t Table) Slow() Table {
	return slices.DeleteFunc(slices.Clone(t), func(r *Report) bool {
		return r.Stall <= MaxStall && r.Overrun <= MaxOverrun
	})
}

// Summary prints the figures that the promises are about.
func (t Table) Summary(w io.Writer) {
	failed, late := 0, time.Duration(0)
	for _, r := range t {
		if r.Err != nil {
			failed++
		}
		late = max(late, r.Overrun)
	}
	fmt.Fprintf(w, "%d scripts, %d failed\n", len(t), failed)
	fmt.Fprintf(w, "worst stalls: %s\n", FormatStalls(t.Stalls()))
	fmt.Fprintf(w, "latest return: %s beyond the deadline\n", round(late))
	slow := t.Slow()
	fmt.Fprintf(w, "%d scripts stall more than %v or return more than %v late\n", len(slow), MaxStall, MaxOverrun)
	for _, r := range slow {
		fmt.Fprintf(w, "  %s: stall %s, beyond deadline %s\n", r.Script.Name, round(r.Stall), round(r.Overrun))
	}
}

// FormatStalls describes sorted stalls.
func FormatStalls(stalls []time.Duration) string {
	if len(stalls) == 0 {
		return "none"
	}
	return fmt.Sprintf("median %s, maximum %s", round(Median(stalls)), round(stalls[len(stalls)-1]))
}

// Median returns the middle one of sorted durations.
func Median(sorted []time.Duration) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

func round(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// oneLine keeps a message within its cell of the table.
func oneLine(x any) string { return strings.Join(strings.Fields(fmt.Sprint(x)), " ") }
