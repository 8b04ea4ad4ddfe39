package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// pauses are the reasons that agents may choose where the centre names none.
var pauses = []string{"meal", "break", "leave", "training", "meeting", "help"}

func (a *app) agentCommand() *cobra.Command {
	var state, queue string
	listing := &cobra.Command{
		Use: "list", Short: "List agents: what they do and for how long",
		Example: "  huawu agent list\n  huawu agent list --state READY --queue sales",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var answer api.AgentList
			if err := c.get(cmd.Context(), "/agents", query("state", state, "queue", queue), &answer); err != nil {
				return err
			}
			return a.show(answer, func() {
				var rows [][]any
				for _, g := range answer.Agents {
					reachable := ""
					if g.Endpoint != "" {
						reachable = a.yes(g.Reachable)
					}
					rows = append(rows, []any{g.ID, g.Name, g.State, g.Reason, span(g.Lasted), g.Endpoint, reachable, g.Call, list(g.Queues), a.remarks(g)})
				}
				a.table([]string{"Agent", "Name", "State", "Reason", "For", "Seat", "Reachable", "Call", "Queues", "Remarks"}, rows)
			})
		},
	}
	listing.Flags().StringVar(&state, "state", "", "only agents in this state")
	listing.Flags().StringVar(&queue, "queue", "", "only agents who serve this queue")
	a.completeFlagBy(listing, "queue", a.completeQueues)
	complete(listing, "state", "OFFLINE", "HANDOVER", "READY", "OFFERED", "TALKING", "HOLD", "ACW", "NOT_READY")
	showing := &cobra.Command{
		Use: "show AGENT", Short: "Show one agent", Example: "  huawu agent show 1001",
		Args: takes("AGENT"), ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var g api.AgentDetail
			if err := c.get(cmd.Context(), "/agents/"+url.PathEscape(args[0]), nil, &g); err != nil {
				return err
			}
			return a.show(g, func() {
				a.fields("Agent", g.ID, "Name", g.Name, "State", g.State, "Reason", g.Reason, "For", span(g.Lasted), "Seat", g.Endpoint,
					"Reachable", a.yes(g.Reachable), "Call", g.Call, "Queues", list(g.Queues), "Skills", skills(g.Skills), "Remarks", a.remarks(g.AgentView))
			})
		},
	}
	return group("agent", "Look at agents, sign them in and out, pause them", append([]*cobra.Command{listing, showing, a.signInCommand(),
		a.agentVerb("sign-out", "Sign an agent out, after the talk if there is one"),
		a.agentVerb("ready", "Let an agent take calls"), a.notReadyCommand(), a.setPINCommand()}, append(a.agentControls(), a.leaderControls()...)...)...)
}

func (a *app) signInCommand() *cobra.Command {
	var ready, handover, askPIN bool
	c := &cobra.Command{
		Use: "sign-in AGENT SEAT", Short: "Sign an agent in at a seat",
		Long: `Signs an agent in at a seat: an endpoint as the switch names it. The token vouches for
the agent; with --pin the agent's PIN is read from standard input and checked.`,
		Example: "  huawu agent sign-in 1001 PJSIP/1001 --ready\n  huawu agent sign-in 1001 PJSIP/1001 --handover\n  huawu agent sign-in 1001 PJSIP/1001 --pin",
		Args:    takes("AGENT", "SEAT"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return a.completeSeats(cmd, nil, prefix)
			}
			return a.completeAgents(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			body := api.SignIn{Endpoint: fact.Endpoint(args[1]), Ready: ready, Handover: handover}
			if askPIN {
				pin, err := a.readPIN(args[0])
				if err != nil {
					return err
				}
				body.PIN = pin
			}
			return a.commandAgent(cmd, args[0], "sign-in", body)
		},
	}
	c.Flags().BoolVar(&ready, "ready", false, "take calls at once")
	c.Flags().BoolVar(&handover, "handover", false, "before the shift: no calls until ready")
	c.MarkFlagsMutuallyExclusive("ready", "handover")
	c.Flags().BoolVar(&askPIN, "pin", false, "read the agent's PIN and check it")
	return c
}

