package qjswasm_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// addressesOf returns where the guest has the values of expressions.
func addressesOf(t *testing.T, rt *qjswasm.Runtime, expressions string) []uint32 {
	t.Helper()
	var found []uint32
	require.NoError(t, rt.Set("spot", func(c *qjswasm.Call) error {
		found = c.Addresses()[2:] // without those of the call itself
		return nil
	}))
	eval(t, rt, "spot("+expressions+")")
	return found
}

func poke(rt *qjswasm.Runtime, at, word uint32) {
	binary.LittleEndian.PutUint32(rt.GuestMemory()[at:], word)
}

func peek(rt *qjswasm.Runtime, at uint32) uint32 {
	return binary.LittleEndian.Uint32(rt.GuestMemory()[at:])
}

// A guest that calls objects BigInts does not get a Value without a number in it.
func TestCorruptKinds(t *testing.T) {
	rt := newRuntime(t, nil)
	kinds := peek(rt, rt.GuestIO()+abi.IOKindsPtr)
	for i := range peek(rt, rt.GuestIO()+abi.IOKindsLen) {
		rt.GuestMemory()[kinds+i] = abi.KindBigInt
	}
	v := eval(t, rt, "[]")
	assert.Equal(t, qjswasm.KindOther, v.Kind())
	assert.Nil(t, v.BigInt())
	assert.True(t, v.Bool())
	v.Close()
	assert.Zero(t, rt.Stats().Roots)
}

// A BigInt larger than any that the engine makes is not handed to math/big.
func TestCorruptBigInt(t *testing.T) {
	rt := newRuntime(t, nil)
	poke(rt, addressesOf(t, rt, "globalThis.big = 2n ** 99n")[0], abi.BigIntMaxLimbs+1)
	_, err := rt.Eval(ctx, "big")
	require.ErrorIs(t, err, qjswasm.ErrDead)
	require.ErrorIs(t, err, host.ErrCorrupt)
}

// A list of dead functions that never ends is not followed.
func TestCorruptDeadList(t *testing.T) {
	rt := newRuntime(t, nil)
	var record uint32
	require.NoError(t, rt.Set("f", func(c *qjswasm.Call) error { record = c.Addresses()[0]; return nil }))
	require.NoError(t, rt.Set("loop", func() {
		const nextDead = 8 // in QJSRecord
		poke(rt, record+nextDead, record)
		poke(rt, rt.GuestIO()+abi.IODeadCount, 1<<31)
	}))
	_, _ = rt.Eval(ctx, "f(); f = null; loop()") // the guest notices what it frees twice, or the host
	require.ErrorIs(t, rt.Dead(), qjswasm.ErrDead)
}

// What no context bounds, counting and releasing, ends when the guest is caught
// in a list that never ends.
func TestCorruptObjectList(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: qjswasm.MinMemoryLimit})
	object := addressesOf(t, rt, "globalThis.o = {}")[0]
	// Its link in the collector's list, prev and next, is what the previous one's
	// next points to.
	link := object
	for ; link < object+32; link += 4 {
		if prev := peek(rt, link); prev > abi.StackSize && prev < uint32(len(rt.GuestMemory())-8) && peek(rt, prev+4) == link {
			break
		}
	}
	require.Less(t, link, object+32)
	poke(rt, link+4, link)
	rt.Stats()
	require.ErrorIs(t, rt.Dead(), qjswasm.ErrKilled)
}

// A call passes no more arguments than the engine's own apply does.
func TestTooManyArguments(t *testing.T) {
	rt := newRuntime(t, nil)
	f, err := rt.NewFunc("f", func(c *qjswasm.Call) (any, error) { return len(c.Args()), nil })
	require.NoError(t, err)
	v, err := f.Call(ctx, nil, make([]any, 65535)...)
	require.NoError(t, err)
	assert.Equal(t, int64(65535), v.Int64())
	_, err = f.Call(ctx, nil, make([]any, 65536)...)
	var js *qjswasm.Error
	require.ErrorAs(t, err, &js)
	assert.Equal(t, "RangeError", js.Name)
	requireUsable(t, rt)
}

// Regular expressions that no compiler made can be endless in places where those
// that one made cannot: a lookahead that matches at once and goes on at itself.
func TestForgedRegExpIsStopped(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Timeout: 50 * time.Millisecond})
	code, err := rt.Compile(ctx, qjswasm.Source{Code: "/(?=)/.test('')"})
	require.NoError(t, err)
	lookahead := bytes.Index(code, []byte{0x28, 1, 0, 0, 0, 0x11}) // go on one byte further, which is the match
	require.Positive(t, lookahead)
	binary.LittleEndian.PutUint32(code[lookahead+1:], ^uint32(4))
	binary.LittleEndian.PutUint32(code[1:], math.MaxUint32) // no checksum
	done := make(chan error, 1)
	go func() {
		_, err := rt.EvalSource(ctx, qjswasm.Source{Bytecode: code})
		done <- err
	}()
	select {
	case err := <-done:
		require.ErrorIs(t, err, qjswasm.ErrInterrupted)
	case <-time.After(10 * time.Second):
		panic("the guest does not poll: no test could go on in this process")
	}
}
