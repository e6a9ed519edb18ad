package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"
)

var errSIGINT = errors.New("interrupted by Ctrl-C")

// bounded returns a context that ends with the timeout and with Ctrl-C. The
// caller calls stop; until then a second Ctrl-C ends the program, in case the
// first one does not get through.
func (l *limits) bounded(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	release := func() {}
	if l.timeout > 0 {
		ctx, release = context.WithTimeout(ctx, time.Duration(l.timeout))
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		select {
		case <-signals:
			cancel(errSIGINT)
		case <-ctx.Done():
		}
		signal.Stop(signals)
	}()
	return ctx, func() {
		release()
		cancel(nil)
		signal.Stop(signals)
	}
}
