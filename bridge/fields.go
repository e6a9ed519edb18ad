package bridge

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// structField is a Go struct field as a JS property.
type structField struct {
	name      string
	index     []int
	omitEmpty bool
	omitZero  bool
}

// structFields is what conversion needs to know about a struct type.
type structFields struct {
	list   []structField
	byName map[string]int
	folded map[string]int // lower-case names, for a second look
}

var fieldCache sync.Map // reflect.Type -> *structFields

// fieldsOf returns the properties of a struct type: exported fields, named by
// `js`, else `json` tags, embedded structs flattened by Go's rules. "-" leaves a
// field out.
func fieldsOf(t reflect.Type) *structFields {
	if f, ok := fieldCache.Load(t); ok {
		return f.(*structFields)
	}
	f := &structFields{byName: map[string]int{}, folded: map[string]int{}}
	for _, sf := range reflect.VisibleFields(t) {
		name, options, tagged := tagOf(sf)
		if name == "-" && options == "" {
			continue
		}
		if sf.Anonymous && !tagged && indirect(sf.Type).Kind() == reflect.Struct {
			continue // its fields are in the list themselves
		}
		if !sf.IsExported() || hidden(t, sf.Index) {
			continue
		}
		if name == "" {
			name = sf.Name
		}
		field := structField{
			name:      name,
			index:     sf.Index,
			omitEmpty: hasOption(options, "omitempty"),
			omitZero:  hasOption(options, "omitzero"),
		}
		if i, taken := f.byName[name]; taken {
			if len(f.list[i].index) > len(sf.Index) {
				f.list[i] = field // the shallower field wins
			}
			continue
		}
		f.byName[name] = len(f.list)
		f.list = append(f.list, field)
	}
	for i := len(f.list) - 1; i >= 0; i-- {
		f.folded[strings.ToLower(f.list[i].name)] = i
	}
	actual, _ := fieldCache.LoadOrStore(t, f)
	return actual.(*structFields)
}

// lookup finds the field for a property name: an exact match, else one that
// differs in case only, as encoding/json does.
func (f *structFields) lookup(name string) (structField, bool) {
	i, ok := f.byName[name]
	if !ok {
		if i, ok = f.folded[strings.ToLower(name)]; !ok {
			return structField{}, false
		}
	}
	return f.list[i], true
}

func tagOf(sf reflect.StructField) (name, options string, ok bool) {
	tag, ok := sf.Tag.Lookup("js")
	if !ok {
		tag, ok = sf.Tag.Lookup("json")
	}
	name, options, _ = strings.Cut(tag, ",")
	return name, options, ok && name != ""
}

func hasOption(options, want string) bool {
	return slices.Contains(strings.Split(options, ","), want)
}

// hidden tells whether a promoted field is reached through an embedded field
// that is left out or that has a name of its own.
func hidden(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		sf := indirect(t).Field(i)
		if name, _, tagged := tagOf(sf); tagged || name == "-" {
			return true
		}
		t = sf.Type
	}
	return false
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
