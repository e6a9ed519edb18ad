package bridge

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/qjswasm/qjswasm/gc"
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
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 && len(s) >= 3 {
			r, n = rune(s[0]&0x0f)<<12|rune(s[1]&0x3f)<<6|rune(s[2]&0x3f), 3
			units = append(units, uint16(r))
		} else {
			units = utf16.AppendRune(units, r)
		}
		s = s[n:]
	}
	return units
}

// decodeLatin1 copies a Latin-1 string.
func decodeLatin1(b []byte) string {
	extra := 0
	for _, c := range b {
		extra += int(c >> 7)
	}
	if extra == 0 {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b) + extra)
	for _, c := range b {
		if c < utf8.RuneSelf {
			s.WriteByte(c)
		} else {
			s.WriteRune(rune(c))
		}
	}
	return s.String()
}

// decodeUTF16 copies a string of little-endian UTF-16 units.
func decodeUTF16(b []byte) Text {
	var t Text
	out := make([]byte, 0, len(b)+len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(binary.LittleEndian.Uint16(b[i:]))
		switch {
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
		out = append(out, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0xbf, 0x80|byte(r)&0xbf)
	}
	t.S = string(out)
	return t
}

// AppendString appends a Go string's record. Each invalid byte becomes U+FFFD.
func AppendString(b []byte, s string) []byte {
	tag := byte(abi.TapeUTF8)
	switch {
	case isASCII(s):
		tag = abi.TapeLatin1 // the guest copies it as it is
	case !utf8.ValidString(s):
		s = string([]rune(s))
	}
	b = append(b, tag)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// AppendText appends the record of a string that came out of a guest.
func AppendText(b []byte, t Text) []byte {
	if !t.Lone {
		return AppendString(b, t.S)
	}
	units := t.UTF16()
	b = append(b, abi.TapeUTF16)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(units)))
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
