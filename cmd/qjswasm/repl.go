package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/qjswasm/qjswasm"
	"github.com/spf13/cobra"
)

const replLong = `Read code line by line, evaluate it and print its value.

Input goes on over several lines until it is complete. Tab completes variables
and properties without running getters. The variable _ holds the last value;
await works at the top level; a value of undefined is not printed. Ctrl-C
clears the line or stops what is running, Ctrl-D ends the REPL. --timeout is for
each input, the other limits are for the whole session; --fuel that has run out
is filled up again.

Imports work with --allow-read only, relative to the current folder:
await import("./x.mjs"). History is kept in qjswasm/history in the user's
configuration folder. When standard input is not a terminal, lines are read from
it without prompts.`

const replExample = `  qjswasm repl
  qjswasm repl --timeout 5s --memory 64MiB
  qjswasm repl --allow-read=. -- these are scriptArgs
  echo '[1, 2].at(-1)' | qjswasm repl`

func newReplCommand(s *streams) *cobra.Command {
	var l limits
	cmd := &cobra.Command{
		Use:     "repl [flags] [-- ARG...]",
		Short:   "Read code line by line and print its values",
		Long:    replLong,
		Example: replExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && cmd.ArgsLenAtDash() != 0 {
				return &usageError{text: fmt.Sprintf("unexpected argument %q: to run a file: qjswasm run %s", args[0], args[0])}
			}
			ses, err := newSession(cmd.Context(), s, &l, args)
			if err != nil {
				return err
			}
			r := &repl{session: ses, scriptArgs: args}
			if err := r.prepare(cmd.Context()); err != nil {
				return ses.finish(err)
			}
			r.editor = newEditor(s, r.completeLine)
			r.loop(cmd.Context())
			r.editor.close()
			return ses.finish(nil)
		},
	}
	l.register(cmd.Flags(), "each input", "none")
	return cmd
}

// repl is a session that a person types into.
type repl struct {
	*session
	editor     editor
	scriptArgs []string
	completer  *completer
	setLast    *qjswasm.Value // value => undefined; sets _
	inputs     int            // so far, for their names in stack traces
}

// lastValue defines _, which a script may take for itself by assigning to it.
const lastValue = `(() => {
	let last
	const define = Object.defineProperty
	define(globalThis, "_", {
		__proto__: null, configurable: true, get: () => last,
		set(value) { define(globalThis, "_", { __proto__: null, value, configurable: true, writable: true }) },
	})
	return value => { last = value }
})()`

func (r *repl) prepare(ctx context.Context) (err error) {
	if r.setLast, err = r.rt.Eval(ctx, lastValue); err != nil {
		return err
	}
	r.completer, err = newCompleter(ctx, r.rt)
	return err
}

func (r *repl) loop(ctx context.Context) {
	if _, plain := r.editor.(*lineReader); !plain {
		fmt.Fprintf(r.stdout(), "qjswasm, QuickJS-NG %s. Type .help for help, Ctrl-D to leave.\n", quickjsVersion)
	}
	var pending string // lines of an input that is not complete
	aborts := 0        // Ctrl-C on end
	for {
		prompt := "> "
		if pending != "" {
			prompt = "... "
		}
		line, err := r.editor.readLine(prompt)
		if errors.Is(err, errAborted) {
			if aborts++; aborts == 2 {
				fmt.Fprintln(r.stdout(), "(to leave, press Ctrl-D or type .exit)")
			}
			pending = ""
			continue
		}
		aborts = 0
		end := err != nil // io.EOF, or a terminal that went away
		if end && err != io.EOF {
			fmt.Fprintf(r.stderr(), "qjswasm: cannot read the input: %v\n", err)
		}
		if line != "" {
			r.editor.remember(line)
		}
		if pending == "" && isCommand(line) {
			if end = r.command(ctx, line) || end; end {
				return
			}
			continue
		}
		pending = r.input(ctx, strings.TrimSuffix(pending+line, "\n"), end)
		if end {
			return
		}
	}
}

// input evaluates code and returns it back, with a newline, if it is incomplete
// and more lines may come.
func (r *repl) input(ctx context.Context, code string, end bool) (pending string) {
	if strings.TrimSpace(code) == "" {
		return ""
	}
	if !utf8.ValidString(code) {
		fmt.Fprintln(r.stderr(), "qjswasm: the input is not valid UTF-8")
		return ""
	}
	ctx, stop := r.limits.bounded(ctx)
	defer stop()
	if !end && r.incomplete(ctx, code) {
		return code + "\n"
	}
	r.inputs++
	name := fmt.Sprintf("REPL%d", r.inputs)
	if object := "(" + code + "\n)"; looksLikeObject(code) && r.compiles(ctx, name, object) {
		code = object
	}
	v, err := r.evalInput(ctx, qjswasm.Source{Name: name, Code: code})
	delete(r.sources, fmt.Sprintf("REPL%d", r.inputs-1))
	r.completer.learn(code)
	r.print(ctx, v, err)
	return ""
}

// looksLikeObject tells an object literal from a block, as far as a person would
// mean it.
func looksLikeObject(code string) bool {
	code = strings.TrimSpace(code)
	return strings.HasPrefix(code, "{") && strings.HasSuffix(code, "}")
}

// print shows a value and keeps it in _, or reports an error.
func (r *repl) print(ctx context.Context, v *qjswasm.Value, err error) {
	if err == nil {
		if _, err = r.setLast.Call(ctx, nil, v); err == nil && !v.IsUndefined() {
			err = r.show(ctx, v)
		}
	}
	for err != nil {
		r.report(err)
		switch {
		case isDead(err):
			r.restart()
			return
		case errors.Is(err, qjswasm.ErrFuel):
			r.rt.Refuel(uint64(r.limits.fuel)) // for the next line
			r.timers.clearAll()
			return
		case errors.Is(err, qjswasm.ErrInterrupted):
			r.timers.clearAll()
			return
		}
		err = r.drain(ctx) // what goes on in spite of the error
	}
}

// restart replaces a runtime that broke down.
func (r *repl) restart() {
	ctx := context.Background()
	r.rt.Close()
	err := r.start(ctx, r.scriptArgs)
	if err == nil {
		err = r.prepare(ctx)
	}
	if err != nil {
		r.report(err)
		return
	}
	fmt.Fprintln(r.stderr(), "qjswasm: started afresh; what was defined is gone")
}
