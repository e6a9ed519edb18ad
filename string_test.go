package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
