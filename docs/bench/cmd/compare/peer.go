package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/qjswasm/qjswasm/docs/bench"
)

// A peer is a process that serves an engine.
type peer struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	send *json.Encoder
	recv *json.Decoder
}

func start(program, engine string) (*peer, error) {
	cmd := exec.Command(program, "-serve", engine)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p := &peer{engine, cmd, in, json.NewEncoder(in), json.NewDecoder(out)}
	return p, cmd.Start()
}

func (p *peer) stop() {
	p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", p.name, err)
	}
}

var errLacking = errors.New("the engine lacks this workload")

func (p *peer) run(workload string, n int) (time.Duration, error) {
	if err := p.send.Encode(bench.Request{Workload: workload, N: n}); err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	var a bench.Response
	if err := p.recv.Decode(&a); err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	if a.Lacking {
		return 0, errLacking
	}
	if a.Err != "" {
		return 0, fmt.Errorf("%s, %s: %s", p.name, workload, a.Err)
	}
	return a.Elapsed, nil
}
