package qjswasm_test

import (
	"iter"
	"maps"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// liveMember is an element of the collections that have an iteration of their own.
type liveMember struct {
	ID int `js:"id"`
}

// liveGroup iterates over its nodes, also over those that come meanwhile.
type liveGroup struct {
	counter `js:"-"`
	Nodes   []*liveMember `js:"nodes"`
	Limit   int           `js:"limit"`
}

func (g *liveGroup) All() iter.Seq[*liveMember] {
	return func(yield func(*liveMember) bool) {
		g.begun++
		defer func() { g.ended++ }()
		for i := 0; i < len(g.Nodes); i++ {
			if g.Nodes[i] == nil {
				panic("nil node")
			}
			g.yielded++
			if !yield(g.Nodes[i]) {
				return
			}
		}
	}
}

type liveIndexed struct{ names []string }

func (x liveIndexed) All() iter.Seq2[int, string] { return slices.All(x.names) }

type (
	liveReversed []int
	liveTable    map[string]*liveMember
	liveOddAll   []int
	liveChanAll  []int
	liveNilAll   struct{ N int }
	liveFailing  struct{ N int }
	livePairs    struct{ nodes []*liveMember }
	liveHolding  struct {
		Reversed liveReversed   `js:"reversed"`
		Group    liveGroup      `js:"group"`
		Table    map[string]int `js:"table"`
	}
)

func (s liveReversed) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := len(s) - 1; i >= 0 && yield(s[i]); i-- {
		}
	}
}

func (m *liveTable) All() iter.Seq[string] { return slices.Values(slices.Sorted(maps.Keys(*m))) }

// Neither is the iteration of its type: it has a parameter, it yields what has no
// JS form.
func (s liveOddAll) All(n int) iter.Seq[int]          { return slices.Values(s[:n]) }
func (s liveChanAll) All() iter.Seq[complex128]       { return nil }
func (*liveNilAll) All() iter.Seq[int]                { return nil }
func (f *liveFailing) All() iter.Seq2[int, error]     { return failAfter(f.N) }
func (p *livePairs) All() iter.Seq2[int, *liveMember] { return slices.All(p.nodes) }

func failAfter(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		yield(0, errLive)
	}
}

