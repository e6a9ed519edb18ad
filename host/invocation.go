package host

import (
	"context"
	"encoding/binary"
	"strings"
	"unsafe"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// ErrorClass selects the constructor of an Error that the host throws.
type ErrorClass uint32

// The numbers are the engine's JSErrorEnum; Error itself is any number beyond.
const (
	EvalError       ErrorClass = 0
	RangeError      ErrorClass = 1
	ReferenceError  ErrorClass = 2
	SyntaxError     ErrorClass = 3
	TypeError       ErrorClass = 4
	URIError        ErrorClass = 5
	InternalError   ErrorClass = 6
	AggregateError  ErrorClass = 7
	SuppressedError ErrorClass = 8
	PlainError      ErrorClass = 1000
)

// Invocation is one call of host code by the guest. Borrowed: valid until that
// code returns, and then used again.
type Invocation struct {
	// Aux is for the packages above: what they keep per nesting depth.
	Aux any

	frame     *Frame
	this      uint64
	newTarget uint64
	argc      uint32
	argv      uint32
	record    uint32
	serial    uint64
	active    bool
	depth     int
	lent      bool  // the gate, to whoever uses the instance meanwhile
	keeps     bool  // the gate, until the host code lends it
	borrowed  int64 // what the gate was, 0 unless ReturnEarly has taken it
	inView    bool  // ReturnEarly keeps the view open that has the gate
	early     bool  // the result is there while the host code goes on
	held      int64 // bytes that the arguments take in Go
	live      liveRequest
	req       Request
	result    uint64
	aux       uint64
	text      string // of a result that is a short string, what is not in aux
}

func (inv *Invocation) reset(this uint64, argc, argv, record uint32) {
	inv.this, inv.argc, inv.argv, inv.record = this, argc, argv, record
	inv.serial++
	inv.active, inv.keeps = true, false
	inv.result, inv.aux, inv.text = abi.Undefined, 0, ""
	inv.req.Reset(0)
}

// Hold counts n bytes more that the arguments take in Go, until the host code
// returns.
func (inv *Invocation) Hold(n int64) {
	if n != 0 {
		inv.held += n
		inv.frame.in.Hold(n)
	}
}

// Held is what the arguments take in Go, in bytes.
func (inv *Invocation) Held() int64 { return inv.held }

// Context returns the context of the entry that the call happens in, with the
// deadline that InstanceConfig.Timeout gives it.
func (inv *Invocation) Context() context.Context {
	f := inv.frame
	if f.in.cfg.Timeout == 0 {
		return f.ctx
	}
	if f.bounded == nil { // not f.ctx, which others who are further inside look at
		f.bounded, f.cancel = context.WithDeadline(f.ctx, f.deadline)
	}
	return f.bounded
}

// Depth tells host code that calls the guest again from what it calls, for Innermost.
func (inv *Invocation) Depth() int { return inv.depth }

// Innermost tells whether the host code at that depth is what runs: it has not
// called the guest again, and nobody else uses the instance. Safe for concurrent use.
func (in *Instance) Innermost(depth int) bool { return in.gate.innermost(depth) }

// Serial tells invocations that use the same memory apart; 0 is never used.
// Live tells whether the one with that serial is still running.
func (inv *Invocation) Serial() uint64 { return inv.serial }

// Live: see Serial.
func (inv *Invocation) Live(serial uint64) bool { return inv.active && inv.serial == serial }

// This returns the cell of the receiver.
func (inv *Invocation) This() uint64 { return inv.this }

// NumArgs returns the number of arguments.
func (inv *Invocation) NumArgs() int { return int(inv.argc) }

// Arg returns the i-th argument's cell, undefined when there are fewer.
func (inv *Invocation) Arg(i int) uint64 {
	if uint(i) >= uint(inv.argc) {
		return abi.Undefined
	}
	v, ok := inv.frame.in.mem.ReadUint64Le(inv.argv + 8*uint32(i))
	if !ok {
		return abi.Undefined
	}
	return v
}

// NewTarget returns the cell of new.target, undefined in an ordinary call.
func (inv *Invocation) NewTarget() uint64 { return inv.newTarget }

// NumCaptured returns the number of values captured at registration.
func (inv *Invocation) NumCaptured() int {
	n, _ := inv.frame.in.mem.ReadUint32Le(inv.record + abi.RecordCount)
	return int(n)
}

// Captured returns the cell of the i-th captured value.
func (inv *Invocation) Captured(i int) uint64 {
	if uint(i) >= uint(inv.NumCaptured()) {
		return abi.Undefined
	}
	v, ok := inv.frame.in.mem.ReadUint64Le(inv.record + abi.RecordCaptures + 8*uint32(i))
	if !ok {
		return abi.Undefined
	}
	return v
}

// Return sets the result to a cell of a primitive and returns the status.
func (inv *Invocation) Return(cell uint64) uint32 {
	inv.result = cell
	return abi.StatusOK
}

// ReturnTape sets the result to the record that the caller appends to the
// returned request, when the program's own code has returned. From then on nobody else
// uses the instance, since making a record may change its tables, and what it refers to
// has no other owner until the guest reads it. It waits for others to leave.
func (inv *Invocation) ReturnTape() *Request {
	inv.Reclaim()
	return inv.tape()
}

// ReturnEarly is ReturnTape for the program's own code, which goes on afterwards and may be
// further inside, in a view or in another invocation. Nobody else uses the instance until
// Lend, which the caller defers.
func (inv *Invocation) ReturnEarly() *Request {
	if in := inv.frame.in; inv.lent {
		inv.borrowed = in.gate.borrow(in.stayInView)
		inv.lent, inv.inView = false, inv.borrowed == 0
	}
	return inv.tape()
}

// Result returns the request that ReturnEarly did, once the program's own code has returned:
// from then on nobody else uses the instance.
func (inv *Invocation) Result() *Request {
	inv.Reclaim()
	return &inv.req
}

func (inv *Invocation) tape() *Request {
	inv.req.Reset(0)
	inv.result = abi.MakeCell(abi.TagTape, 0)
	return &inv.req
}

// Lend lets others use the instance, also if there is a result already, while the
// program's own code runs, or host code that calls the guest again.
func (inv *Invocation) Lend() {
	if !inv.active || inv.lent {
		return
	}
	in := inv.frame.in
	if inv.result != abi.Undefined && !inv.early {
		inv.early = true
		in.early++
	}
	borrowed, inView := inv.borrowed, inv.inView
	inv.lent, inv.borrowed, inv.inView = true, 0, false
	switch {
	case inView:
		in.viewed.Store(false)
	case borrowed != 0:
		in.gate.leave(borrowed)
	default:
		in.gate.lend(inv.depth)
	}
}

// Reclaim ends Lend. It waits for others to leave.
func (inv *Invocation) Reclaim() {
	if inv.lent {
		inv.frame.in.gate.reclaim(inv.depth)
		inv.lent = false
	}
}

// ReturnText sets the result to a string, which takes a shorter way than the tape. ok
// is false, and nothing done, if it is not all ASCII or longer than abi.TextMax.
func (inv *Invocation) ReturnText(s string) (ok bool) {
	if len(s) > abi.TextMax {
		return false
	}
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	first := Word(b)
	all, rest := first, ""
	if len(b) > 8 {
		rest = s[8:]
		for b = b[8:]; len(b) > 8; b = b[8:] {
			all |= binary.LittleEndian.Uint64(b)
		}
		all |= Word(b)
	}
	if all&NotASCII != 0 {
		return false
	}
	inv.req.Reset(0)
	inv.text, inv.aux = rest, first
	inv.result = abi.MakeCell(abi.TagTape, abi.TextShort|uint32(len(s)))
	return true
}

// ReturnModule sets the answer to Load: the module's data and its abi.Module kind.
func (inv *Invocation) ReturnModule(data []byte, kind uint32) uint32 {
	inv.req.Reset(0)
	// One byte more, for the NUL that the guest puts behind a source.
	inv.req.Buf = append(AppendPieces(inv.req.Buf, data), 0)
	inv.result, inv.aux = uint64(len(data)), uint64(kind)
	return abi.StatusOK
}

// Throw makes the result a new Error that stands for err and returns the
// status. The error comes back out of the guest as itself.
func (inv *Invocation) Throw(class ErrorClass, err error) uint32 {
	r := inv.ReturnTape()
	h, err := inv.frame.in.RegisterError(err, 0)
	r.Buf = AppendError(r.Buf, class, h, "", strings.TrimPrefix(err.Error(), "qjswasm: "))
	r.Buf = append(r.Buf, abi.TapeHole, 0, 0, 0, 0)
	return abi.StatusThrow
}

// AppendError appends the head of an error record; an empty name is that of the
// class. There follow the cause, a value's record or abi.TapeHole, and the number
// of errors besides, as a uint32, with their records.
func AppendError(b []byte, class ErrorClass, h callables.Handle, name, message string) []byte {
	b = append(b, abi.TapeError)
	b = binary.LittleEndian.AppendUint32(b, uint32(class))
	b = binary.LittleEndian.AppendUint64(b, uint64(h))
	for _, s := range []string{name, message} {
		b = append(b, abi.TapeUTF8)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}
