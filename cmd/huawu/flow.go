package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
	"github.com/huawu/huawu/voice"
)

func (a *app) flowCommand() *cobra.Command {
	return group("flow", "Check, try and draw flows; look at their versions and go back", a.flowCheck(), a.flowTest(), a.flowDraw(), a.flowSchema(),
		a.flowList(), a.flowShow(), a.flowHistory(), a.flowDiff(), a.flowRollback())
}

// flowFindings are what flow check prints as JSON.
type flowFindings struct {
	Checked []checkedFlow    `json:"checked"`
	Wrong   []strict.Problem `json:"wrong"`
	Odd     []strict.Problem `json:"odd"`
}

// checkedFlow is a flow that was checked, or a whole centre.
type checkedFlow struct {
	File string      `json:"file"`
	Flow fact.FlowID `json:"flow,omitempty"`
}

func (a *app) flowCheck() *cobra.Command {
	var prompts string
	var pedantic bool
	c := &cobra.Command{
		Use: "check FILE...", Short: "Check flows, or whole centres, without applying them",
		Long: `Checks files that hold one flow each, or a centre with its flows: unknown keys and nodes,
dead ends, nodes that nothing leads to, loops without an end, queues and hours that are not
there. What is wrong is told with line and remedy and makes the exit code 3. What is only
odd, such as a condition that can never hold, is told and may stay; with --strict it makes
the exit code 3, too.

A flow by itself may name any queue and any table of hours: only the centre knows which
there are. --prompts looks for recordings in a prompt folder; texts are not spoken, "apply
--dry-run" does that.`,
		Example: "  huawu flow check main.yaml\n  huawu flow check centre.yaml --prompts /var/lib/huawu/prompts\n  huawu flow check --strict -o json flows/*.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%w: flow check needs a file", errUsage)
			}
			found := flowFindings{Checked: []checkedFlow{}, Wrong: []strict.Problem{}, Odd: []strict.Problem{}}
			var studio *voice.Studio
			if prompts != "" {
				cache, err := os.MkdirTemp("", "huawu-check")
				if err != nil {
					return fmt.Errorf("look for recordings: %w", err)
				}
				defer os.RemoveAll(cache)
				if studio, err = voice.New(voice.Config{Recorded: prompts, Cache: cache}); err != nil {
					return fmt.Errorf("look for recordings: %w", err)
				}
			}
			for _, file := range args {
				src, err := a.read(file)
				if err != nil {
					return err
				}
				found.check(cmd.Context(), file, src, studio)
			}
			if pedantic {
				found.Wrong, found.Odd = append(found.Wrong, found.Odd...), []strict.Problem{}
			}
			return a.tellFlows(found)
		},
	}
	c.Flags().StringVar(&prompts, "prompts", "", "the prompt folder, to look for recordings in")
	c.Flags().BoolVar(&pedantic, "strict", false, "let what is odd be wrong")
	return c
}

func (a *app) tellFlows(found flowFindings) error {
	wrong := &strict.Errors{Problems: found.Wrong}
	if a.output == "json" {
		if err := a.show(found, nil); err != nil || len(found.Wrong) == 0 {
			return err
		}
		return wrong
	}
	for _, p := range found.Odd {
		a.line("odd: %v", p.String())
	}
	if len(found.Wrong) > 0 {
		return wrong
	}
	for _, c := range found.Checked {
		if c.Flow == "" {
			a.line("the centre in %s is right", c.File)
			continue
		}
		a.line("the flow %s in %s is right", string(c.Flow), c.File)
	}
	return nil
}

// check checks a file that holds a flow or a centre.
func (f *flowFindings) check(ctx context.Context, file string, src []byte, studio *voice.Studio) {
	flows, hours, problems := readFlows(ctx, file, src)
	f.Wrong = append(f.Wrong, problems...)
	if !has(src, "nodes") {
		f.Checked = append(f.Checked, checkedFlow{File: file})
	}
	tables := map[string]*calendar.Table{}
	for _, h := range hours {
		if table, err := calendar.Compile(h); err == nil {
			tables[h.ID] = table
		}
	}
	for _, one := range flows {
		f.Checked = append(f.Checked, checkedFlow{File: file, Flow: one.ID})
		if len(problems) == 0 {
			for _, p := range one.Odd(tables, time.Now()) {
				f.Odd = append(f.Odd, problemOf(p))
			}
		}
		if studio != nil {
			f.Wrong = append(f.Wrong, unrecorded(ctx, one, studio)...)
		}
	}
}

