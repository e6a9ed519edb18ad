package main

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/qjswasm/qjswasm"
)

const (
	completeTimeout = 200 * time.Millisecond
	maxPrototypes   = 100
	maxElements     = 1000
)

// partial is what the cursor is behind: names with dots between them, the last
// of which is to be completed. What the names are properties of must be a
// variable, not the result of a call or an index.
var partial = regexp.MustCompile(`(?:^|[^\p{L}\p{Nd}_$.)\]"'\x60])((?:[\p{L}_$][\p{L}\p{Nd}_$]*\??\.)*)([\p{L}_$][\p{L}\p{Nd}_$]*)?$`)

// completer finds what a line may go on with. It reads property descriptors by
// functions that were taken before any input, and stops at proxies: no code of
// the user runs.
type completer struct {
	rt         *qjswasm.Runtime
	ownNames   *qjswasm.Value
	descriptor *qjswasm.Value
	prototype  *qjswasm.Value
	variables  []string // declared by inputs; let, const and class make no properties
}

func newCompleter(ctx context.Context, rt *qjswasm.Runtime) (*completer, error) {
	c := &completer{rt: rt}
	for name, fn := range map[string]**qjswasm.Value{
		"getOwnPropertyNames":      &c.ownNames,
		"getOwnPropertyDescriptor": &c.descriptor,
		"getPrototypeOf":           &c.prototype,
	} {
		var err error
		if *fn, err = rt.Eval(ctx, "Object."+name); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// learn remembers the variables that an input declared.
func (c *completer) learn(code string) {
	for _, name := range declaredNames(code) {
		if !slices.Contains(c.variables, name) {
			c.variables = append(c.variables, name)
		}
	}
}

// completeLine is the editor's callback; pos counts runes.
func (r *repl) completeLine(line string, pos int) (head string, candidates []string, tail string) {
	runes := []rune(line)
	left := string(runes[:pos])
	head, candidates = r.completer.complete(left)
	return head, candidates, string(runes[pos:])
}

// complete returns what stays of the text before the cursor, and what may follow
// it.
func (c *completer) complete(left string) (head string, candidates []string) {
	if strings.HasPrefix(left, ".") && !strings.Contains(left, " ") {
		return "", withPrefix(commandNames, left)
	}
	m := partial.FindStringSubmatch(left)
	if m == nil || m[1] == "" && m[2] == "" {
		return left, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), completeTimeout)
	defer cancel()
	head = strings.TrimSuffix(left, m[2])
	if m[1] == "" {
		names := append(c.names(ctx, c.rt.Global()), keywords...)
		return head, withPrefix(append(names, c.alive()...), m[2])
	}
	names := strings.Split(strings.ReplaceAll(strings.TrimSuffix(m[1], "."), "?", ""), ".")
	v, ok := c.variable(ctx, names[0])
	for _, name := range names[1:] {
		if ok {
			v, ok = c.property(ctx, v, name)
		}
	}
	if !ok {
		return head, nil
	}
	return head, withPrefix(c.names(ctx, v), m[2])
}

// alive returns the learned variables that exist: an input may have failed.
func (c *completer) alive() []string {
	return slices.DeleteFunc(slices.Clone(c.variables), func(name string) bool {
		_, found, err := c.find(context.Background(), c.rt.Global(), name)
		if err != nil || found {
			return true // a property is listed anyway
		}
		v, err := c.rt.Get(name)
		return err != nil || v.IsUndefined()
	})
}

// variable returns the value of a variable. A global accessor is not run.
func (c *completer) variable(ctx context.Context, name string) (*qjswasm.Value, bool) {
	global := c.rt.Global()
	if name == "this" || name == "globalThis" {
		return global, true
	}
	if _, found, err := c.find(ctx, global, name); err != nil {
		return nil, false
	} else if found {
		return c.property(ctx, global, name)
	}
	v, err := c.rt.Get(name)
	return v, err == nil
}

// property returns the value of a data property.
func (c *completer) property(ctx context.Context, v *qjswasm.Value, name string) (*qjswasm.Value, bool) {
	d, found, err := c.find(ctx, v, name)
	if err != nil || !found {
		return nil, false
	}
	// Keys are the descriptor's own: Object.prototype may have a getter "value".
	keys, err := d.Keys()
	if err != nil || !slices.Contains(keys, "value") {
		return nil, false
	}
	value, err := d.Get("value")
	return value, err == nil
}

// hasManyIndices tells what would list its elements by the million.
func hasManyIndices(v *qjswasm.Value) bool {
	switch v.Kind() {
	case qjswasm.KindString, qjswasm.KindTypedArray:
		return true
	case qjswasm.KindArray:
		n, err := v.Len() // the length of an array is no accessor
		return err != nil || n > maxElements
	}
	return false
}

// find returns the descriptor of a property of v or its prototypes.
func (c *completer) find(ctx context.Context, v *qjswasm.Value, name string) (d *qjswasm.Value, found bool, err error) {
	err = c.chain(ctx, v, func(o *qjswasm.Value) (bool, error) {
		d, err = c.descriptor.Call(ctx, nil, o, name)
		found = err == nil && !d.IsUndefined()
		return !found, err
	})
	return d, found, err
}

// names returns the property names of v and its prototypes that can be written
// after a dot.
func (c *completer) names(ctx context.Context, v *qjswasm.Value) []string {
	var all []string
	_ = c.chain(ctx, v, func(o *qjswasm.Value) (bool, error) {
		if hasManyIndices(o) {
			all = append(all, "length")
			return true, nil
		}
		own, err := c.ownNames.Call(ctx, nil, o)
		if err != nil {
			return false, err
		}
		names, err := qjswasm.As[[]string](own)
		all = append(all, names...)
		return true, err
	})
	return slices.DeleteFunc(all, func(name string) bool { return !isName(name) })
}

var errProxy = errors.New("a proxy is in the way")

// chain calls visit for v and its prototypes while it returns true. A proxy, or
// what is no object and has no prototype either, ends it with an error.
func (c *completer) chain(ctx context.Context, v *qjswasm.Value, visit func(*qjswasm.Value) (bool, error)) error {
	for range maxPrototypes {
		if v.Kind() == qjswasm.KindProxy {
			return errProxy
		}
		more, err := visit(v)
		if err != nil || !more {
			return err
		}
		if v, err = c.prototype.Call(ctx, nil, v); err != nil || v.IsNull() {
			return err
		}
	}
	return nil
}

// withPrefix returns the sorted names that begin with a prefix, each once.
func withPrefix(names []string, prefix string) []string {
	var hits []string
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			hits = append(hits, name)
		}
	}
	slices.SortFunc(hits, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	return slices.Compact(hits)
}
