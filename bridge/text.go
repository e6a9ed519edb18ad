package bridge

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Text is a JS string in Go. S is WTF-8: UTF-8, in which a lone surrogate has its
// generalised three-byte form, so that nothing is lost.
// https://simonsapin.github.io/wtf-8/
type Text struct {
	S    string
	Lone bool // S has a lone surrogate and so is not valid UTF-8
}

// String returns the text as UTF-8, with U+FFFD for each lone surrogate.
func (t Text) String() string {
	if !t.Lone {
		return t.S
	}
	return string(utf16.Decode(t.UTF16()))
}

// UTF16 returns the string's UTF-16 code units. The caller owns the result.
func (t Text) UTF16() []uint16 {
	units := make([]uint16, 0, len(t.S))
	for s := t.S; s != ""; {
		if r, ok := surrogate(s); ok {
			units = append(units, uint16(r))
			s = s[3:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		units = utf16.AppendRune(units, r)
		s = s[n:]
	}
	return units
}

// surrogate reads the three-byte form of a surrogate at the start of s.
func surrogate(s string) (r rune, ok bool) {
	if len(s) < 3 || s[0] != 0xed || s[1] < 0xa0 || s[1] > 0xbf || s[2] < 0x80 || s[2] > 0xbf {
		return 0, false
	}
	return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), true
}

// decodeText copies the code units of a string record.
func decodeText(tag byte, units []byte) Text {
	switch tag {
	case abi.TapeLatin1:
		return Text{S: decodeLatin1(units)}
	case abi.TapeUTF16:
		return decodeUTF16(units)
	}
	return decodeWTF8(units)
}

// clipMark ends a text that was cut.
const clipMark = "… (cut)"

// clip cuts a text that is longer than max bytes, between two characters.
func clip(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max] + clipMark
}

// decodeLatin1 copies a Latin-1 string.
func decodeLatin1(b []byte) string {
	n := asciiLen(b)
	if n == len(b) {
		return host.StringPieces(b)
	}
	extra := 0
	for _, c := range b[n:] {
		extra += int(c >> 7)
	}
	out := make([]byte, len(b)+extra)
	host.CopyPieces(out, b[:n])
	i := n
	for _, c := range b[n:] {
		if c < utf8.RuneSelf {
			out[i] = c
			i++
		} else {
			out[i], out[i+1] = 0xc0|c>>6, 0x80|c&0x3f
			i += 2
		}
	}
	return unsafe.String(unsafe.SliceData(out), len(out))
}

// decodeUTF16 copies a string of little-endian UTF-16 units.
func decodeUTF16(b []byte) Text {
	size := 0
	for i := 0; i+1 < len(b); i += 2 {
		switch u := binary.LittleEndian.Uint16(b[i:]); {
		case u < 0x80:
			size++
		case u < 0x800, u >= 0xd800 && u < 0xe000: // one of a pair; append makes room for a lone one
			size += 2
		default:
			size += 3
		}
	}
	var t Text
	out := make([]byte, 0, size)
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(binary.LittleEndian.Uint16(b[i:]))
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
			continue
		case !utf16.IsSurrogate(r):
			out = utf8.AppendRune(out, r)
			continue
		case i+3 < len(b):
			if pair := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b[i+2:]))); pair != utf8.RuneError {
				out = utf8.AppendRune(out, pair)
				i += 2
				continue
			}
		}
		t.Lone = true
		out = append(out, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	t.S = unsafe.String(unsafe.SliceData(out), len(out))
	return t
}

// decodeWTF8 copies a WTF-8 string. Any other invalid byte becomes U+FFFD.
func decodeWTF8(b []byte) Text {
	t := Text{S: host.StringPieces(b)}
	if utf8.ValidString(t.S) {
		return t
	}
	var out strings.Builder
	out.Grow(len(b) + len(b)/2)
	for s := t.S; s != ""; {
		r, n := utf8.DecodeRuneInString(s)
		if _, ok := surrogate(s); ok {
			n, t.Lone = 3, true
			out.WriteString(s[:n])
		} else {
			out.WriteRune(r)
		}
		s = s[n:]
	}
	t.S = out.String()
	return t
}

// validUTF8 replaces each invalid byte by U+FFFD, as a conversion to runes does.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// PutString appends a Go string's record, if it fits. Each invalid byte becomes
// U+FFFD.
func PutString(r *host.Request, s string) {
	if len(s) >= abi.TapeLarge && putLarge(r, s) || !r.Fits(len(s)) {
		return
	}
	r.Buf = appendString(r.Buf, s)
}

// ReturnString makes a Go string the result of an invocation, as PutString has it.
func ReturnString(inv *host.Invocation, s string) uint32 {
	if !inv.ReturnText(s) {
		PutString(inv.ReturnTape(), s)
	}
	return abi.StatusOK
}

// PutText appends the record of a string that came out of a guest, if it fits.
func PutText(r *host.Request, t Text) {
	switch {
	case !t.Lone:
		PutString(r, t.S)
	case r.Fits(len(t.S)):
		r.Buf = appendLone(r.Buf, t)
	}
}

func appendString(b []byte, s string) []byte {
	tag := byte(abi.TapeUTF8)
	if asciiLen(bytesOf(s)) == len(s) {
		tag = abi.TapeLatin1 // the guest copies it as it is
	} else {
		s = validUTF8(s)
	}
	b = append(b, tag)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return host.AppendPieces(b, s)
}

// appendLone appends the record of a string with lone surrogates.
func appendLone(b []byte, t Text) []byte {
	units := t.UTF16()
	b = append(b, abi.TapeUTF16)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(units)))
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// bytesOf is a string's bytes, to be read only.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// asciiLen is the length of the prefix of b that is ASCII. It looks at many bytes at
// a time, for every string passes through here.
func asciiLen(b []byte) int {
	i := 0
	for ; len(b)-i >= 32; i += 32 {
		w := b[i : i+32 : i+32]
		le := binary.LittleEndian
		if (le.Uint64(w)|le.Uint64(w[8:])|le.Uint64(w[16:])|le.Uint64(w[24:]))&host.NotASCII != 0 {
			break
		}
	}
	for ; len(b)-i >= 8; i += 8 {
		if high := binary.LittleEndian.Uint64(b[i:]) & host.NotASCII; high != 0 {
			return i + bits.TrailingZeros64(high)/8
		}
	}
	if i < len(b) {
		if high := host.Word(b[i:]) & host.NotASCII; high != 0 {
			return i + bits.TrailingZeros64(high)/8
		}
	}
	return len(b)
}

// AppendRoot appends the record of a value in the root table.
func AppendRoot(b []byte, r gc.Root) []byte {
	b = append(b, abi.TapeRoot)
	b = binary.LittleEndian.AppendUint32(b, r.Index)
	b = binary.LittleEndian.AppendUint32(b, r.Generation)
	return binary.LittleEndian.AppendUint32(b, 0)
}

// AppendRaw appends the record of a borrowed cell.
func AppendRaw(b []byte, cell uint64) []byte {
	return binary.LittleEndian.AppendUint64(append(b, abi.TapeRaw), cell)
}
