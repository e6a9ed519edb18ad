package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// FastschemaBuild are the flags of a build with the engine that needs a wazero of
// its own.
var FastschemaBuild = []string{"-modfile=fastschema.mod", "-tags=fastschema"}

// Build builds a command of this module with the flags given, into dir, and returns
// its path.
func Build(dir, command string, flags ...string) (string, error) {
	f, err := os.CreateTemp(dir, filepath.Base(command)+"-*.exe")
	if err != nil {
		return "", err
	}
	f.Close()
	args := append([]string{"build", "-o", f.Name()}, flags...)
	out, err := exec.Command("go", append(args, command)...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return f.Name(), err
}
