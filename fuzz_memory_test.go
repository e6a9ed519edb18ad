package qjswasm_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// FuzzGuestMemory plays a guest that was taken over: the input overwrites guest
// memory between uses of the API, and from within callbacks. The guest may die or
// say nonsense; the host must fail with typed errors, in good time, and without
// allocating what the guest makes up.
func FuzzGuestMemory(f *testing.F) {
	random := rand.New(rand.NewPCG(2, 2))
	for i := range 100 {
		input := make([]byte, 8+i)
		for j := range input {
			input[j] = byte(random.Uint32())
		}
		f.Add(input)
	}
	for _, input := range memorySeeds {
		f.Add(input)
	}
	other := newFuzzRuntime(f, &qjswasm.Options{MemoryLimit: 8 << 20})
	f.Cleanup(func() { require.NoError(f, other.Close()) })
	inputs := 0
	f.Fuzz(func(t *testing.T, input []byte) {
		watch(t)
		if len(input) > 512 {
			return
		}
		requireHeapBelow(t, 512<<20, func() { intrude(t, input) })
		requireUsable(t, other)
		if inputs++; inputs%16 == 0 {
			requireOthersWork(t)
		}
	})
}

// memorySetup makes a value of each kind and shows the host where they are.
const memorySetup = `
Object.assign(host, intruding);
globalThis.all = [
	"latin " + 1, "wide \u{1f600}", "a long string to be cut in two".repeat(9).slice(3, 200), "rope".repeat(99) + Math.random(), 2n ** 99n, -(5n ** 33n),
	{ a: 1, b: { c: [1, 2.5, "x", null] } }, [1, [2, [3]]], function f(a, b) { return [a, b, this] }, x => x, host.echo, new Uint8Array(40), new Float64Array(9),
	new ArrayBuffer(16), new Map([["k", { v: 1 }]]), new Set([1, "2", {}]), new Date(0), /a(b)*/g, Promise.resolve(1), new Proxy({}, {}), new Proxy(x => x, {}),
	Symbol("s"), new TypeError("e", { cause: new RangeError("c") }), (function* () { yield 1 })(), host.sum.bind(null, 1), new WeakMap(), new WeakRef({}),
	new DataView(new ArrayBuffer(8)), new host.Box({}), (() => { try { host.fail() } catch (e) { return e } })(), globalThis, Object.prototype, Object(1n),
];
host.spot(...all); host.spot({}, []);
`

// memoryScripts use what was overwritten, some of them while it is.
var memoryScripts = []string{
	"all.map(x => typeof x)", "all.map(x => { try { return String(x) } catch (e) { return e } })", "JSON.stringify(all[6])", "all[6]", "all[7]", "all",
	"host.echo(all[6])", "host.echo(all[14])", "host.text(all[0])", "host.text(all[2])", "host.text(all[3])", "host.sum(1, 2)", "host.echo(all[4])", "host.bytes(all[11])",
	"host.call(all[8], 1, all)", "host.record({ A: 1, B: all, C: {} })", "host.fail()", "throw all[22]", "throw all[29]", "new host.Box(all[6])", "host.keep(all[8])",
	"host.spot(...all)", "host.intrude(1, 'x', {}, all[3]); all.map(host.echo)", "[3, 1, 2].sort(() => { host.intrude(); return 0 })", "host.echo({ get a() { return host.intrude() } })",
	"host.call((a, b) => { host.intrude(a, b); return all[6] }, all[2], all[4])", "class C extends host.Box { constructor() { host.intrude(); super(all[1]); host.intrude(new.target) } } new C", "host.intrude() + host.eval('host.intrude()')",
	"let a = []; for (let i = 0; i < 200; i++) a.push(() => i, host.sum.bind(i), { i }); globalThis.more = a; 0", "globalThis.more = null; host.gc()", "all.length = 3; host.gc()", "Promise.resolve(all[6]).then(host.echo)",
	"(async () => { for await (const x of [1, host.later(2)]) host.intrude(x) })()", "import('./0.mjs').then(m => m.default())", "console.log(all)", "console.table(all)", "eval('var v' + Math.random().toString(36).slice(2))", "Promise.reject(all[22])",
}

// intruder overwrites guest memory as the input says.
type intruder struct {
	*player
	input   []byte
	targets []uint32
	values  []*qjswasm.Value
}

func intrude(t *testing.T, input []byte) {
	rt := newFuzzRuntime(t, &qjswasm.Options{
		MemoryLimit:          8 << 20,
		Timeout:              50 * time.Millisecond,
		Seed:                 new(uint64),
		Stdout:               io.Discard,
		Modules:              importable,
		OnUnhandledRejection: func(e *qjswasm.Error) { release(e) },
	})
	p := &intruder{player: &player{t: t, rt: rt}, input: input}
	p.setHost()
	intruding := map[string]any{
		"spot": func(c *qjswasm.Call) error {
			p.targets = append(p.targets, c.Addresses()...)
			return nil
		},
		"intrude": func(c *qjswasm.Call) (any, error) {
			p.targets = append(p.targets, c.Addresses()...)
			p.overwrite()
			return c.Args(), nil
		},
	}
	patiently(t, func() error { return rt.Set("intruding", intruding) })
	patiently(t, func() error { _, err := rt.Eval(ctx, memorySetup); return err })
	p.targets = append(p.targets, rt.GuestIO())
	for len(p.input) > 0 {
		p.step()
	}
	p.releaseAll()
	for _, v := range p.values {
		v.Close()
	}
	require.NoError(t, rt.Close())
}

func (p *intruder) byte() int {
	if len(p.input) == 0 {
		return 0
	}
	b := p.input[0]
	p.input = p.input[1:]
	return int(b)
}

