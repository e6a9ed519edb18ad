package bridge

import (
	"errors"
	"iter"
	"strings"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// error appends a Go error: a JS exception as what was thrown, any other as the
// Error that stands for it.
func (e *Encoder) error(err error) error {
	b, ok, aerr := e.R.Emb.AppendValue(e.Req.Buf, err)
	if aerr != nil {
		return aerr
	}
	if ok {
		e.Req.Buf = b
		return nil
	}
	e.Error(err)
	return nil
}

// Error appends the Error object that stands for err. If err wraps a JS
// exception, that is its cause.
func (e *Encoder) Error(err error) {
	class := host.PlainError
	var c *ConvertError
	switch {
	case errors.As(err, &c):
		class = host.TypeError
	case errors.Is(err, host.ErrStackOverflow):
		class = host.RangeError // as if the engine had noticed
	}
	h := e.R.In.Callables.Add(&host.Callable{Err: err})
	message := strings.TrimPrefix(err.Error(), "qjswasm: ") // scripts need not know
	e.Req.Buf = host.AppendError(e.Req.Buf, class, h, validUTF8(message))
	for w := range unwrapped(err) {
		if b, ok, aerr := e.R.Emb.AppendValue(e.Req.Buf, w); ok && aerr == nil {
			e.Req.Buf = b
			return
		}
	}
	e.tag(abi.TapeHole)
}

// unwrapped yields the errors that err wraps, depth first, without err itself.
func unwrapped(err error) iter.Seq[error] {
	var walk func(err error, yield func(error) bool) bool
	walk = func(err error, yield func(error) bool) bool {
		var inner []error
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			inner = []error{x.Unwrap()}
		case interface{ Unwrap() []error }:
			inner = x.Unwrap()
		}
		for _, w := range inner {
			if w != nil && (!yield(w) || !walk(w, yield)) {
				return false
			}
		}
		return true
	}
	return func(yield func(error) bool) { walk(err, yield) }
}
