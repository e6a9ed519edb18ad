package bridge

import (
	"context"
	"errors"
	"reflect"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// fakeValue is the *Value of the tests.
type fakeValue struct {
	root gc.Root
	kind uint32
	prim any
}

// fakeError is the *Error of the tests.
type fakeError struct{ x *Exception }

func (e *fakeError) Error() string { return e.x.Name + ": " + e.x.Message }
func (e *fakeError) Unwrap() error { return e.x.GoErr }

type fakeEmbedder struct{}

func (fakeEmbedder) Value(r gc.Root, kind uint32) any { return &fakeValue{root: r, kind: kind} }

func (fakeEmbedder) ValueOf(p any) any { return &fakeValue{prim: p} }

func (fakeEmbedder) BorrowedValue(*host.Invocation, uint64) any { return &fakeValue{} }

func (fakeEmbedder) AppendValue(req *host.Request, v any) (bool, error) {
	switch v := v.(type) {
	case *fakeValue:
		if v.kind == 0 {
			return true, errors.New("released")
		}
		req.Buf = AppendRoot(req.Buf, v.root)
		req.Buf[len(req.Buf)-4] = byte(v.kind) // as the guest writes it, so that it can be read again
		return true, nil
	}
	return false, nil
}

func (fakeEmbedder) Root(v any) (gc.Root, bool) {
	x, ok := v.(*fakeValue)
	return x.root, ok
}

func (em fakeEmbedder) UseRoot(v any) (gc.Root, bool) { return em.Root(v) }

func (fakeEmbedder) ValueType() reflect.Type { return reflect.TypeFor[*fakeValue]() }

func (fakeEmbedder) Exception(x *Exception) error { return &fakeError{x} }

func (fakeEmbedder) Describe(error) (Description, bool) { return Description{}, false }

func (fakeEmbedder) GoFunction(any) func(*host.Invocation) uint32 { return nil }

func (fakeEmbedder) Receiver(reflect.Value) (func(*host.Invocation) uint32, func()) { return nil, nil }

func (fakeEmbedder) Await(_ context.Context, x any) (any, error) { return x, nil }

func (fakeEmbedder) Throw(*host.Invocation, error) uint32 { return abi.StatusThrow }

func fakeRealm() *Realm {
	return &Realm{In: &host.Instance{}, Emb: fakeEmbedder{}}
}

// tape encodes v as it would go to the guest.
func tape(r *Realm, v any) ([]byte, error) {
	var req host.Request
	err := (&Encoder{R: r, Req: &req}).Value(v)
	return req.Buf, err
}

// textTape is tape for a string.
func textTape(t Text) []byte {
	var req host.Request
	PutText(&req, t)
	return req.Buf
}
