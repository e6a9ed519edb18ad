package bridge

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// errorRecord is an error as the guest writes it, with so many errors inside.
func errorRecord(flags uint32, message string, inside uint32) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{abi.TapeError}, flags)
	b = binary.LittleEndian.AppendUint64(b, 0)
	for _, s := range []string{"Error", message, "    at f (a.js:1:2)"} {
		b = append(b, abi.TapeLatin1)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return binary.LittleEndian.AppendUint32(append(b, abi.TapeUndefined), inside)
}

// errorAgain is the record of an error that is inside itself.
func errorAgain(number uint64) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{abi.TapeError}, abi.ErrorAgain)
	return binary.LittleEndian.AppendUint64(b, number)
}

func join(records ...[]byte) (b []byte) {
	for _, r := range records {
		b = append(b, r...)
	}
	return b
}

// errorTapes are valid tapes of errors, and lies.
func errorTapes() [][]byte {
	const cause = abi.ErrorIsError | abi.ErrorCause
	return [][]byte{
		errorRecord(abi.ErrorIsError, "m", 0),
		join(errorRecord(cause, "a", 1), errorRecord(cause, "b", 1), errorAgain(0)),
		join(errorRecord(cause, "a", 3), errorRecord(abi.ErrorIsError, "cause", 0), errorRecord(8, "m1", 1), errorRecord(0, "m2", 0), errorAgain(2)),
		join(errorRecord(cause, "a", 1), errorAgain(1)),
		errorAgain(0),
		errorRecord(cause, "a", 1<<31),
		errorRecord(cause, "a", 256),
	}
}

func TestErrorTree(t *testing.T) {
	const cause = abi.ErrorIsError | abi.ErrorCause
	r := fakeRealm()
	read := func(records ...[]byte) (*Exception, error) {
		b := append(join(records...), abi.TapeNull) // what follows is not touched
		d := NewDecoder(r, b)
		x, err := d.Exception()
		if err == nil {
			assert.Equal(t, len(b)-1, d.pos)
			d = NewDecoder(r, b)
			require.NoError(t, d.skip())
			assert.Equal(t, len(b)-1, d.pos, "passed over as it was read")
		}
		return x, err
	}
	// a has a cause and two members; the first member has a cause of its own.
	x, err := read(errorRecord(cause, "a", 3),
		errorRecord(abi.ErrorIsError, "cause", 0), errorRecord(cause, "m1", 1), errorRecord(0, "m2", 0),
		errorRecord(abi.ErrorIsError, "deep", 0))
	require.NoError(t, err)
	require.Len(t, x.Members, 2)
	assert.Equal(t, []string{"a", "cause", "m1", "deep", "m2"},
		[]string{x.Message, x.Cause.Message, x.Members[0].Message, x.Members[0].Cause.Message, x.Members[1].Message})
	assert.Same(t, x.Cause.Thrown, x.Because)

	x, err = read(errorRecord(cause, "a", 1), errorRecord(cause, "b", 1), errorAgain(0))
	require.NoError(t, err)
	assert.Nil(t, x.Cause.Cause, "a cycle is cut")
	assert.Same(t, x.Thrown, x.Cause.Because, "but its value is known")

	for name, records := range map[string][]byte{
		"itself":        join(errorRecord(cause, "a", 1), errorAgain(1)),
		"nothing":       errorAgain(0),
		"too many":      errorRecord(cause, "a", 1<<31),
		"too many more": join(errorRecord(cause, "a", 200), errorRecord(cause, "b", 200)),
		"missing":       errorRecord(cause, "a", 1),
	} {
		_, err := read(records)
		assert.ErrorIs(t, err, host.ErrCorrupt, name)
	}
}

// A tape of the most errors that there can be is read, one more is not.
func TestErrorTreeBounds(t *testing.T) {
	r := fakeRealm()
	for _, n := range []int{abi.ErrorTreeMax - 1, abi.ErrorTreeMax} {
		b := errorRecord(abi.ErrorIsError, "a", uint32(n))
		for range n {
			b = append(b, errorRecord(abi.ErrorIsError, "m", 0)...)
		}
		x, err := NewDecoder(r, b).Exception()
		if n < abi.ErrorTreeMax {
			require.NoError(t, err)
			assert.Len(t, x.Members, n)
		} else {
			assert.Error(t, err)
		}
	}
}
