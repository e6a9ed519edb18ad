package qjswasm_test

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestSequenceOfJS(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, closing)
	ints, err := qjswasm.As[iter.Seq[int]](eval(t, rt, `[1, 2, 3]`))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 3}, slices.Collect(ints))
	for x := range ints {
		assert.Equal(t, 1, x)
		break
	}
	m, err := qjswasm.As[iter.Seq2[string, int]](eval(t, rt, `new Map([["b", 1], ["a", 2]])`))
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"a": 2, "b": 1}, maps.Collect(m))
	m, err = qjswasm.As[iter.Seq2[string, int]](eval(t, rt, `let p = ["b", 1]; [p, p]`))
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"b": 1}, maps.Collect(m))
	runes, err := qjswasm.As[iter.Seq[string]](eval(t, rt, `"a😀"`))
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "😀"}, slices.Collect(runes))
	bytes, err := qjswasm.As[iter.Seq[byte]](eval(t, rt, `new Uint8Array([1, 2])`))
	require.NoError(t, err)
	assert.Equal(t, []byte{1, 2}, slices.Collect(bytes))
	none, err := qjswasm.As[iter.Seq[int]](eval(t, rt, `null`))
	require.NoError(t, err)
	assert.Nil(t, none)

	gen, err := qjswasm.As[iter.Seq2[int, error]](eval(t, rt, `gen(1e9)`))
	require.NoError(t, err)
	n := 0
	for x, err := range gen {
		require.NoError(t, err)
		if n += x; x == 4 {
			break
		}
	}
	assert.Equal(t, 10, n)
	assert.Equal(t, int64(1), evalTo[int64](t, rt, `closed`))
	async, err := qjswasm.As[iter.Seq2[int, error]](eval(t, rt, `(async function*() { yield 1; throw new Error("late") })()`))
	require.NoError(t, err)
	var got []string
	for x, err := range async {
		got = append(got, fmt.Sprint(x, " ", err))
	}
	assert.Equal(t, []string{"1 <nil>", "0 Error: late"}, got)

	type inside struct {
		Gen iter.Seq2[int, error]
		Arr iter.Seq[int]
	}
	s, err := qjswasm.As[inside](eval(t, rt, `({Gen: gen(2), Arr: [7]})`))
	require.NoError(t, err)
	assert.Equal(t, []int{7}, slices.Collect(s.Arr))
	n = 0
	for _, err := range s.Gen {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 2, n)
}

func TestSequenceOfJSRefused(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, closing)
	refused := func(err error, from, to, path string) {
		t.Helper()
		var c *qjswasm.ConvertError
		require.ErrorAs(t, err, &c)
		assert.Equal(t, []string{from, to, path}, []string{c.From, c.To, c.Path})
	}
	_, err := qjswasm.As[iter.Seq[int]](eval(t, rt, `gen(1)`))
	refused(err, "JS object", "Go iter.Seq[int]", "")
	assert.ErrorContains(t, err, "iter.Seq2")
	_, err = qjswasm.As[iter.Seq2[string, int]](eval(t, rt, `new Map([["a", "b"]])`))
	refused(err, "JS string", "Go int", "[0]")
	_, err = qjswasm.As[iter.Seq2[string, int]](eval(t, rt, `[["a", 1], ["a"]]`))
	refused(err, "JS Array", "Go string and int", "[1]")
	_, err = qjswasm.As[iter.Seq2[string, int]](eval(t, rt, `["a"]`))
	refused(err, "JS string", "Go string and int", "[0]")
	_, err = qjswasm.As[iter.Seq[string]](eval(t, rt, `new Map([["a", 1]])`))
	refused(err, "JS Map", "Go iter.Seq[string]", "")
	_, err = qjswasm.As[iter.Seq[int]](eval(t, rt, `1`))
	refused(err, "JS number", "Go iter.Seq[int]", "")
	_, err = qjswasm.As[iter.Seq[int]](eval(t, rt, `"1"`))
	refused(err, "JS string", "Go int", "[0]")
	_, err = qjswasm.As[struct{ A iter.Seq[int] }](eval(t, rt, `({A: {}})`))
	refused(err, "JS Object", "Go iter.Seq[int]", ".A")
}

func TestSequenceArguments(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, closing)
	require.NoError(t, rt.Set("sum", func(seq iter.Seq[int]) int {
		n := 0
		for x := range seq {
			n += x
		}
		return n
	}))
	require.NoError(t, rt.Set("first", func(seq iter.Seq[string]) string {
		for x := range seq {
			return x
		}
		return ""
	}))
	require.NoError(t, rt.Set("join", func(seq iter.Seq2[string, int]) (s string) {
		for k, v := range seq {
			s += fmt.Sprint(k, v, " ")
		}
		return s
	}))
	require.NoError(t, rt.Set("tolerant", func(seq iter.Seq2[int, error]) (n int) {
		for x, err := range seq {
			if err != nil {
				return -n
			}
			n += x
		}
		return n
	}))
	for code, want := range map[string]any{
		`sum([1, 2, 3])`:                          int64(6),
		`sum(new Set([1, 2]))`:                    int64(3),
		`sum(gen(4))`:                             int64(6),
		`sum({*[Symbol.iterator]() { yield 5 }})`: int64(5),
		`first("xyz")`:                            "x",
		`closed = 0; first((function*() { try { yield "a"; yield "b" } finally { closed++ } })()) + closed`: "a1",
		`join(new Map([["a", 1], ["b", 2]]))`:            "a1 b2 ",
		`join(Object.entries({c: 3}))`:                   "c3 ",
		`join(Object.entries({c: 3}).values())`:          "c3 ",
		`tolerant((function*() { yield 2; throw 1 })())`: int64(-2),
		`tolerant([1, 2])`:                               int64(3),
		// JS to Go to JS: what JS throws in a sequence comes out of the call.
		`try { sum((function*() { yield 1; throw new RangeError("mine") })()) } catch (e) { e.name + e.message }`: "RangeErrormine",
		`try { sum((function*() { yield "a" })()) } catch (e) { e.name }`:                                         "TypeError",
		`try { sum({}) } catch (e) { e.name }`:                                                                    "TypeError",
		`try { sum(1) } catch (e) { e.name }`:                                                                     "TypeError",
	} {
		got, err := eval(t, rt, code).Export()
		require.NoError(t, err, code)
		assert.Equal(t, want, got, code)
	}
	// Our own sequences go through as any other iterable.
	var c counter
	require.NoError(t, rt.Set("seq", c.seq(5)))
	assert.Equal(t, int64(10), eval(t, rt, `sum(seq)`).Int64())
	assert.Equal(t, int64(20), eval(t, rt, `sum(seq.map(x => x * 2))`).Int64())
	assert.Equal(t, c.begun, c.ended)
}
