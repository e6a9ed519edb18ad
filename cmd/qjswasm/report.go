package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/qjswasm/qjswasm"
)

// reportTimeout bounds the printing of an error, whose value a script made.
const reportTimeout = 5 * time.Second

// report prints what a script ended with on standard error.
func (s *session) report(err error) {
	w := s.stderr()
	var js *qjswasm.Error
	var unhandled rejections
	switch {
	case errors.Is(err, errSIGINT):
		fmt.Fprintln(w, "qjswasm: interrupted")
		return
	case errors.Is(err, qjswasm.ErrInterrupted):
		fmt.Fprintf(w, "qjswasm: timeout: the script was stopped after %v (--timeout)\n", time.Duration(s.limits.timeout))
		return
	case errors.Is(err, qjswasm.ErrFuel):
		fmt.Fprintf(w, "qjswasm: out of fuel: the script was stopped after %v steps (--fuel)\n", &s.limits.fuel)
		return
	case errors.As(err, &unhandled):
		for _, e := range unhandled {
			s.reportException("Uncaught (in promise)", e)
		}
	case errors.As(err, &js):
		s.reportException("Uncaught", js)
	case errors.Is(err, qjswasm.ErrUnsettled):
		fmt.Fprintln(w, "qjswasm: the script waits (await) for a promise that nothing will settle")
	case !errors.Is(err, qjswasm.ErrMemoryLimit):
		fmt.Fprintf(w, "qjswasm: %s\n", plain(err))
	}
	if errors.Is(err, qjswasm.ErrMemoryLimit) {
		fmt.Fprintf(w, "qjswasm: the script used up its memory of %v (--memory)\n", &s.limits.memory)
	}
}

// reportException prints one exception. An Error object is left to the guest's
// inspector, which shows causes, the errors of an AggregateError and other
// properties, and runs no code of the script.
func (s *session) reportException(label string, e *qjswasm.Error) {
	w := s.stderr()
	if line, caret, ok := s.excerpt(e); ok {
		f := e.Frames[0]
		fmt.Fprintf(w, "%s:%d:%d\n%s\n%s\n", f.File, f.Line, f.Column, line, caret)
		fmt.Fprintf(w, "%s %s\n", label, e.Error())
		for _, f := range strings.Split(e.Stack, "\n")[1:] {
			fmt.Fprintln(w, f)
		}
		return
	}
	if v := e.Value(); v != nil && v.IsError() && (e.Stack != "" || e.Name == "AggregateError") {
		ctx, cancel := context.WithTimeout(context.Background(), reportTimeout)
		defer cancel()
		if _, err := s.consoleError.Call(ctx, nil, label, v); err == nil {
			return
		}
	}
	fmt.Fprintf(w, "%s %s\n", label, strings.TrimPrefix(e.Error(), "qjswasm: thrown: "))
	if e.Stack != "" {
		fmt.Fprintln(w, e.Stack)
	}
}

// plain is an error's text without the library's prefix, which is the program's
// name too.
func plain(err error) string { return strings.TrimPrefix(err.Error(), "qjswasm: ") }
