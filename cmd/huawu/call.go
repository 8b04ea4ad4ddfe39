package main

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func (a *app) callCommand() *cobra.Command {
	showing := &cobra.Command{
		Use: "show CALL", Short: "Show one call: where it is, its account, its events, its recordings",
		Example: "  huawu call show c-mws624z0oq1-00000012\n  huawu call show c-mws624z0oq1-00000012 -o json",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var d api.CallDetail
			if err := c.get(cmd.Context(), "/calls/"+url.PathEscape(args[0]), nil, &d); err != nil {
				return err
			}
			return a.show(d, func() { a.printCall(d) })
		},
	}
	var why api.HangingUp
	hangup := &cobra.Command{
		Use: "hangup CALL", Short: "End a call and all its legs",
		Long:    "End a call and all its legs. One that an agent has dialled outside must have rung for long enough\n(RUL-OUT-1), unless --reason wrong-number says why not.",
		Example: "  huawu call hangup c-mws624z0oq1-00000012\n  huawu call hangup c-mws624z0oq1-00000012 --reason wrong-number",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			var body any
			if why != (api.HangingUp{}) {
				body = why
			}
			done, err := a.tellCall(cmd, args[0], "hangup", body)
			if err != nil {
				return err
			}
			return a.show(done, func() { a.line("call %s is being ended", args[0]) })
		},
	}
	hangup.Flags().StringVar(&why.Reason, "reason", "", "why it ends so soon: wrong-number")
	complete(hangup, "reason", center.WrongNumber)
	return group("call", "Look at calls, steer and end them", append([]*cobra.Command{a.callListCommand(), showing, hangup}, a.callControls()...)...)
}

func (a *app) callListCommand() *cobra.Command {
	var ended bool
	var from, to, queue, agent, number, page string
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "List calls in progress, or calls that have ended",
		Example: `  huawu call list
  huawu call list --ended --from 2026-11-22 --queue sales
  huawu call list --ended --from 2h --number 13800000001 -o json`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := query("queue", queue, "agent", agent, "number", number)
			for _, name := range []string{"from", "to", "limit", "page"} {
				if cmd.Flags().Changed(name) && !ended {
					return fmt.Errorf("%w: --%s is for calls that have ended; add --ended", errUsage, name)
				}
			}
			if ended {
				q.Set("ended", "true")
				q.Set("limit", strconv.Itoa(limit))
				if err := spanned(q, from, to); err != nil {
					return err
				}
				if page != "" {
					q.Set("page", page)
				}
			}
			c, err := a.connect()
			if err != nil {
				return err
			}
			var answer api.CallList
			if err := c.get(cmd.Context(), "/calls", q, &answer); err != nil {
				return err
			}
			return a.show(answer, func() { a.printCalls(ended, answer) })
		},
	}
	f := c.Flags()
	f.BoolVar(&ended, "ended", false, "calls that have ended, the latest first")
	f.StringVar(&from, "from", "", "ended calls that began then or later: 2026-11-22, \"2026-11-22 08:30\", RFC 3339, or 2h for two hours ago")
	f.StringVar(&to, "to", "", "ended calls that began before then")
	f.StringVar(&queue, "queue", "", "only calls of this queue")
	f.StringVar(&agent, "agent", "", "only calls of this agent")
	f.StringVar(&number, "number", "", "only calls from or to this number")
	f.IntVar(&limit, "limit", 100, "how many ended calls at most, up to 1000")
	f.StringVar(&page, "page", "", "go on where a list ended")
	a.completeFlagBy(c, "queue", a.completeQueues)
	a.completeFlag(c, "agent")
	return c
}

// instant reads a time as people write it, in local time.
func instant(text string, now time.Time) (time.Time, error) {
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write 2026-11-22, \"2026-11-22 08:30\", RFC 3339, or 2h for two hours ago", text)
}

func (a *app) printCalls(ended bool, answer api.CallList) {
	var rows [][]any
	if !ended {
		for _, c := range answer.Calls {
			rows = append(rows, []any{c.ID, a.code(c.Direction), a.standing(&c), c.From, c.To, c.Queue, c.Agent, span(c.Lasted), c.Node})
		}
		a.table([]string{"Call", "Direction", "State", "From", "To", "Queue", "Agent", "For", "Node"}, rows)
		return
	}
	for _, r := range answer.Ended {
		rows = append(rows, []any{r.Call, clock(r.Began), r.From, r.To, r.Queue, r.Agent, a.code(r.Fault), a.code(r.Reason), span(r.Wait), span(r.Talk)})
	}
	a.table([]string{"Call", "Began", "From", "To", "Queue", "Agent", "Fault", "Reason", "Wait", "Talk"}, rows)
	if answer.Next != "" {
		fmt.Fprintf(a.out, "--page %s\n", answer.Next)
	}
}

