package bridge

import (
	"context"
	"reflect"
	"sync"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

type hostFunc = func(*host.Invocation) uint32

// fastFuncs are the Go func types that are used most. A function of one is called by
// JS, and a JS function as one by Go, without reflection.
type fastFuncs struct {
	callable map[reflect.Type]func(r *Realm, fn any, general hostFunc) hostFunc
	caller   map[reflect.Type]func(f *jsFunc) any
}

// fastTable has all types of no or one parameter, and some of two and three, with one
// result or none: with an error after it, and a context before the parameters, or not.
// Each type takes some 3 KB of machine code and tables, so there are no more.
var fastTable struct {
	once sync.Once
	fastFuncs
}

func fast() *fastFuncs {
	fastTable.once.Do(func() { fastTable.fill() })
	return &fastTable.fastFuncs
}

func (t *fastFuncs) fill() {
	t.callable = map[reflect.Type]func(*Realm, any, hostFunc) hostFunc{}
	t.caller = map[reflect.Type]func(*jsFunc) any{}
	noParams(t)
	oneParam(t, floatCodec())
	oneParam(t, intCodec())
	oneParam(t, int64Codec())
	oneParam(t, boolCodec())
	oneParam(t, stringCodec())
	oneParam(t, bytesCodec())
	twoParams(t, floatCodec(), floatCodec())
	twoParams(t, intCodec(), intCodec())
	twoParams(t, stringCodec(), stringCodec())
	twoParams(t, stringCodec(), bytesCodec())
	threeParams(t, floatCodec())
}

// fastCallable makes the host function for a Go function, nil if its type is not one of
// fastTable. Calls with arguments that do not fit are left to the general path.
func (r *Realm) fastCallable(fn any, general hostFunc) hostFunc {
	if f := fast().callable[reflect.TypeOf(fn)]; f != nil {
		return f(r, fn, general)
	}
	return nil
}

// fastCaller makes the Go function that calls a JS function, nil if its type is not
// one of fastTable.
func (f *jsFunc) fastCaller(t reflect.Type) any {
	if caller := fast().caller[t]; caller != nil {
		return caller(f)
	}
	return nil
}

// fastCallable makes the host function that reads the arguments, calls and returns.
func fastCallable[L, R any](r *Realm, p *params[L], res *codec[R], general hostFunc, call func(*host.Invocation, L) (R, error)) hostFunc {
	return func(inv *host.Invocation) uint32 {
		args, ok := p.read(r, inv)
		if !ok {
			return general(inv)
		}
		x, err := call(inv, args)
		if err != nil {
			return r.Emb.Throw(inv, err)
		}
		return res.ret(r, inv, x)
	}
}

// fastCall calls a JS function.
func fastCall[L, R any](f *jsFunc, ctx context.Context, p *params[L], res *codec[R], args L) (x R, err error) {
	fr, err := f.enter(ctx, p.count)
	if err != nil {
		return x, err
	}
	defer fr.Exit()
	p.write(&fr.Req, args)
	if res.get == nil {
		status, err := f.call(fr, p.count, abi.ModeValue)
		if err == nil {
			err = f.r.discard(fr, status)
		}
		return x, err
	}
	status, err := f.call(fr, p.count, abi.ModeExport)
	if err != nil {
		return x, err
	}
	if status == abi.StatusOK {
		cell, _ := fr.Result()
		if x, ok := res.get(f.r, cell); ok {
			return x, nil
		}
	}
	return slowResult[R](f, fr, status)
}

func slowResult[R any](f *jsFunc, fr *host.Frame, status uint32) (x R, err error) {
	p := new(R)
	err = f.into(fr, status, reflect.ValueOf(p).Elem())
	return *p, err
}

// params is how the arguments L of a function cross.
type params[L any] struct {
	count int
	read  func(r *Realm, inv *host.Invocation) (args L, ok bool)
	write func(req *host.Request, args L)
}

// none is the result of a function without one.
type none struct{}

func noneCodec() *codec[none] {
	return &codec[none]{ret: func(*Realm, *host.Invocation, none) uint32 { return abi.StatusUndefined }}
}
