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
	if ok, aerr := e.R.Emb.AppendValue(e.Req, err); ok || aerr != nil {
		return aerr
	}
	e.Error(err)
	return nil
}

// Error appends the Error object that stands for err. If err wraps a JS
// exception, that is its cause.
func (e *Encoder) Error(err error) {
	size, err := e.R.admit(err)
	h, err := e.R.In.RegisterError(err, size)
	class := host.PlainError
	var c *ConvertError
	switch {
	case errors.Is(err, host.ErrMemoryLimit):
		class = host.InternalError // as if the engine had noticed
	case errors.As(err, &c):
		class = host.TypeError
	case errors.Is(err, host.ErrStackOverflow):
		class = host.RangeError
	}
	message := strings.TrimPrefix(err.Error(), "qjswasm: ") // scripts need not know
	e.Req.Buf = host.AppendError(e.Req.Buf, class, h, validUTF8(message))
	for w := range unwrapped(err) {
		if ok, aerr := e.R.Emb.AppendValue(e.Req, w); ok && aerr == nil {
			return
		}
	}
	e.tag(abi.TapeHole)
}

// maxErrorTree is the most errors that one may wrap to become a JS Error. A script
// can make Go code wrap an error of its own again and again.
const maxErrorTree = 1000

// admit returns how many bytes err and the errors that it wraps take, and what
// becomes of err in JS: err itself, unless there are too many of them.
func (r *Realm) admit(err error) (int64, error) {
	size := int64(len(err.Error()))
	n := 0
	for w := range unwrapped(err) {
		if n++; n > maxErrorTree {
			return 0, r.In.HostLimit()
		}
		size += costError
		if r.In.HostRoom() < size {
			return 0, r.In.HostLimit()
		}
		if _, js := w.(*ConvertError); !js {
			size += int64(len(w.Error()))
		}
	}
	return size, err
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
