package qjswasm

import (
	"errors"
	"fmt"
	"strings"
)

const (
	// maxIndent is how deep %+v goes into causes and members, in steps of two
	// spaces, and maxFormatted how many of them it shows.
	maxIndent    = 32
	maxFormatted = 100
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
	text := e.Error()
	if depth > 0 && e.Name == "" && e.aborted == nil {
		text = e.Message
	}
	f.WriteString(strings.ReplaceAll(text, "\n", "\n"+indent))
	for line := range strings.Lines(e.Stack) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "at ") {
			f.WriteString("\n" + indent + "    " + line)
		}
	}
	cause, members := e.inside()
	if cause == nil && e.cause == nil && len(members) == 0 || depth >= maxIndent {
		return
	}
	f.WriteString(" {")
	switch {
	case cause != nil:
		f.WriteString("\n" + indent + "  [cause]: ")
		f.item(cause, depth+1)
	case e.cause != nil:
		f.WriteString("\n" + indent + "  [cause]: " + strings.ReplaceAll(e.causeText, "\n", "\n"+indent+"  "))
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
	if e.inner != nil || len(e.members) > 0 || e.goErr == nil {
		return e.inner, e.members
	}
	if js, ok := e.goErr.(*Error); ok { // one that Go code made
		return js.inside()
	}
	errors.As(e.goErr, &cause)
	return cause, nil
}
