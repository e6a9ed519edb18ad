package gc

import (
	"iter"
	"math"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"weak"
)

const rootChunkBits = 8

// Roots knows the anchor of each root without keeping it alive: that is how Values
// that Go no longer uses are found. The zero value is empty. Safe for concurrent
// use: while a running function looks for room, another goroutine may close a Value.
//
// A weak pointer per root costs what a cleanup would, and tells the moment Go's
// collector is done: no other goroutine need run first.
type Roots struct {
	mu     sync.Mutex
	chunks []*rootChunk // by index, like the guest's; nil: empty
	live   atomic.Int64
	made   atomic.Int64
	cursor int           // chunk to sweep next
	since  uint32        // the collection that the sweep under way is for
	swept  atomic.Uint32 // the collection that the last complete sweep was for
}

type rootChunk struct {
	used  int
	slots [1 << rootChunkBits]rootSlot
}

// rootSlot is empty while its generation is 0.
type rootSlot struct {
	anchor     weak.Pointer[Anchor]
	generation uint32
}

// Hold records a's root, for which there must be none yet. a stays where it is.
func (t *Roots) Hold(a *Anchor) {
	t.mu.Lock()
	defer t.mu.Unlock()
	chunk, i := a.root.Index>>rootChunkBits, a.root.Index%(1<<rootChunkBits)
	if missing := int(chunk) + 1 - len(t.chunks); missing > 0 {
		t.chunks = append(t.chunks, make([]*rootChunk, missing)...)
	}
	c := t.chunks[chunk]
	if c == nil {
		c = new(rootChunk)
		t.chunks[chunk] = c
	}
	if c.slots[i].generation == 0 {
		c.used++
		t.live.Add(1)
	}
	c.slots[i] = rootSlot{weak.Make(a), a.root.Generation}
	t.made.Add(1)
}

// Remove forgets a root, whose anchor holds nothing from now on: a closed Value may
// last. It reports whether the root was there.
func (t *Roots) Remove(r Root) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(r)
	if s == nil {
		return false
	}
	if a := s.anchor.Value(); a != nil {
		a.Hold(nil)
	}
	t.clear(int(r.Index>>rootChunkBits), s)
	return true
}

func (t *Roots) slot(r Root) *rootSlot {
	chunk := int(r.Index >> rootChunkBits)
	if chunk >= len(t.chunks) || t.chunks[chunk] == nil {
		return nil
	}
	s := &t.chunks[chunk].slots[r.Index%(1<<rootChunkBits)]
	if s.generation != r.Generation || s.generation == 0 {
		return nil
	}
	return s
}

func (t *Roots) clear(chunk int, s *rootSlot) {
	*s = rootSlot{}
	t.live.Add(-1)
	if c := t.chunks[chunk]; c.used > 1 {
		c.used--
		return
	}
	t.chunks[chunk] = nil
	n := len(t.chunks)
	for n > 0 && t.chunks[n-1] == nil {
		n--
	}
	t.chunks = t.chunks[:n]
}

// Find returns the anchor of a root, nil if Go no longer uses it. known is false
// if there never was one.
func (t *Roots) Find(r Root) (a *Anchor, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.slot(r); s != nil {
		return s.anchor.Value(), true
	}
	return nil, false
}

// HoldNothing has all anchors hold nothing.
func (t *Roots) HoldNothing() {
	for a := range t.All() {
		a.Hold(nil)
	}
}

// All returns the anchors that Go still uses, in the order of their indices. What
// the loop's body adds or removes may be among them or not.
func (t *Roots) All() iter.Seq[*Anchor] {
	return func(yield func(*Anchor) bool) {
		var anchors [1 << rootChunkBits]*Anchor
		for i := 0; ; i++ {
			n, more := t.anchors(i, &anchors)
			for _, a := range anchors[:n] {
				if !yield(a) {
					return
				}
			}
			if !more {
				return
			}
		}
	}
}

// anchors returns those of a chunk that Go still uses.
func (t *Roots) anchors(chunk int, to *[1 << rootChunkBits]*Anchor) (n int, more bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if chunk >= len(t.chunks) {
		return 0, false
	}
	if c := t.chunks[chunk]; c != nil {
		for i := range c.slots {
			if a := c.slots[i].anchor.Value(); a != nil {
				to[n] = a
				n++
			}
		}
	}
	return n, true
}

// Live returns the number of roots that are held. Safe for concurrent use.
func (t *Roots) Live() int64 { return t.live.Load() }

// Made returns the number of roots that were ever held. Safe for concurrent use.
func (t *Roots) Made() int64 { return t.made.Load() }

// Unswept tells whether Go's collector has run since the last complete sweep.
func (t *Roots) Unswept() bool { return t.swept.Load() != collections.Load() }

// Swept numbers the collection of Go that the last complete sweep was for.
func (t *Roots) Swept() uint32 { return t.swept.Load() }

// Sweep drops the roots that Go no longer uses, after having looked at about max
// of them, and calls dead for each, which must not use t. The next call goes on
// where this one ended.
func (t *Roots) Sweep(max int, dead func(Root)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweepSome(max, dead)
}

func (t *Roots) sweepSome(max int, dead func(Root)) {
	if t.cursor == 0 {
		t.since = collections.Load()
	}
	for looked := 0; looked < max && t.cursor < len(t.chunks); looked += 1 << rootChunkBits {
		t.sweep(t.cursor, dead)
		t.cursor++
	}
	if t.cursor >= len(t.chunks) {
		t.cursor = 0
		t.swept.Store(t.since)
	}
}

// SweepAll is Sweep for all roots.
func (t *Roots) SweepAll(dead func(Root)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cursor = 0
	t.sweepSome(math.MaxInt, dead)
}

func (t *Roots) sweep(chunk int, dead func(Root)) {
	if chunk >= len(t.chunks) || t.chunks[chunk] == nil {
		return
	}
	c := t.chunks[chunk]
	for i := range c.slots {
		s := &c.slots[i]
		if s.generation != 0 && s.anchor.Value() == nil {
			r := Root{Index: uint32(chunk<<rootChunkBits | i), Generation: s.generation}
			t.clear(chunk, s)
			dead(r)
		}
	}
}

// collections counts Go's collections, from when somebody first asked, and live is
// how many bytes the last one has found in use.
var (
	collections atomic.Uint32
	live        atomic.Int64
)

// liveHeap is read by one cleanup at a time: each makes the object of the next.
var liveHeap = []metrics.Sample{{Name: "/gc/heap/live:bytes"}}

// LiveHeap returns how many bytes Go's last collection has found in use, 0 before the
// first. Safe for concurrent use.
func LiveHeap() int64 { return live.Load() }

// beacon is an object that each collection finds unreachable.
type beacon struct{ _ *beacon }

// WatchCollector makes Unswept work.
var WatchCollector = sync.OnceFunc(lightBeacon)

func lightBeacon() {
	runtime.AddCleanup(new(beacon), func(struct{}) {
		metrics.Read(liveHeap)
		live.Store(int64(liveHeap[0].Value.Uint64()))
		collections.Add(1)
		lightBeacon()
	}, struct{}{})
}
