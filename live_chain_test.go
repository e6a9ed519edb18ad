package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type liveChain struct {
	Next *liveChain `js:"next"`
	Text string     `js:"text"`
	Any  any        `js:"any"`
	In   struct {
		Text string `js:"text"`
	} `js:"in"`
}

// What was assigned first is still there, inside of what replaces it.
func TestLiveChainCountsAgainstTheLimit(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 1 << 20})
	var head liveChain
	require.NoError(t, rt.Set("o", qjswasm.Live(&head)))
	_, err := rt.Eval(ctx, `for (let i = 0; i < 1000; i++) o.next = {next: o.next, text: "x".repeat(10000)}`)
	assert.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	_, err = rt.Eval(ctx, `for (let i = 0; i < 1000; i++) o.any = [o.any, "x".repeat(10000)]`)
	assert.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	_, err = rt.Eval(ctx, `const kept = []; for (let i = 0; i < 1000; i++) { kept.push(o.in); o.in = {text: "x".repeat(10000)} }`)
	assert.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)
}
