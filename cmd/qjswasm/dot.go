package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// commandLine is a line such as ".load x.js", and not one such as ".5".
var commandLine = regexp.MustCompile(`^\s*\.([a-zA-Z]+)(?:\s+(.*?))?\s*$`)

func isCommand(line string) bool { return commandLine.MatchString(line) }

const commandHelp = `.exit       leave; Ctrl-D does too
.help       this text
.load FILE  run a script, or a module if its name ends in .mjs
.stats      time, memory, fuel and what is held across the sandbox so far

_           the last value
await       works at the top level
Tab         completes variables and properties
Ctrl-C      clears the line, or stops what is running
`

var commandNames = []string{".exit", ".help", ".load", ".stats"}

// command runs one of the REPL's own commands and tells whether to leave.
func (r *repl) command(ctx context.Context, line string) (leave bool) {
	m := commandLine.FindStringSubmatch(line)
	switch name, arg := m[1], m[2]; {
	case name == "load" && arg != "":
		r.load(ctx, arg)
	case name == "load":
		fmt.Fprintln(r.stderr(), "qjswasm: .load needs a FILE")
	case arg != "":
		fmt.Fprintf(r.stderr(), "qjswasm: .%s takes no arguments\n", name)
	case name == "exit":
		return true
	case name == "help":
		fmt.Fprint(r.stdout(), commandHelp)
	case name == "stats":
		r.printStats(r.stdout())
	default:
		fmt.Fprintf(r.stderr(), "qjswasm: unknown command .%s; there are %s\n", name, strings.Join(commandNames, ", "))
	}
	return false
}

// load evaluates a file as if it had been typed.
func (r *repl) load(ctx context.Context, file string) {
	src, compiledAs, err := readSource(&streams{}, file, false, int64(r.limits.memory))
	if err != nil {
		fmt.Fprintf(r.stderr(), "qjswasm: %v\n", err)
		return
	}
	if compiledAs != "" {
		r.loader.renamed[compiledAs] = src.Name
	}
	ctx, stop := r.limits.bounded(ctx)
	defer stop()
	v, err := r.eval(ctx, src)
	r.completer.learn(src.Code)
	r.print(ctx, v, err)
}
