package attack

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// workloads are functions of a few dozen milliseconds each.
var workloads = map[string]string{
	"fib":        `() => (function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) })(23)`,
	"sieve":      `() => { const n = 150000, a = new Uint8Array(n); let c = 0; for (let i = 2; i < n; i++) if (!a[i]) { c++; for (let j = 2 * i; j < n; j += i) a[j] = 1 } return c }`,
	"sort":       `() => { const a = []; let x = 1; for (let i = 0; i < 15000; i++) a.push(x = x * 16807 % 2147483647); return a.sort((p, q) => p - q)[0] }`,
	"strings":    `() => { let s = '', n = 0; for (let i = 0; i < 60000; i++) { s += i; if (s.length > 1000) { n += s.indexOf('x') + s.slice(1, 9).length; s = '' } } return n }`,
	"properties": `() => { const o = { a: 1, b: 2, c: { d: 3 } }; let n = 0; for (let i = 0; i < 150000; i++) { o.a = i; n += o.b + o.c.d + o.a } return n }`,
	"json":       `() => { const a = []; for (let i = 0; i < 4000; i++) a.push({ id: i, name: 'n' + i, tags: ['x', 'y'] }); return JSON.stringify(JSON.parse(JSON.stringify(a))).length }`,
}

// BenchmarkLimits runs each workload with no limits and with all of them, in
// turns, so that a machine that changes its pace changes both. on/off is the
// ratio of the fastest runs: the others tell of what else the machine does.
func BenchmarkLimits(b *testing.B) {
	for name, code := range workloads {
		b.Run(name, func(b *testing.B) {
			off := newWorkload(b, code, nil)
			on := newWorkload(b, code, &qjswasm.Options{MemoryLimit: DefaultMemory, Timeout: time.Hour, Fuel: 1 << 62})
			deadline, cancel := context.WithTimeout(b.Context(), time.Hour)
			defer cancel()
			var times [2][]time.Duration
			for i := 0; b.Loop(); i++ {
				for turn := range 2 { // whoever is second finds the caches cold
					if (i+turn)%2 == 0 {
						times[0] = append(times[0], off(context.Background()))
					} else {
						times[1] = append(times[1], on(deadline))
					}
				}
			}
			fastestOff, fastestOn := slices.Min(times[0]), slices.Min(times[1])
			b.ReportMetric(float64(fastestOff), "off-ns")
			b.ReportMetric(float64(fastestOn), "on-ns")
			b.ReportMetric(float64(fastestOn)/float64(fastestOff), "on/off")
		})
	}
}

// newWorkload returns a function that runs the workload once and takes its time.
func newWorkload(b *testing.B, code string, o *qjswasm.Options) func(context.Context) time.Duration {
	b.Helper()
	rt, err := qjswasm.New(b.Context(), o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, rt.Close()) })
	f, err := rt.Eval(b.Context(), code)
	require.NoError(b, err)
	run := func(ctx context.Context) time.Duration {
		start := time.Now()
		if _, err := f.Call(ctx, nil); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	run(b.Context())
	return run
}
