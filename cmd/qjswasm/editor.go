package main

import (
	"bufio"
	"errors"
	"os"
	"strings"

	"github.com/peterh/liner"
)

// editor reads the lines of a REPL.
type editor interface {
	// readLine returns a line without its end, errAborted after Ctrl-C, io.EOF
	// at the end, which may come together with a last line.
	readLine(prompt string) (string, error)
	remember(line string)
	close()
}

var errAborted = errors.New("Ctrl-C")

// newEditor returns a line editor if a person is there, a plain reader if not.
func newEditor(s *streams, complete liner.WordCompleter) editor {
	if s.in != os.Stdin || s.out != os.Stdout || !isTerminal(s.in) || !isTerminal(s.out) || !liner.TerminalSupported() {
		return &lineReader{in: bufio.NewReader(s.in)}
	}
	e := &lineEditor{State: liner.NewLiner(), history: newHistory()}
	e.SetCtrlCAborts(true)
	e.SetMultiLineMode(true) // long lines wrap
	e.SetTabCompletionStyle(liner.TabPrints)
	e.SetWordCompleter(complete)
	for _, line := range e.history.load() {
		e.AppendHistory(line)
	}
	return e
}

type lineEditor struct {
	*liner.State
	history history
}

func (e *lineEditor) readLine(prompt string) (string, error) {
	line, err := e.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		err = errAborted
	}
	return line, err
}

func (e *lineEditor) remember(line string) {
	if strings.TrimSpace(line) != "" {
		e.AppendHistory(line)
		e.history.add(line)
	}
}

func (e *lineEditor) close() { e.Close() }

// lineReader is for input from a pipe or a file; it prints no prompts.
type lineReader struct{ in *bufio.Reader }

func (r *lineReader) readLine(string) (string, error) {
	line, err := r.in.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

func (r *lineReader) remember(string) {}

func (r *lineReader) close() {}
