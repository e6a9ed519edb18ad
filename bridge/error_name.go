package bridge

import (
	"context"
	"errors"
	"strings"

	"github.com/qjswasm/qjswasm/host"
)

// NamedError is a Go error that chooses what it is in JS: JSName is the name of a
// native class, such as "RangeError", or any other name, such as "NotFoundError",
// which an Error has as its name property. It holds for the errors that wrap it,
// too, but for one that wraps several.
type NamedError interface {
	error
	JSName() string
}

// nativeErrors are the classes that every script knows.
var nativeErrors = map[string]host.ErrorClass{
	"Error": host.PlainError, "EvalError": host.EvalError, "RangeError": host.RangeError,
	"ReferenceError": host.ReferenceError, "SyntaxError": host.SyntaxError,
	"TypeError": host.TypeError, "URIError": host.URIError, "InternalError": host.InternalError,
	"AggregateError": host.AggregateError, "SuppressedError": host.SuppressedError,
}

// classOf returns the class of an error in JS, and its name if that has another.
func (r *Realm) classOf(err error, several bool) (host.ErrorClass, string) {
	name := r.nameOf(err, several)
	if class, ok := nativeErrors[name]; ok {
		return class, ""
	}
	return host.PlainError, validUTF8(name)
}

func (r *Realm) nameOf(err error, several bool) string {
	if d, ok := r.Emb.Describe(err); ok && d.Name != "" {
		return d.Name
	}
	for w := err; w != nil; {
		if x, ok := w.(NamedError); ok {
			if name := x.JSName(); name != "" {
				return name
			}
		}
		x, ok := w.(interface{ Unwrap() error })
		if !ok {
			break
		}
		w = x.Unwrap()
	}
	if several {
		return "AggregateError"
	}
	var c *ConvertError
	switch {
	case errors.Is(err, host.ErrMemoryLimit):
		return "InternalError" // as if the engine had noticed
	case errors.As(err, &c):
		return "TypeError"
	case errors.Is(err, host.ErrStackOverflow):
		return "RangeError"
	case errors.Is(err, context.Canceled): // as an AbortSignal has them
		return "AbortError"
	case errors.Is(err, context.DeadlineExceeded):
		return "TimeoutError"
	}
	return "Error"
}

// messageOf is the message of an error in JS.
func (r *Realm) messageOf(err error) string {
	if d, ok := r.Emb.Describe(err); ok {
		return validUTF8(d.Message)
	}
	return validUTF8(strings.TrimPrefix(err.Error(), "qjswasm: ")) // scripts need not know
}
