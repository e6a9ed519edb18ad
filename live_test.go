package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type liveAddress struct {
	City string `js:"city"`
	Zip  int    `json:"zip,omitempty"`
}

type liveBase struct {
	Created int `js:"created"`
}

type liveTags map[string]string

func (t liveTags) Count() int { return len(t) }

type liveStack []int

func (s *liveStack) Push2(a, b int) { *s = append(*s, a, b) }

var errLive = errors.New("no such thing")

type livePerson struct {
	liveBase
	*LiveExtra
	Name    string  `js:"name"`
	Age     int     `js:"age"`
	Small   int8    `js:"small"`
	Big     uint64  `js:"big"`
	Score   float64 `js:"score"`
	Admin   bool    `js:"admin"`
	ID      string  `js:"id,readonly"`
	Secret  string  `js:"-"`
	hidden  int
	Plain   int
	Address liveAddress            `js:"address"`
	Friend  *livePerson            `js:"friend"`
	Tags    []string               `js:"tags"`
	Friends []*livePerson          `js:"friends"`
	Homes   []liveAddress          `js:"homes"`
	Grid    [2][2]int              `js:"grid"`
	Scores  map[string]int         `js:"scores"`
	ByID    map[int]string         `js:"byID"`
	Named   liveTags               `js:"named"`
	Stack   liveStack              `js:"stack"`
	Any     any                    `js:"any"`
	Data    []byte                 `js:"data"`
	When    time.Time              `js:"when"`
	Err     error                  `js:"err"`
	Fn      func(int) (int, error) `js:"fn"`
	Value   *qjswasm.Value         `js:"value"`
}

type LiveExtra struct {
	Note string `js:"note"`
}

func (p *livePerson) Greet(other string) string { return "hello " + other + ", I am " + p.Name }
func (p livePerson) IsAdult() bool              { return p.Age >= 18 }
func (p *livePerson) Self() *livePerson         { return p }
func (p *livePerson) Fail() error               { return fmt.Errorf("failing: %w", errLive) }
func (p *livePerson) Panic()                    { panic("live panic") }
func (p *livePerson) URLFor(path string) string { return "https://" + p.Name + path }
func (p *livePerson) String() string            { return "person " + p.Name }
func (p *livePerson) Each(ctx context.Context, f func(context.Context, int) (int, error)) (int, error) {
	return f(ctx, p.Age)
}

func newPerson() *livePerson {
	return &livePerson{
		Name: "Ann", Age: 30, Big: 1 << 63, ID: "a1", Secret: "s", hidden: 1,
		Tags: []string{"x", "y"}, Scores: map[string]int{"b": 2, "a": 1},
		ByID: map[int]string{10: "ten", 9: "nine"}, Named: liveTags{"k": "v"},
		Homes: []liveAddress{{City: "Rome"}}, Data: []byte{1, 2},
	}
}

// liveRuntime has a person as o.
func liveRuntime(t testing.TB) (*qjswasm.Runtime, *livePerson) {
	t.Helper()
	rt := newRuntime(t, nil)
	p := newPerson()
	require.NoError(t, rt.Set("o", qjswasm.Live(p)))
	eval(t, rt, `function strict(f) { "use strict"; try { return f(), "nothing" } catch (e) { return e.name + ": " + e.message } }`)
	return rt, p
}

// runLive evaluates scripts, each with a person of its own as o, and compares the
// text of what they return.
func runLive(t *testing.T, cases [][2]string) {
	rt, _ := liveRuntime(t)
	for _, c := range cases {
		t.Run(c[0], func(t *testing.T) {
			require.NoError(t, rt.Set("o", qjswasm.Live(newPerson())))
			got, err := qjswasm.Eval[string](ctx, rt, "String((() => { "+c[0]+" })())")
			require.NoError(t, err)
			assert.Equal(t, c[1], got)
		})
	}
	requireUsable(t, rt)
}

