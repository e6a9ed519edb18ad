package gc

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPacer(t *testing.T) {
	var p Pacer
	const outside, leading = time.Millisecond, 10 * time.Millisecond
	assert.False(t, p.Suspects(minSuspicious-1, false, 1))
	assert.True(t, p.Suspects(minSuspicious, false, 1))
	assert.True(t, p.Due(0, 0, false), "nothing is known of the price")

	const many = 10 * minSuspicious
	p.Done(Round{Suspicious: many, Demoted: 1000, Outside: outside / 2, Bare: outside / 2, Leading: leading}, time.Second)
	assert.False(t, p.Suspects(many+many/4-1, false, 1))
	assert.True(t, p.Suspects(many+many/4, false, 1))
	assert.False(t, p.Due(time.Second+share*(outside+leading)-1, 0, false), "it takes a small part of the time")
	assert.True(t, p.Due(time.Second+share*(outside+leading), 0, false))
	assert.False(t, p.Due(time.Second+share*(outside+leading/10)-1, 900, false), "garbage is not charged")
	assert.True(t, p.Due(time.Second+share*(outside+leading/10), 900, false))
	assert.True(t, p.Due(time.Second+share*outside, 2000, false))

	assert.False(t, p.Suspects(many/10, false, 1), "the rest was garbage")
	assert.True(t, p.Suspects(many/10+minSuspicious, false, 1))

	assert.False(t, p.Suspects(0, false, 1))
	assert.False(t, p.Suspects(minSuspicious-1, false, 1))
	assert.True(t, p.Suspects(minSuspicious, false, 1))

	// A few are looked at when they have stayed for long, or when memory is short.
	p = Pacer{}
	for range patience - 1 {
		assert.False(t, p.Suspects(1, false, 1))
	}
	assert.True(t, p.Suspects(1, false, 1))
	p.Done(Round{Suspicious: 1, Outside: outside}, time.Second)
	for range patience - 1 {
		assert.False(t, p.Suspects(1, true, 1), "there are no more than before")
	}
	assert.True(t, p.Suspects(2, true, 1))
	assert.False(t, p.Due(time.Second+shortShare*outside-1, 0, true))
	assert.True(t, p.Due(time.Second+shortShare*outside, 0, true))
}

// What was in use when it was looked at need not be for ever.
func TestPacerLooksAgain(t *testing.T) {
	for _, short := range []bool{false, true} {
		collections := map[bool]int{false: longPatience, true: patience}[short]
		var p Pacer
		for range 2 {
			p.Done(Round{Suspicious: 500}, time.Second)
			for range collections - 1 {
				assert.False(t, p.Suspects(300, short, 1))
			}
			assert.True(t, p.Suspects(300, short, 1))
		}
		p.Done(Round{Suspicious: 500}, time.Second)
		for range 2 * longPatience {
			assert.False(t, p.Suspects(0, short, 1), "there is nothing")
		}
	}
}

// While memory is short, summaries that free nothing become rarer.
func TestPacerWhileNothingIsFreed(t *testing.T) {
	const price = time.Millisecond
	var p Pacer
	now := time.Second
	p.Done(Round{Suspicious: 1, Outside: price, Demoted: 10}, now)
	for _, factor := range []time.Duration{shortShare, 2 * shortShare, 4 * shortShare, share, share} {
		assert.False(t, p.Due(now+factor*price-1, 0, true))
		assert.True(t, p.Due(now+shortShare*price, 1, true), "something was freed")
		now += factor * price
		assert.True(t, p.Due(now, 0, true))
		p.Done(Round{Suspicious: 1, Outside: price, Demoted: 10}, now)
	}
	p.Done(Round{Suspicious: 1, Outside: price, Demoted: 10, Gone: 1}, now)
	assert.True(t, p.Due(now+shortShare*price, 0, true))
}

// Objects may be larger than their number tells.
func TestPacerOfLargeObjects(t *testing.T) {
	var p Pacer
	p.Done(Round{Least: 8 * time.Millisecond, Outside: time.Millisecond, Leading: time.Millisecond, Demoted: 10}, time.Second)
	assert.False(t, p.Due(time.Second+share*8*time.Millisecond-1, 0, false))
	assert.True(t, p.Due(time.Second+share*8*time.Millisecond, 0, false))
	assert.False(t, p.Due(time.Second+share*4*time.Millisecond-1, 10, false))
	assert.True(t, p.Due(time.Second+share*4*time.Millisecond, 10, false), "the rest is gone")
}

// Nobody knows what garbage holds: when Go's heap has doubled, it is looked at.
func TestPacerOfGrowingHeap(t *testing.T) {
	const price = time.Hour
	var p Pacer
	p.Done(Round{Suspicious: 100, Outside: price}, time.Second)
	assert.False(t, p.Suspects(101, false, 3*minGrowth))
	assert.False(t, p.Suspects(101, false, minGrowth), "the least counts")
	assert.False(t, p.Suspects(101, false, 2*minGrowth-1))
	assert.False(t, p.Due(2*time.Second, 0, false))
	assert.True(t, p.Suspects(101, false, 2*minGrowth))
	assert.True(t, p.Due(2*time.Second, 0, false))
	assert.False(t, p.Suspects(0, false, 9*minGrowth), "nothing is suspicious")

	p.Done(Round{Suspicious: 100, Outside: price}, 2*time.Second)
	assert.False(t, p.Suspects(100, false, 2*minGrowth))
	assert.False(t, p.Suspects(100, false, 6*minGrowth-1), "it did not help")
	assert.True(t, p.Suspects(100, false, 6*minGrowth))
	p.Done(Round{Suspicious: 100, Outside: price, Gone: 1}, 3*time.Second)
	assert.False(t, p.Suspects(100, false, 2*minGrowth))
	assert.True(t, p.Suspects(100, false, 4*minGrowth), "it did help")
}

// A summary that nobody has the time for is made in the end.
func TestPacerOverdue(t *testing.T) {
	const takes = 10 * time.Millisecond
	var p Pacer
	p.Done(Round{Suspicious: 100, Outside: time.Millisecond}, time.Second)
	assert.False(t, p.Overdue(time.Second+delay*share*takes-1, takes, 0, false))
	assert.True(t, p.Overdue(time.Second+delay*share*takes, takes, 0, false))
	assert.False(t, p.Overdue(time.Second+delay*shortShare*takes-1, takes, 0, true))
	assert.True(t, p.Overdue(time.Second+delay*shortShare*takes, takes, 0, true), "memory is short")
	assert.False(t, p.Suspects(101, false, 1))
	assert.True(t, p.Suspects(101, false, 2*minGrowth))
	assert.True(t, p.Overdue(time.Second+delay*shortShare*takes, takes, 0, false), "Go's heap has grown")
}
