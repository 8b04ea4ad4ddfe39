package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// callSceneCommand goes through scenes of standard phrases with callers.
func (a *app) callSceneCommand() *cobra.Command {
	return group("scene", "Go through a scene of standard phrases with a caller", a.callSceneListCommand(), a.callSceneStartCommand(), a.callSceneShowCommand(), a.callSceneNextCommand(),
		a.callSceneVerb("skip", "Pass the present step over"),
		a.callSceneVerb("repeat", "Say the last phrase once more"),
		a.callSceneVerb("stop", "End the scene"))
}

func (a *app) callSceneListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list CALL", Short: "List the scenes that may begin in a call", Example: "  huawu call scene list " + sampleCall,
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := a.callScenes(cmd, args[0])
			if err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, s := range all.Items {
					rows = append(rows, []any{s.ID, a.label(s.Name), a.code(s.Direction), a.yes(s.Fits), s.Steps})
				}
				a.table([]string{"Scene", "Name", "Direction", "Fits", "Steps"}, rows)
			})
		},
	}
}

func (a *app) callScenes(cmd *cobra.Command, call string) (all api.CallScenes, err error) {
	c, err := a.connect()
	if err != nil {
		return all, err
	}
	err = c.get(cmd.Context(), "/calls/"+url.PathEscape(call)+"/scenes", nil, &all)
	return all, err
}

func (a *app) callSceneStartCommand() *cobra.Command {
	var body api.SceneStart
	var values []string
	c := &cobra.Command{
		Use: "start CALL SCENE", Short: "Begin a scene in a talk",
		Long: "Begins a scene in a talk. What huawu may say itself is heard by both sides, the agent not heard meanwhile;\n" +
			"everything else is shown, and ticked off by \"huawu call scene next\".",
		Example: "  huawu call scene start " + sampleCall + " silent_call\n" +
			"  huawu call scene start " + sampleCall + " wait --hold 2m --value surname=王 --value honorific=女士",
		Args: takes("CALL", "SCENE"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) != 1 {
				return a.completeCalls(cmd, args, prefix)
			}
			all, err := a.callScenes(cmd, args[0])
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var ids []string
			for _, s := range all.Items {
				if s.Fits {
					ids = append(ids, s.ID)
				}
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			body.Scene = args[1]
			if body.Values, err = named[string](values, nameValue); err != nil {
				return err
			}
			return a.commandScene(cmd, args[0], "start", body)
		},
	}
	a.byFlag(c, &body.CallAct)
	f := c.Flags()
	f.StringArrayVar(&values, "value", nil, "what a variable is filled in with, as name=value; more than once")
	f.StringSliceVar(&body.Holds, "holds", nil, "a condition that holds, such as festival; more than once")
	f.StringVar(&body.Hold, "hold", "", "how long a wait of the caller's is going to take, such as 20s")
	f.BoolVar(&body.Shown, "shown", false, "the agent says everything, also what huawu may say")
	return c
}

// named reads words of name=value, nil for none; want says what is right.
func named[T ~string](words []string, want string) (map[string]T, error) {
	if len(words) == 0 {
		return nil, nil
	}
	all := make(map[string]T, len(words))
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if _, twice := all[name]; !ok || name == "" || twice {
			return nil, fmt.Errorf("%w: %q: want %s", errUsage, w, want)
		}
		all[name] = T(value)
	}
	return all, nil
}

// nameValue is what --value wants.
const nameValue = "--value name=value, each name once"

func (a *app) callSceneNextCommand() *cobra.Command {
	var line string
	var values []string
	c := &cobra.Command{
		Use: "next CALL", Short: "Tick the present step off: it was said, is to be done, or its condition holds",
		Example: "  huawu call scene next " + sampleCall + "\n  huawu call scene next " + sampleCall + " --line asks_leader.leader_callback --value phone=13800138000",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			filled, err := named[string](values, nameValue)
			if err != nil {
				return err
			}
			if line == "" && filled == nil {
				return a.commandScene(cmd, args[0], "next", nil)
			}
			return a.commandScene(cmd, args[0], "next", api.SceneTick{Line: line, Values: filled})
		},
	}
	c.Flags().StringVar(&line, "line", "", "the key of the phrase that was said, of several")
	c.Flags().StringArrayVar(&values, "value", nil, "what a variable is filled in with, as name=value; more than once")
	return c
}

func (a *app) callSceneVerb(verb, short string) *cobra.Command {
	return &cobra.Command{
		Use: verb + " CALL", Short: short, Example: "  huawu call scene " + verb + " " + sampleCall,
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandScene(cmd, args[0], verb, nil) },
	}
}

