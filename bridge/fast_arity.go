package bridge

import (
	"context"
	"reflect"

	"github.com/qjswasm/qjswasm/host"
)

// The functions here say the same for each number of parameters, which Go's generics
// cannot abstract from.

func noParams(t *fastFuncs) {
	p := &params[none]{
		count: 0,
		read:  func(*Realm, *host.Invocation) (none, bool) { return none{}, true },
		write: func(*host.Request, none) {},
	}
	res := noneCodec()
	t.callable[reflect.TypeFor[func()]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func())
		return fastCallable(r, p, res, general, func(_ *host.Invocation, _ none) (none, error) { call(); return none{}, nil })
	}
	t.callable[reflect.TypeFor[func() error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func() error)
		return fastCallable(r, p, res, general, func(_ *host.Invocation, _ none) (none, error) { return none{}, call() })
	}
	t.callable[reflect.TypeFor[func(context.Context) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context) error)
		return fastCallable(r, p, res, general, func(inv *host.Invocation, _ none) (none, error) { return none{}, call(inv.Context()) })
	}
	t.caller[reflect.TypeFor[func() error]()] = func(f *jsFunc) any {
		return func() error { _, err := fastCall(f, context.Background(), p, res, none{}); return err }
	}
	t.caller[reflect.TypeFor[func(context.Context) error]()] = func(f *jsFunc) any {
		return func(ctx context.Context) error { _, err := fastCall(f, ctx, p, res, none{}); return err }
	}
	noParamsResult(t, p, floatCodec())
	noParamsResult(t, p, intCodec())
	noParamsResult(t, p, int64Codec())
	noParamsResult(t, p, boolCodec())
	noParamsResult(t, p, stringCodec())
	noParamsResult(t, p, bytesCodec())
}

func noParamsResult[R any](t *fastFuncs, p *params[none], res codec[R]) {
	t.callable[reflect.TypeFor[func() R]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func() R)
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, _ none) (R, error) { return call(), nil })
	}
	t.callable[reflect.TypeFor[func() (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func() (R, error))
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, _ none) (R, error) { return call() })
	}
	t.callable[reflect.TypeFor[func(context.Context) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context) (R, error))
		return fastCallable(r, p, &res, general, func(inv *host.Invocation, _ none) (R, error) { return call(inv.Context()) })
	}
	t.caller[reflect.TypeFor[func() (R, error)]()] = func(f *jsFunc) any {
		return func() (R, error) { return fastCall(f, context.Background(), p, &res, none{}) }
	}
	t.caller[reflect.TypeFor[func(context.Context) (R, error)]()] = func(f *jsFunc) any {
		return func(ctx context.Context) (R, error) { return fastCall(f, ctx, p, &res, none{}) }
	}
}

func oneParam[A any](t *fastFuncs, a codec[A]) {
	p := &params[A]{
		count: 1,
		read: func(r *Realm, inv *host.Invocation) (l A, ok bool) {
			l, ok = a.arg(r, inv, 0)
			return l, ok
		},
		write: func(req *host.Request, l A) {
			a.put(req, 1, l)
		},
	}
	res := noneCodec()
	t.callable[reflect.TypeFor[func(A)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A))
		return fastCallable(r, p, res, general, func(_ *host.Invocation, l A) (none, error) { call(l); return none{}, nil })
	}
	t.callable[reflect.TypeFor[func(A) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A) error)
		return fastCallable(r, p, res, general, func(_ *host.Invocation, l A) (none, error) { return none{}, call(l) })
	}
	t.callable[reflect.TypeFor[func(context.Context, A) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context, A) error)
		return fastCallable(r, p, res, general, func(inv *host.Invocation, l A) (none, error) { return none{}, call(inv.Context(), l) })
	}
	t.caller[reflect.TypeFor[func(A) error]()] = func(f *jsFunc) any {
		return func(x A) error { _, err := fastCall(f, context.Background(), p, res, x); return err }
	}
	t.caller[reflect.TypeFor[func(context.Context, A) error]()] = func(f *jsFunc) any {
		return func(ctx context.Context, x A) error { _, err := fastCall(f, ctx, p, res, x); return err }
	}
	oneParamResult(t, p, floatCodec())
	oneParamResult(t, p, intCodec())
	oneParamResult(t, p, int64Codec())
	oneParamResult(t, p, boolCodec())
	oneParamResult(t, p, stringCodec())
	oneParamResult(t, p, bytesCodec())
}

