package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
)

// whyTimeout bounds a question: about the past, huawu replays a part of its
// journal.
const whyTimeout = 70 * time.Second

func (a *app) whyCommand() *cobra.Command {
	var at, agent string
	var limit int
	flags := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&at, "at", "", "as it stood then: \"2026-11-22 08:30:15\", RFC 3339, or 10m for ten minutes ago")
		c.Flags().IntVar(&limit, "limit", 50, "how many candidates, tickets and places ahead at most, up to 1000")
		return c
	}
	calls := flags(&cobra.Command{
		Use: "call CALL", Short: "Explain a call in line: its place, and each rule for each agent of its queue",
		Long: `Tells what a call's place in line is made of, who is ahead, and for each agent of its queue
what keeps the two apart, with when that ends by itself, or how the agent ranks. With --at
it is told of a past moment, as far back as the journal reaches.`,
		Example: `  huawu why call c-mws624z0oq1-00000012
  huawu why call c-mws624z0oq1-00000012 --agent 1001
  huawu why call c-mws624z0oq1-00000012 --at "2026-11-22 08:30:15"`,
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.why(cmd, "/calls/"+url.PathEscape(args[0])+"/why", at, query("agent", agent, "limit", strconv.Itoa(limit)))
		},
	})
	calls.Flags().StringVar(&agent, "agent", "", "only this agent, of the queue or not")
	a.completeFlag(calls, "agent")
	agents := flags(&cobra.Command{
		Use: "agent AGENT", Short: "Explain an agent: what keeps calls away, and which would be next",
		Example: "  huawu why agent 1001\n  huawu why agent 1001 --at 10m",
		Args:    takes("AGENT"), ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.why(cmd, "/agents/"+url.PathEscape(args[0])+"/why", at, query("limit", strconv.Itoa(limit)))
		},
	})
	return group("why", "Explain why a call waits, or why an agent has none, now or then", calls, agents)
}

// why asks and prints.
func (a *app) why(cmd *cobra.Command, path, at string, q url.Values) error {
	if at != "" {
		then, err := instant(at, time.Now())
		if err != nil {
			return fmt.Errorf("%w: --at: %w", errUsage, err)
		}
		q.Set("at", then.Format(time.RFC3339Nano))
	}
	c, err := a.connect()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), whyTimeout)
	defer cancel()
	body, err := c.raw(ctx, http.MethodGet, path, q, nil, "", "application/json")
	if err != nil {
		return err
	}
	var answer center.Answer
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("why: the answer is no huawu's: %w", err)
	}
	return a.show(answer, func() { a.explain(answer) })
}

// explain prints an answer for people.
func (a *app) explain(w center.Answer) {
	when := reading{a, w}
	switch {
	case w.Ticket != nil:
		when.ticket()
	case w.Agent != nil:
		when.agent()
	case w.Call != nil:
		a.fields("At", clock(w.Wall), "Call", w.Call.ID, "From", w.Call.From, "State", a.code(w.Call.State), "Agent", w.Call.Agent)
		a.line("the call is in no line")
	}
}

// reading is an answer in the operator's language.
type reading struct {
	a *app
	w center.Answer
}

func (r reading) ticket() {
	a, t := r.a, r.w.Ticket
	from := ""
	if r.w.Call != nil {
		from = r.w.Call.From
	}
	a.fields("At", clock(r.w.Wall), "Ticket", t.Ticket, "From", from, "Queue", t.Queue, "Position", t.Position,
		"Score", r.score(), "Asks for", t.Asks, "Step", unlessZero(t.Step), "Offered", t.Agent)
	if len(t.Ahead) > 0 {
		fmt.Fprintln(a.out)
		var rows [][]any
		for _, o := range t.Ahead {
			rows = append(rows, []any{o.Position, o.Ticket, span(o.Score), o.Priority, o.Needs, o.Agent})
		}
		a.table([]string{"Ahead", "Ticket", "Score", "Priority", "Skills", "Offered"}, rows)
	}
	fmt.Fprintln(a.out)
	var rows [][]any
	for _, v := range t.Candidates {
		rows = append(rows, []any{v.Agent, unlessZero(v.Rank), r.findings(v.Excluded)})
	}
	a.table([]string{"Agent", "Rank", "Why not"}, rows)
	if t.More > 0 {
		a.line("and %v more agents; --limit shows them", t.More)
	}
}

func (r reading) agent() {
	a, g := r.a, r.w.Agent
	state := string(g.State)
	if g.Reason != "" {
		state += " (" + string(g.Reason) + ")"
	}
	a.fields("At", clock(r.w.Wall), "Agent", g.ID, "Name", g.Name, "State", state, "For", span(int64(r.w.At-g.Since)), "Seat", g.Endpoint,
		"Queues", list(g.Queues), "Skills", skillList(g.Skills), "Ticket", g.Ticket, "Why not", r.findings(g.Findings))
	if len(g.Tickets) == 0 {
		a.line("nobody waits for an offer in the agent's queues")
		return
	}
	fmt.Fprintln(a.out)
	var rows [][]any
	for _, v := range g.Tickets {
		rows = append(rows, []any{v.Ticket, unlessZero(v.Rank), r.findings(v.Excluded)})
	}
	a.table([]string{"Ticket", "Rank", "Why not"}, rows)
}

// score is what a ticket's score is made of.
func (r reading) score() string {
	parts := make([]string, len(r.w.Ticket.Credits))
	for i, c := range r.w.Ticket.Credits {
		what := c.What
		if known := chineseRules[what]; known != "" && r.a.chinese() {
			what = known
		}
		parts[i] = what + " " + signedSpan(c.Millis)
	}
	return span(r.w.Ticket.Score) + " = " + strings.Join(parts, " + ")
}

// findings are reasons in one cell.
func (r reading) findings(all []routing.Finding) string {
	parts := make([]string, len(all))
	for i, f := range all {
		rule := string(f.Rule)
		if known := chineseRules[rule]; known != "" && r.a.chinese() {
			rule = known
		}
		parts[i] = rule + ": " + f.Detail
		if f.Until != 0 {
			parts[i] += " (" + span(max(int64(f.Until-r.w.At), 0)) + ")"
		}
	}
	return strings.Join(parts, "; ")
}

func signedSpan(ms int64) string {
	if ms < 0 {
		return "-" + span(-ms)
	}
	return span(ms)
}

// skillList is an agent's skills in one cell.
func skillList(skills []routing.Skill) string {
	words := make([]string, len(skills))
	for i, s := range skills {
		words[i] = string(s.ID) + " " + strconv.Itoa(s.Level)
	}
	return strings.Join(words, ", ")
}

// unlessZero is a number that means nothing when it is 0.
func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
