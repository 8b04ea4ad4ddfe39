package api

import (
	"context"
	"net/http"

	"github.com/huawu/huawu/scripts/flow"
)

// Where the audio of a phrase comes from.
const (
	AudioRecorded  = "recorded"  // a recording says its words
	AudioGenerated = "generated" // the text-to-speech engine says all of it
	AudioPieces    = "pieces"    // what only the call knows is put in from pieces
	AudioCall      = "call"      // it has free words: the engine says it in the call
	AudioSilent    = "silent"    // nothing does
)

// PhraseAudio is a phrase that huawu says, in a flow or in scenes, and what is
// heard of it.
type PhraseAudio struct {
	Phrase   string   `json:"phrase"`
	Queue    string   `json:"queue,omitempty" doc:"worded as there"`
	Language string   `json:"language"`
	Where    string   `json:"where" doc:"what says it, the first of several" example:"flow hotline"`
	Audio    string   `json:"audio" enum:"recorded,generated,pieces,call,silent"`
	Voices   []string `json:"voices,omitempty" doc:"agents who have recorded it: heard in scenes of their talks"`
	Why      string   `json:"why,omitempty" doc:"of what is silent"`

	said said
}

// PhraseAudios are all of a centre.
type PhraseAudios struct {
	Items []PhraseAudio `json:"items"`
}

func (s *Server) soundingRoutes() {
	type listOut struct{ Body PhraseAudios }
	route(s, http.MethodGet, "/phrases/audio", "list-phrase-audio", "List the phrases that huawu says, and where the audio of each comes from: a recording, the text-to-speech engine, or nowhere",
		func(ctx context.Context, _ *struct{ Scope }) (*listOut, error) {
			d, v, err := s.document(ctx)
			if err != nil || v.Version == 0 {
				return &listOut{PhraseAudios{Items: []PhraseAudio{}}}, err
			}
			all, err := s.compiler.Audio(ctx, "centre", v.Body, d)
			return &listOut{PhraseAudios{Items: orEmpty(all)}}, err
		})
}

// Audio is where the audio of each phrase of a document comes from. What is not
// generated yet is.
func (c Compiler) Audio(ctx context.Context, name string, src []byte, d *Document) ([]PhraseAudio, error) {
	config, k, err := c.checked(name, src, d)
	if err != nil {
		return nil, err
	}
	all, _, err := c.collect(ctx, k, config)
	if err != nil {
		return nil, err
	}
	if c.Resolve != nil {
		if err := c.resolve(ctx, all.all); err != nil {
			return nil, err
		}
	}
	for i := range all.phrases {
		p := &all.phrases[i]
		if p.Audio != AudioGenerated && p.Audio != AudioPieces {
			continue
		}
		for _, text := range p.said.texts() {
			if w := all.by[flow.Prompt{Text: text, Language: p.said.language}.Key()]; w.err != nil {
				p.Audio, p.Why = AudioSilent, w.err.Error()
				break
			}
		}
	}
	return all.phrases, nil
}

// texts are what a phrase is put together from.
func (s said) texts() []string {
	var all []string
	for _, piece := range s.pieces {
		if piece.Variable != nil {
			all = append(all, piece.Words(s.language)...)
		} else {
			all = append(all, piece.Text)
		}
	}
	return all
}
