package bridge

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// ConvertError says which value could not be converted between Go and JS.
type ConvertError struct {
	From string // what the value is: a Go type or a JS kind
	To   string // what was wanted
	// Path is where it is inside the value that was converted, such as
	// ".Orders[3].Total" or `.headers["content-type"]`; empty for the value itself.
	// In a call it starts with "arguments[0]" unless it is in the result.
	Path string
	Err  error // why, may be nil
}

// Error says what does not convert to what, where, and why if that is known.
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

// at puts a path segment in front of a conversion error's path. Only an error
// that this package has just made is one here: none is wrapped.
func at(err error, segment string) error {
	if c, ok := err.(*ConvertError); ok {
		if len(c.Path) > maxPath {
			c.Path = c.Path[:max(strings.LastIndexAny(c.Path[:maxPath], "[."), 0)] + "…"
		}
		c.Path = segment + c.Path
	}
	return err
}

const (
	// maxPath is the length in bytes from which on a path loses its inner end.
	maxPath = 1000
	// maxSegment is the length in bytes from which on a name in a path is cut.
	maxSegment = 200
)

// index is the path segment of an element, a Set's member or a Map's entry.
func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// field is the path segment of a property.
func field(name string) string {
	name = clip(name, maxSegment)
	if isIdentifier(name) {
		return "." + name
	}
	return "[" + strconv.Quote(name) + "]"
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && r != '$' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// keyed is the path segment of the n-th entry of a map, by its key if that can
// be written down.
func keyed(k reflect.Value, n int) string {
	if k.Kind() == reflect.Interface {
		k = k.Elem()
	}
	switch {
	case k.Kind() == reflect.String:
		return "[" + strconv.Quote(clip(k.String(), maxSegment)) + "]"
	case k.Kind() == reflect.Bool:
		return "[" + strconv.FormatBool(k.Bool()) + "]"
	case k.CanInt():
		return "[" + strconv.FormatInt(k.Int(), 10) + "]"
	case k.CanUint():
		return "[" + strconv.FormatUint(k.Uint(), 10) + "]"
	case k.CanFloat():
		return "[" + strconv.FormatFloat(k.Float(), 'g', -1, 64) + "]"
	}
	return index(n)
}

func argument(i int) string { return "arguments" + index(i) }

var (
	// errTape is what ends the reading of a result or a tape that no guest in its
	// right mind writes.
	errTape = errors.New("qjswasm: malformed tape from the guest")
	// errShared refuses graphs that would unfold beyond measure.
	errShared = errors.New("one object is shared too often to be copied for each use")
	// errDeep refuses what no stack has room for.
	errDeep = errors.New("it is nested too deeply")

	errByValue       = errors.New("a Value belongs to a runtime; use a pointer to it")
	errGrowing       = errors.New("its elements are too large for that")
	errUnexported    = errors.New("an embedded pointer to an unexported struct cannot be set")
	errNotComparable = errors.New("it is not comparable in Go")
	errCopied        = errors.New("it was copied as part of a larger value; get it as a property instead")
	errResults       = errors.New("its results must be (error) or (T, error)")
	errMapKey        = errors.New("keys must be strings or integers")
	errBigRange      = errors.New("it has more than 2^20 bits")
	errDateRange     = errors.New("it is out of the range of Date, 271821 BC to AD 275760")
)

func unconvertible(from, to string, err error) error {
	return &ConvertError{From: from, To: to, Err: err}
}

func toJS(t reflect.Type, why error) error {
	return unconvertible("Go "+t.String(), "a JS value", why)
}
