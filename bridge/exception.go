package bridge

import (
	"errors"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

const (
	// maxErrorText is the most bytes of a name, message or stack that are copied,
	// maxErrorTexts of all of them in a chain of causes.
	maxErrorText  = abi.ErrorTextMax
	maxErrorTexts = 256 << 10
)

// maxCauses is more than the length of any chain of causes that the guest writes.
const maxCauses = 64

// Exception is a JS exception as it left the guest.
type Exception struct {
	Flags   uint32 // abi.Error flags
	Name    string // empty when the thrown value is no Error
	Message string
	Stack   string
	GoErr   error // the Go error it stands for, or nil
	Aborted error // why the host unwound the guest, or nil
	Thrown  any   // the thrown value, a *Value of the embedder
	Cause   *Exception
}

// exception reads an error record whose tag was read, with its causes.
func (d *Decoder) exception() (*Exception, error) {
	var first *Exception
	link := &first
	left := maxErrorTexts
	for range maxCauses {
		x, err := d.exceptionHead(&left)
		if err != nil {
			return nil, err
		}
		*link, link = x, &x.Cause
		tag, err := d.tag()
		switch {
		case err != nil:
			return nil, err
		case tag == abi.TapeHole:
			return first, nil
		case tag != abi.TapeError:
			return nil, errTape
		}
	}
	return nil, errTape
}

// exceptionHead reads an error record up to its cause. left is how much text may
// still be copied.
func (d *Decoder) exceptionHead(left *int) (*Exception, error) {
	x := &Exception{}
	var err error
	if x.Flags, err = d.u32(); err != nil {
		return nil, err
	}
	h, err := d.u64()
	if err != nil {
		return nil, err
	}
	if c := d.R.In.Callables.Lookup(callables.Handle(h)); c != nil {
		x.GoErr = c.Err
	}
	for _, s := range []*string{&x.Name, &x.Message, &x.Stack} {
		if *s, err = d.clipped(min(maxErrorText, *left)); err != nil {
			return nil, err
		}
		*left = max(*left-len(*s), 0)
	}
	x.Thrown, err = d.thrown()
	return x, err
}

// thrown reads the thrown value: a root, or a primitive. nil if there is no room
// for it; an error can be told without it.
func (d *Decoder) thrown() (any, error) {
	if d.peek() == abi.TapeRoot {
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
