package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

const compileLong = `Compile a script or module to bytecode, to be run with "qjswasm run".

Bytecode starts faster and does not show its source, and is good for exactly
this build of qjswasm: another one refuses it. What a module imports must be
there, but stays outside: it is read again at run time, relative to the bytecode
file.`

const compileExample = `  qjswasm compile script.js                 writes script.qbc
  qjswasm compile app.mjs -o build/app.qbc
  qjswasm run build/app.qbc`

func newCompileCommand(s *streams) *cobra.Command {
	var l limits
	var module bool
	var out string
	cmd := &cobra.Command{
		Use:     "compile [flags] FILE|-",
		Short:   "Compile a script or module to bytecode",
		Long:    compileLong,
		Example: compileExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			operand, rest, err := splitArgs(cmd, args, "a FILE, or - for standard input")
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return &usageError{text: fmt.Sprintf("unexpected argument %q: nothing runs now, so there is nobody to take it", rest[0])}
			}
			if out == "" {
				if operand == "-" {
					return &usageError{text: "compiling standard input needs -o FILE"}
				}
				out = strings.TrimSuffix(operand, filepath.Ext(operand)) + ".qbc"
			}
			return compile(cmd, s, &l, operand, module, out)
		},
	}
	l.setDefaults()
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "write to this `FILE` (default FILE with the ending .qbc)")
	f.BoolVar(&module, "module", false, "compile FILE as a module whatever its name (default for .mjs)")
	f.Var(&l.allowRead, "allow-read", "let imports be found in this folder; repeatable (default the script's own folder)")
	return cmd
}

func compile(cmd *cobra.Command, s *streams, l *limits, operand string, module bool, out string) error {
	src, _, err := readSource(s, operand, module, int64(l.memory))
	if err != nil {
		return err
	}
	if src.Bytecode != nil {
		return badInput("%s is bytecode already", operand)
	}
	ses, err := newSession(cmd.Context(), s, l, nil, filepath.Dir(operand))
	if err != nil {
		return err
	}
	ctx, stop := l.bounded(cmd.Context())
	defer stop()
	ses.sources[src.Name] = src.Code
	code, err := ses.rt.Compile(ctx, src)
	if err == nil {
		if writeErr := os.WriteFile(out, encodeBytecode(src.Name, code), 0o666); writeErr != nil {
			ses.close()
			return badInput("cannot write %s: %s", out, reason(writeErr))
		}
	}
	return ses.finish(err)
}
