package host

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxImages bounds the images that an engine keeps, of some 400 KB each: more
// sets of intrinsics than a program has use for.
const maxImages = 16

// image is an initialised guest, of which instances start as a copy instead of
// creating every built-in again. It is immutable.
type image struct {
	intrinsics uint32 // the groups of built-ins it has
	memory     []byte // above the stack
	kinds      []byte // abi.Kind by class id
}

// images are an engine's images, made when they are first asked for. Safe for
// concurrent use.
type images struct {
	mu   sync.Mutex
	made []*pendingImage // oldest first
}

type pendingImage struct {
	intrinsics uint32
	get        func() (*image, error)
}

// image returns the image of a set of intrinsics. Callers that ask at the same
// time wait for one that makes it; one that failed is made anew next time.
func (e *Engine) image(ctx context.Context, intrinsics uint32) (*image, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Others wait for the outcome, which must not depend on this caller's patience.
	ctx = context.WithoutCancel(ctx)
	p := e.images.pending(intrinsics, func() (*image, error) { return e.makeImage(ctx, intrinsics) })
	img, err := p.get()
	if err != nil {
		e.images.forget(p)
		return nil, fmt.Errorf("qjswasm: initialising the guest: %w", err)
	}
	return img, nil
}

func (m *images) pending(intrinsics uint32, create func() (*image, error)) *pendingImage {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.made {
		if p.intrinsics == intrinsics {
			return p
		}
	}
	if len(m.made) == maxImages {
		m.made = slices.Delete(m.made, 0, 1)
	}
	p := &pendingImage{intrinsics, sync.OnceValues(create)}
	m.made = append(m.made, p)
	return p
}

func (m *images) forget(p *pendingImage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := slices.Index(m.made, p); i >= 0 {
		m.made = slices.Delete(m.made, i, i+1)
	}
}

func (e *Engine) makeImage(ctx context.Context, intrinsics uint32) (*image, error) {
	in, err := e.instantiate(ctx, InstanceConfig{MemoryLimit: MinMemory})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f := in.frame()
	if _, err := f.call(exportInitialize); err != nil {
		return nil, err
	}
	if ok, err := f.call(exportRuntimeInit, uint64(intrinsics)); err != nil {
		return nil, err
	} else if uint32(ok) != 1 {
		return nil, ErrMemoryLimit
	}
	kinds, err := in.Bytes(in.ioUint32(abi.IOKindsPtr), in.ioUint32(abi.IOKindsLen))
	if err != nil {
		return nil, err
	}
	memory, err := in.Bytes(abi.StackSize, in.mem.Size()-abi.StackSize)
	if err != nil {
		return nil, err
	}
	return &image{intrinsics, slices.Clone(memory), slices.Clone(kinds)}, nil
}
