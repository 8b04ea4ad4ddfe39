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
document, with --recorded callers come as they came: a file of "huawu call list --ended -o
json", or CSV with the columns at (2h15m), queue, talk (90s) and, if wanted, patience, needs
and priority. docs/simulate.md tells what a plan holds.`,
		Example: `  huawu simulate plan.yaml
  huawu centre show > centre.yaml && huawu simulate plan.yaml --centre centre.yaml
  huawu simulate plan.yaml --centre centre.yaml --recorded yesterday.json -o json`,
		Args: takes("PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.plan(args[0], centre, recorded)
			if err != nil {
				return err
			}
			b := bar{out: a.err, shown: isTerminal(a.err), last: -1}
			r, err := simulate.Run(cmd.Context(), p, b.progress)
			b.end()
			if err != nil {
				return err
			}
			return a.show(r, func() { a.printSimulation(r) })
		},
	}
	c.Flags().StringVar(&centre, "centre", "", "take queues, skills, agents from this document, - for standard input")
	c.Flags().StringVar(&recorded, "recorded", "", "take callers from this file, - for standard input")
	return c
}

// plan reads a plan and what comes with it.
func (a *app) plan(file, centre, recorded string) (simulate.Plan, error) {
	var p simulate.Plan
	src, err := a.read(file)
	if err != nil {
		return p, err
	}
	if err := strict.Decode(file, src, &p); err != nil {
		return p, err
	}
	if centre != "" {
		if src, err = a.read(centre); err != nil {
			return p, err
		}
		d, err := api.ParseDocument(centre, src)
		if err != nil {
			return p, err
		}
		p.Centre = d.ACD
	}
	if recorded != "" {
		if src, err = a.read(recorded); err != nil {
			return p, err
		}
		var calls []recordedCall
		if bytes.HasPrefix(bytes.TrimSpace(src), []byte("{")) {
			calls, err = endedCalls(src)
		} else {
			calls, err = callTable(src)
		}
		if err != nil {
			return p, fmt.Errorf("%w: %s: %w", simulate.ErrPlan, recorded, err)
		}
		p.Load = addCalls(p.Load, calls)
	}
	return p, nil
}

// recordedCall is a call of a queue that came once.
type recordedCall struct {
	queue fact.QueueID
	simulate.Call
}

// addCalls gives calls to the loads of their queues. A queue of which the plan
// says nothing else gets a load that draws from the talks that were recorded.
func addCalls(loads []simulate.Load, calls []recordedCall) []simulate.Load {
	talks := map[fact.QueueID][]time.Duration{}
	for _, c := range calls {
		i := slices.IndexFunc(loads, func(l simulate.Load) bool { return l.Queue == c.queue })
		if i < 0 {
			i = len(loads)
			loads = append(loads, simulate.Load{Queue: c.queue})
		}
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
	return loads
}

// endedCalls reads what "call list --ended -o json" prints. Callers who gave up
// had the patience that they showed.
func endedCalls(src []byte) ([]recordedCall, error) {
	var list api.CallList
	if err := json.Unmarshal(src, &list); err != nil {
		return nil, err
	}
	var calls []recordedCall
	first := int64(0)
	for _, r := range list.Ended {
		if r.Queue == "" || r.Direction != fact.Inbound {
			continue
		}
		if joined := r.Began + r.IVR; first == 0 || joined < first {
			first = joined
		}
		c := recordedCall{queue: r.Queue, Call: simulate.Call{At: millis(r.Began + r.IVR), Talk: millis(r.Talk)}}
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
func callTable(src []byte) ([]recordedCall, error) {
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
		var c recordedCall
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