func TestLiveStruct(t *testing.T) {
	const names = "created,note,name,age,small,big,score,admin,id,Plain,address,friend,tags,friends,homes,grid," +
		"scores,byID,named,stack,any,data,when,err,fn,value"
	runLive(t, [][2]string{
		{`return o.name + o.age + o.admin + o.score + o.Plain + o.created`, "Ann30false000"},
		{`return o.big`, "9223372036854775808"},
		{`return [o.Secret, o.hidden, o.Name, o.note, o.nothing].join()`, ",,,,"},
		{`return Object.keys(o)`, names},
		{`const all = []; for (const k in o) all.push(k); return all`, names},
		{`return Reflect.ownKeys(o).length + " " + Object.getOwnPropertyNames(o).length + Object.getOwnPropertySymbols(o).length`, "26 260"},
		{`return ["name" in o, "note" in o, "Secret" in o, "greet" in o, Object.hasOwn(o, "greet"), "toString" in o]`, "true,true,false,true,false,true"},
		{`o.name = "Bob"; o.age += 1; o.score = 1.5; o.admin = true; o.small = -128; return [o.name, o.age, o.score, o.admin, o.small]`, "Bob,31,1.5,true,-128"},
		{`o.note = "made"; return o.note`, "made"},
		{`o.name = "a" + "b".repeat(2000); return o.name.length`, "2001"},
		{`o.address.city = "Oslo"; return o.address.city`, "Oslo"},
		{`const a = o.address; a.city = "old"; o.address = { city: "Bonn", zip: 5 }; return a.city + o.address.city + (a === o.address)`, "oldBonnfalse"},
		{`o.friend = o; return o.friend.friend.friend === o`, "true"},
		{`return o.friend === null && o.address === o.address && o.tags === o.tags`, "true"},
		{`o.friend = { name: "Carl" }; o.friend.friend = o; return o.friend.name + o.friend.friend.name`, "CarlAnn"},
		{`o.any = { a: [1] }; return JSON.stringify(o.any)`, `{"a":[1]}`},
		{`o.any = o; return o.any === o`, "true"},
		{`o.any = undefined; return o.any === null`, "true"},
		{`const { name, age, ...rest } = o; return name + age + Object.keys(rest).length`, "Ann3024"},
		{`return Object.keys({ ...o }).length + ({ ...o }).name`, "26Ann"},
		{`Object.assign(o, { name: "Eve", age: 5 }); return o.name + o.age`, "Eve5"},
		{`return JSON.stringify(o.address)`, `{"city":"","zip":0}`},
		{`o.big = 1; return JSON.parse(JSON.stringify(o)).tags + JSON.parse(JSON.stringify(o)).scores.b`, "x,y2"},
		{`return Object.prototype.toString.call(o)`, "[object livePerson]"},
		{`return o.constructor.name + (o instanceof o.constructor) + (o.address instanceof o.constructor)`, "livePersontruefalse"},
		{`return strict(() => new o.constructor()) + strict(() => o.constructor())`, "TypeError: Illegal constructorTypeError: Illegal constructor"},
		{`return Object.getPrototypeOf(o) === o.constructor.prototype && o.constructor === (o.friend = {}, o.friend.constructor)`, "true"},
		{`return o.data instanceof Uint8Array && o.when instanceof Date`, "true"},
		{`o.fn = x => x * 2; return o.fn(21)`, "42"},
		{`o.value = { deep: Symbol.iterator }; return o.value.deep === Symbol.iterator`, "true"},
		{`o.err = new RangeError("bad"); return o.err.message`, "bad"},
		{`const d = Object.getOwnPropertyDescriptor(o, "name"); return [d.value, d.writable, d.enumerable, d.configurable]`, "Ann,true,true,true"},
		{`return Object.getOwnPropertyDescriptor(o, "id").writable`, "false"},
		{`return typeof o + Array.isArray(o)`, "objectfalse"},
		{`return structuredCloneAbsent = typeof structuredClone`, "undefined"},
		{`const w = new WeakMap([[o, 1]]); return w.get(o)`, "1"},
		{`return o[Symbol.toPrimitive] === undefined && o[Symbol("x")] === undefined`, "true"},
		{`return o.__proto__ === o.constructor.prototype`, "true"},
	})
}

