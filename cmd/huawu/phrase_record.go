package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/scripts/strict"
)

func (a *app) phraseRecord() *cobra.Command {
	return group("record", "Recordings of phrases: who speaks them in the place of the text-to-speech engine",
		a.recordUpload(), a.recordList(), a.recordShow(), a.recordRemove(), a.recordDownload())
}

// voiceScope is whose recording a phrase has, and in whose voice.
type voiceScope struct {
	phraseScope
	agent string
}

func (v *voiceScope) flags(a *app, c *cobra.Command) *cobra.Command {
	v.phraseScope.flags(a, c)
	c.Flags().StringVar(&v.agent, "agent", "", "in this agent's own voice, which scenes are said in; in the tenant's when left out")
	a.completeFlagBy(c, "agent", a.completeAgents)
	return c
}

func (v *voiceScope) query() url.Values {
	q := v.phraseScope.query()
	if v.agent != "" {
		q.Set("agent", v.agent)
	}
	return q
}

func (a *app) recordUpload() *cobra.Command {
	var scope voiceScope
	var values []string
	c := scope.flags(a, &cobra.Command{
		Use: "upload PHRASE FILE", Short: "Have a phrase heard as it was recorded, from the next call on",
		Long: `Takes a WAV (PCM, A-law or µ-law, mono or stereo, 8 to 96 kHz; - for standard input) as the
recording of a phrase, for the tenant or with --queue for one queue, and says what was
measured on it. With --agent it is the agent's own, which is heard where huawu says the
phrase in scenes of the agent's talks; it may say the agent's number and name. Prompts that say the same words play it; where a prompt fills in other
values, or once the wording has changed, the text-to-speech engine speaks again.`,
		Example: "  huawu phrase record upload wait.before wait.wav\n" +
			"  huawu phrase record upload greeting.opening hello.wav --queue vip --value agent_no=1001\n" +
			"  huawu phrase record upload greeting.opening hello.wav --agent 1001",
		Args: takes("PHRASE", "FILE"), ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return []string{"wav"}, cobra.ShellCompDirectiveFilterFileExt
			}
			return a.completePhrases(cmd, args, begun)
		},
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		audio, err := a.read(args[1])
		if err != nil {
			return err
		}
		q := scope.query()
		q["value"] = values
		var done api.RecordingDone
		if err := a.exchange(cmd.Context(), http.MethodPut, recordingPath(args[0]), q, audio, "audio/wav", &done); err != nil {
			return err
		}
		return a.show(done, func() { a.printRecording(done.Recording) })
	}
	c.Flags().StringArrayVar(&values, "value", nil, "what the recording says for a variable, as name=value")
	return c
}

func recordingPath(key string) string { return "/phrases/" + url.PathEscape(key) + "/recording" }

func (a *app) recordList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the phrases that are recorded",
		Example: "  huawu phrase record list\n  huawu phrase record list -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.RecordingList
			if err := c.get(cmd.Context(), "/phrases/recordings", nil, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, r := range all.Recordings {
					odd := 0
					for _, m := range r.Measured {
						if m.Odd {
							odd++
						}
					}
					rows = append(rows, []any{r.Key, r.Queue, r.Agent, r.Profile, r.Language, r.Version, a.word(r.State), span(r.Millis), odd, r.By, clock(r.Saved), text.Snip(r.Text, textWidth/2, "…")})
				}
				a.table([]string{"Phrase", "Queue", "Agent", "Profile", "Language", "Version", "State", "Lasts", "Odd", "By", "Saved", "Says"}, rows)
			})
		},
	}
}

