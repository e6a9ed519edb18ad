package main

import (
	"bufio"
	"io"
	"os"

	"golang.org/x/term"
)

// console carries a script's output. Standard output is buffered, since scripts
// print line by line; it is flushed before anything goes to standard error, so
// that the two keep their order where they end up in one place.
type console struct {
	out      *bufio.Writer
	err      io.Writer
	live     bool // someone is watching: flush after each write
	colorOut bool
	colorErr bool
}

func newConsole(s *streams) *console {
	return &console{
		out:      bufio.NewWriterSize(s.out, 64<<10),
		err:      s.err,
		live:     isTerminal(s.out),
		colorOut: colorful(s.out),
		colorErr: colorful(s.err),
	}
}

// stdout and stderr are the two ends for Options.
func (c *console) stdout() io.Writer { return stdoutEnd{c} }
func (c *console) stderr() io.Writer { return stderrEnd{c} }

func (c *console) flush() error { return c.out.Flush() }

type stdoutEnd struct{ *console }

func (c stdoutEnd) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	if err == nil && c.live {
		err = c.out.Flush()
	}
	return n, err
}

type stderrEnd struct{ *console }

func (c stderrEnd) Write(b []byte) (int, error) {
	if err := c.out.Flush(); err != nil {
		return 0, err
	}
	return c.err.Write(b)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colorful tells whether a stream shows ANSI colours and the user wants them.
func colorful(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && isTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && enableColors(f)
}
