package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/rehearse"
	"github.com/huawu/huawu/scripts/strict"
)

// rehearsals are what flow test prints as JSON.
type rehearsals struct {
	Passed  int               `json:"passed"`
	Failed  int               `json:"failed"`
	Results []rehearse.Result `json:"results"`
}

func (a *app) flowTest() *cobra.Command {
	var verbose bool
	var only string
	c := &cobra.Command{
		Use: "test FILE...", Short: "Try flows by scenarios, without a switch",
		Long: `Plays the scenarios of files on their flows: what the caller presses and when, silence,
hang-up, the wall clock, what becomes of the line and of deeds. What is heard, the nodes, the
variables and the end are held to what the scenario expects. The flow runs as in a call, on a
clock of its own, so that hours pass in no time. docs/flows.md shows what scenario files hold.

A failure shows what was expected ("-"), what came ("+") and the transcript; the exit code
is 1 then.`,
		Example: "  huawu flow test main.test.yaml\n  huawu flow test --verbose --scenario closed tests/*.yaml\n  huawu flow test -o json tests/*.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%w: flow test needs a file of scenarios", errUsage)
			}
			all := rehearsals{Results: []rehearse.Result{}}
			for _, file := range args {
				results, err := a.rehearse(cmd.Context(), file, only)
				if err != nil {
					return err
				}
				all.Results = append(all.Results, results...)
			}
			if only != "" && len(all.Results) == 0 {
				return fmt.Errorf("%w: no scenario is named %q", errUsage, only)
			}
			for _, r := range all.Results {
				if len(r.Failures) > 0 {
					all.Failed++
				} else {
					all.Passed++
				}
			}
			if err := a.show(all, func() { a.tellRehearsals(all, verbose) }); err != nil || all.Failed == 0 {
				return err
			}
			return errFound
		},
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "show the transcripts of all scenarios, not only of those that fail")
	c.Flags().StringVar(&only, "scenario", "", "only the scenario of this name")
	return c
}

// rehearse plays a file of scenarios.
func (a *app) rehearse(ctx context.Context, file, only string) ([]rehearse.Result, error) {
	src, err := a.read(file)
	if err != nil {
		return nil, err
	}
	s, err := rehearse.Parse(file, src)
	if err != nil {
		return nil, err
	}
	f, tables, err := a.rehearsed(ctx, file, src, s)
	if err != nil {
		return nil, err
	}
	if only != "" {
		s.Scenarios = slices.DeleteFunc(s.Scenarios, func(c rehearse.Scenario) bool { return c.Name != only })
	}
	return s.Run(f, tables, center.CallerClass)
}

// rehearsed is the flow that a file of scenarios is for, checked, and the tables
// of hours beside it.
func (a *app) rehearsed(ctx context.Context, file string, src []byte, s *rehearse.Script) (*flow.Flow, map[string]*calendar.Table, error) {
	wrong := func(field, what, remedy string) error {
		line, column := strict.Locate(src, field)
		return &strict.Errors{Problems: []strict.Problem{{File: file, Line: line, Column: column, Field: field, What: what, Remedy: remedy}}}
	}
	if s.Country != "" && !slices.Contains(center.Countries(), s.Country) {
		return nil, nil, wrong("country", fmt.Sprintf("the numbers of %q are not known", s.Country), "write one of "+strings.Join(center.Countries(), ", "))
	}
	flows, hours := []*flow.Flow(nil), s.Hours
	if s.File == "" {
		all, err := flow.Shipped()
		if err != nil {
			return nil, nil, err
		}
		flows = all
	} else {
		path := s.File
		if !filepath.IsAbs(path) && file != "-" {
			path = filepath.Join(filepath.Dir(file), path)
		}
		body, err := a.read(path)
		if err != nil {
			return nil, nil, wrong("file", err.Error(), "name it relative to "+file)
		}
		var problems []strict.Problem
		var more []calendar.Hours
		if flows, more, problems = readFlows(ctx, path, body); len(problems) > 0 {
			return nil, nil, &strict.Errors{Problems: problems}
		}
		hours = append(slices.Clip(more), hours...)
	}
	var ids []string
	for _, f := range flows {
		ids = append(ids, string(f.ID))
	}
	i := slices.IndexFunc(flows, func(f *flow.Flow) bool { return f.ID == s.Flow || s.Flow == "" && len(flows) == 1 })
	switch {
	case i < 0 && s.Flow == "":
		return nil, nil, wrong("file", fmt.Sprintf("%s has %d flows", s.File, len(flows)), "write flow: with the one that is meant")
	case i < 0:
		return nil, nil, wrong("flow", fmt.Sprintf("there is no flow %q", s.Flow), strict.Suggest(string(s.Flow), ids))
	}
	tables := map[string]*calendar.Table{}
	for _, h := range hours {
		if h.Zone == "" {
			h.Zone = rehearse.DefaultZone
		}
		table, err := calendar.Compile(h)
		if err != nil {
			return nil, nil, wrong("hours", err.Error(), "")
		}
		tables[h.ID] = table
	}
	return flows[i], tables, s.Needs(flows[i], tables)
}

