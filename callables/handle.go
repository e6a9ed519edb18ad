package callables

import "strconv"

// Handle names an entry of a [Registry]: its generation in the upper 32 bits,
// its index in the lower. A handle is a plain number that may be stored
// anywhere, guest memory included; it owns nothing. The zero Handle is invalid.
type Handle uint64

const (
	indexBits     = 32
	maxGeneration = 1<<32 - 1
)

func newHandle(index, generation uint32) Handle {
	return Handle(generation)<<indexBits | Handle(index)
}

// Index returns the number of the handle's slot. Slots are reused: only
// together with the generation does an index name an entry.
func (h Handle) Index() uint32 { return uint32(h) }

// Generation returns which use of its slot the handle names. It is 0 for no
// handle that a Registry issued.
func (h Handle) Generation() uint32 { return uint32(h >> indexBits) }

// String returns the handle as index@generation, for logs and test failures.
func (h Handle) String() string {
	b := strconv.AppendUint(nil, uint64(h.Index()), 10)
	b = append(b, '@')
	return string(strconv.AppendUint(b, uint64(h.Generation()), 10))
}
