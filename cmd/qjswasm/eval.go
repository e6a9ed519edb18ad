package main

import (
	"github.com/qjswasm/qjswasm"
	"github.com/spf13/cobra"
)

const evalLong = `Evaluate code and print its value.

The value is that of the last expression statement, printed as the REPL prints
it, strings in quotes; undefined is not printed. It is what it has become when
all promise jobs and timers are done. With await in the code, the value is what
the code resolves to. Code that begins with a dash goes after --.

Imports work with --allow-read only, relative to the current folder:
await import("./x.mjs").`

const evalExample = `  qjswasm eval '6 * 7'
  qjswasm eval 'new Map([["a", { b: [1, 2] }]])'
  qjswasm eval 'scriptArgs.map(Number).reduce((a, b) => a + b)' -- 1 2 3
  qjswasm eval --allow-read=. '(await import("./lib.mjs")).version'
  qjswasm eval -- '-1 >>> 0'`

const evalName = "<eval>"

func newEvalCommand(s *streams) *cobra.Command {
	var l limits
	cmd := &cobra.Command{
		Use:     "eval [flags] CODE [-- ARG...]",
		Short:   "Evaluate code and print its value",
		Long:    evalLong,
		Example: evalExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			code, scriptArgs, err := splitArgs(cmd, args, "CODE")
			if err != nil {
				return err
			}
			if err := checkUTF8("CODE", []byte(code)); err != nil {
				return err
			}
			ses, err := newSession(cmd.Context(), s, &l, scriptArgs)
			if err != nil {
				return err
			}
			ctx, stop := l.bounded(cmd.Context())
			defer stop()
			v, err := ses.evalInput(ctx, qjswasm.Source{Name: evalName, Code: code})
			if err == nil && !v.IsUndefined() {
				err = ses.show(ctx, v)
			}
			return ses.finish(err)
		},
	}
	l.register(cmd.Flags(), "the evaluation", "none")
	l.registerWithout(cmd.Flags())
	return cmd
}
