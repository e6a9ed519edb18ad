package gc

import (
	"sync"
	"weak"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Stamp stands for an object to those who may ask for it without holding it. It
// remembers that the object's group was promoted, after which nobody need hold the
// group itself.
type Stamp struct {
	promoting *sync.Mutex // nil if the object is not in use
	group     weak.Pointer[Group]
	awake     bool
}

// Wake tells whether the object is in use, as far as Go knows, and then has the
// registry hold what it leads to. What has no stamp is.
func (s *Stamp) Wake() bool {
	if s == nil {
		return true
	}
	if s == unused {
		return false
	}
	s.promoting.Lock()
	defer s.promoting.Unlock()
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

// unused is the stamp of all that is not in use.
var unused = new(Stamp)

// stampOf returns the stamp of a group, which all its objects share.
func stampOf(g *Group) *Stamp {
	if g.stamp == nil {
		g.stamp = &Stamp{promoting: g.promoting, group: g.Weak()}
	}
	return g.stamp
}

// stamp makes the stamps. Not in use is what was not among the objects that were
// visited first, as many as roots lead to, and what leads to a callable that is
// not.
func (c *condenser) stamp(reached uint32) {
	var dead []bool
	if len(c.stamps) > 0 && len(c.dead) > 0 {
		dead = c.leadTo(c.dead)
	}
	for _, w := range c.stamps {
		for int(w.stamp) >= len(c.out.Stamps) {
			c.out.Stamps = append(c.out.Stamps, nil)
		}
		o := &c.objects[w.object]
		switch {
		case o.index > reached, dead != nil && dead[w.object]:
			c.out.Stamps[w.stamp] = unused
		case o.group != nil:
			if o.group.stamp == nil {
				c.room -= costStamp
			}
			c.out.Stamps[w.stamp] = stampOf(o.group)
		}
	}
}

// Stamps returns the stamps of a summary whose groups there is no room for: in use is
// all that leads to no callable that is dead. Only after Condense.
func (s *Summary) Stamps(dead func(callables.Handle) bool) []*Stamp {
	if len(s.stamps) == 0 {
		return nil
	}
	var found []uint32
	for o := 1; o < len(s.start); o++ {
		for i := int(s.start[o]); s.words[i] != abi.SummaryEnd; i += wordsOf(s.words[i]) {
			if s.words[i] == abi.SummaryHandle && dead(s.handle(i)) {
				found = append(found, uint32(o))
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	var stamps []*Stamp
	marks := s.leadTo(found)
	for _, w := range s.stamps {
		if !marks[w.object] {
			continue
		}
		for int64(w.stamp) >= int64(len(stamps)) {
			stamps = append(stamps, nil)
		}
		stamps[w.stamp] = unused
	}
	return stamps
}

// leadTo marks the objects that lead to some others, and these. An entry of a WeakMap
// does not count: the key of one that is not in use may be.
func (s *Summary) leadTo(found []uint32) []bool {
	marks := make([]bool, len(s.start))
	for _, o := range found {
		marks[o] = true
	}
	from := s.reversed()
	for i := 0; i < len(found); i++ {
		for _, o := range from.to(found[i]) {
			if !marks[o] {
				marks[o] = true
				found = append(found, o)
			}
		}
	}
	return marks
}

// reversed has, for each object, those that refer to it.
type reversed struct {
	end  []uint32 // in from, of each object's
	from []uint32
}

func (r *reversed) to(o uint32) []uint32 { return r.from[r.end[o-1]:r.end[o]] }

func (s *Summary) reversed() *reversed {
	r := &reversed{end: make([]uint32, len(s.start))}
	s.eachReference(func(_, to uint32) { r.end[to]++ })
	sum := uint32(0)
	for o := range r.end {
		sum += r.end[o]
		r.end[o] = sum
	}
	r.from = make([]uint32, sum)
	at := append([]uint32{0}, r.end[:len(r.end)-1]...) // where the next one goes
	s.eachReference(func(from, to uint32) {
		r.from[at[to]] = from
		at[to]++
	})
	return r
}

// eachReference calls f for each reference, but for entries of WeakMaps. All numbers
// are good.
func (s *Summary) eachReference(f func(from, to uint32)) {
	for o := 1; o < len(s.start); o++ {
		for i := int(s.start[o]); s.words[i] != abi.SummaryEnd; i += wordsOf(s.words[i]) {
			switch word := s.words[i]; word {
			case abi.SummaryEntry:
				i++
			case abi.SummaryHandle, abi.SummaryStamp:
			default:
				f(uint32(o), word)
			}
		}
	}
}
