package gc

// Held is what a registry refers to weakly while a group holds it.
type Held interface {
	// Join tells which group holds it now.
	Join(g *Group)
	// Promote has the registry refer to it strongly again.
	Promote()
}

// Group stands for objects of the guest that reach the same callables: what it
// holds is in use while the group is.
type Group struct {
	held     []Held
	children []*Group
	awake    *Awake
	strong   bool
	number   uint32 // while groups are made: by which they are told apart
	seen     uint32 // while groups are made: the component that counted it last
}

// Promote has the registry hold all that the group does, itself or through others,
// until the next summary. It takes time in proportion to the groups that are not
// promoted yet.
func (g *Group) Promote() {
	if g.strong {
		return
	}
	g.wake()
	for todo := []*Group{g}; len(todo) > 0; {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, h := range g.held {
			h.Promote()
		}
		for _, c := range g.children {
			if !c.strong {
				c.wake()
				todo = append(todo, c)
			}
		}
	}
}

func (g *Group) wake() {
	g.strong = true
	if g.awake != nil {
		g.awake.groups = append(g.awake.groups, g)
	}
}

// Awake keeps the groups of a summary that were promoted: a stamp has to find them,
// though nothing but the guest may lead to them any more.
type Awake struct{ groups []*Group }

// Strong tells whether the group was promoted.
func (g *Group) Strong() bool { return g.strong }
