package bridge

import (
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"net/url"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// marshalling is how a type that has a textual form of its own converts, instead
// of by its kind: with methods of encoding's interfaces, else of encoding/json's.
type marshalling struct {
	encode   func(e *Encoder, v reflect.Value) error           // nil: by its kind
	toText   func(v reflect.Value) (string, error)             // as a map key, nil if it has no text
	fromText func(v reflect.Value, text string) error          // nil: strings convert by its kind
	fromJSON func(v reflect.Value, text []byte) error          // nil: not by JSON
	number   func(v reflect.Value, p *primitive) (bool, error) // of numbers and BigInts that are no text
}

var (
	textMarshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonMarshalerType   = reflect.TypeFor[json.Marshaler]()
	jsonUnmarshalerType = reflect.TypeFor[json.Unmarshaler]()

	durationType   = reflect.TypeFor[time.Duration]()
	jsonNumberType = reflect.TypeFor[json.Number]()
	urlType        = reflect.TypeFor[url.URL]()
	bigFloatType   = reflect.TypeFor[big.Float]()
	bigRatType     = reflect.TypeFor[big.Rat]()

	errDuration = errors.New("it is out of the range of time.Duration")
	errNoNumber = errors.New("it is not a number")
)

var marshallings sync.Map // reflect.Type -> *marshalling, nil inside if there is none

// marshallingOf returns how a type converts that is not converted by its kind, or
// nil. Of pointers it is asked for what they point to.
func marshallingOf(t reflect.Type) *marshalling {
	if t.PkgPath() == "" && t.Kind() != reflect.Struct {
		return nil // no methods
	}
	if m, ok := marshallings.Load(t); ok {
		return m.(*marshalling)
	}
	m, _ := marshallings.LoadOrStore(t, newMarshalling(t))
	return m.(*marshalling)
}

func newMarshalling(t reflect.Type) *marshalling {
	switch t {
	case timeType, bigIntType.Elem(), textType, undefinedType:
		return nil // they have JS values of their own
	case durationType:
		return &marshalling{encode: encodeDuration, fromText: parseDuration, number: setDuration}
	case jsonNumberType:
		return &marshalling{encode: encodeJSONNumber, fromText: parseJSONNumber, number: setJSONNumber}
	case urlType:
		return &marshalling{encode: encodeURL, fromText: parseURL}
	}
	if t.Kind() == reflect.Interface || t.Implements(errorType) || reflect.PointerTo(t).Implements(errorType) {
		return nil
	}
	var m marshalling
	switch {
	case hasOwn(t, textMarshalerType):
		m.encode, m.toText = encodeText, marshalText
	case hasOwn(t, jsonMarshalerType):
		m.encode = encodeJSON
	}
	switch {
	case hasOwn(t, textUnmarshalerType):
		m.fromText = func(v reflect.Value, text string) error {
			return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
		}
		if t == bigFloatType || t == bigRatType {
			m.number = func(v reflect.Value, p *primitive) (bool, error) { return true, m.fromText(v, numeral(p)) }
		}
	case hasOwn(t, jsonUnmarshalerType):
		m.fromJSON = func(v reflect.Value, text []byte) error {
			return v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(text)
		}
	}
	if m.encode == nil && m.fromText == nil && m.fromJSON == nil {
		return nil
	}
	return &m
}

// hasOwn tells whether a type or a pointer to it has an interface's methods. Those
// that it only has from an embedded struct speak for that alone, not for the other
// fields; and those from an embedded pointer may have nothing to speak for.
func hasOwn(t, methods reflect.Type) bool {
	if !t.Implements(methods) && !reflect.PointerTo(t).Implements(methods) {
		return false
	}
	if t.Kind() != reflect.Struct {
		return true
	}
	promoted, others := false, false
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Anonymous && (f.Type.Implements(methods) || reflect.PointerTo(f.Type).Implements(methods)):
			promoted = true
			others = others || f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Interface
		case f.IsExported():
			others = true
		}
	}
	return !promoted || !others
}

// marshaler returns v, or a pointer to it or to a copy, with an interface's methods.
func marshaler[M any](v reflect.Value) M {
	if m, ok := v.Interface().(M); ok {
		return m
	}
	if !v.CanAddr() {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p.Elem()
	}
	return v.Addr().Interface().(M)
}

func marshalText(v reflect.Value) (string, error) {
	b, err := marshaler[encoding.TextMarshaler](v).MarshalText()
	if err != nil {
		return "", toJS(v.Type(), err)
	}
	return string(b), nil
}

func encodeText(e *Encoder, v reflect.Value) error {
	s, err := marshalText(v)
	if err == nil {
		e.string(s)
	}
	return err
}

// Durations are numbers of milliseconds in JS, as everywhere there. Whole ones are
// exact; a fraction is rounded to a nanosecond as long as a number has the digits,
// for 52 days.

const perMillisecond = int64(time.Millisecond)

func encodeDuration(e *Encoder, v reflect.Value) error {
	d := v.Int()
	e.float(float64(d/perMillisecond) + float64(d%perMillisecond)/float64(perMillisecond))
	return nil
}

func parseDuration(v reflect.Value, text string) error {
	d, err := time.ParseDuration(text)
	v.SetInt(int64(d))
	return err
}

func setDuration(v reflect.Value, p *primitive) (bool, error) {
	ms, fraction := math.Modf(p.num)
	if p.tag != abi.TapeFloat || !(math.Abs(p.num) < float64(math.MaxInt64/perMillisecond)+0.7) {
		return true, errDuration
	}
	v.SetInt(int64(ms)*perMillisecond + int64(math.Round(fraction*float64(perMillisecond))))
	return true, nil
}

func encodeURL(e *Encoder, v reflect.Value) error {
	e.string(marshaler[interface{ String() string }](v).String())
	return nil
}

func parseURL(v reflect.Value, text string) error {
	u, err := url.Parse(text)
	if err == nil {
		v.Set(reflect.ValueOf(*u))
	}
	return err
}

// numeral writes a number as JS does, as near as makes no difference to a parser.
func numeral(p *primitive) string {
	if p.tag == abi.TapeBigInt {
		return p.big.String()
	}
	return strconv.FormatFloat(p.num, 'g', -1, 64)
}
