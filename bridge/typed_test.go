package bridge

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// On a host of the other byte order elements are turned round on the way.
func TestOtherByteOrder(t *testing.T) {
	defer func(was bool) { littleEndian = was }(littleEndian)
	littleEndian = false
	s := TypedArray[uint32]{0x01020304, 5}
	assert.Equal(t, []byte{1, 2, 3, 4, 0, 0, 0, 5}, typedBytes(reflect.ValueOf(s)))
	assert.Equal(t, uint32(0x01020304), s[0], "not in place")
	b := []byte{1, 2, 3, 4, 0, 0, 0, 5}
	assert.Equal(t, []uint32{0x01020304, 5}, numbers[uint32](b))
	assert.Equal(t, []byte{1, 2, 3, 4}, b[:4], "not in place")
	var a [2]uint32
	require.True(t, setElements(reflect.ValueOf(&a).Elem(), typedUint32, b))
	assert.Equal(t, [2]uint32{0x01020304, 5}, a)
	var named []struct{ X int }
	require.False(t, setElements(reflect.ValueOf(&named).Elem(), typedUint32, b))
}

func TestElementKinds(t *testing.T) {
	r := fakeRealm()
	for _, v := range []any{
		TypedArray[int8]{-1}, TypedArray[uint8]{1}, TypedArray[int16]{-1}, TypedArray[uint16]{1}, TypedArray[int32]{-1},
		TypedArray[uint32]{1}, TypedArray[int64]{-1}, TypedArray[uint64]{1}, TypedArray[float32]{0.5}, TypedArray[float64]{0.5},
	} {
		b, err := tape(r, v)
		require.NoError(t, err)
		require.Equal(t, byte(abi.TapeTyped), b[0])
		x, err := NewDecoder(r, b).Any()
		require.NoError(t, err)
		assert.EqualValues(t, reflect.ValueOf(v).Index(0).Interface(), reflect.ValueOf(x).Index(0).Interface(), "%T", v)
		to := reflect.New(reflect.TypeOf(v)).Elem()
		require.NoError(t, NewDecoder(r, b).Into(to))
		assert.Equal(t, v, to.Interface())
	}
}

// Where units are is for the guest's memory to bound.
func TestElsewhereIsChecked(t *testing.T) {
	r := fakeRealm() // which has none
	for _, b := range [][]byte{
		{abi.TapeLatin1, 1, 0, 0, 0x80, 0, 0, 0, 0},
		{abi.TapeLatin1, 0, 0x10, 0, 0x80, 0, 0, 0, 0},
		{abi.TapeUTF16, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0},
		{abi.TapeTyped, typedFloat64, 0, 0x20, 0, 0x80, 1, 0, 0, 0},
		{abi.TapeBuffer, 1, 0, 0, 0x80},
	} {
		_, err := NewDecoder(r, b).Any()
		require.Error(t, err)
	}
}
