package host

import (
	"encoding/binary"
	"errors"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxArgs is how many arguments the engine's own apply passes at most. Without a
// bound, a vector that fills guest memory would become as many Go values.
const maxArgs = 65535

var errArgs = errors.New("too many arguments in function call (only 65535 allowed)")

// What is called instead of a function that cannot be called with its arguments.
func throwTooMany(inv *Invocation) uint32 { return inv.Throw(RangeError, errArgs) }

func throwHostLimit(inv *Invocation) uint32 {
	return inv.Throw(InternalError, inv.frame.in.HostLimit())
}

// smallArguments is what every call may take, in bytes.
const smallArguments = 4096

// argumentBytes is what the strings and BigInts among an invocation's arguments
// take in Go, at most: in the guest they may all be parts of one string. ok is
// false if the arguments are not in the guest's memory.
func (in *Instance) argumentBytes(inv *Invocation) (size int64, ok bool) {
	if inv.argc == 0 {
		return 0, true
	}
	cells, ok := in.mem.Read(inv.argv, 8*inv.argc)
	for ; len(cells) >= 8; cells = cells[8:] {
		size += in.cellBytes(binary.LittleEndian.Uint64(cells))
	}
	return size, ok
}

// cellBytes is what the string or BigInt in a cell takes in Go, at most.
func (in *Instance) cellBytes(cell uint64) int64 {
	if abi.IsFloat(cell) {
		return 0
	}
	switch abi.Tag(cell) {
	case abi.TagString:
		return in.textBytes(abi.Low(cell))
	case abi.TagBigInt:
		n, _ := in.mem.ReadUint32Le(abi.Low(cell))
		return 8 * int64(n)
	}
	return 0
}

// textBytes is what the guest string at ptr takes in Go, at most. An address that
// is wrong is for String to complain of.
func (in *Instance) textBytes(ptr uint32) int64 {
	head, _ := in.mem.ReadUint32Le(ptr)
	n := int64(head &^ (1 << 31))
	if head>>31 != 0 {
		return 3 * n
	}
	return 2 * n
}
