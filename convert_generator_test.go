package qjswasm_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/qjswasm/qjswasm"
)

// generator makes random Go types, and random values of them that survive a
// round trip. Lossy cases are left out: nil in what is not nilable in JS, times
// finer than a millisecond, strings that are not UTF-8, a nil slice in an any.
type generator struct{ *rand.Rand }

// property is a struct that any generated type may point to, also in cycles.
type property struct {
	Name string
	Next *property
	Kids []*property
	Map  map[string]*property
	More map[string]*[]*property
	Sort *[2]*property
}

// ConvEmbedded is embedded in generated structs.
type ConvEmbedded struct {
	E    convInt `json:"e"`
	Deep *property
}

type (
	convMap   map[convString]*convSlice
	convSlice []convMap
)

func (g generator) pick(types ...reflect.Type) reflect.Type { return types[g.IntN(len(types))] }

func (g generator) scalar() reflect.Type {
	return g.pick(reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[convInt](), reflect.TypeFor[uint16](),
		reflect.TypeFor[uint8](), reflect.TypeFor[uint32](), reflect.TypeFor[uint](), reflect.TypeFor[int16](),
		reflect.TypeFor[int32](), reflect.TypeFor[int64](), reflect.TypeFor[uint64](), reflect.TypeFor[float32](),
		reflect.TypeFor[float64](), reflect.TypeFor[string](), reflect.TypeFor[convString](), reflect.TypeFor[time.Duration]())
}

func (g generator) typ(depth int) reflect.Type {
	if depth == 0 {
		return g.scalar()
	}
	switch g.IntN(14) {
	case 0:
		return reflect.SliceOf(g.typ(depth - 1))
	case 1:
		return reflect.ArrayOf(g.IntN(4), g.typ(depth-1))
	case 2:
		return reflect.PointerTo(g.typ(depth - 1))
	case 3:
		return reflect.MapOf(reflect.TypeFor[string](), g.typ(depth-1))
	case 4:
		keys := []reflect.Type{g.scalar(), g.scalar(), g.scalar(), reflect.TypeFor[convInner](), reflect.TypeFor[[2]int16](), reflect.TypeFor[any]()}
		return reflect.MapOf(g.pick(keys...), g.typ(depth-1))
	case 5, 6, 7:
		fields := make([]reflect.StructField, g.IntN(5))
		for i := range fields {
			fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: g.typ(depth - 1)}
			switch g.IntN(6) {
			case 0, 1:
				fields[i].Tag = reflect.StructTag(fmt.Sprintf(`js:"%c%d,omitempty"`, 'α'+rune(i), i))
			case 2:
				fields[i].Tag = reflect.StructTag(fmt.Sprintf(`json:"%d,omitzero"`, i))
			}
		}
		if len(fields) > 0 && g.IntN(4) == 0 {
			t := g.pick(reflect.TypeFor[ConvEmbedded](), reflect.TypeFor[*ConvEmbedded]())
			fields[0] = reflect.StructField{Name: "ConvEmbedded", Type: t, Anonymous: true}
		}
		return reflect.StructOf(fields)
	case 8:
		return g.pick(reflect.TypeFor[[]byte](), reflect.TypeFor[convBytes](), reflect.TypeFor[qjswasm.ArrayBuffer](), reflect.TypeFor[[3]byte]())
	case 9:
		return g.pick(reflect.TypeFor[time.Time](), reflect.TypeFor[*big.Int](), reflect.TypeFor[big.Int](), reflect.TypeFor[*time.Time]())
	case 10:
		return reflect.TypeFor[*property]()
	case 11:
		return g.pick(reflect.TypeFor[any](), reflect.TypeFor[qjswasm.Object](), reflect.TypeFor[convMap](), reflect.TypeFor[convSlice]())
	}
	return g.scalar()
}

