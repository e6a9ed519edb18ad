package main

import (
	"fmt"
	"io"
	"time"
)

// printStats writes the figures of --stats and .stats. Those of both sides include
// what the command itself holds, such as its timers.
func (s *session) printStats(w io.Writer) {
	st := s.rt.Stats()
	for _, line := range [...]struct{ name, text string }{
		{"time", time.Since(s.started).Round(10 * time.Microsecond).String()},
		{"memory", fmt.Sprintf("%s in use, %s taken, %s allowed",
			readable(st.GuestBytes), readable(st.GuestMemory), readable(int64(s.limits.memory)))},
		{"fuel", fmt.Sprint(s.rt.FuelUsed())},
		{"objects", fmt.Sprint(st.GuestObjects)},
		{"entries", fmt.Sprintf("%d calls into the sandbox", st.Entries)},
		{"roots", fmt.Sprintf("%d values held from outside", st.Roots)},
		{"callables", fmt.Sprintf("%d functions, errors and objects of Go held by the script, %s outside", st.Callables, readable(st.HostBytes))},
		{"cycles", fmt.Sprintf("%d searches in %v, %d references and %d functions in the last, %d functions collected",
			st.CycleRounds, st.CycleTime.Round(time.Microsecond), st.CycleEdges, st.Demoted, st.CyclesCollected)},
	} {
		fmt.Fprintf(w, "%-9s  %s\n", line.name, line.text)
	}
}
