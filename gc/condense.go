package gc

import (
	"cmp"
	"encoding/binary"
	"slices"
	"weak"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Condensed is a summary as groups.
type Condensed struct {
	Roots  []RootGroup
	Stamps []weak.Pointer[Group] // by stamp; the zero Pointer for what depends on no group
	Awake  *Awake                // to be kept until the next summary
	Edges  int                   // references of roots and groups
}

// RootGroup is the group that a root's object is part of.
type RootGroup struct {
	Root  Root
	Group *Group
}

// Condense makes groups of what the roots reach: one for each strongly connected
// component (Tarjan 1972, "Depth-first search and linear graph algorithms") that
// has callables, or from which several ways part. So the groups say exactly what
// the summary does, and there are no more of them than objects. hold returns what
// to hold of the callable with a handle, nil for nothing.
func (s *Summary) Condense(hold func(callables.Handle) Held) (*Condensed, error) {
	if err := s.parse(); err != nil {
		return nil, err
	}
	n := len(s.start)
	c := &condenser{
		Summary: s,
		hold:    hold,
		index:   make([]uint32, n),
		low:     make([]uint32, n),
		at:      make([]uint32, n),
		group:   make([]*Group, n),
		out:     Condensed{Awake: new(Awake)},
	}
	for _, r := range s.roots {
		if c.index[r.object] == 0 {
			if err := c.visit(r.object); err != nil {
				return nil, err
			}
		}
		if g := c.group[r.object]; g != nil {
			c.out.Roots = append(c.out.Roots, RootGroup{r.root, g})
			c.out.Edges++
		}
	}
	return &c.out, nil
}

// condenser is Tarjan's algorithm with a stack of its own.
type condenser struct {
	*Summary
	hold  func(callables.Handle) Held
	out   Condensed
	count uint32
	index []uint32 // of each object: when it was visited, 0 if it was not
	low   []uint32 // of each object: the earliest that it is known to reach; done once it has a component
	at    []uint32 // of each object being visited: its next word
	path  []uint32 // objects being visited
	stack []uint32 // objects without a component
	group []*Group // of each object with a component

	components uint32
	groups     uint32
	interned   map[string]*Group
	children   []*Group // scratch
	held       []Held
	stamps     []uint32
	key        []byte
}

// done is above every index.
const done = 1<<32 - 1

func (c *condenser) visit(first uint32) error {
	c.push(first)
	for len(c.path) > 0 {
		v := c.path[len(c.path)-1]
		word := c.words[c.at[v]]
		switch word {
		case abi.SummaryEnd:
			c.path = c.path[:len(c.path)-1]
			if c.low[v] == c.index[v] {
				c.pop(v)
			}
			if len(c.path) > 0 {
				up := c.path[len(c.path)-1]
				c.low[up] = min(c.low[up], c.low[v])
			}
		case abi.SummaryHandle, abi.SummaryStamp:
			c.at[v] += uint32(wordsOf(word))
		default:
			if int(word) >= len(c.start) {
				return ErrSummary
			}
			c.at[v]++
			if c.index[word] == 0 {
				c.push(word)
			} else if c.low[word] != done {
				c.low[v] = min(c.low[v], c.index[word])
			}
		}
	}
	return nil
}

func (c *condenser) push(v uint32) {
	c.count++
	c.index[v], c.low[v] = c.count, c.count
	c.at[v] = c.start[v]
	c.path = append(c.path, v)
	c.stack = append(c.stack, v)
}

// pop makes a component of what is on the stack from v on. All that it refers to
// outside has one already.
func (c *condenser) pop(v uint32) {
	first := len(c.stack) - 1
	for c.stack[first] != v {
		first--
	}
	members := c.stack[first:]
	c.components++
	c.children, c.held, c.stamps = c.children[:0], c.held[:0], c.stamps[:0]
	for _, m := range members {
		c.low[m] = done
		c.gather(m)
	}
	g := c.make()
	for _, m := range members {
		c.group[m] = g
	}
	c.stack = c.stack[:first]
	for _, stamp := range c.stamps {
		c.stamp(stamp, g)
	}
}

// gather collects what a member of a component brings into its group.
func (c *condenser) gather(m uint32) {
	for i := int(c.start[m]); c.words[i] != abi.SummaryEnd; i += wordsOf(c.words[i]) {
		switch word := c.words[i]; word {
		case abi.SummaryHandle:
			if h := c.hold(c.handle(i)); h != nil {
				c.held = append(c.held, h)
			}
		case abi.SummaryStamp:
			c.stamps = append(c.stamps, c.words[i+1])
		default:
			if g := c.group[word]; g != nil && g.seen != c.components {
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
	g := &Group{held: slices.Clone(c.held), children: slices.Clone(c.children), awake: c.out.Awake, number: c.groups}
	for _, h := range g.held {
		h.Join(g)
	}
	c.out.Edges += len(g.held) + len(g.children)
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

// stamp notes what depends on a group. The guest numbers stamps from 1, and has no
// more of them than words.
func (c *condenser) stamp(stamp uint32, g *Group) {
	if g == nil || int(stamp) >= len(c.words) {
		return
	}
	for int(stamp) >= len(c.out.Stamps) {
		c.out.Stamps = append(c.out.Stamps, weak.Pointer[Group]{})
	}
	c.out.Stamps[stamp] = weak.Make(g)
}
