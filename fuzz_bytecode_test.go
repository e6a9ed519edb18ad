package qjswasm_test

import (
	"context"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Bits of FuzzBytecode's mode.
const (
	bytecodeHeader = 1 << iota // put the header right: version, and a checksum that says "any"
	bytecodeModule             // ask for a module
	bytecodeImport             // load it as a module that another imports
	bytecodeEdits              // the input edits what the engine compiled
)

// bytecodeSources are compiled for the seeds, and for edits.
var bytecodeSources = []qjswasm.Source{
	{Code: "1 + 1"},
	{Code: "function f(a, b = 1, ...c) { return a ? f(a - 1, b, ...c) : [b, c] } f(5, 'x', 2n ** 70n, /a+/g)"},
	{Code: "class A { #x = 1; static s = 2; get x() { return this.#x } } class B extends A { m() { return super.x } } new B().m()"},
	{Code: "(function* () { try { yield* [1, 2] } finally { yield 3 } })().next(); (async () => { for await (const x of [1]) await x })()"},
	{Code: "const { a, b: [c] = [1], ...d } = { a: 1, e: 2 }; switch (a) { case 1: label: for (const k in d) { continue label } }"},
	{Code: "try { host.echo(`a${host.sum(1, 2)}`) } catch (e) { with (e) { message } } eval('let z = 1; z'); typeof undeclared"},
	{Code: "let n = 0; do { n += [1, 2, 3].map(x => x * n).reduce((a, b) => a + b) } while (n < 99 && n++ > -1); arr = Array(5)"},
	{Module: true, Code: "import f, { a as b } from './0.mjs'; import * as ns from './1.mjs'; export { b, ns }; export * from './0.mjs'; export default await f(); import('./0.mjs'); import.meta.url"},
	{Module: true, Code: "export let x = 1; export class C { static { x++ } } export async function* g() { yield x }"},
}

var importable = fuzzModules{"0.mjs": "export let a = 1; export default () => a++", "1.mjs": "export default 1"}

// FuzzBytecode loads what is and what is not bytecode. The loader trusts it, so
// the guest may die of it or be killed; nothing else may.
func FuzzBytecode(f *testing.F) {
	rt := newFuzzRuntime(f, &qjswasm.Options{Modules: importable})
	var compiled [][]byte
	for _, s := range bytecodeSources {
		b, err := rt.Compile(ctx, s)
		require.NoError(f, err)
		compiled = append(compiled, b)
		f.Add(byte(0), b)
		f.Add(byte(bytecodeHeader|bytecodeModule), b)
		f.Add(byte(bytecodeHeader|bytecodeImport), b)
		f.Add(byte(bytecodeHeader), b[:len(b)/2])
	}
	require.NoError(f, rt.Close())
	f.Add(byte(bytecodeHeader), append(slices.Clone(compiled[0][:5]), 0xff, 0xff, 0xff, 0xff, 0x0f)) // 2^32-1 atoms
	f.Add(byte(bytecodeEdits), []byte{1, 20, 0, 0xff, 40, 0, 0x80})
	f.Add(byte(bytecodeEdits|bytecodeImport), []byte{7, 30, 0, 1})
	other := newFuzzRuntime(f, &qjswasm.Options{MemoryLimit: 8 << 20})
	f.Cleanup(func() { require.NoError(f, other.Close()) })
	inputs := 0

	f.Fuzz(func(t *testing.T, mode byte, input []byte) {
		watch(t)
		if len(input) > 1<<16 {
			return
		}
		code := input
		if mode&bytecodeEdits != 0 {
			code = edited(compiled, input)
		}
		if mode&(bytecodeHeader|bytecodeEdits) != 0 && len(code) >= 5 {
			code = slices.Clone(code)
			code[0] = compiled[0][0]
			binary.LittleEndian.PutUint32(code[1:], 0xffffffff)
		}
		if len(code) == 0 {
			return // no bytecode but an empty source
		}
		requireHeapBelow(t, 256<<20, func() { load(t, mode, code) })
		requireUsable(t, other)
		if inputs++; inputs%16 == 0 {
			requireOthersWork(t)
		}
	})
}

// load evaluates bytecode in a runtime of its own.
func load(t *testing.T, mode byte, code []byte) {
	loader := bytecodeModules{importable, code}
	rt := newFuzzRuntime(t, &qjswasm.Options{MemoryLimit: 8 << 20, Timeout: 50 * time.Millisecond, Seed: new(uint64), Modules: loader})
	p := &player{t: t, rt: rt}
	p.setHost()
	var v *qjswasm.Value
	var err error
	if mode&bytecodeImport != 0 {
		v, err = rt.Import(ctx, "bytecode")
	} else {
		v, err = rt.EvalSource(ctx, qjswasm.Source{Bytecode: code, Module: mode&bytecodeModule != 0})
	}
	p.check(err)
	if err == nil {
		p.use(v)
	}
	_, err = rt.RunJobs(ctx)
	p.check(err)
	p.releaseAll()
	p.check(rt.GC(ctx))
	_, err = rt.Eval(ctx, "1 + 1")
	p.check(err)
	rt.Stats()
	require.NoError(t, rt.Close())
}

// edited is a compiled program with some of its bytes replaced: its number, then
// for each edit an offset of two bytes and a value.
func edited(compiled [][]byte, edits []byte) []byte {
	if len(edits) == 0 {
		return nil
	}
	code := slices.Clone(compiled[int(edits[0])%len(compiled)])
	for edits = edits[1:]; len(edits) >= 3; edits = edits[3:] {
		code[int(binary.LittleEndian.Uint16(edits))%len(code)] = edits[2]
	}
	return code
}

// bytecodeModules has a module of bytecode besides others.
type bytecodeModules struct {
	fuzzModules
	code []byte
}

func (m bytecodeModules) Load(ctx context.Context, name string) (qjswasm.Source, error) {
	if name == "bytecode" {
		return qjswasm.Source{Bytecode: m.code}, nil
	}
	return m.fuzzModules.Load(ctx, name)
}
