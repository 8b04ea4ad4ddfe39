package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
)

// boardFlags choose some of what is broken.
type boardFlags struct{ queue, agent, rule string }

func (b *boardFlags) flags(a *app, c *cobra.Command) *cobra.Command {
	f := c.Flags()
	f.StringVar(&b.queue, "queue", "", "only in this queue")
	f.StringVar(&b.agent, "agent", "", "only by this agent")
	f.StringVar(&b.rule, "rule", "", "only this norm")
	a.completeFlagBy(c, "queue", a.completeQueues)
	a.completeFlagBy(c, "agent", a.completeAgents)
	a.completeFlagBy(c, "rule", completeNorms)
	return c
}

func (b *boardFlags) query() url.Values {
	rule := b.rule
	if rule != "" {
		rule = ruleID(rule)
	}
	return query("queue", b.queue, "agent", b.agent, "rule", rule)
}

// wants says whether an event is of what was chosen.
func (b *boardFlags) wants(e fact.Event) bool {
	return (b.queue == "" || string(e.Queue) == b.queue) && (b.agent == "" || string(e.Agent) == b.agent) && (b.rule == "" || e.Name == ruleID(b.rule))
}

func (a *app) normBroken() *cobra.Command {
	var b boardFlags
	return b.flags(a, &cobra.Command{
		Use: "broken", Short: "List the norms that are broken right now, and by whom",
		Example: "  huawu norm broken\n  huawu norm broken --queue sales --rule hld-7",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.BrokenNorms
			if err := c.get(cmd.Context(), "/norms/broken", b.query(), &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, n := range all.Items {
					rows = append(rows, []any{n.Rule, a.titleOf(n.Rule), n.Agent, n.Queue, n.Call, span(n.Lasted), against(n.Value, n.Limit), n.Times})
				}
				a.table([]string{"Norm", "Title", "Agent", "Queue", "Call", "For", "By how much", "Times"}, rows)
			})
		},
	})
}

// titleOf is a rule's title in the operator's language.
func (a *app) titleOf(rule string) string {
	r := norms.Find(rule)
	if r == nil {
		return ""
	}
	return a.ruleTitle(r.Title, r.Chinese)
}

// against is a value with its limit: durations from a second on, "" for what has
// simply happened.
func against(value, limit int64) string {
	of := func(n int64) string {
		if value < 1000 && limit < 1000 {
			return strconv.FormatInt(n, 10)
		}
		return span(n)
	}
	switch {
	case limit > 0:
		return of(value) + " > " + of(limit)
	case value > 1:
		return of(value)
	}
	return ""
}

func (a *app) normWatch() *cobra.Command {
	var b boardFlags
	return b.flags(a, &cobra.Command{
		Use: "watch", Short: "Print which norm is broken by whom as it happens, and when it is put right",
		Long: `Prints what is broken already, and then each norm that comes to be broken or is put right,
until interrupted. A connection that is lost is made again. With -o json a line an event.`,
		Example: "  huawu norm watch\n  huawu norm watch --queue sales -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var now api.BrokenNorms
			if err := c.get(cmd.Context(), "/norms/broken", b.query(), &now); err != nil {
				return err
			}
			for _, n := range now.Items {
				if a.output != "json" {
					e := fact.Event{Kind: fact.NormBroken, Wall: n.Began, Name: n.Rule, Agent: n.Agent, Call: n.Call, Value: n.Value, Limit: n.Limit}
					if err := a.printNorm(e); err != nil {
						return err
					}
				}
			}
			return a.followOn(cmd.Context(), c, now.Cursor, query("kind", "norm.*", "queue", b.queue), func(body string, e api.EventItem) error {
				switch {
				case !b.wants(e.Event):
					return nil
				case a.output == "json":
					_, err := fmt.Fprintln(a.out, body)
					return err
				}
				return a.printNorm(e.Event)
			})
		},
	})
}

// printNorm is a line about a norm.
func (a *app) printNorm(e fact.Event) error {
	var words []string
	for _, w := range []string{clock(e.Wall), a.normWord(string(e.Kind)), e.Name, a.titleOf(e.Name), string(e.Agent), string(e.Call), a.normWord(e.Reason), against(e.Value, e.Limit)} {
		if w != "" {
			words = append(words, w)
		}
	}
	_, err := fmt.Fprintln(a.out, strings.Join(words, "  "))
	return err
}
