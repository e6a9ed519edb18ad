package gc

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPacer(t *testing.T) {
	var p Pacer
	const outside, leading = time.Millisecond, 10 * time.Millisecond
	assert.False(t, p.Suspects(minSuspicious-1))
	assert.True(t, p.Suspects(minSuspicious))
	assert.True(t, p.Due(0, 0), "nothing is known of the price")

	const many = 10 * minSuspicious
	p.Done(Round{Suspicious: many, Demoted: 1000, Outside: outside / 2, Bare: outside / 2, Leading: leading}, time.Second)
	assert.False(t, p.Suspects(many+many/4-1))
	assert.True(t, p.Suspects(many+many/4))
	assert.False(t, p.Due(time.Second+share*(outside+leading)-1, 0), "it takes a small part of the time")
	assert.True(t, p.Due(time.Second+share*(outside+leading), 0))
	assert.False(t, p.Due(time.Second+share*(outside+leading/10)-1, 900), "garbage is not charged")
	assert.True(t, p.Due(time.Second+share*(outside+leading/10), 900))
	assert.True(t, p.Due(time.Second+share*outside, 2000))

	assert.False(t, p.Suspects(many/10), "the rest was garbage")
	assert.True(t, p.Suspects(many/10+minSuspicious))

	assert.False(t, p.Suspects(0))
	assert.False(t, p.Suspects(minSuspicious-1))
	assert.True(t, p.Suspects(minSuspicious))
}
