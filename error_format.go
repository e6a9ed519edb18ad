package qjswasm

import (
	"errors"
	"fmt"
	"strings"
)

const (
	// maxFormatDepth is how deep %+v goes into causes and members, maxFormatted how
	// many of them it shows.
	maxFormatDepth = 16
	maxFormatted   = 100
)

// Format implements fmt.Formatter. %v and %s are Error(); %+v has the stack too,
// and what is inside the error: its cause and its members, as Node.js shows them.
func (e *Error) Format(s fmt.State, verb rune) {
	type plain Error // without methods
	switch {
	case verb == 'v' && s.Flag('+') && e != nil:
		f := formatter{left: maxFormatted}
		f.error(e, 0)
		_, _ = s.Write([]byte(f.String()))
	case verb == 'v' && s.Flag('#'):
		_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), (*plain)(e))
	default:
		if verb == 'v' {
			verb = 's' // of a string these differ in nothing, of an error %v is this
		}
		_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), e.Error())
	}
}

// formatter writes an error and what is inside it.
type formatter struct {
	strings.Builder
	left int
}

func (f *formatter) error(e *Error, depth int) {
	indent := strings.Repeat("  ", depth)
	f.WriteString(strings.ReplaceAll(e.Error(), "\n", "\n"+indent))
	for line := range strings.Lines(e.Stack) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "at ") {
			f.WriteString("\n" + indent + "    " + line)
		}
	}
	cause, members := e.inside()
	if cause == nil && e.cause == nil && len(members) == 0 || depth >= 2*maxFormatDepth {
		return
	}
	f.WriteString(" {")
	switch {
	case cause != nil:
		f.WriteString("\n" + indent + "  [cause]: ")
		f.item(cause, depth+1)
	case e.cause != nil:
		f.WriteString("\n" + indent + "  [cause]: " + e.cause.String())
	}
	if len(members) > 0 {
		f.WriteString("\n" + indent + "  [errors]: [")
		for _, m := range members {
			f.WriteString("\n" + indent + "    ")
			f.item(m, depth+2)
			if f.left < 0 {
				break
			}
		}
		f.WriteString("\n" + indent + "  ]")
	}
	f.WriteString("\n" + indent + "}")
}

func (f *formatter) item(err error, depth int) {
	if f.left--; f.left < 0 {
		f.WriteString("…")
		return
	}
	if e, ok := err.(*Error); ok {
		f.error(e, depth)
		return
	}
	f.WriteString(strings.ReplaceAll(err.Error(), "\n", "\n"+strings.Repeat("  ", depth)))
}

// inside returns the JS exception that is e's cause, or that the Go error wraps
// which e stands for, and e's members.
func (e *Error) inside() (cause *Error, members []error) {
	cause = e.inner
	if cause == nil && len(e.members) == 0 && e.goErr != nil {
		errors.As(e.goErr, &cause)
	}
	return cause, e.members
}