func oneParamResult[A, R any](t *fastFuncs, p *params[A], res codec[R]) {
	t.callable[reflect.TypeFor[func(A) R]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A) R)
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, l A) (R, error) { return call(l), nil })
	}
	t.callable[reflect.TypeFor[func(A) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A) (R, error))
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, l A) (R, error) { return call(l) })
	}
	t.callable[reflect.TypeFor[func(context.Context, A) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context, A) (R, error))
		return fastCallable(r, p, &res, general, func(inv *host.Invocation, l A) (R, error) { return call(inv.Context(), l) })
	}
	t.caller[reflect.TypeFor[func(A) (R, error)]()] = func(f *jsFunc) any {
		return func(x A) (R, error) { return fastCall(f, context.Background(), p, &res, x) }
	}
	t.caller[reflect.TypeFor[func(context.Context, A) (R, error)]()] = func(f *jsFunc) any {
		return func(ctx context.Context, x A) (R, error) { return fastCall(f, ctx, p, &res, x) }
	}
}

type pair[A, B any] struct {
	a A
	b B
}

func twoParams[A, B any](t *fastFuncs, a codec[A], b codec[B]) {
	p := &params[pair[A, B]]{
		count: 2,
		read: func(r *Realm, inv *host.Invocation) (l pair[A, B], ok bool) {
			if l.a, ok = a.arg(r, inv, 0); !ok {
				return l, false
			}
			l.b, ok = b.arg(r, inv, 1)
			return l, ok
		},
		write: func(req *host.Request, l pair[A, B]) {
			a.put(req, 1, l.a)
			b.put(req, 2, l.b)
		},
	}
	res := noneCodec()
	t.callable[reflect.TypeFor[func(A, B)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, B))
		return fastCallable(r, p, res, general, func(_ *host.Invocation, l pair[A, B]) (none, error) { call(l.a, l.b); return none{}, nil })
	}
	t.callable[reflect.TypeFor[func(A, B) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, B) error)
		return fastCallable(r, p, res, general, func(_ *host.Invocation, l pair[A, B]) (none, error) { return none{}, call(l.a, l.b) })
	}
	t.callable[reflect.TypeFor[func(context.Context, A, B) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context, A, B) error)
		return fastCallable(r, p, res, general, func(inv *host.Invocation, l pair[A, B]) (none, error) { return none{}, call(inv.Context(), l.a, l.b) })
	}
	t.caller[reflect.TypeFor[func(A, B) error]()] = func(f *jsFunc) any {
		return func(x A, y B) error {
			_, err := fastCall(f, context.Background(), p, res, pair[A, B]{x, y})
			return err
		}
	}
	t.caller[reflect.TypeFor[func(context.Context, A, B) error]()] = func(f *jsFunc) any {
		return func(ctx context.Context, x A, y B) error {
			_, err := fastCall(f, ctx, p, res, pair[A, B]{x, y})
			return err
		}
	}
	twoParamsResult(t, p, a)
	twoParamsResult(t, p, b)
	twoParamsResult(t, p, boolCodec())
}

func twoParamsResult[A, B, R any](t *fastFuncs, p *params[pair[A, B]], res codec[R]) {
	t.callable[reflect.TypeFor[func(A, B) R]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, B) R)
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, l pair[A, B]) (R, error) { return call(l.a, l.b), nil })
	}
	t.callable[reflect.TypeFor[func(A, B) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, B) (R, error))
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, l pair[A, B]) (R, error) { return call(l.a, l.b) })
	}
	t.callable[reflect.TypeFor[func(context.Context, A, B) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context, A, B) (R, error))
		return fastCallable(r, p, &res, general, func(inv *host.Invocation, l pair[A, B]) (R, error) { return call(inv.Context(), l.a, l.b) })
	}
	t.caller[reflect.TypeFor[func(A, B) (R, error)]()] = func(f *jsFunc) any {
		return func(x A, y B) (R, error) { return fastCall(f, context.Background(), p, &res, pair[A, B]{x, y}) }
	}
	t.caller[reflect.TypeFor[func(context.Context, A, B) (R, error)]()] = func(f *jsFunc) any {
		return func(ctx context.Context, x A, y B) (R, error) { return fastCall(f, ctx, p, &res, pair[A, B]{x, y}) }
	}
}

