package bridge

import (
	"encoding/binary"
	"reflect"
	"unsafe"

	"github.com/qjswasm/qjswasm/host"
)

// Element is the type of a typed array's elements.
type Element interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// TypedArray is a slice that is a JS typed array, where a []E would be an Array.
type TypedArray[E Element] []E

func (TypedArray[E]) typedArray() {}

var typedArrayType = reflect.TypeFor[interface{ typedArray() }]()

// elementKinds are the kinds of elements by JSTypedArrayEnum.
var elementKinds = [...]reflect.Kind{
	typedUint8Clamped: reflect.Uint8,
	typedInt8:         reflect.Int8,
	typedUint8:        reflect.Uint8,
	typedInt16:        reflect.Int16,
	typedUint16:       reflect.Uint16,
	typedInt32:        reflect.Int32,
	typedUint32:       reflect.Uint32,
	typedBigInt64:     reflect.Int64,
	typedBigUint64:    reflect.Uint64,
	typedFloat16:      reflect.Invalid,
	typedFloat32:      reflect.Float32,
	typedFloat64:      reflect.Float64,
}

// typedKind is the JSTypedArrayEnum for elements of a kind.
func typedKind(k reflect.Kind) (kind byte, ok bool) {
	for i := typedFloat64; i >= typedInt8; i-- {
		if elementKinds[i] == k {
			return byte(i), true
		}
	}
	return 0, false
}

// isTypedArray tells whether t is a TypedArray.
func isTypedArray(t reflect.Type) bool { return t.PkgPath() != "" && t.Implements(typedArrayType) }

// littleEndian tells whether numbers are in the order that the guest has them in.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// typedBytes returns the elements of a slice of numbers as the guest has them.
// Borrowed: they may be the slice's own.
func typedBytes(v reflect.Value) []byte {
	if v.Len() == 0 {
		return nil
	}
	size := int(v.Type().Elem().Size())
	b := unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*size)
	if !littleEndian {
		b = append([]byte(nil), b...)
		swapBytes(b, size)
	}
	return b
}

// swapBytes turns the order of the bytes in each number of the given size.
func swapBytes(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		for i := range size / 2 {
			b[i], b[size-1-i] = b[size-1-i], b[i]
		}
	}
}

// numbers copies elements that are n bytes together to a slice of numbers.
func numbers[T Element](b []byte) []T {
	size := int(unsafe.Sizeof(*new(T)))
	b = cloneElements(b, size)
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/size)
}

// cloneElements copies elements of a size, in the host's order and so aligned that they
// can be used.
func cloneElements(b []byte, size int) []byte {
	s := host.ClonePieces(b)
	if uintptr(unsafe.Pointer(unsafe.SliceData(s)))%uintptr(size) != 0 {
		words := make([]uint64, (len(b)+7)/8+1)
		s = unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(b))
		host.CopyPieces(s, b)
	}
	if !littleEndian {
		swapBytes(s, size)
	}
	return s
}

// setElements sets v, a slice or array, to the elements of a typed array if it has the
// same type of elements. v must be settable. fits is false, and v as it was, if not.
func setElements(v reflect.Value, kind byte, b []byte) (fits bool) {
	t := v.Type()
	k := t.Kind()
	if k != reflect.Slice && k != reflect.Array {
		return false
	}
	if elementKinds[kind] != t.Elem().Kind() {
		return false
	}
	size := int(t.Elem().Size())
	n := len(b) / size
	if k == reflect.Array {
		if n != t.Len() {
			return false
		}
		to := unsafe.Slice((*byte)(v.Addr().UnsafePointer()), len(b))
		host.CopyPieces(to, b)
		if !littleEndian {
			swapBytes(to, size)
		}
		return true
	}
	s := cloneElements(b, size)
	// All slices look alike: this one's length is counted in its own elements.
	*(*[]byte)(v.Addr().UnsafePointer()) = unsafe.Slice(unsafe.SliceData(s), n)
	return true
}
