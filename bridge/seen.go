package bridge

import "reflect"

// identity is what makes two Go references the same JS object.
type identity struct {
	p   uintptr // 0: the value has none
	len int
	t   reflect.Type
}

// seenTable numbers the references that were encoded: open addressing, by address.
// A Go map would hash the type as well, for every object there is.
type seenTable struct {
	slots []seenSlot // a power of two of them
	count int
}

// seenSlot has no pointers, lest the collector looks through the table.
type seenSlot struct {
	p, t      uintptr
	len       int
	container uint32
}

// slot returns where an identity is, or would be.
func (s *seenTable) slot(p, t uintptr, n int) *seenSlot {
	mask := uint64(len(s.slots) - 1)
	i := (uint64(p)>>3 + uint64(n)) * 0x9e3779b97f4a7c15 >> 20 & mask
	for {
		slot := &s.slots[i]
		if slot.p == 0 || slot.p == p && slot.t == t && slot.len == n {
			return slot
		}
		i = (i + 1) & mask
	}
}

// add numbers id, unless it has a number already.
func (s *seenTable) add(id identity, container uint32) (first uint32, seen bool) {
	if 2*s.count >= len(s.slots) {
		old := s.slots
		s.slots = make([]seenSlot, max(2*len(old), 16))
		for i := range old {
			if old[i].p != 0 {
				*s.slot(old[i].p, old[i].t, old[i].len) = old[i]
			}
		}
	}
	t := reflect.ValueOf(id.t).Pointer() // types do not go away
	slot := s.slot(id.p, t, id.len)
	if slot.p != 0 {
		return slot.container, true
	}
	*slot = seenSlot{id.p, t, id.len, container}
	s.count++
	return container, false
}