func (a *app) callSceneShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show CALL", Short: "Show the scene of a call: what is to be said, how far it has come, what it waits for",
		Example: "  huawu call scene show " + sampleCall + "\n  huawu call scene show " + sampleCall + " -o json",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var v center.SceneView
			if err := c.get(cmd.Context(), "/calls/"+url.PathEscape(args[0])+"/scene", nil, &v); err != nil {
				return err
			}
			return a.show(v, func() { a.printScene(&v) })
		},
	}
}

// commandScene carries out a command to a scene and shows what came of it.
func (a *app) commandScene(cmd *cobra.Command, call, verb string, body any) error {
	done, err := a.tellCall(cmd, call, "scene/"+verb, body)
	if err != nil {
		return err
	}
	return a.show(done, func() {
		if done.Call == nil || done.Call.Scene == nil {
			a.line("call %s: %s", call, a.say.Sprintf("accepted"))
			return
		}
		a.printScene(done.Call.Scene)
	})
}

// printScene is a scene and how far it has come.
func (a *app) printScene(v *center.SceneView) {
	state := a.step(string(v.Phase))
	if v.Over != "" {
		state = a.say.Sprintf("over: %v", a.step(string(v.Over)))
	}
	until := ""
	if v.Due != 0 {
		until = clock(v.Due)
	}
	a.fields("Scene", v.Profile+"/"+v.Scene, "Agent", v.Agent, "Begun by", v.By, "Step", v.Step, "State", state, "Until", until, "May hang up", v.Excuse)
	var rows [][]any
	for _, s := range v.Steps {
		for i, r := range a.stepRows(s) {
			mark := ""
			if s.ID == v.Step && i == 0 {
				mark = "→"
			}
			rows = append(rows, append([]any{mark}, r...))
		}
	}
	a.table([]string{"Now", "Step", "Does", "Needs", "Became"}, rows)
}

// stepRows are the rows of one step: one a wording.
func (a *app) stepRows(s center.StepView) [][]any {
	id := s.ID
	if s.Again > 0 {
		id += " ↻"
	}
	became := a.step(string(s.How))
	if s.At != 0 && s.How != flow.HowPassed {
		became += " " + clock(s.At)
	}
	switch {
	case s.Wait > 0:
		return [][]any{{id, a.say.Sprintf("pause of %v s", strconv.FormatFloat(float64(s.Wait)/1000, 'f', -1, 64)), a.condition(s.When), became}}
	case s.Do != "":
		does := a.step(s.Do)
		if s.Code != "" {
			does += " · " + s.Code
		}
		if s.Note != "" {
			does += " · " + s.Note
		}
		return [][]any{{id, does, a.condition(s.When), became}}
	}
	var rows [][]any
	for i, l := range s.Lines {
		row := []any{"", l.Script, a.condition(l.When), ""}
		if i == 0 {
			row[0] = id
			if s.When != "" {
				row[2] = a.condition(s.When)
			}
		}
		if l.Taken || len(s.Lines) == 1 {
			row[3] = became
		}
		rows = append(rows, row)
	}
	return rows
}

// step is a word of scenes in the operator's language.
func (a *app) step(w string) string {
	if t, ok := chineseSteps[w]; ok && a.chinese() {
		return t
	}
	return w
}

// condition is what a step needs, for people.
func (a *app) condition(id string) string {
	if id == "" {
		return ""
	}
	if all, err := phrase.Shipped(); err == nil && all.Condition(id) != nil {
		return a.label(all.Condition(id).Name)
	}
	return id
}

func (a *app) callSayCommand() *cobra.Command {
	var body api.Saying
	c := &cobra.Command{
		Use: "say CALL TEXT", Short: "Have both sides of a talk hear words",
		Long: "Has the text-to-speech engine speak up to 200 characters, and both sides hear them as soon as it has;\n" +
			"the talk goes on meanwhile, and the agent is not heard while they are said.",
		Example: "  huawu call say " + sampleCall + " 您的订单今天下午送达。\n  huawu call say " + sampleCall + " 'Please hold the line.' --language en",
		Args:    takes("CALL", "TEXT"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			body.Text = args[1]
			return a.commandCall(cmd, args[0], "say", body)
		},
	}
	a.byFlag(c, &body.CallAct)
	c.Flags().StringVar(&body.Language, "language", "", "of the text: zh, en; zh when left out")
	complete(c, "language", phrase.Mandarin, phrase.English)
	return c
}