// unrecorded are the recordings that a flow names and that cannot be heard.
func unrecorded(ctx context.Context, f *flow.Flow, studio *voice.Studio) []strict.Problem {
	var all []strict.Problem
	for i := range f.Nodes {
		n := &f.Nodes[i]
		for _, h := range n.Names().Prompts {
			for _, p := range h.Prompts {
				if p.File == "" {
					continue
				}
				_, err := studio.Resolve(ctx, voice.Prompt{File: p.File, Language: cmp.Or(p.Language, f.Language, flow.DefaultLanguage)})
				if err == nil {
					continue
				}
				what, remedy, _ := strings.Cut(err.Error(), "; ")
				all = append(all, strict.Problem{File: f.File, Line: n.Line, Field: n.ID + "." + h.Name, What: what, Remedy: remedy})
			}
		}
	}
	return all
}

// readFlows reads and checks a file that holds a flow or a centre, with the
// tables of hours that the flows may ask for.
func readFlows(ctx context.Context, file string, src []byte) ([]*flow.Flow, []calendar.Hours, []strict.Problem) {
	if !has(src, "nodes") {
		return readCentre(ctx, file, src)
	}
	f, err := flow.Parse(file, src)
	if err != nil {
		return nil, nil, problemsOf(file, err)
	}
	shipped, err := flow.Shipped()
	if err != nil {
		return nil, nil, problemsOf(file, err)
	}
	// It may lead through shipped flows; of others only a document knows.
	flow.Link(append([]*flow.Flow{f}, slices.DeleteFunc(shipped, func(s *flow.Flow) bool { return s.ID == f.ID })...))
	refs := flow.Refs{Scene: api.CheckScene}
	for i := range f.Nodes {
		names := f.Nodes[i].Names()
		if names.Queue != "" {
			refs.Queues = append(refs.Queues, names.Queue)
		}
		if names.Hours != "" {
			refs.Hours = append(refs.Hours, names.Hours)
		}
	}
	for _, p := range f.Prompts() {
		if p.Queue != "" {
			refs.Queues = append(refs.Queues, p.Queue)
		}
	}
	var problems []strict.Problem
	for _, p := range f.Check(refs) {
		problems = append(problems, problemOf(p))
	}
	return []*flow.Flow{f}, nil, problems
}

func readCentre(ctx context.Context, file string, src []byte) ([]*flow.Flow, []calendar.Hours, []strict.Problem) {
	d, err := api.ParseDocument(file, src)
	if err != nil {
		return nil, nil, problemsOf(file, err)
	}
	hours := make([]calendar.Hours, len(d.Hours))
	for i, h := range d.Hours {
		h.Zone = cmp.Or(h.Zone, d.Zone)
		hours[i] = h
	}
	if _, err = (api.Compiler{Tenant: tenant}).Compile(ctx, file, src, d); err != nil {
		return d.Flows, hours, problemsOf(file, err)
	}
	return d.Flows, hours, nil
}

func problemOf(p flow.Problem) strict.Problem {
	return strict.Problem{File: p.File, Line: p.Line, Field: p.Node, What: p.What, Remedy: p.Remedy}
}

func (a *app) flowSchema() *cobra.Command {
	var centre bool
	c := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of flows, for editors",
		Long: `Prints the JSON Schema (draft 7) of a flow in a file of its own, or with --centre of a whole
document. An editor that knows it completes keys and marks mistakes while you write; a huawu
that runs serves both at /api/v1/schemas/flow.json and centre.json. What a schema cannot say,
such as where nodes lead, "flow check" does.`,
		Example: "  huawu flow schema > flow.schema.json\n  huawu flow schema --centre > centre.schema.json",
		Args:    takes(),
		RunE: func(*cobra.Command, []string) error {
			schema := flow.Schema
			if centre {
				schema = api.CentreSchema
			}
			text, err := schema()
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
	c.Flags().BoolVar(&centre, "centre", false, "of the centre's document")
	return c
}
