// Package bench measures the boundary between Go and JS for qjswasm and for
// other engines, with the same data and the same result. See README.md.
package bench

import (
	"fmt"
	"reflect"
)

// An engine is what the workloads need of one. V is its type of a JS value.
type engine[V any] interface {
	eval(code string) (V, error)
	// toJS converts the fastest documented way for the type of x: string, float64,
	// []byte, []Record, *Node, or a func for JS to call.
	toJS(x any) (V, error)
	// toGo converts into *string, *float64, *[]byte, *[]Record, **Node or *any.
	toGo(v V, ptr any) error
	// apply calls f with a Go value, converted the fastest way.
	apply(f V, x any) (V, error)
	call(f V, args ...V) (V, error)
	free(v V)

	// rawNumbers and rawString are a + b and the identity in the engine's form of a
	// host function that is fastest, whatever it looks like.
	rawNumbers() (V, error)
	rawString() (V, error)
	// goNumbers and goString make typed Go functions of JS ones.
	goNumbers(f V) (func(a, b float64) (float64, error), error)
	goString(f V) (func(s string) (string, error), error)
	close()
}

// An Engine is one that is ready to measure.
type Engine struct {
	Name  string
	Ops   map[string]Op // by the names in Workloads; it may lack some
	Close func()
}

// An Op is a workload on an engine.
type Op struct {
	Run    func(n int) error   // n times
	Result func() (any, error) // of one time, in a form that is equal for all engines
}

func newEngine[V any](name string, e engine[V]) (*Engine, error) {
	ops, err := newOps(e)
	return &Engine{Name: name, Ops: ops, Close: e.close}, err
}

// A Workload is a row of the table.
type Workload struct {
	Name  string // as in -bench and in Ops
	Title string
	Want  any // the result
}

// Workloads are what is measured.
var Workloads = workloads()

func workloads() []Workload {
	few, many, root := records(100), records(10_000), tree()
	return []Workload{
		{"Records100/In", "100 records into JS", mustMarshal(few)},
		{"Records100/InRead", "100 records into JS, all fields read there", sumRecords(few)},
		{"Records100/OutStructs", "100 records out to structs", few},
		{"Records100/OutAny", "100 records out to `any`", few},
		{"Records100/InJSON", "100 records in by hand: Marshal, JSON.parse", mustMarshal(few)},
		{"Records100/OutJSON", "100 records out by hand: JSON.stringify, Unmarshal", few},
		{"Records10000/InRead", "10,000 records into JS, all fields read there", sumRecords(many)},
		{"Records10000/OutStructs", "10,000 records out to structs", many},
		{"Bytes1M/In", "1 MiB of bytes into JS", 1<<20*1e6 + 0 + float64(pattern(1 << 20)[1<<20-1])},
		{"Bytes1M/Out", "1 MiB of bytes out", pattern(1 << 20)},
		{"String10K/In", "10 KB string into JS", 10_000*1e3 + float64(text(10_000)[9_999])},
		{"String10K/Out", "10 KB string out", text(10_000)},
		{"String1M/In", "1 MB string into JS", 1_000_000*1e3 + float64(text(1_000_000)[999_999])},
		{"String1M/Out", "1 MB string out", text(1_000_000)},
		{"Tree/InRead", "tree of 10,000 nodes into JS, all read there", sumTree(root)},
		{"Tree/Out", "tree of 10,000 nodes out to structs", mustMarshal(root)},
		{"JSToGo/Numbers", "JS → Go, `func(float64, float64) float64`", 9.5},
		{"JSToGo/String", "JS → Go, `func(string) string`", "short"},
		{"JSToGo/RawNumbers", "JS → Go, two numbers, the engine's fastest form", 9.5},
		{"JSToGo/RawString", "JS → Go, string, the engine's fastest form", "short"},
		{"Live/Read", "field of a live struct, read in a JS loop", 12.5},
		{"Live/Write", "field of a live struct, written in a JS loop", 9.0},
		{"GoToJS/Numbers", "Go → JS, as a typed Go function of two numbers", 1.5},
		{"GoToJS/String", "Go → JS, as a typed Go function of a string", "short"},
	}
}

func mustMarshal(x any) string {
	s, err := marshal(x)
	if err != nil {
		panic(err)
	}
	return s
}

func sumRecords(rs []Record) (sum float64) {
	for _, r := range rs {
		sum += float64(r.ID+len(r.Name)+len(r.Email)+int(r.Level)) + r.Score
		if r.Active {
			sum++
		}
		for _, t := range r.Tags {
			sum += float64(len(t))
		}
		sum += float64(len(r.Address.Street) + len(r.Address.City) + r.Address.Zip)
	}
	return sum
}

func sumTree(n *Node) float64 {
	if n == nil {
		return 0
	}
	return float64(n.Value) + sumTree(n.Left) + sumTree(n.Right)
}

// Check runs the workload once and compares its result.
func (o Op) Check(want any) error {
	if o.Result == nil {
		return nil
	}
	got, err := o.Result()
	if err == nil && !reflect.DeepEqual(got, want) {
		err = fmt.Errorf("got %.200v, want %.200v", got, want)
	}
	return err
}
