package bridge

import (
	"encoding/binary"
	"errors"
	"reflect"
	"sync"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Live is a Go value that scripts are to use in place, where they would otherwise
// get a copy.
type Live struct{ X any }

// liveTable holds what a guest has of Go values that it uses in place. An entry
// lasts for as long as the guest has the object.
type liveTable struct {
	types   map[reflect.Type]*livePlan // nil: of that type there are none
	numbers uint32                     // of types
	objects map[identity]callables.Handle
	mu      sync.Mutex // of objects and their places: a function's arguments are read while others use the guest
}

func (t *liveTable) at(id identity) callables.Handle {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.objects[id]
}

func (t *liveTable) add(id identity, h callables.Handle) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.objects == nil {
		t.objects = map[identity]callables.Handle{}
	}
	t.objects[id] = h
}

// livePlace is what the registry keeps of a live object, though Go no longer uses
// it: where its Go value is, as a number.
type livePlace struct {
	table *liveTable
	id    identity
	h     callables.Handle
}

// forgotten is called when the guest has dropped the object.
func (p *livePlace) forgotten() {
	p.table.mu.Lock()
	defer p.table.mu.Unlock()
	if p.table.objects[p.id] == p.h { // and not that of another value in the same place
		delete(p.table.objects, p.id)
		if len(p.table.objects) == 0 {
			p.table.objects = nil // a map does not shrink
		}
	}
}

// liveObject is a Go value that the guest uses in place.
type liveObject struct {
	r       *Realm
	t       *livePlan
	v       reflect.Value // the struct, map, slice or array, addressable
	id      identity      // when it was made
	place   *livePlace
	byValue bool // Go gets v back, not its address
	fixed   bool // a list that cannot grow
	written map[slot]int64
	epoch   uint64 // when it was written to last
}

var errNotLive = errors.New("it must be a pointer to a struct, map, slice or array, a map with strings or integers as keys, a slice, or a sequence")

// live appends the object for a Go value.
func (e *Encoder) live(x Live) error {
	v := reflect.ValueOf(x.X)
	for v.IsValid() && v.Type() == liveType {
		v = reflect.ValueOf(v.Interface().(Live).X)
	}
	if !v.IsValid() {
		e.tag(abi.TapeNull)
		return nil
	}
	t := v.Type()
	var plan *livePlan
	switch t.Kind() {
	case reflect.Pointer:
		if t != e.R.Emb.ValueType() {
			plan = e.R.livePlan(t.Elem())
		}
	case reflect.Map, reflect.Slice:
		plan = e.R.livePlan(t)
	case reflect.Func:
		if IsSequence(t) {
			return e.liveValue(v)
		}
	}
	if plan == nil {
		return unconvertible("Go "+t.String(), "a live object", errNotLive)
	}
	if v.IsNil() {
		e.tag(abi.TapeNull)
		return nil
	}
	return e.liveReference(v, plan)
}

// liveReference appends the object for a pointer, map or slice that is not nil.
func (e *Encoder) liveReference(v reflect.Value, t *livePlan) error {
	o := liveObject{t: t, id: identity{p: v.Pointer(), t: v.Type()}}
	switch v.Kind() {
	case reflect.Pointer:
		o.v, o.fixed = v.Elem(), t.t.Kind() == reflect.Array
		return e.liveObject(&o)
	case reflect.Slice:
		o.fixed = true
		o.id.len = v.Len()
		if v.Cap() == 0 {
			o.id = identity{}
		}
	}
	o.byValue = true
	return e.liveObject(&o, v)
}

// liveObject appends o, or the object that the guest has for the same Go value. If
// it needs a variable to be in, that is made of what it holds.
func (e *Encoder) liveObject(o *liveObject, holds ...reflect.Value) error {
	known := e.R.liveAt(o.id)
	if known == nil {
		o := *o
		known = &o
		if len(holds) > 0 {
			known.v = reflect.New(o.t.t).Elem()
			known.v.Set(holds[0])
		}
		known.r = e.R
		if err := known.register(o.id); err != nil {
			return err
		}
	}
	if err := e.needPlan(known.t); err != nil {
		return err
	}
	if e.Lives != nil {
		*e.Lives = append(*e.Lives, LiveRef{known, len(e.Req.Buf) + 1})
	}
	known.append(e.Req)
	return nil
}

// register has the guest make an object for the Go value, when it is given the handle.
func (o *liveObject) register(id identity) (err error) {
	table := &o.r.live
	place := &livePlace{table: table, id: id}
	if place.h, err = o.r.In.Register(&host.Callable{Live: o, Forgotten: place.forgotten}, ""); err != nil {
		return toJS(o.t.t, err)
	}
	o.place = place
	if id.p != 0 {
		table.add(id, place.h)
	}
	return nil
}

// LiveRef is a live object in a request, and where its handle is.
type LiveRef struct {
	object *liveObject
	at     int
}

