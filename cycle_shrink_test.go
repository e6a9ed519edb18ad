package qjswasm_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// cycleShrinker takes steps out of a list for as long as the rest fails.
type cycleShrinker struct {
	t       *testing.T
	apart   bool
	until   time.Time
	steps   []cycleStep
	failure error
}

func shrinkCycle(t *testing.T, steps []cycleStep, apart bool, failure error) ([]cycleStep, error) {
	t.Helper()
	s := cycleShrinker{t: t, apart: apart, until: time.Now().Add(time.Minute), steps: steps, failure: failure}
	for i := range cycleBatch { // one program, or as few as possible
		if s.without(func(at int) bool { return s.steps[at].op.do != nil && s.steps[at].program != i }) {
			break
		}
	}
	for n := cycleBatch / 2; n > 0; n /= 2 {
		for i := 0; i < cycleBatch; i += n {
			s.without(func(at int) bool { p := s.steps[at].program; return s.steps[at].op.do != nil && i <= p && p < i+n })
		}
	}
	for i := range cycleOps {
		s.without(func(at int) bool { return s.steps[at].op == &cycleOps[i] })
	}
	for size := len(s.steps) / 2; size > 0; {
		smaller := false
		for from := 0; from < len(s.steps); {
			if s.without(func(at int) bool { return from <= at && at < from+size }) {
				smaller = true
			} else {
				from += size
			}
		}
		if !smaller || size > 1 {
			size /= 2
		}
	}
	return s.steps, s.failure
}

// cycleFault is what failed, whichever object it was and wherever.
func cycleFault(err error) string {
	text := err.Error()
	text = text[strings.LastIndex(text, ": ")+1:]
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, text)
}

// without takes steps out if the rest still fails.
func (s *cycleShrinker) without(out func(at int) bool) bool {
	var rest []cycleStep
	for at, step := range s.steps {
		if !out(at) {
			rest = append(rest, step)
		}
	}
	if len(rest) == len(s.steps) || time.Now().After(s.until) {
		return false
	}
	guest := warmCycleGuest(s.t, s.apart)
	defer guest.close(s.t)
	r := cycleRun{guest: guest, apart: s.apart}
	err := r.runCycle(slices.Clone(rest))
	if err == nil || cycleFault(err) != cycleFault(s.failure) {
		return false
	}
	s.steps, s.failure = rest, err
	return true
}

func (g *cycleGuest) close(t *testing.T) {
	t.Helper()
	assert.NoError(t, g.rt.Close()) // and let a panic pass
}
