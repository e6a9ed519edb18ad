package bridge

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// structField is a Go struct field as a JS property.
type structField struct {
	name      string
	t         reflect.Type
	index     []int
	tagged    bool // the name comes from a tag
	omitEmpty bool
	omitZero  bool
}

// structFields is what conversion needs to know about a struct type.
type structFields struct {
	list   []structField
	byName map[string]int
	folded map[string]int // lower-case names, for a second look

	shaped   bool // the names can be the keys of a shape
	optional bool // not every struct has all of the fields
}

var fieldCache sync.Map // reflect.Type -> *structFields

// fieldsOf returns the properties of a struct type: exported fields, named by
// `js`, else `json` tags. "-" leaves a field out. Embedded structs are flattened
// and conflicts resolved as encoding/json does: the shallowest field of a name
// wins, at equal depth the only one with a tag, and otherwise none.
func fieldsOf(t reflect.Type) *structFields {
	if f, ok := fieldCache.Load(t); ok {
		return f.(*structFields)
	}
	f := &structFields{byName: map[string]int{}, folded: map[string]int{}}
	all := collectFields(t)
	// Candidates for one name come together, the dominant one first.
	slices.SortStableFunc(all, func(a, b structField) int {
		return cmp.Or(strings.Compare(a.name, b.name), a.compareRank(b))
	})
	for i := 0; i < len(all); {
		next := i + 1
		for next < len(all) && all[next].name == all[i].name {
			next++
		}
		if next == i+1 || all[i].compareRank(all[i+1]) != 0 {
			f.list = append(f.list, all[i])
		}
		i = next
	}
	slices.SortFunc(f.list, func(a, b structField) int { return slices.Compare(a.index, b.index) })
	names := make([]string, len(f.list))
	for i := len(f.list) - 1; i >= 0; i-- {
		names[i] = f.list[i].name
		f.optional = f.optional || f.list[i].omitEmpty || f.list[i].omitZero || throughPointer(t, f.list[i].index)
		f.byName[f.list[i].name] = i
		f.folded[strings.ToLower(f.list[i].name)] = i
	}
	f.shaped = areDistinct(names)
	actual, _ := fieldCache.LoadOrStore(t, f)
	return actual.(*structFields)
}

// throughPointer tells whether a pointer, which may be nil, is on the way to a field.
func throughPointer(t reflect.Type, index []int) bool {
	for _, x := range index[:len(index)-1] {
		if t = t.Field(x).Type; t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

// compareRank orders fields of one name, the one that wins first.
func (f *structField) compareRank(other structField) int {
	if c := cmp.Compare(len(f.index), len(other.index)); c != 0 || f.tagged == other.tagged {
		return c
	}
	if f.tagged {
		return -1
	}
	return 1
}

// embedded is a struct whose fields are promoted, and the way to it.
type embedded struct {
	t     reflect.Type
	index []int
}

// collectFields lists the fields of t and of the structs embedded in it, level
// by level: a type that was met at a shallower level is not entered again.
func collectFields(t reflect.Type) []structField {
	var all []structField
	visited := map[reflect.Type]bool{}
	for level := []embedded{{t: t}}; len(level) > 0; {
		var next []embedded
		for _, s := range level {
			visited[s.t] = true
		}
		for _, s := range level {
			for i := range s.t.NumField() {
				sf := s.t.Field(i)
				index := append(slices.Clone(s.index), i)
				name, options, skip := tagOf(sf)
				inner := indirect(sf.Type)
				switch {
				case skip:
				case sf.Anonymous && name == "" && inner.Kind() == reflect.Struct && !isLeaf(sf.Type):
					if !visited[inner] {
						next = append(next, embedded{inner, index})
					}
				case sf.IsExported():
					f := structField{
						name: name, t: sf.Type, index: index, tagged: name != "",
						omitEmpty: hasOption(options, "omitempty"),
						omitZero:  hasOption(options, "omitzero"),
					}
					if name == "" {
						f.name = sf.Name
					}
					all = append(all, f)
				}
			}
		}
		level = next
	}
	return all
}

// isLeaf tells whether a struct, or pointer to one, converts as a whole and so
// is not flattened when it is embedded.
func isLeaf(t reflect.Type) bool {
	switch indirect(t) {
	case timeType, bigIntType.Elem(), textType, undefinedType, holeType, regExpType:
		return true
	}
	return t.Implements(errorType)
}

// lookup finds the field for a property name: an exact match, else one that
// differs in case only, as encoding/json does.
func (f *structFields) lookup(name string) (*structField, bool) {
	i, ok := f.byName[name]
	if !ok {
		if i, ok = f.folded[strings.ToLower(name)]; !ok {
			return nil, false
		}
	}
	return &f.list[i], true
}

// tagOf returns the name and the options in a field's tag.
func tagOf(sf reflect.StructField) (name, options string, skip bool) {
	tag, ok := sf.Tag.Lookup("js")
	if !ok {
		tag = sf.Tag.Get("json")
	}
	name, options, _ = strings.Cut(tag, ",")
	return name, options, tag == "-"
}

func hasOption(options, want string) bool {
	return slices.Contains(strings.Split(options, ","), want)
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// omits tells whether the field's tag leaves out the value x.
func (f *structField) omits(x reflect.Value) bool {
	return f.omitEmpty && isEmpty(x) || f.omitZero && isZero(x)
}

// isEmpty is the condition of encoding/json's omitempty.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// isZero is the condition of encoding/json's omitzero: what an IsZero method
// says, if there is one.
func isZero(v reflect.Value) bool {
	type zeroer interface{ IsZero() bool }
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return true
		}
	}
	if z, ok := v.Interface().(zeroer); ok {
		return z.IsZero()
	}
	if v.CanAddr() {
		if z, ok := v.Addr().Interface().(zeroer); ok {
			return z.IsZero()
		}
	}
	return v.IsZero()
}
