package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// leaderControls are what leaders say of agents.
func (a *app) leaderControls() []*cobra.Command {
	return []*cobra.Command{
		a.answerCommand("approve", "Grant the pause that an agent has asked for"),
		a.answerCommand("deny", "Deny the pause that an agent has asked for"),
		a.forceCommand(), a.logCommand(),
	}
}

// answerCommand answers what an agent has asked for.
func (a *app) answerCommand(verb, short string) *cobra.Command {
	var body api.Answering
	c := a.agentVerb(verb, short)
	c.Example += "\n  huawu agent " + verb + " 1001 --reason leave"
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if body.Reason == "" {
			return a.commandAgent(cmd, args[0], verb, nil)
		}
		return a.commandAgent(cmd, args[0], verb, body)
	}
	c.Flags().StringVar((*string)(&body.Reason), "reason", "", "answer this, and nothing that the agent has asked for since")
	return c
}

// forced are the states that a leader can make an agent be in.
var forced = []string{string(routing.ReadyState), string(routing.NotReadyIn), string(routing.Offline)}

func (a *app) forceCommand() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "force AGENT STATE [REASON]", Short: "Make an agent ready, not ready or signed out, after the talk if there is one",
		Long: `Makes an agent READY, NOT_READY for a reason, or OFFLINE, in the place of what the agent says;
in a talk it comes after it. A pause need not be granted. Who does it and why is kept.`,
		Example: "  huawu agent force 1001 READY --why \"两次未接，已当面提醒\"\n  huawu agent force 1001 NOT_READY training --why \"on the job\"\n" +
			"  huawu agent force 1001 OFFLINE --why \"left the seat\"",
		Args: takes("AGENT", "STATE", "[REASON]"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			switch len(args) {
			case 1:
				return forced, cobra.ShellCompDirectiveNoFileComp
			case 2:
				return a.completePauses(cmd)
			}
			return a.completeAgents(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			body := api.Force{To: routing.State(strings.ToUpper(strings.ReplaceAll(args[1], "-", "_"))), Why: why}
			if len(args) == 3 {
				body.Reason = routing.PauseReason(args[2])
			}
			if strings.TrimSpace(why) == "" {
				return fmt.Errorf("%w: want --why: it is kept with who did it", errUsage)
			}
			return a.commandAgent(cmd, args[0], "force", body)
		},
	}
	c.Flags().StringVar(&why, "why", "", "why, for people to read")
	return c
}

func (a *app) logCommand() *cobra.Command {
	var call string
	c := &cobra.Command{
		Use: "log AGENT FIELD=VALUE...", Short: "Write down what the queue wants known about an agent's talk",
		Long: `Writes down what the queue of a talk wants known: of the talk under way, the one that is wrapped
up, or the first that is owed for; --call names another. The last word on each field counts, and
who has written all that is required is READY once the wrap-up is over.`,
		Example: "  huawu agent log 1001 result=solved\n  huawu agent log 1001 result=open \"note=will call back\" --call " + sampleCall,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return fmt.Errorf("%w: %d arguments, want AGENT and one FIELD=VALUE or more", errUsage, len(args))
			}
			return nil
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return a.completeLogFields(cmd, args, prefix)
			}
			return a.completeAgents(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			fields, err := named[string](args[1:], "each field once with its value, such as result=solved")
			if err != nil {
				return err
			}
			return a.commandAgent(cmd, args[0], "log", api.TalkLog{Call: fact.CallID(call), Fields: fields})
		},
	}
	c.Flags().StringVar(&call, "call", "", "about this call")
	return c
}

// remarks are what is to be said of an agent besides the state.
func (a *app) remarks(g center.AgentView) string {
	var all []string
	if g.Trainee {
		all = append(all, a.say.Sprintf("trainee until %s", g.TraineeUntil))
	}
	if g.Next != "" {
		next := string(g.Next)
		if g.NextReason != "" {
			next += " (" + string(g.NextReason) + ")"
		}
		all = append(all, a.say.Sprintf("next %s", next))
	}
	if p := g.Pause; p != nil && p.Over > 0 {
		all = append(all, a.say.Sprintf("too long by %s", span(p.Over)))
	}
	if g.RONAs > 0 {
		all = append(all, a.say.Sprintf("%v rung out", g.RONAs))
	}
	for _, o := range g.Owes {
		all = append(all, a.say.Sprintf("owes %s of %s", strings.Join(o.Missing, ", "), o.Call))
	}
	if r := g.Request; r != nil {
		switch r.Status {
		case routing.RequestPending:
			all = append(all, a.say.Sprintf("%s pending", r.Reason))
		case routing.RequestGranted:
			if r.By == "" { // approval: auto
				all = append(all, a.say.Sprintf("%s granted", r.Reason))
				break
			}
			all = append(all, a.say.Sprintf("%s granted by %s", r.Reason, r.By))
		case routing.RequestDenied:
			all = append(all, a.say.Sprintf("%s denied by %s", r.Reason, r.By))
		}
	}
	return strings.Join(all, ", ")
}

// printLog shows what agents have written about a call.
func (a *app) printLog(log []fact.LogEntry) {
	if len(log) == 0 {
		return
	}
	fmt.Fprintln(a.out)
	rows := make([][]any, len(log))
	for i, e := range log {
		rows[i] = []any{e.Agent, e.Field, e.Value, clock(e.Wall)}
	}
	a.table([]string{"Agent", "Field", "Value", "At"}, rows)
}
