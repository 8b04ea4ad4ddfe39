package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

// The commands of this file work on files; they need no huawu that runs.

func (a *app) configCommand() *cobra.Command {
	check := &cobra.Command{
		Use: "check [FILE]", Short: "Check a configuration without starting anything",
		Example: "  huawu config check\n  huawu config check /etc/huawu/huawu.yaml",
		Args:    atMostOne,
		RunE: func(_ *cobra.Command, args []string) error {
			path := a.config
			if len(args) > 0 {
				path = args[0]
			}
			path = findConfig(path)
			c, err := loadConfig(path)
			if err != nil {
				return err
			}
			for _, s := range c.Switches {
				if _, err := s.asterisk(slog.New(slog.DiscardHandler)); err != nil {
					return err
				}
			}
			if _, err := c.dsn(); err != nil {
				return err
			}
			return a.show(map[string]string{"config": path, "outcome": "right"}, func() { a.line("the configuration %s is right", path) })
		},
	}
	return group("config", "Check the configuration", check)
}

func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%w: %s takes one file; see %s --help", errUsage, cmd.CommandPath(), cmd.CommandPath())
	}
	return nil
}

func (a *app) flowCommand() *cobra.Command {
	check := &cobra.Command{
		Use: "check FILE...", Short: "Check flows, or whole centres, without applying them",
		Long: `Checks files that hold one flow each, or a centre with its flows. A flow by itself may
name any queue and any table of hours: only the centre knows which there are. Prompts are
neither looked for nor made; "apply --dry-run" does that.`,
		Example: "  huawu flow check main.yaml\n  huawu flow check centre.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%w: flow check needs a file", errUsage)
			}
			var wrong strict.Errors
			checked := []map[string]string{}
			for _, file := range args {
				src, err := a.read(file)
				if err != nil {
					return err
				}
				ids, problems := checkFlows(cmd.Context(), file, src)
				wrong.Problems = append(wrong.Problems, problems...)
				if !has(src, "nodes") {
					checked = append(checked, map[string]string{"file": file})
				}
				for _, id := range ids {
					checked = append(checked, map[string]string{"file": file, "flow": string(id)})
				}
			}
			if len(wrong.Problems) > 0 {
				return &wrong
			}
			return a.show(checked, func() {
				for _, c := range checked {
					if c["flow"] == "" {
						a.line("the centre in %s is right", c["file"])
						continue
					}
					a.line("the flow %s in %s is right", c["flow"], c["file"])
				}
			})
		},
	}
	return group("flow", "Check flows", check)
}

// checkFlows checks a file that holds a flow or a centre.
func checkFlows(ctx context.Context, file string, src []byte) ([]fact.FlowID, []strict.Problem) {
	if !has(src, "nodes") {
		return checkCentre(ctx, file, src)
	}
	f, err := flow.Parse(file, src)
	if err != nil {
		return nil, problemsOf(file, err)
	}
	var refs flow.Refs
	for _, n := range f.Nodes {
		if n.Enqueue != nil {
			refs.Queues = append(refs.Queues, n.Enqueue.Queue)
		}
		if n.Hours != nil {
			refs.Hours = append(refs.Hours, n.Hours.Table)
		}
	}
	for _, p := range f.Prompts() {
		if p.Queue != "" {
			refs.Queues = append(refs.Queues, p.Queue)
		}
	}
	var problems []strict.Problem
	for _, p := range f.Check(refs) {
		problems = append(problems, strict.Problem{File: p.File, Line: p.Line, Field: p.Node, What: p.What, Remedy: p.Remedy})
	}
	return []fact.FlowID{f.ID}, problems
}

func checkCentre(ctx context.Context, file string, src []byte) ([]fact.FlowID, []strict.Problem) {
	d, err := api.ParseDocument(file, src)
	if err == nil {
		_, err = api.Compiler{Tenant: tenant}.Compile(ctx, file, src, d)
	}
	if err != nil {
		return nil, problemsOf(file, err)
	}
	var ids []fact.FlowID
	for _, f := range d.Flows {
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// has says whether a document has a key at its top.
func has(src []byte, key string) bool {
	line, column := strict.Locate(src, key)
	top, left := strict.Locate(src, "")
	return line != top || column != left
}

func problemsOf(file string, err error) []strict.Problem {
	if wrong := (*strict.Errors)(nil); errors.As(err, &wrong) {
		return wrong.Problems
	}
	return []strict.Problem{{File: file, What: err.Error()}}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  huawu version", Args: takes(),
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{"version": version(), "go": runtime.Version()}
			return a.show(v, func() { fmt.Fprintf(a.out, "huawu %s (%s)\n", v["version"], v["go"]) })
		},
	}
}
