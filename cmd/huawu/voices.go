package main

import (
	"context"
	"fmt"
	"os"

	"github.com/huawu/huawu/api"
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
