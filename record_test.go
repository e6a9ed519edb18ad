package qjswasm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Whatever objects have in common, each has the properties that Object.keys says,
// in that order.
func TestRecordsOutOfJS(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `
		const make = (f = () => {}) => { const o = { a: 1, b: { c: 2 }, d: 'x' }; f(o); return o };
		class Point { #secret = 1; constructor() { this.x = 1; this.y = 2 } get z() { return 3 } };
		const key = { 2: 'two', b: 1, 1: 'one' };
		[
			make(), make(), make(o => delete o.b), make(o => { delete o.a; o.a = 5 }), make(o => o.e = 1), make(o => o.e = 2),
			make(o => Object.defineProperty(o, 'b', { enumerable: false })), make(o => Object.defineProperty(o, 'b', { enumerable: false })),
			make(o => Object.defineProperty(o, 'b', { get: () => 1 })), make(o => Object.defineProperty(o, 'b', { get: () => 1 })),
			make(o => o[Symbol()] = 1), make(o => o[Symbol.iterator] = 1), make(Object.freeze), make(Object.freeze), make(o => Object.setPrototypeOf(o, null)),
			make(o => o[7] = 7), make(o => o[7] = 7), key, { ...key }, new Point, new Point, {}, {}, { ['日本']: 1 }, { ['日本']: 2 }, { 'é': 1, '': 2 }, { 'é': 3, '': 4 },
			...Array.from({ length: 50 }, (_, i) => ({ ['k' + i]: i })), ...Array.from({ length: 50 }, (_, i) => ({ ['k' + i]: i })),
			Object.fromEntries(Array.from({ length: 2000 }, (_, i) => ['w' + i, i])), Object.fromEntries(Array.from({ length: 2000 }, (_, i) => ['w' + i, i])),
		]`)
	var objects []qjswasm.Object
	require.NoError(t, v.ExportTo(&objects))
	var keys [][]string
	require.NoError(t, rt.Set("objects", v))
	require.NoError(t, eval(t, rt, `objects.map(o => Object.entries(Object.getOwnPropertyDescriptors(o)).filter(([k, d]) => d.enumerable && 'value' in d).map(([k]) => k))`).ExportTo(&keys))
	require.Len(t, objects, len(keys))
	for i, o := range objects {
		names := []string{}
		for _, p := range o {
			names = append(names, p.Key)
		}
		assert.Equal(t, keys[i], names, "%d", i)
	}
	// Any form says the same.
	var maps []map[string]any
	require.NoError(t, v.ExportTo(&maps))
	for i, o := range objects {
		assert.Len(t, maps[i], len(o))
		for _, p := range o {
			assert.Equal(t, p.Value, maps[i][p.Key])
		}
	}
	var structs []struct {
		A, B any
		D    string
		X, Y int
	}
	require.NoError(t, v.ExportTo(&structs))
	for i := range structs {
		assert.Equal(t, maps[i]["a"], structs[i].A)
		assert.Equal(t, maps[i]["b"], structs[i].B)
	}
	assert.Equal(t, 2, structs[20].Y)
}

// An object that is referred to once is not remembered; one that looks like that
// but has several names is.
func TestSharedBindings(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{
		"a.js": "export let shared = { n: 1 }; export let own = {}",
		"b.js": "export { shared } from './a.js'; import * as a from './a.js'; export { a }",
	}))})
	ns, err := rt.Import(ctx, "./b.js")
	require.NoError(t, err)
	x, err := ns.Export()
	require.NoError(t, err)
	m := x.(map[string]any)
	m["shared"].(map[string]any)["n"] = "changed"
	assert.Equal(t, "changed", m["a"].(map[string]any)["shared"].(map[string]any)["n"])
}

