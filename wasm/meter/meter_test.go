package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/qjswasm/qjswasm/wasm"
)

// audit is what TestGuestIsMetered finds in a metered module.
type audit struct {
	*module
	bare     map[uint32]int // jumps back without a tick, by function
	ticked   []bool         // functions that begin with a tick, meter's or their own
	calls    [][]uint32
	indirect int // indirect calls without a tick
	bulk     map[uint32]int
}

func newAudit(wasm []byte) (*audit, error) {
	m, err := parse(wasm)
	if err != nil {
		return nil, err
	}
	a := &audit{module: m, bare: map[uint32]int{}, bulk: map[uint32]int{},
		ticked: make([]bool, len(m.types)), calls: make([][]uint32, len(m.types))}
	r := &reader{b: m.section(sectionCode)}
	for i := range r.u32() {
		if err := a.function(uint32(m.imported)+i, r.take(int(r.u32()))); err != nil {
			return nil, err
		}
	}
	return a, r.err
}

// function checks one function. Its last local is the one that meter added.
func (a *audit) function(index uint32, code []byte) error {
	r := &reader{b: code}
	locals := uint32(a.params[a.types[index]])
	for range r.u32() {
		locals += r.u32()
		r.byte()
	}
	f := &function{module: a.module, local: locals - 1}
	tick, count := f.tick(nil), f.count(nil)
	counts, err := a.countsAtEntry(r.b)
	if err != nil {
		return err
	}
	a.ticked[index] = counts || bytes.HasPrefix(r.b, tick)
	before := []byte{}
	var open labels // which of the open blocks are loops
	for len(r.b) > 0 {
		rest := r.b
		op, operand, err := r.instruction()
		if err != nil {
			return err
		}
		switch {
		case op == opLoop, op == opBlock, op == opIf:
			open = append(open, op == opLoop)
		case op == opEnd && len(open) > 0:
			open = open[:len(open)-1]
		case op == opBr && open.metered(operand):
			// the jump from inside the block that the call is in, or the one behind it
			inner := append(appendU32(append(bytes.Clone(count), opBr), operand+1), opEnd)
			if !bytes.HasSuffix(before, count) && !bytes.HasSuffix(before, inner) {
				a.bare[index]++
			}
		case op == opBrIf && open.metered(operand),
			op == opBrTable && slices.ContainsFunc(branchTable(rest), open.metered) && !bytes.HasSuffix(before, tick):
			a.bare[index]++
		case op == opCall:
			a.calls[index] = append(a.calls[index], operand)
		case op == opCallIndirect && !bytes.HasSuffix(before, tick):
			a.indirect++
		case op == opMisc && (operand == miscMemoryCopy || operand == miscMemoryFill):
			a.bulk[index]++
		case op == opGlobalSet && operand == a.dispatch:
			return errors.New("the mark of a dispatch was left in")
		}
		before = append(before, rest[:len(rest)-len(r.b)]...)
	}
	return r.err
}

// The promise that no code of the guest runs for long without a poll, whatever
// is in its memory, rests on this: every cycle in it has a tick. Those through the
// two dispatch loops cannot be told apart here: for them it rests on the polls at
// each place in the patched sources that moves the interpreters' program counters
// back.
func TestGuestIsMetered(t *testing.T) {
	a, err := newAudit(wasm.Module())
	require.NoError(t, err)
	assert.Len(t, a.bare, 2, "functions that jump back without a tick: the interpreters of bytecode and of regular expressions")
	for f := range a.bare {
		assert.True(t, a.ticked[f], "the interpreter in function %d has a tick at its entry", f)
	}
	assert.Zero(t, a.indirect, "indirect calls without a tick")
	for f := range a.bulk {
		assert.Contains(t, []uint32{a.copy, a.fill}, f, "function %d moves memory in one piece", f)
	}
	for f := range a.calls {
		if a.ticked[f] {
			a.calls[f] = nil
		}
	}
	for f, recursive := range cyclic(a.calls) {
		assert.False(t, recursive, "function %d can call itself without a tick", f)
	}
}

