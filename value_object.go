package qjswasm

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Get returns a property. key is a string, an integer or a symbol. A property
// that is missing is undefined. Runs guest code if the property is an accessor
// or the object a Proxy. The caller owns the result.
func (v *Value) Get(key any) (*Value, error) {
	return v.property(abi.PropertyGet, key, nil)
}

// Set sets a property as an assignment in strict mode does: what cannot be set
// is an error. The value converts as in Runtime.NewValue. May run guest code.
func (v *Value) Set(key, value any) error {
	_, err := v.property(abi.PropertySet, key, value)
	return err
}

// Has tells whether the object or its prototypes have a property; false for a
// primitive. May run guest code.
func (v *Value) Has(key any) (bool, error) {
	r, err := v.property(abi.PropertyHas, key, nil)
	return err == nil && r.Bool(), err
}

// Delete removes an own property. It returns false if the property is not
// configurable. May run guest code.
func (v *Value) Delete(key any) (bool, error) {
	r, err := v.property(abi.PropertyDelete, key, nil)
	return err == nil && r.Bool(), err
}

// Keys returns the own enumerable string keys in order, as Object.keys does.
// May run guest code.
func (v *Value) Keys() ([]string, error) {
	var keys []string
	err := v.do(context.Background(), host.Property, 3, v.fillCells(Undefined, Undefined), func(f *host.Frame, status uint32) error {
		d, err := v.rt.realm.Decoder(f, status)
		if err != nil {
			return err
		}
		return d.Into(reflect.ValueOf(&keys).Elem())
	}, abi.PropertyKeys, abi.ModeExport)
	return keys, err
}

// Len returns the length property as an integer from 0 to 2^53-1, as ToLength
// does. May run guest code.
func (v *Value) Len() (int64, error) {
	n, err := v.Get("length")
	if err != nil {
		return 0, err
	}
	f := math.Trunc(n.Float64())
	if !(f > 0) {
		return 0, nil
	}
	return int64(min(f, 1<<53-1)), nil
}

// InstanceOf tells whether v is an instance of the given constructor. May run
// guest code.
func (v *Value) InstanceOf(constructor *Value) (bool, error) {
	r, err := v.property(abi.PropertyInstanceOf, constructor, nil)
	return err == nil && r.Bool(), err
}

// StrictEquals compares with the === operator.
func (v *Value) StrictEquals(other *Value) (bool, error) {
	r, err := v.property(abi.PropertyStrictEquals, other, nil)
	return err == nil && r.Bool(), err
}

// Text returns what String(v) returns in JS. Runs guest code if v is an object.
func (v *Value) Text(ctx context.Context) (string, error) {
	r, err := v.propertyContext(ctx, abi.PropertyToString, Undefined, nil)
	if err != nil {
		return "", err
	}
	return r.String(), nil
}

// MarshalJSON returns what JSON.stringify returns, and null for what that leaves
// out. Runs guest code: toJSON methods, accessors and Proxy traps.
func (v *Value) MarshalJSON() ([]byte, error) {
	if v.kind == KindBigInt {
		return []byte(v.String()), nil // JSON has such numbers, JSON.stringify has not
	}
	r, err := v.property(abi.PropertyJSON, Undefined, nil)
	if err != nil {
		return nil, err
	}
	if r.IsUndefined() {
		return []byte("null"), nil
	}
	return []byte(r.String()), nil
}

var _ json.Marshaler = (*Value)(nil)

func (v *Value) property(op uint64, key, value any) (*Value, error) {
	return v.propertyContext(context.Background(), op, key, value)
}

func (v *Value) propertyContext(ctx context.Context, op uint64, key, value any) (r *Value, err error) {
	switch k := reflect.ValueOf(key); {
	case !k.IsValid():
		return nil, &ConvertError{From: "nil", To: "a property key"}
	case k.Kind() == reflect.String, k.CanInt(), k.CanUint(), k.Type() == valueType, key == any(Undefined):
	default:
		return nil, &ConvertError{From: fmt.Sprintf("Go %T", key), To: "a property key"}
	}
	err = v.do(ctx, host.Property, 3, v.fillCells(key, value), func(f *host.Frame, status uint32) error {
		x, err := v.rt.realm.Outcome(f, status)
		if err == nil {
			r = x.(*Value)
		}
		return err
	}, op, modeValue)
	return r, err
}

// fillCells sets the second and third cell of a request.
func (v *Value) fillCells(key, value any) func(*bridge.Encoder) error {
	return func(e *bridge.Encoder) error {
		if err := e.Cell(1, key); err != nil {
			return err
		}
		if name, ok := key.(string); ok {
			e.Name = name
		}
		return e.Cell(2, value)
	}
}

// do enters the guest with v in the first of n cells.
func (v *Value) do(ctx context.Context, e host.Export, n int, fill func(*bridge.Encoder) error, read func(*host.Frame, uint32) error, params ...uint64) error {
	f, err := v.rt.in.Enter(ctx)
	if err != nil {
		return err
	}
	defer f.Exit()
	if err := v.request(f, n); err != nil {
		return err
	}
	if fill != nil {
		if err := fill(&bridge.Encoder{R: &v.rt.realm, Req: &f.Req}); err != nil {
			return err
		}
	}
	status, err := f.Call(e, params...)
	if err != nil {
		return err
	}
	return read(f, status)
}
