package bridge

import (
	"encoding/binary"
	"iter"
	"strings"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

const (
	// maxErrorTree is the most errors that one may wrap to become a JS Error. A
	// script can make Go code wrap an error of its own again and again.
	maxErrorTree = 1000
	// maxMirror is the most errors inside one that a script sees, and
	// maxMirrorDepth how deep.
	maxMirror      = 100
	maxMirrorDepth = 16
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

// Error appends the Error object that stands for err. What err wraps becomes its
// cause, or if that is several errors, its errors.
func (e *Encoder) Error(err error) {
	size, err := e.R.admit(err)
	h, err := e.R.In.RegisterError(err, size)
	m := mirror{Encoder: e, left: maxMirror, text: maxErrorTexts}
	m.write(err, h, 0)
}

// mirror writes what a script sees of a tree of Go errors: JS exceptions in it,
// and the messages that are part of the outermost one's. Another message was kept
// to itself by the error that wraps it, and so it stays.
type mirror struct {
	*Encoder
	left int // errors that may still be written
	text int // bytes of their messages
}

func (m *mirror) write(err error, h callables.Handle, depth int) {
	whole := m.R.isWhole(err)
	var cause error
	var members []error
	if !whole {
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			cause = x.Unwrap()
		case interface{ Unwrap() []error }:
			members = x.Unwrap()
		}
	}
	class, name := m.R.classOf(err, len(members) > 0)
	m.Req.Buf = host.AppendError(m.Req.Buf, class, h, name, m.R.messageOf(err))
	message := ""
	if cause != nil || len(members) > 0 {
		message = err.Error()
	}
	if !(whole && m.firstException(err)) && !(cause != nil && m.wrapped(message, cause, depth)) {
		m.tag(abi.TapeHole)
	}
	at, n := len(m.Req.Buf), uint32(0)
	m.u32(0)
	for _, w := range members {
		if w != nil && m.wrapped(message, w, depth) {
			n++
		}
	}
	binary.LittleEndian.PutUint32(m.Req.Buf[at:], n)
}

// isWhole tells whether err was made by this library: of what it wraps, only JS
// exceptions mean something to a script.
func (r *Realm) isWhole(err error) bool {
	switch err.(type) {
	case *ConvertError, *host.InterruptError, *host.DeadError, *host.KilledError, *host.HostMemoryError:
		return true
	}
	_, ok := r.Emb.Describe(err)
	return ok
}

// wrapped appends what a script sees of w, which is wrapped by an error with that
// message. It returns false if that is nothing.
func (m *mirror) wrapped(message string, w error, depth int) bool {
	if m.left == 0 || depth == maxMirrorDepth {
		return false
	}
	if m.exception(w) {
		return true
	}
	text := w.Error()
	if len(text) <= m.text && strings.Contains(message, text) {
		// A script may keep this one and drop the rest, so it counts by itself.
		size, err := m.R.admit(w)
		if err == w && m.R.In.HostRoom() >= host.CostCallable+size {
			m.left--
			m.text -= len(text)
			h, err := m.R.In.RegisterError(w, size)
			m.write(err, h, depth+1)
			return true
		}
	}
	return m.firstException(w)
}

// firstException appends the first JS exception that err wraps, false if it does
// not.
func (m *mirror) firstException(err error) bool {
	for w := range unwrapped(err) {
		if m.exception(w) {
			return true
		}
	}
	return false
}

// exception appends a JS exception, which scripts know already.
func (m *mirror) exception(err error) bool {
	ok, aerr := m.R.Emb.AppendValue(m.Req, err)
	if !ok || aerr != nil {
		return false
	}
	m.left--
	return true
}

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
		if d, ok := r.Emb.Describe(w); ok {
			size += int64(d.Size)
		} else if _, ok := w.(*ConvertError); !ok {
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
