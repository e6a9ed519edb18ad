package qjswasm

import "reflect"

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

// Cell is the guest's value behind a borrowed Value: a tag and an address.
func (v *Value) Cell() uint64 { return v.cell }

// Record is the address of the guest's record of the function that c calls.
func (c *Call) Record() uint32 {
	return uint32(reflect.ValueOf(c.inv).Elem().FieldByName("record").Uint())
}

// GuestFunctions is the number of functions and errors of Go that the guest
// says it holds; Stats counts those that the host does.
func (rt *Runtime) GuestFunctions() int { return rt.in.Functions() }

// Dead returns why the runtime can only be closed, or nil.
func (rt *Runtime) Dead() error { return rt.in.Dead() }
