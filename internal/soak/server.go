package soak

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/qjswasm/qjswasm"
)

// Work is what a request does besides what every request does.
type Work string

const (
	Cycles   Work = "cycles"   // registers closures that capture values that lead back to them
	Closed   Work = "closed"   // the same, and closes those values in the end
	Closures Work = "closures" // registers closures that capture nothing of JS
	Values   Work = "values"   // registers nothing
)

func (w Work) captures() bool { return w == Cycles || w == Closed }

// Config says what a server is like.
type Config struct {
	Runtimes int
	Workers  int // goroutines; each has runtimes of its own
	Sessions int // objects that stay, of each runtime
	Work     Work
	CycleGC  qjswasm.CycleGC
}

// Server serves requests.
type Server struct {
	config   Config
	tenants  []*tenant
	requests int
	latency  Latency
}

// tenant is one runtime with its script.
type tenant struct {
	rt     *qjswasm.Runtime
	handle *qjswasm.Value
	work   Work
	served int
}

const script = `(sessionCount => {
	const sessions = []
	const handle = (req, res) => {
		const session = sessions[req.id % sessions.length]
		const { items } = JSON.parse(req.body)
		let total = 0
		for (const { price, count } of items) total += price * count
		session.hits++
		session.last = { total, names: items.map(x => x.name).sort() }
		if (!res) return JSON.stringify({ id: req.id, total })
		res.on("finish", status => { res.status = status; session.last.status = status })
		res.send(JSON.stringify({ id: req.id, total }))
	}
	const body = JSON.stringify({ items: ["pear", "fig", "apple", "plum"].map(name => ({ name, price: 1, count: 1 })) })
	const res = { on: (_, f) => f(0), send() {} }
	for (let id = 0; id < sessionCount; id++) {
		sessions.push({ id, hits: 0, last: null, tags: ["a", "b"] })
		handle({ id, body }, res) // from now on it has its size
	}
	return handle
})`

// NewServer makes the runtimes. The caller closes the server.
func NewServer(ctx context.Context, c Config) (*Server, error) {
	s := &Server{config: c}
	for range c.Runtimes {
		t, err := newTenant(ctx, c)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.tenants = append(s.tenants, t)
	}
	return s, nil
}

func newTenant(ctx context.Context, c Config) (*tenant, error) {
	rt, err := qjswasm.New(ctx, &qjswasm.Options{CycleGC: c.CycleGC})
	if err != nil {
		return nil, err
	}
	f, err := rt.Eval(ctx, script)
	if err == nil {
		f, err = f.Call(ctx, nil, c.Sessions)
	}
	if err != nil {
		return nil, errors.Join(err, rt.Close())
	}
	return &tenant{rt: rt, handle: f, work: c.Work}, nil
}

// Close closes the runtimes.
func (s *Server) Close() error {
	var all []error
	for _, t := range s.tenants {
		all = append(all, t.rt.Close())
	}
	return errors.Join(all...)
}

// Serve serves n requests, the same number with each runtime up to one, and
// returns when all are done.
func (s *Server) Serve(ctx context.Context, n int) error {
	workers := min(s.config.Workers, len(s.tenants))
	failed := make([]error, workers)
	latency := make([]Latency, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range n {
				k := (s.requests + i) % len(s.tenants)
				if k%workers != w || failed[w] != nil {
					continue
				}
				stop := latency[w].start()
				failed[w] = s.tenants[k].serve(ctx)
				stop()
			}
		})
	}
	wg.Wait()
	s.requests += n
	for _, l := range latency {
		s.latency.add(l)
	}
	return errors.Join(failed...)
}

// request is what the script gets to see.
type request struct {
	ID   int    `js:"id"`
	Body string `js:"body"`
}

// response is what Go knows of a request. Its functions capture it, and it the
// object that has them and a closure of the script that captures that object.
type response struct {
	object *qjswasm.Value
	finish *qjswasm.Value
	body   string
}

const requestBody = `{"items": [{"name": "pear", "price": 3, "count": 2}, {"name": "fig", "price": 5, "count": 7},
	{"name": "apple", "price": 2, "count": 10}, {"name": "plum", "price": 4, "count": 1}]}`

func (t *tenant) serve(ctx context.Context) error {
	t.served++
	req := request{ID: t.served, Body: requestBody}
	got, err := t.answer(ctx, req)
	if err != nil {
		return err
	}
	if want := fmt.Sprintf(`{"id":%d,"total":65}`, req.ID); got != want {
		return fmt.Errorf("soak: the answer is %s, not %s", got, want)
	}
	return nil
}

func (t *tenant) answer(ctx context.Context, req request) (string, error) {
	if t.work == Values {
		v, err := t.handle.Call(ctx, nil, req)
		if err != nil {
			return "", err
		}
		return v.String(), nil
	}
	var r response
	object, err := t.rt.NewValue(map[string]any{
		"send": func(body string) { r.body = body },
		"on": func(event string, f *qjswasm.Value) error {
			if t.work.captures() {
				r.finish = f.Dup()
				return nil
			}
			_, err := f.Call(ctx, nil, event)
			return err
		},
	})
	if err != nil {
		return "", err
	}
	if t.work.captures() {
		r.object = object
	}
	if t.work == Closed {
		defer object.Close()
		defer func() { r.finish.Close() }()
	}
	if _, err = t.handle.Call(ctx, nil, req, object); err != nil {
		return "", err
	}
	if r.finish != nil {
		if _, err = r.finish.Call(ctx, nil, 200); err != nil {
			return "", err
		}
		status, err := r.object.Get("status")
		if err != nil || status.Int64() != 200 {
			return "", fmt.Errorf("soak: the status is %v: %w", status, err)
		}
	}
	return r.body, nil
}
