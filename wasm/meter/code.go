package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
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
	opI32GeS       = 0x4e
	opI32Sub       = 0x6b
	opLastNumeric  = 0xc4
	opMisc         = 0xfc

	miscMemoryCopy = 10
	miscMemoryFill = 11

	typeI32   = 0x7f
	typeEmpty = 0x40
)

// stats are numbers of things that were metered, or left out.
type stats struct{ loops, unmetered, jumps, entries, indirect, bulk int }

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
	var open labels
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
			open = append(open, false)
			out = append(out, text...)
		case op == opLoop:
			f.loops++
			open = append(open, true)
			out = append(out, text...)
		case op == opBlock, op == opIf:
			open = append(open, false)
			out = append(out, text...)
		case op == opEnd && len(open) > 0:
			open = open[:len(open)-1]
			out = append(out, text...)
		case op == opBr && open.metered(operand):
			f.jumps++
			out = f.jump(out, operand)
		case op == opBrIf && open.metered(operand):
			f.jumps++
			out = f.jump(append(out, opIf, typeEmpty), operand+1)
			out = append(out, opEnd)
		case op == opBrTable && slices.ContainsFunc(branchTable(text), open.metered):
			f.jumps++
			out = f.tick(out)
			out = append(out, text...)
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

// labels tells of each open block, the innermost last, whether it is a loop whose
// branches are metered.
type labels []bool

func (l labels) metered(label uint32) bool {
	return int(label) < len(l) && l[len(l)-1-int(label)]
}

// branchTable returns the labels of a br_table.
func branchTable(text []byte) []uint32 {
	r := &reader{b: text[1:]}
	n := uint64(r.u32()) + 1
	var table []uint32
	for range n {
		table = append(table, r.u32())
	}
	return table
}

// tick appends: if (--ticks < 0) expired();
func (f *function) tick(out []byte) []byte {
	return append(f.count(out), opEnd)
}

// jump appends: if (--ticks < 0) { expired(); br label; } br label;
//
// The call has a jump of its own, so that a compiler need not have the registers
// of the usual way agree with those after a call, where they are empty.
func (f *function) jump(out []byte, label uint32) []byte {
	out = appendU32(append(f.count(out), opBr), label+1)
	out = append(out, opEnd)
	return appendU32(append(out, opBr), label)
}

// count appends the decrement and a block, left open, in which the call is. An
// if would put the call on the straight way, in the eyes of wazero's allocator of
// registers.
func (f *function) count(out []byte) []byte {
	out = appendU32(append(out, opGlobalGet), f.ticks)
	out = append(out, opI32Const, 1, opI32Sub)
	out = appendU32(append(out, opLocalTee), f.local)
	out = appendU32(append(out, opGlobalSet), f.ticks)
	out = append(out, opBlock, typeEmpty)
	out = appendU32(append(out, opLocalGet), f.local)
	out = append(out, opI32Const, 0, opI32GeS, opBrIf, 0)
	return appendU32(append(out, opCall), f.expired)
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
// matters: for a call the function, for an indirect call the type, for a global its
// index, for a branch its label, for a misc instruction its second opcode.
func (r *reader) instruction() (op byte, n uint32, err error) {
	op = r.byte()
	switch {
	case op == opCall, op == opGlobalGet, op == opGlobalSet, op == opBr, op == opBrIf:
		n = r.u32()
	case op == opCallIndirect:
		n = r.u32()
		r.skipLEB()
	case op == opBlock, op == opLoop, op == opIf,
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
