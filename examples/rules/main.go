// Rules lets users write the rules that check a shop's orders. Each rule is a
// small script in a sandbox of its own, with a bound on its time and memory: one
// that fails is reported with its file and line and taken out of service, and the
// others go on.
//
//	go run ./examples/rules
package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path"
	"time"

	"github.com/qjswasm/qjswasm"
)

const (
	timeLimit   = 500 * time.Millisecond // of one check of one order
	memoryLimit = 8 << 20
)

//go:embed rules
var ruleFiles embed.FS

//go:embed testdata/orders.json
var orderFile []byte

// order is a record as the shop stores it. Rules see the names of its JSON tags.
type order struct {
	ID       string    `json:"id"`
	Placed   time.Time `json:"placed"`
	Customer struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Email   string `json:"email"`
		Country string `json:"country"`
		Since   string `json:"since"`
	} `json:"customer"`
	Items []struct {
		SKU      string  `json:"sku"`
		Title    string  `json:"title"`
		Quantity int     `json:"quantity"`
		Price    float64 `json:"price"`
	} `json:"items"`
	Coupon *struct {
		Code    string  `json:"code"`
		Percent float64 `json:"percent"`
	} `json:"coupon,omitempty"`
	Total    float64 `json:"total"`
	Shipping struct {
		Country string `json:"country"`
		Method  string `json:"method"`
	} `json:"shipping"`
	Payment struct {
		Method      string `json:"method"`
		CardCountry string `json:"card_country,omitempty"`
	} `json:"payment"`
}

// rule is a script that evaluates to an object with a title and a function that
// returns what is wrong with an order: a text, or nothing.
type rule struct {
	rt    *qjswasm.Runtime
	title string
	check func(context.Context, order) (*string, error)
}

func load(ctx context.Context, name string) (*rule, error) {
	code, err := fs.ReadFile(ruleFiles, name)
	if err != nil {
		return nil, err
	}
	rt, err := qjswasm.New(ctx, &qjswasm.Options{Timeout: timeLimit, MemoryLimit: memoryLimit})
	if err != nil {
		return nil, err
	}
	r := &rule{rt: rt}
	if err := r.define(ctx, qjswasm.Source{Name: name, Code: string(code)}); err != nil {
		rt.Close()
		return nil, err
	}
	return r, nil
}

// define evaluates the script and takes the two properties of its object.
func (r *rule) define(ctx context.Context, s qjswasm.Source) error {
	object, err := r.rt.EvalSource(ctx, s)
	if err != nil {
		return err
	}
	defer object.Close()
	title, err := object.Get("title")
	if err != nil {
		return err
	}
	check, err := object.Get("check")
	if err != nil {
		return err
	}
	r.title = title.String()
	return check.ExportTo(&r.check)
}

// apply checks orders until the rule fails, and returns the number that it found
// something in.
func (r *rule) apply(ctx context.Context, w io.Writer, orders []order) (found int, err error) {
	for _, o := range orders {
		finding, err := r.check(ctx, o)
		if err != nil {
			return found, fmt.Errorf("order %s: %w", o.ID, explain(err))
		}
		if finding != nil && *finding != "" {
			found++
			fmt.Fprintf(w, "  %s  %-12s  %s\n", o.ID, o.Customer.Name, *finding)
		}
	}
	return found, nil
}

func run(w io.Writer) error {
	ctx := context.Background()
	var orders []order
	if err := json.Unmarshal(orderFile, &orders); err != nil {
		return err
	}
	names, err := fs.Glob(ruleFiles, "rules/*.js")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d orders, %d rules\n", len(orders), len(names))
	for _, name := range names {
		fmt.Fprintf(w, "\n%s\n", path.Base(name))
		r, err := load(ctx, name)
		if err != nil {
			fmt.Fprintln(w, "  not loaded:", explain(err))
			continue
		}
		found, err := r.apply(ctx, w, orders)
		if err != nil {
			fmt.Fprintln(w, "  out of service:", err)
		} else {
			fmt.Fprintf(w, "  %s: %d\n", r.title, found)
		}
		if err := r.rt.Close(); err != nil {
			return err
		}
	}
	return nil
}

// explain says what went wrong in the terms of the rule's author: which limit it
// hit, and the line that did it.
func explain(err error) error {
	switch {
	case errors.Is(err, qjswasm.ErrInterrupted):
		return fmt.Errorf("it took longer than %v: %w", timeLimit, err)
	case errors.Is(err, qjswasm.ErrMemoryLimit):
		return fmt.Errorf("%sit used more than %d MiB: %w", place(err), memoryLimit>>20, err)
	}
	return fmt.Errorf("%s%w", place(err), err)
}

// place is the innermost frame of an exception that has a line.
func place(err error) string {
	var js *qjswasm.Error
	if errors.As(err, &js) {
		for _, f := range js.Frames {
			if f.Line > 0 {
				return fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Column)
			}
		}
	}
	return ""
}

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
