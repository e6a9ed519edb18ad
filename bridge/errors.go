package bridge

import (
	"errors"
	"fmt"
	"reflect"
)

// ConvertError says which value could not be converted between Go and JS.
type ConvertError struct {
	From string // what the value is: a Go type or a JS kind
	To   string // what was wanted
	Path string // where it is inside the value that was converted, such as ".Orders[3].Total"
	Err  error  // why, may be nil
}

func (e *ConvertError) Error() string {
	s := "qjswasm: cannot convert " + e.From + " to " + e.To
	if e.Path != "" {
		s += " at " + e.Path
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns Err.
func (e *ConvertError) Unwrap() error { return e.Err }

// at puts a path segment in front of a conversion error's path.
func at(err error, segment string) error {
	var c *ConvertError
	if err != nil && errors.As(err, &c) {
		c.Path = segment + c.Path
	}
	return err
}

func index(i int) string { return fmt.Sprintf("[%d]", i) }

func field(name string) string { return "." + name }

// errTape is what a guest gets called that writes a tape which cannot be read.
var errTape = errors.New("qjswasm: malformed tape from the guest")

func unconvertible(from, to string, err error) error {
	return &ConvertError{From: from, To: to, Err: err}
}

func toJS(t reflect.Type, why string) error {
	return unconvertible("Go "+t.String(), "a JS value", errors.New(why))
}
