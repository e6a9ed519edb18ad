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
			fmt.Fprint(s.out, versions())
			return nil
		},
	}
}

// versions is a table of what the program is made of.
func versions() string {
	return fmt.Sprintf("qjswasm     %s\nguest       %s\nQuickJS-NG  %s\nwazero      %s\nGo          %s %s/%s\n",
		moduleVersion(), qjswasm.BuildID(), quickjsVersion, wazeroVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

func wazeroVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "github.com/tetratelabs/wazero" {
				return dep.Version
			}
		}
	}
	return "(unknown)"
}
