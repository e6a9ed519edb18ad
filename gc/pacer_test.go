package gc

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPacer(t *testing.T) {
	var p Pacer
	const outside, leading = time.Millisecond, 10 * time.Millisecond
	assert.False(t, p.Suspects(minSuspicious-1, false))
	assert.True(t, p.Suspects(minSuspicious, false))
	assert.True(t, p.Due(0, 0, false), "nothing is known of the price")

	const many = 10 * minSuspicious
	p.Done(Round{Suspicious: many, Demoted: 1000, Outside: outside / 2, Bare: outside / 2, Leading: leading}, time.Second)
	assert.False(t, p.Suspects(many+many/4-1, false))
	assert.True(t, p.Suspects(many+many/4, false))
	assert.False(t, p.Due(time.Second+share*(outside+leading)-1, 0, false), "it takes a small part of the time")
	assert.True(t, p.Due(time.Second+share*(outside+leading), 0, false))
	assert.False(t, p.Due(time.Second+share*(outside+leading/10)-1, 900, false), "garbage is not charged")
	assert.True(t, p.Due(time.Second+share*(outside+leading/10), 900, false))
	assert.True(t, p.Due(time.Second+share*outside, 2000, false))

	assert.False(t, p.Suspects(many/10, false), "the rest was garbage")
	assert.True(t, p.Suspects(many/10+minSuspicious, false))

	assert.False(t, p.Suspects(0, false))
	assert.False(t, p.Suspects(minSuspicious-1, false))
	assert.True(t, p.Suspects(minSuspicious, false))

	// A few are looked at when they have stayed for long, or when memory is short.
	p = Pacer{}
	for range patience - 1 {
		assert.False(t, p.Suspects(1, false))
	}
	assert.True(t, p.Suspects(1, false))
	p.Done(Round{Suspicious: 1, Outside: outside}, time.Second)
	for range 3 * patience {
		assert.False(t, p.Suspects(1, true), "there are no more than before")
	}
	assert.True(t, p.Suspects(2, true))
	assert.False(t, p.Due(time.Second+shortShare*outside-1, 0, true))
	assert.True(t, p.Due(time.Second+shortShare*outside, 0, true))
}
