package bridge

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"time"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

var (
	errSteps   = errors.New("each step runs JS, which can fail: use an iter.Seq2 of values and error")
	errEntries = errors.New("its entries are pairs: use an iter.Seq2")
	errPair    = errors.New("it is not a pair of key and value")
)

// iteration is one iteration of Go over a JS iterable.
type iteration struct {
	r    *Realm
	keep any // the *Value that owns the iterator's root
}

// Iterate calls step with a variable for each value of the iterable x, a *Value,
// until it returns false: stopped is true then. variable makes the variables.
// Asynchronous iterables are awaited. Runs guest code, bounded by ctx.
func (r *Realm) Iterate(ctx context.Context, x any, variable func() reflect.Value, step func(reflect.Value) bool) (stopped bool, err error) {
	return r.iterate(ctx, x, func() []reflect.Value { return []reflect.Value{variable()} },
		func(v []reflect.Value) bool { return step(v[0]) })
}

// iterate is Iterate with one variable, or two for a pair.
func (r *Realm) iterate(ctx context.Context, x any, variables func() []reflect.Value, step func([]reflect.Value) bool) (stopped bool, err error) {
	if ctx == nil {
		ctx = context.Background()
	}
	it, err := r.begin(ctx, x)
	if err != nil {
		return false, err
	}
	defer release(it.keep)
	over := false
	defer func() {
		if !over { // step panics, stopped, or a value did not convert
			cerr := it.close(ctx)
			if err == nil {
				err = cerr
			}
		}
	}()
	for {
		v := variables()
		more, failed, err := it.next(ctx, v)
		if err != nil {
			over = failed
			return false, err
		}
		if !more {
			over = true
			return false, nil
		}
		if !step(v) {
			return true, nil
		}
	}
}

func release(x any) {
	if c, ok := x.(interface{ Close() }); ok {
		c.Close()
	}
}

// outcome reads what a call handed over.
type outcome = func(f *host.Frame, status uint32) error

// enter calls an export with x in the one cell.
func (r *Realm) enter(ctx context.Context, x any, read outcome, export host.Export, params ...uint64) error {
	f, err := r.In.Enter(ctx)
	if err != nil {
		return err
	}
	defer f.Exit()
	f.Req.Reset(1)
	f.Req.SetTape(0)
	if _, err := r.Emb.AppendValue(&f.Req, x); err != nil {
		return err
	}
	status, err := f.Call(export, params...)
	if err != nil {
		return err
	}
	return read(f, status)
}

// enter calls an export with the iterator.
func (it *iteration) enter(ctx context.Context, read outcome, export host.Export, params ...uint64) error {
	f, err := it.r.In.Enter(ctx)
	if err != nil {
		return err
	}
	defer f.Exit()
	root, ok := it.r.Emb.UseRoot(it.keep)
	if !ok {
		return host.ErrReleased
	}
	status, err := f.Call(export, append([]uint64{uint64(root.Index), uint64(root.Generation)}, params...)...)
	runtime.KeepAlive(it.keep)
	if err != nil {
		return err
	}
	return read(f, status)
}

// begin gets the iterator of x.
func (r *Realm) begin(ctx context.Context, x any) (it *iteration, err error) {
	it = &iteration{r: r}
	err = r.enter(ctx, x, func(f *host.Frame, status uint32) (err error) {
		it.keep, err = r.Outcome(f, status)
		return err
	}, host.IterationNew)
	if err != nil {
		return nil, err
	}
	if _, ok := r.Emb.Root(it.keep); !ok {
		return nil, r.judge(errTape)
	}
	return it, nil
}

// next sets v to the next value. failed tells that the iterator is to blame for
// the error, and so is not to be closed.
func (it *iteration) next(ctx context.Context, v []reflect.Value) (more, failed bool, err error) {
	mode := uint64(abi.ModeExport)
	if len(v) == 1 && v[0].Type() == it.r.Emb.ValueType() {
		mode = abi.ModeValue
	}
	var promise any
	read := func(f *host.Frame, status uint32) (err error) {
		more, failed = status != abi.StatusDone, status == abi.StatusThrow
		switch status {
		case abi.StatusDone:
			return nil
		case abi.StatusPending:
			promise, err = it.r.Outcome(f, abi.StatusOK)
			return err
		}
		return it.r.take(f, status, v)
	}
	err = it.enter(ctx, read, host.IterationNext, mode)
	if err != nil || promise == nil {
		return more, failed, err
	}
	result, err := it.r.await(ctx, promise)
	if err != nil {
		return false, true, err
	}
	defer release(result)
	err = it.r.enter(ctx, result, read, host.IterationResult, mode)
	return more, failed, err
}

