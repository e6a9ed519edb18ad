package gc

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// ErrSummary says that a guest's summary makes no sense.
var ErrSummary = errors.New("malformed summary")

// Summary is the part of a guest's heap that only roots reach, as the guest tells
// it: for each object its handle, its stamp, and the numbers of the objects it
// refers to, ended by abi.SummaryEnd; then the roots. An object's number is its
// place, from 1.
type Summary struct {
	guest     int64       // bytes of memory that the guest has
	promoting *sync.Mutex // of its groups

	words  []uint32
	start  []uint32 // of each object, by number; [0] is not used
	roots  []rootWord
	stamps []stampWord
	ways   []uint8 // to get at each object: references, roots and stamps, a bit for each

	objects []object // by number, while they are condensed
}

type stampWord struct{ stamp, object uint32 }

type rootWord struct {
	root   Root
	object uint32
}

// summaries keeps the memory of those that were freed, until Go collects.
var summaries = sync.Pool{New: func() any { return new(Summary) }}

// NewSummary returns an empty summary, to be freed, of a guest with so many bytes
// of memory. promoting serialises the promotions of all its groups: while a running
// function returns a Value, another goroutine may close one.
func NewSummary(guest int64, promoting *sync.Mutex) *Summary {
	s := summaries.Get().(*Summary)
	s.guest, s.promoting = guest, promoting
	return s
}

// Free ends the use of s. Others may use its memory.
func (s *Summary) Free() {
	s.words, s.start, s.roots, s.stamps = s.words[:0], s.start[:0], s.roots[:0], s.stamps[:0]
	s.promoting = nil
	summaries.Put(s)
}

const (
	// leastObject is the least that an object takes of the guest, in bytes: the header
	// of its block and its links.
	leastObject = 16
	// leastWord is less than a word stands for on average: a reference is four bytes of
	// the guest at least, and an object more than its own words.
	leastWord = 2
)

// Append adds what the guest has told: little-endian words, of which records may
// begin in one call and end in the next. The error is ErrSummary if there are more
// than its memory can hold objects for.
func (s *Summary) Append(b []byte) error {
	n := len(s.words)
	if int64(n+len(b)/4) > s.guest/leastWord {
		return ErrSummary
	}
	s.words = slices.Grow(s.words, len(b)/4)[:n+len(b)/4]
	for words := s.words[n:]; len(b) >= 4 && len(words) > 0; b, words = b[4:], words[1:] {
		words[0] = binary.LittleEndian.Uint32(b)
	}
	return nil
}

// Words is how many there are.
func (s *Summary) Words() int { return len(s.words) }

// Objects is the number of objects in a summary that was condensed.
func (s *Summary) Objects() int { return max(len(s.start)-1, 0) }

// parse finds the objects and the roots, and counts the ways to each object.
func (s *Summary) parse() error {
	s.start = append(s.start, 0)
	// More than there are objects, in a guest or in so many words.
	limit := int(min(s.guest/leastObject, int64(len(s.words)))) + 1
	s.ways = slices.Grow(s.ways[:0], limit)[:limit]
	clear(s.ways)
	begin, largest := 0, uint32(0)
	for i := 0; i < len(s.words); {
		switch s.words[i] {
		case abi.SummaryEnd:
			if len(s.start) == limit {
				return ErrSummary
			}
			s.start = append(s.start, uint32(begin))
			i++
			begin = i
		case abi.SummaryRoot:
			if len(s.words)-i < 4 || begin != i {
				return ErrSummary
			}
			s.roots = append(s.roots, rootWord{Root{s.words[i+1], s.words[i+2]}, s.words[i+3]})
			i += 4
			begin = i
		case abi.SummaryStamp:
			if len(s.words)-i < 2 {
				return ErrSummary
			}
			s.stamps = append(s.stamps, stampWord{s.words[i+1], uint32(len(s.start))})
			i += 2
		case abi.SummaryHandle:
			i += 3
		case abi.SummaryEntry:
			i++ // what follows is a reference like any other
			if i == len(s.words) || s.words[i] == abi.SummaryEnd || int64(s.words[i]) >= int64(limit) {
				return ErrSummary
			}
		default:
			if int64(s.words[i]) >= int64(limit) {
				return ErrSummary
			}
			s.addWay(s.words[i])
			largest = max(largest, s.words[i])
			i++
		}
	}
	if begin != len(s.words) || int64(largest) >= int64(len(s.start)) {
		return ErrSummary
	}
	for _, r := range s.roots {
		if r.object == 0 || int64(r.object) >= int64(len(s.start)) {
			return ErrSummary
		}
		s.addWay(r.object)
	}
	for _, w := range s.stamps {
		// The guest numbers its stamps from 1.
		if int64(w.object) >= int64(len(s.start)) || w.stamp == 0 || int64(w.stamp) > int64(len(s.stamps)) {
			return ErrSummary
		}
		s.addWay(w.object)
	}
	return nil
}

func (s *Summary) addWay(n uint32) { s.ways[n] = s.ways[n]<<1 | 1 }

// several tells whether there is more than one way to an object.
func (s *Summary) several(n uint32) bool { return s.ways[n] > 1 }

// wordsOf is the length of the part of an object that begins with a word.
func wordsOf(word uint32) int {
	switch word {
	case abi.SummaryHandle:
		return 3
	case abi.SummaryStamp:
		return 2
	}
	return 1 // abi.SummaryEntry too: the number that follows is one of its own
}

// handle reads what follows abi.SummaryHandle at i.
func (s *Summary) handle(i int) callables.Handle {
	return callables.Handle(s.words[i+1]) | callables.Handle(s.words[i+2])<<32
}
