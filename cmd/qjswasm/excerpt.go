package main

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/qjswasm/qjswasm"
)

// excerptWidth is how much of a long line is shown on either side of the column.
const excerptWidth = 60

// excerpt returns the source line of a syntax error and a line with a caret to
// go below it. It fails for anything else, and where the source is not known.
func (s *session) excerpt(e *qjswasm.Error) (line, caret string, ok bool) {
	// The place of a syntax error is a frame without a function.
	if e.Name != "SyntaxError" || len(e.Frames) == 0 || e.Frames[0].Function != "" || e.Frames[0].Line == 0 {
		return "", "", false
	}
	f := e.Frames[0]
	code, ok := s.sources[f.File]
	if !ok {
		if code, ok = s.loader.source(f.File); !ok {
			return "", "", false
		}
	}
	if line, ok = nthLine(code, f.Line); !ok {
		return "", "", false
	}
	line, caret = point(line, f.Column)
	return line, caret, true
}

func nthLine(code string, n int) (string, bool) {
	for line := range strings.Lines(code) {
		if n--; n == 0 {
			return strings.TrimRight(line, "\r\n"), true
		}
	}
	// An error at the end of a file that ends in a newline.
	return "", n == 1
}

// point clips the line around a column, which counts bytes from 1 as the
// engine's parser does, and makes the line with the caret.
func point(line string, column int) (clipped, caret string) {
	at := min(max(column-1, 0), len(line))
	from := runeStart(line, max(0, at-excerptWidth))
	to := runeStart(line, min(len(line), at+excerptWidth))
	at = runeStart(line, at)
	var pad strings.Builder
	for _, r := range line[from:at] {
		if r == '\t' {
			pad.WriteRune(r)
		} else {
			pad.WriteString(strings.Repeat(" ", runewidth.RuneWidth(r)))
		}
	}
	return line[from:to], pad.String() + "^"
}

// runeStart moves i back to the start of a rune.
func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
