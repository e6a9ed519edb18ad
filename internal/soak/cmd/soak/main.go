// Command soak serves requests with many runtimes and prints what becomes of the
// process's memory, or compares the processor time with and without the collection of
// cycles; that of cycles with what it takes to end them by hand.
//
//	go run ./internal/soak/cmd/soak [-requests n] [-runtimes n] [-work cycles] [-cyclegc off]
//	go run ./internal/soak/cmd/soak -compare 10 [-requests n] [-work values]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/qjswasm/qjswasm"
	"github.com/qjswasm/qjswasm/internal/soak"
)

var modes = map[string]qjswasm.CycleGC{
	"auto": qjswasm.CycleGCAuto, "manual": qjswasm.CycleGCManual, "off": qjswasm.CycleGCOff,
}

func main() {
	var c soak.Config
	requests := flag.Int("requests", 1_000_000, "requests to serve")
	samples := flag.Int("samples", 40, "samples to take")
	pairs := flag.Int("compare", 0, "`pairs` of runs with and without collection of cycles, in turn")
	flag.IntVar(&c.Runtimes, "runtimes", 100, "runtimes to serve them")
	flag.IntVar(&c.Workers, "workers", runtime.GOMAXPROCS(0), "goroutines that serve")
	flag.IntVar(&c.Sessions, "sessions", 1000, "objects that stay in each runtime")
	work := flag.String("work", string(soak.Cycles), "cycles, closed, closures or values: what requests do")
	mode := flag.String("cyclegc", "auto", "auto, manual or off")
	flag.Parse()
	c.Work = soak.Work(*work)
	var known bool
	if c.CycleGC, known = modes[*mode]; !known || flag.NArg() > 0 ||
		!slices.Contains([]soak.Work{soak.Cycles, soak.Closed, soak.Closures, soak.Values}, c.Work) {
		flag.Usage()
		os.Exit(2)
	}
	var err error
	if *pairs > 0 {
		err = compare(c, *requests, *pairs)
	} else {
		err = run(c, *requests, *samples)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

const mib = 1 << 20

func run(c soak.Config, requests, samples int) error {
	fmt.Printf("%10s %9s %9s %9s %9s %10s %8s %8s %10s %9s\n", "requests", "RSS MiB", "heap MiB", "guest MiB",
		"memory", "callables", "roots", "rounds", "collected", "time")
	r, err := soak.Run(context.Background(), c, requests, samples, func(s soak.Sample) {
		fmt.Printf("%10d %9.1f %9.1f %9.1f %9.1f %10d %8d %8d %10d %9v\n", s.Requests, float64(s.Resident)/mib,
			float64(s.Heap)/mib, float64(s.GuestBytes)/mib, float64(s.Memory)/mib, s.Callables, s.Roots,
			s.Rounds, s.Collected, s.CycleTime.Round(time.Millisecond))
	})
	if err != nil {
		return err
	}
	fmt.Printf("\n%.0f requests a second; latency 50%% %v, 99%% %v, 99.9%% %v, at most %v\n",
		float64(requests)/r.Elapsed.Seconds(), r.Latency.Quantile(0.5), r.Latency.Quantile(0.99),
		r.Latency.Quantile(0.999), r.Latency.Quantile(1))
	if last := r.Samples[len(r.Samples)-1]; last.Rounds > 0 {
		fmt.Printf("%d rounds of %v on average, %.2f %% of the time of all workers\n", last.Rounds,
			(last.CycleTime / time.Duration(last.Rounds)).Round(time.Microsecond),
			100*last.CycleTime.Seconds()/r.Elapsed.Seconds()/float64(c.Workers))
	}
	settled := r.Settled()
	if len(settled) < 3 {
		return nil
	}
	fmt.Printf("\nper 100,000 requests, after %d:\n", settled[0].Requests)
	for _, y := range []struct {
		name string
		unit float64
		of   func(soak.Sample) float64
	}{
		{"RSS, KiB", 1024, func(s soak.Sample) float64 { return float64(s.Resident) }},
		{"Go heap, KiB", 1024, func(s soak.Sample) float64 { return float64(s.Heap) }},
		{"guest bytes, KiB", 1024, func(s soak.Sample) float64 { return float64(s.GuestBytes) }},
		{"guest memory, KiB", 1024, func(s soak.Sample) float64 { return float64(s.Memory) }},
		{"callables", 1, func(s soak.Sample) float64 { return float64(s.Callables) }},
		{"roots", 1, func(s soak.Sample) float64 { return float64(s.Roots) }},
	} {
		l := soak.NewSlope(settled, y.of)
		verdict := "grows"
		switch {
		case l.Flat(requests):
			verdict = "flat"
		case l.PerRequest < 0:
			verdict = "shrinks"
		}
		fmt.Printf("%18s %+10.1f ± %.1f of %.0f: %s\n", y.name, l.PerRequest*100000/y.unit, l.Error*100000/y.unit,
			l.Mean/y.unit, verdict)
	}
	return nil
}

// compare serves with and without the collection of cycles in turn, so that both
// see the same machine.
func compare(c soak.Config, requests, pairs int) error {
	with, without := c, c
	without.CycleGC = qjswasm.CycleGCOff
	if c.Work == soak.Cycles {
		without.Work = soak.Closed
	}
	var costs []float64
	for range pairs {
		runtime.GC()
		used, err := soak.Compare(context.Background(), with, without, requests)
		if err != nil {
			return err
		}
		costs = append(costs, 100*(float64(used[0])/float64(used[1])-1))
		fmt.Printf("processor time of a request: with %v, without %v: %+.2f %%\n",
			used[0]/time.Duration(requests), used[1]/time.Duration(requests), costs[len(costs)-1])
	}
	mean, deviation := soak.Mean(costs)
	fmt.Printf("%s: %+.2f ± %.2f %%\n", c.Work, mean, deviation)
	return nil
}
