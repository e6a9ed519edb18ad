package bridge

import (
	"encoding/binary"
	"unicode/utf16"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// putLarge appends the record of a string whose units are written straight to where
// the guest keeps them, in the form in which it keeps them. ok is false, and nothing
// appended, for one that is not large in that form.
func putLarge(r *host.Request, s string) (ok bool) {
	tag, units, size := byte(abi.TapeLatin1), len(s), len(s)
	write := host.Transcoder(host.CopyString)
	if n := asciiLen(bytesOf(s)); n < len(s) {
		tag, units = measure(s[n:])
		units += n
		size, write = units, toLatin1
		if tag == abi.TapeUTF16 {
			size, write = 2*units, toUTF16
		}
	}
	r.Buf = append(r.Buf, tag)
	if !r.Block(tag, units, size, s, write) {
		r.Buf = r.Buf[:len(r.Buf)-1]
		return false
	}
	return true
}

// measure tells in which form the guest keeps s, and how many units that has.
func measure(s string) (tag byte, units int) {
	wide := 0
	for _, c := range s {
		units++
		wide |= int(c) >> 8
		if c > 0xffff {
			units++
		}
	}
	if wide != 0 {
		return abi.TapeUTF16, units
	}
	return abi.TapeLatin1, units
}

// toLatin1 is the Transcoder for a string of characters up to U+00FF.
func toLatin1(to []byte, s string) {
	n := asciiLen(bytesOf(s))
	host.CopyPieces(to, s[:n])
	for _, c := range s[n:] {
		to[n] = byte(c)
		n++
	}
}

// toUTF16 is the Transcoder for any other.
func toUTF16(to []byte, s string) {
	i := 0
	for _, c := range s { // an invalid byte is U+FFFD
		if c > 0xffff {
			high, low := utf16.EncodeRune(c)
			binary.LittleEndian.PutUint16(to[i:], uint16(high))
			i += 2
			c = low
		}
		binary.LittleEndian.PutUint16(to[i:], uint16(c))
		i += 2
	}
}
