package gc

import "time"

// Pacer decides when a summary is worth its price. Suspicious is what a cycle needs
// of both sides, the smaller of the numbers of roots and of callables, but of those
// only that have outlived a collection of Go: before one, most are garbage that Go
// will find without help, and after a summary nothing is freed until the next. So
// it is asked once for each. A summary is due when more is suspicious than there
// was, and when the guest has worked so long that it takes a small part of that. A
// few that stay are looked at in the end, and sooner when memory is short: each may
// hold much. So is what was in use when it was looked at, but later. And nothing tells
// how much of Go's memory hangs on what is suspicious: when that has doubled, a summary
// is due whatever it takes.
//
// Only what outlives a summary counts in its price, since that is looked at again
// and again. Garbage is looked at about once, for a fraction of what it took to
// make it. What that was is told from the callables among it.
type Pacer struct {
	last   Round
	worked time.Duration // by then
	low    int           // the least that was suspicious by then or since
	asked  int           // how often in a row there was more than that
	waited int           // how often there was anything since
	barren int           // how many summaries in a row freed nothing
	heap   int64         // the least that Go's collections have found in use since, 0 if there was none
	grown  bool          // much more is
}

// Round is what a summary was about. The prices are raised in proportion if they are less
// than Least in all: objects are not all of one size.
type Round struct {
	Least      time.Duration
	Suspicious int
	Demoted    int           // callables
	Gone       int           // callables that the one before has demoted and that are
	Outside    time.Duration // the price of looking at what is held from elsewhere
	Bare       time.Duration // the price of looking at what only roots lead to and leads to no callable
	Leading    time.Duration // the price of looking at what leads to callables
}

const (
	// minSuspicious is how much there may be, or come to be, that nobody looks at.
	minSuspicious = 128
	// share is what part of the time that the guest works summaries may take, and
	// shortShare that when memory is short.
	share      = 32
	shortShare = 4
	// delay is how many times as much the guest may work until a summary is overdue.
	delay = 4
	// patience is after how many collections of Go little is looked at, and
	// longPatience that for no more than there was.
	patience     = 8
	longPatience = 64
	// minGrowth is how many bytes Go's heap may grow by that nobody looks at.
	minGrowth = 64 << 20
)

// Suspects tells whether enough is suspicious. It is called after each collection
// of Go. short tells whether memory is, heap is what that collection has found in use,
// in bytes.
func (p *Pacer) Suspects(suspicious int, short bool, heap int64) bool {
	if p.heap == 0 || heap < p.heap {
		p.heap = heap
	}
	p.grown = suspicious > 0 && heap-p.heap >= max(minGrowth, p.heap)<<min(p.barren, 6)
	if suspicious == 0 {
		p.waited = 0
	} else {
		p.waited++
	}
	if suspicious <= p.low {
		p.low, p.asked = suspicious, 0
		return p.grown || p.waited >= longPatience || short && p.waited >= patience
	}
	p.asked++
	return p.grown || short || p.asked >= patience || suspicious-p.low >= max(minSuspicious, p.low/4)
}

// Due tells whether the guest, after having worked so long in all, can afford a
// summary. gone is how many of the callables that the last one demoted are.
func (p *Pacer) Due(worked time.Duration, gone int, short bool) bool {
	price := p.last.Outside + p.last.Bare
	if demoted := p.last.Demoted; gone < demoted {
		price += time.Duration(float64(p.last.Leading) * float64(demoted-gone) / float64(demoted))
	}
	return p.grown || worked-p.worked >= p.factor(gone, short)*price
}

// Overdue tells whether a summary that is due, and will take so long, cannot wait any
// more for a time when nobody waits for it.
func (p *Pacer) Overdue(worked, takes time.Duration, gone int, short bool) bool {
	return worked-p.worked >= delay*p.factor(gone, short || p.grown)*takes
}

// factor is how many times its price a summary must be worth. When memory is short it is
// less, for as long as summaries free something.
func (p *Pacer) factor(gone int, short bool) time.Duration {
	switch {
	case !short:
		return share
	case gone > 0:
		return shortShare
	}
	return time.Duration(min(shortShare<<min(p.barren, 8), share))
}

// Done notes that a summary was made.
func (p *Pacer) Done(r Round, worked time.Duration) {
	if r.Gone > 0 {
		p.barren = 0
	} else if p.worked > 0 { // there was one before
		p.barren++
	}
	if sum := r.Outside + r.Bare + r.Leading; 0 < sum && sum < r.Least {
		factor := float64(r.Least) / float64(sum)
		for _, price := range []*time.Duration{&r.Outside, &r.Bare, &r.Leading} {
			*price = time.Duration(float64(*price) * factor)
		}
	}
	p.last, p.worked, p.low, p.asked, p.waited = r, worked, r.Suspicious, 0, 0
	p.heap, p.grown = 0, false
}
