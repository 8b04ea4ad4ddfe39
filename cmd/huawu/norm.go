package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/norms"
)

func (a *app) normCommand() *cobra.Command {
	return group("norm", "Look at the service norms, set them, and see which is being broken by whom",
		a.normList(), a.normShow(), a.normSet(), a.normBroken(), a.normWatch(), a.normCounts(), a.normFigures(), a.normVersions())
}

// ruleID is a rule as people may name it: "hld-2" is RUL-HLD-2.
func ruleID(name string) string {
	id := strings.ToUpper(name)
	if !strings.HasPrefix(id, "RUL-") {
		id = "RUL-" + id
	}
	return id
}

// ruleTitle is a rule's title in the operator's language.
func (a *app) ruleTitle(english, chinese string) string {
	if a.chinese() {
		return chinese
	}
	return english
}

func (a *app) normList() *cobra.Command {
	var queue, chapter, status, mode string
	var full bool
	c := &cobra.Command{
		Use: "list", Short: "List the service norms, what is done about each and by which values",
		Example: "  huawu norm list\n  huawu norm list --chapter HLD --queue vip\n  huawu norm list --status waits",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.NormList
			if err := c.get(cmd.Context(), "/norms", query("queue", queue, "chapter", strings.ToUpper(chapter), "status", status, "mode", mode), &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, n := range all.Items {
					title, values := a.ruleTitle(n.Title, n.Chinese), valuesOf(n.Values)
					if !full {
						title, values = text.Snip(title, 40, "…"), text.Snip(values, 44, "…")
					}
					rows = append(rows, []any{n.ID, title, a.normWord(string(n.Mode)), a.normStatus(n), values})
				}
				a.table([]string{"Norm", "Title", "Mode", "Kept so far", "Values"}, rows)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&queue, "queue", "", "as they hold in this queue; else for the tenant")
	f.StringVar(&chapter, "chapter", "", "only of this chapter: ANS, OUT, HLD, …")
	f.StringVar(&status, "status", "", "only those that are enforced, measured, or wait for a later part of huawu")
	f.StringVar(&mode, "mode", "", "only those about which this is done: off, measure, warn, enforce")
	f.BoolVar(&full, "full", false, "whole titles and values, however long")
	complete(c, "chapter", chapters()...)
	complete(c, "status", string(norms.Enforced), string(norms.Measured), string(norms.Waits))
	complete(c, "mode", modes()...)
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

func modes() []string {
	var all []string
	for _, m := range norms.Modes {
		all = append(all, string(m))
	}
	return all
}

func chapters() []string {
	var all []string
	for i := range norms.Rules {
		if c := norms.Rules[i].Chapter(); len(all) == 0 || all[len(all)-1] != c {
			all = append(all, c)
		}
	}
	return all
}

func valuesOf(all []norms.ValueInForce) string {
	words := make([]string, len(all))
	for i, v := range all {
		words[i] = v.Name + "=" + string(v.Is)
	}
	return strings.Join(words, " ")
}

// normWord is one of the words of norms in the operator's language.
func (a *app) normWord(w string) string {
	if t, ok := chineseNormWords[w]; ok && a.chinese() {
		return t
	}
	return w
}

// normIdle says of what makes no difference that it does not.
func (a *app) normIdle(idle bool) string {
	if !idle {
		return ""
	}
	return ", " + a.normWord("no effect")
}

// normStatus is how far a rule is kept, with what it waits for.
func (a *app) normStatus(n norms.Effective) string {
	if n.Status == norms.Waits {
		return a.normWord(string(n.Status)) + " " + a.normWord(n.Waits)
	}
	return a.normWord(string(n.Status))
}

func (a *app) normShow() *cobra.Command {
	var queue string
	c := &cobra.Command{
		Use: "show NORM", Short: "Show one norm: where it comes from, each value and who sets it",
		Example: "  huawu norm show RUL-HLD-2\n  huawu norm show hld-2 --queue vip",
		Args:    takes("NORM"), ValidArgsFunction: completeNorms,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var n api.NormShown
			if err := c.get(cmd.Context(), "/norms/"+url.PathEscape(ruleID(args[0])), query("queue", queue), &n); err != nil {
				return err
			}
			return a.show(n, func() {
				var others []string
				for _, o := range n.Queues {
					others = append(others, string(o.Queue))
				}
				a.fields("Norm", n.ID, "Title", a.ruleTitle(n.Title, n.Chinese), "Queue", n.Queue, "Mode", a.normWord(string(n.Mode))+" ("+a.normWord(string(n.ModeFrom))+a.normIdle(n.ModeIdle)+")",
					"Answerable", a.normWord(string(n.Role)), "Kept so far", a.normStatus(n.Effective), "Kept by", n.By, "Test", n.Test, "Source", n.Source,
					"Otherwise in", strings.Join(others, ", "))
				var rows [][]any
				for _, v := range n.Values {
					limits := strings.Join(v.Choices, " | ")
					if v.Min != "" {
						limits = v.Min + " – " + v.Max
					}
					from := a.normWord(string(v.From))
					if v.Where != "" {
						from += " " + v.Where
					}
					from += a.normIdle(v.Idle)
					rows = append(rows, []any{v.Name, v.Is, v.Unit, v.Default, limits, from})
				}
				if len(rows) > 0 {
					a.table([]string{"Name", "Is", "Unit", "Default", "Allowed", "Set by"}, rows)
				}
			})
		},
	}
	c.Flags().StringVar(&queue, "queue", "", "as it holds in this queue; else for the tenant")
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

func (a *app) normSet() *cobra.Command {
	var queue, mode string
	var values []string
	var reset bool
	c := &cobra.Command{
		Use: "set NORM", Short: "Say what is done about a norm and by which values, for the tenant or in one queue",
		Long: `Sets what is done about a norm: nothing (off), counting and the board (measure), telling
agents and leaders too (warn), or what the norm asks for as well (enforce). --value sets one
of its values; what is not named stays. --reset takes back everything that was set. The
change is the centre's next version, checked as a whole, and is in effect when the command
returns. What makes no difference yet is saved and told: norm show marks it.`,
		Example: "  huawu norm set RUL-HLD-2 --mode warn --value report_every=20s\n  huawu norm set out-4 --queue vip --value inbound=true --value target_talk=4m\n  huawu norm set RUL-HLD-2 --reset",
		Args:    takes("NORM"), ValidArgsFunction: completeNorms,
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !reset && mode == "" && len(values) == 0 || reset && (mode != "" || len(values) > 0) {
			return fmt.Errorf("%w: norm set needs --mode, --value, or --reset alone", errUsage)
		}
		set, err := named[norms.Written](values, nameValue)
		if err != nil {
			return err
		}
		c, err := a.connect()
		if err != nil {
			return err
		}
		path := "/norms/" + url.PathEscape(ruleID(args[0]))
		var n api.NormShown
		if err := c.get(cmd.Context(), path, query("queue", queue), &n); err != nil {
			return err
		}
		var next api.NormSetting
		if n.Own != nil && !reset {
			next = *n.Own
		}
		if mode != "" {
			next.Mode = norms.Mode(mode)
		}
		if next.Values == nil {
			next.Values = set
		} else {
			maps.Copy(next.Values, set)
		}
		if q := query("queue", queue).Encode(); q != "" {
			path += "?" + q
		}
		return a.changePart(cmd.Context(), c, http.MethodPut, path, 0, next)
	}
	f := c.Flags()
	f.StringVar(&queue, "queue", "", "in this queue; else for the tenant")
	f.StringVar(&mode, "mode", "", "off, measure, warn or enforce")
	f.StringArrayVar(&values, "value", nil, "a value, as name=value; may be repeated")
	f.BoolVar(&reset, "reset", false, "take back what was set")
	complete(c, "mode", modes()...)
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

// completeNorms offers the ids of rules.
func completeNorms(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var all []string
	for i := range norms.Rules {
		if len(args) == 0 {
			all = append(all, norms.Rules[i].ID+"\t"+norms.Rules[i].Chinese)
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}
