package bridge

import (
	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxCauses bounds the chain of causes that is followed.
const maxCauses = 64

// Exception is a JS exception as it left the guest.
type Exception struct {
	Flags   uint32 // abi.Error flags
	Name    string // empty when the thrown value is no Error
	Message string
	Stack   string
	GoErr   error // the Go error it stands for, or nil
	Thrown  any   // the thrown value, a *Value of the embedder
	Cause   *Exception
}

// Exception reads the error record at the start of a tape.
func (d *Decoder) Exception() (*Exception, error) {
	tag, err := d.tag()
	if err != nil || tag != abi.TapeError {
		return nil, errTape
	}
	return d.exception()
}

// exception reads an error record whose tag was read, with its causes.
func (d *Decoder) exception() (*Exception, error) {
	var first *Exception
	for link := &first; ; link = &(*link).Cause {
		x, err := d.exceptionHead()
		if err != nil {
			return nil, err
		}
		*link = x
		if d.depth++; d.depth > maxCauses+maxDecodeDepth {
			return nil, errTape
		}
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
		return d.Any()
	}
	p, err := d.primitive()
	if err != nil {
		return nil, err
	}
	return d.R.Emb.ValueOf(p), nil
}
