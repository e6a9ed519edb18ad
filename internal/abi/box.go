package abi

import "math"

// A cell is a NaN-boxed JSValue: a tag in the high word and an int32 or a
// pointer in the low word, or a double with a bias added to its high word.
// https://github.com/quickjs-ng/quickjs, quickjs.h, JS_NAN_BOXING.

// Undefined, Null, True and False are whole cells.
const (
	Undefined uint64 = TagUndefined << 32
	Null      uint64 = TagNull << 32
	False     uint64 = TagBool << 32
	True      uint64 = TagBool<<32 | 1
)

const (
	firstTag = TagBigInt
	// nan is the one NaN, 0x7ff8000000000000, less the bias modulo 2^64.
	nan uint64 = 1<<64 - (Float64Addend-0x7ff80000)<<32
)

// Tag returns the tag of a cell; IsFloat tells whether there is one.
func Tag(cell uint64) int32 { return int32(cell >> 32) }

// IsFloat tells whether a cell is a double.
func IsFloat(cell uint64) bool {
	return uint32(int32(cell>>32)-firstTag) >= TagShortBigInt+1-firstTag
}

// MakeCell makes a cell of a tag and a low word.
func MakeCell(tag int32, low uint32) uint64 {
	return uint64(uint32(tag))<<32 | uint64(low)
}

// Low returns the low word of a cell.
func Low(cell uint64) uint32 { return uint32(cell) }

// Float returns the double in a cell for which IsFloat holds.
func Float(cell uint64) float64 {
	return math.Float64frombits(cell + Float64Addend<<32)
}

// BoxFloat returns the cell of a double. A NaN becomes the engine's one NaN, so
// that no payload can pose as a tag.
func BoxFloat(f float64) uint64 {
	if f != f {
		return nan
	}
	return math.Float64bits(f) - Float64Addend<<32
}

// BoxNumber returns the cell of a number: an int32 where it is one, as the engine
// keeps them, whose arithmetic on doubles is slower.
func BoxNumber(f float64) uint64 {
	if i := int32(f); float64(i) == f && (i != 0 || !math.Signbit(f)) {
		return BoxInt(i)
	}
	return BoxFloat(f)
}

// BoxInt returns the cell of an int32.
func BoxInt(i int32) uint64 { return uint64(uint32(i)) }

// BoxBool returns the cell of a boolean.
func BoxBool(b bool) uint64 {
	if b {
		return True
	}
	return False
}
