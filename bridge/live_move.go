package bridge

import (
	"maps"
	"reflect"
	"unsafe"

	"github.com/qjswasm/qjswasm/callables"
)

// liveParts is what a value of a type can have of live objects: itself, and what
// is in it without a pointer in between.
type liveParts struct {
	list  []livePart // nil if there are more than maxParts
	types map[reflect.Type]bool
}

// livePart is a live object's place.
type livePart struct {
	offset uintptr
	t      reflect.Type // a pointer
}

// maxParts is how many places are looked at before all live objects are.
const maxParts = 64

// parts returns those of a plan's type.
func (r *Realm) parts(p *livePlan) *liveParts {
	if p.parts != nil {
		return p.parts
	}
	t := reflect.PointerTo(p.t)
	s := &liveParts{list: []livePart{{t: t}}, types: map[reflect.Type]bool{t: true}}
	p.parts = s
	switch p.t.Kind() {
	case reflect.Struct:
		for i := range p.fields {
			if t, offset, ok := fieldAt(p.t, p.fields[i].index); ok {
				s.add(r, t, offset, 1)
			}
		}
	case reflect.Array:
		s.add(r, p.t.Elem(), 0, p.t.Len())
	}
	return s
}

// add adds the parts of n values of a type that are one after the other.
func (s *liveParts) add(r *Realm, t reflect.Type, offset uintptr, n int) {
	p := r.livePlan(t)
	if p == nil {
		return
	}
	in := r.parts(p)
	maps.Copy(s.types, in.types)
	if s.list == nil || in.list == nil || n > maxParts || len(s.list)+n*len(in.list) > maxParts {
		s.list = nil
		return
	}
	for i := range n {
		for _, part := range in.list {
			s.list = append(s.list, livePart{offset + uintptr(i)*t.Size() + part.offset, part.t})
		}
	}
}

// fieldAt returns the type and place of a field that is behind no pointer.
func fieldAt(t reflect.Type, path []int) (_ reflect.Type, offset uintptr, ok bool) {
	for _, i := range path {
		if t.Kind() != reflect.Struct {
			return nil, 0, false
		}
		f := t.Field(i)
		t, offset = f.Type, offset+f.Offset
	}
	return t, offset, true
}

// within returns the objects that the guest has for n values of a plan's type that
// begin at first, and for what is in them. Each is there once: what has no size can
// be in several places, and nothing can be told from where it is.
func (r *Realm) within(p *livePlan, first uintptr, n int) []*liveObject {
	var found []*liveObject
	s := r.parts(p)
	size := p.t.Size()
	r.live.mu.Lock()
	defer r.live.mu.Unlock()
	if s.list != nil && n*len(s.list) <= max(len(s.list), len(r.live.objects)) {
		for i := range n {
			for _, part := range s.list {
				if o := r.livePeek(r.live.objects[identity{p: first + uintptr(i)*size + part.offset, t: part.t}]); o != nil {
					found = append(found, o)
				}
			}
		}
		return found
	}
	for id, h := range r.live.objects {
		if id.p >= first && id.p < first+uintptr(n)*size && s.types[id.t] {
			if o := r.livePeek(h); o != nil {
				found = append(found, o)
			}
		}
	}
	return found
}

// livePeek returns the object of a handle if it has a size; nil if there is none.
func (r *Realm) livePeek(h callables.Handle) *liveObject {
	if h == 0 {
		return nil
	}
	if o, ok := r.In.PeekLive(h).(*liveObject); ok && o.t.t.Size() > 0 {
		return o
	}
	return nil
}

// move makes objects that are at from or behind it those of a copy.
func (r *Realm) move(objects []*liveObject, from uintptr, to reflect.Value) {
	base := to.UnsafePointer()
	r.live.mu.Lock()
	defer r.live.mu.Unlock()
	for _, o := range objects {
		delete(r.live.objects, o.place.id)
	}
	for _, o := range objects {
		o.v = reflect.NewAt(o.t.t, unsafe.Add(base, o.place.id.p-from)).Elem()
		o.place.id.p = o.v.Addr().Pointer()
		r.live.objects[o.place.id] = o.place.h
	}
}

// detach is called before v is assigned to: what the guest has in place of v, and
// of what is in v, becomes an object of its own, as it would be if v held a
// reference. Otherwise a script could not exchange two structs.
func (r *Realm) detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct, reflect.Array, reflect.Map, reflect.Slice:
	default:
		return
	}
	p := r.livePlan(v.Type())
	if p == nil || !v.CanAddr() {
		return
	}
	from := v.Addr().Pointer()
	if objects := r.within(p, from, 1); len(objects) > 0 {
		own := reflect.New(p.t)
		own.Elem().Set(v)
		r.move(objects, from, own)
	}
}

// follow makes the objects that are in the elements of one slice those of another,
// which is a copy.
func (r *Realm) follow(from, to reflect.Value) {
	p := r.livePlan(from.Type().Elem())
	if p == nil || from.Len() == 0 {
		return
	}
	r.move(r.within(p, from.Pointer(), from.Len()), from.Pointer(), to.Index(0).Addr())
}
