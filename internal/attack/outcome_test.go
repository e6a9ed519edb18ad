package attack

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestResultOf(t *testing.T) {
	js := &qjswasm.Error{Name: "TypeError", Message: "no"}
	for want, err := range map[string]error{
		"interrupted":        fmt.Errorf("%w: %w", qjswasm.ErrInterrupted, context.DeadlineExceeded),
		"memory":             qjswasm.ErrMemoryLimit,
		"stack":              qjswasm.ErrStackOverflow,
		"unsettled":          qjswasm.ErrUnsettled,
		"host":               fmt.Errorf("wrapped: %w", errHost),
		"error TypeError no": js,
		"error thrown x":     &qjswasm.Error{Message: "x"},
		"dead qjswasm: runtime is dead and can only be closed": qjswasm.ErrDead,
		"convert qjswasm: cannot convert JS Proxy to Go int":   &qjswasm.ConvertError{From: "JS Proxy", To: "Go int"},
		"unexpected other": errors.New("other"),
		"unexpected " + qjswasm.ErrInterrupted.Error() + " by somebody else": fmt.Errorf("%w by somebody else", qjswasm.ErrInterrupted),
	} {
		assert.Equal(t, want, resultOf(err).String())
	}
}

func TestOutcomeMatches(t *testing.T) {
	for text, r := range map[string]Result{
		"value a b":           {Kind: "value", Text: "a b"},
		"value":               {Kind: "value"},
		"memory":              {Kind: "memory"},
		"error TypeError":     {Kind: "error", Name: "TypeError", Text: "anything"},
		"error TypeError /y/": {Kind: "error", Name: "TypeError", Text: "any"},
		"error * /^any$/":     {Kind: "error", Name: "RangeError", Text: "any"},
		"convert /Proxy/":     {Kind: "convert", Text: "a Proxy"},
		"panic p":             {Kind: "panic", Text: "p"},
	} {
		o, err := ParseOutcome(text)
		require.NoError(t, err)
		assert.True(t, o.Matches(r), text)
		for _, other := range []Result{
			{Kind: "dead"}, {Kind: "value", Text: "b"}, {Kind: "error", Name: "Error", Text: "y"}, {Kind: "convert"}, {Kind: "panic", Text: "q"},
		} {
			assert.False(t, o.Matches(other), "%s is not %s", text, other)
		}
	}
}
