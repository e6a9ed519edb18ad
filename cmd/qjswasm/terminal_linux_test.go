package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// openTerminal returns the two ends of a pseudo terminal.
func openTerminal(t *testing.T) (keyboard, terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("there are no pseudo terminals: ", err)
	}
	t.Cleanup(func() { keyboard.Close() })
	fd := int(keyboard.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100}))
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { terminal.Close() })
	return keyboard, terminal
}

func TestREPLOnTerminal(t *testing.T) {
	keyboard, terminal := openTerminal(t)
	cmd := command(t, "repl")
	config := t.TempDir()
	cmd.Env = append(cmd.Env, "XDG_CONFIG_HOME="+config, "NO_COLOR=")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, cmd.Start())
	var screen transcript
	go io.Copy(&screen, keyboard)
	press := func(keys, answer string) {
		t.Helper()
		before := len(screen.String())
		_, err := io.WriteString(keyboard, keys)
		require.NoError(t, err)
		screen.waitUntil(t, answer, func(s string) bool { return strings.Contains(s[before:], answer) })
	}
	// Until the prompt is there, Ctrl-C is for what ran before.
	prompt := func(text string) {
		t.Helper()
		screen.waitUntil(t, text, func(s string) bool { return strings.HasSuffix(s, text) })
	}
	prompt("> ")
	press("const answer = { deep: 42 }\r", "\n")
	prompt("> ")
	press("answ\t.de\t\r", "\x1b[33m42\x1b[39m") // completed, coloured
	prompt("> ")
	press("'al' +\r", "\n... ")
	prompt("... ")
	press("'bum'\r", "'album'")
	prompt("> ")
	press("half a line\x03", "^C")
	prompt("> ")
	press("\x03", ".exit)")
	prompt("> ")
	press("console.log('run' + 'ning'); for (;;);\r", "running")
	press("\x03", "interrupted")
	prompt("> ")
	press("'still ' + 'here'\r", "'still here'")
	prompt("> ")
	press("\x04", "")
	require.NoError(t, cmd.Wait())
	b, err := os.ReadFile(filepath.Join(config, "qjswasm", "history"))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(b), "const answer = { deep: 42 }\nanswer.deep\n'al' +\n'bum'\n"), "%s", b)
}
