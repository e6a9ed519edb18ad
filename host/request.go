package host

import (
	"encoding/binary"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// Request is what goes into the guest with a call: a vector of cells, then the
// tape that some of them refer to. One copy takes it over.
type Request struct {
	Buf []byte

	limit int64 // of Buf, 0 if there is none
	over  bool  // something did not fit
	types []LiveType
}

// keepRequest bounds the buffer that is kept from call to call, in bytes.
const keepRequest = 1 << 16

// Fits tells whether n bytes more are no more than the guest has memory for. If
// not, the request cannot be sent, and sending it fails with ErrMemoryLimit: what
// is large need not be appended to find that out.
func (r *Request) Fits(n int) bool {
	r.over = r.over || r.limit != 0 && int64(len(r.Buf))+int64(n) > r.limit
	return !r.over
}

// Reset makes a request of n undefined cells and an empty tape.
func (r *Request) Reset(n int) {
	if cap(r.Buf) > keepRequest {
		r.Buf = nil
	}
	r.Buf, r.over, r.types = r.Buf[:0], false, nil
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
	if uint32(len(r.Buf)) > in.ioUint32(abi.IOInCap) {
		ok, err := f.call(exportInReserve, uint64(len(r.Buf)))
		if err != nil {
			return err
		}
		if uint32(ok) == 0 {
			return ErrMemoryLimit
		}
	}
	if !in.write(in.ioUint32(abi.IOInPtr), r.Buf) {
		return in.corrupt("request buffer out of bounds")
	}
	return nil
}
