package qjswasm_test

import (
	"encoding/binary"
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// guestTapes are records that a guest gets to read, one of each kind.
func guestTapes(t testing.TB, rt *qjswasm.Runtime) [][]byte {
	loop := map[string]any{"a": 1, "é": "日", "7": nil}
	loop["self"], loop["list"] = loop, []any{loop, []any{}, true, -1.5}
	shared := []any{"x"}
	var tapes [][]byte
	for _, v := range []any{
		nil, qjswasm.Undefined, false, 42, 2.5, "latin", "é", "😀日", big.NewInt(-5), new(big.Int).Lsh(big.NewInt(7), 200), loop,
		[]any{1, shared, shared, [2]any{}}, qjswasm.Object{{Key: "a", Value: shared}, {Key: "a", Value: 1}, {Key: "b", Value: shared}},
		qjswasm.Map{{Key: "k", Value: shared}, {Key: "k", Value: 1}, {Key: shared, Value: shared}}, qjswasm.Set{shared, 1, "1"},
		time.UnixMilli(1), []byte{1, 2, 3}, qjswasm.ArrayBuffer{1, 2}, errors.New("no"), []any{errors.New("no"), &qjswasm.ConvertError{From: "a", To: "b"}},
	} {
		tape, err := rt.Tape(v)
		require.NoError(t, err)
		tapes = append(tapes, tape)
	}
	return append(tapes,
		[]byte{abi.TapeUTF16, 2, 0, 0, 0, 0, 0xd8, 1, 0},
		[]byte{abi.TapeArray, 3, 0, 0, 0, abi.TapeHole, abi.TapeTrue, abi.TapeHole},
		[]byte{abi.TapeTyped, 11, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8},
		[]byte{abi.TapeTyped, 11, 7, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7},
		[]byte{abi.TapeBigInt, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		[]byte{abi.TapeMap, 1, 0, 0, 0, abi.TapeBackref, 0, 0, 0, 0, abi.TapeBackref, 0, 0, 0, 0},
		[]byte{abi.TapeRoot, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0},
		slices.Repeat([]byte{abi.TapeArray, 1, 0, 0, 0}, 700),
	)
}

// defused is a tape without addresses and handles, which the guest must believe:
// records that have them become null. It fills the guest's buffer, where an older
// tape would follow it.
func defused(tape []byte) []byte {
	const buffer = 8192 - 8 // less the cell
	d := defuser{b: append(slices.Clone(tape), make([]byte, buffer-len(tape))...)}
	d.value()
	return d.b
}

// defuser reads a tape as the guest does, up to where that refuses it.
type defuser struct {
	b      []byte
	i      int
	shapes []uint32 // the number of keys of each
}

func (d *defuser) skip(n uint64) bool {
	if uint64(len(d.b)-d.i) < n {
		return false
	}
	d.i += int(n)
	return true
}

func (d *defuser) u32() (uint32, bool) {
	at := d.i
	if !d.skip(4) {
		return 0, false
	}
	return binary.LittleEndian.Uint32(d.b[at:]), true
}

// counted skips what a count of units of a size is followed by.
func (d *defuser) counted(tag *byte, size uint64) bool {
	n, ok := d.u32()
	if ok && n&abi.TapeElsewhere != 0 {
		*tag = abi.TapeNull
		d.i -= 4
		return true
	}
	return ok && d.skip(size*uint64(n))
}

func (d *defuser) values(n uint64) bool {
	for ; n > 0; n-- {
		if !d.value() {
			return false
		}
	}
	return true
}

func (d *defuser) value() bool {
	if d.i == len(d.b) {
		return false
	}
	tag := &d.b[d.i]
	d.i++
	switch *tag {
	case abi.TapeUndefined, abi.TapeNull, abi.TapeFalse, abi.TapeTrue, abi.TapeHole:
		return true
	case abi.TapeInt, abi.TapeBackref:
		return d.skip(4)
	case abi.TapeFloat, abi.TapeDate:
		return d.skip(8)
	case abi.TapeRoot:
		return d.skip(12)
	case abi.TapeLatin1, abi.TapeUTF8, abi.TapeBuffer:
		return d.counted(tag, 1)
	case abi.TapeUTF16:
		return d.counted(tag, 2)
	case abi.TapeBigInt:
		return d.counted(tag, 4)
	case abi.TapeTyped:
		return d.skip(1) && d.counted(tag, 1)
	case abi.TapeRegExp:
		return d.values(2)
	case abi.TapeArray, abi.TapeSet:
		n, ok := d.u32()
		return ok && d.values(uint64(n))
	case abi.TapeObject, abi.TapeMap:
		n, ok := d.u32()
		return ok && d.values(2*uint64(n))
	case abi.TapeShape:
		_, _ = d.u32()
		n, ok := d.u32()
		if !ok || !d.values(uint64(n)) {
			return false
		}
		d.shapes = append(d.shapes, n)
		return d.values(uint64(n))
	case abi.TapeRecord:
		n, ok := d.u32()
		return ok && uint64(n) < uint64(len(d.shapes)) && d.values(uint64(d.shapes[n]))
	case abi.TapeError:
		if !d.skip(12) {
			return false
		}
		clear(d.b[d.i-8 : d.i])
		if !d.values(3) { // name, message, cause
			return false
		}
		n, ok := d.u32()
		return ok && d.values(uint64(n))
	}
	*tag = abi.TapeNull
	return true
}

// readTape has the guest read a tape, which it does or refuses.
func readTape(t testing.TB, rt *qjswasm.Runtime, tape []byte) {
	v, err := rt.NewFromTape(defused(tape))
	if err == nil {
		_, err = v.Export()
		v.Close()
	}
	if rt.Stats().Roots > 400 {
		collect(t, rt) // errors that came out hold what they refer to
	}
	require.NoError(t, rt.Dead())
	var js *qjswasm.Error
	var ce *qjswasm.ConvertError
	if err != nil && !errors.Is(err, qjswasm.ErrReleased) {
		require.True(t, errors.As(err, &js) || errors.As(err, &ce), "%v", err)
	}
}

// The guest trusts the host, but a mistake of the host's must not become one of
// the guest's: what is no tape is refused.
func TestGuestRefusesBadTapes(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 64 << 20})
	tapes := guestTapes(t, rt)
	for _, tape := range tapes {
		for n := range min(len(tape), 200) {
			readTape(t, rt, tape[:n])
		}
	}
	for seed := range seeds(t) {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		tape := slices.Clone(tapes[r.IntN(len(tapes))])
		for range 1 + r.IntN(4) {
			at, other := r.IntN(len(tape)), tapes[r.IntN(len(tapes))]
			switch r.IntN(5) {
			case 0:
				tape[at] = byte(r.IntN(abi.TapeLive + 2))
			case 1:
				tape[at] ^= 1 << r.IntN(8)
			case 2:
				tape = append(tape[:at], other[r.IntN(len(other)):]...)
			case 3:
				tape = slices.Insert(tape, at, other[:r.IntN(min(len(other), 100))]...)
			case 4:
				tape = append(tape[:at:at], tape[min(at+1+r.IntN(8), len(tape)):]...)
			}
			if len(tape) == 0 || len(tape) > 4000 {
				break
			}
		}
		if len(tape) <= 4000 {
			readTape(t, rt, tape)
		}
	}
	requireUsable(t, rt)
}

// FuzzGuestTape has the guest read tapes that no host wrote.
func FuzzGuestTape(f *testing.F) {
	rt := newRuntime(f, &qjswasm.Options{MemoryLimit: 64 << 20})
	for _, tape := range guestTapes(f, rt) {
		f.Add(tape)
	}
	f.Fuzz(func(t *testing.T, tape []byte) {
		if len(tape) > 4000 {
			return
		}
		readTape(t, rt, tape)
		requireUsable(t, rt)
	})
}
