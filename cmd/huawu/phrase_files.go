package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// phraseFindings are what phrase check prints as JSON.
type phraseFindings struct {
	Checked []string         `json:"checked"`
	Odd     []strict.Problem `json:"odd"`
	// Audio is where that of each phrase comes from that huawu says, of the
	// centre that runs.
	Audio []api.PhraseAudio `json:"audio,omitempty"`
}

func (a *app) phraseCheck() *cobra.Command {
	var pedantic, audio bool
	c := &cobra.Command{
		Use: "check [FILE...]", Short: "Check phrase settings and the words of flows, those in effect or those in files",
		Long: `Checks files that hold phrase settings, a flow, or a whole centre; without a file, the settings
of the centre that runs. What is wrong is told with its line and makes the exit code 3; what is
only odd is told and may stay: an expression that is taboo (服务忌语), a variable that a wording
leaves out, punctuation marks of ASCII, an English form that was forgotten. With --strict it
makes the exit code 3, too. Taboos are looked for in wordings and in the texts of flows.
Of the centre that runs it tells as well what is heard of the phrases that huawu says: how many
are recorded, generated, put together from pieces, spoken in the call, or silent; --audio lists
them.`,
		Example: "  huawu phrase check\n  huawu phrase check phrases.yaml\n  huawu phrase check --audio\n  huawu phrase check --strict centre.yaml hotline.yaml -o json",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			found := phraseFindings{Checked: []string{}, Odd: []strict.Problem{}}
			var wrong strict.Errors
			check := func(name string, src []byte) error {
				bad, odd, err := checkPhrases(name, src)
				wrong.Problems = append(wrong.Problems, bad...)
				found.Checked, found.Odd = append(found.Checked, name), append(found.Odd, odd...)
				return err
			}
			if len(args) == 0 {
				src, err := a.phraseSettings(cmd.Context(), "yaml")
				if err != nil {
					return err
				}
				if err := check("phrases", src); err != nil {
					return err
				}
				recordings, err := a.checkRecordings(cmd.Context())
				if err != nil {
					return err
				}
				sounding, silent, err := a.checkAudio(cmd.Context())
				if err != nil {
					return err
				}
				found.Odd, found.Audio = append(append(found.Odd, recordings...), silent...), sounding
			}
			for _, file := range args {
				src, err := a.read(file)
				if err != nil {
					return err
				}
				if err := check(file, src); err != nil {
					return err
				}
			}
			if pedantic {
				wrong.Problems, found.Odd = append(wrong.Problems, found.Odd...), []strict.Problem{}
			}
			if len(wrong.Problems) > 0 {
				return &wrong
			}
			return a.show(found, func() {
				for _, p := range found.Odd {
					a.line("odd: %v", p.String())
				}
				for _, name := range found.Checked {
					a.line("%s: all phrases are right", name)
				}
				a.printAudio(found.Audio, audio)
			})
		},
	}
	c.Flags().BoolVar(&pedantic, "strict", false, "let what is odd be wrong")
	c.Flags().BoolVar(&audio, "audio", false, "list what is heard of each phrase that huawu says")
	return c
}

// checkPhrases checks a file that holds phrase settings, a flow, or a centre.
func checkPhrases(name string, src []byte) (wrong, odd []strict.Problem, err error) {
	switch {
	case has(src, "nodes"):
		f, err := flow.Parse(name, src)
		if err != nil {
			return problemsOf(name, err), nil, nil
		}
		odd, err = api.OddWords([]*flow.Flow{f}, "")
		return nil, odd, err
	case !has(src, "phrases") && !has(src, "flows"):
		s, err := api.ParsePhrases(name, src)
		if err != nil {
			return problemsOf(name, err), nil, nil
		}
		return api.CheckPhrases(name, src, "", s, nil)
	}
	d, err := api.ParseDocument(name, src)
	if err != nil {
		return problemsOf(name, err), nil, nil
	}
	queues := []fact.QueueID{}
	for _, q := range d.ACD.Queues {
		queues = append(queues, q.ID)
	}
	wrong, odd, err = api.CheckPhrases(name, src, "phrases", d.Phrases, queues)
	if err != nil {
		return nil, nil, err
	}
	words, err := api.OddWords(d.Flows, d.Phrases.Profile)
	return wrong, append(odd, words...), err
}

// phraseSettings are the settings of the centre that runs.
func (a *app) phraseSettings(ctx context.Context, format string) ([]byte, error) {
	c, err := a.connect()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	return c.raw(ctx, http.MethodGet, "/phrases/settings", query("format", format), nil, "", "")
}

func (a *app) phraseExport() *cobra.Command {
	var scope phraseScope
	var all bool
	c := scope.flags(a, &cobra.Command{
		Use: "export", Short: "Print the phrase settings as YAML, as JSON with -o json",
		Long: `Prints what "phrase import" reads. With --all every phrase of the profile stands there as
a wording to be changed; those that stay as they are leave no trace when they are imported.`,
		Example: "  huawu phrase export > phrases.yaml\n  huawu phrase export --all --profile gov12345 > phrases.yaml",
		Args:    takes(),
	})
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		src, err := a.phraseSettings(cmd.Context(), "yaml")
		if err != nil {
			return err
		}
		s, err := api.ParsePhrases("phrases", src)
		if err != nil {
			return err
		}
		if all {
			catalogue, err := phrase.Shipped()
			if err != nil {
				return err
			}
			if s, err = catalogue.Every(s, scope.scope()); err != nil {
				return err
			}
		}
		encode := strict.Encode
		if a.output == "json" {
			encode = strict.EncodeJSON
		}
		text, err := encode(api.PhraseSettings{Settings: s})
		if err != nil {
			return err
		}
		_, err = a.out.Write(text)
		return err
	}
	c.Flags().BoolVar(&all, "all", false, "every phrase, to be changed")
	return c
}

func (a *app) phraseImport() *cobra.Command {
	var file string
	var dry bool
	c := &cobra.Command{
		Use: "import", Short: "Replace the phrase settings by those of a file",
		Long: `Makes a file the section "phrases" of the centre's document: checked, the difference shown,
saved as the next version, and in effect when the command returns. Wordings that say what
would be said without them are left out.`,
		Example: "  huawu phrase import -f phrases.yaml --dry-run\n  huawu phrase import -f phrases.yaml",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				return fmt.Errorf("%w: phrase import needs -f FILE, or -f - for standard input", errUsage)
			}
			src, err := a.read(file)
			if err != nil {
				return err
			}
			s, err := api.ParsePhrases(file, src)
			if err != nil {
				return err
			}
			wrong, _, err := api.CheckPhrases(file, src, "", s, nil)
			if err != nil {
				return err
			}
			if len(wrong) > 0 {
				return &strict.Errors{Problems: wrong}
			}
			catalogue, err := phrase.Shipped()
			if err != nil {
				return err
			}
			text, err := strict.Encode(api.PhraseSettings{Settings: catalogue.Trim(s)})
			if err != nil {
				return err
			}
			return a.put(cmd.Context(), "/phrases/settings", file, text, dry)
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "", "the settings, - for standard input")
	c.Flags().BoolVar(&dry, "dry-run", false, "check it and show what would change")
	return c
}
