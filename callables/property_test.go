package callables

import (
	"math/rand/v2"
	"testing"
)

func TestRegistryAgainstModel(t *testing.T) {
	for seed := range uint64(8) {
		t.Logf("seed %d", seed)
		rng := rand.New(rand.NewPCG(seed, 0))
		m := newModel(t, rng)
		for range 5 {
			m.nested = 0
			for range 200 {
				m.step(byte(rng.Uint32()), byte(rng.Uint32()))
			}
			m.check()
		}
	}
}

// FuzzRegistry reads pairs of bytes, an operation and its argument.
func FuzzRegistry(f *testing.F) {
	f.Fuzz(func(t *testing.T, program []byte) {
		program = program[:min(len(program), 128)]
		m := newModel(t, rand.New(rand.NewPCG(0, 0)))
		for ; len(program) >= 2; program = program[2:] {
			m.step(program[0], program[1])
		}
		m.check()
	})
}

// maxEntries keeps a program's run time in bounds.
const maxEntries = 4 * chunkSize

// step performs one operation.
func (m *model) step(op, arg byte) {
	n := int(arg)
	switch op % 12 {
	case 0:
		m.add()
	case 1: // many, so that chunks fill up
		for i := 0; i < 4*n && len(m.order) < maxEntries; i++ {
			m.add()
		}
	case 2: // the n-th oldest
		m.removeAt(n)
	case 3: // many of the oldest, so that chunks become empty
		for range 4 * n {
			m.removeAt(0)
		}
	case 4: // many of the youngest
		for range 4 * n {
			m.removeAt(max(len(m.order)-1, 0))
		}
	case 5: // every second one, so that all chunks get holes
		for i := range n {
			m.removeAt(i)
		}
	case 6: // a neighbour in index or generation, often stale or never issued
		if len(m.order) > 0 {
			h := m.order[n%len(m.order)]
			for _, h := range []Handle{h + 1, h - 1, h + 1<<indexBits, h - 1<<indexBits, h ^ chunkSize, h.stripped()} {
				m.lookup(h)
				if arg&1 != 0 {
					m.remove(h)
				}
			}
		}
	case 7: // forged from nothing
		for _, h := range []Handle{Handle(n), Handle(n) << 32, Handle(n) << 56, ^Handle(n), newHandle(uint32(n)<<7, 1)} {
			m.lookup(h)
		}
	case 8:
		m.iterate(n % 3)
	case 9: // the registry is at its most interesting when slots run out
		m.age(n)
	case 10:
		if n%16 == 0 {
			m.clear()
		}
	case 11: // the boundary between having and not having an entry
		for range n % 8 {
			m.add()
			m.removeAt(len(m.order) - 1)
		}
	}
}

// stripped returns the handle without its generation.
func (h Handle) stripped() Handle { return Handle(h.Index()) }
