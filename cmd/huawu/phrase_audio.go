package main

import (
	"context"
	"strings"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/scripts/strict"
)

// checkAudio is where the audio of phrases comes from in the centre that runs, and
// which have none.
func (a *app) checkAudio(ctx context.Context) (all []api.PhraseAudio, silent []strict.Problem, err error) {
	c, err := a.connect()
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	var answer api.PhraseAudios
	if err := c.get(ctx, "/phrases/audio", nil, &answer); err != nil {
		return nil, nil, err
	}
	for _, p := range answer.Items {
		if p.Audio == api.AudioSilent {
			silent = append(silent, strict.Problem{File: p.Where, Field: strings.TrimSpace(p.Phrase + " " + p.Queue), What: "nothing is heard of it: " + p.Why,
				Remedy: "record it, or see what huawu doctor says of the text-to-speech engines"})
		}
	}
	return answer.Items, silent, nil
}

// printAudio counts what is heard, and lists it if that is wanted.
func (a *app) printAudio(all []api.PhraseAudio, list bool) {
	if len(all) == 0 {
		return
	}
	count := map[string]int{}
	var rows [][]any
	for _, p := range all {
		count[p.Audio]++
		rows = append(rows, []any{p.Phrase, p.Queue, p.Language, a.word(p.Audio), strings.Join(p.Voices, ", "), p.Where})
	}
	a.line("audio: %d recorded, %d generated, %d from pieces, %d spoken in the call, %d silent", count[api.AudioRecorded], count[api.AudioGenerated],
		count[api.AudioPieces], count[api.AudioCall], count[api.AudioSilent])
	if list {
		a.table([]string{"Phrase", "Queue", "Language", "Audio", "Voices", "Said by"}, rows)
	}
}
