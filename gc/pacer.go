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
// make it.
type Pacer struct {
	last   Round
	worked time.Duration // by then
	low    int           // the least that was suspicious by then or since
}

// Round is what a summary was about.
type Round struct {
	Suspicious int
	Outside    time.Duration // the price of looking at what is held from elsewhere
	Inside     time.Duration // the price of looking at what only roots lead to
}

const (
	// minSuspicious is how much there may be, or come to be, that nobody looks at.
	minSuspicious = 128
	// share is what part of the time that the guest works summaries may take.
	share = 64
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
// summary.
func (p *Pacer) Due(worked time.Duration) bool {
	price := p.last.Outside
	if p.last.Suspicious > 0 {
		price += time.Duration(float64(p.last.Inside) * float64(p.low) / float64(p.last.Suspicious))
	}
	return worked-p.worked >= share*price
}

// Done notes that a summary was made.
func (p *Pacer) Done(r Round, worked time.Duration) {
	p.last, p.worked, p.low = r, worked, r.Suspicious
}