func (a *app) notReadyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "not-ready AGENT REASON", Short: "Pause an agent, after the talk if there is one",
		Long: "Pauses an agent for a reason: one of the centre's pauses, which are " + strings.Join(pauses, ", ") +
			" unless it names others. One that must be granted, such as leave, is asked for: see approve and deny.",
		Example: "  huawu agent not-ready 1001 meal",
		Args:    takes("AGENT", "REASON"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return a.completePauses(cmd)
			}
			return a.completeAgents(cmd, args, prefix)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.commandAgent(cmd, args[0], "not-ready", api.NotReady{Reason: routing.PauseReason(args[1])})
		},
	}
}

// agentVerb is a command to an agent that needs no more than the agent.
func (a *app) agentVerb(verb, short string) *cobra.Command {
	return &cobra.Command{
		Use: verb + " AGENT", Short: short, Example: "  huawu agent " + verb + " 1001",
		Args: takes("AGENT"), ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandAgent(cmd, args[0], verb, nil) },
	}
}

// commandAgent carries out a command to an agent and shows what came of it.
func (a *app) commandAgent(cmd *cobra.Command, agent, verb string, body any) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	var done api.AgentDone
	err = c.send(cmd.Context(), http.MethodPost, "/agents/"+url.PathEscape(agent)+"/"+verb, query("wait", "true"), body, &done)
	if err != nil {
		return err
	}
	return a.show(done, func() { a.line("agent %s: %s", agent, a.stateOf(done.Agent)) })
}

// stateOf is an agent's state after a command; "accepted" when it was not
// waited for.
func (a *app) stateOf(g *center.AgentView) string {
	if g == nil {
		return a.say.Sprintf("accepted")
	}
	state := string(g.State)
	if g.Reason != "" {
		state = fmt.Sprintf("%s (%s)", g.State, g.Reason)
	}
	if g.Reason == routing.PauseEndpoint && !g.Reachable {
		state += ", " + a.say.Sprintf("%s cannot be reached: is the phone registered?", g.Endpoint)
	}
	if r := a.remarks(*g); r != "" {
		state += ", " + r
	}
	return state
}

func (a *app) setPINCommand() *cobra.Command {
	return &cobra.Command{
		Use: "set-pin AGENT", Short: "Give an agent a PIN, for signing in by phone",
		Long:    "Reads the PIN, 4 to 12 digits, from standard input: it must not be seen in a list of processes.",
		Example: "  huawu agent set-pin 1001\n  huawu agent set-pin 1001 < pin",
		Args:    takes("AGENT"), ValidArgsFunction: a.completeAgents,
		RunE: func(cmd *cobra.Command, args []string) error {
			pin, err := a.readPIN(args[0])
			if err != nil {
				return err
			}
			c, err := a.connect()
			if err != nil {
				return err
			}
			err = c.send(cmd.Context(), http.MethodPut, "/agents/"+url.PathEscape(args[0])+"/pin", nil, map[string]string{"pin": pin}, nil)
			if err != nil {
				return err
			}
			return a.show(map[string]string{"agent": args[0], "pin": "set"}, func() { a.line("agent %s has a new PIN", args[0]) })
		},
	}
}

// readPIN reads a line from standard input, without showing it on a terminal.
func (a *app) readPIN(agent string) (string, error) {
	restore := hideTyping(a.in)
	if restore != nil {
		fmt.Fprint(a.err, a.say.Sprintf("PIN of agent %s: ", agent))
		defer func() {
			restore()
			fmt.Fprintln(a.err)
		}()
	}
	lines := bufio.NewScanner(a.in)
	if !lines.Scan() || strings.TrimSpace(lines.Text()) == "" {
		return "", fmt.Errorf("%w: no PIN on standard input", errUsage)
	}
	return strings.TrimSpace(lines.Text()), nil
}

func skills(all []routing.Skill) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = fmt.Sprintf("%s %d", s.ID, s.Level)
	}
	return strings.Join(words, ", ")
}

// query makes parameters of pairs, without those that are empty.
func query(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// completeAgents offers agent numbers.
func (a *app) completeAgents(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/agents", func(answer api.AgentList) (all []string) {
		for _, g := range answer.Agents {
			all = append(all, string(g.ID)+"\t"+g.Name+" "+string(g.State))
		}
		return all
	})
}
