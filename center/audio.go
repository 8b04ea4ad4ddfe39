package center

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// PromptFile is where the audio of a prompt lies: a path on the switch's host
// without extension.
type PromptFile struct {
	Key  string `json:"key"`
	Path string `json:"path,omitempty"`
	// Pieces, where there are any, are played one after the other instead: of
	// a phrase some of whose variables only the call knows.
	Pieces []PromptPiece `json:"pieces,omitempty"`
	// Voices are recordings that are heard in scenes instead, where they say the
	// same words: the first of the agent's, else of the tenant's (SPEC PHR-4).
	Voices []PromptVoice `json:"voices,omitempty"`
}

// PromptVoice is a recording of some words, in an agent's voice or, with no
// agent, in the tenant's.
type PromptVoice struct {
	Agent fact.AgentID `json:"agent,omitempty"`
	Words string       `json:"words"`
	Path  string       `json:"path"`
}

// PromptPiece is a part of a phrase: the file of its words, or a variable. What
// values of that are spoken from are texts with files of their own.
type PromptPiece struct {
	Path     string      `json:"path,omitempty"`
	Variable string      `json:"variable,omitempty"`
	Kind     phrase.Kind `json:"kind,omitempty"`
	Choices  []string    `json:"choices,omitempty"`
	Language string      `json:"language,omitempty"`
}

// putPrompts takes the files of prompts in the place of those there were.
func (c *Center) putPrompts(files []PromptFile) {
	at := make(map[string]int, len(c.cfg.Prompts))
	for i, p := range c.cfg.Prompts {
		at[p.Key] = i
	}
	c.cfg.Prompts = slices.Clone(c.cfg.Prompts) // readers have the old ones
	for _, p := range files {
		c.prompts[p.Key] = p
		if i, known := at[p.Key]; known {
			c.cfg.Prompts[i] = p
		} else {
			c.cfg.Prompts = append(c.cfg.Prompts, p)
		}
	}
}

// audio turns prompts into files; what has none is left out, for the flow was
// checked when it was saved.
func (c *Center) audio(prompts []flow.Prompt) []media.Prompt {
	var out []media.Prompt
	for _, p := range prompts {
		switch {
		case p.Sound != "":
			out = append(out, media.Prompt{Sound: p.Sound})
		case p.Silence > 0:
			out = append(out, media.Prompt{Silence: millis(p.Silence)})
		default:
			file := c.prompts[p.Key()]
			switch said := c.pieced(file, p); {
			case file.Path != "":
				out = append(out, media.Prompt{File: file.Path})
			case said == nil && p.Else != nil:
				out = append(out, c.audio([]flow.Prompt{*p.Else})...)
			default:
				out = append(out, said...)
			}
		}
	}
	return out
}

// pieced is a phrase with the values that its variables have, whole or not at
// all (SPEC PHR-3): nil where one cannot be spoken.
func (c *Center) pieced(file PromptFile, p flow.Prompt) []media.Prompt {
	var out []media.Prompt
	for _, piece := range file.Pieces {
		if piece.Variable == "" {
			out = append(out, media.Prompt{File: piece.Path})
			continue
		}
		value := p.With[piece.Variable].Value
		if _, given := p.With[piece.Variable]; !given && c.index.book != nil {
			value = c.index.book.Clock(phrase.Scope{Queue: p.Queue, Language: p.Language}, piece.Variable, c.today())
		}
		words, err := phrase.Speak(piece.Kind, piece.Choices, piece.Language, value)
		for _, word := range words {
			said := c.prompts[flow.Prompt{Text: word, Language: piece.Language}.Key()]
			if said.Path == "" {
				err = phrase.ErrMissing
			}
			out = append(out, media.Prompt{File: said.Path})
		}
		if err != nil {
			return nil
		}
	}
	return out
}
