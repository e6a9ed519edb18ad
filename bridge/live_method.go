package bridge

import (
	"reflect"
	"unicode"

	"github.com/qjswasm/qjswasm/host"
)

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
		o, err := p.receiver(r, inv, name)
		if err != nil {
			return r.Emb.Throw(inv, err)
		}
		x, err := r.invoke(inv, fn, &s, o.variable().Addr())
		if err != nil {
			return r.Emb.Throw(inv, err)
		}
		if c, ok := primitiveCell(x); ok {
			return inv.Return(c)
		}
		return r.liveReturn(inv, reflect.ValueOf(x))
	}
}

// receiver is the object that a method of the type was called on.
func (p *livePlan) receiver(r *Realm, inv *host.Invocation, method string) (*liveObject, error) {
	o, ok := r.In.LiveAt(inv.This()).(*liveObject)
	if !ok || o.t != p {
		return nil, unconvertible("the receiver of "+method, "Go *"+p.t.String(), nil)
	}
	return o, nil
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
