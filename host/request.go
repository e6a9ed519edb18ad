package host

import (
	"encoding/binary"
	"unsafe"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// Request is what goes into the guest with a call: a vector of cells, then the
// tape that some of them refer to. One copy takes it over, and one each of the
// blocks.
type Request struct {
	Buf []byte

	blocks []block
	size   int64 // of the blocks, in bytes
	limit  int64 // of all, 0 if there is none
	over   bool  // something did not fit
	types  []LiveType
}

// block is a large string, or the bytes of a buffer, that is written straight to
// where it will stay in the guest.
type block struct {
	tag   byte
	units uint32
	size  uint32 // in bytes
	data  string
	write Transcoder
}

// Transcoder writes a string to guest memory in the guest's form, for which there
// is room in to.
type Transcoder func(to []byte, s string)

// keepRequest bounds the buffer that is kept from call to call, in bytes.
const keepRequest = 1 << 16

// Fits tells whether n bytes more are no more than the guest has memory for. If
// not, the request cannot be sent, and sending it fails with ErrMemoryLimit: what
// is large need not be appended to find that out.
func (r *Request) Fits(n int) bool {
	r.over = r.over || r.limit != 0 && r.size+int64(len(r.Buf))+int64(n) > r.limit
	return !r.over
}

// Reset makes a request of n undefined cells and an empty tape.
func (r *Request) Reset(n int) {
	if cap(r.Buf) > keepRequest {
		r.Buf = nil
	}
	r.Buf, r.over, r.types = r.Buf[:0], false, nil
	if len(r.blocks) > 0 {
		r.forgetBlocks()
	}
	for range n {
		r.Buf = binary.LittleEndian.AppendUint64(r.Buf, abi.Undefined)
	}
}

// SetCell sets the i-th cell.
func (r *Request) SetCell(i int, cell uint64) {
	binary.LittleEndian.PutUint64(r.Buf[8*i:], cell)
}

// SetTape makes the i-th cell refer to the record that is appended to Buf next.
func (r *Request) SetTape(i int) {
	r.SetCell(i, abi.MakeCell(abi.TagTape, uint32(len(r.Buf))))
}

// maxBlock is the largest block: a string cannot be longer, and a buffer is 2 GiB at
// most.
const maxBlock = 1<<30 - 1

// Block appends the units of a string or the bytes of a buffer: all that follows the
// tag of such a record. data is read when the request is sent and must not change
// until then; size is what write makes of it, in bytes. ok is false, and nothing
// appended, if it is better copied.
func (r *Request) Block(tag byte, units, size int, data string, write Transcoder) (ok bool) {
	if size < abi.TapeLarge || size > maxBlock || !r.Fits(size) {
		return false
	}
	r.Buf = binary.LittleEndian.AppendUint32(r.Buf, uint32(units)|abi.TapeElsewhere)
	r.Buf = binary.LittleEndian.AppendUint32(r.Buf, uint32(len(r.blocks)))
	r.blocks = append(r.blocks, block{tag, uint32(units), uint32(size), data, write})
	r.size += int64(size)
	return true
}

// BytesBlock is Block for the bytes of a buffer.
func (r *Request) BytesBlock(b []byte) (ok bool) {
	return r.Block(abi.TapeBuffer, len(b), len(b), unsafe.String(unsafe.SliceData(b), len(b)), CopyString)
}

// forgetBlocks lets go of what the blocks refer to.
func (r *Request) forgetBlocks() {
	clear(r.blocks)
	r.blocks, r.size = r.blocks[:0], 0
}

// writeBlocks has the guest make the request's blocks, and fills them.
func (in *Instance) writeBlocks(f *Frame, r *Request) error {
	for i := range r.blocks {
		b := &r.blocks[i]
		p, err := f.call(exportBlockNew, uint64(i), uint64(b.tag), uint64(b.units))
		if err != nil {
			return err
		}
		if uint32(p) == 0 {
			return ErrMemoryLimit
		}
		to, err := in.Bytes(uint32(p), b.size)
		if err != nil {
			return err
		}
		b.write(to, b.data)
	}
	r.forgetBlocks()
	return nil
}

// writeRequest copies a request into the guest's in buffer.
func (in *Instance) writeRequest(f *Frame, r *Request) error {
	if !r.Fits(0) {
		return ErrMemoryLimit
	}
	if len(r.types) > 0 {
		if err := in.makeLiveTypes(f, r.types); err != nil {
			return err
		}
	}
	if len(r.Buf) == 0 {
		return nil
	}
	io := in.ioBlock()
	if uint32(len(r.Buf)) > io.uint32(abi.IOInCap) {
		ok, err := f.call(exportInReserve, uint64(len(r.Buf)))
		if err != nil {
			return err
		}
		if uint32(ok) == 0 {
			return ErrMemoryLimit
		}
		io = in.ioBlock()
	}
	if !in.write(io.uint32(abi.IOInPtr), r.Buf) {
		return in.corrupt("request buffer out of bounds")
	}
	if len(r.blocks) > 0 {
		return in.writeBlocks(f, r)
	}
	return nil
}