func TestLiveRefusals(t *testing.T) {
	runLive(t, [][2]string{
		{`return strict(() => { "use strict"; o.age = "old" })`, "TypeError: cannot convert JS string to Go int at .age"},
		{`return strict(() => { "use strict"; o.small = 128 })`, "TypeError: cannot convert JS number 128 to Go int8 at .small"},
		{`return strict(() => { "use strict"; o.age = 1.5 }) + o.age`, "TypeError: cannot convert JS number 1.5 to Go int at .age30"},
		{`return strict(() => { "use strict"; o.address = { city: 1 } }) + o.address.city`, "TypeError: cannot convert JS number to Go string at .address.city"},
		{`return strict(() => { "use strict"; o.friend = o.address })`, "TypeError: cannot convert live Go qjswasm_test.liveAddress to Go *qjswasm_test.livePerson at .friend"},
		{`return strict(() => { "use strict"; o.id = "b" }) + o.id`, "TypeError: 'id' is read-onlya1"},
		{`o.id = "b"; o.nothing = 1; return o.id + o.nothing`, "a1undefined"},
		{`return strict(() => { "use strict"; o.nothing = 1 })`, "TypeError: object is not extensible"},
		{`return strict(() => { "use strict"; o[Symbol.iterator] = 1 })`, "TypeError: object is not extensible"},
		{`return strict(() => { "use strict"; delete o.name })`, "TypeError: could not delete property"},
		{`return delete o.nothing && !delete o.name`, "true"},
		{`return strict(() => Object.freeze(o))`, "TypeError: property of a live object cannot be redefined"},
		{`return strict(() => Object.defineProperty(o, "name", { get() { return 1 } }))`, "TypeError: a live object cannot have accessors"},
		{`return strict(() => Object.defineProperty(o, "name", { enumerable: false }))`, "TypeError: property of a live object cannot be redefined"},
		{`return strict(() => Object.defineProperty(o, "id", { value: "b" })) + Reflect.defineProperty(o, "id", { value: 1 })`, "TypeError: 'id' is read-onlyfalse"},
		{`Object.defineProperty(o, "name", { value: "Def" }); return o.name`, "Def"},
		{`return strict(() => Object.setPrototypeOf(o, null))`, "TypeError: object is not extensible"},
		{`return strict(() => { "use strict"; o.__proto__ = {} })`, "TypeError: object is not extensible"},
		{`return Object.isExtensible(o) + " " + Object.isFrozen(o)`, "false false"},
		{`return strict(() => o.greet.call({}, "x"))`, "TypeError: cannot convert the receiver of greet to Go *qjswasm_test.livePerson"},
		{`return strict(() => o.greet.call(o.address, "x"))`, "TypeError: cannot convert the receiver of greet to Go *qjswasm_test.livePerson"},
		{`return strict(() => (0, o.greet)("x"))`, "TypeError: cannot convert the receiver of greet to Go *qjswasm_test.livePerson"},
		{`return strict(() => Object.create(o).greet("x"))`, "TypeError: cannot convert the receiver of greet to Go *qjswasm_test.livePerson"},
		{`return strict(() => o.greet())`, "TypeError: cannot convert a call with 0 arguments to a Go function of 1 parameters"},
		{`return strict(() => o.fail())`, "Error: failing: no such thing"},
		{`const h = Object.create(o); h.name = "own"; return h.name + o.name + Object.hasOwn(h, "name")`, "ownAnntrue"},
		{`return strict(() => { "use strict"; Object.create(o).id = 1 })`, "TypeError: 'id' is read-only"},
		{`return Reflect.set(o, "name", "R", {}) + o.name + Reflect.set(o, "name", "S") + o.name + Reflect.set(o, "name", 1, 1)`, "trueAnntrueSfalse"},
		{`const h = Object.create(o); h.other = 1; return h.other`, "1"},
	})
}

func TestLiveMethods(t *testing.T) {
	runLive(t, [][2]string{
		{`return o.greet("Eve")`, "hello Eve, I am Ann"},
		{`return o.isAdult() + "" + o.urlFor("/x") + o`, "truehttps://Ann/xperson Ann"},
		{`return o.greet === o.self().greet && o.greet.name === "greet" && o.greet.length === 1`, "true"},
		{`return o.self() === o`, "true"},
		{`return o.each(n => { o.age = 40; return n + o.age })`, "70"},
		{`return Object.keys(o).includes("greet") + Object.getOwnPropertyNames(o.constructor.prototype).sort().join()`,
			"falseconstructor,each,fail,greet,isAdult,panic,self,string,toString,urlFor"},
		{`o.constructor.prototype.extra = function () { return this.name }; return o.extra()`, "Ann"},
		{`return o.named.count() + o.named.k`, "1v"},
		{`o.stack.push2(1, 2); o.stack.push(3); return o.stack`, "1,2,3"},
		{`return o.greet.apply(new Proxy({}, { get() { return 1 } }).x ? o : o, ["P"])`, "hello P, I am Ann"},
	})
}

