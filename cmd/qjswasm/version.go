package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/qjswasm/qjswasm"
	"github.com/spf13/cobra"
)

// quickjsVersion is the engine's release, which wasm/versions.env pins; a test
// compares.
const quickjsVersion = "0.17.0"

func newVersionCommand(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of qjswasm and what it is made of",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{text: fmt.Sprintf("unexpected argument %q", args[0])}
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			module, wazero := "(unknown)", "(unknown)"
			if info, ok := debug.ReadBuildInfo(); ok {
				module = info.Main.Version
				for _, dep := range info.Deps {
					if dep.Path == "github.com/tetratelabs/wazero" {
						wazero = dep.Version
					}
				}
			}
			fmt.Fprintf(s.out, "qjswasm     %s\n", module)
			fmt.Fprintf(s.out, "guest       %s\n", qjswasm.BuildID())
			fmt.Fprintf(s.out, "QuickJS-NG  %s\n", quickjsVersion)
			fmt.Fprintf(s.out, "wazero      %s\n", wazero)
			fmt.Fprintf(s.out, "Go          %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
