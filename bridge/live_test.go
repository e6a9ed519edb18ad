package bridge

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

func TestLowerCamel(t *testing.T) {
	for name, want := range map[string]string{
		"DoThing": "doThing", "ID": "id", "URLFor": "urlFor", "X": "x", "HTTP2Get": "http2Get",
		"A1": "a1", "IsOK": "isOK", "ÄndereDas": "ändereDas", "XMLHTTPRequest": "xmlhttpRequest",
	} {
		assert.Equal(t, want, lowerCamel(name), name)
	}
}

func TestLiveOfUnknownHandle(t *testing.T) {
	tapes := [][]byte{{abi.TapeLive}, {abi.TapeLive, 1, 0, 0}, {abi.TapeLive, 1, 0, 0, 0, 1, 0, 0, 0}}
	for _, b := range tapes {
		_, err := NewDecoder(fakeRealm(), b).Any()
		require.Error(t, err)
		var p *int
		require.Error(t, NewDecoder(fakeRealm(), b).Into(reflect.ValueOf(&p).Elem()))
		d := NewDecoder(fakeRealm(), append([]byte{abi.TapeArray, 1, 0, 0, 0}, b...))
		require.Error(t, d.Into(reflect.ValueOf(&[]*int{}).Elem()))
	}
	h, err := fakeRealm().In.Register(&host.Callable{}, "")
	require.NoError(t, err)
	assert.NotZero(t, h)
}

// One Go value has one entry, until the guest drops it.
func TestLiveTable(t *testing.T) {
	type inner struct{ N int }
	x := &struct {
		In   inner
		List []inner
	}{}
	r := fakeRealm()
	first, err := tape(r, Live{x})
	require.NoError(t, err)
	again, err := tape(r, []any{Live{x}, Live{&x.In}, Live{&x.List}})
	require.NoError(t, err)
	assert.Contains(t, string(again), string(first))
	assert.Equal(t, 3, r.In.Callables.Len())
	assert.Len(t, r.live.objects, 3)
	for _, c := range r.In.Callables.All() {
		c.Forgotten()
	}
	assert.Empty(t, r.live.objects)
}