func TestLiveMap(t *testing.T) {
	runLive(t, [][2]string{
		{`return Object.keys(o.scores) + " " + Object.keys(o.byID) + " " + Object.entries(o.scores)`, "a,b 9,10 a,1,b,2"},
		{`o.scores.c = 3; o.scores["d e"] = 4; return JSON.stringify(o.scores)`, `{"a":1,"b":2,"c":3,"d e":4}`},
		{`delete o.scores.a; return delete o.scores.zzz && "a" in o.scores`, "false"},
		{`return [o.byID[9], o.byID["10"], o.byID["010"], o.byID.x, 9 in o.byID, "x" in o.byID]`, "nine,ten,,,true,false"},
		{`o.byID[11] = "eleven"; return o.byID[11] + strict(() => { "use strict"; o.byID.x = "y" })`,
			"elevenTypeError: cannot convert JS property name to Go int at .x"},
		{`return strict(() => { "use strict"; o.scores.a = "x" })`, "TypeError: cannot convert JS string to Go int at .a"},
		{`return [...o.scores].join("|") + new Map(o.byID).get(9)`, "a,1|b,2nine"},
		{`const m = o.named; m.__proto__ = "p"; m.constructor = "c"; return m.__proto__ + m.constructor + Object.keys(m)`,
			"pc__proto__,constructor,k"},
		{`const m = o.scores, p = Object.getPrototypeOf(m); return strict(() => { m.__proto__ = {} }) + (Object.getPrototypeOf(m) === p)`,
			"TypeError: cannot convert JS Object to Go int at .__proto__true"},
		{`return strict(() => { "use strict"; o.scores[Symbol.iterator] = 1 })`, "TypeError: object is not extensible"},
		{`const m = o.scores; Object.preventExtensions(m); return strict(() => { "use strict"; m.x = 1 }) + (m.a = 5)`,
			"TypeError: object is not extensible5"},
		{`return strict(() => Object.defineProperty(o.scores, "x", { value: 1 })) + o.scores.x`,
			"TypeError: property of a live object cannot be redefinedundefined"},
		{`Object.defineProperty(o.scores, "x", { value: 1, writable: true, enumerable: true, configurable: true }); return o.scores.x`, "1"},
		{`return o.scores instanceof Map || o.scores.constructor.name`, "map[string]int"},
		{`const { a, ...rest } = o.scores; return a + JSON.stringify(rest)`, `1{"b":2}`},
		{`const m = o.scores; for (const k in m) delete m[k]; return Object.keys(m).length`, "0"},
		{`for (let i = 0; i < 1000; i++) o.scores["k" + i] = i; return Object.keys(o.scores).length + " " + o.scores.k999`, "1002 999"},
	})
}

