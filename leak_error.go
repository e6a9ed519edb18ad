package qjswasm

import "fmt"

// LeakError says that Values were in use when their runtime was closed: see
// Runtime.Close.
type LeakError struct {
	Leaks Leaks // never empty
}

// maxLeakGroups bounds the text of a LeakError.
const maxLeakGroups = 10

// Error tells how many Values there are and, of the ten places where most of them
// were made, which.
func (e *LeakError) Error() string {
	groups := e.Leaks.Groups()
	more := ""
	if n := len(groups) - maxLeakGroups; n > 0 {
		groups = groups[:maxLeakGroups]
		more = fmt.Sprintf("\n\nand from %d more places", n)
	}
	return fmt.Sprintf("qjswasm: %s in use when the runtime was closed\n\n%s%s", plural(len(e.Leaks), "Value"), describe(groups), more)
}

// left returns a *LeakError if Values were left when the runtime was closed.
func (rt *Runtime) left() error {
	frames := stackFrames{}
	var leaks Leaks
	for a, o := range rt.in.Left() {
		if v := valueOf(a); !v.closed.Load() && v.owner == ownerProgram {
			leaks = append(leaks, v.leak(o, frames))
		}
	}
	if len(leaks) == 0 {
		return nil
	}
	leaks.sort()
	return &LeakError{Leaks: leaks}
}
