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

type seenSlot struct {
	id        identity
	container uint32
}

// slot returns where id is, or would be.
func (s *seenTable) slot(id identity) *seenSlot {
	mask := uint64(len(s.slots) - 1)
	i := (uint64(id.p)>>3 + uint64(id.len)) * 0x9e3779b97f4a7c15 >> 20 & mask
	for s.slots[i].id.p != 0 && s.slots[i].id != id {
		i = (i + 1) & mask
	}
	return &s.slots[i]
}

// add numbers id, unless it has a number already.
func (s *seenTable) add(id identity, container uint32) (first uint32, seen bool) {
	if 2*s.count >= len(s.slots) {
		old := s.slots
		s.slots = make([]seenSlot, max(2*len(old), 16))
		for i := range old {
			if old[i].id.p != 0 {
				*s.slot(old[i].id) = old[i]
			}
		}
	}
	slot := s.slot(id)
	if slot.id.p != 0 {
		return slot.container, true
	}
	*slot = seenSlot{id, container}
	s.count++
	return container, false
}
