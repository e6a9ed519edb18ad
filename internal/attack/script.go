// Package attack runs hostile scripts against the public API and measures what
// they do to the process around them.
//
// The scripts are testdata/<family>/<name>.js. Each begins with directives:
//
//	// attack: why it is nasty, in one line
//	// expect: the outcome it must have; several lines are alternatives
//	// run: what the host does after evaluating it, see steps
//	// limits: memory=64MiB stack=960KiB timeout=250ms grace=100ms fuel=0, where not the default
//	// after: the outcome of using the runtime afterwards, if that does not work
//
// Lines "// module: name" divide the rest into modules that the script, the part
// before the first, can import. A name that ends in * stands for any number,
// which is $N in its text, and its successor $M.
package attack

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Script is an attack.
type Script struct {
	Name    string // family/name
	Attack  string
	Code    string
	Expect  []Outcome // any of them
	After   *Outcome  // of using the runtime afterwards; nil if it must work
	Steps   []string
	Limits  Limits
	Modules map[string]string
}

// Limits are what the script may use. Zero is the default of the suite for
// memory and time, and of the product for the others.
type Limits struct {
	Memory, Stack  int64         // bytes
	Timeout, Grace time.Duration // grace: KillGrace
	Fuel           uint64
}

// The limits of a script that says nothing.
const (
	DefaultMemory  = 64 << 20
	DefaultTimeout = 250 * time.Millisecond
)

// Family is the first part of the name.
func (s *Script) Family() string {
	family, _, _ := strings.Cut(s.Name, "/")
	return family
}

// Endless tells whether the script may go on until it is interrupted.
func (s *Script) Endless() bool {
	return slices.ContainsFunc(s.Expect, func(o Outcome) bool { return o.Kind == "interrupted" || o.Kind == "killed" })
}

// Parse reads a script.
func Parse(name, text string) (*Script, error) {
	s := &Script{Name: name, Limits: Limits{Memory: DefaultMemory, Timeout: DefaultTimeout}}
	rest := text
	for number := 1; ; number++ {
		line, after, _ := strings.Cut(rest, "\n")
		directive, ok := strings.CutPrefix(line, "// ")
		if !ok || strings.HasPrefix(directive, "module: ") {
			break
		}
		key, value, _ := strings.Cut(directive, ": ")
		if err := s.directive(key, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
		rest = after
	}
	s.split(rest)
	switch {
	case s.Attack == "":
		return nil, fmt.Errorf("%s: no attack directive", name)
	case len(s.Expect) == 0:
		return nil, fmt.Errorf("%s: no expect directive", name)
	case strings.TrimSpace(s.Code) == "":
		return nil, fmt.Errorf("%s: no code", name)
	}
	return s, nil
}

func (s *Script) directive(key, value string) error {
	if value == "" {
		return fmt.Errorf("%q has no value", key)
	}
	switch key {
	case "attack":
		s.Attack = value
	case "expect":
		o, err := ParseOutcome(value)
		if err != nil {
			return err
		}
		s.Expect = append(s.Expect, o)
	case "after":
		o, err := ParseOutcome(value)
		if err != nil {
			return err
		}
		s.After = &o
	case "run":
		s.Steps = strings.Fields(value)
		for _, step := range s.Steps {
			if _, ok := steps[step]; !ok {
				return fmt.Errorf("unknown step %q", step)
			}
		}
	case "limits":
		return s.Limits.parse(value)
	default:
		return fmt.Errorf("unknown directive %q", key)
	}
	return nil
}

// split takes the modules from the text.
func (s *Script) split(text string) {
	const mark = "// module: "
	parts := strings.Split("\n"+text, "\n"+mark)
	s.Code = strings.TrimPrefix(parts[0], "\n")
	s.Modules = map[string]string{}
	for _, part := range parts[1:] {
		name, code, _ := strings.Cut(part, "\n")
		s.Modules[strings.TrimSpace(name)] = code
	}
}

func (l *Limits) parse(text string) (err error) {
	for _, field := range strings.Fields(text) {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "memory":
			l.Memory, err = parseBytes(value)
		case "stack":
			l.Stack, err = parseBytes(value)
		case "timeout":
			l.Timeout, err = time.ParseDuration(value)
		case "grace":
			l.Grace, err = time.ParseDuration(value)
		case "fuel":
			l.Fuel, err = strconv.ParseUint(value, 10, 64)
		default:
			err = errors.New("unknown limit")
		}
		if err != nil {
			return fmt.Errorf("limit %q: %w", field, err)
		}
	}
	return nil
}

// parseBytes reads a size such as 64MiB.
func parseBytes(text string) (int64, error) {
	for unit, shift := range map[string]uint{"KiB": 10, "MiB": 20} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseInt(number, 10, 32)
			return n << shift, err
		}
	}
	return 0, errors.New("a size is a number of KiB or MiB")
}
