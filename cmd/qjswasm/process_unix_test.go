//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is how long a process of these tests may take for one step.
const patience = time.Minute

var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "qjswasm-test")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "qjswasm")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = errors.New(err.Error() + ": " + string(out))
	}
	return path, err
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// transcript is output that a test can wait for.
type transcript struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *transcript) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

func (s *transcript) waitFor(t *testing.T, text string) {
	t.Helper()
	s.waitUntil(t, text, func(all string) bool { return strings.Contains(all, text) })
}

func (s *transcript) waitUntil(t *testing.T, text string, arrived func(all string) bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !arrived(s.String()); time.Sleep(5 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "no %q in\n%s", text, s)
	}
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir(), "TERM=xterm")
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

func TestInterrupt(t *testing.T) {
	for name, code := range map[string]string{
		"loop":  "console.error('ready'); for (;;);",
		"timer": "console.error('ready'); setTimeout(() => {}, 1e9)",
	} {
		t.Run(name, func(t *testing.T) {
			var errOut transcript
			cmd := command(t, "eval", code)
			cmd.Stderr = &errOut
			require.NoError(t, cmd.Start())
			errOut.waitFor(t, "ready\n")
			require.NoError(t, cmd.Process.Signal(os.Interrupt))
			_ = cmd.Wait()
			assert.Equal(t, exitInterrupt, cmd.ProcessState.ExitCode())
			assert.Equal(t, "ready\nqjswasm: interrupted\n", errOut.String())
		})
	}
}

// A module that is a named pipe must not hold up the run.
func TestImportNamedPipe(t *testing.T) {
	write(t, map[string]string{"main.mjs": "import './pipe'"})
	require.NoError(t, syscall.Mkfifo("pipe", 0o666))
	assert.Equal(t, result{1, "", "Uncaught Error: cannot import \"pipe\": is not a regular file\n"}, invoke("", "run", "main.mjs"))
}

// In the REPL, Ctrl-C stops the input that runs and no more.
func TestInterruptREPL(t *testing.T) {
	var out, errOut transcript
	cmd := command(t, "repl")
	cmd.Stdout, cmd.Stderr = &out, &errOut
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = io.WriteString(in, "var kept = 5\nconsole.error('ready'); for (;;);\nkept + 1\n")
	require.NoError(t, err)
	errOut.waitFor(t, "ready\n")
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.NoError(t, in.Close())
	require.NoError(t, cmd.Wait())
	assert.Equal(t, "6\n", out.String())
	assert.Equal(t, "ready\nqjswasm: interrupted\n", errOut.String())
}
