package gc

import "sync/atomic"

// Root names a value that the host holds in the guest's root table.
type Root struct {
	Index      uint32
	Generation uint32 // 0 in no live root
}

// Anchor is the Go end of a root: embedded in the Go object that owns it. While
// that is reachable so are, after a summary, the callables that the root's object
// reaches.
type Anchor struct {
	root  Root
	group atomic.Pointer[Group] // a root may be released while another goroutine uses it
}

// MakeAnchor returns the anchor of a root, for Roots.Hold to know once it is in
// its place.
func MakeAnchor(r Root) Anchor { return Anchor{root: r} }

// Use returns the root for the guest to be given it. From now on, until the next
// summary, the guest may call what the root leads to, so that is held strongly.
func (a *Anchor) Use() Root {
	if g := a.group.Load(); g != nil {
		g.Promote()
		a.group.CompareAndSwap(g, nil) // only now: who finds it gone may go on
	}
	return a.root
}

// Hold has the anchor hold a group, instead of what it held before.
func (a *Anchor) Hold(g *Group) { a.group.Store(g) }

// Name returns the root for anything but giving it to the guest.
func (a *Anchor) Name() Root { return a.root }
