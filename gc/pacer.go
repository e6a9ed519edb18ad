package gc

import "time"

// Pacer decides when a summary is worth its price. Suspicious is what a cycle needs
// of both sides, the smaller of the numbers of roots and of callables, but of those
// only that have outlived a collection of Go: before one, most are garbage that Go
// will find without help, and after a summary nothing is freed until the next. So
// it is asked once for each. A summary is due when more is suspicious than there
// was, and when the guest has worked so long that it takes a small part of that.
//
// Only what outlives a summary counts in its price, since that is looked at again
// and again. Garbage is looked at about once, for a fraction of what it took to
// make it. What that was is told from the callables among it.
type Pacer struct {
	last   Round
	worked time.Duration // by then
	low    int           // the least that was suspicious by then or since
}

// Round is what a summary was about.
type Round struct {
	Suspicious int
	Demoted    int           // callables
	Outside    time.Duration // the price of looking at what is held from elsewhere
	Bare       time.Duration // the price of looking at what only roots lead to and leads to no callable
	Leading    time.Duration // the price of looking at what leads to callables
}

const (
	// minSuspicious is how much there may be, or come to be, that nobody looks at.
	minSuspicious = 128
	// share is how many times the price of a summary the guest must have worked.
	share = 32
)

// Suspects tells whether enough is suspicious. It is called after each collection
// of Go.
func (p *Pacer) Suspects(suspicious int) bool {
	if suspicious < p.low {
		p.low = suspicious
	}
	return suspicious-p.low >= max(minSuspicious, p.low/4)
}

// Due tells whether the guest, after having worked so long in all, can afford a
// summary. gone is how many of the callables that the last one demoted are.
func (p *Pacer) Due(worked time.Duration, gone int) bool {
	price := p.last.Outside + p.last.Bare
	if demoted := p.last.Demoted; gone < demoted {
		price += time.Duration(float64(p.last.Leading) * float64(demoted-gone) / float64(demoted))
	}
	return worked-p.worked >= share*price
}

// Done notes that a summary was made.
func (p *Pacer) Done(r Round, worked time.Duration) {
	p.last, p.worked, p.low = r, worked, r.Suspicious
}
