package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
)

func (a *app) callerCommand() *cobra.Command {
	showing := &cobra.Command{
		Use: "show NUMBER", Short: "Show what the list has of a number: entries and strikes",
		Example: "  huawu caller show 13800138000",
		Args:    takes("NUMBER"), ValidArgsFunction: a.completeCallers,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var d api.CallerDetail
			if err := c.get(cmd.Context(), callerPath(args[0], ""), nil, &d); err != nil {
				return err
			}
			return a.show(d, func() { a.printCaller(d) })
		},
	}
	return group("caller", "Deny callers by number, give them levels, note misuses",
		a.callerListCommand(), showing, a.callerDenyCommand(), a.callerLevelCommand(), a.callerStrikeCommand(), a.callerApproveCommand(), a.callerLiftCommand())
}

func (a *app) callerListCommand() *cobra.Command {
	var kind, state, from string
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "List numbers that are denied, ranked or struck",
		Example: "  huawu caller list --state proposed\n  huawu caller list --kind deny -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("kind", kind, "state", state, "from", from)
			q.Set("limit", strconv.Itoa(limit))
			var all api.CallerList
			if err := c.get(cmd.Context(), "/callers", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, n := range all.Callers {
					if len(n.Entries) == 0 {
						rows = append(rows, []any{n.Number, "", "", "", n.Counted, "", "", ""})
					}
					for _, e := range n.Entries {
						rows = append(rows, []any{n.Number, a.code(e.Kind), a.entryState(e), e.Level, n.Counted, ends(e.Expires, n.Zone), a.requested(e), e.Reason})
					}
				}
				a.table([]string{"Number", "Kind", "State", "Level", "Strikes", "Until", "Requested by", "Reason"}, rows)
				if all.Next != "" {
					fmt.Fprintf(a.out, "--from %s\n", all.Next)
				}
			})
		},
	}
	f := c.Flags()
	f.StringVar(&kind, "kind", "", "only with an entry of this kind: deny or level")
	f.StringVar(&state, "state", "", "only with an entry in this state: proposed, active or lifted")
	f.StringVar(&from, "from", "", "only numbers after this one")
	f.IntVar(&limit, "limit", 100, "how many numbers at most, up to 1000")
	complete(c, "kind", "deny", "level")
	complete(c, "state", "proposed", "active", "lifted")
	return c
}

func (a *app) callerDenyCommand() *cobra.Command {
	var body api.Denial
	c := &cobra.Command{
		Use: "deny NUMBER", Short: "Deny a number: its calls hear why and are ended",
		Long: `Denies a number. Its calls are answered by the flow that callers.denied of the
centre's document names, from the next one on. --propose leaves that to somebody who
approves it.`,
		Example: "  huawu caller deny 13800138000 --reason 辱骂 --until 2026-12-31",
		Args:    takes("NUMBER"), ValidArgsFunction: a.completeCallers,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeCaller(cmd.Context(), http.MethodPut, args[0], "deny", body)
		},
	}
	denialFlags(c, &body)
	return c
}

func denialFlags(c *cobra.Command, body *api.Denial) {
	f := c.Flags()
	f.StringVar(&body.Reason, "reason", "", "why, for people; required")
	f.StringVar(&body.Until, "until", "", "the last day, or the instant at which it ends; for ever when left out")
	f.BoolVar(&body.Propose, "propose", false, "it holds only once somebody approves it")
}

func (a *app) callerLevelCommand() *cobra.Command {
	var body api.Ranked
	c := &cobra.Command{
		Use: "level NUMBER", Short: "Give a number a level, a language, attributes",
		Long: `Gives a number a level, one of order.levels of the centre's document, a language, and
attributes that flows can go by. It takes the place of what the number had.`,
		Example: "  huawu caller level 13900139000 --level vip --language en --attribute card=silver --reason 银卡",
		Args:    takes("NUMBER"), ValidArgsFunction: a.completeCallers,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeCaller(cmd.Context(), http.MethodPut, args[0], "level", body)
		},
	}
	denialFlags(c, &body.Denial)
	f := c.Flags()
	f.StringVar(&body.Level, "level", "", "one of order.levels")
	a.completeFlagBy(c, "level", a.completeLevels)
	f.StringVar(&body.Language, "language", "", "what the caller speaks, such as en")
	f.StringToStringVar(&body.Attributes, "attribute", nil, "name=value, for flows; may come again")
	return c
}

func (a *app) callerStrikeCommand() *cobra.Command {
	var body api.NewStrike
	c := &cobra.Command{
		Use: "strike NUMBER", Short: "Note a misuse; enough of them propose a denial",
		Example: "  huawu caller strike 13800138000 --reason 辱骂 --call c-mws624z0oq1-00000012",
		Args:    takes("NUMBER"), ValidArgsFunction: a.completeCallers,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeCaller(cmd.Context(), http.MethodPost, args[0], "strikes", body)
		},
	}
	f := c.Flags()
	f.StringVar(&body.Reason, "reason", "", "what happened; required")
	f.StringVar((*string)(&body.Call), "call", "", "in which call")
	return c
}