func TestLiveList(t *testing.T) {
	const homes = `o.homes = ["a", "d", "c", "b"].map(city => ({ city })); `
	runLive(t, [][2]string{
		{`return [o.tags.length, o.tags[0], o.tags[2], o.tags[-1], o.tags["01"], o.tags[2 ** 32], o.tags[2 ** 40]]`, "2,x,,,,,"},
		{`return Object.keys(o.tags) + " " + Object.getOwnPropertyNames(o.tags)`, "0,1 0,1,length"},
		{`o.tags[0] = "a"; o.tags.push("z", "w"); return o.tags.join("")`, "ayzw"},
		{`o.tags[4] = "e"; return JSON.stringify(o.tags)`, `["x","y","","","e"]`},
		{`return o.tags.pop() + o.tags.shift() + o.tags.length + o.tags.unshift("n") + o.tags`, "yx01n"},
		{`o.tags.length = 1; o.tags.length = 3; return JSON.stringify(o.tags)`, `["x","",""]`},
		{`o.tags.splice(1, 0, "m", "l"); o.tags.sort().reverse(); return o.tags`, "y,x,m,l"},
		{`return o.tags.map(x => x + x) + o.tags.filter(x => x === "y") + o.tags.includes("x") + o.tags.indexOf("y") + o.tags.concat(["c"])`, "xx,yyytrue1x,y,c"},
		{`let s = ""; for (const x of o.tags) s += x; o.tags.forEach((x, i) => s += i); return s + [...o.tags.entries()]`, "xy010,x,1,y"},
		{`const [a, ...rest] = o.tags; return a + rest`, "xy"},
		{`return Array.isArray(o.tags) + "" + (o.tags instanceof Array) + Array.from(o.tags) + o.tags.at(-1) + [o.tags].flat()`, "truetruex,yyx,y"},
		{`return Object.prototype.toString.call(o.tags) + Array.isArray(o.tags.map(x => x))`, "[object Array]true"},
		{`delete o.tags[0]; return JSON.stringify(o.tags)`, `["","y"]`},
		{`return strict(() => { "use strict"; o.tags[0] = 1 })`, "TypeError: cannot convert JS number to Go string at [0]"},
		{`return strict(() => { "use strict"; o.tags.push(1) }) + o.tags.length`, "TypeError: cannot convert JS number to Go string at [2]2"},
		{`return strict(() => { "use strict"; o.tags[4294967294] = "x" }) + o.tags.length`,
			"RangeError: a live list cannot get the length 4.294967295e+09: it grows by at most 1048576 elements at a time2"},
		{`return strict(() => { o.tags.length = 2 ** 33 }).slice(0, 10) + strict(() => { o.tags.length = -1 }).slice(0, 10) + strict(() => { o.tags.length = "x" }).slice(0, 10)`,
			"RangeErrorRangeErrorRangeError"},
		{`return strict(() => { "use strict"; o.tags.foo = 1 }) + strict(() => { "use strict"; delete o.tags.length })`,
			"TypeError: object is not extensibleTypeError: could not delete property"},
		{`o.homes[0].city = "Paris"; o.homes.push({ city: "Oslo" }); return o.homes.map(h => h.city) + (o.homes[0] === o.homes[0])`, "Paris,Oslotrue"},
		{`o.friends.push(o, { name: "Zed" }); return (o.friends[0] === o) + o.friends[1].greet("you")`, "truehello you, I am Zed"},
		{`o.grid[1][0] = 7; return JSON.stringify(o.grid) + strict(() => { "use strict"; o.grid.push(1) })`,
			`[[0,0],[7,0]]TypeError: object is not extensible`},
		{`return o.tags.toString() + o.tags.constructor.name`, "x,y[]string"},
		{`o.tags = ["n"]; return o.tags.length`, "1"},
		{`const t = o.tags; o.tags = null; t.push("a"); o.tags.push("b"); return JSON.stringify([o.tags, t])`, `[["b"],["x","y","a"]]`},
		{homes + `o.homes.reverse(); return o.homes.map(h => h.city)`, "b,c,d,a"},
		{homes + `o.homes.sort((x, y) => x.city < y.city ? -1 : 1); return o.homes.map(h => h.city)`, "a,b,c,d"},
		{homes + `[o.homes[0], o.homes[3]] = [o.homes[3], o.homes[0]]; return o.homes.map(h => h.city)`, "b,d,c,a"},
		{homes + `const h = o.homes[1]; const cut = o.homes.splice(0, 2); return [...cut, ...o.homes, h, o.homes.pop(), o.homes.shift()].map(h => h.city)`, "a,d,c,b,d,b,c"},
		{homes + `const h = o.homes[1]; for (let i = 0; i < 100; i++) o.homes.push({}); h.city = "same"; return o.homes[1].city + (h === o.homes[1])`, "sametrue"},
		{homes + `const h = o.homes[1]; delete o.homes[1]; h.zip = 1; return h.city + o.homes[1].city + o.homes[1].zip`, "d0"},
		{homes + `const h = o.homes[3]; o.homes.length = 1; o.homes.length = 4; return h.city + o.homes[3].city`, "b"},
		{`o.grid[0] = [1, 2]; [o.grid[0], o.grid[1]] = [o.grid[1], o.grid[0]]; return JSON.stringify(o.grid)`, "[[0,0],[1,2]]"},
		{`return Object.isFrozen(o.tags) + strict(() => Object.freeze(o.tags))`, "falseTypeError: property of a live object cannot be redefined"},
	})
}