// rung is how long a phone rang, and how often where that is known.
func (a *app) rung(ms int64, rings int) string {
	if rings == 0 {
		return span(ms)
	}
	return span(ms) + " · " + a.say.Sprintf("%v rings", rings)
}

func (a *app) printCall(d api.CallDetail) {
	if c := d.Live; c != nil {
		a.fields("Call", c.ID, "Direction", a.code(c.Direction), "State", a.code(c.State), "From", c.From, "To", c.To, "Queue", c.Queue, "Agent", c.Agent,
			"Node", c.Node, "Began", clock(c.Began), "For", span(c.Lasted), "Recorded", a.yes(c.Recorded), "Recording paused", recordingPauses(c.Paused), "Supervisors", a.supervisors(c.Supervisors))
		a.printTalk(c)
		a.printLegs(c.Legs)
		a.printLog(c.Log)
	}
	if r := d.Record; r != nil {
		a.fields("Call", r.Call, "Direction", a.code(r.Direction), "From", r.From, "To", r.To, "Queue", r.Queue, "Agent", r.Agent,
			"Began", clock(r.Began), "Fault", a.code(r.Fault), "Reason", a.code(r.Reason), "Ended by", a.code(r.By), "Excused by", r.Excuse, "Cause", r.Cause,
			"IVR", span(r.IVR), "Wait", span(r.Wait), "Ring", a.rung(r.Ring, d.Rings), "Talk", span(r.Talk), "Hold", span(r.Hold),
			"Wrap-up", span(r.WrapUp), "Offers", r.Offers, "Transfers", r.Transfers, "Consult", span(r.Consult), "Trunk", r.Trunk, "Rating", rating(r.Survey))
		a.printRecordings(r.Recordings)
		a.printLog(r.Log)
	}
	if len(d.Events) > 0 {
		fmt.Fprintln(a.out)
		rows := make([][]any, len(d.Events))
		for i, e := range d.Events {
			rows[i] = []any{fmt.Sprintf("+%.3fs", float64(e.At-d.Events[0].At)/1000), e.Kind, eventDetail(e.Event)}
		}
		a.table([]string{"At", "Event", "Detail"}, rows)
	}
	if d.Incomplete != "" {
		fmt.Fprintln(a.err, d.Incomplete)
	}
}

func (a *app) printLegs(legs []center.LegView) {
	if len(legs) == 0 {
		return
	}
	fmt.Fprintln(a.out)
	rows := make([][]any, len(legs))
	for i, l := range legs {
		rows[i] = []any{l.Leg, a.code(l.Role), a.code(l.State), l.Endpoint}
	}
	a.table([]string{"Leg", "Role", "State", "Seat"}, rows)
}

func (a *app) printRecordings(files []fact.RecordingFile) {
	if len(files) == 0 {
		return
	}
	fmt.Fprintln(a.out)
	rows := make([][]any, len(files))
	for i, f := range files {
		rows[i] = []any{f.Recording, a.code(f.Side), span(f.Millis), f.Name}
	}
	a.table([]string{"Recording", "Side", "For", "File"}, rows)
}

// eventDetail is what an event says besides its kind, for people.
func eventDetail(e fact.Event) string {
	var text string
	add := func(name, value string) {
		if value == "" {
			return
		}
		if text != "" {
			text += " "
		}
		text += name + "=" + value
	}
	add("queue", string(e.Queue))
	add("agent", string(e.Agent))
	add("endpoint", string(e.Endpoint))
	add("from", e.From)
	add("to", e.To)
	add("name", e.Name)
	add("reason", e.Reason)
	add("by", string(e.By))
	add("who", e.Who)
	add("note", e.Note)
	if e.Position > 0 {
		add("position", strconv.Itoa(e.Position))
	}
	if e.Cause > 0 {
		add("cause", strconv.Itoa(e.Cause))
	}
	if e.Ending != nil {
		add("fault", string(e.Ending.Fault))
		add("ending", string(e.Ending.Reason))
	}
	if e.Millis > 0 {
		add("for", span(e.Millis))
	}
	if e.Value > 0 || e.Limit > 0 {
		add("value", strconv.FormatInt(e.Value, 10))
		add("limit", strconv.FormatInt(e.Limit, 10))
	}
	add("leg", string(e.Leg))
	return text
}

// completeCalls offers the ids of calls in progress.
func (a *app) completeCalls(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/calls", func(answer api.CallList) (all []string) {
		for _, c := range answer.Calls {
			all = append(all, fmt.Sprintf("%s\t%s %s", c.ID, c.State, c.From))
		}
		return all
	})
}
