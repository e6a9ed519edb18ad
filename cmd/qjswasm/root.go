package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// streams are the standard streams of one invocation.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

const rootLong = `qjswasm runs untrusted JavaScript in a sandbox.

The engine is QuickJS-NG, compiled to WebAssembly. A script gets the language
(ES2025, modules, promises), console, timers and its arguments in the global
array scriptArgs. It has no files, network, environment or processes. Imports
are read from the script's own folder, or from the folders of --allow-read and
no others; symbolic links do not lead out of them.

Exit status:
    0  the script ran to its end
    1  uncaught exception or unhandled promise rejection, whose stack is on stderr,
       or a script that waits for a promise that nothing will settle
    2  wrong use: flags, arguments, a file that cannot be read
  124  --timeout passed, or --fuel was used up
  130  interrupted by Ctrl-C
  137  --memory was used up

NO_COLOR=1 turns colours off; they are used only on a terminal.`

const rootExample = `  qjswasm run script.js                     run a script
  qjswasm run app.mjs -- --port 8080        run a module, with arguments in scriptArgs
  qjswasm run --timeout 500ms --memory 64MiB untrusted.js
  qjswasm run --allow-read=src --allow-read=lib src/main.mjs
  echo 'console.log(6 * 7)' | qjswasm run -
  qjswasm eval '[1, 2, 3].map(x => x ** 2)'
  qjswasm repl                              try things out`

// doMain runs the program and returns its exit status.
func doMain(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := &streams{in: stdin, out: stdout, err: stderr}
	cmd := newRootCommand(s)
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	if err := cmd.ExecuteContext(context.Background()); err != nil {
		return fail(stderr, err)
	}
	return exitOK
}

func newRootCommand(s *streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "qjswasm",
		Short:         "Run untrusted JavaScript in a sandbox",
		Long:          rootLong,
		Example:       rootExample,
		SilenceErrors: true, // fail prints them
		SilenceUsage:  true, // forty lines of usage hide the one that matters
		Args:          cobra.ArbitraryArgs,
		Version:       moduleVersion(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			cmd.SetOut(s.err)
			_ = cmd.Help()
			return &usageError{}
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{text: err.Error()} })
	root.SetVersionTemplate(versions())
	root.SetHelpCommand(newHelpCommand(root))
	root.AddCommand(newRunCommand(s), newEvalCommand(s), newReplCommand(s), newCompileCommand(s), newVersionCommand(s))
	return root
}

func unknownCommand(root *cobra.Command, name string) error {
	text := fmt.Sprintf("unknown command %q", name)
	if strings.HasSuffix(name, "js") || strings.ContainsAny(name, "./\\") {
		return &usageError{text: fmt.Sprintf("%s; to run a file: qjswasm run %s", text, name)}
	}
	root.SuggestionsMinimumDistance = 2
	if near := root.SuggestionsFor(name); len(near) > 0 {
		text += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return &usageError{text: text}
}

// newHelpCommand replaces cobra's, which answers an unknown name with the whole
// usage and success.
func newHelpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, args[len(args)-1])
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// splitArgs separates a command's one operand from the script's arguments, which
// follow "--". "run -- FILE ARG..." works too, for a "#!" line that ends in "--".
func splitArgs(cmd *cobra.Command, args []string, operand string) (string, []string, error) {
	operands := cmd.ArgsLenAtDash()
	switch {
	case operands < 0:
		operands = len(args)
	case operands == 0:
		operands = min(1, len(args))
	}
	switch {
	case operands == 0:
		return "", nil, &usageError{text: fmt.Sprintf("%s needs %s", cmd.Name(), operand)}
	case operands > 1:
		return "", nil, &usageError{text: fmt.Sprintf("unexpected argument %q: arguments for the script go after --", args[1])}
	}
	return args[0], args[1:], nil
}
