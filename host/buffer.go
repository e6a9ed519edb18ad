package host

import (
	"errors"

	"github.com/qjswasm/qjswasm/internal/abi"
)

var (
	// ErrDetached says that there are no bytes: the ArrayBuffer was detached, or has
	// become too short for the view of it.
	ErrDetached = errors.New("qjswasm: the ArrayBuffer is detached, or shorter than the view of it")
	// ErrImmutable says that an ArrayBuffer cannot be written to.
	ErrImmutable = errors.New("qjswasm: the ArrayBuffer is immutable")
	// ErrNoBuffer says that a value is neither an ArrayBuffer nor a view of one.
	ErrNoBuffer = errors.New("it is neither an ArrayBuffer nor a view of one")
)

// View calls the guest to find the bytes of the buffer, or view of one, in the only
// cell of f.Req. They are the guest's memory. Borrowed: valid until f.Exit, while
// nobody else can enter the instance or close it. status is abi.StatusThrow if the
// value could not be read.
func (f *Frame) View() (b []byte, immutable bool, status uint32, err error) {
	status, err = f.Call(BufferView)
	if err != nil || status != abi.StatusOK {
		return nil, false, status, err
	}
	span, found := f.Result()
	switch found {
	case abi.BufferOK, abi.BufferImmutable:
		b, err = f.in.Bytes(uint32(span), uint32(span>>32))
		return b[:len(b):len(b)], found == abi.BufferImmutable, status, err
	case abi.BufferGone:
		return nil, false, status, ErrDetached
	}
	return nil, false, status, ErrNoBuffer
}

// TypedArray reads the object at ptr if it is a typed array: its JSTypedArrayEnum and
// its elements, none when it is out of bounds. Borrowed as Bytes. ok is false for any
// other object.
func (in *Instance) TypedArray(ptr uint32) (kind byte, b []byte, ok bool, err error) {
	id, ok := in.mem.ReadUint16Le(ptr + abi.ObjectClassID)
	if !ok || ptr > ptr+abi.ObjectCount {
		return 0, nil, false, in.corrupt("object out of bounds")
	}
	k := uint32(id) - abi.ClassTyped
	if k >= uint32(len(elementSizes)) {
		return 0, nil, false, nil
	}
	data, ok1 := in.mem.ReadUint32Le(ptr + abi.ObjectElements)
	count, ok2 := in.mem.ReadUint32Le(ptr + abi.ObjectCount)
	size := uint64(count) * uint64(elementSizes[k])
	if !ok1 || !ok2 || size > uint64(in.mem.Size()) {
		return 0, nil, false, in.corrupt("typed array out of bounds")
	}
	b, err = in.Bytes(data, uint32(size))
	return byte(k), b, err == nil, err
}

// elementSizes are the sizes of elements by JSTypedArrayEnum.
var elementSizes = [...]uint8{1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8}
