package host

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWord(t *testing.T) {
	b := []byte{0x81, 0x42, 0xc3, 0x24, 0xa5, 0x66, 0xe7, 0x18, 0xff}
	for n := range len(b) + 1 {
		var want [8]byte
		copy(want[:], b[:n])
		require.Equal(t, binary.LittleEndian.Uint64(want[:]), Word(b[:n]), n)
	}
}
