package qjswasm

import (
	"reflect"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Hooks for tests that play a guest which was taken over.

// GuestMemory is the guest's memory, to be read and overwritten until the next
// call into the guest.
func (rt *Runtime) GuestMemory() []byte {
	b, _ := rt.in.Bytes(0, rt.in.GuestBytes())
	return b
}

// GuestIO is the address of the guest's io block.
func (rt *Runtime) GuestIO() uint32 {
	return uint32(reflect.ValueOf(rt.in).Elem().FieldByName("io").Uint())
}

// Addresses are where in guest memory the call and its arguments are: the record
// of the function, the vector of arguments, and what those refer to.
func (c *Call) Addresses() []uint32 {
	inv := reflect.ValueOf(c.inv).Elem()
	all := []uint32{uint32(inv.FieldByName("record").Uint()), uint32(inv.FieldByName("argv").Uint())}
	for i := range c.NumArgs() {
		if cell := c.inv.Arg(i); !abi.IsFloat(cell) && abi.Tag(cell) < 0 {
			all = append(all, abi.Low(cell))
		}
	}
	return all
}

// GuestFunctions is the number of functions and errors of Go that the guest
// says it holds; Stats counts those that the host does.
func (rt *Runtime) GuestFunctions() int { return rt.in.Functions() }

// Dead returns why the runtime can only be closed, or nil.
func (rt *Runtime) Dead() error { return rt.in.Dead() }

// ParseFrames is parseFrames.
var ParseFrames = parseFrames

// Tape is the record that v goes to the guest as.
func (rt *Runtime) Tape(v any) ([]byte, error) {
	var r host.Request
	err := (&bridge.Encoder{R: &rt.realm, Req: &r}).Value(v)
	return r.Buf, err
}

// NewFromTape has the guest read a record that nobody need have written.
func (rt *Runtime) NewFromTape(tape []byte) (*Value, error) {
	return rt.newValue(func(e *bridge.Encoder) error {
		e.Req.SetTape(0)
		e.Req.Buf = append(e.Req.Buf, tape...)
		return nil
	})
}
