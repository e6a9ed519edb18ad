package gc

import (
	"sync"
	"weak"
)

// Held is what a registry refers to by a weak pointer to the group that holds it.
type Held interface {
	// Join tells which group holds it now, and in which place.
	Join(g *Group, place int)
	// Promote has the registry refer to it strongly again.
	Promote()
}

// Group stands for objects of the guest that reach the same callables: what it
// holds is in use while the group is.
type Group struct {
	promoting *sync.Mutex // see NewSummary
	held      []Held
	children  []*Group
	self      weak.Pointer[Group] // once somebody asked
	stamp     *Stamp              // nil: nothing depends on it
	strong    bool
	number    uint32 // while groups are made: by which they are told apart
	seen      uint32 // while groups are made: the component that counted it last
}

// Held returns what g holds in a place.
func (g *Group) Held(place int) Held { return g.held[place] }

// Weak returns a weak pointer to g. It is made once: a group has as many callables
// as it likes, and Go takes its time for each that is made.
func (g *Group) Weak() weak.Pointer[Group] {
	if g.self == (weak.Pointer[Group]{}) {
		g.self = weak.Make(g)
	}
	return g.self
}

// Promote has the registry hold all that the group does, itself or through others,
// until the next summary. It takes time in proportion to the groups that are not
// promoted yet. Safe for concurrent use with itself and Stamp.Wake.
func (g *Group) Promote() {
	g.promoting.Lock()
	defer g.promoting.Unlock()
	g.promote()
}

func (g *Group) promote() {
	if g.strong {
		return
	}
	g.strengthen()
	for todo := []*Group{g}; len(todo) > 0; {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, h := range g.held {
			h.Promote()
		}
		for _, c := range g.children {
			if !c.strong {
				c.strengthen()
				todo = append(todo, c)
			}
		}
	}
}

func (g *Group) strengthen() {
	g.strong = true
	if g.stamp != nil {
		g.stamp.awake = true
	}
}
