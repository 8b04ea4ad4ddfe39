package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	exitMissing     = 1 // something that was to be shown was not
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	// A second signal ends the process at once; its children end with it.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the command line.
type options struct {
	binary string
	dir    string
	host   string
	stay   bool
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var o options
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&o.binary, "huawu", "", "the built `program`; \"\" builds it")
	flags.StringVar(&o.dir, "dir", "", "`folder` for everything; \"\" makes one under run/")
	flags.BoolVar(&o.stay, "stay", false, "place no calls, stay for softphones until Ctrl-C")
	flags.StringVar(&o.host, "host", loopback, "with -stay: the `address`[:port] of this machine that phones register with")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(errs, "demo: %q is not understood; see -help\n", flags.Arg(0))
		return exitUsage
	}
	act := show
	if o.stay {
		act = stay
	}
	err := act(ctx, o, out)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(errs, "demo: interrupted; everything is stopped")
		return exitInterrupted
	default:
		fmt.Fprintf(errs, "demo: %v\n", err)
		return exitMissing
	}
}
