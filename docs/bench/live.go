package bench

// A liver is an engine whose scripts can use a struct in place.
type liver[V any] interface {
	live(x any) (V, error)
}

const (
	liveRead  = `((o, n) => { n |= 0; let sum = 0; for (let i = 0; i < n; i++) sum += o.score; return sum })`
	liveWrite = `((o, n) => { n |= 0; for (let i = 0; i < n; i++) o.level = i; return o.level })`
)

// live reads and writes a field of a struct in place, n times in a JS loop.
func (o *opsOf[V]) live() {
	e, ok := o.engine.(liver[V])
	if !ok {
		return
	}
	r := &records(2)[1]
	js, err := e.live(r)
	o.fail(err)
	own := func() (V, error) { return js, nil }
	jsToGo[V, float64](o, "Live/Read", own, liveRead)
	jsToGo[V, float64](o, "Live/Write", own, liveWrite)

	write := o.ops["Live/Write"]
	o.ops["Live/Write"] = Op{Run: write.Run, Result: func() (any, error) {
		_, err := write.Result()
		return float64(r.Level), err // as Go sees it
	}}
}
