package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/strict"
	"github.com/huawu/huawu/simulate"
)

func (a *app) simulateCommand() *cobra.Command {
	var centre, recorded string
	c := &cobra.Command{
		Use: "simulate PLAN", Short: "Try queues, rules and staff on a day of calls, in seconds",
		Long: `Has the production ACD decide about a plan's callers and agents on a virtual clock, and
prints service levels, waits, abandons and occupancy, each with its 95 % confidence interval.
Flows, legs and switches do not take part. The same plan gives the same figures every time;
another seed gives another day. With --centre queues and agents are those of a centre's
document, with --recorded callers come as they came, in the place of
the plan's callers of the queues that the recording names: a file of "huawu call list --ended -o
json", or CSV with the columns at (2h15m), queue, talk (90s) and, if wanted, patience, needs
and priority. docs/simulate.md tells what a plan holds.`,
		Example: `  huawu simulate plan.yaml
  huawu centre show > centre.yaml && huawu simulate plan.yaml --centre centre.yaml
  huawu simulate plan.yaml --centre centre.yaml --recorded yesterday.json -o json`,
		Args: takes("PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, where, err := a.plan(args[0], centre, recorded)
			if err != nil {
				return err
			}
			b := bar{out: a.err, shown: isTerminal(a.err), last: -1}
			r, err := simulate.Run(cmd.Context(), p, b.progress)
			b.end()
			if err != nil {
				return where.tell(err)
			}
			return a.show(r, func() { a.printSimulation(r) })
		},
	}
	c.Flags().StringVar(&centre, "centre", "", "take queues, skills, agents from this document, - for standard input")
	c.Flags().StringVar(&recorded, "recorded", "", "take callers of the queues in this file from it, instead of the plan's; - for standard input")
	return c
}

// origins are where the parts of a plan are written: in its file, but for the
// centre of a document and calls of a recording.
type origins struct {
	file, centre string
	src          []byte
	calls        map[string]string // "calls.csv:3" by "load[0].calls[1]"
}

// mostWrong is how many problems of a plan are told.
const mostWrong = 20

// tell is what is wrong with a plan, each problem with where it is written.
func (o origins) tell(err error) error {
	wrong := (*simulate.PlanError)(nil)
	if !errors.As(err, &wrong) {
		return err
	}
	locate := strict.Locator(o.src)
	var lines []string
	for i, p := range wrong.Problems {
		if i == mostWrong {
			lines = append(lines, fmt.Sprintf("and %d more", len(wrong.Problems)-i))
			break
		}
		lines = append(lines, o.line(p, locate))
	}
	return problems(lines)
}

func (o origins) line(p simulate.Problem, locate func(string) (int, int)) string {
	if at := o.calls[p.Field]; at != "" {
		return at + ": " + p.What
	}
	if p.Field == "centre" && o.centre != "" {
		return o.centre + ": " + p.What
	}
	q := strict.Problem{File: o.file, Field: p.Field, What: p.What}
	q.Line, q.Column = locate(p.Field)
	return q.String()
}

// problems are what is wrong with a plan, under the heading that documents have.
func problems(lines []string) error {
	text := strings.Join(lines, "\n  ")
	if len(lines) == 1 {
		return &toldError{"the plan has a problem\n  %s", []any{text}, simulate.ErrPlan}
	}
	return &toldError{"the plan has %v problems\n  %s", []any{len(lines), text}, simulate.ErrPlan}
}

// plan reads a plan and what comes with it.
func (a *app) plan(file, centre, recorded string) (p simulate.Plan, where origins, err error) {
	src, err := a.read(file)
	if err != nil {
		return p, where, err
	}
	if err := strict.Decode(file, src, &p); err != nil {
		return p, where, headed(err)
	}
	where = origins{file: file, centre: centre, src: src}
	if centre != "" {
		if src, err = a.read(centre); err != nil {
			return p, where, err
		}
		d, err := api.ParseDocument(centre, src)
		if err != nil {
			return p, where, headed(err)
		}
		p.Centre = d.ACD
	}
	if recorded != "" {
		if src, err = a.read(recorded); err != nil {
			return p, where, err
		}
		var calls []recordedCall
		if bytes.HasPrefix(bytes.TrimSpace(src), []byte("{")) {
			calls, err = endedCalls(recorded, src)
		} else {
			calls, err = callTable(recorded, src)
		}
		if err != nil {
			return p, where, problems([]string{recorded + ": " + err.Error()})
		}
		if err := unknownQueues(p.Centre.Queues, calls); err != nil {
			return p, where, err
		}
		p.Load, where.calls = replaceCalls(p.Load, calls)
	}
	return p, where, nil
}

