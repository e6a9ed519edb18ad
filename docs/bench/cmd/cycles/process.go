package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// start runs a shape in a process of its own: limits are per process, and a crash
// is a result.
func start(program, library string, s shape) report {
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-child", library, "-run", s.Name, "-n", strconv.Itoa(*count))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var r report
	if err == nil {
		if err = json.Unmarshal(stdout.Bytes(), &r); err == nil {
			return r
		}
	}
	made, reason := lastWords(stderr.String())
	if ctx.Err() != nil {
		reason = fmt.Sprintf("not done after %v", *timeout)
	} else if reason == "" {
		reason = err.Error()
	}
	return report{Cycles: made, Closures: made * s.closures, Kept: -1, Stopped: reason}
}

// lastWords finds how far a process came and the first line of what it died of.
func lastWords(stderr string) (made int, reason string) {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if n, ok := strings.CutPrefix(line, progressPrefix); ok {
			made, _ = strconv.Atoi(n)
		} else if reason == "" {
			reason = line
		}
	}
	return made, reason
}
