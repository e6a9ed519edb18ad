package bench

import "encoding/json"

// newOps makes all workloads for an engine.
func newOps[V any](e engine[V]) (map[string]Op, error) {
	o := opsOf[V]{engine: e, ops: map[string]Op{}}
	few := records(100)
	js := o.parse(mustMarshal(few))
	o.in("Records100/In", few, recordsJSON)
	o.inRead("Records100/InRead", few, readRecords)
	out[V, []Record](&o, "Records100/OutStructs", js, func(rs []Record) (any, error) { return rs, nil })
	out[V, any](&o, "Records100/OutAny", js, asRecords)
	o.inJSON("Records100/InJSON", few)
	o.outJSON("Records100/OutJSON", js)
	many := records(10_000)
	o.inRead("Records10000/InRead", many, readRecords)
	out[V, []Record](&o, "Records10000/OutStructs", o.parse(mustMarshal(many)), func(rs []Record) (any, error) { return rs, nil })
	root := tree()
	o.inRead("Tree/InRead", root, readTree)
	out[V, *Node](&o, "Tree/Out", o.parse(mustMarshal(root)), func(n *Node) (any, error) { return marshal(n) })

	o.inRead("Bytes1M/In", pattern(1<<20), readBytes)
	out[V, []byte](&o, "Bytes1M/Out", o.apply(makeBytes, float64(1<<20)), func(b []byte) (any, error) { return b, nil })
	for name, n := range map[string]int{"String10K": 10_000, "String1M": 1_000_000} {
		s := text(n)
		o.inRead(name+"/In", s, readString)
		o.outString(name+"/Out", o.apply("(s => () => s)", s))
	}

	typed := func(f any) func() (V, error) { return func() (V, error) { return e.toJS(f) } }
	jsToGo[V, float64](&o, "JSToGo/Numbers", typed(func(a, b float64) float64 { return a + b }), callNumbers)
	jsToGo[V, string](&o, "JSToGo/String", typed(func(s string) string { return s }), callString)
	jsToGo[V, float64](&o, "JSToGo/RawNumbers", e.rawNumbers, callNumbers)
	jsToGo[V, string](&o, "JSToGo/RawString", e.rawString, callString)

	o.live()

	add, err := e.goNumbers(o.eval("((a, b) => a + b)"))
	o.fail(err)
	goToJS(&o, "GoToJS/Numbers", func() (float64, error) { return add(1, 0.5) })
	id, err := e.goString(o.eval("(s => s)"))
	o.fail(err)
	goToJS(&o, "GoToJS/String", func() (string, error) { return id("short") })
	return o.ops, o.err
}

// opsOf collects an engine's workloads, and the first error on the way.
type opsOf[V any] struct {
	engine engine[V]
	ops    map[string]Op
	err    error
}

func (o *opsOf[V]) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

func (o *opsOf[V]) eval(code string) (v V) {
	if o.err == nil {
		v, o.err = o.engine.eval(code)
	}
	return v
}

// apply calls the JS function f with x.
func (o *opsOf[V]) apply(f string, x any) (v V) {
	fn := o.eval(f)
	if o.err == nil {
		v, o.err = o.engine.apply(fn, x)
	}
	return v
}

func (o *opsOf[V]) parse(text string) V { return o.apply("(s => JSON.parse(s))", text) }

// in converts x and drops the result.
func (o *opsOf[V]) in(name string, x any, check string) {
	e, stringify := o.engine, o.eval(check)
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				v, err := e.toJS(x)
				if err != nil {
					return err
				}
				e.free(v)
			}
			return nil
		},
		Result: func() (any, error) { return apply[V, string](e, stringify, x) },
	}
}

// inRead converts x and has JS read it.
func (o *opsOf[V]) inRead(name string, x any, read string) {
	e, f := o.engine, o.eval(read)
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				if _, err := apply[V, float64](e, f, x); err != nil {
					return err
				}
			}
			return nil
		},
		Result: func() (any, error) { return apply[V, float64](e, f, x) },
	}
}

