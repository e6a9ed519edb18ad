package qjswasm_test
import ("testing";"fmt";"encoding/json";"github.com/qjswasm/qjswasm")
func TestZZProbe(t *testing.T) {
	rt := newRuntime(t, nil)
	stringify, _ := qjswasm.Eval[func(any) (string, error)](ctx, rt, "x => JSON.stringify(x)")
	do := func(name string, f func(i int)) {
		f(0)
		s0 := rt.Stats()
		for i := range 20000 { f(i) }
		s1 := rt.Stats()
		t.Logf("%-12s guestBytes %d->%d objects %d->%d roots %d->%d pending %d mem %d", name, s0.GuestBytes, s1.GuestBytes, s0.GuestObjects, s1.GuestObjects, s0.Roots, s1.Roots, s1.PendingReleases, s1.GuestMemory)
	}
	do("string", func(i int) { _, err := rt.NewValue(fmt.Sprint("é", i)); if err != nil { t.Fatal(err) } })
	do("bytes", func(i int) { roundTrip(t, rt, []byte("abcdef")) })
	do("buffer", func(i int) { roundTrip(t, rt, qjswasm.ArrayBuffer("abcdef")) })
	do("len", func(i int) { v, _ := rt.NewValue(fmt.Sprint("é", i)); v.Len() })
	var x any
	json.Unmarshal([]byte(`{"a":[1,2,{"b":"é"}],"0":null}`), &x)
	do("json", func(i int) { roundTrip(t, rt, x) })
	do("stringify", func(i int) { stringify(x) })
	do("keys", func(i int) { roundTrip(t, rt, map[string]any{fmt.Sprint("k", i): 1}) })
	do("keysS", func(i int) { stringify(map[string]any{fmt.Sprint("k", i): 1}) })
	deep := any(1)
	for range 9000 { deep = []any{deep} }
	n := 0
	do1 := func(f func()) { for range 300 { f() } ; n++ }
	s0 := rt.Stats()
	do1(func() { _, err := stringify(deep); if err == nil { t.Log("fine"); } })
	s1 := rt.Stats()
	t.Log("deep", s0, s1)
	big := []byte(`[`)
	for i := range 2000 { big = append(big, fmt.Sprintf(`{"k%d":%d},`, i, i)...) }
	big = append(big, "1]"...)
	json.Unmarshal(big, &x)
	do1(func() { roundTrip(t, rt, x); stringify(x) })
	t.Log("big", rt.Stats())
}
