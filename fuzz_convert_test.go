package qjswasm_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// FuzzConvert sends strings, bytes, JSON values and values of random types through
// a guest and back.
func FuzzConvert(f *testing.F) {
	for _, s := range []string{
		"", "x", "é", "日本", "😀", "a\x00b", "\xff", "\xed\xa0\x80", "\xf0\x9f\x98", `{"a":[1,-0,1e300,null,true,{"":"\ud800"}]}`,
		`{"__proto__":{"constructor":1},"0":9007199254740993,"é":[[],{}]}`, `[[[[[[]]]]]]`, `"\u0000\uffff"`, "-0",
	} {
		f.Add([]byte(s))
	}
	var rt *qjswasm.Runtime
	var stringify func(any) (string, error)
	runs := 0
	f.Fuzz(func(t *testing.T, b []byte) {
		if runs++; runs%10_000 == 1 { // lest a finding depends on too much before it
			if rt != nil {
				require.NoError(t, rt.Close())
			}
			var err error
			rt, err = qjswasm.New(ctx, nil)
			require.NoError(t, err)
			// JSON in the guest is a second opinion on what a value looks like.
			stringify, err = qjswasm.Eval[func(any) (string, error)](ctx, rt, "x => JSON.stringify(x)")
			require.NoError(t, err)
		}
		v, err := rt.NewValue(string(b))
		require.NoError(t, err)
		assert.Equal(t, string([]rune(string(b))), v.String())
		units := v.UTF16()
		n, err := v.Len()
		require.NoError(t, err)
		assert.Equal(t, int64(len(units)), n)
		assert.Equal(t, b, roundTrip(t, rt, b))
		assert.Equal(t, qjswasm.ArrayBuffer(b), roundTrip(t, rt, qjswasm.ArrayBuffer(b)))

		if len(b) > 1 {
			// Types live as long as the process, so there is a limited number.
			types := generator{rand.New(rand.NewPCG(uint64(b[0]), uint64(b[1]&15)))}
			requireRoundTrip(t, rt, types.typ(3), generator{rand.New(&inputSource{b[2:], rand.NewPCG(0, 0)})})
		}

		var x any
		if json.Unmarshal(b, &x) != nil {
			return
		}
		s, err := stringify(x)
		var js *qjswasm.Error
		if errors.As(err, &js) && js.Name == "RangeError" {
			return // too deep for the guest's stack
		}
		require.NoError(t, err)
		var y any
		require.NoError(t, json.Unmarshal([]byte(s), &y), s)
		assert.Equal(t, positive(x), positive(y), s)
		assert.Equal(t, exported(x), roundTrip(t, rt, x))
		// There is no code to run in it, so running that makes no difference.
		v, err = rt.NewValue(x)
		require.NoError(t, err)
		defer v.Close()
		prepared, err := v.ExportWith(ctx, &qjswasm.ExportOptions{Getters: true, ToJSON: true, Proxies: true})
		require.NoError(t, err)
		assert.Equal(t, exported(x), prepared)
	})
}

// inputSource makes random numbers of fuzz input, as long as there is some.
type inputSource struct {
	input []byte
	rest  rand.Source
}

func (s *inputSource) Uint64() uint64 {
	if len(s.input) < 2 {
		return s.rest.Uint64()
	}
	n := binary.LittleEndian.Uint16(s.input)
	s.input = s.input[2:]
	return uint64(n) * 0x9e3779b97f4a7c15 // spread over all bits
}

func roundTrip(t *testing.T, rt *qjswasm.Runtime, x any) any {
	v, err := rt.NewValue(x)
	require.NoError(t, err)
	defer v.Close()
	y, err := v.Export()
	require.NoError(t, err)
	return y
}

// positive is a JSON value without negative zeros, which JSON.stringify drops.
func positive(x any) any {
	switch x := x.(type) {
	case float64:
		return x + 0
	case []any:
		for i := range x {
			x[i] = positive(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = positive(x[k])
		}
	}
	return x
}

// exported is a JSON value with the numbers that Export gives.
func exported(x any) any {
	switch x := x.(type) {
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1<<63 && (x != 0 || !math.Signbit(x)) {
			return int64(x)
		}
	case []any:
		y := make([]any, len(x))
		for i := range x {
			y[i] = exported(x[i])
		}
		return y
	case map[string]any:
		y := make(map[string]any, len(x))
		for k := range x {
			y[k] = exported(x[k])
		}
		return y
	}
	return x
}
