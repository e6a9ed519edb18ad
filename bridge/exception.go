package bridge

import (
	"errors"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxErrorText is the most bytes of a name, message or stack that are copied,
// maxErrorTexts of all of them in an error and those inside it.
const (
	maxErrorText  = abi.ErrorTextMax
	maxErrorTexts = abi.ErrorTextsMax
)

// Exception is a JS exception as it left the guest.
type Exception struct {
	Flags   uint32 // abi.Error flags
	Name    string // empty when the thrown value is no Error
	Message string
	Stack   string
	GoErr   error // the Go error it stands for, or nil
	Aborted error // why the host unwound the guest, or nil
	Thrown  any   // the thrown value, a *Value of the embedder

	Cause   *Exception   // nil if there is none, or it contains this
	Because any          // the value of the cause, as Thrown
	Members []*Exception // of an AggregateError

	inside int // errors whose records follow
}

// exception reads an error record whose tag was read, and those of the errors
// inside it: level by level, so that a list is all it takes.
func (d *Decoder) exception() (*Exception, error) {
	left := maxErrorTexts
	first, _, err := d.exceptionRecord(&left)
	if err == nil && first == nil {
		err = errTape
	}
	if err != nil {
		return nil, err
	}
	all := []*Exception{first}
	for i, known := 0, 1; i < len(all); i++ {
		x := all[i]
		if x == nil {
			continue
		}
		if known += x.inside; known > abi.ErrorTreeMax {
			return nil, errTape
		}
		for j := range x.inside {
			if tag, err := d.tag(); err != nil || tag != abi.TapeError {
				return nil, errTape
			}
			y, again, err := d.exceptionRecord(&left)
			if err != nil {
				return nil, err
			}
			all = append(all, y)
			value := y.value()
			if y == nil {
				if again >= uint64(i+1) {
					return nil, errTape
				}
				value = all[again].value()
			}
			switch {
			case j == 0 && x.Flags&abi.ErrorCause != 0:
				x.Cause, x.Because = y, value
			case y != nil:
				x.Members = append(x.Members, y)
			}
		}
	}
	return first, nil
}

// cost estimates the bytes that x and what is inside it take in Go.
func (x *Exception) cost() int {
	n := costError + len(x.Name) + len(x.Message) + len(x.Stack)
	if x.Cause != nil {
		n += x.Cause.cost()
	}
	for _, y := range x.Members {
		n += y.cost()
	}
	return n
}

func (x *Exception) value() any {
	if x == nil {
		return nil
	}
	return x.Thrown
}

// exceptionRecord reads the record of one error, or if that was told before, its
// number. left is how much text may still be copied.
func (d *Decoder) exceptionRecord(left *int) (x *Exception, again uint64, err error) {
	flags, err := d.u32()
	if err != nil {
		return nil, 0, err
	}
	h, err := d.u64()
	if err != nil || flags&abi.ErrorAgain != 0 {
		return nil, h, err
	}
	x = &Exception{Flags: flags}
	if c := d.R.In.Lookup(callables.Handle(h)); c != nil {
		x.GoErr = c.Err
	}
	for _, s := range []*string{&x.Name, &x.Message, &x.Stack} {
		if *s, err = d.clipped(min(maxErrorText, *left)); err != nil {
			return nil, 0, err
		}
		*left = max(*left-len(*s), 0)
	}
	if x.Thrown, err = d.thrown(); err != nil {
		return nil, 0, err
	}
	n, err := d.u32()
	if n > abi.ErrorTreeMax {
		return nil, 0, errTape
	}
	x.inside = int(n)
	return x, 0, err
}

// thrown reads the thrown value: a root, or a primitive. nil if there is no room
// for it; an error can be told without it.
func (d *Decoder) thrown() (any, error) {
	switch d.peek() {
	case abi.TapeHole:
		d.pos++
		return nil, nil
	case abi.TapeRoot:
		d.pos++
		if d.room < host.CostValue {
			_, _, err := d.root()
			d.skipped = true
			return nil, err
		}
		x, _, err := d.value()
		return x, err
	}
	p, err := d.primitive()
	if errors.Is(err, host.ErrMemoryLimit) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.R.Emb.ValueOf(p.boxed()), nil
}
