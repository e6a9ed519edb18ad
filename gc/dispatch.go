package gc

import (
	"encoding/binary"

	"github.com/qjswasm/qjswasm/callables"
)

// Dispatch takes the callables whose functions died in the guest out of the
// registry. handles is the batch as the guest wrote it: little-endian 64-bit
// words. Handles that are stale or made up are skipped: a guest can forget its
// own callables early, and no others. released, if not nil, is called for each
// entry that was removed, after its removal.
func Dispatch[E any](r *callables.Registry[E], handles []byte, released func(*E)) {
	for ; len(handles) >= 8; handles = handles[8:] {
		e := r.Remove(callables.Handle(binary.LittleEndian.Uint64(handles)))
		if e != nil && released != nil {
			released(e)
		}
	}
}
