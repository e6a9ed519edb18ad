package qjswasm

import (
	"context"
	"fmt"
	"reflect"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
)

// ExportOptions say how Value.ExportWith and Value.ExportToWith copy a value: which
// code of the script runs, none by default; whether holes are kept; and how large
// the value may be. The fields are Getters, ToJSON, Proxies and Holes, which are bool, and
// MaxDepth, MaxNodes and MaxBytes, which are int: 0 means no limit of its own.
type ExportOptions = bridge.ExportOptions

// ErrExportLimit is what the ConvertError of an export wraps that goes beyond a
// limit of its ExportOptions, or whose arrays have more than a million holes.
var ErrExportLimit = bridge.ErrExportLimit

// Export copies v out of the guest; see the package documentation for the table.
// Plain objects and class instances become map[string]any, with their own
// enumerable data properties: accessors and Proxy traps are not run. What has no
// Go form is a *Value; v itself, if it is not inside a larger value. The caller
// owns the result.
func (v *Value) Export() (any, error) {
	return v.ExportWith(context.Background(), nil)
}

// ExportWith is Export with options, nil for none. Getters, toJSON methods and
// Proxy traps run if the options ask for it, all of them before anything is
// copied, and an exception of theirs is an *Error; ctx bounds them.
func (v *Value) ExportWith(ctx context.Context, o *ExportOptions) (any, error) {
	if v.staysWhole(o) {
		return v, v.usable()
	}
	var x any
	err := v.decode(ctx, o, func(d *bridge.Decoder) (err error) { x, err = d.Any(); return err })
	return x, err
}

// staysWhole tells whether v has no Go form but itself.
func (v *Value) staysWhole(o *ExportOptions) bool {
	switch v.kind {
	case KindSymbol:
		return true
	case KindProxy:
		return o == nil || !o.Proxies
	case KindFunction, KindPromise, KindOther:
		return o == nil || !o.ToJSON
	}
	return false
}

// ExportTo copies v into what ptr points to: structs by their `js` or `json`
// tags, maps, slices, numbers that fit, functions, or a *Value. What does not
// convert is a ConvertError with the path to it; the target may be partly
// written then. Accessors and Proxy traps are not run.
func (v *Value) ExportTo(ptr any) error {
	return v.ExportToWith(context.Background(), ptr, nil)
}

// ExportToWith is ExportTo with options, as ExportWith is Export.
func (v *Value) ExportToWith(ctx context.Context, ptr any, o *ExportOptions) error {
	p := reflect.ValueOf(ptr)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return &ConvertError{From: "JS " + v.kind.String(), To: fmt.Sprintf("Go %T", ptr), Err: errNotPointer}
	}
	to := p.Elem()
	switch {
	case to.Type() == valueType:
		to.Set(reflect.ValueOf(v))
		return v.usable()
	case bridge.IsSequence(to.Type()) && bridge.Stepwise(uint32(v.kind)):
		own, err := v.rt.NewValue(v)
		if err != nil {
			return err
		}
		return v.rt.realm.Sequence(to, own)
	case to.Kind() == reflect.Func && (v.kind == KindFunction || v.kind == KindProxy):
		own, err := v.rt.NewValue(v) // so that closing v does not concern the func
		if err != nil {
			return err
		}
		return v.rt.realm.Func(to, own)
	case to.Kind() == reflect.Interface && to.NumMethod() == 0:
		x, err := v.ExportWith(ctx, o)
		if err == nil && x != nil {
			to.Set(reflect.ValueOf(x))
		} else if err == nil {
			to.SetZero()
		}
		return err
	}
	return v.decode(ctx, o, func(d *bridge.Decoder) error { return d.Into(to) })
}

// decode lets read have v's record.
func (v *Value) decode(ctx context.Context, o *ExportOptions, read func(*bridge.Decoder) error) error {
	if v.isPrimitive() {
		return v.rt.realm.DecodePrimitive(v.goPrimitive(), read)
	}
	if o == nil {
		o = &ExportOptions{}
	}
	return v.rt.realm.Export(ctx, o, func(r *host.Request) error {
		r.SetTape(0)
		return v.appendTo(r, v.rt)
	}, read)
}
