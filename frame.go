package qjswasm

import (
	"strconv"
	"strings"
	"unsafe"
)

// Frame is one line of a JS stack trace.
type Frame struct {
	Function string // "<anonymous>" if it has no name, "<eval>" for the top level
	File     string // "native" for built-ins and Go functions, empty if unknown
	Line     int    // from 1, 0 if unknown
	Column   int    // from 1, 0 if unknown
}

const (
	// maxFrames bounds Error.Frames, in an error and all inside it.
	maxFrames = 1000

	frameSize = int(unsafe.Sizeof(Frame{}))
)

// String returns the frame as a line of a stack trace has it, without "at".
func (f Frame) String() string {
	place := f.File
	if f.Line > 0 {
		place += ":" + strconv.Itoa(f.Line)
		if f.Column > 0 {
			place += ":" + strconv.Itoa(f.Column)
		}
	}
	switch {
	case f.Function == "":
		return place
	case place == "":
		return f.Function
	}
	return f.Function + " (" + place + ")"
}

// parseFrames takes a stack apart, up to max frames. The engine writes lines such
// as "    at f (file.js:3:7)", "    at f (native)" and, for a syntax error,
// "    at file.js:3:7"; but the names in them are the script's, and so may be all.
// Lines that are no frames, as a message before them, are passed over.
func parseFrames(stack string, max int) []Frame {
	var frames []Frame
	for line := range strings.Lines(stack) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "at ")
		if !ok {
			continue
		}
		if len(frames) >= max {
			break
		}
		frames = append(frames, parseFrame(line))
	}
	return frames
}

func parseFrame(line string) Frame {
	function, place := cutPlace(line)
	switch place {
	case "missing", "<null>": // what the engine says when it does not know
		return Frame{Function: function}
	}
	f := Frame{Function: function}
	f.File, f.Column = cutNumber(place)
	f.File, f.Line = cutNumber(f.File)
	if f.Line == 0 { // one number only
		f.Line, f.Column = f.Column, 0
	}
	if f.File == "<null>" {
		f.File = ""
	}
	return f
}

// cutPlace splits "f (place)" in two. Both may have parentheses of their own:
// the last one is matched.
func cutPlace(line string) (function, place string) {
	if !strings.HasSuffix(line, ")") {
		return "", line
	}
	open := 0
	for i := len(line) - 1; i > 0; i-- {
		switch line[i] {
		case ')':
			open++
		case '(':
			if open--; open == 0 && line[i-1] == ' ' {
				return line[:i-1], line[i+1 : len(line)-1]
			}
		}
	}
	if i := strings.LastIndex(line, " ("); i >= 0 { // they do not match
		return line[:i], line[i+2 : len(line)-1]
	}
	return "", line
}

// cutNumber splits "name:12" in two.
func cutNumber(s string) (string, int) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || !isDigits(s[i+1:]) {
		return s, 0
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil || n <= 0 {
		return s, 0
	}
	return s[:i], n
}

// isDigits tells whether s is all digits: Atoi takes signs.
func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