// uint32 takes a number that is small more often than not.
func (p *intruder) uint32() uint32 {
	switch n := p.byte(); {
	case n < 0x80:
		return uint32(n)
	case n < 0x90:
		return -uint32(n - 0x7f)
	case n < 0xa0:
		return 1 << (n & 15 * 2)
	default:
		return uint32(p.byte()) | uint32(p.byte())<<8 | uint32(p.byte())<<16 | uint32(n)<<24
	}
}

// address chooses where to read or write.
func (p *intruder) address(memory []byte) uint32 {
	size := uint32(len(memory))
	switch n := p.byte(); {
	case n < 0x30: // the io block and the glue's other variables
		return p.rt.GuestIO() + uint32(n)*4
	case n < 0x38:
		return p.rt.GuestIO() + uint32(int8(p.byte()))*4
	case n < 0x40:
		return (uint32(p.byte())<<16 | uint32(p.byte())<<8) % size
	case n < 0x48: // what is on the tape or in the request
		return binary.LittleEndian.Uint32(memory[p.rt.GuestIO()+24+uint32(n&1)*8:]) + uint32(p.byte())
	case n < 0x80: // behind a pointer in a value
		at := p.target() + uint32(n&15)*4
		if at > size-4 {
			return at
		}
		return binary.LittleEndian.Uint32(memory[at:]) + uint32(p.byte())
	default:
		return p.target() + uint32(n&0x1f)*2
	}
}

func (p *intruder) target() uint32 { return p.targets[p.byte()%len(p.targets)] }

// overwrite writes once.
func (p *intruder) overwrite() {
	memory := p.rt.GuestMemory()
	if len(memory) == 0 {
		return // dead
	}
	at := p.address(memory)
	var b [8]byte
	what := b[:4]
	switch p.byte() % 7 {
	case 0:
		what = b[:1]
		b[0] = byte(p.byte())
	case 1:
		binary.LittleEndian.PutUint32(what, p.uint32())
	case 2:
		binary.LittleEndian.PutUint32(what, p.target())
	case 3: // a cell
		what = b[:8]
		binary.LittleEndian.PutUint32(b[:], p.target())
		binary.LittleEndian.PutUint32(b[4:], uint32(int8(p.byte()%20)-10))
	case 4:
		binary.LittleEndian.PutUint32(what, p.address(memory))
	case 5:
		what = bytes.Repeat([]byte{byte(p.byte())}, p.byte())
	case 6:
		binary.LittleEndian.PutUint32(what, uint32(len(memory))-p.uint32())
	}
	if at < uint32(len(memory)) {
		copy(memory[at:], what)
	}
}

// step overwrites something or uses the runtime.
func (p *intruder) step() {
	op := p.byte()
	if op < 0x80 {
		p.overwrite()
		return
	}
	rt := p.rt
	var err error
	switch op % 16 {
	case 0, 1, 2, 3, 4, 5:
		var v *qjswasm.Value
		if v, err = rt.Eval(ctx, memoryScripts[p.byte()%len(memoryScripts)]); err == nil {
			p.values = append(p.values, v)
		}
	case 6:
		err = rt.Set("global", map[string]any{"a": []any{1, "x", new(big.Int).Lsh(big.NewInt(1), 99), func() {}}})
	case 7:
		var v *qjswasm.Value
		if v, err = rt.Get([]string{"global", "all", "host", "more"}[p.byte()%4]); err == nil {
			p.values = append(p.values, v)
		}
	case 8:
		if len(p.values) > 0 {
			p.use(p.values[p.byte()%len(p.values)])
		}
	case 9:
		if len(p.values) > 0 {
			p.values[p.byte()%len(p.values)].Close()
		}
	case 10:
		var v *qjswasm.Value
		if v, err = rt.NewValue([]any{p.byte(), "text", []byte{1, 2, 3}, map[string]any{"f": func(a, b any) any { return a }}}); err == nil {
			p.values = append(p.values, v)
		}
	case 11:
		_, err = rt.RunJobs(ctx)
	case 12:
		_, err = rt.Import(ctx, []string{"./0.mjs", "./1.mjs", "./none.mjs"}[p.byte()%3])
	case 13:
		rt.Stats()
	case 14:
		err = rt.GC(ctx)
	case 15:
		_, err = rt.Compile(ctx, bytecodeSources[p.byte()%len(bytecodeSources)])
	}
	p.check(err)
}

// memorySeeds are attacks one would try by hand: each overwrites, then uses.
var memorySeeds = [][]byte{
	{0x00, 0x08, 1, 0x7f, 0x80, 0x00},                               // length of the tape
	{0x00, 0x0a, 1, 0x7f, 0x8d, 0x80, 0},                            // number of dead records
	{0x00, 0x0c, 1, 0x00, 0x80, 28, 0x80, 29},                       // number of callables
	{0x00, 0x00, 3, 5, 9, 0x88, 0x00},                               // result
	{0x00, 0xc0, 1, 0xff, 0xff, 0xff, 0xff, 0x80, 8},                // header of a string
	{0x00, 0xc0, 1, 0xff, 0xff, 0xff, 0x7f, 0x80, 9, 0x80, 4},       // and as UTF-16
	{0x00, 0xe5, 8, 0, 0xff, 0x80, 6, 0x80, 4, 0x88, 0, 0x8e},       // class of an object
	{0x80, 22, 0x05, 0x02, 1, 0x10, 0x80, 22, 0x06, 0x18, 5, 0, 99}, // from a callback
	{0x80, 28, 0x80, 29, 0x50, 10, 0, 5, 0xff, 64, 0x8e, 0x8d},      // records and their list
}
