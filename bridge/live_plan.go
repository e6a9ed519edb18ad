package bridge

import (
	"reflect"
	"unicode"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// livePlan is what the live objects of one Go type share.
type livePlan struct {
	t      reflect.Type
	kind   uint32 // abi.LiveStruct, LiveMap or LiveList
	number uint32
	made   bool // the guest has it
	whole  bool // inside other objects it converts: a Uint8Array, text, JSON
	fields []liveField
	elem   access
	parts  *liveParts // see Realm.parts
}

// liveField is a field of a struct that scripts use in place.
type liveField struct {
	structField
	access
	direct int // its index, if it is not in an embedded struct, else -1
}

// access is how a value of a type is read and written without conversion.
type access uint8

const (
	accessGeneral access = iota
	accessBool
	accessInt
	accessUint
	accessFloat
)

func accessOf(t reflect.Type) access {
	if t.Implements(errorType) {
		return accessGeneral
	}
	switch t.Kind() {
	case reflect.Bool:
		return accessBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return accessInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return accessUint
	case reflect.Float32, reflect.Float64:
		return accessFloat
	}
	return accessGeneral
}

// livePlan returns the plan of a type of structs, maps, slices or arrays; nil for
// one whose values have a JS form of their own.
func (r *Realm) livePlan(t reflect.Type) *livePlan {
	if p, ok := r.live.types[t]; ok {
		return p
	}
	p := newLivePlan(t)
	if p != nil {
		p.number = r.live.numbers
		r.live.numbers++
	}
	if r.live.types == nil {
		r.live.types = map[reflect.Type]*livePlan{}
	}
	r.live.types[t] = p
	return p
}

func newLivePlan(t reflect.Type) *livePlan {
	p := &livePlan{t: t}
	switch t.Kind() {
	case reflect.Struct:
		p.kind = abi.LiveStruct
		if isLeaf(t) {
			return nil
		}
		for _, f := range fieldsOf(t).list {
			lf := liveField{structField: f, direct: -1}
			if len(f.index) == 1 {
				lf.direct = f.index[0]
				lf.access = accessOf(t.Field(lf.direct).Type)
			}
			p.fields = append(p.fields, lf)
		}
	case reflect.Map:
		p.kind = abi.LiveMap
		if k := reflect.Zero(t.Key()); k.Kind() != reflect.String && !k.CanInt() && !k.CanUint() {
			return nil
		}
	case reflect.Slice, reflect.Array:
		p.kind = abi.LiveList
		switch t {
		case objectType, mapType, setType, arrayBufferType:
			return nil
		}
		p.elem = accessOf(t.Elem())
		p.whole = t.Elem().Kind() == reflect.Uint8
	default:
		return nil
	}
	if t.Implements(errorType) || reflect.PointerTo(t).Implements(errorType) {
		return nil
	}
	for _, t := range []reflect.Type{t, reflect.PointerTo(t)} {
		m := marshallingOf(t)
		p.whole = p.whole || m != nil && m.encode != nil
	}
	return p
}

// name is the name of the constructor that scripts see.
func (p *livePlan) name() string {
	if n := p.t.Name(); n != "" {
		return n
	}
	if p.kind == abi.LiveStruct {
		return "Object"
	}
	return p.t.String()
}

// needPlan has the guest make a type that it does not have yet.
func (e *Encoder) needPlan(p *livePlan) error {
	if p.made {
		return nil
	}
	for _, t := range e.Req.LiveTypes() {
		if t.Number == p.number {
			return nil
		}
	}
	var req host.Request
	d := Encoder{R: e.R, Req: &req}
	if err := d.describe(p); err != nil {
		return err
	}
	e.Req.NeedLiveType(host.LiveType{Number: p.number, Kind: p.kind, Description: req.Buf, Made: &p.made})
	return nil
}

// describe appends what the guest needs to know about a type.
func (e *Encoder) describe(p *livePlan) error {
	e.string(p.name())
	e.u32(uint32(len(p.fields)))
	for i := range p.fields {
		e.string(p.fields[i].name)
		e.tag(byte(truth(p.fields[i].readOnly)))
	}
	methods := p.methods()
	e.u32(uint32(len(methods)))
	for i := range methods {
		m := &methods[i]
		e.string(m.name)
		if err := e.hostFunction(&host.Callable{Call: m.call(e.R, p)}, m.name, m.s.fixed(), 0); err != nil {
			return toJS(p.t, err)
		}
		e.u32(0) // captured values
	}
	return nil
}

// liveMethod is a Go method as a property of the prototype.
type liveMethod struct {
	name string
	fn   reflect.Value
	s    signature
}

// methods are the exported methods of pointers to the type that scripts can call,
// under their names in lower camel case; String is toString as well. Of two that
// would have the same name, the second keeps the one it has in Go.
func (p *livePlan) methods() []liveMethod {
	t := reflect.PointerTo(p.t)
	taken := map[string]bool{"constructor": true}
	var all []liveMethod
	add := func(m liveMethod) {
		if !taken[m.name] {
			taken[m.name] = true
			all = append(all, m)
		}
	}
	for i := range t.NumMethod() {
		goName := t.Method(i).Name
		m := liveMethod{lowerCamel(goName), t.Method(i).Func, signatureOf(reflect.Zero(t).Method(i).Type())}
		if m.s.check() != nil {
			continue
		}
		if taken[m.name] {
			m.name = goName
		}
		add(m)
		if goName == "String" && len(m.s.params) == 0 && len(m.s.results) == 1 && m.s.results[0].Kind() == reflect.String {
			m.name = "toString"
			add(m)
		}
	}
	return all
}

// call makes the host function of a method. Its results are used in place like
// what properties lead to.
func (m *liveMethod) call(r *Realm, p *livePlan) func(*host.Invocation) uint32 {
	fn, s, name := m.fn, m.s, m.name
	return func(inv *host.Invocation) uint32 {
		o, ok := r.In.LiveAt(inv.This()).(*liveObject)
		if !ok || o.t != p {
			return r.Emb.Throw(inv, unconvertible("the receiver of "+name, "Go *"+p.t.String(), nil))
		}
		x, err := r.invoke(inv, fn, &s, o.v.Addr())
		if err != nil {
			return r.Emb.Throw(inv, err)
		}
		if c, ok := primitiveCell(x); ok {
			return inv.Return(c)
		}
		return r.liveReturn(inv, reflect.ValueOf(x))
	}
}

// lowerCamel lowers the capitals that a name begins with, but for one that begins
// a word: DoThing is doThing, ID is id, URLFor is urlFor.
func lowerCamel(name string) string {
	out := []rune(name)
	for i, c := range out {
		if !unicode.IsUpper(c) || i > 0 && i+1 < len(out) && unicode.IsLower(out[i+1]) {
			break
		}
		out[i] = unicode.ToLower(c)
	}
	return string(out)
}
