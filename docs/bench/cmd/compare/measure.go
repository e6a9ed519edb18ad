package main

import (
	"errors"
	"time"

	"github.com/qjswasm/qjswasm/docs/bench"
)

// A cell is the times of one run, in nanoseconds, in the turns an engine had.
type cell struct {
	n, turns int // runs in a turn, turns to have
	times    []float64
}

// measure checks the result on every engine and then lets them run in turns.
func measure(w bench.Workload, peers []*peer) ([]*cell, error) {
	cells := make([]*cell, len(peers))
	for i, p := range peers {
		c, err := calibrate(w.Name, p)
		if err != nil && !errors.Is(err, errLacking) {
			return nil, err
		}
		cells[i] = c
	}
	for turn := range *rounds {
		for i, p := range peers {
			c := cells[i]
			if c == nil || turn >= c.turns {
				continue
			}
			d, err := p.run(w.Name, c.n)
			if err != nil {
				return nil, err
			}
			c.add(d)
		}
	}
	return cells, nil
}

// calibrate finds how many runs fill a turn, and how many turns the budget.
func calibrate(workload string, p *peer) (*cell, error) {
	if _, err := p.run(workload, 0); err != nil {
		return nil, err
	}
	c := &cell{n: 1, turns: *rounds}
	for {
		d, err := p.run(workload, c.n)
		if err != nil {
			return nil, err
		}
		if d < *slice/2 {
			c.n = max(c.n+1, int(min(100, float64(*slice)/float64(d+1))*float64(c.n)))
			continue
		}
		if c.n == 1 && d > *slice {
			c.add(d)
			c.turns = max(0, min(*rounds, int(*budget/d)-1))
		}
		return c, nil
	}
}

func (c *cell) add(d time.Duration) {
	c.times = append(c.times, float64(d)/float64(c.n))
}