// headed is what is wrong with a document, with a heading.
func headed(err error) error {
	wrong := (*strict.Errors)(nil)
	if !errors.As(err, &wrong) {
		return err
	}
	return problems(strings.Split(wrong.Error(), "\n"))
}

// unknownQueues names the queues of a recording that the centre does not have,
// each where it comes first. Of no queues at all the plan is told elsewhere.
func unknownQueues(queues []routing.Queue, calls []recordedCall) error {
	var ids, lines []string
	for i := range queues {
		ids = append(ids, string(queues[i].ID))
	}
	if len(ids) == 0 {
		return nil
	}
	told := map[fact.QueueID]bool{}
	for _, c := range calls {
		if !told[c.queue] && !slices.Contains(ids, string(c.queue)) {
			told[c.queue] = true
			lines = append(lines, fmt.Sprintf("%s: queue: %q is no queue of the centre; %s", c.where, c.queue, strict.Suggest(string(c.queue), ids)))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return problems(lines)
}

// recordedCall is a call of a queue that came once.
type recordedCall struct {
	queue fact.QueueID
	where string // "calls.csv:3"
	simulate.Call
}

// replaceCalls puts calls in the place of all other callers of their queues,
// and says where each is written. Of a queue's loads the first one still tells
// talks, patience and wrap-up; one of which the plan says nothing draws from
// the talks that were recorded.
func replaceCalls(loads []simulate.Load, calls []recordedCall) ([]simulate.Load, map[string]string) {
	talks, recorded := map[fact.QueueID][]time.Duration{}, map[fact.QueueID]bool{}
	for _, c := range calls {
		recorded[c.queue] = true
	}
	seen := map[fact.QueueID]bool{}
	loads = slices.DeleteFunc(loads, func(l simulate.Load) bool {
		again := recorded[l.Queue] && seen[l.Queue]
		seen[l.Queue] = true
		return again
	})
	of := map[fact.QueueID]int{}
	for i := range loads {
		if recorded[loads[i].Queue] {
			of[loads[i].Queue] = i
			loads[i].PerHour, loads[i].Calls, loads[i].Kinds = nil, nil, nil
		}
	}
	where := map[string]string{}
	for _, c := range calls {
		i, ok := of[c.queue]
		if !ok {
			i = len(loads)
			of[c.queue] = i
			loads = append(loads, simulate.Load{Queue: c.queue})
		}
		where[fmt.Sprintf("load[%d].calls[%d]", i, len(loads[i].Calls))] = c.where
		loads[i].Calls = append(loads[i].Calls, c.Call)
		if c.Talk > 0 {
			talks[c.queue] = append(talks[c.queue], c.Talk)
		}
	}
	for i := range loads {
		l := &loads[i]
		if l.Talk.Mean == 0 && len(l.Talk.List) == 0 && len(talks[l.Queue]) > 0 {
			l.Talk = simulate.Times{Spread: simulate.Recorded, List: talks[l.Queue]}
		}
	}
	return loads, where
}

// endedCalls reads what "call list --ended -o json" prints. Callers who gave up
// had the patience that they showed.
func endedCalls(file string, src []byte) ([]recordedCall, error) {
	var list api.CallList
	if err := json.Unmarshal(src, &list); err != nil {
		return nil, err
	}
	var calls []recordedCall
	first := int64(0)
	for i, r := range list.Ended {
		if r.Queue == "" || r.Direction != fact.Inbound {
			continue
		}
		if joined := r.Began + r.IVR; first == 0 || joined < first {
			first = joined
		}
		c := recordedCall{queue: r.Queue, where: fmt.Sprintf("%s: ended[%d]", file, i), Call: simulate.Call{At: millis(r.Began + r.IVR), Talk: millis(r.Talk)}}
		if r.Reason == fact.ReasonAbandoned {
			c.Patience = max(millis(r.Wait), time.Millisecond)
		}
		calls = append(calls, c)
	}
	if len(calls) == 0 {
		return nil, errors.New("no call of a queue has ended in it; use huawu call list --ended -o json")
	}
	for i := range calls {
		calls[i].At -= millis(first)
	}
	return calls, nil
}

func millis(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// callTable reads calls as CSV.
func callTable(file string, src []byte) ([]recordedCall, error) {
	rows := csv.NewReader(bytes.NewReader(src))
	rows.TrimLeadingSpace = true
	head, err := rows.Read()
	if err != nil {
		return nil, err
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff") // spreadsheets write one
	for _, column := range []string{"at", "queue", "talk"} {
		if !slices.Contains(head, column) {
			return nil, fmt.Errorf("the first line lacks %q; write at,queue,talk and, if wanted, patience,needs,priority", column)
		}
	}
	var calls []recordedCall
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return calls, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := rows.FieldPos(0)
		c := recordedCall{where: fmt.Sprintf("%s:%d", file, line)}
		for i, value := range row {
			var err error
			switch head[i] {
			case "at":
				c.At, err = time.ParseDuration(value)
			case "talk":
				c.Talk, err = time.ParseDuration(value)
			case "patience":
				if value != "" {
					c.Patience, err = time.ParseDuration(value)
				}
			case "priority":
				if value != "" {
					c.Priority, err = strconv.Atoi(value)
				}
			case "queue":
				c.queue = fact.QueueID(value)
			case "needs":
				c.Needs = routing.Needs(value)
			default:
				err = errors.New("no such column")
			}
			if err != nil {
				line, _ := rows.FieldPos(i)
				return nil, fmt.Errorf("line %d: %s: %w", line, head[i], err)
			}
		}
		calls = append(calls, c)
	}
}

// bar shows progress on a terminal.
type bar struct {
	out   io.Writer
	shown bool
	last  int64
}

// barWidth is in characters.
const barWidth = 40

func (b *bar) progress(done, total int64) {
	percent := done * 100 / total
	if !b.shown || percent == b.last {
		return
	}
	b.last = percent
	full := int(percent) * barWidth / 100
	fmt.Fprintf(b.out, "\r[%s%s] %3d %%", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), percent)
}

// end takes the bar away.
func (b *bar) end() {
	if b.shown && b.last >= 0 {
		fmt.Fprintf(b.out, "\r%s\r", strings.Repeat(" ", barWidth+8))
	}
}

func (a *app) printSimulation(r simulate.Report) {
	share := func(e simulate.Estimate) string {
		return fmt.Sprintf("%.1f %% (%.1f–%.1f)", e.Value*100, max(e.Low*100, 0), min(e.High*100, 100))
	}
	wait := func(e simulate.Estimate) string {
		return fmt.Sprintf("%s (%s–%s)", span(int64(e.Value)), span(int64(max(e.Low, 0))), span(int64(e.High)))
	}
	var rows [][]any
	for _, q := range r.Queues {
		rows = append(rows, []any{
			q.Queue, q.Calls, share(q.Level), share(q.Abandons), wait(q.Wait), wait(q.Wait90), span(q.Longest), q.Lost,
		})
	}
	a.table([]string{"Queue", "Calls", "Service level", "Abandoned", "Mean wait", "Nine of ten under", "Longest", "Lost"}, rows)
	o := r.Agents
	a.line("%v agents, %v hours signed in a run; %s of that busy, %v h in talks, %v h in wrap-up, %v h not ready", o.Agents,
		hours(o.Signed), share(o.Busy), hours(o.Talking), hours(o.WrapUp), hours(o.NotReady))
	a.line("service level: answered within %s, of all callers; intervals are of 95 %%; %v runs", span(r.Within), r.Runs)
}

func hours(h float64) string { return strconv.FormatFloat(h, 'f', 1, 64) }
