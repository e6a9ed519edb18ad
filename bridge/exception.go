package bridge

import (
	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
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
	for range maxCauses {
		x, err := d.exceptionHead()
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

// exceptionHead reads an error record up to its cause.
func (d *Decoder) exceptionHead() (*Exception, error) {
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
		if *s, err = d.string(); err != nil {
			return nil, err
		}
	}
	x.Thrown, err = d.thrown()
	return x, err
}

// thrown reads the thrown value: a root, or a primitive.
func (d *Decoder) thrown() (any, error) {
	if d.peek() == abi.TapeRoot {
		d.pos++
		x, _, err := d.value()
		return x, err
	}
	p, err := d.primitive()
	if err != nil {
		return nil, err
	}
	return d.R.Emb.ValueOf(p.boxed()), nil
}
