package main

import (
	"bytes"
	"errors"
	"fmt"
)

// Opcodes that are looked at or written.
// https://webassembly.github.io/spec/core/appendix/index-instructions.html
const (
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBr           = 0x0c
	opBrIf         = 0x0d
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opSelectTyped  = 0x1c
	opLocalGet     = 0x20
	opLocalTee     = 0x22
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opTableGet     = 0x25
	opTableSet     = 0x26
	opLoad         = 0x28 // first of the memory accesses
	opStore        = 0x3e // last of them
	opMemorySize   = 0x3f
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32LtS       = 0x48
	opI32Sub       = 0x6b
	opLastNumeric  = 0xc4
	opMisc         = 0xfc

	miscMemoryCopy = 10
	miscMemoryFill = 11

	typeI32   = 0x7f
	typeEmpty = 0x40
)

// stats are numbers of things that were metered, or left out.
type stats struct{ loops, unmetered, entries, indirect, bulk int }

// rewrite meters the code section.
func (m *module) rewrite(body []byte) ([]byte, stats, error) {
	r := &reader{b: body}
	var st stats
	n := r.u32()
	out := appendU32(nil, n)
	for i := range n {
		code := r.take(int(r.u32()))
		if r.err != nil {
			return nil, st, r.err
		}
		index := m.imported + int(i)
		if index >= len(m.types) || m.types[index] >= len(m.params) {
			return nil, st, fmt.Errorf("function %d has no type", index)
		}
		f := &function{module: m, index: uint32(index), stats: &st}
		metered, err := f.rewrite(code, m.params[m.types[index]])
		if err != nil {
			return nil, st, fmt.Errorf("function %d: %w", index, err)
		}
		out = appendU32(out, uint32(len(metered)))
		out = append(out, metered...)
	}
	return out, st, nil
}

// function is one function being rewritten.
type function struct {
	*module
	index uint32
	local uint32 // the one that is added, for the count
	*stats
}

func (f *function) rewrite(code []byte, params int) ([]byte, error) {
	r := &reader{b: code}
	groups := r.u32()
	locals := uint32(params)
	start := r.b
	for range groups {
		locals += r.u32()
		r.byte()
	}
	if r.err != nil {
		return nil, r.err
	}
	f.local = locals
	out := appendU32(nil, groups+1)
	out = append(out, start[:len(start)-len(r.b)]...)
	out = append(out, 1, typeI32)
	dispatch, err := f.dispatchLoops(r.b)
	if err != nil {
		return nil, err
	}
	if f.recursive[f.index] {
		f.entries++
		out = f.tick(out)
	}
	return f.body(r, out, dispatch)
}

// body copies instructions and puts what is needed between them.
func (f *function) body(r *reader, out []byte, dispatch map[int]bool) ([]byte, error) {
	size := len(r.b)
	for len(r.b) > 0 {
		at := size - len(r.b)
		rest := r.b
		op, operand, err := r.instruction()
		if err != nil {
			return nil, err
		}
		text := rest[:len(rest)-len(r.b)]
		switch {
		case op == opLoop && dispatch[at]:
			f.unmetered++
			out = append(out, text...)
		case op == opLoop:
			f.loops++
			out = append(out, text...)
			out = f.tick(out)
		case op == opGlobalSet && operand == f.dispatch:
			mark := []byte{opI32Const, 0}
			if !bytes.HasSuffix(out, mark) {
				return nil, errors.New("the mark of a dispatch is not the constant 0")
			}
			out = out[:len(out)-len(mark)]
		case op == opMisc && operand == miscMemoryCopy && f.index != f.copy:
			f.bulk++
			out = appendU32(append(out, opCall), f.copy)
		case op == opMisc && operand == miscMemoryFill && f.index != f.fill:
			f.bulk++
			out = appendU32(append(out, opCall), f.fill)
		case op == opCallIndirect:
			f.indirect++
			out = f.tick(out)
			out = append(out, text...)
		default:
			out = append(out, text...)
		}
	}
	return out, nil
}

// tick appends: if (--ticks < 0) expired();
func (f *function) tick(out []byte) []byte {
	out = appendU32(append(out, opGlobalGet), f.ticks)
	out = append(out, opI32Const, 1, opI32Sub)
	out = appendU32(append(out, opLocalTee), f.local)
	out = appendU32(append(out, opGlobalSet), f.ticks)
	out = appendU32(append(out, opLocalGet), f.local)
	out = append(out, opI32Const, 0, opI32LtS, opIf, typeEmpty)
	out = appendU32(append(out, opCall), f.expired)
	return append(out, opEnd)
}

// dispatchLoops returns the offsets of the loops that enclose the mark of an
// interpreter's dispatch.
func (m *module) dispatchLoops(body []byte) (map[int]bool, error) {
	found := map[int]bool{}
	var open []int // offset of each enclosing loop, -1 for other blocks
	r := &reader{b: body}
	for len(r.b) > 0 {
		at := len(body) - len(r.b)
		op, operand, err := r.instruction()
		if err != nil {
			return nil, err
		}
		switch {
		case op == opLoop:
			open = append(open, at)
		case op == opBlock, op == opIf:
			open = append(open, -1)
		case op == opEnd && len(open) > 0:
			open = open[:len(open)-1]
		case op == opGlobalSet && operand == m.dispatch:
			for _, loop := range open {
				if loop >= 0 {
					found[loop] = true
				}
			}
		}
	}
	return found, nil
}

// instruction skips one instruction. It returns the opcode, and the operand that
// matters: for a call the function, for an indirect call the type, for a global its index, for a misc instruction its second opcode.
func (r *reader) instruction() (op byte, n uint32, err error) {
	op = r.byte()
	switch {
	case op == opCall, op == opGlobalGet, op == opGlobalSet:
		n = r.u32()
	case op == opCallIndirect:
		n = r.u32()
		r.skipLEB()
	case op == opBlock, op == opLoop, op == opIf, op == opBr, op == opBrIf,
		op >= opLocalGet && op <= opTableSet, op == opMemorySize, op == opMemoryGrow,
		op == opI32Const, op == opI64Const:
		r.skipLEB()
	case op >= opLoad && op <= opStore:
		r.skipLEB()
		r.skipLEB()
	case op == opBrTable:
		for range uint64(r.u32()) + 1 {
			r.skipLEB()
		}
	case op == opSelectTyped:
		r.take(int(r.u32()))
	case op == opF32Const:
		r.take(4)
	case op == opF64Const:
		r.take(8)
	case op == opMisc:
		n, err = r.misc()
	case op == opElse, op == opEnd, op == opReturn, op <= 0x01, op == 0x1a, op == 0x1b,
		op > opF64Const && op <= opLastNumeric:
	default:
		err = fmt.Errorf("unknown instruction %#x", op)
	}
	if err == nil {
		err = r.err
	}
	return op, n, err
}

func (r *reader) misc() (uint32, error) {
	n := r.u32()
	switch {
	case n < 8: // saturating conversions
	case n == miscMemoryCopy:
		r.take(2)
	case n == miscMemoryFill:
		r.take(1)
	default:
		return n, fmt.Errorf("unknown instruction 0xfc %d", n)
	}
	return n, nil
}
