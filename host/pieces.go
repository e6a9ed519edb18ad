package host

import (
	"strings"
	"unsafe"
)

// piece is how much is copied at a time, in bytes: a copy of Go's cannot be
// preempted, and a garbage collection waits for it with all other goroutines.
const piece = 1 << 18

// AppendPieces is append for what may be large.
func AppendPieces[T string | []byte](b []byte, s T) []byte {
	if len(s) <= piece {
		return append(b, s...)
	}
	if cap(b)-len(b) < len(s) {
		b = AppendPieces(make([]byte, 0, len(b)+len(s)+piece), b)
	}
	for len(s) > piece {
		b, s = append(b, s[:piece]...), s[piece:]
	}
	return append(b, s...)
}

// ClonePieces returns a copy of what may be large, empty and not nil if that is empty.
func ClonePieces(b []byte) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	// Unlike make, a Builder does not clear the memory first. Nobody else has the
	// string, so it may become a slice.
	s := StringPieces(b)
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// CopyPieces is copy for what may be large.
func CopyPieces[T string | []byte](to []byte, from T) {
	for len(from) > piece && len(to) > piece {
		copy(to[:piece], from[:piece])
		to, from = to[piece:], from[piece:]
	}
	copy(to, from)
}

// CopyString is the Transcoder for what is in the guest's form already.
func CopyString(to []byte, s string) { CopyPieces(to, s) }

// StringPieces is string(b) for what may be large.
func StringPieces(b []byte) string {
	if len(b) <= piece {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b))
	for len(b) > piece {
		s.Write(b[:piece])
		b = b[piece:]
	}
	s.Write(b)
	return s.String()
}
