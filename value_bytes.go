package qjswasm

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Element is the type of a typed array's elements.
type Element = bridge.Element

// TypedArray is a JS typed array of elements of type E, where a []E would be an Array:
// Float64Array, Float32Array, Int8Array to Uint32Array, and for int64 and uint64
// BigInt64Array and BigUint64Array. It is copied as a whole, not by element. A typed
// array that comes out of JS needs no such type: it converts to any slice or array.
type TypedArray[E Element] = bridge.TypedArray[E]

// ErrDetached says that a buffer has no bytes: it was detached, or has become too
// short for the view of it.
var ErrDetached = host.ErrDetached

// ErrImmutable says that a buffer cannot be written to.
var ErrImmutable = host.ErrImmutable

// NewArrayBuffer makes an ArrayBuffer of n zeros and lets fill, if it is not nil, write
// to it in place: see Value.ViewBytes. The caller owns the result, which is nil if fill
// returns an error. Runs no guest code.
func (rt *Runtime) NewArrayBuffer(n int, fill func(b []byte) error) (*Value, error) {
	v, err := rt.newArrayBuffer(n)
	if err != nil || fill == nil {
		return v, err
	}
	filled := false
	defer func() {
		if !filled {
			v.Close()
		}
	}()
	if err := v.ViewBytes(fill); err != nil {
		return nil, err
	}
	filled = true
	return v, nil
}

func (rt *Runtime) newArrayBuffer(n int) (*Value, error) {
	if n < 0 || int64(n) > maxArrayBuffer {
		return nil, &Error{Name: "RangeError", Message: "invalid array buffer length"}
	}
	f, err := rt.in.Enter(context.Background())
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	status, err := f.Call(host.BufferNew, uint64(n))
	if err != nil {
		return nil, err
	}
	v, err := rt.realm.Outcome(f, status)
	if err != nil {
		return nil, err
	}
	return v.(*Value), nil
}

// maxArrayBuffer is the length in bytes beyond which the engine makes none.
const maxArrayBuffer = 1<<31 - 1

// ViewBytes calls f with the bytes of an ArrayBuffer, SharedArrayBuffer, typed array or
// DataView: the guest's own memory, not a copy. What f writes is what JS reads. Typed
// arrays are in little-endian order, and b need not be aligned for their elements.
//
// b is valid until f returns, and f must not retain it. Meanwhile nobody can enter or
// close the runtime, f included: they get ErrConcurrentUse and ErrBusy. So b can
// neither move nor be freed while f has it. With Options.DebugViews a b that is used
// later is found out.
//
// A buffer that is detached, or a view that is out of its bounds, is ErrDetached; any
// other value a *ConvertError. The bytes of an immutable buffer are a copy. An error of
// f is returned as it is. Runs no guest code.
func (v *Value) ViewBytes(f func(b []byte) error) error {
	return v.view(func(b []byte, immutable bool) error { return v.rt.lend(b, immutable, f) })
}

func (v *Value) view(use func(b []byte, immutable bool) error) error {
	if v.isPrimitive() {
		return noBuffer(v.kind)
	}
	fr, err := v.rt.in.Enter(context.Background())
	if err != nil {
		return err
	}
	defer fr.Exit()
	if err := v.request(fr, 1); err != nil {
		return err
	}
	b, immutable, err := v.rt.viewed(fr, v.kind)
	if err != nil {
		return err
	}
	return use(b, immutable)
}

// viewed asks for the bytes of the value in a frame's only cell.
func (rt *Runtime) viewed(fr *host.Frame, k Kind) (b []byte, immutable bool, err error) {
	b, immutable, status, err := fr.View()
	switch {
	case err == host.ErrNoBuffer:
		err = noBuffer(k)
	case err == nil && status != abi.StatusOK:
		err = rt.realm.Failure(fr)
	}
	return b, immutable, err
}

func noBuffer(k Kind) error {
	return &ConvertError{From: "JS " + k.String(), To: "bytes", Err: host.ErrNoBuffer}
}

// poison is what a view that must not be used any more is full of.
const poison = 0xdb

// lend lets f have bytes of the guest, or a copy where it must not have them.
func (rt *Runtime) lend(b []byte, immutable bool, f func([]byte) error) error {
	rt.in.BeginView()
	defer rt.in.EndView()
	if !immutable && !rt.opts.DebugViews {
		return f(b)
	}
	own := bytes.Clone(b)
	if own == nil {
		own = []byte{}
	}
	defer func() {
		if !immutable {
			copy(b, own)
		}
		for i := range own {
			own[i] = poison
		}
	}()
	return f(own)
}

var errOffset = errors.New("qjswasm: negative offset")

// ReadAt copies bytes of an ArrayBuffer, SharedArrayBuffer, typed array or DataView,
// from offset off on, as an io.ReaderAt. Each call looks at where the buffer is then
// and how long: fewer bytes than asked for come with io.EOF. For an io.Reader see
// io.NewSectionReader. Fails as ViewBytes does. Runs no guest code.
func (v *Value) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errOffset
	}
	err = v.view(func(b []byte, _ bool) error {
		if off < int64(len(b)) {
			n = copy(p, b[off:])
		}
		if n < len(p) {
			return io.EOF
		}
		return nil
	})
	return n, err
}

// WriteAt is the counterpart of ReadAt, an io.WriterAt. A buffer does not grow: what
// goes beyond its end is not written, and the error io.ErrShortWrite. An immutable one
// is ErrImmutable. For an io.Writer see io.NewOffsetWriter.
func (v *Value) WriteAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errOffset
	}
	err = v.view(func(b []byte, immutable bool) error {
		if immutable {
			return ErrImmutable
		}
		if off < int64(len(b)) {
			n = copy(b[off:], p)
		}
		if n < len(p) {
			return io.ErrShortWrite
		}
		return nil
	})
	return n, err
}

// ViewBytes is Value.ViewBytes for the i-th argument, without making a Value of it.
// While f runs, the function must not use the runtime, except through b.
func (c *Call) ViewBytes(i int, f func(b []byte) error) error {
	cell := c.inv.Arg(i)
	fr, err := c.rt.in.Enter(context.Background())
	if err != nil {
		return err
	}
	defer fr.Exit()
	fr.Req.Reset(1)
	fr.Req.SetCell(0, cell)
	b, immutable, err := c.rt.viewed(fr, kindOf(c.rt.realm.Kind(cell)))
	if err != nil {
		return err
	}
	return c.rt.lend(b, immutable, f)
}
