package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"time"
)

// A Request asks a process that serves an engine to run a workload N times, or to
// check its result if N is 0.
type Request struct {
	Workload string
	N        int
}

// A Response is the time all runs took.
type Response struct {
	Elapsed time.Duration
	Lacking bool // the engine has no such workload
	Err     string
}

// Serve answers requests, as JSON, until the input ends. Each engine has a process
// of its own, so that none pays for another's garbage.
func Serve(engine string, r io.Reader, w io.Writer) error {
	open, ok := Engines[engine]
	if !ok {
		return fmt.Errorf("no engine %q in this build", engine)
	}
	e, err := open()
	if err != nil {
		return err
	}
	defer e.Close()
	want := map[string]any{}
	for _, x := range Workloads {
		want[x.Name] = x.Want
	}
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	for {
		var q Request
		if err := in.Decode(&q); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		var a Response
		if op, ok := e.Ops[q.Workload]; !ok {
			a.Lacking = true
		} else if err := serve(op, q.N, want[q.Workload], &a); err != nil {
			a.Err = err.Error()
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

func serve(op Op, n int, want any, a *Response) error {
	if n == 0 {
		return op.Check(want)
	}
	runtime.GC()
	start := time.Now()
	err := op.Run(n)
	a.Elapsed = time.Since(start)
	return err
}
