package qjswasm_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// table is one of a page's tables.
type table struct {
	header []string
	rows   [][]string // cells that are code without the quotes
}

func tablesOf(page string) (tables []table) {
	code := regexp.MustCompile("^`(.*)`$")
	rule := regexp.MustCompile(`^\|( ---? ?\|| --- \|)+$`)
	inside := false
	for _, line := range strings.Split(page, "\n") {
		if !strings.HasPrefix(line, "| ") {
			inside = false
			continue
		}
		if rule.MatchString(line) {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | ")
		for i := range cells {
			cells[i] = code.ReplaceAllString(cells[i], "$1")
		}
		if !inside {
			tables = append(tables, table{header: cells})
			inside = true
			continue
		}
		last := &tables[len(tables)-1]
		last.rows = append(last.rows, cells)
	}
	return tables
}

// textsOf returns the texts of the elements of the composite literal in a function
// or variable of the file with the rows.
func textsOf(t *testing.T, name string) (texts []string) {
	const file = "conversions_rows_test.go"
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, source, 0)
	require.NoError(t, err)
	found := false
	ast.Inspect(parsed.Scope.Lookup(name).Decl.(ast.Node), func(n ast.Node) bool {
		list, ok := n.(*ast.CompositeLit)
		if ok && !found {
			found = true
			for _, e := range list.Elts {
				texts = append(texts, string(source[set.Position(e.Pos()).Offset:set.Position(e.End()).Offset]))
			}
		}
		return !found
	})
	return texts
}

// TestDocumentedConversions proves every row of docs/conversions.md. A new row
// needs its Go expression in documentedValues, or its type in documentedTypes, and
// nothing else; a table with another header needs a check below.
func TestDocumentedConversions(t *testing.T) {
	page, err := os.ReadFile("docs/conversions.md")
	require.NoError(t, err)
	rt := graphRuntime(t)
	values, types := map[string]any{}, map[string]reflect.Type{}
	texts := textsOf(t, "documentedValues")
	for i, v := range documentedValues(rt) {
		values[texts[i]] = v
	}
	for i, text := range textsOf(t, "documentedTypes") {
		name := strings.TrimSuffix(strings.TrimPrefix(text, "reflect.TypeFor["), "]()")
		types[name] = documentedTypes[i]
	}
	used := map[string]bool{}
	value := func(t *testing.T, text string) any {
		used[text] = true
		v, ok := values[text]
		require.True(t, ok, "documentedValues has no %s", text)
		return v
	}
	typ := func(t *testing.T, text string) reflect.Type {
		used[text] = true
		x, ok := types[text]
		require.True(t, ok, "documentedTypes has no %s", text)
		return x
	}
	js := func(t *testing.T, code string) *qjswasm.Value { return eval(t, rt, "("+code+")") }
	difference := func(t *testing.T, a, b string) string {
		return js(t, "graph.difference("+a+", "+b+")").String()
	}
	var lost []string
	checks := map[string]func(t *testing.T, row []string){
		"Go|JS": func(t *testing.T, row []string) {
			require.NoError(t, rt.Set("x", value(t, row[0])))
			if regexp.MustCompile(`\bx\b`).MatchString(row[1]) {
				assert.Equal(t, "true", js(t, row[1]).String())
			} else {
				assert.Empty(t, difference(t, row[1], "x"))
			}
		},
		"JS|Export": func(t *testing.T, row []string) {
			x, err := js(t, row[0]).Export()
			require.NoError(t, err)
			if strings.HasPrefix(row[1], "*qjswasm.") {
				assert.Equal(t, row[1], reflect.TypeOf(x).String())
				return
			}
			requireSameValue(t, value(t, row[1]), x)
		},
		"JS|Options|Export": func(t *testing.T, row []string) {
			o := value(t, row[1]).(qjswasm.ExportOptions)
			x, err := js(t, row[0]).ExportWith(t.Context(), &o)
			require.NoError(t, err)
			requireSameValue(t, value(t, row[2]), x)
		},
		"JS|As": func(t *testing.T, row []string) {
			want := value(t, row[1])
			got := reflect.New(reflect.TypeOf(want))
			require.NoError(t, js(t, row[0]).ExportTo(got.Interface()))
			requireSameValue(t, want, got.Elem().Interface())
		},
		"JS|Type|Error": func(t *testing.T, row []string) {
			err := js(t, row[0]).ExportTo(reflect.New(typ(t, row[1])).Interface())
			assert.ErrorContains(t, err, row[2])
		},
		"Go|Error": func(t *testing.T, row []string) {
			_, err := rt.NewValue(value(t, row[0]))
			assert.ErrorContains(t, err, row[1])
			assert.ErrorAs(t, err, new(*qjswasm.ConvertError))
		},
		"Lost|JS|JS again": func(t *testing.T, row []string) {
			lost = append(lost, row[0])
			assert.Empty(t, difference(t, row[2], "back("+row[1]+")"))
			assert.NotEmpty(t, difference(t, row[1], "back("+row[1]+")"), "it is not lost any more: the row, and the name in graph.js, can go")
		},
		"Lost|Go|Go again": func(t *testing.T, row []string) {
			want := value(t, row[2])
			v, err := rt.NewValue(value(t, row[1]))
			require.NoError(t, err)
			got := reflect.New(reflect.TypeOf(want))
			require.NoError(t, v.ExportTo(got.Interface()))
			requireSameValue(t, want, got.Elem().Interface())
			assert.NotEqual(t, value(t, row[1]), want)
		},
	}
	tables := tablesOf(string(page))
	require.NotEmpty(t, tables)
	for _, table := range tables {
		check := checks[strings.Join(table.header, "|")]
		require.NotNil(t, check, "no check for tables with the header %v", table.header)
		require.NotEmpty(t, table.rows)
		for _, row := range table.rows {
			t.Run(strings.Join(row, " "), func(t *testing.T) {
				require.Len(t, row, len(table.header))
				check(t, row)
			})
		}
	}
	for text := range values {
		assert.True(t, used[text], "no row has %s", text)
	}
	for text := range types {
		assert.True(t, used[text], "no row has %s", text)
	}
	assert.ElementsMatch(t, evalTo[[]string](t, rt, "[...graph.losses.keys()]"), lost, "what random graphs are expected to lose")

	source, err := os.ReadFile("conversions_rows_test.go")
	require.NoError(t, err)
	declared := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(page)
	require.NotNil(t, declared)
	assert.Contains(t, string(source), string(declared[1]), "the types of the page")
}

// requireSameValue compares with the signs of zeros.
func requireSameValue(t *testing.T, want, got any) {
	t.Helper()
	require.Equal(t, want, got)
	if f, ok := want.(float64); ok {
		require.Equal(t, math.Signbit(f), math.Signbit(got.(float64)))
	}
}