func TestLiveProxy(t *testing.T) {
	runLive(t, [][2]string{
		{`const p = new Proxy(o, {}); p.name = "P"; return p.name + o.name + Object.keys(p).length + ("age" in p) + JSON.stringify(new Proxy(o.tags, {}))`, `PP26true["x","y"]`},
		{`const p = new Proxy(o, { get: (t, k) => k === "name" ? "trap" : Reflect.get(t, k) }); return p.name + p.age`, "trap30"},
		{`const p = new Proxy(o.scores, {}); p.z = 1; delete p.a; return Object.keys(p)`, "b,z"},
		{`return strict(() => new Proxy(o, {}).greet("x"))`, "TypeError: cannot convert the receiver of greet to Go *qjswasm_test.livePerson"},
	})
}

func TestLiveNames(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("o", qjswasm.Live(&liveNames{})))
	got := evalTo[string](t, rt, `Object.getOwnPropertyNames(Object.getPrototypeOf(o)).sort().join()`)
	assert.Equal(t, "Id,constructor,doThing,htmlEscape,id,x", got)
	assert.Equal(t, "ID Id", evalTo[string](t, rt, `o.id() + " " + o.Id()`))
}

type liveNames struct{}

func (*liveNames) DoThing()             {}
func (*liveNames) HTMLEscape()          {}
func (*liveNames) ID() string           { return "ID" }
func (*liveNames) Id() string           { return "Id" } //nolint:revive // the clash is the point
func (*liveNames) X()                   {}
func (*liveNames) Unusable() chan<- int { return nil }

func TestLiveOfOther(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, x := range []any{1, "x", liveAddress{}, new(int), func() {}, map[float64]int{1: 1}, errLive, &time.Time{}, rt.Global(), make(chan int)} {
		var c *qjswasm.ConvertError
		require.ErrorAs(t, rt.Set("x", qjswasm.Live(x)), &c, "%T", x)
		assert.Contains(t, c.Error(), "must be a pointer to a struct, map, slice or array")
	}
	for _, x := range []any{nil, (*liveAddress)(nil), map[string]int(nil), []int(nil), qjswasm.Live(nil)} {
		v, err := rt.NewValue(qjswasm.Live(x))
		require.NoError(t, err)
		assert.True(t, v.IsNull(), "%T", x)
	}
	require.NoError(t, rt.Set("x", []any{qjswasm.Live(qjswasm.Live(&liveAddress{City: "in"}))}))
	assert.Equal(t, "in", evalTo[string](t, rt, "x[0].city"))
}

func TestLiveSlicesAndMapsAsValues(t *testing.T) {
	rt := newRuntime(t, nil)
	s := []int{1, 2}
	require.NoError(t, rt.Set("s", qjswasm.Live(s)))
	eval(t, rt, `s[0] = 9`)
	assert.Equal(t, []int{9, 2}, s)
	_, err := rt.Eval(ctx, `"use strict"; s.push(3)`)
	require.ErrorContains(t, err, "not extensible")
	assert.Equal(t, 2, evalTo[int](t, rt, `s.length`))
	require.NoError(t, rt.Set("p", qjswasm.Live(&s)))
	eval(t, rt, `p.push(3)`)
	assert.Equal(t, []int{9, 2, 3}, s)
	m := map[string]any{"list": []any{1.0}, "person": &liveAddress{}}
	require.NoError(t, rt.Set("m", qjswasm.Live(m)))
	eval(t, rt, `m.person.city = "X"; m.list[0] = "one"; m.added = { a: 1 }`)
	assert.Equal(t, map[string]any{"list": []any{"one"}, "person": &liveAddress{City: "X"}, "added": map[string]any{"a": int64(1)}}, m)
	require.NoError(t, rt.Set("b", qjswasm.Live(&[]byte{1, 2})))
	assert.Equal(t, "1,2,3", evalTo[string](t, rt, `b.push(3); String(b)`))
}

