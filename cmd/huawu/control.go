package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

const sampleCall = "c-mws624z0oq1-00000012"

// callControls are the commands to a talk.
func (a *app) callControls() []*cobra.Command {
	return append([]*cobra.Command{
		a.consentVerb("hold", "Let the caller hear music"),
		a.partVerb("unhold", "Bring the caller back from hold"),
		a.consentVerb("query", "Say that the agent looks something up with the caller on the line"),
		a.partVerb("query-done", "Say that what the agent looked up is found"),
		a.partVerb("mute", "Keep the agent from being heard"),
		a.partVerb("unmute", "Let the agent be heard again"),
		a.towardCommand("consult", "Call somebody for the agent, the caller on hold meanwhile"),
		a.callVerb("complete", "Give the talk to whom is consulted"),
		a.callVerb("merge", "Bring whom is consulted into the talk"),
		a.callVerb("cancel-consult", "End a consult; the agent goes back to the caller"),
		a.towardCommand("transfer", "Give the talk away without a word before, where the rules let it"),
		a.parkCommand(), a.pickUpCommand(), a.callSceneCommand(), a.callSayCommand(),
		a.partVerb("end-talk", "End the agent's part in the talk; the caller goes on in the flow"),
	}, a.superviseCommands()...)
}

// queueControls are the commands to a queue and to those who wait.
func (a *app) queueControls() []*cobra.Command {
	return []*cobra.Command{
		a.modeCommand("open", "Let a queue take callers and offer them", routing.ModeOpen),
		a.modeCommand("pause", "Let a queue take callers and offer none", routing.ModePaused),
		a.modeCommand("drain", "Let a queue take no callers and serve those in line", routing.ModeDraining),
		a.modeCommand("close", "Let a queue take no callers and those in line leave", routing.ModeClosed),
		a.moveCommand(), a.rankCommand(), a.callVerb("kick", "Take a caller out of line; the script goes on"),
	}
}

// agentControls are the commands to an agent besides those of the state.
func (a *app) agentControls() []*cobra.Command {
	return []*cobra.Command{a.skillsCommand(), a.extendCommand(), a.agentSupervise()}
}

// callVerb is a command to a call that needs no more than the call.
func (a *app) callVerb(verb, short string) *cobra.Command {
	group := "call"
	if verb == "kick" {
		group = "queue"
	}
	return &cobra.Command{
		Use: verb + " CALL", Short: short, Example: "  huawu " + group + " " + verb + " " + sampleCall,
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandCall(cmd, args[0], verb, nil) },
	}
}

// partVerb is a command to a call that an agent's part in it may be named for.
func (a *app) partVerb(verb, short string) *cobra.Command {
	var body api.CallAct
	c := a.callVerb(verb, short)
	c.Long = short + ". --by says whose part, where several agents are in the talk."
	c.Example += "\n  huawu call " + verb + " " + sampleCall + " --by 1001"
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if body.Agent == "" {
			return a.commandCall(cmd, args[0], verb, nil)
		}
		return a.commandCall(cmd, args[0], verb, body)
	}
	a.byFlag(c, &body)
	return c
}

// consentVerb is one to which the caller may have agreed.
func (a *app) consentVerb(verb, short string) *cobra.Command {
	var body api.Hold
	c := a.callVerb(verb, short)
	c.Long = short + ". --consent says that the caller was asked first (RUL-HLD-1), --by whose part,\nwhere several agents are in the talk."
	c.Example += " --consent"
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if body == (api.Hold{}) {
			return a.commandCall(cmd, args[0], verb, nil)
		}
		return a.commandCall(cmd, args[0], verb, body)
	}
	a.byFlag(c, &body.CallAct)
	c.Flags().BoolVar(&body.Consent, "consent", false, "the caller was asked first")
	return c
}

// byFlag says which agent of a talk acts.
func (a *app) byFlag(c *cobra.Command, who *api.CallAct) {
	c.Flags().StringVar((*string)(&who.Agent), "by", "", "the agent who acts; the one who has the talk when left out")
	a.completeFlag(c, "by")
}

// towardCommand is a command that names somebody to whom a talk is to go.
func (a *app) towardCommand(verb, short string) *cobra.Command {
	var to center.Target
	var act api.CallAct
	c := &cobra.Command{
		Use: verb + " CALL", Short: short,
		Long:    short + ": --agent, --queue or --number says to whom, --by who acts.",
		Example: "  huawu call " + verb + " " + sampleCall + " --agent 1002\n  huawu call " + verb + " " + sampleCall + " --queue service",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			named := 0
			for _, to := range []string{string(to.Agent), string(to.Queue), to.Number} {
				if to != "" {
					named++
				}
			}
			if named != 1 {
				return fmt.Errorf("%w: want exactly one of --agent, --queue and --number", errUsage)
			}
			return a.commandCall(cmd, args[0], verb, api.Toward{CallAct: act, To: to})
		},
	}
	a.byFlag(c, &act)
	f := c.Flags()
	f.StringVar((*string)(&to.Agent), "agent", "", "to this agent")
	f.StringVar((*string)(&to.Queue), "queue", "", "to an agent of this queue")
	f.StringVar(&to.Number, "number", "", "to this number")
	a.completeFlag(c, "agent")
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

