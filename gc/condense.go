package gc

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// ErrRoom says that a summary's groups would take more memory than they may.
var ErrRoom = errors.New("summary beyond the limit")

// What groups take, in bytes.
const (
	costGroup     = 192 // with its place among those that are interned
	costReference = 16
	costStamp     = 48
)

// Condensed is a summary as groups.
type Condensed struct {
	Roots  []RootGroup
	Stamps []*Stamp // by the guest's number; nil for what depends on no group
	Edges  int      // references of roots and groups
	Bare   int      // objects that lead to no callable
}

// RootGroup is the group that a root's object is part of.
type RootGroup struct {
	Root  Root
	Group *Group
}

// Condense makes groups of the objects: one for each strongly connected
// component (Tarjan 1972, "Depth-first search and linear graph algorithms") that
// has callables, or from which several ways part, together with what nothing else
// leads to. So the groups say exactly what the summary does, and there are no more of
// them than objects. hold returns what to hold of the callable with a handle, nil for
// nothing, and whether that is so because Go has found the callable unused. If the
// groups would take more than room, in bytes, the error is ErrRoom; hold may have been
// called, and what it returned have joined groups that nobody uses.
func (s *Summary) Condense(room int64, hold func(callables.Handle) (h Held, dead bool)) (*Condensed, error) {
	s.start, s.roots, s.stamps = s.start[:0], s.roots[:0], s.stamps[:0]
	if err := s.parse(); err != nil {
		return nil, err
	}
	s.objects = slices.Grow(s.objects[:0], len(s.start))[:len(s.start)]
	defer clear(s.objects) // of groups, which nothing but anchors may hold
	c := &condenser{Summary: s, hold: hold, room: room}
	for _, r := range s.roots {
		if s.objects[r.object].index == 0 {
			if err := c.visit(r.object); err != nil {
				return nil, err
			}
		}
		if g := s.objects[r.object].group; g != nil {
			c.out.Roots = append(c.out.Roots, RootGroup{r.root, g})
			c.out.Edges++
		}
	}
	reached := c.count
	// What no root leads to is garbage of the guest's.
	for v := 1; v < len(s.objects); v++ {
		if s.objects[v].index == 0 {
			if err := c.visit(uint32(v)); err != nil {
				return nil, err
			}
		}
	}
	if c.stamp(reached); c.room < 0 {
		return nil, ErrRoom
	}
	return &c.out, nil
}

// object is what is known of one while a summary is condensed.
type object struct {
	index uint32 // when it was visited, 0 if it was not
	low   uint32 // the earliest that it is known to reach; done once it has a component
	at    uint32 // while it is visited: its next word
	leads bool   // to a callable, as far as is known
	group *Group // once it has a component
}

// condenser is Tarjan's algorithm with a stack of its own.
type condenser struct {
	*Summary
	room  int64
	hold  func(callables.Handle) (Held, bool)
	out   Condensed
	count uint32
	path  []uint32 // objects being visited
	stack []uint32 // objects without a component

	components uint32
	groups     uint32
	interned   map[string]*Group
	children   []*Group // scratch
	held       []Held
	key        []byte

	dead []uint32 // objects of callables that Go has found unused
}

// done is above every index.
const done = 1<<32 - 1

func (c *condenser) visit(first uint32) error {
	c.push(first)
	for len(c.path) > 0 {
		if c.room < 0 {
			return ErrRoom
		}
		n := c.path[len(c.path)-1]
		v := &c.objects[n]
		word := c.words[v.at]
		switch word {
		case abi.SummaryEnd:
			c.path = c.path[:len(c.path)-1]
			// What there is one way to is left on the stack, to be part of what that comes
			// from: there is no other way to what is above it either.
			if v.low == v.index && (c.several(n) || !v.leads || len(c.path) == 0) {
				c.pop(n)
			}
			if len(c.path) > 0 {
				up := &c.objects[c.path[len(c.path)-1]]
				up.low = min(up.low, v.low)
				up.leads = up.leads || v.leads
			}
		case abi.SummaryHandle:
			v.leads = true
			v.at += uint32(wordsOf(word))
		case abi.SummaryStamp:
			v.at += uint32(wordsOf(word))
		case abi.SummaryEntry:
			v.at++ // what follows is a reference like any other
		default:
			v.at++
			switch w := &c.objects[word]; {
			case w.index == 0:
				if !c.skip(word) {
					c.push(word)
				}
			case w.low != done:
				v.low = min(v.low, w.index)
			case w.group != nil:
				v.leads = true
			}
		}
	}
	return nil
}

