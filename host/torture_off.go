//go:build !torture

package host

// torture is whether this is a build for finding faults in the search for cycles:
// go test -tags torture.
const torture = false

func (*Instance) torment(*Frame) {}