// asked are the commands whose answer may show the call as it was: what they
// ask for holds once the switch has done it, and shows as the state.
var asked = map[string]center.CallState{"hold": center.CallHeld, "unhold": center.CallTalking, "mute": "", "unmute": "", "take-over": ""}

// tellCall carries out a command to a call.
func (a *app) tellCall(cmd *cobra.Command, call, verb string, body any) (done api.CallDone, err error) {
	c, err := a.connect()
	if err != nil {
		return done, err
	}
	err = c.send(cmd.Context(), http.MethodPost, "/calls/"+url.PathEscape(call)+"/"+verb, query("wait", "true"), body, &done)
	return done, err
}

// commandCall carries out a command to a call and shows what came of it.
func (a *app) commandCall(cmd *cobra.Command, call, verb string, body any) error {
	done, err := a.tellCall(cmd, call, verb, body)
	if err != nil {
		return err
	}
	return a.show(done, func() {
		if state, later := asked[verb]; later && done.Call != nil && done.Call.State != state {
			a.line("call %s: %s asked for, until then %s", call, verb, a.whereIs(done.Call))
			return
		}
		a.line("call %s: %s", call, a.whereIs(done.Call))
	})
}

// whereIs is where a call is after a command.
func (a *app) whereIs(c *center.CallView) string {
	if c == nil {
		return a.say.Sprintf("accepted")
	}
	words := []string{a.code(c.State)}
	if c.Queue != "" {
		words = append(words, "queue="+string(c.Queue))
	}
	if c.Agent != "" {
		words = append(words, "agent="+string(c.Agent))
	}
	if c.Consult != nil {
		words = append(words, "consult="+a.code(c.Consult.State))
	}
	if c.Parked != nil {
		words = append(words, "slot="+strconv.Itoa(c.Parked.Slot))
	}
	if len(c.Supervisors) > 0 {
		words = append(words, "supervisors="+a.supervisors(c.Supervisors))
	}
	return strings.Join(words, " ")
}

func (a *app) moveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "move CALL QUEUE", Short: "Put a caller in another queue's line, with the time waited so far",
		Example: "  huawu queue move " + sampleCall + " service",
		Args:    takes("CALL", "QUEUE"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return a.completeQueues(cmd, nil, prefix)
			}
			return a.completeCalls(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.commandCall(cmd, args[0], "move", api.Move{Queue: fact.QueueID(args[1])})
		},
	}
}

func (a *app) rankCommand() *cobra.Command {
	return &cobra.Command{
		Use: "rank CALL PRIORITY", Short: "Give a caller in line another priority, 0 to 100",
		Example: "  huawu queue rank " + sampleCall + " 10",
		Args:    takes("CALL", "PRIORITY"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			priority, err := strconv.Atoi(args[1])
			if err != nil {
				return fmt.Errorf("%w: priority %q: want a whole number, 0 to 100", errUsage, args[1])
			}
			return a.commandCall(cmd, args[0], "rank", api.Rank{Priority: priority})
		},
	}
}

// modeCommand gives a queue a mode.
func (a *app) modeCommand(verb, short string, mode routing.Mode) *cobra.Command {
	return &cobra.Command{
		Use: verb + " QUEUE", Short: short, Example: "  huawu queue " + verb + " sales",
		Args: takes("QUEUE"), ValidArgsFunction: a.completeQueues,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.QueueDone
			err = c.send(cmd.Context(), http.MethodPost, "/queues/"+url.PathEscape(args[0])+"/mode", query("wait", "true"),
				api.QueueMode{Mode: mode}, &done)
			if err != nil {
				return err
			}
			return a.show(done, func() { a.line("queue %s: %s", args[0], a.code(mode)) })
		},
	}
}

func (a *app) skillsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "skills AGENT SKILL=LEVEL...", Short: "Replace an agent's skills until the centre is configured anew",
		Long:    "Replaces all skills of an agent, levels 0 to 100, until the centre is configured anew; without any, the agent has none.",
		Example: "  huawu agent skills 1001 english=60 claims=80\n  huawu agent skills 1001",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return takes("AGENT", "SKILL=LEVEL...")(cmd, args)
			}
			return nil
		},
		ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error {
			body := api.AgentSkills{Skills: []routing.Skill{}}
			for _, word := range args[1:] {
				skill, level, ok := strings.Cut(word, "=")
				n, err := strconv.Atoi(level)
				if !ok || skill == "" || err != nil {
					return fmt.Errorf("%w: %q: want a skill and its level, such as english=60", errUsage, word)
				}
				body.Skills = append(body.Skills, routing.Skill{ID: fact.SkillID(skill), Level: n})
			}
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.AgentDone
			err = c.send(cmd.Context(), http.MethodPut, "/agents/"+url.PathEscape(args[0])+"/skills", query("wait", "true"), body, &done)
			if err != nil {
				return err
			}
			return a.show(done, func() { a.line("agent %s: %s", args[0], skills(body.Skills)) })
		},
	}
}

func (a *app) extendCommand() *cobra.Command {
	return &cobra.Command{
		Use: "extend AGENT TIME", Short: "Let an agent's wrap-up last longer", Example: "  huawu agent extend 1001 30s",
		Args: takes("AGENT", "TIME"), ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.commandAgent(cmd, args[0], "extend", api.WrapUpExtension{For: args[1]})
		},
	}
}