func threeParams[A any](t *fastFuncs, a codec[A]) {
	p := &params[[3]A]{
		count: 3,
		read: func(r *Realm, inv *host.Invocation) (l [3]A, ok bool) {
			if l[0], ok = a.arg(r, inv, 0); !ok {
				return l, false
			}
			if l[1], ok = a.arg(r, inv, 1); !ok {
				return l, false
			}
			l[2], ok = a.arg(r, inv, 2)
			return l, ok
		},
		write: func(req *host.Request, l [3]A) {
			a.put(req, 1, l[0])
			a.put(req, 2, l[1])
			a.put(req, 3, l[2])
		},
	}
	res := noneCodec()
	t.callable[reflect.TypeFor[func(A, A, A)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, A, A))
		return fastCallable(r, p, res, general, func(_ *host.Invocation, l [3]A) (none, error) { call(l[0], l[1], l[2]); return none{}, nil })
	}
	t.callable[reflect.TypeFor[func(A, A, A) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, A, A) error)
		return fastCallable(r, p, res, general, func(_ *host.Invocation, l [3]A) (none, error) { return none{}, call(l[0], l[1], l[2]) })
	}
	t.callable[reflect.TypeFor[func(context.Context, A, A, A) error]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context, A, A, A) error)
		return fastCallable(r, p, res, general, func(inv *host.Invocation, l [3]A) (none, error) { return none{}, call(inv.Context(), l[0], l[1], l[2]) })
	}
	t.caller[reflect.TypeFor[func(A, A, A) error]()] = func(f *jsFunc) any {
		return func(x, y, z A) error { _, err := fastCall(f, context.Background(), p, res, [3]A{x, y, z}); return err }
	}
	t.caller[reflect.TypeFor[func(context.Context, A, A, A) error]()] = func(f *jsFunc) any {
		return func(ctx context.Context, x, y, z A) error {
			_, err := fastCall(f, ctx, p, res, [3]A{x, y, z})
			return err
		}
	}
	threeParamsResult(t, p, a)
	threeParamsResult(t, p, boolCodec())
}

func threeParamsResult[A, R any](t *fastFuncs, p *params[[3]A], res codec[R]) {
	t.callable[reflect.TypeFor[func(A, A, A) R]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, A, A) R)
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, l [3]A) (R, error) { return call(l[0], l[1], l[2]), nil })
	}
	t.callable[reflect.TypeFor[func(A, A, A) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(A, A, A) (R, error))
		return fastCallable(r, p, &res, general, func(_ *host.Invocation, l [3]A) (R, error) { return call(l[0], l[1], l[2]) })
	}
	t.callable[reflect.TypeFor[func(context.Context, A, A, A) (R, error)]()] = func(r *Realm, fn any, general hostFunc) hostFunc {
		call := fn.(func(context.Context, A, A, A) (R, error))
		return fastCallable(r, p, &res, general, func(inv *host.Invocation, l [3]A) (R, error) { return call(inv.Context(), l[0], l[1], l[2]) })
	}
	t.caller[reflect.TypeFor[func(A, A, A) (R, error)]()] = func(f *jsFunc) any {
		return func(x, y, z A) (R, error) { return fastCall(f, context.Background(), p, &res, [3]A{x, y, z}) }
	}
	t.caller[reflect.TypeFor[func(context.Context, A, A, A) (R, error)]()] = func(f *jsFunc) any {
		return func(ctx context.Context, x, y, z A) (R, error) { return fastCall(f, ctx, p, &res, [3]A{x, y, z}) }
	}
}
