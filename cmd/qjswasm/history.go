package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// maxHistory is how many lines are kept.
const maxHistory = 1000

// history is the file of lines typed before. A REPL works without it, so what
// goes wrong with it is not worth a word.
type history struct{ path string }

func newHistory() history {
	dir, err := os.UserConfigDir()
	if err != nil {
		return history{}
	}
	return history{filepath.Join(dir, "qjswasm", "history")}
}

// load returns the lines, oldest first, and shortens the file if it has grown to
// twice what is kept.
func (h history) load() []string {
	f, err := os.Open(h.path)
	if err != nil {
		return nil
	}
	defer f.Close()
	var lines []string
	in := bufio.NewReader(io.LimitReader(f, 16<<20))
	for {
		line, err := in.ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line != "" && utf8.ValidString(line) {
			lines = append(lines, line)
		}
		if err != nil {
			break
		}
	}
	kept := lines[max(0, len(lines)-maxHistory):]
	if len(lines) > 2*maxHistory {
		_ = os.WriteFile(h.path, []byte(strings.Join(kept, "\n")+"\n"), 0o600)
	}
	return kept
}

// add appends a line. Each is written at once, so that several REPLs can share
// the file and none is lost when one is killed.
func (h history) add(line string) {
	if h.path == "" || os.MkdirAll(filepath.Dir(h.path), 0o700) != nil {
		return
	}
	f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(line + "\n")
	_ = f.Close()
}
