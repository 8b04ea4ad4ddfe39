package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// app is one run of the program: what it reads and writes, and what its flags
// say. Tests run it in their own process.
type app struct {
	in       io.Reader
	out, err io.Writer
	// exit ends the process; only signals and a stuck loop use it.
	exit func(code int)

	config string
}

// run carries out one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintf(a.err, "huawu: %v\n", err)
	}
	return exitCode(err)
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "huawu",
		Short:         "The control layer of a call centre over Asterisk",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.PersistentFlags().StringVar(&a.config, "config", "", "configuration file (HUAWU_CONFIG, ./huawu.yaml, /etc/huawu/huawu.yaml)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	root.AddCommand(a.serveCommand())
	return root
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%w: %s takes no arguments, not %q", errUsage, cmd.CommandPath(), args[0])
	}
	return nil
}