func (c *condenser) push(n uint32) {
	c.count++
	o := &c.objects[n]
	o.index, o.low, o.at = c.count, c.count, c.start[n]
	c.path = append(c.path, n)
	c.stack = append(c.stack, n)
}

// skip is done at once with an object that leads to nothing but what is known to
// lead to no callable, as most do.
func (c *condenser) skip(n uint32) bool {
	for i := c.start[n]; c.words[i] != abi.SummaryEnd; i++ {
		word := c.words[i]
		if int64(word) >= int64(len(c.objects)) || c.objects[word].low != done || c.objects[word].group != nil {
			return false
		}
	}
	c.count++
	c.objects[n] = object{index: c.count, low: done}
	c.out.Bare++
	return true
}

// pop makes a component of what is on the stack from v on. All that it refers to
// outside has one already.
func (c *condenser) pop(v uint32) {
	first := len(c.stack) - 1
	for c.stack[first] != v {
		first--
	}
	members := c.stack[first:]
	c.stack = c.stack[:first]
	var g *Group
	if c.objects[v].leads {
		g = c.gather(members)
	}
	if g == nil {
		c.out.Bare += len(members)
	}
	for _, m := range members {
		c.objects[m].low, c.objects[m].group = done, g
	}
}

// gather returns the group of a component, nil if it leads to nothing after all.
func (c *condenser) gather(members []uint32) *Group {
	c.components++
	c.children, c.held = c.children[:0], c.held[:0]
	for _, m := range members {
		c.gatherMember(m)
	}
	return c.make()
}

// gatherMember collects what a member of a component brings into its group.
func (c *condenser) gatherMember(m uint32) {
	for i := int(c.start[m]); c.words[i] != abi.SummaryEnd; i += wordsOf(c.words[i]) {
		switch word := c.words[i]; word {
		case abi.SummaryHandle:
			h, dead := c.hold(c.handle(i))
			if h != nil {
				c.held = append(c.held, h)
			}
			if dead {
				c.dead = append(c.dead, m)
			}
		case abi.SummaryStamp, abi.SummaryEntry:
		default:
			if g := c.objects[word].group; g != nil && g.seen != c.components {
				g.seen = c.components
				c.children = append(c.children, g)
			}
		}
	}
}

// maxInterned is how many children a group may have to be looked for among those
// there are: that is for objects of one shape that refer to the same few others.
const maxInterned = 8

// make returns the group for what was gathered, nil if that is nothing.
func (c *condenser) make() *Group {
	if len(c.held) == 0 {
		switch n := len(c.children); {
		case n == 0:
			return nil
		case n == 1:
			return c.children[0]
		case n <= maxInterned:
			return c.intern()
		}
	}
	return c.new()
}

func (c *condenser) new() *Group {
	c.groups++
	g := &Group{promoting: c.promoting, held: slices.Clone(c.held), children: slices.Clone(c.children), number: c.groups}
	for i, h := range g.held {
		h.Join(g, i)
	}
	c.out.Edges += len(g.held) + len(g.children)
	c.room -= costGroup + int64(len(g.held)+len(g.children))*costReference
	return g
}

func (c *condenser) intern() *Group {
	slices.SortFunc(c.children, func(a, b *Group) int { return cmp.Compare(a.number, b.number) })
	c.key = c.key[:0]
	for _, g := range c.children {
		c.key = binary.LittleEndian.AppendUint32(c.key, g.number)
	}
	if g := c.interned[string(c.key)]; g != nil {
		return g
	}
	if c.interned == nil {
		c.interned = map[string]*Group{}
	}
	g := c.new()
	c.interned[string(c.key)] = g
	return g
}
