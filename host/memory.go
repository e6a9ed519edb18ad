package host

import (
	"encoding/binary"
	"sync/atomic"

	"github.com/tetratelabs/wazero/experimental"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// PageSize is the unit in which wasm memory grows, in bytes.
const PageSize = 65536

// guestMemory is the linear memory of an instance, and the only code that touches it.
// Every access is checked; ok false means that the guest handed out a bad address.
// wazero allocates and grows it through these methods, so that the host need not ask
// wazero for it, by a call for each word.
type guestMemory struct {
	limit uint64 // bytes, a multiple of PageSize
	// bytes are as large as it is now, none before it is allocated and after Free. Host code
	// may read what the guest left for it while another goroutine, further inside, has the
	// memory grow: then it has either slice, and what it reads is the same.
	bytes atomic.Pointer[[]byte]
	pages experimental.LinearMemory
}

func (m *guestMemory) all() []byte {
	if b := m.bytes.Load(); b != nil {
		return *b
	}
	return nil
}

// Allocate reserves address space for the limit at once, so that the memory never
// moves; it is committed as it grows. Going beyond the limit fails the guest's
// memory.grow. An instance has one memory.
func (m *guestMemory) Allocate(_, max uint64) experimental.LinearMemory {
	m.pages = newLinearMemory(min(m.limit, max))
	return m
}

// Reallocate is how wazero grows the memory. Its result is nil beyond the limit.
func (m *guestMemory) Reallocate(size uint64) []byte {
	b := m.pages.Reallocate(size)
	if b != nil {
		m.bytes.Store(&b)
	}
	return b
}

// Free gives the memory back: no address is good afterwards.
func (m *guestMemory) Free() {
	m.bytes.Store(nil)
	m.pages.Free()
}

// Size is the size in bytes.
func (m *guestMemory) Size() uint32 { return uint32(len(m.all())) }

// Read returns a view. Borrowed: valid until the next call into the guest.
func (m *guestMemory) Read(offset, count uint32) ([]byte, bool) {
	b, end := m.all(), uint64(offset)+uint64(count)
	if end > uint64(len(b)) {
		return nil, false
	}
	return b[offset:end:end], true
}

// ReadUint16Le reads a little-endian number, as do the next two.
func (m *guestMemory) ReadUint16Le(offset uint32) (uint16, bool) {
	b := m.all()
	if uint64(offset)+2 > uint64(len(b)) {
		return 0, false
	}
	return binary.LittleEndian.Uint16(b[offset:]), true
}

// ReadUint32Le: see ReadUint16Le.
func (m *guestMemory) ReadUint32Le(offset uint32) (uint32, bool) {
	b := m.all()
	if uint64(offset)+4 > uint64(len(b)) {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b[offset:]), true
}

// ReadUint64Le: see ReadUint16Le.
func (m *guestMemory) ReadUint64Le(offset uint32) (uint64, bool) {
	b := m.all()
	if uint64(offset)+8 > uint64(len(b)) {
		return 0, false
	}
	return binary.LittleEndian.Uint64(b[offset:]), true
}

// WriteUint32Le writes a little-endian number, as does the next.
func (m *guestMemory) WriteUint32Le(offset, v uint32) bool {
	b := m.all()
	if uint64(offset)+4 > uint64(len(b)) {
		return false
	}
	binary.LittleEndian.PutUint32(b[offset:], v)
	return true
}

// WriteUint64Le: see WriteUint32Le.
func (m *guestMemory) WriteUint64Le(offset uint32, v uint64) bool {
	b := m.all()
	if uint64(offset)+8 > uint64(len(b)) {
		return false
	}
	binary.LittleEndian.PutUint64(b[offset:], v)
	return true
}

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
		copy(b[abi.IOText:abi.IOSize], s)
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
