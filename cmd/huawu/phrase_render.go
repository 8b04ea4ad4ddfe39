package main

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/scripts/phrase"
)

// phraseFacts are the flags that say what is known of a call.
type phraseFacts struct {
	values, told                              []string
	at, terminal, sex, title, tier            string
	festival, birthday, trainee, firstContact bool
	queued, hold, held                        time.Duration
	turn                                      int
}

func (p *phraseFacts) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&p.values, "value", nil, "of a variable, as name=value; may come again")
	f.StringVar(&p.at, "at", "", "the wall time, RFC 3339; else now")
	f.BoolVar(&p.festival, "festival", false, "today is one")
	f.BoolVar(&p.birthday, "birthday", false, "today is the customer's")
	f.BoolVar(&p.trainee, "trainee", false, "the agent is one")
	f.BoolVar(&p.firstContact, "first-contact", false, "the customer was never called before")
	f.DurationVar(&p.queued, "queued", 0, "how long the caller waited in line")
	f.DurationVar(&p.hold, "hold", 0, "how long a wait within the talk is going to take")
	f.DurationVar(&p.held, "held", 0, "how long one has taken")
	f.StringVar(&p.terminal, "terminal", "", "what the customer calls from: mobile, fixed")
	f.StringVar(&p.sex, "sex", "", "of the customer: male, female")
	f.StringVar(&p.title, "title", "", "a form of address that is known")
	f.StringVar(&p.tier, "tier", "", "of the customer's contract, such as vip_silver")
	f.StringSliceVar(&p.told, "told", nil, "conditions that an event or the agent has told")
	f.IntVar(&p.turn, "turn", 0, "which of wordings that are as good, from 0 and round")
	complete(c, "sex", "male", "female")
	complete(c, "terminal", "mobile", "fixed")
}

// into adds those that were given to a query.
func (p *phraseFacts) into(set *pflag.FlagSet, q url.Values) {
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
	for name, value := range map[string]string{"at": p.at, "festival": strconv.FormatBool(p.festival), "birthday": strconv.FormatBool(p.birthday),
		"trainee": strconv.FormatBool(p.trainee), "first-contact": strconv.FormatBool(p.firstContact), "queued": seconds(p.queued),
		"hold": seconds(p.hold), "held": seconds(p.held), "terminal": p.terminal, "sex": p.sex, "title": p.title, "tier": p.tier,
		"turn": strconv.Itoa(p.turn)} {
		if set.Changed(name) {
			q.Set(strings.ReplaceAll(name, "-", "_"), value)
		}
	}
	q["value"], q["told"] = p.values, p.told
}

func (a *app) phraseRender() *cobra.Command {
	var scope phraseScope
	var known phraseFacts
	var scene string
	c := scope.flags(a, &cobra.Command{
		Use: "render [PHRASE]", Short: "Fill in a phrase, or choose and fill in what a scene says",
		Long: `Fills in a phrase and prints it as an agent reads it and as it is spoken. With --scene it
chooses what is said there as things stand; the scene "opening" is what a call begins with.
Where a variable has no value nothing is spoken: the script shows the gap, and the
exit code is 3.`,
		Example: `  huawu phrase render greeting.opening --value agent_no=1001 --sex male
  huawu phrase render --scene opening --festival
  huawu phrase render --scene silent_call --told still_silent --profile gov12345`,
		Args: takes("[PHRASE]"), ValidArgsFunction: a.completePhrases,
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if (len(args) == 0) == (scene == "") {
			return fmt.Errorf("%w: phrase render takes PHRASE or --scene; see %s --help", errUsage, cmd.CommandPath())
		}
		client, err := a.connect()
		if err != nil {
			return err
		}
		q := scope.query()
		known.into(cmd.Flags(), q)
		if scene != "" {
			return a.renderScene(cmd, client, scene, q)
		}
		var r phrase.Rendered
		if err := client.get(cmd.Context(), "/phrases/"+url.PathEscape(args[0])+"/render", q, &r); err != nil {
			return err
		}
		err = a.show(r, func() {
			a.fields("Text", r.Text, "Shown", r.Shown, "Spoken", r.Spoken, "Script", r.Script, "Warning", a.warnings(r.Warnings))
		})
		return firstOf(err, whole(r.Missing))
	}
	known.flags(c)
	c.Flags().StringVar(&scene, "scene", "", "what this scene says, or \"opening\"")
	return c
}

func (a *app) renderScene(cmd *cobra.Command, c *client, scene string, q url.Values) error {
	var said api.SceneSaid
	if err := c.get(cmd.Context(), "/scenes/"+url.PathEscape(scene)+"/render", q, &said); err != nil {
		return err
	}
	var missing []string
	for _, l := range said.Items {
		missing = append(missing, l.Missing...)
	}
	err := a.show(said, func() {
		var rows [][]any
		for _, l := range said.Items {
			rows = append(rows, []any{l.Phrase.Key, l.When, l.Script, a.warnings(l.Warnings)})
		}
		a.table([]string{"Phrase", "Needs", "Script", "Warning"}, rows)
	})
	return firstOf(err, whole(missing))
}

// whole is an error where variables are missing.
func whole(missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return &toldError{"nothing is spoken: no value for %v", []any{strings.Join(slices.Compact(missing), ", ")}, phrase.ErrMissing}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *app) phraseScenes() *cobra.Command {
	var scope phraseScope
	return scope.flags(a, &cobra.Command{
		Use: "scenes [SCENE]", Short: "List scenes, or show the steps of one",
		Example: "  huawu phrase scenes --profile cable\n  huawu phrase scenes silent_call",
		Args:    takes("[SCENE]"), ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return idsOf(a, cmd, args, "/scenes", func(all api.SceneList) (ids []string) {
				for _, s := range all.Items {
					ids = append(ids, s.ID+"\t"+a.label(s.Name))
				}
				return ids
			})
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return a.showScene(cmd, c, args[0], scope.query())
			}
			var all api.SceneList
			if err := c.get(cmd.Context(), "/scenes", scope.query(), &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, s := range all.Items {
					rows = append(rows, []any{s.ID, a.label(s.Name), a.code(s.Direction), s.Steps, s.Phrases})
				}
				a.table([]string{"Scene", "Name", "Direction", "Steps", "Phrases"}, rows)
			})
		},
	})
}

func (a *app) showScene(cmd *cobra.Command, c *client, id string, q url.Values) error {
	var one api.SceneShown
	if err := c.get(cmd.Context(), "/scenes/"+url.PathEscape(id), q, &one); err != nil {
		return err
	}
	return a.show(one, func() {
		a.fields("Scene", one.ID, "Name", a.label(one.Name), "Direction", a.code(one.Direction), "Trigger", one.Trigger)
		var rows [][]any
		for i, s := range one.Steps {
			wait := s.Wait
			if s.WaitMax != "" {
				wait += "–" + s.WaitMax
			}
			if s.Repeat != "" {
				s.Repeat += fmt.Sprintf(" ×%d", s.Times)
			}
			rows = append(rows, []any{i + 1, s.Say + s.Repeat + wait + s.Action, s.When, s.OneOf})
		}
		a.table([]string{"Step", "Does", "Needs", "One of"}, rows)
	})
}
