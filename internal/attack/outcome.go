package attack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/qjswasm/qjswasm"
)

// Outcome is what must come of a script:
//
//	value TEXT            it ends; TEXT describes the last step's result
//	error NAME /regexp/   it throws an exception of that name, * for any, and message
//	interrupted           it is stopped at its deadline
//	memory, stack, fuel   it ends at that limit
//	killed                it could not be stopped but by killing the runtime
//	unsettled             it leaves a promise that nobody can settle
//	convert /regexp/      its value has no Go form
//	host                  a host function's error comes out, the Go error itself
//	panic TEXT            a host function's panic comes out
type Outcome struct {
	Kind string
	Name string         // of an exception
	Text string         // of a value or panic
	Like *regexp.Regexp // of a message; nil for any
}

var plainKinds = []string{"interrupted", "memory", "stack", "fuel", "killed", "unsettled", "host"}

// ParseOutcome reads what a directive says.
func ParseOutcome(text string) (Outcome, error) {
	kind, rest, _ := strings.Cut(text, " ")
	o := Outcome{Kind: kind}
	switch kind {
	case "value", "panic":
		o.Text = rest
		return o, nil
	case "error":
		o.Name, rest, _ = strings.Cut(rest, " ")
		if o.Name == "" {
			return o, errors.New("an error has a name")
		}
		return o, o.like(rest)
	case "convert":
		return o, o.like(rest)
	}
	if !slices.Contains(plainKinds, kind) {
		return o, fmt.Errorf("unknown outcome %q", kind)
	}
	if rest != "" {
		return o, fmt.Errorf("nothing can follow %q", kind)
	}
	return o, nil
}

func (o *Outcome) like(text string) (err error) {
	if text == "" {
		return nil
	}
	if len(text) < 2 || text[0] != '/' || text[len(text)-1] != '/' {
		return fmt.Errorf("%s is no /regexp/", text)
	}
	o.Like, err = regexp.Compile(text[1 : len(text)-1])
	return err
}

func (o Outcome) String() string {
	text := o.Kind
	for _, part := range []string{o.Name, o.Text} {
		if part != "" {
			text += " " + part
		}
	}
	if o.Like != nil {
		text += " /" + o.Like.String() + "/"
	}
	return text
}

// Matches tells whether that is what came of it.
func (o Outcome) Matches(r Result) bool {
	return o.Kind == r.Kind && (o.Name == r.Name || o.Name == "*") &&
		(o.Kind != "value" && o.Kind != "panic" || o.Text == r.Text) &&
		(o.Like == nil || o.Like.MatchString(r.Text))
}

// Result is what came of a script, in the terms of Outcome, or of kind "dead" or
// "unexpected".
type Result struct {
	Kind, Name, Text string
	Err              error
}

func (r Result) String() string {
	const most = 100
	text := strings.TrimSpace(strings.Join(slices.DeleteFunc([]string{r.Kind, r.Name, r.Text}, func(s string) bool { return s == "" }), " "))
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}

// drop lets go of the value that was thrown.
func (r *Result) drop() {
	var js *qjswasm.Error
	if errors.As(r.Err, &js) && js.Value() != nil {
		js.Value().Close()
	}
	r.Err = nil
}

// errHost is what the host functions of the suite fail with.
var errHost = errors.New("the host says no")

// resultOf classifies an error of the product.
func resultOf(err error) Result {
	r := Result{Kind: "unexpected", Text: err.Error(), Err: err}
	var js *qjswasm.Error
	var unfit *qjswasm.ConvertError
	switch {
	case errors.Is(err, qjswasm.ErrKilled):
		r.Kind, r.Text = "killed", ""
	case errors.Is(err, qjswasm.ErrDead):
		r.Kind = "dead"
	case errors.Is(err, qjswasm.ErrFuel):
		r.Kind, r.Text = "fuel", ""
	case errors.Is(err, qjswasm.ErrInterrupted):
		if errors.Is(err, context.DeadlineExceeded) {
			r.Kind, r.Text = "interrupted", ""
		}
	case errors.Is(err, qjswasm.ErrMemoryLimit):
		r.Kind, r.Text = "memory", ""
	case errors.Is(err, qjswasm.ErrStackOverflow):
		r.Kind, r.Text = "stack", ""
	case errors.Is(err, qjswasm.ErrUnsettled):
		r.Kind, r.Text = "unsettled", ""
	case errors.Is(err, errHost):
		r.Kind, r.Text = "host", ""
	case errors.As(err, &unfit):
		r.Kind = "convert"
	case errors.As(err, &js):
		r.Kind, r.Name, r.Text = "error", js.Name, js.Message
		if r.Name == "" {
			r.Name = "thrown"
		}
	}
	return r
}

func matchesAny(all []Outcome, r Result) bool {
	return slices.ContainsFunc(all, func(o Outcome) bool { return o.Matches(r) })
}
