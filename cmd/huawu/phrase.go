package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// textWidth is how wide a wording may be in a table, in places of a terminal.
const textWidth = 72

// phraseScope are the flags that say for whom phrases are asked for.
type phraseScope struct{ queue, profile, language string }

func (p *phraseScope) flags(a *app, c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&p.queue, "queue", "", "as this queue speaks; else as the tenant does")
	c.Flags().StringVar(&p.profile, "profile", "", "another profile than the settings name: cable, gov12345, cm10086")
	c.Flags().StringVar(&p.language, "language", "", "another language of phrases than the settings name: zh, en")
	complete(c, "profile", "cable", "gov12345", "cm10086")
	complete(c, "language", phrase.Mandarin, phrase.English)
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

func (p *phraseScope) query() url.Values {
	return query("queue", p.queue, "profile", p.profile, "language", p.language)
}

func (p *phraseScope) scope() phrase.Scope {
	return phrase.Scope{Queue: fact.QueueID(p.queue), Profile: p.profile, Language: p.language}
}

func (a *app) phraseCommand() *cobra.Command {
	return group("phrase", "Look at the standard phrases, fill them in, word them otherwise", a.phraseList(), a.phraseShow(), a.phraseRender(),
		a.phraseSay(), a.phraseScenes(), a.phraseSet(), a.phraseReset(), a.phraseRecord(), a.phraseCheck(), a.phraseExport(), a.phraseImport())
}

func (a *app) phraseList() *cobra.Command {
	var scope phraseScope
	var scene, search, level string
	var full bool
	c := scope.flags(a, &cobra.Command{
		Use: "list", Short: "List phrases as they are worded",
		Long: `Lists the phrases of the tenant's profile, or of a queue's, as they are worded there.
--search looks for words in the key, the wording and the name of the scene: Chinese,
English, or initials of pinyin ("qsd" finds 请稍等).`,
		Example: "  huawu phrase list\n  huawu phrase list --profile gov12345 --search 道歉\n  huawu phrase list --search qsd --full",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := scope.query()
			for name, value := range map[string]string{"scene": scene, "q": search, "level": level} {
				if value != "" {
					q.Set(name, value)
				}
			}
			var all api.PhraseList
			if err := c.get(cmd.Context(), "/phrases", q, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, p := range all.Items {
					words := p.Text
					if !full {
						words = text.Snip(words, textWidth, "…")
					}
					rows = append(rows, []any{p.Number, p.Key, a.label(p.SceneName), a.word(p.Level), words})
				}
				a.table([]string{"No.", "Phrase", "Scene", "Worded by", "Wording"}, rows)
			})
		},
	})
	c.Flags().StringVar(&scene, "scene", "", "only of this scene")
	c.Flags().StringVar(&search, "search", "", "only with these words")
	c.Flags().StringVar(&level, "level", "", "only those worded by queue, tenant or profile")
	c.Flags().BoolVar(&full, "full", false, "whole wordings, however long")
	complete(c, "level", phrase.LevelQueue, phrase.LevelTenant, phrase.LevelProfile)
	return c
}

func (a *app) phraseShow() *cobra.Command {
	var scope phraseScope
	return scope.flags(a, &cobra.Command{
		Use: "show PHRASE", Short: "Show one phrase: what is prescribed, where, and what is said",
		Example: "  huawu phrase show greeting.opening\n  huawu phrase show silent_call.goodbye --profile gov12345",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var one api.PhraseShown
			if err := c.get(cmd.Context(), "/phrases/"+url.PathEscape(args[0]), scope.query(), &one); err != nil {
				return err
			}
			return a.show(one, func() {
				p := one.Phrase
				var vars []string
				for _, v := range one.Variables {
					vars = append(vars, fmt.Sprintf("{%s} %s", v.ID, a.label(v.Name)))
				}
				by := a.word(one.Level)
				if o := one.Override; o != nil && o.By != "" {
					by += " (" + strings.TrimSpace(o.By+" "+o.Date) + ")"
				}
				a.fields("Phrase", p.Key, "Profile", p.Profile, "Scene", a.label(one.SceneName), "Wording", one.Template, "Worded by", by,
					"Prescribed", p.Text, "Typo", p.Typo, "Corrected", p.Corrected, "Variables", strings.Join(vars, ", "), "Spoken by", a.code(p.Speaker),
					"Needs", p.When, "Source", fmt.Sprintf("%d %s %s", p.Source.Part, p.Source.Article, p.Source.Lines))
			})
		},
	})
}

// label is a name in the operator's language.
func (a *app) label(l phrase.Label) string {
	if a.chinese() {
		return l.In(phrase.Mandarin)
	}
	return l.In(phrase.English)
}

// word is one of the words of phrases in the operator's language.
func (a *app) word(w string) string {
	if t, ok := chineseWords[w]; ok && a.chinese() {
		return t
	}
	return w
}

func (a *app) warnings(all []string) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = a.word(w)
	}
	return strings.Join(words, ", ")
}

// completePhrases offers keys.
func (a *app) completePhrases(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	path := "/phrases"
	if f := cmd.Flags().Lookup("profile"); f != nil && f.Value.String() != "" {
		path += "?profile=" + url.QueryEscape(f.Value.String())
	}
	return idsOf(a, cmd, args, path, func(all api.PhraseList) (ids []string) {
		for _, p := range all.Items {
			ids = append(ids, p.Key+"\t"+text.Snip(p.Text, textWidth, "…"))
		}
		return ids
	})
}

func (a *app) phraseSet() *cobra.Command {
	var scope phraseScope
	var words string
	c := scope.flags(a, &cobra.Command{
		Use: "set PHRASE", Short: "Say something else instead of a phrase, in the tenant or in one queue",
		Long: `Words a phrase otherwise: for the tenant, or with --queue for one queue. {variables} may
stand in it. The change is the centre's next version, checked as a whole, and is in
effect when the command returns.`,
		Example: "  huawu phrase set abuse.goodbye --text 谢谢您，再见！\n  huawu phrase set greeting.opening --queue vip --text '您好，{agent_no}号为您服务。'",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if words == "" {
			return fmt.Errorf("%w: phrase set needs --text", errUsage)
		}
		return a.changeWording(cmd, http.MethodPut, args[0], scope, api.Wording{Text: words})
	}
	c.Flags().StringVar(&words, "text", "", "the wording")
	return c
}

func (a *app) phraseReset() *cobra.Command {
	var scope phraseScope
	return scope.flags(a, &cobra.Command{
		Use: "reset PHRASE", Short: "Say what is prescribed again",
		Example: "  huawu phrase reset abuse.goodbye\n  huawu phrase reset greeting.opening --queue vip",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeWording(cmd, http.MethodDelete, args[0], scope, nil)
		},
	})
}

func (a *app) changeWording(cmd *cobra.Command, method, key string, scope phraseScope, body any) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	path := "/phrases/" + url.PathEscape(key) + "/wording"
	if q := scope.query().Encode(); q != "" {
		path += "?" + q
	}
	return a.changePart(cmd.Context(), c, method, path, 0, body)
}
