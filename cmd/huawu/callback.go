package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
)

func (a *app) callbackCommand() *cobra.Command {
	showing := &cobra.Command{
		Use: "show CALLBACK", Short: "Show one call that is owed: who, why, since when, the message",
		Example: "  huawu callback show cb-mws624z0oq1-00000012",
		Args:    takes("CALLBACK"), ValidArgsFunction: a.completeCallbacks,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var one api.CallbackDetail
			if err := c.get(cmd.Context(), "/callbacks/"+url.PathEscape(args[0]), nil, &one); err != nil {
				return err
			}
			return a.show(one, func() {
				a.printCallback(one.Callback)
				rows := make([][]any, len(one.Tries))
				for i, t := range one.Tries {
					rows[i] = []any{clock(t.Began), t.Agent, a.code(t.Outcome), t.Call}
				}
				if len(rows) > 0 {
					a.table([]string{"Tried", "Agent", "Outcome", "Call"}, rows)
				}
			})
		},
	}
	return group("callback", "Calls that are owed: see, enter, move, make them and say what came of them",
		a.callbackListCommand(), a.callbackDueCommand(), showing, a.callbackCreateCommand(), a.callbackRescheduleCommand(),
		a.callbackAsk("run CALLBACK", "Have a callback made now, whatever its time; the windows still count", "run cb-mws624z0oq1-00000012", "/run",
			takes("CALLBACK"), func([]string) any { return nil }),
		a.callbackAsk("outcome CALLBACK OUTCOME", "Say of the attempt under way what the line cannot tell: machine, wrong-number, not-convenient",
			"outcome cb-mws624z0oq1-00000012 machine", "/outcome", takes("CALLBACK", "OUTCOME"),
			func(args []string) any { return api.Attempted{Outcome: callback.Outcome(args[1])} }),
		a.callbackForecastCommand(), a.callbackImportCommand(),
		a.callbackVerb("done", "Say that a call was made, or a message answered"),
		a.callbackVerb("cancel", "Say that a call is owed no more"))
}

func (a *app) callbackListCommand() *cobra.Command {
	var state, queue, agent, number, page string
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "List calls that are owed and messages to answer, the oldest first",
		Example: "  huawu callback list\n  huawu callback list --queue sales --state done -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			if state == "all" {
				state = ""
			}
			q := query("state", state, "queue", queue, "agent", agent, "number", number, "page", page)
			q.Set("limit", strconv.Itoa(limit))
			var all api.CallbackList
			if err := c.get(cmd.Context(), "/callbacks", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				rows := make([][]any, len(all.Callbacks))
				for i, b := range all.Callbacks {
					rows[i] = []any{b.ID, a.owed(b.State), a.code(b.Source), b.Number, b.Queue, b.Agent, clock(b.Asked), a.code(b.Reason), b.Note}
				}
				a.table([]string{"Callback", "State", "Kind", "Number", "Queue", "Agent", "Asked", "Reason", "Note"}, rows)
				if all.Next != "" {
					fmt.Fprintf(a.out, "--page %s\n", all.Next)
				}
			})
		},
	}
	f := c.Flags()
	f.StringVar(&state, "state", "open", "only in this state: open, done, cancelled, or all")
	f.StringVar(&queue, "queue", "", "only of this queue")
	f.StringVar(&agent, "agent", "", "only for this agent")
	f.StringVar(&number, "number", "", "only to this number")
	f.StringVar(&page, "page", "", "go on where a list ended")
	f.IntVar(&limit, "limit", 100, "how many at most, up to 1000")
	complete(c, "state", "open", "done", "cancelled", "all")
	a.completeFlagBy(c, "queue", a.completeQueues)
	a.completeFlag(c, "agent")
	return c
}

// callbackVerb is a command that closes a callback.
func (a *app) callbackVerb(verb, short string) *cobra.Command {
	var body api.Outcome
	note := map[string]string{"done": "已回电", "cancel": "来电人已另行来电"}[verb]
	c := &cobra.Command{
		Use: verb + " CALLBACK", Short: short, Example: "  huawu callback " + verb + " cb-mws624z0oq1-00000012 --note " + note,
		Args: takes("CALLBACK"), ValidArgsFunction: a.completeCallbacks,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.CallbackDone
			if err := c.send(cmd.Context(), http.MethodPost, "/callbacks/"+url.PathEscape(args[0])+"/"+verb, nil, body, &done); err != nil {
				return err
			}
			return a.show(done, func() { a.printCallback(done.Callback) })
		},
	}
	c.Flags().StringVar(&body.Note, "note", "", "what came of it")
	return c
}

// printCallback tells people of one call that is owed.
func (a *app) printCallback(b callback.Callback) {
	message := ""
	if b.MessageFile != "" {
		message = b.MessageFile + " " + span(b.MessageMs)
	}
	a.fields("Callback", b.ID, "State", a.owed(b.State), "Kind", a.code(b.Source), "Number", b.Number, "Name", b.Name, "Queue", b.Queue, "Agent", b.Agent,
		"Customer", b.Customer, "Case", b.Case, "Reason", a.code(b.Reason), "Asked", clock(b.Asked), "Promised", clock(b.Promised), "Due", clock(b.Due),
		"Named by", a.code(b.DueSource), "Not before", clock(b.After), "Zone", b.Zone, "Windows lifted by", b.Override, "Stage", a.code(b.Stage),
		"Attempts", some(b.Attempts), "Outcome", a.code(b.Outcome), "Again", clock(b.Next), "Waiting since", clock(b.Joined), "Skills", b.Needs, "Level", b.Level, "Language", b.Language,
		"Message", message, "Call", b.Call, "Note", b.Note, "Closed by", b.By, "Closed", clock(b.Closed))
}

// some is a number for people, nothing for none.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (a *app) completeCallbacks(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/callbacks?state=open", func(all api.CallbackList) (ids []string) {
		for _, b := range all.Callbacks {
			ids = append(ids, string(b.ID)+"\t"+b.Number)
		}
		return ids
	})
}