// Objects that were made with one shape go separate ways afterwards.
func TestRecordsIntoJS(t *testing.T) {
	rt := newRuntime(t, nil)
	type record struct {
		ID   int
		Name string `js:",omitempty"`
		In   *record
	}
	records := []any{}
	for i := range 100 {
		records = append(records, record{ID: i, Name: strings.Repeat("x", i%2), In: &record{ID: -i}}, map[string]any{"m": i, "n": map[string]any{"m": i}})
	}
	require.NoError(t, rt.Set("list", records))
	assert.Equal(t, "ok", eval(t, rt, `
		const check = (x, what) => { if (!x) throw new Error(what) };
		check(list.length === 200, 'length');
		check(JSON.stringify(list[0]) === '{"ID":0,"In":{"ID":0,"In":null}}', 'first ' + JSON.stringify(list[0]));
		check(JSON.stringify(list[2]) === '{"ID":1,"Name":"x","In":{"ID":-1,"In":null}}', 'named');
		check(JSON.stringify(list[3]) === '{"m":1,"n":{"m":1}}', 'map');
		list[0].extra = 1; delete list[2].Name; list[4].ID = 'changed'; Object.freeze(list[6]); Object.setPrototypeOf(list[8], null);
		Object.defineProperty(list[10], 'ID', { get: () => 'got' });
		for (let i = 12; i < 200; i += 4)
			check(JSON.stringify(list[i]) === JSON.stringify({ ID: i / 2, In: { ID: -i / 2, In: null } }), i + JSON.stringify(list[i]));
		check(!('extra' in list[4]) && list[10].ID === 'got' && Object.isFrozen(list[6]) && !Object.isFrozen(list[12]), 'separate');
		check(Object.getPrototypeOf(list[12]) === Object.prototype && list[12].hasOwnProperty('ID'), 'prototype');
		check(Object.entries(Object.getOwnPropertyDescriptors(list[12])).every(([, d]) => d.writable && d.enumerable && d.configurable), 'attributes');
		'ok'`).String())
}

// Integer keys come first in JS, whatever the order they were sent in.
func TestRecordsWithOddKeys(t *testing.T) {
	rt := newRuntime(t, nil)
	rows := []any{}
	for i := range 3 {
		rows = append(rows, map[string]any{"b": i, "10": i, "9": i, "__proto__": i, "constructor": i, "": i, "\xff": i, "é": i})
	}
	rows = append(rows, qjswasm.Object{{Key: "z", Value: 1}, {Key: "1", Value: 2}}, qjswasm.Object{{Key: "z", Value: 3}, {Key: "1", Value: 4}},
		qjswasm.Object{{Key: "z", Value: 1}, {Key: "z", Value: 2}}, map[string]any{"\xff": 1, "\xfe": 2})
	require.NoError(t, rt.Set("rows", rows))
	assert.Equal(t, `9,10,,__proto__,b,constructor,é,�|9,10,,__proto__,b,constructor,é,�|9,10,,__proto__,b,constructor,é,�|1,z|1,z|z|�`,
		eval(t, rt, "rows.map(r => Object.keys(r).join()).join('|')").String())
	assert.Equal(t, "2 2 3 2", eval(t, rt, "`${rows[2].b} ${Object.getOwnPropertyDescriptor(rows[2], '__proto__').value} ${rows[4].z} ${rows[5].z}`").String())
}

// Each key is sent once, however many records there are: the tape is bounded by
// the values.
func TestRecordsSendTheirKeysOnce(t *testing.T) {
	rt := newRuntime(t, nil)
	key := strings.Repeat("k", 10_000)
	v := eval(t, rt, fmt.Sprintf("Array.from({ length: 10000 }, (_, i) => ({ %s: i }))", key))
	x, err := v.ExportWith(ctx, &qjswasm.ExportOptions{MaxBytes: 200_000})
	require.NoError(t, err)
	assert.Equal(t, map[string]any{key: int64(9999)}, x.([]any)[9999])
	_, err = v.ExportWith(ctx, &qjswasm.ExportOptions{MaxBytes: 20_000})
	require.ErrorIs(t, err, qjswasm.ErrExportLimit)
	back, err := rt.NewValue(x) // 100 MB if each had its key
	require.NoError(t, err)
	y, err := back.Get(9999)
	require.NoError(t, err)
	z, err := y.Get(key)
	require.NoError(t, err)
	assert.Equal(t, int64(9999), z.Int64())
}
