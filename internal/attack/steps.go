package attack

import (
	"context"
	"fmt"
	"reflect"

	"github.com/qjswasm/qjswasm"
)

// step is something that a host does with a script or with what it evaluated to.
type step struct {
	evaluates bool // without such a step, a script begins with eval
	boundless bool // takes no context: only Options.Timeout bounds it
	do        func(context.Context, *attempt) error
}

var steps = map[string]step{
	"eval":     {evaluates: true, do: func(ctx context.Context, a *attempt) error { return a.eval(ctx, qjswasm.Source{}) }},
	"module":   {evaluates: true, do: func(ctx context.Context, a *attempt) error { return a.eval(ctx, qjswasm.Source{Module: true}) }},
	"bytecode": {evaluates: true, do: bytecode},

	"jobs":  {do: func(ctx context.Context, a *attempt) error { _, err := a.rt.RunJobs(ctx); return err }},
	"gc":    {do: func(ctx context.Context, a *attempt) error { return a.rt.GC(ctx) }},
	"await": {do: func(ctx context.Context, a *attempt) error { return a.set(a.rt.Await(ctx, a.value)) }},
	"call":  {do: func(ctx context.Context, a *attempt) error { return a.set(a.value.Call(ctx, nil)) }},
	"new":   {do: func(ctx context.Context, a *attempt) error { return a.set(a.value.New(ctx)) }},
	"text":  {do: func(ctx context.Context, a *attempt) error { return a.show(a.value.Text(ctx)) }},

	"get":    {boundless: true, do: func(_ context.Context, a *attempt) error { return a.set(a.value.Get("x")) }},
	"set":    {boundless: true, do: func(_ context.Context, a *attempt) error { return a.value.Set("x", 1) }},
	"has":    {boundless: true, do: func(_ context.Context, a *attempt) error { return a.show(a.value.Has("x")) }},
	"len":    {boundless: true, do: func(_ context.Context, a *attempt) error { return a.show(a.value.Len()) }},
	"keys":   {boundless: true, do: func(_ context.Context, a *attempt) error { return a.show(a.value.Keys()) }},
	"export": {boundless: true, do: func(_ context.Context, a *attempt) error { return a.show(a.value.Export()) }},
	"json":   {boundless: true, do: func(_ context.Context, a *attempt) error { return a.show(a.value.MarshalJSON()) }},
	"struct": {boundless: true, do: func(_ context.Context, a *attempt) error {
		var o order
		return a.show(&o, a.value.ExportTo(&o))
	}},
}

func (a *attempt) eval(ctx context.Context, s qjswasm.Source) error {
	s.Name = a.script.Name
	if s.Bytecode == nil {
		s.Code = a.script.Code
	}
	return a.set(a.rt.EvalSource(ctx, s))
}

func bytecode(ctx context.Context, a *attempt) error {
	b, err := a.rt.Compile(ctx, qjswasm.Source{Name: a.script.Name, Code: a.script.Code})
	if err != nil {
		return err
	}
	return a.eval(ctx, qjswasm.Source{Bytecode: b})
}

// set makes v the value that the next step begins with.
func (a *attempt) set(v *qjswasm.Value, err error) error {
	if err != nil {
		return err
	}
	a.value.Close()
	a.value, a.shown = v, v.String()
	return nil
}

// show makes x what is seen at the end.
func (a *attempt) show(x any, err error) error {
	if err != nil {
		return err
	}
	a.shown = describe(x)
	return nil
}

// describe tells what a Go value is without walking it: it may be cyclic.
func describe(x any) string {
	switch v := reflect.ValueOf(x); v.Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.Map, reflect.Slice:
		return fmt.Sprintf("%s of %d", v.Kind(), v.Len())
	case reflect.Struct, reflect.Pointer:
		return v.Type().String()
	default:
		return fmt.Sprint(x)
	}
}