func (a *app) callerApproveCommand() *cobra.Command {
	var body api.Approval
	c := &cobra.Command{
		Use: "approve NUMBER", Short: "Let what is proposed hold",
		Example: "  huawu caller approve 13800138000 --until 2026-12-31\n  huawu caller approve 13900139000 --kind level",
		Args:    takes("NUMBER"), ValidArgsFunction: a.completeCallers,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeCaller(cmd.Context(), http.MethodPost, args[0], "approve", body)
		},
	}
	f := c.Flags()
	f.StringVar((*string)(&body.Kind), "kind", "", "which of two that are proposed: deny or level")
	complete(c, "kind", "deny", "level")
	f.StringVar(&body.Until, "until", "", "the last day, or the instant at which it ends; as proposed when left out")
	return c
}

func (a *app) callerLiftCommand() *cobra.Command {
	var body api.Lifting
	c := &cobra.Command{
		Use: "lift NUMBER", Short: "Take a denial or a level back, or refuse what is proposed",
		Example: "  huawu caller lift 13800138000\n  huawu caller lift 13900139000 --kind level",
		Args:    takes("NUMBER"), ValidArgsFunction: a.completeCallers,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeCaller(cmd.Context(), http.MethodPost, args[0], "lift", body)
		},
	}
	c.Flags().StringVar((*string)(&body.Kind), "kind", "deny", "what is lifted: deny or level")
	complete(c, "kind", "deny", "level")
	return c
}

// changeCaller changes what the list has of a number, and shows it.
func (a *app) changeCaller(ctx context.Context, method, number, verb string, body any) error {
	if r, wants := body.(interface{ Why() string }); wants && r.Why() == "" {
		return fmt.Errorf("%w: say why with --reason", errUsage)
	}
	c, err := a.connect()
	if err != nil {
		return err
	}
	var done api.CallerDone
	if err := c.send(ctx, method, callerPath(number, "/"+verb), nil, body, &done); err != nil {
		return err
	}
	return a.show(done, func() {
		a.printCaller(done.Caller)
		if done.Proposed {
			a.line("the strikes propose a denial; approve it with: huawu caller approve %s", done.Caller.Number)
		}
	})
}

func callerPath(number, verb string) string { return "/callers/" + url.PathEscape(number) + verb }

// printCaller tells people what the list has of a number.
func (a *app) printCaller(d api.CallerDetail) {
	a.fields("Number", d.Number, "Denied", a.yes(d.Denied), "Level", d.Level, "Strikes", a.say.Sprintf("%v, of which %v count", len(d.Strikes), d.Counted))
	if len(d.Entries) > 0 {
		var rows [][]any
		for _, e := range d.Entries {
			rows = append(rows, []any{a.code(e.Kind), a.entryState(e), e.Level, e.Language, attributes(e.Attributes), ends(e.Expires, d.Zone), a.requested(e), e.Approved, e.Reason})
		}
		fmt.Fprintln(a.out)
		a.table([]string{"Kind", "State", "Level", "Language", "Attributes", "Until", "Requested by", "Approved by", "Reason"}, rows)
	}
	if len(d.Strikes) > 0 {
		var rows [][]any
		for _, s := range d.Strikes {
			rows = append(rows, []any{clock(s.At), s.By, s.Call, s.Reason})
		}
		fmt.Fprintln(a.out)
		a.table([]string{"At", "By", "Call", "Reason"}, rows)
	}
}

// ends is when an entry ends, where the centre is: the last day, for one that
// ends with a day.
func ends(ms int64, zone string) string {
	if ms == 0 {
		return ""
	}
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		where = time.UTC // as huawu reads it
	}
	at := time.UnixMilli(ms).In(where)
	if h, m, s := at.Clock(); h == 0 && m == 0 && s == 0 && at.Nanosecond() == 0 {
		return at.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return at.Format(time.DateTime + " -07:00")
}

// requested is who wanted an entry: somebody, or the strikes themselves.
func (a *app) requested(e center.Entry) string {
	if e.Requested == "strikes" {
		return a.code(e.Requested)
	}
	return e.Requested
}

// entryState is an entry's state for people, who know what has expired.
func (a *app) entryState(e center.Entry) string {
	if e.State == center.EntryActive && !e.Holds(time.Now().UnixMilli()) {
		return a.say.Sprintf("expired")
	}
	return a.code(e.State)
}

func attributes(all []center.Attribute) string {
	words := make([]string, len(all))
	for i, at := range all {
		words[i] = at.Name + "=" + at.Value
	}
	return strings.Join(words, ",")
}

func (a *app) completeCallers(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/callers", func(all api.CallerList) (ids []string) {
		for _, c := range all.Callers {
			ids = append(ids, c.Number)
		}
		return ids
	})
}
