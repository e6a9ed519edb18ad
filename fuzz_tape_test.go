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
// records that have them become others, and what is not known here null. It fills
// the guest's buffer, where an older tape would follow it.
func defused(tape []byte) []byte {
	const buffer = 8192 - 8 // less the cell
	tape = append(slices.Clone(tape), make([]byte, buffer-len(tape))...)
	for i := 0; i < buffer-16; {
		n := uint64(binary.LittleEndian.Uint32(tape[i+1:]))
		size := uint64(0)
		switch tape[i] {
		case abi.TapeUndefined, abi.TapeNull, abi.TapeFalse, abi.TapeTrue, abi.TapeHole:
		case abi.TapeInt, abi.TapeBackref, abi.TapeArray, abi.TapeObject, abi.TapeMap, abi.TapeSet:
			size = 4
		case abi.TapeFloat, abi.TapeDate:
			size = 8
		case abi.TapeLatin1, abi.TapeUTF8, abi.TapeBuffer:
			size = 4 + n
		case abi.TapeUTF16:
			size = 4 + 2*n
		case abi.TapeBigInt:
			size = 4 + 4*n
		case abi.TapeTyped:
			size = 5 + uint64(binary.LittleEndian.Uint32(tape[i+2:]))
		case abi.TapeRoot:
			size = 12
		case abi.TapeError:
			clear(tape[i+5 : i+13])
			size = 12
		default:
			tape[i] = abi.TapeNull
		}
		if size > buffer {
			break
		}
		i += 1 + int(size)
	}
	return tape
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
				tape[at] = byte(r.IntN(abi.TapeError + 2))
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