func TestLiveComesBack(t *testing.T) {
	rt, p := liveRuntime(t)
	v := eval(t, rt, "o")
	assert.Equal(t, qjswasm.KindLive, v.Kind())
	x, err := v.Export()
	require.NoError(t, err)
	assert.Same(t, p, x)
	assert.Same(t, p, evalTo[*livePerson](t, rt, "o"))
	assert.Equal(t, "Ann", evalTo[livePerson](t, rt, "o").Name)
	assert.Same(t, p, evalTo[fmt.Stringer](t, rt, "o"))
	assert.Same(t, &p.Address, evalTo[any](t, rt, "o.address"))
	assert.Same(t, &p.Tags, evalTo[any](t, rt, "o.tags"))
	assert.Equal(t, []string{"x", "y"}, evalTo[[]string](t, rt, "o.tags"))
	graph := evalTo[map[string]any](t, rt, "({ list: [o, o], m: new Map([[1, o]]) })")
	assert.Same(t, p, graph["list"].([]any)[1])
	assert.Same(t, p, graph["m"].(qjswasm.Map)[0].Value)
	_, err = qjswasm.Eval[map[string]any](ctx, rt, "o")
	require.ErrorContains(t, err, "cannot convert live Go qjswasm_test.livePerson to Go map[string]interface {}")
	var got *livePerson
	require.NoError(t, rt.Set("take", func(q *livePerson) *livePerson { got = q; return q }))
	require.NoError(t, rt.Set("wrap", func(q any) any { return qjswasm.Live(q) }))
	assert.True(t, evalTo[bool](t, rt, `take(o) !== o && wrap(o) === o && wrap(o.address) === o.address`))
	assert.Same(t, p, got)
	require.NoError(t, rt.Set("same", qjswasm.Live(p)))
	assert.True(t, evalTo[bool](t, rt, "same === o"))
	m := map[string]int{"a": 1}
	require.NoError(t, rt.Set("m", qjswasm.Live(m)))
	evalTo[map[string]int](t, rt, "m")["b"] = 2
	assert.Equal(t, 2, m["b"])
	name, err := v.Get("name")
	require.NoError(t, err)
	assert.Equal(t, "Ann", name.String())
	require.NoError(t, v.Set("name", "Go"))
	assert.Equal(t, "Go", p.Name)
	require.NoError(t, v.Set("friend", &livePerson{Name: "copy"}))
	assert.Equal(t, "copy", p.Friend.Name)
}

func TestLiveConsole(t *testing.T) {
	var out strings.Builder
	rt := newRuntime(t, &qjswasm.Options{Stdout: &out})
	a := &liveNode{Name: "a", Tags: []string{"t"}, Scores: map[string]int{"x": 1}}
	a.Next = a
	require.NoError(t, rt.Set("o", qjswasm.Live(a)))
	eval(t, rt, `console.log(o); console.log(o.tags, o.scores, [o.tags]); console.log("%o", o.tags)`)
	assert.Equal(t, "<ref *1> liveNode {\n  name: 'a',\n  tags: [ 't' ],\n  scores: map[string]int { x: 1 },\n  next: [Circular *1]\n}\n"+
		"[ 't' ] map[string]int { x: 1 } [ [ 't' ] ]\n[ 't', [length]: 1 ]\n", out.String())
}

type liveNode struct {
	Name   string         `js:"name"`
	Tags   []string       `js:"tags"`
	Scores map[string]int `js:"scores"`
	Next   *liveNode      `js:"next"`
}

func TestGoFunctionAsToString(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("text", func() string { return "go" }))
	assert.Equal(t, "go!", evalTo[string](t, rt, "({ toString: text }) + '!'"))
}

// What has a text or JSON form of its own crosses in it, unless it is made live itself.
func TestLiveMarshalers(t *testing.T) {
	type host struct {
		Addr netip.Addr
		Link url.URL
	}
	rt := newRuntime(t, nil)
	h := &host{Addr: netip.MustParseAddr("10.0.0.1"), Link: url.URL{Scheme: "https", Host: "example.org"}}
	require.NoError(t, rt.Set("h", qjswasm.Live(h)))
	assert.Equal(t, "10.0.0.1 https://example.org", evalTo[string](t, rt, "`${h.Addr} ${h.Link}`"))
	eval(t, rt, "h.Addr = '10.0.0.2'; undefined")
	assert.Equal(t, "10.0.0.2", h.Addr.String())
	require.NoError(t, rt.Set("u", qjswasm.Live(&h.Link)))
	assert.Equal(t, "example.org", evalTo[string](t, rt, "u.Host"))
}