// Revive has a request refer to the objects that the guest has now, or makes of its handles,
// if it has dropped one since the request was made. The caller has the instance for itself.
func (r *Realm) Revive(req *host.Request, lives []LiveRef) error {
	for _, l := range lives {
		o := l.object
		if r.In.LiveOf(o.place.h) != o {
			if now := r.liveAt(o.place.id); now != nil {
				o = now
			} else if err := o.register(o.place.id); err != nil {
				return err
			}
		}
		binary.LittleEndian.PutUint64(req.Buf[l.at:], uint64(o.place.h))
	}
	return nil
}

func (o *liveObject) append(req *host.Request) {
	req.Buf = append(req.Buf, abi.TapeLive)
	req.Buf = binary.LittleEndian.AppendUint64(req.Buf, uint64(o.place.h))
	req.Buf = binary.LittleEndian.AppendUint32(req.Buf, o.t.number)
}

// liveKnown returns the object that the guest has for what v points to or, if v is
// in a variable, for that; nil if it has none.
func (r *Realm) liveKnown(v reflect.Value) *liveObject {
	switch v.Kind() {
	case reflect.Pointer:
	case reflect.Struct, reflect.Array, reflect.Map, reflect.Slice:
		if !v.CanAddr() {
			return nil
		}
		v = v.Addr()
	default:
		return nil
	}
	o := r.liveAt(identity{p: v.Pointer(), t: v.Type()})
	if o == nil || !o.t.made {
		return nil
	}
	return o
}

// liveAt returns the object that the guest has for the Go value in a place, nil if
// it has none. The guest may be given it.
func (r *Realm) liveAt(id identity) *liveObject {
	if h := r.live.at(id); h != 0 {
		o, _ := r.In.LiveOf(h).(*liveObject)
		return o
	}
	return nil
}

// liveValue appends what a live object leads to: in place if it can be, otherwise
// as any other value. A slice that is in no variable cannot grow, a struct that is
// in none is copied. What sequences yield is led to as well.
func (e *Encoder) liveValue(v reflect.Value) error {
	if !v.IsValid() { // an entry that a marshaller of another has deleted
		e.tag(abi.TapeUndefined)
		return nil
	}
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	t := v.Type()
	switch t.Kind() {
	case reflect.Pointer:
		if t == e.R.Emb.ValueType() || v.IsNil() {
			break
		}
		if plan := e.R.livePlan(t.Elem()); plan != nil && !plan.whole {
			return e.liveReference(v, plan)
		}
	case reflect.Struct, reflect.Array, reflect.Map, reflect.Slice:
		plan := e.R.livePlan(t)
		if plan == nil || plan.whole {
			break
		}
		if v.CanAddr() {
			p := v.Addr()
			return e.liveObject(&liveObject{
				t: plan, v: v, id: identity{p: p.Pointer(), t: p.Type()},
				fixed: t.Kind() == reflect.Array,
			})
		}
		if k := t.Kind(); (k == reflect.Map || k == reflect.Slice) && !v.IsNil() {
			return e.liveReference(v, plan)
		}
	case reflect.Func:
		if s, ok := sequenceOf(t); ok && !v.IsNil() {
			return e.sequence(v, s, true)
		}
	}
	return e.reflect(v)
}

// liveReturn makes v, which a live object leads to, the result of an invocation.
func (r *Realm) liveReturn(inv *host.Invocation, v reflect.Value) uint32 {
	req := inv.ReturnTape()
	if o := r.liveKnown(v); o != nil {
		o.append(req)
		return abi.StatusOK
	}
	e := Encoder{R: r, Req: req}
	if err := e.liveValue(v); err != nil {
		return r.Emb.Throw(inv, err)
	}
	return abi.StatusOK
}

// variable returns o.v to who does not have the instance for itself.
func (o *liveObject) variable() reflect.Value {
	o.r.live.mu.Lock()
	defer o.r.live.mu.Unlock()
	return o.v
}

// goValue is what Go gets for the object: what it was given, or a pointer to what
// that led to.
func (o *liveObject) goValue() reflect.Value {
	v := o.variable()
	if o.byValue {
		return v
	}
	return v.Addr()
}

// Describe returns the name of the type of what Go gets for the object.
func (o *liveObject) Describe() string { return o.goValue().Type().String() }

// into sets v to the Go value, or to what it points to.
func (o *liveObject) into(v reflect.Value) error {
	t := v.Type()
	own := o.variable()
	for _, x := range [...]reflect.Value{o.goValue(), own.Addr(), own} {
		if x.Type().AssignableTo(t) {
			v.Set(x)
			return nil
		}
	}
	return unconvertible("live Go "+o.t.t.String(), "Go "+t.String(), nil)
}

// live reads the record of a live object.
func (d *Decoder) live() (*liveObject, error) {
	d.pos++
	h, err := d.u64()
	if err != nil {
		return nil, err
	}
	o, ok := d.R.In.LiveOf(callables.Handle(h)).(*liveObject)
	if !ok {
		return nil, errTape
	}
	return o, nil
}

func (d *Decoder) intoLive(v reflect.Value) error {
	o, err := d.live()
	if err != nil {
		return err
	}
	return o.into(v)
}
