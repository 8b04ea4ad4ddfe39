package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
)

// leaderControls are what leaders say of agents.
func (a *app) leaderControls() []*cobra.Command {
	return []*cobra.Command{
		a.agentVerb("approve", "Grant the pause that an agent has asked for"),
		a.agentVerb("deny", "Deny the pause that an agent has asked for"),
		a.forceCommand(),
	}
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
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 && len(args) != 3 {
				return fmt.Errorf("%w: %d arguments, want AGENT STATE [REASON]", errUsage, len(args))
			}
			return nil
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			switch len(args) {
			case 1:
				return forced, cobra.ShellCompDirectiveNoFileComp
			case 2:
				return pauses, cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeAgents(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			body := api.Force{To: routing.State(args[1]), Why: why}
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

// remarks are what is to be said of an agent besides the state.
func (a *app) remarks(g center.AgentView) string {
	var all []string
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
	if r := g.Request; r != nil {
		switch r.Status {
		case routing.RequestPending:
			all = append(all, a.say.Sprintf("%s pending", r.Reason))
		case routing.RequestGranted:
			all = append(all, a.say.Sprintf("%s granted by %s", r.Reason, r.By))
		case routing.RequestDenied:
			all = append(all, a.say.Sprintf("%s denied by %s", r.Reason, r.By))
		}
	}
	return strings.Join(all, ", ")
}
