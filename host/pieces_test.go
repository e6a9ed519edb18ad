package host

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPieces(t *testing.T) {
	for _, n := range []int{0, 1, piece - 1, piece, piece + 1, 3*piece + 7} {
		b := bytes.Repeat([]byte("0123456789abcde"), n/15+1)[:n]
		assert.Equal(t, string(b), StringPieces(b))
		assert.Equal(t, b, ClonePieces(b))
		for _, to := range [][]byte{nil, []byte("head"), make([]byte, 3, 4*piece), bytes.Repeat([]byte("x"), 2*piece)} {
			want := append(bytes.Clone(to), b...)
			assert.True(t, bytes.Equal(want, AppendPieces(to[:len(to):len(to)], b)), "%d bytes to %d", n, len(to))
			assert.True(t, bytes.Equal(want, AppendPieces(to, string(b))), "%d bytes to %d", n, len(to))
		}
	}
}