func TestLiveIteration(t *testing.T) {
	rt := newRuntime(t, nil)
	group := &liveGroup{Nodes: []*liveMember{{1}, {2}, {3}}}
	for name, x := range map[string]any{
		"group": group, "indexed": &liveIndexed{[]string{"a", "b"}}, "reversed": liveReversed{1, 2, 3},
		"table": &liveTable{"b": {2}, "a": {1}}, "odd": liveOddAll{1, 2}, "unconvertible": liveChanAll{1, 2},
		"nothing": &liveNilAll{}, "failing": &liveFailing{2}, "pairs": &livePairs{[]*liveMember{{1}}},
		"holding": &liveHolding{Reversed: liveReversed{4, 5}, Table: map[string]int{"k": 1}},
		"plain":   &liveMember{1}, "seq": slices.Values(group.Nodes), "seq2": slices.All(group.Nodes),
		"none": iter.Seq[int](nil),
	} {
		require.NoError(t, rt.Set(name, qjswasm.Live(x)), name)
	}
	eval(t, rt, `function thrown(f) { try { f() } catch (e) { return e.name + ": " + e.message } }`)
	for _, c := range [][2]string{
		{`const ids = []; for (const n of group) ids.push(n.id); ids`, `[1,2,3]`},
		{`[...group].map(n => n.id)`, `[1,2,3]`},
		{`[...group].every((n, i) => n === group.nodes[i])`, `true`}, // in place, like what methods return
		{`[...group.all()].every((n, i) => n === group.nodes[i])`, `true`},
		{`for (const n of group) n.id *= 10; [...group].map(n => n.id)`, `[10,20,30]`},
		{`for (const n of group) n.id /= 10; Array.from(group, n => n.id)`, `[1,2,3]`},
		{`const [first, second] = group; [first.id, second.id]`, `[1,2]`},
		{`const i = group[Symbol.iterator](); [i instanceof Iterator, i[Symbol.iterator]() === i, i.next().value.id, i.return(7), i.next()]`, `[true,true,1,{"value":7,"done":true},{"done":true}]`},
		{`group[Symbol.iterator]().map(n => n.id).drop(1).toArray()`, `[2,3]`},
		{`[Object.hasOwn(group, Symbol.iterator), group[Symbol.iterator].name, group[Symbol.iterator].length, Object.keys(group)]`, `[false,"[Symbol.iterator]",0,["nodes","limit"]]`},
		{`[...indexed]`, `[[0,"a"],[1,"b"]]`},
		{`new Map(indexed).get(1)`, `"b"`},
		{`[...pairs].map(([k, n]) => k + n.id)`, `[1]`},
		{`[...pairs][0][1] === [...pairs.all()][0][1]`, `true`},
		{`[...reversed]`, `[3,2,1]`}, // All wins over what lists have
		{`[Array.isArray(reversed), reversed.map(x => x), [...reversed.values()], JSON.stringify(reversed)]`, `[true,[1,2,3],[1,2,3],"[1,2,3]"]`},
		{`[...table]`, `["a","b"]`},
		{`Object.keys(table)`, `["a","b"]`},
		{`[[...holding.reversed], [...holding.table], [...holding.group]]`, `[[5,4],[["k",1]],[]]`},
		{`[[...odd], [...odd.all(1)], [...unconvertible]]`, `[[1,2],[1],[1,2]]`},
		{`typeof plain[Symbol.iterator]`, `"undefined"`},
		{`thrown(() => [...plain])`, `"TypeError: value is not iterable"`},
		{`thrown(() => [...nothing])`, `"TypeError: its method All returned nil"`},
		{`const got = []; thrown(() => { for (const x of failing) got.push(x) }) + got`, `"Error: no such thing0,1"`},
		{`[...seq].every((n, i) => n === group.nodes[i]) && [...seq2].every(([i, n]) => n === group.nodes[i])`, `true`},
		{`[...seq, ...seq].length`, `6`},
		{`none`, `null`},
		{`thrown(() => group[Symbol.iterator].call({})).slice(0, 60)`, `"TypeError: cannot convert the receiver of [Symbol.iterator] "`},
		{`thrown(() => group[Symbol.iterator].call(indexed)).slice(0, 9)`, `"TypeError"`},
	} {
		t.Run(c[0], func(t *testing.T) {
			assert.Equal(t, c[1], eval(t, rt, "{let r = (() => {"+lastReturned(c[0])+"})(); JSON.stringify(r)}").String())
		})
	}
	assert.Equal(t, group.begun, group.ended, "an iteration was not stopped")
	requireUsable(t, rt)
}

func TestLiveIterationStops(t *testing.T) {
	rt := newRuntime(t, nil)
	group := &liveGroup{Limit: 1}
	for i := range 100 {
		group.Nodes = append(group.Nodes, &liveMember{i})
	}
	require.NoError(t, rt.Set("group", qjswasm.Live(group)))
	for _, code := range []string{
		`for (const n of group) if (n.id === 3) break`,
		`out: for (const n of group) for (const m of group) if (n.id === 0 && m.id === 1) break out`,
		`try { for (const n of group) throw 1 } catch {}`,
		`(() => { for (const n of group) return n.id })()`,
		`const [a, b] = group; 0`,
	} {
		group.counter = counter{}
		eval(t, rt, code)
		assert.Positive(t, group.begun, code)
		assert.Equal(t, group.begun, group.ended, code)
		assert.Less(t, group.yielded, 10, code)
	}
}

// What the script does to the collection is up to All: this one sees it.
func TestLiveIterationSeesChanges(t *testing.T) {
	rt := newRuntime(t, nil)
	group := &liveGroup{Nodes: []*liveMember{{1}, {2}}}
	require.NoError(t, rt.Set("group", qjswasm.Live(group)))
	eval(t, rt, `for (const n of group) { if (group.nodes.length < 5) group.nodes.push({ id: n.id * 2 }); if (n.id === 4) group.nodes.length = 4 }`)
	var ids []int
	for _, n := range group.Nodes {
		ids = append(ids, n.ID)
	}
	assert.Equal(t, []int{1, 2, 2, 4}, ids)
	eval(t, rt, `for (const n of group) group.nodes = []`)
	assert.Empty(t, group.Nodes)
	assert.Equal(t, group.begun, group.ended)
}