func (g generator) text() string {
	alphabet := []rune("ab\x00\x7f\u0080éÿĀ日\uffff😀\U0010ffff'\"\\ ")
	s := make([]rune, g.IntN(12))
	for i := range s {
		s[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(s)
}

func (g generator) integer() int64 {
	i := int64(1) << g.IntN(64)
	if g.IntN(2) == 0 {
		i = -i
	}
	return i + int64(g.IntN(3)) - 1
}

func (g generator) float() float64 {
	switch g.IntN(6) {
	case 0:
		return math.Copysign(0, -1)
	case 1:
		return math.Inf(1 - 2*g.IntN(2))
	case 2:
		return math.Float64frombits(g.Uint64()&^(0x7ff<<52) | uint64(g.IntN(0x7ff))<<52)
	}
	return float64(g.integer())
}

// value fills v. graph holds the nodes that pointers share.
func (g generator) value(v reflect.Value, graph []*property) {
	t := v.Type()
	switch t {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.UnixMilli(g.Int64N(2*8.64e15) - 8.64e15).UTC()))
		return
	case reflect.TypeFor[*big.Int](), reflect.TypeFor[big.Int]():
		b := new(big.Int).Lsh(big.NewInt(g.integer()), uint(g.IntN(200)))
		if b.Add(b, big.NewInt(int64(g.IntN(3)-1))); b.Sign() == 0 {
			b = new(big.Int) // the zero that reflect.DeepEqual knows
		}
		if t.Kind() == reflect.Pointer {
			v.Set(reflect.ValueOf(b))
		} else {
			v.Set(reflect.ValueOf(b).Elem())
		}
		return
	case reflect.TypeFor[qjswasm.Object]():
		o := make(qjswasm.Object, g.IntN(4))
		for i := range o { // JS moves integers to the front
			o[i] = qjswasm.Property{Key: []string{"z", "__proto__", "", "é"}[i], Value: g.any(2)}
		}
		v.Set(reflect.ValueOf(o))
		return
	case reflect.TypeFor[convMap](), reflect.TypeFor[convSlice]():
		graph := g.maps()
		if t.Kind() == reflect.Slice {
			v.Set(reflect.ValueOf(*graph["a"]))
		} else {
			v.Set(reflect.ValueOf(graph))
		}
		return
	case reflect.TypeFor[*property]():
		v.Set(reflect.ValueOf(graph[g.IntN(len(graph))]))
		return
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(g.IntN(2) == 0)
	case reflect.Float32:
		v.SetFloat(float64(float32(g.integer())))
	case reflect.Float64:
		v.SetFloat(g.float())
	case reflect.String:
		v.SetString(g.text())
	case reflect.Slice:
		n := g.IntN(4)
		v.Set(reflect.MakeSlice(t, n, n))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			g.value(v.Index(i), graph)
		}
	case reflect.Pointer:
		if g.IntN(4) > 0 {
			v.Set(reflect.New(t.Elem()))
			g.value(v.Elem(), graph)
			if e := v.Elem(); (e.Kind() == reflect.Slice || e.Kind() == reflect.Map || e.Kind() == reflect.Pointer || e.Kind() == reflect.Interface) && e.IsNil() {
				v.SetZero() // null is one thing only
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		for range g.IntN(4) {
			k, x := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			g.value(k, graph)
			g.value(x, graph)
			if k.CanFloat() && k.Float() == 0 || k.Kind() == reflect.Interface && (k.Elem().Kind() == reflect.Float64 && k.Elem().Float() == 0 || !k.Comparable()) {
				continue // -0 and 0 are one key
			}
			v.SetMapIndex(k, x)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			g.value(v.Field(i), graph)
			if f := v.Field(i); f.CanSet() && (f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.Len() == 0 {
				f.SetZero() // omitempty leaves it out
			}
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(g.any(3)))
	default:
		if i := g.integer(); v.CanInt() {
			if v.Type() == reflect.TypeFor[time.Duration]() {
				i -= i % int64(time.Millisecond) // the rest is rounded when there is too much before it
			}
			v.SetInt(i)
		} else {
			v.SetUint(uint64(i))
		}
	}
}

// any makes a value as Export gives it.
func (g generator) any(depth int) any {
	if depth == 0 {
		return []any{true, g.text(), int64(int32(g.integer())), 0.5, math.Copysign(0, -1)}[g.IntN(5)]
	}
	n := g.IntN(4)
	switch g.IntN(8) {
	case 5:
		s := make(qjswasm.Set, n)
		for i := range s {
			s[i] = int64(-i)
			if i > 1 {
				s[i] = qjswasm.Map{{Key: s, Value: s}} // a cycle
			}
		}
		return s
	case 6:
		x := g.any(depth - 1)
		return []any{x, x, []any{x}}
	case 0:
		m := map[string]any{}
		for range n {
			m[g.text()] = g.any(depth - 1)
		}
		return m
	case 1, 2:
		s := make([]any, n)
		for i := range s {
			s[i] = g.any(depth - 1)
		}
		if len(s) > 1 {
			s[0] = s // a cycle
		}
		return s
	case 3:
		s := make(qjswasm.Map, n)
		for i := range s {
			s[i] = qjswasm.MapEntry{Key: int64(i), Value: g.any(depth - 1)}
		}
		return s
	case 4:
		return []byte(g.text())
	}
	return g.any(0)
}

func (g generator) graph() []*property {
	nodes := make([]*property, 1+g.IntN(5))
	for i := range nodes {
		nodes[i] = &property{Name: fmt.Sprint(i)}
	}
	for _, n := range nodes {
		n.Next = nodes[g.IntN(len(nodes))]
		for range g.IntN(4) {
			n.Kids = append(n.Kids, nodes[g.IntN(len(nodes))], nil)
		}
		if g.IntN(2) == 0 {
			n.Map = map[string]*property{g.text(): n, "": nodes[0]}
		}
		if g.IntN(4) == 0 && n.Kids != nil {
			n.More = map[string]*[]*property{"x": &n.Kids, "y": &n.Kids}
			n.Sort = &[2]*property{n, n.Next}
		}
	}
	for _, n := range nodes {
		if g.IntN(2) == 0 {
			m := nodes[g.IntN(len(nodes))]
			n.Map, n.Sort = m.Map, m.Sort
		}
	}
	return nodes
}

// maps makes maps and slices that contain one another.
func (g generator) maps() convMap {
	m := convMap{}
	a, b := &convSlice{m, {}, m}, &convSlice{m}
	m["a"], m["b"], m["α"] = a, b, a
	(*a)[1]["again"] = b
	return m
}

// sameShape walks two values in step and fails unless the same pointers, maps
// and slices occur in the same places.
func sameShape(a, b reflect.Value, seen map[[2]any]any) error {
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if !a.IsValid() {
		return nil
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if a.IsNil() || a.Kind() == reflect.Slice && a.Len() == 0 || a.Type() == reflect.TypeFor[*big.Int]() {
			return nil
		}
		if k := a.Kind(); k == reflect.Pointer && a.Elem().Kind() != reflect.Struct {
			return sameShape(a.Elem(), b.Elem(), seen)
		}
		key := [2]any{a.Pointer(), a.Type()}
		if at, ok := seen[key]; ok {
			if at != any(b.Pointer()) {
				return fmt.Errorf("one %v became two", a.Type())
			}
			return nil
		}
		seen[key] = b.Pointer()
	}
	each := func(x, y reflect.Value) error { return sameShape(x, y, seen) }
	switch a.Kind() {
	case reflect.Pointer:
		return each(a.Elem(), b.Elem())
	case reflect.Slice, reflect.Array:
		for i := range a.Len() {
			if err := each(a.Index(i), b.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for _, k := range a.MapKeys() {
			if err := each(a.MapIndex(k), b.MapIndex(k)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() {
				if err := each(a.Field(i), b.Field(i)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
