package qjswasm

import (
	"context"
	"iter"
	"reflect"
)

// Iterate returns a sequence over a JS iterable: an Array, a Map, a Set, a string,
// a generator, or any object with Symbol.asyncIterator or Symbol.iterator. Each
// range over it begins an iteration of its own; each value is taken from the
// guest when it is wanted, awaited if the iterable is asynchronous, and converted
// as As does. Leaving the loop closes the JS iterator; what that throws is lost.
// An error, of JS or of a conversion, ends the sequence: it comes last, with the
// zero T. v must stay open until the loop has begun. Runs guest code, bounded by
// ctx; the values, and the JS iterator's return method, are asked for on the
// goroutine that ranges.
func Iterate[T any](ctx context.Context, v *Value) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var x *T
		variable := func() reflect.Value {
			x = new(T)
			return reflect.ValueOf(x).Elem()
		}
		stopped, err := v.rt.realm.Iterate(ctx, v, variable, func(reflect.Value) bool { return yield(*x, nil) })
		if err != nil && !stopped {
			var zero T
			yield(zero, err)
		}
	}
}

// Collect returns the values of a JS iterable, as Iterate gives them; with an
// error, those before it. An iterable without end has to be bounded by ctx. Runs
// guest code, bounded by ctx.
func Collect[T any](ctx context.Context, v *Value) ([]T, error) {
	var all []T
	for x, err := range Iterate[T](ctx, v) {
		if err != nil {
			return all, err
		}
		all = append(all, x)
	}
	return all, nil
}
