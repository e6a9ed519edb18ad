package host

import "encoding/binary"

// NotASCII are the bits of a Word that no ASCII has.
const NotASCII = 0x8080808080808080

// Word is the first eight bytes of b, or all that there are, as a little-endian number.
func Word(b []byte) uint64 {
	le := binary.LittleEndian
	n := len(b)
	switch {
	case n >= 8:
		return le.Uint64(b)
	case n >= 4: // two halves that may overlap
		return uint64(le.Uint32(b)) | uint64(le.Uint32(b[n-4:]))<<(8*(n-4))
	case n > 0:
		return uint64(b[0]) | uint64(b[n/2])<<(8*(n/2)) | uint64(b[n-1])<<(8*(n-1))
	}
	return 0
}