func (a *app) recordShow() *cobra.Command {
	var scope voiceScope
	var before int64
	c := scope.flags(a, &cobra.Command{
		Use: "show PHRASE", Short: "Show the recording of a phrase: what was measured, its versions",
		Example: "  huawu phrase record show wait.before\n  huawu phrase record show wait.before --queue vip\n  huawu phrase record show wait.before --before 120",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		client, err := a.connect()
		if err != nil {
			return err
		}
		q := scope.query()
		if before > 0 {
			q.Set("before", number(before))
		}
		var one api.RecordingDetail
		if err := client.get(cmd.Context(), recordingPath(args[0]), q, &one); err != nil {
			return err
		}
		return a.show(one, func() {
			a.printRecording(one.RecordingItem)
			var rows [][]any
			for _, r := range one.Versions {
				rows = append(rows, []any{r.Version, r.By, r.Via, clock(r.Saved), span(r.Millis), r.Text})
			}
			a.table([]string{"Version", "By", "Via", "Saved", "Lasts", "Says"}, rows)
		})
	}
	c.Flags().Int64Var(&before, "before", 0, "the versions before this one; 100 are shown")
	return c
}

func (a *app) printRecording(r api.RecordingItem) {
	if r.File == "" {
		a.line("%s is spoken by the text-to-speech engine", r.Key)
		return
	}
	a.fields("Phrase", r.Key, "Queue", r.Queue, "Agent", r.Agent, "Profile", r.Profile, "Language", r.Language, "Version", r.Version, "State", a.word(r.State),
		"Says", r.Text, "Lasts", span(r.Millis), "By", r.By, "Saved", clock(r.Saved))
	var rows [][]any
	for _, m := range r.Measured {
		mark := marks[ari.Right]
		if m.Odd {
			mark = marks[ari.Warning]
		}
		rows = append(rows, []any{mark, a.word(m.Check), m.Value, m.Limit, m.Remedy})
	}
	a.table([]string{"Odd", "Measured", "Value", "Limit", "Remedy"}, rows)
}

func (a *app) recordRemove() *cobra.Command {
	var scope voiceScope
	return scope.flags(a, &cobra.Command{
		Use: "remove PHRASE", Short: "Have the text-to-speech engine speak a phrase again",
		Long:    "Removes the recording from the next call on. Its versions stay, and can be downloaded and uploaded again.",
		Example: "  huawu phrase record remove wait.before\n  huawu phrase record remove wait.before --queue vip",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
		RunE: func(cmd *cobra.Command, args []string) error {
			var done api.RecordingDone
			if err := a.exchange(cmd.Context(), http.MethodDelete, recordingPath(args[0]), scope.query(), nil, "", &done); err != nil {
				return err
			}
			return a.show(done, func() { a.printRecording(done.Recording) })
		},
	})
}

func (a *app) recordDownload() *cobra.Command {
	var scope voiceScope
	var out hearing
	var version int64
	c := scope.flags(a, &cobra.Command{
		Use: "download PHRASE", Short: "Listen to the recording of a phrase, or write it to a file, as it came",
		Example: "  huawu phrase record download wait.before --play\n  huawu phrase record download wait.before --version 2 -f old.wav",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		q := scope.query()
		if version > 0 {
			q.Set("version", number(version))
		}
		return a.hear(cmd.Context(), out, recordingPath(args[0])+"/audio", q)
	}
	c.Flags().Int64Var(&version, "version", 0, "this version; else the one that counts")
	out.flags(c)
	return c
}

func (a *app) phraseSay() *cobra.Command {
	var scope voiceScope
	var out hearing
	var values []string
	c := scope.flags(a, &cobra.Command{
		Use: "say PHRASE", Short: "Listen to a phrase as callers hear it, or write it to a file",
		Long:    "The recording of the phrase where it says the same words, else the text-to-speech engine.",
		Example: "  huawu phrase say wait.before --play\n  huawu phrase say greeting.opening --value agent_no=1001 -f hello.wav",
		Args:    takes("PHRASE"), ValidArgsFunction: a.completePhrases,
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		q := scope.query()
		q["value"] = values
		return a.hear(cmd.Context(), out, "/phrases/"+url.PathEscape(args[0])+"/audio", q)
	}
	c.Flags().StringArrayVar(&values, "value", nil, "what a variable is, as name=value")
	out.flags(c)
	return c
}

func (a *app) sayCommand() *cobra.Command {
	var out hearing
	var language string
	c := &cobra.Command{
		Use: "say TEXT", Short: "Listen to what the text-to-speech engine makes of a text, or write it to a file",
		Example: "  huawu say 您好，请稍等。 --play\n  huawu say --language en 'Please hold the line.' -f hold.wav",
		Args:    takes("TEXT"),
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return a.hear(cmd.Context(), out, "/say", query("text", args[0], "language", language))
	}
	c.Flags().StringVar(&language, "language", "", "zh, en; zh when left out")
	complete(c, "language", "zh", "en")
	out.flags(c)
	return c
}

// hearing is where audio goes.
type hearing struct {
	file string
	play bool
}

func (h *hearing) flags(c *cobra.Command) {
	c.Flags().StringVarP(&h.file, "file", "f", "", "write a WAV there, - for standard output")
	c.Flags().BoolVar(&h.play, "play", false, "play it on this machine")
}

// players play a WAV from standard input, the first that there is.
var players = [][]string{{"aplay", "-q", "-"}, {"paplay"}, {"play", "-q", "-t", "wav", "-"}, {"ffplay", "-loglevel", "error", "-nodisp", "-autoexit", "-"}}

// hear fetches audio and plays or writes it.
func (a *app) hear(ctx context.Context, h hearing, path string, q url.Values) error {
	if h.play == (h.file != "") {
		return fmt.Errorf("%w: say where the audio goes: -f FILE, -f - for standard output, or --play", errUsage)
	}
	audio, err := a.audio(ctx, path, q)
	if err != nil {
		return err
	}
	switch {
	case h.file == "-":
		_, err = a.out.Write(audio)
		return err
	case h.file != "":
		if err := os.WriteFile(h.file, audio, 0o644); err != nil {
			return fmt.Errorf("write the audio: %w", err)
		}
		a.line("%s is written", h.file)
		return nil
	}
	for _, p := range players {
		command, err := exec.LookPath(p[0])
		if err != nil {
			continue
		}
		cmd := exec.CommandContext(ctx, command, p[1:]...)
		cmd.Stdin, cmd.Stderr = strings.NewReader(string(audio)), a.err
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("play the audio: %s: %w", p[0], err)
		}
		return nil
	}
	return errors.New("nothing on this machine plays audio (aplay, paplay, play, ffplay); write it to a file with -f")
}

// checkRecordings is what is odd about the recordings of the centre that runs.
func (a *app) checkRecordings(ctx context.Context) ([]strict.Problem, error) {
	c, err := a.connect()
	if err != nil {
		return nil, err
	}
	var all api.RecordingList
	if err := c.get(ctx, "/phrases/recordings", nil, &all); err != nil {
		return nil, err
	}
	var odd []strict.Problem
	for _, r := range all.Recordings {
		note := func(what, remedy string) {
			field := r.Key
			for _, part := range []string{string(r.Queue), string(r.Agent), r.Profile, r.Language} {
				if part != "" {
					field += " " + part
				}
			}
			odd = append(odd, strict.Problem{File: "recordings", Field: field, What: what, Remedy: remedy})
		}
		switch r.State {
		case api.RecordingStale:
			note("it says "+strconv.Quote(r.Text)+", and the phrase is worded otherwise now", "record it again, or remove it")
		case api.RecordingGone:
			note("its file is gone; the text-to-speech engine speaks in its place", "upload it again")
		}
		for _, m := range r.Measured {
			if m.Odd {
				note(fmt.Sprintf("%s is %s, want %s", m.Check, m.Value, m.Limit), m.Remedy)
			}
		}
	}
	return odd, nil
}

// exchange carries out a request that may take as long as prompts do, and reads
// the answer.
func (a *app) exchange(ctx context.Context, method, path string, q url.Values, body []byte, kind string, into any) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	answer, err := c.raw(ctx, method, path, q, body, kind, "application/json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: the answer is no huawu's: %w", method, path, err)
	}
	return nil
}

// audio fetches a WAV.
func (a *app) audio(ctx context.Context, path string, q url.Values) ([]byte, error) {
	c, err := a.connect()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	return c.raw(ctx, http.MethodGet, path, q, nil, "", "audio/wav")
}
