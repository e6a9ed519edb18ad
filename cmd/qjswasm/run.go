package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/qjswasm/qjswasm"
)

const runLong = `Run a script, a module or bytecode from "qjswasm compile".

A file is a module if its name ends in .mjs or --module is given; top-level
await works in modules. A "-" reads a script from standard input. Arguments
after -- are the strings in the global array scriptArgs. A byte order mark and
a first line that begins with #! are skipped.

The command ends when the script has, with all its promise jobs and timers. An
uncaught exception and a promise rejection that nothing handles are errors.

Imports are relative paths, read from the script's own folder and those below.
--allow-read replaces that folder by others: name both to have both. Text and
data can be imported too, as in: import x from "./x.json" with { type: "json" }

Bytecode is trusted by the engine: run only what you compiled yourself.`

const runExample = `  qjswasm run script.js
  qjswasm run app.mjs -- input.txt --verbose
  qjswasm run --timeout 2s --memory 32MiB --stats untrusted.js
  qjswasm run --without eval,regexp untrusted.js
  qjswasm run --allow-read=src --allow-read=vendor src/main.mjs
  curl -s https://example.com/x.js | qjswasm run --timeout 1s -
  #!/usr/bin/env -S qjswasm run --           (first line of a script)`

func newRunCommand(s *streams) *cobra.Command {
	var l limits
	var module bool
	cmd := &cobra.Command{
		Use:     "run [flags] FILE|- [-- ARG...]",
		Short:   "Run a script, a module or bytecode",
		Long:    runLong,
		Example: runExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			operand, scriptArgs, err := splitArgs(cmd, args, "a FILE, or - for standard input")
			if err != nil {
				return err
			}
			return run(cmd, s, &l, operand, module, scriptArgs)
		},
	}
	l.register(cmd.Flags(), "the run", "the script's own folder")
	l.registerWithout(cmd.Flags())
	cmd.Flags().BoolVar(&module, "module", false, "run FILE as a module whatever its name (default for .mjs)")
	return cmd
}

func run(cmd *cobra.Command, s *streams, l *limits, operand string, module bool, scriptArgs []string) error {
	src, compiledAs, err := readSource(s, operand, module, max(int64(l.memory), qjswasm.MinMemoryLimit))
	if err != nil {
		return err
	}
	var own []string
	if operand != "-" {
		own = []string{filepath.Dir(operand)}
	}
	ses, err := newSession(cmd.Context(), s, l, scriptArgs, own...)
	if err != nil {
		return err
	}
	if compiledAs != "" {
		ses.loader.renamed[compiledAs] = src.Name
	}
	ctx, stop := l.bounded(cmd.Context())
	defer stop()
	_, err = ses.eval(ctx, src)
	return ses.finish(err)
}
