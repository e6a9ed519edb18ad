package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What an async iterator's next returns is awaited, be it a promise or not.
func TestIterateAwaitsThenables(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `({[Symbol.asyncIterator]: () => { let n = 0; return {next: () => ({then(f) { f(n < 2 ? {value: ++n} : {done: true}) }})} }})`)
	var got []int
	for x, err := range qjswasm.Iterate[int](ctx, v) {
		require.NoError(t, err)
		got = append(got, x)
		require.Less(t, len(got), 5)
	}
	assert.Equal(t, []int{1, 2}, got)
}
