package main

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
)

// countFlags choose some of what is counted of norms.
type countFlags struct{ from, to, queue, agent string }

func (n *countFlags) flags(a *app, c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&n.from, "from", "", "half-hours that began "+fromWhen)
	f.StringVar(&n.to, "to", "", "half-hours that began "+toWhen)
	f.StringVar(&n.queue, "queue", "", "only in this queue")
	f.StringVar(&n.agent, "agent", "", "only by this agent")
	a.completeFlagBy(c, "queue", a.completeQueues)
	a.completeFlagBy(c, "agent", a.completeAgents)
}

func (n *countFlags) query(more ...string) (url.Values, error) {
	q := query(append([]string{"queue", n.queue, "agent", n.agent}, more...)...)
	return q, spanned(q, n.from, n.to)
}

// tallied is a tally for people, in the order of the tables' columns.
func tallied(n fact.NormTally) []any {
	mean := ""
	if n.Measured > 0 && n.Sum > 0 {
		mean = span(n.Sum / n.Measured)
	}
	return []any{n.Kept, n.Broken, share(n.Kept, n.Kept+n.Broken), n.Nudged, mean, span(n.Max)}
}

func (a *app) normCounts() *cobra.Command {
	var n countFlags
	var page string
	var limit int
	c := &cobra.Command{
		Use: "counts NORM", Short: "Say how often a norm was kept and broken, by half-hour, queue and agent",
		Example: "  huawu norm counts RUL-ANS-1\n  huawu norm counts ans-1 --agent 1001 --from 2026-11-01 --to 2026-12-01 -o json",
		Args:    takes("NORM"), ValidArgsFunction: completeNorms,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q, err := n.query("page", page, "limit", strconv.Itoa(limit))
			if err != nil {
				return err
			}
			var all api.NormCounts
			if err := c.get(cmd.Context(), "/norms/"+url.PathEscape(ruleID(args[0]))+"/counts", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				rows := make([][]any, len(all.Items))
				for i, n := range all.Items {
					rows[i] = append([]any{clock(n.From)[:len("2006-01-02 15:04")], n.Queue, n.Agent}, tallied(n.NormTally)...)
				}
				a.table([]string{"Half-hour", "Queue", "Agent", "Kept", "Broken", "Kept %", "Nudged", "Mean", "Most"}, rows)
				if all.Next != "" {
					fmt.Fprintf(a.out, "--page %s\n", all.Next)
				}
			})
		},
	}
	n.flags(a, c)
	c.Flags().StringVar(&page, "page", "", "go on where a list ended")
	c.Flags().IntVar(&limit, "limit", 100, "how many at most, up to 1000")
	return c
}

func (a *app) normFigures() *cobra.Command {
	var n countFlags
	var by, rule string
	c := &cobra.Command{
		Use: "figures", Short: "Sum how often norms were kept and broken, by norm, queue or agent",
		Example: "  huawu norm figures --from 24h\n  huawu norm figures --norm ans-1 --by agent --from 2026-11-01 --to 2026-12-01",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			id := rule
			if id != "" {
				id = ruleID(id)
			}
			q, err := n.query("by", by, "rule", id)
			if err != nil {
				return err
			}
			var all api.NormFigures
			if err := c.get(cmd.Context(), "/norms/figures", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				head := map[string]string{"rule": "Norm", "queue": "Queue", "agent": "Agent"}[by]
				rows := make([][]any, len(all.Figures))
				for i, f := range all.Figures {
					rows[i] = append([]any{f.Of, a.titleOf(f.Of)}, tallied(f.NormTally)...)
				}
				a.table([]string{head, "Title", "Kept", "Broken", "Kept %", "Nudged", "Mean", "Most"}, rows)
			})
		},
	}
	n.flags(a, c)
	c.Flags().StringVar(&by, "by", "rule", "rule, queue or agent")
	c.Flags().StringVar(&rule, "norm", "", "only of this norm")
	complete(c, "by", "rule", "queue", "agent")
	a.completeFlagBy(c, "norm", completeNorms)
	return c
}

// share is a part of a whole in percent, "" of nothing.
func share(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(part)*100/float64(whole), 'f', 1, 64)
}
