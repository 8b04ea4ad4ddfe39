package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"unicode/utf8"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/voice"
)

// voices are the audio of prompts, as the API asks for it (api.Voice).
type voices struct {
	studio  *voice.Studio
	library *voice.Library
}

// Keep checks and keeps a recording.
func (v voices) Keep(audio []byte, text, language string) (api.Take, error) {
	t, err := v.library.Keep(audio, text, language)
	if err != nil {
		return api.Take{}, voiced(err)
	}
	out := api.Take{File: t.Name, Millis: t.Lasts.Milliseconds()}
	for _, f := range t.Findings {
		out.Findings = append(out.Findings, api.Measured(f))
	}
	return out, nil
}

// Path is where the switch finds a recording.
func (v voices) Path(file string) (string, error) {
	path, err := v.library.Path(file)
	return path, voiced(err)
}

// Original is a recording as it came.
func (v voices) Original(file string) ([]byte, error) {
	audio, err := v.library.Original(file)
	return audio, voiced(err)
}

// Say is a text, spoken.
func (v voices) Say(ctx context.Context, text, language string) ([]byte, error) {
	base, err := v.studio.Say(ctx, text, language)
	if err != nil {
		return nil, voiced(err)
	}
	audio, err := os.ReadFile(base + ".wav")
	if err != nil {
		return nil, fmt.Errorf("read what was spoken: %w", err)
	}
	return audio, nil
}

// voiced gives an error of the prompts' audio the words of the API.
func voiced(err error) error {
	return inWords(err, []wording{
		{voice.ErrFormat, api.ErrInvalid}, {voice.ErrNotRecorded, api.ErrNotFound}, {voice.ErrText, api.ErrInvalid},
		{voice.ErrNoEngine, api.ErrUnavailable}, {voice.ErrSpeech, api.ErrUnavailable},
	})
}

// speaker speaks what calls say in words of their own (engine.Speaker).
type speaker struct{ studio *voice.Studio }

// Speak speaks words into the cache. Engines may repeat what they were asked for:
// only what went wrong is told, the rest is in the metrics.
func (s speaker) Speak(ctx context.Context, _ fact.TenantID, q center.SpeechQuestion) (center.Speech, error) {
	path, err := s.studio.Say(ctx, q.Text, q.Language)
	if err == nil {
		return center.Speech{Path: path}, nil
	}
	for _, why := range []error{context.DeadlineExceeded, context.Canceled, voice.ErrNoEngine, voice.ErrText, voice.ErrSpeech} {
		if errors.Is(err, why) {
			return center.Speech{}, fmt.Errorf("speak %d characters in %s: %w", utf8.RuneCountInString(q.Text), q.Language, why)
		}
	}
	return center.Speech{}, errors.New("speak: it cannot be kept") // the folder's trouble
}
