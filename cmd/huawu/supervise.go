package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/center"
)

// superviseCommands are the commands of supervisors to a talk.
func (a *app) superviseCommands() []*cobra.Command {
	return []*cobra.Command{
		a.superviseCommand("listen", "Let a supervisor hear a talk and be heard by nobody", call.Listen),
		a.superviseCommand("whisper", "Let a supervisor hear a talk and be heard by the agent alone", call.Whisper),
		a.superviseCommand("barge", "Let a supervisor into a talk, heard by all", call.Barge),
		a.supervisorCommand("take-over", "Give a talk to a supervisor who is at it; the agent wraps up"),
		a.supervisorCommand("unsupervise", "End what a supervisor does at a talk"),
	}
}

const bySupervisor = "--as names the supervisor, an agent who is signed in and whose phone is rung; --at a phone instead. " +
	"Without either it is the only supervisor at the talk."

// superviseCommand brings a supervisor to a talk in a mode.
func (a *app) superviseCommand(verb, short string, mode call.Mode) *cobra.Command {
	body := api.SuperviseTalk{Supervise: api.Supervise{Mode: mode}}
	c := &cobra.Command{
		Use: verb + " CALL", Short: short,
		Long: short + ". " + bySupervisor + "\nOf one who is at the talk already the mode is changed.",
		Example: "  huawu call " + verb + " " + sampleCall + " --as 1009\n  huawu call " + verb + " " + sampleCall + " --at PJSIP/1009 --agent 1001\n" +
			"  huawu call " + verb + " " + sampleCall,
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandCall(cmd, args[0], "supervise", body) },
	}
	a.supervisorFlags(c, &body.Supervisor)
	c.Flags().StringVar((*string)(&body.Agent), "agent", "", "whose talk, of several agents in a call")
	a.completeFlag(c, "agent")
	return c
}

// supervisorCommand is a command about a supervisor at a talk.
func (a *app) supervisorCommand(verb, short string) *cobra.Command {
	var body api.Supervisor
	c := &cobra.Command{
		Use: verb + " CALL", Short: short, Long: short + ". " + bySupervisor,
		Example: "  huawu call " + verb + " " + sampleCall + "\n  huawu call " + verb + " " + sampleCall + " --as 1009",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandCall(cmd, args[0], verb, body) },
	}
	a.supervisorFlags(c, &body)
	return c
}

// agentSupervise is a command to the talk that an agent is in.
func (a *app) agentSupervise() *cobra.Command {
	var body api.Supervise
	c := &cobra.Command{
		Use: "supervise AGENT", Short: "Let a supervisor hear the talk that an agent is in",
		Long:    "Lets a supervisor hear the talk that an agent is in, whichever it is. " + bySupervisor,
		Example: "  huawu agent supervise 1001 --as 1009\n  huawu agent supervise 1001 --as 1009 --mode whisper",
		Args:    takes("AGENT"), ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandAgent(cmd, args[0], "supervise", body) },
	}
	a.supervisorFlags(c, &body.Supervisor)
	c.Flags().StringVar((*string)(&body.Mode), "mode", string(call.Listen), "listen, whisper or barge")
	complete(c, "mode", "listen", "whisper", "barge")
	return c
}

// supervisorFlags say who supervises.
func (a *app) supervisorFlags(c *cobra.Command, who *api.Supervisor) {
	c.Flags().StringVar((*string)(&who.Supervisor), "as", "", "the supervisor, an agent")
	c.Flags().StringVar((*string)(&who.Endpoint), "at", "", "the phone of a seat, such as PJSIP/1009")
	a.completeFlag(c, "as")
}

// completeFlag completes a flag by the agents.
func (a *app) completeFlag(c *cobra.Command, flag string) {
	a.completeFlagBy(c, flag, a.completeAgents)
}

// supervisors are those at a talk, a word each.
func (a *app) supervisors(all []center.SupervisionView) string {
	words := make([]string, len(all))
	for i, s := range all {
		who := string(s.Agent)
		if who == "" {
			who = string(s.Endpoint)
		}
		words[i] = who + ":" + a.code(s.Mode)
	}
	return strings.Join(words, ",")
}
