package host

import (
	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/gc"
)

// body is what a callable can be without while only roots lead to its object: see
// package gc. The Callable itself, which has no way to what the program captured,
// stays in the registry.
type body struct {
	owner *Callable
	group *gc.Group // that the last summary made, nil if it was promoted since
	place int32     // in it
	call  func(*Invocation) uint32
	err   error
	live  Live
}

// Join: see gc.Held.
func (b *body) Join(g *gc.Group, place int) { b.group, b.place = g, int32(place) }

// Promote: see gc.Held.
func (b *body) Promote() {
	c := b.owner
	c.Call, c.Err, c.Live, c.body, c.demoted = b.call, b.err, b.live, b, false
	b.group = nil // which would hold what this led to once
}

// hold returns the body for a group to hold, nil if Go has found that nobody uses
// it.
func (c *Callable) hold() *body {
	switch {
	case c.demoted:
		return c.asleep()
	case c.body == nil:
		c.body = &body{owner: c, call: c.Call, err: c.Err, live: c.Live}
	}
	return c.body
}

// demote leaves b to the group that it has joined.
func (b *body) demote() {
	c := b.owner
	c.group, c.place = b.group.Weak(), b.place
	c.Call, c.Err, c.Live, c.body, c.demoted = nil, nil, nil, nil, true
}

// asleep returns the body of a demoted callable, nil if Go has found that nobody
// uses it.
func (c *Callable) asleep() *body {
	if g := c.group.Value(); g != nil {
		return g.Held(int(c.place)).(*body)
	}
	return nil
}

// abandon has the groups that hold the body of a forgotten callable hold nothing by
// that: they may last until the next summary.
func (in *Instance) abandon(c *Callable) {
	in.cycles.promoting.Lock()
	defer in.cycles.promoting.Unlock()
	b := c.body
	if c.demoted {
		b = c.asleep()
	}
	if b == nil {
		in.cycles.stats.Collected++
	} else {
		b.call, b.err, b.live = nil, nil, nil
		b.Promote()
	}
}

// Lookup returns the callable that a handle stands for, nil if there is none. What
// its object leads to may be used by the guest from then on.
func (in *Instance) Lookup(h callables.Handle) *Callable {
	c := in.Callables.Lookup(h)
	if c != nil && c.demoted && !c.wake() {
		return nil
	}
	return c
}

// late is for a callable that the guest uses though it should not have a way to
// its object: it wakes it.
func (c *Callable) late() bool {
	if torture {
		panic("the guest uses a callable that no summary or anchor led to")
	}
	return c.wake()
}

// wake promotes a demoted callable, with all that its object leads to. It returns
// false if Go has found that nobody uses it.
func (c *Callable) wake() bool {
	g := c.group.Value()
	if g == nil {
		return false
	}
	g.Promote()
	return true
}

// PeekLive returns the Go value that a handle stands for, nil if there is none,
// for other uses than to hand its object to the guest.
func (in *Instance) PeekLive(h callables.Handle) Live {
	c := in.Callables.Lookup(h)
	switch {
	case c == nil:
		return nil
	case c.demoted:
		if b := c.asleep(); b != nil {
			return b.live
		}
		return nil
	}
	return c.Live
}
