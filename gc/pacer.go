package gc

import "time"

// Pacer decides when a summary is worth its price. Suspicious is what a cycle needs
// of both sides: the smaller of the numbers of roots and of callables. A summary is
// due when twice as much is suspicious as there ever was since the last one, and
// when the guest has worked so long that summaries take a small part of that.
type Pacer struct {
	low    int           // the least that was suspicious since the last summary
	worked time.Duration // at the last summary
	price  time.Duration // of the last summary
}

const (
	// minSuspicious is how much there may be that nobody looks at.
	minSuspicious = 128
	// share is what part of the time that the guest works summaries may take.
	share = 64
	// firstPrice is taken for the price of the first summary.
	firstPrice = time.Millisecond
)

// Suspects tells whether enough is suspicious. It is called at every outermost
// exit.
func (p *Pacer) Suspects(suspicious int) bool {
	if suspicious < p.low {
		p.low = suspicious
	}
	return suspicious >= minSuspicious && suspicious >= 2*p.low
}

// Due tells whether the guest, after having worked so long in all, can afford a
// summary.
func (p *Pacer) Due(worked time.Duration) bool {
	return worked-p.worked >= share*max(p.price, firstPrice/16)
}

// Done notes that a summary was made, and its price.
func (p *Pacer) Done(suspicious int, worked, price time.Duration) {
	p.low, p.worked, p.price = suspicious, worked, price
}
