package bridge

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxJSONDepth is how deep what is converted by way of JSON may be nested.
const maxJSONDepth = 1000

var errNoJSON = errors.New("it has no JSON form")

// encodeJSON appends what a json.Marshaler writes, as if JS had parsed it.
func encodeJSON(e *Encoder, v reflect.Value) error {
	t := v.Type()
	b, err := marshaler[json.Marshaler](v).MarshalJSON()
	if err != nil {
		return toJS(t, err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var x any
	if err = d.Decode(&x); err == nil && d.More() {
		err = errors.New("MarshalJSON gave more than one value")
	}
	if err != nil {
		return toJS(t, err)
	}
	return e.Value(x)
}

// encodeJSONNumber appends a json.Number: "" is 0, as in encoding/json.
func encodeJSONNumber(e *Encoder, v reflect.Value) error {
	s := v.String()
	if s == "" {
		s = "0"
	}
	if !json.Valid([]byte(s)) {
		return toJS(v.Type(), errNoNumber)
	}
	if i, ok := new(big.Int).SetString(s, 10); ok && s != "-0" {
		if i.IsInt64() {
			e.integer(i.Int64())
			return nil
		}
		return e.bigInt(i)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return toJS(v.Type(), errNoNumber)
	}
	e.float(f)
	return nil
}

func parseJSONNumber(v reflect.Value, text string) error {
	if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
		return errNoNumber
	}
	v.SetString(text)
	return nil
}

func setJSONNumber(v reflect.Value, p *primitive) (bool, error) {
	if p.tag == abi.TapeFloat && (math.IsNaN(p.num) || math.IsInf(p.num, 0)) {
		return true, errNoNumber
	}
	v.SetString(numeral(p))
	return true, nil
}

// setMarshalled converts a primitive to a type with a form of its own; done is
// false if its kind decides.
func (r *Realm) setMarshalled(v reflect.Value, p *primitive, m *marshalling) (done bool, err error) {
	switch {
	case m.fromJSON != nil:
		w := jsonWriter{left: math.MaxInt}
		if err = w.value(p.export(), 0); err == nil {
			err = m.fromJSON(v, w.b)
		}
		done = true
	case m.fromText != nil && p.tag == abi.TapeUTF8:
		done, err = true, m.fromText(v, p.text.String())
	case m.number != nil && (p.tag == abi.TapeFloat || p.tag == abi.TapeBigInt):
		done, err = m.number(v, p)
	}
	if err != nil {
		err = unconvertible("JS "+kindNames[p.tag], "Go "+v.Type().String(), err)
	}
	return done, err
}

// intoJSON reads a container into a json.Unmarshaler.
func (d *Decoder) intoJSON(tag byte, v reflect.Value, m *marshalling) error {
	x, err := d.any()
	if err != nil {
		return err
	}
	w := jsonWriter{left: d.again}
	if err = w.value(x, 0); err == nil {
		err = d.spend(len(w.b))
	}
	d.again = w.left
	if err == nil {
		err = m.fromJSON(v, w.b)
	}
	if err != nil {
		return unconvertible("JS "+kindNames[tag], "Go "+v.Type().String(), err)
	}
	return nil
}

// jsonWriter writes what Decoder.Any gives as JSON. It calls nothing that could
// enter the guest, and left bounds how often shared objects are written.
type jsonWriter struct {
	b    []byte
	left int
}

func (w *jsonWriter) value(x any, depth int) error {
	if w.left--; w.left < 0 {
		return errShared
	}
	if depth > maxJSONDepth {
		return errDeep
	}
	switch x := x.(type) {
	case nil:
		w.b = append(w.b, "null"...)
	case bool:
		w.b = strconv.AppendBool(w.b, x)
	case int64:
		w.b = strconv.AppendInt(w.b, x, 10)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return errNoJSON
		}
		return w.marshal(x)
	case *big.Int:
		w.b = x.Append(w.b, 10)
	case string, time.Time, []byte:
		return w.marshal(x)
	case []any:
		return w.list(x, depth)
	case Set:
		return w.list(x, depth)
	case map[string]any:
		return w.object(x, depth)
	default:
		return errNoJSON
	}
	return nil
}

func (w *jsonWriter) marshal(x any) error {
	b, err := json.Marshal(x)
	w.b = append(w.b, b...)
	return err
}

func (w *jsonWriter) list(s []any, depth int) error {
	w.b = append(w.b, '[')
	for i, x := range s {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.value(x, depth+1); err != nil {
			return err
		}
	}
	w.b = append(w.b, ']')
	return nil
}

func (w *jsonWriter) object(m map[string]any, depth int) error {
	w.b = append(w.b, '{')
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.marshal(k); err != nil {
			return err
		}
		w.b = append(w.b, ':')
		if err := w.value(m[k], depth+1); err != nil {
			return err
		}
	}
	w.b = append(w.b, '}')
	return nil
}

// textMapping appends a map whose keys have a text, as an object.
func (e *Encoder) textMapping(v reflect.Value, m *marshalling) error {
	type entry struct {
		name  string
		value reflect.Value
	}
	if done, err := e.begin(abi.TapeObject, identity{v.Pointer(), 0, v.Type()}); done || err != nil {
		return err
	}
	entries := make([]entry, 0, v.Len())
	for i := v.MapRange(); i.Next(); {
		name, err := m.toText(i.Key())
		if err != nil {
			return err
		}
		entries = append(entries, entry{name, i.Value()})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return compareKeys(reflect.ValueOf(a.name), reflect.ValueOf(b.name)) })
	e.u32(uint32(len(entries)))
	for _, x := range entries {
		e.string(x.name)
		e.Name = x.name
		if err := e.reflect(x.value); err != nil {
			return at(err, field(x.name))
		}
	}
	e.end()
	return nil
}
