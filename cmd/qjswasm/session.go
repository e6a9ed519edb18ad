package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qjswasm/qjswasm"
)

// session is a runtime with what surrounds it.
type session struct {
	*console
	limits  *limits
	rt      *qjswasm.Runtime
	loader  *loader
	timers  *timers
	started time.Time

	// Functions of the guest, taken before a script can replace them.
	consoleError *qjswasm.Value
	consoleDir   *qjswasm.Value

	sources  map[string]string // what has been evaluated, by name, for carets
	rejected []*qjswasm.Error
}

// newSession starts a runtime. readDefault are the folders that imports may be
// read from when no flag says so.
func newSession(ctx context.Context, s *streams, l *limits, scriptArgs []string, readDefault ...string) (*session, error) {
	folders := []string(l.allowRead)
	if len(folders) == 0 {
		folders = readDefault
	}
	loader, err := newLoader(folders, int64(l.memory))
	if err != nil {
		return nil, err
	}
	ses := &session{console: newConsole(s), limits: l, loader: loader, sources: map[string]string{}}
	if err := ses.start(ctx, scriptArgs); err != nil {
		if errors.Is(err, qjswasm.ErrFuel) { // which what the command sets up uses too
			ses.report(err)
			err = &statusError{status: exitTimeout}
		}
		ses.close()
		return nil, err
	}
	return ses, nil
}

func (s *session) start(ctx context.Context, scriptArgs []string) (err error) {
	o := s.limits.options()
	o.ConsoleLimit = -1 // who runs a command can stop it
	o.Stdout, o.ColorStdout = s.stdout(), s.colorOut
	o.Stderr, o.ColorStderr = s.stderr(), s.colorErr
	o.Modules = s.loader
	o.OnUnhandledRejection = func(e *qjswasm.Error) { s.rejected = append(s.rejected, e) }
	if s.rt, err = qjswasm.New(ctx, &o); err != nil {
		return &usageError{text: fmt.Sprintf("cannot start with --memory=%v --stack=%v: %s", &s.limits.memory, &s.limits.stack, plain(err))}
	}
	if s.consoleError, err = s.rt.Eval(ctx, "console.error"); err != nil {
		return err
	}
	if s.consoleDir, err = s.rt.Eval(ctx, "console.dir"); err != nil {
		return err
	}
	if s.limits.without.has(qjswasm.IntrinsicConsole) {
		if _, err := s.rt.Global().Delete("console"); err != nil {
			return err
		}
	}
	if s.timers, err = newTimers(ctx, s.rt, !s.limits.without.has(qjswasm.IntrinsicPromise)); err != nil {
		return err
	}
	if err := s.rt.Set("scriptArgs", append([]string{}, scriptArgs...)); err != nil {
		return err
	}
	s.started = time.Now()
	return nil
}

// close frees the runtime and flushes the output.
func (s *session) close() error {
	if s.rt != nil {
		s.rt.Close()
	}
	s.loader.close()
	if err := s.flush(); err != nil {
		return &statusError{exitException, "cannot write the output: " + reason(err)}
	}
	return nil
}

// eval evaluates a source and then whatever it has left to do: promise jobs and
// timers, until none is left.
func (s *session) eval(ctx context.Context, src qjswasm.Source) (*qjswasm.Value, error) {
	s.sources[src.Name] = src.Code
	s.rejected = nil
	v, err := s.rt.EvalSource(ctx, src)
	if err != nil {
		return nil, s.first(err)
	}
	return v, s.drain(ctx)
}

// first returns what a timer threw, if it did, since that was before err.
func (s *session) first(err error) error {
	if failed := s.timers.failed(); failed != nil && !errors.Is(err, qjswasm.ErrInterrupted) {
		return failed
	}
	return err
}

func (s *session) drain(ctx context.Context) error {
	for {
		if _, err := s.rt.RunJobs(ctx); err != nil {
			return err
		}
		if err := s.timers.failed(); err != nil {
			return err
		}
		if len(s.rejected) > 0 {
			err := rejections(s.rejected)
			s.rejected = nil
			return err
		}
		if s.timers.idle() {
			return nil
		}
		// It may be long until the next timer: show what there is.
		if err := s.flush(); err != nil {
			return err
		}
		if err := s.timers.wait(ctx); err != nil {
			return err
		}
	}
}

// show prints a value as a REPL does: inspected, strings in quotes. It runs no
// code of the script.
func (s *session) show(ctx context.Context, v *qjswasm.Value) error {
	_, err := s.consoleDir.Call(ctx, nil, v)
	return err
}

// finish is the end of a command: it reports err and the statistics, closes the
// session and returns the status to exit with.
func (s *session) finish(err error) error {
	if err != nil {
		s.report(err)
	}
	if s.limits.stats {
		s.printStats(s.stderr())
	}
	status := statusOf(err)
	if err := s.close(); err != nil && status == exitOK {
		return err
	}
	if status == exitOK {
		return nil
	}
	return &statusError{status: status}
}

// rejections are promises that nobody handled.
type rejections []*qjswasm.Error

func (r rejections) Error() string { return "unhandled promise rejection: " + r[0].Error() }

func (r rejections) Unwrap() []error {
	errs := make([]error, len(r))
	for i, e := range r {
		errs[i] = e
	}
	return errs
}

// isDead tells whether the runtime broke down, so that it can only be closed.
func isDead(err error) bool { return errors.Is(err, qjswasm.ErrDead) }
