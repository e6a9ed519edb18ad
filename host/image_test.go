package host

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/internal/abi"
)

func TestImagesAreMadeOnce(t *testing.T) {
	var m images
	var made atomic.Int32
	create := func() (*image, error) { made.Add(1); return &image{}, nil }
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			_, err := m.pending(1, create).get()
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	assert.Equal(t, int32(1), made.Load())
	for set := range uint32(3 * maxImages) {
		_, err := m.pending(set, create).get()
		require.NoError(t, err)
	}
	assert.Len(t, m.made, maxImages)
}

func TestImageThatFailedIsMadeAnew(t *testing.T) {
	var m images
	errFirst := errors.New("first")
	p := m.pending(1, func() (*image, error) { return nil, errFirst })
	_, err := p.get()
	require.ErrorIs(t, err, errFirst)
	m.forget(p)
	m.forget(p)
	again := m.pending(1, func() (*image, error) { return &image{}, nil })
	_, err = again.get()
	require.NoError(t, err)
	m.forget(p)
	assert.Same(t, again, m.pending(1, nil), "forgetting the first does not touch the second")
}

func TestImageOfAnEngine(t *testing.T) {
	e, err := testEngine()
	require.NoError(t, err)
	all, err := e.image(ctx, abi.IntrinsicAll)
	require.NoError(t, err)
	again, err := e.image(ctx, abi.IntrinsicAll)
	require.NoError(t, err)
	assert.Same(t, all, again)
	core, err := e.image(ctx, abi.IntrinsicCore)
	require.NoError(t, err)
	assert.NotSame(t, all, core)
	assert.Equal(t, all.kinds, core.kinds)
	in := newInstance(t, InstanceConfig{Intrinsics: abi.IntrinsicJSON})
	assert.Equal(t, uint32(abi.IntrinsicCore|abi.IntrinsicJSON), in.image.intrinsics)
	assert.Same(t, all, newInstance(t, InstanceConfig{}).image)
}
