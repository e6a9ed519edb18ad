package qjswasm_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// The engine looks at eight characters at a time. Here they are at all positions,
// beside others that differ from them by one bit, or by one.
func TestCharactersAreFoundAtAllPositions(t *testing.T) {
	rt := newRuntime(t, nil)
	assert.Equal(t, "", eval(t, rt, `(() => {
	const chars = ['\x00', '\x01', '\x7f', '\x80', '\x81', '\xff', 'a', '`+"`"+`', 'b']
	for (const c of chars) for (const d of chars) for (let len = 0; len < 20; len++) for (let at = 0; at <= len; at++) {
		const s = d.repeat(at) + (at < len ? c + chars[(len + at) % chars.length].repeat(len - at - 1) : '')
		for (const from of [0, 1, 7]) {
			let want = -1
			for (let i = from; i < len && want < 0; i++) if (s.charCodeAt(i) === c.charCodeAt(0)) want = i
			if (s.indexOf(c, from) !== want) return JSON.stringify([s, c, from, want])
		}
	}
	return ''
})()`).String())
}

// So does the conversion to UTF-8, which JSON.parse begins with.
func TestCharactersAreConvertedAtAllPositions(t *testing.T) {
	rt := newRuntime(t, nil)
	assert.Equal(t, "", eval(t, rt, `(() => {
	for (let len = 1; len < 40; len++) for (let at = 0; at < len; at++) for (const c of ['\x7f', '\x80', '\xff', '\u0100', '😀']) {
		const s = 'x'.repeat(at) + c + 'x'.repeat(len - at - 1)
		if (JSON.parse('"' + s + '"') !== s) return JSON.stringify(s)
	}
	return ''
})()`).String())
}

// Strings that host functions return take one of two ways, by their length and by
// what is in them. Both make strings that are good for all that strings are for.
func TestReturnedStringsOfAllLengths(t *testing.T) {
	rt := newRuntime(t, nil)
	var s string
	typed := func() string { return s }
	require.NoError(t, rt.Set("typed", typed))
	require.NoError(t, rt.Set("dynamic", func(*qjswasm.Call) (any, error) { return s, nil }))
	require.NoError(t, rt.Set("raw", func(c *qjswasm.Call) error {
		c.ReturnString(s)
		_, err := rt.Eval(ctx, "other()") // whose result goes the same way
		return err
	}))
	require.NoError(t, rt.Set("other", func() string { return strings.Repeat("?", 60) }))
	check := eval(t, rt, `((f, want, n) => {
	const s = f()
	if (s !== want || s.length !== n || ({[want]: 1})[s] !== 1) return JSON.stringify([s, want, n])
	return (s + '!').slice(0, -1) === want && [...s].join('') === want ? '' : 'cannot be used: ' + want
})`)
	for _, end := range []string{"", "z", "é", "\x00", "漢", "\xff"} {
		for n := range 80 {
			s = strings.Repeat("abcdefg", 12)[:n] + end
			for _, f := range []string{"typed", "dynamic", "raw"} {
				want := strings.ToValidUTF8(s, "\ufffd")
				got, err := check.Call(ctx, nil, eval(t, rt, f), want, len([]rune(want)))
				require.NoError(t, err)
				require.Empty(t, got.String(), f)
			}
		}
	}
}

// Both ways, with another character at each position.
func TestStringsOfAllLengthsCross(t *testing.T) {
	rt := newRuntime(t, nil)
	var seen, result string
	require.NoError(t, rt.Set("typed", func(s string) string { seen = s; return result }))
	require.NoError(t, rt.Set("raw", func(c *qjswasm.Call) error {
		seen = c.Str(0)
		_ = c.Return("another result that is forgotten")
		c.ReturnString(result)
		return nil
	}))
	same, err := qjswasm.As[func(string, string) (bool, error)](eval(t, rt, `(s, r) => {
		const x = typed(s), y = raw(s)
		return x === r && y === r && x.length === r.length && x + '' + y === r + r && ({ [r]: 1 })[x] === 1
	}`))
	require.NoError(t, err)
	check := func(s string) {
		result = s
		ok, err := same(s, s)
		require.NoError(t, err)
		require.True(t, ok, "%q", s)
		require.Equal(t, s, seen)
	}
	const letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789"
	for n := range len(letters) {
		check(letters[:n])
		for at := 0; at < n; at++ {
			for _, c := range []string{"\x00", "\x7f", "\u0080", "é", "ÿ", "Ā", "😀"} {
				check(letters[:at] + c + letters[at+1:n])
			}
		}
	}
}
