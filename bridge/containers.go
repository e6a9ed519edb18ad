package bridge

import (
	"reflect"
	"sync"
)

// container is an object on the tape that later records may refer to.
type container struct {
	value any             // as decoded by any, or nil
	form  reflect.Value   // as decoded for a Go type
	forms []reflect.Value // as decoded for other Go types, one of each
	pos   int             // of its record, the tag included
	end   int             // after its record, 0 while that is unknown
	after int             // number of the container that follows those inside it
}

// containers is a list that grows in blocks, which are used again by the next
// decoder: they are what decoding would allocate most.
type containers struct {
	blocks []*containerBlock
	count  int
}

const containerBlockSize = 64

type containerBlock [containerBlockSize]container

var containerBlocks = sync.Pool{New: func() any { return new(containerBlock) }}

// at returns the n-th container. It stays where it is.
func (s *containers) at(n int) *container {
	return &s.blocks[n/containerBlockSize][n%containerBlockSize]
}

func (s *containers) add(pos int) {
	if s.count == len(s.blocks)*containerBlockSize {
		s.blocks = append(s.blocks, containerBlocks.Get().(*containerBlock))
	}
	s.count++
	s.at(s.count - 1).pos = pos
}

// release ends the use of all containers.
func (s *containers) release() {
	for i, b := range s.blocks {
		clear(b[:min(containerBlockSize, s.count-i*containerBlockSize)])
		containerBlocks.Put(b)
	}
	*s = containers{}
}