// testModule has, beside what meter looks for, functions that run a loop n times,
// one for each way to jump back, two that call themselves n times, and one that
// copies n bytes.
func testModule(exports ...string) []byte {
	section := func(id byte, body ...byte) []byte {
		return append(appendU32([]byte{id}, uint32(len(body))), body...)
	}
	code := func(locals []byte, instructions ...byte) []byte {
		body := append(append(locals, instructions...), opEnd)
		return append(appendU32(nil, uint32(len(body))), body...)
	}
	type export struct {
		name        string
		kind, index byte
	}
	var names []byte
	count := byte(0)
	for _, e := range []export{
		{"qjs_ticks", externGlobal, 0}, {"qjs_dispatch", externGlobal, 1},
		{"qjs_ticks_expired", externFunc, 1}, {"qjs_memory_copy", externFunc, 2}, {"qjs_memory_fill", externFunc, 3},
		{"loop", externFunc, 4}, {"recurse", externFunc, 5}, {"dispatch", externFunc, 6}, {"copy", externFunc, 7},
		{"jump", externFunc, 8}, {"table", externFunc, 9}, {"counted", externFunc, 10},
	} {
		if len(exports) > 0 && exports[0] == e.name { // left out
			continue
		}
		count++
		names = append(append(append(names, byte(len(e.name))), e.name...), e.kind, e.index)
	}
	const i32, get, brIf = typeI32, opLocalGet, opBrIf
	const opI32Eqz, opLocalSet = 0x45, 0x21
	countDown := []byte{get, 0, opI32Const, 1, opI32Sub, opLocalTee, 0, brIf, 0, opEnd}
	m := bytes.Clone(header)
	m = append(m, section(sectionType, 3, 0x60, 0, 0, 0x60, 3, i32, i32, i32, 0, 0x60, 1, i32, 0)...)
	m = append(m, section(sectionImport, append([]byte{1, 4, 'h', 'o', 's', 't', 4, 'p', 'o', 'l', 'l'}, externFunc, 0)...)...)
	m = append(m, section(sectionFunction, 10, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2)...)
	m = append(m, section(5, 1, 0, 1)...) // memory
	m = append(m, section(6, 2, i32, 1, opI32Const, 0, opEnd, i32, 1, opI32Const, 0, opEnd)...)
	m = append(m, section(sectionExport, append([]byte{count}, names...)...)...)
	var bodies []byte
	for _, b := range [][]byte{
		code([]byte{0}, opCall, 0, opI32Const, 0xe4, 0, opGlobalSet, 0),                             // qjs_ticks_expired: poll, grant 100
		code([]byte{0}, get, 0, get, 1, get, 2, opMisc, miscMemoryCopy, 0, 0),                       // qjs_memory_copy
		code([]byte{0}, get, 0, get, 1, get, 2, opMisc, miscMemoryFill, 0),                          // qjs_memory_fill
		code([]byte{0}, append([]byte{opLoop, typeEmpty}, countDown...)...),                         // loop
		code([]byte{0}, get, 0, opIf, typeEmpty, get, 0, opI32Const, 1, opI32Sub, opCall, 5, opEnd), // recurse
		code([]byte{0}, append([]byte{opLoop, typeEmpty, opI32Const, 0, opGlobalSet, 1}, countDown...)...),
		code([]byte{0}, opI32Const, 8, opI32Const, 0, get, 0, opMisc, miscMemoryCopy, 0, 0),
		code([]byte{0}, opBlock, typeEmpty, opLoop, typeEmpty, get, 0, opI32Eqz, brIf, 1,
			get, 0, opI32Const, 1, opI32Sub, opLocalSet, 0, opBr, 0, opEnd, opEnd), // jump
		code([]byte{0}, opBlock, typeEmpty, opLoop, typeEmpty, get, 0, opI32Const, 1, opI32Sub, opLocalTee, 0, opI32Eqz,
			opBrTable, 1, 0, 1, opEnd, opEnd), // table
		code([]byte{0}, opGlobalGet, 0, opI32Const, 2, opI32Sub, opGlobalSet, 0,
			get, 0, opIf, typeEmpty, get, 0, opI32Const, 1, opI32Sub, opCall, 10, opEnd), // counted
	} {
		bodies = append(bodies, b...)
	}
	return append(m, section(sectionCode, append([]byte{10}, bodies...)...)...)
}

func TestMeter(t *testing.T) {
	ctx := context.Background()
	metered, st, err := meter(testModule())
	require.NoError(t, err)
	assert.Equal(t, stats{loops: 3, unmetered: 1, jumps: 3, entries: 2, bulk: 1}, st)
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	polls := 0
	_, err = r.NewHostModuleBuilder("host").NewFunctionBuilder().WithFunc(func() { polls++ }).Export("poll").Instantiate(ctx)
	require.NoError(t, err)
	mod, err := r.Instantiate(ctx, metered)
	require.NoError(t, err)
	ticks := mod.ExportedGlobal("qjs_ticks").(api.MutableGlobal)
	for _, tt := range []struct {
		function string
		n        uint64
		ticks    int32
	}{
		{"loop", 1, 0}, {"loop", 2, 1}, {"loop", 101, 100}, {"loop", 10_001, 10_000},
		{"jump", 0, 0}, {"jump", 1, 1}, {"jump", 10_000, 10_000},
		{"table", 1, 1}, {"table", 10_000, 10_000}, // counts where it may jump back
		{"recurse", 0, 1}, {"recurse", 1000, 1001},
		{"counted", 0, 2}, {"counted", 20, 42}, // its own two, and none of meter's
		{"dispatch", 10_000, 1}, // its entry
		{"copy", 8, 0},
	} {
		polls = 0
		ticks.Set(100)
		_, err := mod.ExportedFunction(tt.function).Call(ctx, tt.n)
		require.NoError(t, err)
		// Each grant lasts for one tick more than its size.
		used := int32(polls)*101 + 100 - int32(ticks.Get())
		assert.Equal(t, tt.ticks, used, "%s(%d)", tt.function, tt.n)
	}
}

func TestMeterRefuses(t *testing.T) {
	module := testModule()
	for name, tt := range map[string]struct {
		module []byte
		says   string
	}{
		"empty":       {nil, "not a wasm module"},
		"truncated":   {module[:len(module)-3], "truncated"},
		"no ticks":    {testModule("qjs_ticks"), "qjs_ticks is not exported"},
		"no callback": {testModule("qjs_ticks_expired"), "qjs_ticks_expired is not exported"},
		"instruction": {bytes.Replace(module, []byte{opMisc, miscMemoryFill}, []byte{0xfd, 0}, 1), "unknown instruction 0xfd"},
	} {
		_, _, err := meter(tt.module)
		assert.ErrorContains(t, err, tt.says, name)
	}
}
