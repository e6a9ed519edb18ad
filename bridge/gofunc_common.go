package bridge

import (
	"context"
	"reflect"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// common makes the Go func for the signatures that are used most, without
// reflection and without allocation beyond their results; nil for any other.
func (f *jsFunc) common(t reflect.Type) any {
	switch reflect.Zero(t).Interface().(type) {
	case func(context.Context) error:
		return f.run
	case func(context.Context, float64) (float64, error):
		return func(ctx context.Context, a float64) (float64, error) { return f.numbers(ctx, 1, a, 0) }
	case func(context.Context, float64, float64) (float64, error):
		return func(ctx context.Context, a, b float64) (float64, error) { return f.numbers(ctx, 2, a, b) }
	case func(float64) (float64, error):
		return func(a float64) (float64, error) { return f.numbers(context.Background(), 1, a, 0) }
	case func(float64, float64) (float64, error):
		return func(a, b float64) (float64, error) { return f.numbers(context.Background(), 2, a, b) }
	case func(context.Context, string) (string, error):
		return f.text
	case func(string) (string, error):
		return func(s string) (string, error) { return f.text(context.Background(), s) }
	}
	return nil
}

func (f *jsFunc) run(ctx context.Context) error {
	fr, err := f.enter(ctx, 0)
	if err != nil {
		return err
	}
	defer fr.Exit()
	status, err := f.call(fr, 0, abi.ModeValue)
	if err != nil {
		return err
	}
	return f.r.discard(fr, status)
}

// numbers calls with up to two numbers.
func (f *jsFunc) numbers(ctx context.Context, argc int, a, b float64) (float64, error) {
	fr, err := f.enter(ctx, argc)
	if err != nil {
		return 0, err
	}
	defer fr.Exit()
	fr.Req.SetCell(1, abi.BoxFloat(a))
	if argc > 1 {
		fr.Req.SetCell(2, abi.BoxFloat(b))
	}
	status, err := f.call(fr, argc, abi.ModeExport)
	if err != nil {
		return 0, err
	}
	if status == abi.StatusOK {
		cell, _ := fr.Result()
		if abi.IsFloat(cell) {
			return abi.Float(cell), nil
		}
		if abi.Tag(cell) == abi.TagInt {
			return float64(int32(abi.Low(cell))), nil
		}
	}
	var x float64
	err = f.into(fr, status, reflect.ValueOf(&x).Elem())
	return x, err
}

func (f *jsFunc) text(ctx context.Context, s string) (string, error) {
	fr, err := f.enter(ctx, 1)
	if err != nil {
		return "", err
	}
	defer fr.Exit()
	fr.Req.SetTape(1)
	PutString(&fr.Req, s)
	status, err := f.call(fr, 1, abi.ModeExport)
	if err != nil {
		return "", err
	}
	var x string
	err = f.into(fr, status, reflect.ValueOf(&x).Elem())
	return x, err
}