// tellRehearsals prints what came of scenarios.
func (a *app) tellRehearsals(all rehearsals, verbose bool) {
	for _, r := range all.Results {
		if len(r.Failures) == 0 {
			if verbose {
				a.line("passed: %s: %s", r.File, r.Scenario)
				a.transcript(r)
			}
			continue
		}
		a.line("FAILED: %s:%v: %s", r.File, r.Line, r.Scenario)
		for _, f := range r.Failures {
			fmt.Fprintf(a.out, "  %s\n", a.either(failureWords[f.What]))
			for _, line := range f.Diff() {
				fmt.Fprintf(a.out, "    %s\n", line)
			}
		}
		a.transcript(r)
	}
	a.line("%v passed, %v failed", all.Passed, all.Failed)
}

// bilingual is a word in English and in Chinese.
type bilingual [2]string

func (a *app) either(b bilingual) string {
	if a.chinese() {
		return b[1]
	}
	return b[0]
}

// failureWords say what was expected.
var failureWords = map[string]bilingual{
	"hears": {"the caller should hear, in this order", "主叫应依次听到"}, "never": {"the caller should never hear", "主叫不应听到"}, "does": {"the flow should ask for, in this order", "流程应依次执行"},
	"path": {"the path should be", "经过的节点应为"}, "variables": {"a variable should be", "变量应为"}, "ends": {"the end should come by", "应由谁结束"}, "cause": {"the cause should be", "原因码应为"},
	"by": {"it should be over by", "应在此时间内结束"}, "steps": {"the caller should have done everything", "主叫的步骤应全部完成"}, "broken": {"the flow is broken", "流程故障"},
	"unknown": {"these nodes are not in the flow", "流程中没有这些节点"},
}

// saidWords head the lines of a transcript.
var saidWords = map[rehearse.Said]bilingual{
	rehearse.SaidNode: {"at", "节点"}, rehearse.SaidAnswer: {"answers", "应答"}, rehearse.SaidHears: {"caller hears", "主叫听到"}, rehearse.SaidKey: {"caller presses", "主叫按键"},
	rehearse.SaidSpeaks: {"caller speaks", "主叫说话"}, rehearse.SaidSilence: {"caller is silent", "主叫无动作"}, rehearse.SaidClock: {"clock", "时钟"}, rehearse.SaidDoes: {"asks for", "执行"},
	rehearse.SaidAgent: {"agent answers", "座席应答"}, rehearse.SaidResult: {"outcome", "结果"}, rehearse.SaidLeave: {"leaves the line", "离开队列"}, rehearse.SaidEnd: {"ended by", "结束方"},
}

func (a *app) transcript(r rehearse.Result) {
	for _, e := range r.Transcript {
		word := a.either(saidWords[e.Said])
		fmt.Fprintf(a.out, "  %8.1fs  %s %s\n", float64(e.At)/1000, text.Pad(word, 16, ' '), e.Text)
	}
}
