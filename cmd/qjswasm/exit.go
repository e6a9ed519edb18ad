package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/qjswasm/qjswasm"
)

// Exit statuses. 124, 130 and 137 are what timeout(1), a shell after Ctrl-C and
// an out-of-memory kill have taught people to expect.
const (
	exitOK        = 0
	exitException = 1
	exitUsage     = 2
	exitTimeout   = 124
	exitInterrupt = 130
	exitMemory    = 137
)

// usageError is a mistake of the user. With no text, all has been said already.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// statusError ends the program with a status, after a line on stderr if it has
// a text.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// badInput is about a file or a folder that cannot be used.
func badInput(format string, args ...any) error {
	return &statusError{exitUsage, fmt.Sprintf(format, args...)}
}

// fail prints what an invocation ended with, unless it has been printed, and
// returns the exit status.
func fail(stderr io.Writer, err error) int {
	var status *statusError
	if errors.As(err, &status) {
		if status.text != "" {
			fmt.Fprintf(stderr, "qjswasm: %s\n", status.text)
		}
		return status.status
	}
	var usage *usageError
	if !errors.As(err, &usage) {
		// Cobra's own complaints, such as a missing argument, are about usage too.
		usage = &usageError{text: err.Error()}
	}
	if usage.text != "" {
		fmt.Fprintf(stderr, "qjswasm: %s (see qjswasm --help)\n", usage.text)
	}
	return exitUsage
}

// statusOf returns the exit status for what a script ended with.
func statusOf(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSIGINT):
		return exitInterrupt
	case errors.Is(err, qjswasm.ErrInterrupted), errors.Is(err, qjswasm.ErrFuel):
		return exitTimeout
	case errors.Is(err, qjswasm.ErrMemoryLimit):
		return exitMemory
	}
	return exitException
}
