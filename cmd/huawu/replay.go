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
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

func (a *app) replayCommand() *cobra.Command {
	var against, compare, with string
	var decisions bool
	c := &cobra.Command{
		Use: "replay DIR", Short: "Replay a journal: every effect, every decision, or the first that differs",
		Long: `Steps a centre through a journal, as far back as it reaches, and prints every effect as
one line "<seq> <n> <effect>": what a production fault did, on a desk. DIR is a journal's
folder, or a data directory with one in it; it is only read. With --against the effects
are compared with a file that huawu wrote ("journal: {effects: true}") instead.

--decisions prints who was put where and offered whom, a line each, with what an offer's
ranks were made of. --compare holds this huawu's decisions to a file of another version's or
machine's; --with replays the journal with another centre beside its own. Both end at the
first decision that differs and explain it.`,
		Example: `  huawu replay data > effects.txt
  huawu replay /tmp/copy/journal --against /tmp/copy/journal/effects.log
  huawu replay data --decisions > before.txt
  huawu replay data --compare before.txt
  huawu replay data --with centre.yaml`,
		Args: takes("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen := 0
			for _, on := range []bool{against != "", compare != "", with != "", decisions} {
				if on {
					chosen++
				}
			}
			if chosen > 1 {
				return fmt.Errorf("%w: --against, --decisions, --compare and --with exclude each other", errUsage)
			}
			dir := args[0]
			if inner := filepath.Join(dir, "journal"); isDir(inner) {
				dir = inner
			}
			if !isDir(dir) {
				return fmt.Errorf("replay: %s is no folder: %w", dir, fs.ErrNotExist)
			}
			o := engine.ReplayOptions{Dir: dir, New: newMachine, Restore: restoreMachine, Log: slog.New(slog.NewTextHandler(a.err, nil))}
			switch {
			case against != "":
				return a.compare(o, against)
			case compare != "":
				return a.compareDecisions(o, compare)
			case with != "":
				return a.compareWith(cmd.Context(), o, with)
			}
			w := bufio.NewWriter(a.out)
			var done engine.Replayed
			var err error
			if decisions {
				done, err = engine.ReplayDecisions(o, func(d engine.Decision, _ engine.Machine) error {
					_, err := fmt.Fprintln(w, d)
					return err
				})
			} else {
				done, err = engine.Replay(o, w)
			}
			if err := errors.Join(err, w.Flush()); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "replayed inputs %d to %d\n", done.First, done.Last)
			return nil
		},
	}
	c.Flags().StringVar(&against, "against", "", "compare with this file of effects")
	c.Flags().BoolVar(&decisions, "decisions", false, "print decisions instead of effects")
	c.Flags().StringVar(&compare, "compare", "", "compare with this file of decisions")
	c.Flags().StringVar(&with, "with", "", "compare with this centre's document, - for standard input")
	return c
}

// compareDecisions replays against a file of decisions.
func (a *app) compareDecisions(o engine.ReplayOptions, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	n := 0
	next := func() string {
		if !lines.Scan() {
			return ""
		}
		n++
		return lines.Text()
	}
	_, err = engine.ReplayDecisions(o, func(d engine.Decision, m engine.Machine) error {
		if was := next(); engine.HeadOf(was) != d.Head() {
			return a.differs(was, d.String(), sided{"+", d, m})
		}
		return nil
	})
	if err == nil {
		if was := next(); was != "" {
			err = a.differs(was, "")
		}
	}
	if err := errors.Join(err, lines.Err()); err != nil {
		return err
	}
	return a.alike(n)
}

// compareWith replays with another centre beside the journal's own.
func (a *app) compareWith(ctx context.Context, o engine.ReplayOptions, file string) error {
	src, err := a.read(file)
	if err != nil {
		return err
	}
	d, err := api.ParseDocument(file, src)
	if err != nil {
		return err
	}
	// Nothing is played: any path will do.
	resolve := func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) { return p.Key(), nil }
	config, err := api.Compiler{Tenant: tenant, Resolve: resolve}.Compile(ctx, file, src, d)
	if err != nil {
		return err
	}
	n, err := engine.CompareWith(o, config)
	first := (*engine.Difference)(nil)
	if !errors.As(err, &first) {
		if err != nil {
			return err
		}
		return a.alike(n)
	}
	line := func(d *engine.Decision) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	about := first.Was
	if about == nil {
		about = first.Is
	}
	return a.differs(line(first.Was), line(first.Is), sided{"-", *about, first.Old}, sided{"+", *about, first.New})
}

func (a *app) alike(decisions int) error {
	return a.show(map[string]any{"decisions": decisions, "outcome": "same"}, func() {
		fmt.Fprintf(a.out, "%d decisions, all the same\n", decisions)
	})
}

// sided is a decision, and the machine of one side that can explain it.
type sided struct {
	side     string
	decision engine.Decision
	machine  engine.Machine
}

// differs prints the first decision that differs, "" for none there, with the
// explanations of the sides that have a machine.
func (a *app) differs(was, is string, sides ...sided) error {
	answer := map[string]any{"outcome": "different", "was": was, "is": is}
	var why []center.Answer
	for _, s := range sides {
		w, err := s.decision.Explain(s.machine)
		if err != nil { // a call that only the other side has
			w = center.Answer{}
		}
		why = append(why, w)
		answer[map[string]string{"-": "why_was", "+": "why_is"}[s.side]] = w
	}
	err := a.show(answer, func() {
		or := func(line string) string {
			if line == "" {
				return "(no decision)"
			}
			return line
		}
		fmt.Fprintf(a.out, "the first decision that differs:\n- %s\n+ %s\n", or(was), or(is))
		for i, s := range sides {
			fmt.Fprintf(a.out, "\n%s %s\n", s.side, strings.Repeat("-", 20))
			a.explain(why[i])
		}
	})
	return errors.Join(errFound, err)
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
