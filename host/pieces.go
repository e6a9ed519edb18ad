package host

import "strings"

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

// ClonePieces returns a copy of what may be large.
func ClonePieces(b []byte) []byte { return AppendPieces(make([]byte, 0, len(b)), b) }

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
