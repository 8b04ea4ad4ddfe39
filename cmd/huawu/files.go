package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/engine"
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

func (a *app) replayCommand() *cobra.Command {
	var against string
	c := &cobra.Command{
		Use: "replay DIR", Short: "Replay a journal and print every effect",
		Long: `Steps a centre through a journal, as far back as it reaches, and prints every effect as
one line "<seq> <n> <effect>": what a production fault did, on a desk. DIR is a journal's
folder, or a data directory with one in it; it is only read. With --against the effects
are compared with a file that huawu wrote ("journal: {effects: true}") instead.`,
		Example: "  huawu replay data > effects.txt\n  huawu replay /tmp/copy/journal --against /tmp/copy/journal/effects.log",
		Args:    takes("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if inner := filepath.Join(dir, "journal"); isDir(inner) {
				dir = inner
			}
			if !isDir(dir) {
				return fmt.Errorf("replay: %s is no folder: %w", dir, fs.ErrNotExist)
			}
			o := engine.ReplayOptions{Dir: dir, New: newMachine, Restore: restoreMachine, Log: slog.New(slog.NewTextHandler(a.err, nil))}
			if against != "" {
				return a.compare(o, against)
			}
			w := bufio.NewWriter(a.out)
			done, err := engine.Replay(o, w)
			if err := errors.Join(err, w.Flush()); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "replayed inputs %d to %d\n", done.First, done.Last)
			return nil
		},
	}
	c.Flags().StringVar(&against, "against", "", "compare with this file of effects")
	return c
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// compare replays against a file of effects and tells the first difference.
func (a *app) compare(o engine.ReplayOptions, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	defer f.Close()
	c := &comparison{want: bufio.NewReader(f)}
	done, err := engine.Replay(o, c)
	if err != nil {
		return err
	}
	if err := c.end(); err != nil {
		return err
	}
	return a.show(map[string]any{"first": done.First, "last": done.Last, "effects": c.line, "outcome": "same"}, func() {
		fmt.Fprintf(a.out, "inputs %d to %d: %d effects, all the same\n", done.First, done.Last, c.line)
	})
}

// comparison takes replayed effects and stops at the first line that differs
// from a file's.
type comparison struct {
	want *bufio.Reader
	rest []byte // of a line that is not whole yet
	line int
}

func (c *comparison) Write(p []byte) (int, error) {
	c.rest = append(c.rest, p...)
	for {
		i := bytes.IndexByte(c.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		want, err := c.want.ReadString('\n')
		if err != nil && err != io.EOF {
			return 0, err
		}
		c.line++
		if got := string(c.rest[:i+1]); got != want {
			return 0, fmt.Errorf("line %d differs: %w\n- %s+ %s", c.line, errDiffers, want, got)
		}
		c.rest = c.rest[i+1:]
	}
}

// errDiffers says that a replay gave other effects.
var errDiffers = errors.New("the replay gives other effects")

// end says whether the file has more than the replay.
func (c *comparison) end() error {
	if more, err := c.want.ReadString('\n'); err == nil {
		return fmt.Errorf("line %d is missing: %w\n- %s", c.line+1, errDiffers, more)
	}
	return nil
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