// apply calls f with x and converts the result.
func apply[V, T any](e engine[V], f V, x any) (t T, err error) {
	r, err := e.apply(f, x)
	return resultOf[V, T](e, r, err)
}

func callFor[V, T any](e engine[V], f V, args ...V) (t T, err error) {
	r, err := e.call(f, args...)
	return resultOf[V, T](e, r, err)
}

func resultOf[V, T any](e engine[V], r V, err error) (t T, _ error) {
	if err != nil {
		return t, err
	}
	defer e.free(r)
	err = e.toGo(r, &t)
	return t, err
}

// out converts the JS value v to a T.
func out[V, T any](o *opsOf[V], name string, v V, result func(T) (any, error)) {
	e := o.engine
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				var t T
				if err := e.toGo(v, &t); err != nil {
					return err
				}
			}
			return nil
		},
		Result: func() (any, error) {
			var t T
			if err := e.toGo(v, &t); err != nil {
				return nil, err
			}
			return result(t)
		},
	}
}

// outString calls a JS function for its result: some engines convert a string when
// they hand it out, and not again.
func (o *opsOf[V]) outString(name string, f V) {
	e := o.engine
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				if _, err := callFor[V, string](e, f); err != nil {
					return err
				}
			}
			return nil
		},
		Result: func() (any, error) { return callFor[V, string](e, f) },
	}
}

// asRecords compares the dynamic form: engines differ in the types of numbers.
func asRecords(x any) (any, error) {
	text, err := json.Marshal(x)
	if err != nil {
		return nil, err
	}
	var rs []Record
	err = json.Unmarshal(text, &rs)
	return rs, err
}

// inJSON is what programs do without conversions.
func (o *opsOf[V]) inJSON(name string, rs []Record) {
	e, parse, stringify := o.engine, o.eval("(s => JSON.parse(s))"), o.eval(recordsJSON)
	in := func() (v V, err error) {
		text, err := json.Marshal(rs)
		if err != nil {
			return v, err
		}
		return e.apply(parse, string(text))
	}
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				v, err := in()
				if err != nil {
					return err
				}
				e.free(v)
			}
			return nil
		},
		Result: func() (any, error) {
			v, err := in()
			if err != nil {
				return nil, err
			}
			return callFor[V, string](e, stringify, v)
		},
	}
}

func (o *opsOf[V]) outJSON(name string, v V) {
	e, stringify := o.engine, o.eval("(x => JSON.stringify(x))")
	out := func() (rs []Record, err error) {
		text, err := callFor[V, string](e, stringify, v)
		if err != nil {
			return nil, err
		}
		err = json.Unmarshal([]byte(text), &rs)
		return rs, err
	}
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				if _, err := out(); err != nil {
					return err
				}
			}
			return nil
		},
		Result: func() (any, error) { return out() },
	}
}

// jsToGo calls a Go function n times in a JS loop; the result is the last of ten.
func jsToGo[V, T any](o *opsOf[V], name string, host func() (V, error), loop string) {
	e, f := o.engine, o.eval(loop)
	fn, err := host()
	o.fail(err)
	run := func(n int) (t T, err error) {
		count, err := e.toJS(float64(n))
		if err != nil {
			return t, err
		}
		defer e.free(count)
		return callFor[V, T](e, f, fn, count)
	}
	o.ops[name] = Op{
		Run:    func(n int) error { _, err := run(n); return err },
		Result: func() (any, error) { return run(10) },
	}
}

func goToJS[V, T any](o *opsOf[V], name string, f func() (T, error)) {
	o.ops[name] = Op{
		Run: func(n int) error {
			for range n {
				if _, err := f(); err != nil {
					return err
				}
			}
			return nil
		},
		Result: func() (any, error) { return f() },
	}
}