// take converts the value that a call handed over.
func (r *Realm) take(f *host.Frame, status uint32, v []reflect.Value) error {
	if len(v) == 1 && v[0].Type() == r.Emb.ValueType() {
		x, err := r.Outcome(f, status)
		if err == nil {
			v[0].Set(reflect.ValueOf(x))
		}
		return err
	}
	d, err := r.Decoder(f, status)
	switch {
	case err != nil:
		return err
	case len(v) == 1:
		return d.Into(v[0])
	case d.single != nil:
		return unconvertible("JS "+kindNames[d.single.tag], "Go "+v[0].Type().String()+" and "+v[1].Type().String(), errPair)
	}
	return d.settle(d.pair(v[0], v[1]))
}

// await gives promise away and owns what it comes to.
func (r *Realm) await(ctx context.Context, promise any) (any, error) {
	defer release(promise)
	return r.Emb.Await(ctx, promise)
}

// closeGrace is how long an iterator may take to close when there is no time left.
const closeGrace = 100 * time.Millisecond

// close tells the iterator that no more will be asked of it, bounded by ctx: even
// if that is done, but then it has no more than closeGrace, and there is no
// awaiting.
func (it *iteration) close(ctx context.Context) error {
	entry := ctx
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		entry, cancel = context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
		defer cancel()
	}
	var promise any
	err := it.enter(entry, func(f *host.Frame, status uint32) (err error) {
		if status == abi.StatusPending {
			promise, err = it.r.Outcome(f, abi.StatusOK)
			return err
		}
		return it.r.discard(f, status)
	}, host.IterationClose)
	if err != nil || promise == nil {
		return err
	}
	result, err := it.r.await(ctx, promise)
	release(result)
	return err
}

// Sequence sets v, a variable of a type that IsSequence, to a sequence over the JS
// iterable that x, an owned *Value, holds.
func (r *Realm) Sequence(v reflect.Value, x any) error {
	s, _ := sequenceOf(v.Type())
	if !s.err {
		return unconvertible("JS object", "Go "+s.fn.String(), errSteps)
	}
	r.lazySequence(v, s, x, nil)
	return nil
}

// lazySequence makes a sequence that takes each value from the guest when it is
// wanted. What ends it early goes to fail if the sequence does not yield errors.
func (r *Realm) lazySequence(v reflect.Value, s sequence, x any, fail func(error)) {
	variables := func() []reflect.Value {
		in := []reflect.Value{reflect.New(s.elem).Elem()}
		if s.value != nil && !s.err {
			in = append(in, reflect.New(s.value).Elem())
		}
		return in
	}
	v.Set(reflect.MakeFunc(s.fn, func(args []reflect.Value) []reflect.Value {
		none := reflect.Zero(errorType)
		stopped, err := r.iterate(context.Background(), x, variables, func(in []reflect.Value) bool {
			if s.err {
				in = append(in, none)
			}
			return args[0].Call(in)[0].Bool()
		})
		switch {
		case err == nil:
		case !s.err:
			fail(err)
		case !stopped:
			args[0].Call([]reflect.Value{reflect.Zero(s.elem), reflect.ValueOf(&err).Elem()})
		}
		return nil
	}))
}

// sequenceArgument converts an argument to a sequence. Its steps run JS while the
// callback runs: what fails is thrown when that returns.
func (r *Realm) sequenceArgument(inv *host.Invocation, i int, v reflect.Value, s sequence, failure *error) error {
	cell := inv.Arg(i)
	if !stepwise(r.Kind(cell)) {
		return r.Argument(inv, i, v)
	}
	x, err := r.owned(inv, cell)
	if err != nil {
		return err
	}
	r.lazySequence(v, s, x, func(err error) {
		if *failure == nil {
			*failure = err
		}
	})
	return nil
}

// stepwise tells whether values of that kind are iterated over step by step;
// containers and strings are copied.
func stepwise(kind uint32) bool {
	switch kind {
	case abi.KindObject, abi.KindProxy, abi.KindOther, abi.KindFunction, abi.KindBoxed, abi.KindLive:
		return true
	}
	return false
}

// Stepwise: see Realm.Sequence. The rest of the kinds is copied at once.
func Stepwise(kind uint32) bool { return stepwise(kind) }
