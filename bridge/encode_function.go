package bridge

import (
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Function describes a Go function to be encoded as a JS one.
type Function struct {
	Fn          any
	Name        string
	Length      int // -1: the number of parameters
	Constructor bool
	Captures    []any
	Released    func()

	flags uint32 // besides abi.FuncConstructor
	bytes int64  // that it makes the host hold, besides host.CostCallable
}

func (e *Encoder) function(fn any) error {
	return e.Function(&Function{Fn: fn, Name: e.Name, Length: -1})
}

// Function appends the record of a Go function and registers it. A registration
// whose function is never made is undone when the guest is next left.
func (e *Encoder) Function(f *Function) error {
	call, params, err := e.R.callable(f.Fn)
	if err != nil {
		return err
	}
	if f.Length >= 0 {
		params = f.Length
	}
	flags := f.flags
	if f.Constructor {
		flags |= abi.FuncConstructor
	}
	if err := e.hostFunction(&host.Callable{Call: call, Released: f.Released, Bytes: f.bytes}, f.Name, params, flags); err != nil {
		return toJS(reflect.TypeOf(f.Fn), err)
	}
	e.u32(uint32(len(f.Captures)))
	for i, c := range f.Captures {
		e.Name = ""
		if err := e.Value(c); err != nil {
			return at(err, "captures"+index(i))
		}
	}
	return nil
}

// hostFunction registers a callable and appends its record up to the number of
// captured values.
func (e *Encoder) hostFunction(c *host.Callable, name string, params int, flags uint32) error {
	h, err := e.R.In.Register(c, name)
	if err != nil {
		return err
	}
	e.tag(abi.TapeFunc)
	e.u64(uint64(h))
	e.u32(uint32(params))
	e.u32(flags)
	e.string(name)
	return nil
}
