package host

import (
	"encoding/binary"

	"github.com/tetratelabs/wazero/experimental"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// PageSize is the unit in which wasm memory grows, in bytes.
const PageSize = 65536

// allocator gives an instance its linear memory: address space for the limit,
// reserved at once so that the memory never moves, and committed as it grows.
// Going beyond the limit fails the guest's memory.grow.
type allocator struct {
	limit uint64 // bytes, a multiple of PageSize
}

func (a allocator) Allocate(_, max uint64) experimental.LinearMemory {
	return newLinearMemory(min(a.limit, max))
}

// guestMemory is the only code that touches linear memory. Every access is
// checked; ok false means that the guest handed out a bad address.
type guestMemory interface {
	Read(offset, count uint32) ([]byte, bool)
	ReadUint16Le(offset uint32) (uint16, bool)
	ReadUint32Le(offset uint32) (uint32, bool)
	ReadUint64Le(offset uint32) (uint64, bool)
	Write(offset uint32, v []byte) bool
	WriteUint32Le(offset, v uint32) bool
	WriteUint64Le(offset uint32, v uint64) bool
	Size() uint32
}

// noMemory is what remains of a guest that was given back: no address is good.
type noMemory struct{}

func (noMemory) Read(uint32, uint32) ([]byte, bool) { return nil, false }
func (noMemory) ReadUint16Le(uint32) (uint16, bool) { return 0, false }
func (noMemory) ReadUint32Le(uint32) (uint32, bool) { return 0, false }
func (noMemory) ReadUint64Le(uint32) (uint64, bool) { return 0, false }
func (noMemory) Write(uint32, []byte) bool          { return false }
func (noMemory) WriteUint32Le(uint32, uint32) bool  { return false }
func (noMemory) WriteUint64Le(uint32, uint64) bool  { return false }
func (noMemory) Size() uint32                       { return 0 }

// Bytes returns guest memory as a view. Borrowed: valid until the next call into
// the guest, which may change it.
func (in *Instance) Bytes(ptr, n uint32) ([]byte, error) {
	b, ok := in.mem.Read(ptr, n)
	if !ok {
		return nil, in.corrupt("address out of bounds")
	}
	return b, nil
}

// write copies b to guest memory.
func (in *Instance) write(ptr uint32, b []byte) bool {
	if uint64(len(b)) > uint64(in.mem.Size()) {
		return false
	}
	to, ok := in.mem.Read(ptr, uint32(len(b)))
	CopyPieces(to, b)
	return ok
}

// ioBlock is the io block, to be read and written until the next call into the guest:
// where several of its fields are wanted, that is cheaper than one by one. Nil if the
// guest was given back.
func (in *Instance) ioBlock() ioBlock {
	b, _ := in.mem.Read(in.io, abi.IOSize)
	return ioBlock(b)
}

type ioBlock []byte

func (b ioBlock) uint32(field int) uint32 {
	if len(b) < abi.IOSize {
		return 0
	}
	return binary.LittleEndian.Uint32(b[field:])
}

func (b ioBlock) uint64(field int) uint64 {
	if len(b) < abi.IOSize {
		return 0
	}
	return binary.LittleEndian.Uint64(b[field:])
}

func (b ioBlock) setUint64(field int, v uint64) {
	if len(b) >= abi.IOSize {
		binary.LittleEndian.PutUint64(b[field:], v)
	}
}

func (b ioBlock) setText(s string) {
	if len(b) >= abi.IOSize {
		copy(b[abi.IOText:abi.IOText+abi.TextMax], s)
	}
}

// ioUint32 reads a field of the io block, which lies in the guest's data segment
// and so within bounds for as long as the memory exists.
func (in *Instance) ioUint32(field uint32) uint32 {
	v, _ := in.mem.ReadUint32Le(in.io + field)
	return v
}

// String reads the guest string at ptr: its bytes, and whether they are Latin-1
// or UTF-16. Borrowed as Bytes.
func (in *Instance) String(ptr uint32) (units []byte, wide bool, err error) {
	head, ok := in.mem.ReadUint64Le(ptr)
	if !ok || ptr > ptr+abi.StringHeaderSize {
		return nil, false, in.corrupt("string out of bounds")
	}
	n := uint32(head) &^ (1 << 31)
	wide = uint32(head)>>31 != 0
	size := uint64(n)
	if wide {
		size *= 2
	}
	data := ptr + abi.StringHeaderSize
	switch uint32(head>>32) >> abi.StringKindShift & abi.StringKindMask {
	case abi.StringKindNormal:
	case abi.StringKindSlice:
		slice, ok := in.mem.ReadUint64Le(data)
		if !ok {
			return nil, false, in.corrupt("string slice out of bounds")
		}
		data = uint32(slice) + abi.StringHeaderSize + uint32(slice>>32)
	case abi.StringKindIndirect:
		if data, ok = in.mem.ReadUint32Le(data); !ok {
			return nil, false, in.corrupt("indirect string out of bounds")
		}
	default:
		return nil, false, in.corrupt("string of unknown kind")
	}
	if size > uint64(in.mem.Size()) {
		return nil, false, in.corrupt("string out of bounds")
	}
	units, err = in.Bytes(data, uint32(size))
	return units, wide, err
}

// BigInt reads the limbs of the BigInt at ptr: two's complement words, lowest
// first, no more than the engine makes: what big.Int does with many more takes
// minutes. Borrowed as Bytes.
func (in *Instance) BigInt(ptr uint32) ([]byte, error) {
	n, ok := in.mem.ReadUint32Le(ptr)
	if !ok || n == 0 || n > abi.BigIntMaxLimbs || ptr > ptr+abi.BigIntLimbs {
		return nil, in.corrupt("BigInt out of bounds")
	}
	return in.Bytes(ptr+abi.BigIntLimbs, 4*n)
}

// ObjectKind returns the abi.Kind of the object at ptr.
func (in *Instance) ObjectKind(ptr uint32) (uint32, error) {
	id, ok := in.mem.ReadUint16Le(ptr + abi.ObjectClassID)
	if !ok || ptr > ptr+abi.ObjectClassID {
		return 0, in.corrupt("object out of bounds")
	}
	if int(id) < len(in.image.kinds) {
		return uint32(in.image.kinds[id]), nil
	}
	return abi.KindOther, nil
}
