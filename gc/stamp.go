package gc

import "weak"

// Stamp stands for a group to those who may ask for an object of it without
// holding it. It remembers that the group was promoted, after which nobody need
// hold the group itself.
type Stamp struct {
	group weak.Pointer[Group] // the zero Pointer if the group is dead
	awake bool
}

// Wake tells whether the objects are in use, as far as Go knows, and then has the
// registry hold what they lead to. What has no stamp is.
func (s *Stamp) Wake() bool {
	if s == nil {
		return true
	}
	promoting.Lock()
	defer promoting.Unlock()
	if s.awake {
		return true
	}
	g := s.group.Value()
	if g == nil {
		return false
	}
	g.promote()
	return true
}

// stampOf returns the stamp of a group, which all that depends on it share.
func stampOf(g *Group) *Stamp {
	if g.stamp == nil {
		g.stamp = new(Stamp)
		if !g.dead {
			g.stamp.group = weak.Make(g)
		}
	}
	return g.stamp
}