func TestLiveIterationPanics(t *testing.T) {
	rt := newRuntime(t, nil)
	group := &liveGroup{Nodes: []*liveMember{{1}, nil}}
	require.NoError(t, rt.Set("group", qjswasm.Live(group)))
	before := runtime.NumGoroutine()
	assert.PanicsWithValue(t, "nil node", func() {
		_, _ = rt.Eval(ctx, `try { for (const n of group); } catch (e) { n = e } finally { for (;;); }`)
	})
	assert.Equal(t, 1, group.ended)
	requireUsable(t, rt)
	group.Nodes = group.Nodes[:1]
	assert.Equal(t, 1, evalTo[int](t, rt, `[...group].length`))
	settled(t, before)
}

func TestLiveIterationIsReleased(t *testing.T) {
	rt := newRuntime(t, nil)
	group := &liveGroup{Nodes: []*liveMember{{1}, {2}, {3}}}
	before := runtime.NumGoroutine()
	use := func() {
		require.NoError(t, rt.Set("group", qjswasm.Live(group)))
		eval(t, rt, `(() => { for (let i = 0; i < 100; i++) { const it = group[Symbol.iterator](); it.next(); it.self = it } })()`)
		eval(t, rt, `for (const n of group) break; [...group].length; [...group.all()].length; group[Symbol.iterator](); 0`)
		require.NoError(t, rt.Set("group", nil))
	}
	use()
	baseline := collect(t, rt)
	use()
	after := collect(t, rt)
	assert.Equal(t, 2*103, group.begun)
	assert.Equal(t, group.begun, group.ended)
	assert.Equal(t, baseline.Callables, after.Callables)
	assert.Equal(t, baseline.GuestObjects, after.GuestObjects)
	assert.Equal(t, baseline.HostBytes, after.HostBytes)
	assert.Equal(t, baseline.Roots, after.Roots)
	settled(t, before)
}

// A type that comes after the freeze is frozen, with its iterator.
func TestLiveIterationIsFrozen(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Freeze(ctx))
	require.NoError(t, rt.Set("reversed", qjswasm.Live(liveReversed{1, 2})))
	assert.True(t, evalTo[bool](t, rt, `"use strict"
		const proto = Object.getPrototypeOf(reversed)
		try { proto[Symbol.iterator] = null; "assigned" } catch (e) { Object.isFrozen(proto) && [...reversed].join() === "2,1" }`))
}

// Where Go takes a sequence, it can be that of a live value.
func TestLiveIterationInGo(t *testing.T) {
	rt := newRuntime(t, nil)
	group := &liveGroup{Nodes: []*liveMember{{1}, {2}, {3}}}
	require.NoError(t, rt.Set("group", qjswasm.Live(group)))
	require.NoError(t, rt.Set("list", qjswasm.Live([]int{1, 2})))
	require.NoError(t, rt.Set("table", qjswasm.Live(map[string]int{"a": 1})))
	require.NoError(t, rt.Set("plain", qjswasm.Live(&liveMember{1})))
	first := group.Nodes[:2]
	var got []*liveMember
	for m, err := range qjswasm.Iterate[*liveMember](ctx, eval(t, rt, "group")) {
		require.NoError(t, err)
		if got = append(got, m); len(got) == 2 {
			break
		}
	}
	assert.Equal(t, first, got)
	assert.Same(t, first[0], got[0])
	seq := evalTo[iter.Seq2[*liveMember, error]](t, rt, "group")
	for range 2 { // each is an iteration of its own
		n := 0
		for m, err := range seq {
			require.NoError(t, err)
			assert.Same(t, group.Nodes[n], m)
			n++
		}
		assert.Equal(t, 3, n)
	}
	require.NoError(t, rt.Set("sum", func(s iter.Seq[int]) (n int) {
		for x := range s {
			n += x
		}
		return n
	}))
	require.NoError(t, rt.Set("count", func(s iter.Seq[*liveMember]) (n int) {
		for range s {
			n++
		}
		return n
	}))
	require.NoError(t, rt.Set("collect", func(s iter.Seq2[string, int]) map[string]int { return maps.Collect(s) }))
	assert.Equal(t, "3 3 1", evalTo[string](t, rt, "[sum(list), count(group), collect(table).a].join(' ')"))
	_, err := rt.Eval(ctx, "count(plain)")
	assert.ErrorContains(t, err, "TypeError: value is not iterable")
	assert.Equal(t, group.begun, group.ended)
	requireUsable(t, rt)
}
