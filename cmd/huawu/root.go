package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"golang.org/x/text/message"

	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/media"
)

// app is one run of the program: what it reads and writes, and what its flags
// say. Tests run it in their own process.
type app struct {
	in       io.Reader
	out, err io.Writer
	// exit ends the process; only signals and a stuck loop use it.
	exit func(code int)
	// drivers makes the switches of a configuration.
	drivers func(*Config, *engine.Clock, *slog.Logger) ([]media.Switch, []prometheus.Collector, error)
	// ease, when set, may begin the process anew before it serves.
	ease func()
	// processors decides how many of them serve works on; nil in tests, which
	// share the process.
	processors func() *processors

	config    string
	server    string
	tokenFile string
	output    string
	lang      string
	say       *message.Printer
}

// run carries out one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	a.say = printer("")
	root := a.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.say = printer(a.lang) // a command line may be refused before its flags take effect
	if err != nil && !errors.Is(err, errFound) {
		fmt.Fprintf(a.err, "huawu: %s\n", a.words(err))
	}
	return exitCode(err)
}

func (a *app) rootCommand() *cobra.Command {
	root := group("huawu", "The control layer of a call centre over Asterisk",
		a.serveCommand(),
		a.queueCommand(),
		a.agentCommand(),
		a.callCommand(),
		a.callerCommand(),
		a.callbackCommand(),
		a.recordingCommand(),
		a.surveyCommand(),
		a.incidentCommand(),
		a.numberCommand(),
		a.trunkCommand(),
		a.routeCommand(),
		a.extensionCommand(),
		a.classCommand(),
		a.centreCommand(),
		a.applyCommand(),
		a.eventCommand(),
		a.auditCommand(),
		a.flowCommand(),
		a.phraseCommand(), a.normCommand(),
		a.sayCommand(),
		a.configCommand(),
		a.asteriskCommand(),
		a.doctorCommand(),
		a.releaseCommand(),
		a.whyCommand(),
		a.replayCommand(),
		a.simulateCommand(),
		a.versionCommand(),
	)
	root.Long = `huawu decides who waits where, who is offered which call and what the caller hears;
Asterisk carries the audio. "huawu serve" is the controller; the other commands talk
to one that runs, or work on files.

Exit codes: 0 done · 1 failed, or doctor found something wrong · 2 wrong usage ·
3 a file or an argument is wrong · 4 nobody answers · 5 not allowed · 6 not found ·
7 conflict · 8 try again later · 9 ended by a second signal, or as stuck.`
	root.Example = `  huawu serve --config huawu.yaml
  huawu queue list
  huawu agent sign-in 1001 PJSIP/1001 --ready
  huawu apply -f centre.yaml --dry-run
  huawu doctor`
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	flags := root.PersistentFlags()
	flags.StringVar(&a.config, "config", "", "configuration file (else HUAWU_CONFIG, ./huawu.yaml, /etc/huawu/huawu.yaml)")
	flags.StringVar(&a.server, "server", "", "huawu's API (else HUAWU_SERVER, the configuration's listen, http://127.0.0.1:8080)")
	flags.StringVar(&a.tokenFile, "token-file", "", "file with the bearer token (else HUAWU_TOKEN_FILE, the configuration's)")
	flags.StringVarP(&a.output, "output", "o", "table", "table or json")
	flags.StringVar(&a.lang, "lang", "", "language of messages, zh or en (else LC_ALL, LC_MESSAGES, LANG)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: %w; see %s --help", errUsage, err, cmd.CommandPath())
	})
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if a.output != "table" && a.output != "json" {
			return fmt.Errorf("%w: -o %s: want table or json", errUsage, a.output)
		}
		if a.lang != "" && a.lang != "zh" && a.lang != "en" {
			return fmt.Errorf("%w: --lang %s: want zh or en", errUsage, a.lang)
		}
		a.say = printer(a.lang)
		return nil
	}
	complete(root, "output", "table", "json")
	complete(root, "lang", "zh", "en")
	return root
}

// group is a command that only has others below it.
func group(use, short string, below ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			hint := ""
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = "; did you mean " + strings.Join(near, " or ") + "?"
			}
			return fmt.Errorf("%w: %s has no command %q%s", errUsage, cmd.CommandPath(), args[0], hint)
		},
	}
	c.SuggestionsMinimumDistance = 2
	c.AddCommand(below...)
	return c
}

// takes wants exactly the named arguments; those in brackets come last and may
// be left out.
func takes(names ...string) cobra.PositionalArgs {
	needed := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, "[") })
	if needed < 0 {
		needed = len(names)
	}
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < needed || len(args) > len(names) {
			want := "no arguments"
			if len(names) > 0 {
				want = strings.Join(names, " ")
			}
			return fmt.Errorf("%w: %s takes %s; see %s --help", errUsage, cmd.CommandPath(), want, cmd.CommandPath())
		}
		return nil
	}
}

// complete offers fixed values for a flag.
func complete(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil { // the flag is not defined: a mistake in this package
		panic(err)
	}
}
