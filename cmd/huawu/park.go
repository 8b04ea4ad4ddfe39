package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func (a *app) parkCommand() *cobra.Command {
	var body api.Parking
	c := &cobra.Command{
		Use: "park CALL", Short: "Let the caller wait with music at a slot, for anybody to pick up",
		Long: "Lets the caller wait with music at a slot of the centre's park, the first free one unless --slot says which.\n" +
			"Whoever may ring colleagues picks up by dialling the slot, anybody by \"huawu call pickup\".",
		Example: "  huawu call park " + sampleCall + "\n  huawu call park " + sampleCall + " --slot 701",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandCall(cmd, args[0], "park", body) },
	}
	a.byFlag(c, &body.CallAct)
	c.Flags().IntVar(&body.Slot, "slot", 0, "at this slot")
	return c
}

func (a *app) pickUpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "pickup CALL AGENT", Short: "Ring an agent for a parked call, by its id or its slot",
		Example: "  huawu call pickup " + sampleCall + " 1002\n  huawu call pickup 701 1002",
		Args:    takes("CALL", "AGENT"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return a.completeAgents(cmd, nil, prefix)
			}
			return a.completeCalls(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.commandCall(cmd, args[0], "pickup", api.PickingUp{Agent: fact.AgentID(args[1])})
		},
	}
}

// standing is a call's state, with the slot where it is parked and a word for a
// hold that lasts too long.
func (a *app) standing(c *center.CallView) string {
	state := a.code(c.State)
	if c.Parked != nil {
		state += " " + strconv.Itoa(c.Parked.Slot)
	}
	if c.HeldLong {
		state += " · " + a.say.Sprintf("too long")
	}
	return state
}

// printTalk is what goes on in a talk, or around it.
func (a *app) printTalk(c *center.CallView) {
	if p := c.Parked; p != nil {
		until := ""
		if p.Until != 0 {
			until = clock(p.Until)
		}
		a.fields("Slot", p.Slot, "Parked by", p.By, "Since", clock(p.Since), "Until", until)
	}
	if c.Held != 0 {
		a.fields("On hold since", clock(c.Held), "Too long", a.yes(c.HeldLong))
	}
	if c.Query != 0 {
		a.fields("Looks up since", clock(c.Query))
	}
	if k := c.Consult; k != nil {
		a.fields("Asks", k.To, "Asked by", k.By, "Consult", a.code(k.State), "Answers", k.Agent)
	}
}
