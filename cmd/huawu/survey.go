package main

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
)

func (a *app) surveyCommand() *cobra.Command {
	return group("survey", "What callers think of the service", a.surveyListCommand(), a.surveyFiguresCommand())
}

// spanned adds from and to, given as instants, to a query.
func spanned(q url.Values, from, to string) error {
	for name, value := range map[string]string{"from": from, "to": to} {
		if value == "" {
			continue
		}
		at, err := instant(value, time.Now())
		if err != nil {
			return fmt.Errorf("%w: --%s: %w", errUsage, name, err)
		}
		q.Set(name, at.UTC().Format(time.RFC3339Nano))
	}
	return nil
}

const (
	fromWhen = "then or later: 2026-11-22, \"2026-11-22 08:30\", RFC 3339, or 2h for two hours ago"
	toWhen   = "before then"
)

func (a *app) surveyListCommand() *cobra.Command {
	var from, to, queue, agent, page string
	var score, limit int
	c := &cobra.Command{
		Use: "list", Short: "List callers' ratings, the latest first",
		Example: "  huawu survey list --score 3 --from 24h\n  huawu survey list --agent 1001 -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("queue", queue, "agent", agent, "page", page, "limit", strconv.Itoa(limit), "score", number(int64(score)))
			if err := spanned(q, from, to); err != nil {
				return err
			}
			var all api.SurveyList
			if err := c.get(cmd.Context(), "/surveys", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				rows := make([][]any, len(all.Surveys))
				for i, v := range all.Surveys {
					rows[i] = []any{clock(v.Asked), v.Queue, v.Agent, rating(&v.Survey), v.Call}
				}
				a.table([]string{"At", "Queue", "Agent", "Rating", "Call"}, rows)
				if all.Next != "" {
					fmt.Fprintf(a.out, "--page %s\n", all.Next)
				}
			})
		},
	}
	f := c.Flags()
	f.StringVar(&from, "from", "", fromWhen)
	f.StringVar(&to, "to", "", toWhen)
	f.StringVar(&queue, "queue", "", "only of this queue")
	f.StringVar(&agent, "agent", "", "only of this agent")
	f.IntVar(&score, "score", 0, "only this answer, 1 the best")
	f.StringVar(&page, "page", "", "go on where a list ended")
	f.IntVar(&limit, "limit", 100, "how many at most, up to 1000")
	a.completeFlagBy(c, "queue", a.completeQueues)
	a.completeFlag(c, "agent")
	return c
}

func (a *app) surveyFiguresCommand() *cobra.Command {
	var by, from, to string
	c := &cobra.Command{
		Use: "figures", Short: "Count callers' ratings by queue or agent: who was asked, who answered, who is content",
		Example: "  huawu survey figures --from 24h\n  huawu survey figures --by agent --from 2026-11-01 --to 2026-12-01",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("by", by)
			if err := spanned(q, from, to); err != nil {
				return err
			}
			var all api.SurveyFigureList
			if err := c.get(cmd.Context(), "/surveys/figures", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, f := range append(all.Figures, all.All) {
					if f.Of == "" {
						f.Of = "*"
					}
					rows = append(rows, []any{f.Of, f.Talks, f.Asked, f.Answered, f.Best, f.Worst, rate(f.InviteRate), rate(f.ResponseRate), rate(f.CSAT)})
				}
				head := "Queue"
				if by == "agent" {
					head = "Agent"
				}
				a.table([]string{head, "Talks", "Invited", "Answered", "Best", "Worst", "Invited %", "Answered %", "Content %"}, rows)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&by, "by", "queue", "queue or agent")
	f.StringVar(&from, "from", "", "calls that began "+fromWhen)
	f.StringVar(&to, "to", "", "calls that began "+toWhen)
	complete(c, "by", "queue", "agent")
	return c
}

// rating is a caller's answer for people, "" for none.
func rating(v *fact.Survey) string {
	if v == nil || v.Score == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d %s", v.Score, v.Of, v.Name)
}

// rate is a rate for people, "" for one of nothing.
func rate(r *float64) string {
	if r == nil {
		return ""
	}
	return strconv.FormatFloat(*r, 'f', 1, 64)
}
