package bridge

import (
	"reflect"

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
		if err := e.hostFunction(&host.Callable{Call: m.call(e.R, p), Method: true}, m.name, m.s.fixed(), 0); err != nil {
			return toJS(p.t, err)
		}
		e.u32(0) // captured values
	}
	if m, ok := p.iterates(); ok {
		call := &host.Callable{Call: m.iterate(e.R, p), Method: true}
		if err := e.hostFunction(call, m.name, 0, 0); err != nil {
			return toJS(p.t, err)
		}
		e.u32(0)
		return nil
	}
	e.tag(abi.TapeUndefined)
	return nil
}
