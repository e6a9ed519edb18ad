package main

import (
	"fmt"
	"io"
	"time"
)

// printStats writes the figures of --stats and .stats.
func (s *session) printStats(w io.Writer) {
	st := s.rt.Stats()
	fmt.Fprintf(w, "time     %v\n", time.Since(s.started).Round(10*time.Microsecond))
	fmt.Fprintf(w, "memory   %s in use, %s taken, %s allowed\n",
		readable(st.GuestBytes), readable(st.GuestMemory), readable(int64(s.limits.memory)))
	fmt.Fprintf(w, "fuel     %d\n", s.rt.FuelUsed())
	fmt.Fprintf(w, "objects  %d\n", st.GuestObjects)
	fmt.Fprintf(w, "entries  %d calls into the sandbox\n", st.Entries)
}
