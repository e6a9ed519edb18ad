package qjswasm_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// benchRecord has eight mixed fields.
type benchRecord struct {
	ID      int       `js:"id" json:"id"`
	Name    string    `js:"name" json:"name"`
	Price   float64   `js:"price" json:"price"`
	Active  bool      `js:"active" json:"active"`
	Created time.Time `js:"created" json:"created"`
	Tags    []string  `js:"tags" json:"tags"`
	Owner   benchUser `js:"owner" json:"owner"`
	Note    string    `js:"note" json:"note"`
}

type benchUser struct {
	Email string `js:"email" json:"email"`
	Level int    `js:"level" json:"level"`
}

type benchNode struct {
	Value       int        `js:"value" json:"value"`
	Left, Right *benchNode `json:",omitempty"`
}

func benchRecords(n int) []benchRecord {
	records := make([]benchRecord, n)
	for i := range records {
		records[i] = benchRecord{
			ID: i, Name: fmt.Sprint("record ", i), Price: float64(i) + 0.25, Active: i%2 == 0, Created: time.UnixMilli(1_700_000_000_000 + int64(i)).UTC(),
			Tags: []string{"red", "green"}, Owner: benchUser{fmt.Sprint("user", i, "@example.org"), i % 10}, Note: "nothing of note",
		}
	}
	return records
}

func (r *benchRecord) asMap() map[string]any {
	return map[string]any{
		"id": r.ID, "name": r.Name, "price": r.Price, "active": r.Active, "created": r.Created,
		"tags": []any{r.Tags[0], r.Tags[1]}, "owner": map[string]any{"email": r.Owner.Email, "level": r.Owner.Level}, "note": r.Note,
	}
}

func benchTree(n int) *benchNode {
	if n == 0 {
		return nil
	}
	left := (n - 1) / 2
	return &benchNode{Value: n, Left: benchTree(left), Right: benchTree(n - 1 - left)}
}

// Records and trees into JS: as structs, as maps, and by hand through JSON.
func BenchmarkGraphIn(b *testing.B) {
	rt := newRuntime(b, nil)
	parse := eval(b, rt, "JSON.parse")
	inputs := map[string]any{"tree10000": benchTree(10_000)}
	for _, n := range []int{100, 10_000} {
		records := benchRecords(n)
		maps := make([]map[string]any, n)
		anys := make([]any, n)
		for i := range records {
			maps[i] = records[i].asMap()
			anys[i] = maps[i]
		}
		inputs[fmt.Sprint("structs", n)], inputs[fmt.Sprint("maps", n)] = records, anys
	}
	for name, x := range inputs {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v, err := rt.NewValue(x)
				require.NoError(b, err)
				v.Close()
			}
		})
		b.Run(name+"-json", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text, err := json.Marshal(x)
				require.NoError(b, err)
				v, err := parse.Call(ctx, nil, string(text))
				require.NoError(b, err)
				v.Close()
			}
		})
	}
}

// The same out of JS.
func BenchmarkGraphOut(b *testing.B) {
	rt := newRuntime(b, nil)
	stringify := eval(b, rt, "JSON.stringify")
	run := func(name string, v *qjswasm.Value, target func() any) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, v.ExportTo(target()))
			}
		})
		b.Run(name+"-json", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text, err := stringify.Call(ctx, nil, v)
				require.NoError(b, err)
				require.NoError(b, json.Unmarshal([]byte(text.String()), target()))
			}
		})
	}
	for _, n := range []int{100, 10_000} {
		v, err := rt.NewValue(benchRecords(n))
		require.NoError(b, err)
		run(fmt.Sprint("structs", n), v, func() any { return new([]benchRecord) })
		run(fmt.Sprint("maps", n), v, func() any { return new(any) })
	}
	v, err := rt.NewValue(benchTree(10_000))
	require.NoError(b, err)
	run("tree10000", v, func() any { return new(benchNode) })
}
