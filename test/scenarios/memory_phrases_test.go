package scenarios

import (
	"context"
	"fmt"
	"slices"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

func (m *memory) PhraseRecordings(context.Context, fact.TenantID) (all []phrase.Recording, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.takes {
		all = slices.DeleteFunc(all, func(o phrase.Recording) bool { return o.Recorded == r.Recorded })
		if r.File != "" {
			all = append(all, r)
		}
	}
	return all, nil
}

func (m *memory) PhraseRecordingVersions(_ context.Context, _ fact.TenantID, of phrase.Recorded, before int64, limit int) (all []phrase.Recording, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range slices.Backward(m.takes) {
		if r.Recorded == of && (before == 0 || r.Version < before) && len(all) < limit {
			all = append(all, r)
		}
	}
	return all, nil
}

func (m *memory) SavePhraseRecording(_ context.Context, by api.Actor, _ fact.TenantID, r phrase.Recording) (phrase.Recording, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.Version, r.By, r.Via = 1, by.Name, by.Via
	for _, o := range m.takes {
		if o.Recorded == r.Recorded {
			r.Version = o.Version + 1
		}
	}
	m.takes = append(m.takes, r)
	return r, nil
}

// memoryVoice keeps recordings by name alone.
type memoryVoice struct{}

func (memoryVoice) Keep(audio []byte, _, _ string) (api.Take, error) {
	return api.Take{File: fmt.Sprintf("%d-bytes", len(audio))}, nil
}

func (memoryVoice) Path(file string) (string, error) { return "/prompts/recorded/" + file, nil }
func (memoryVoice) Original(string) ([]byte, error)  { return nil, api.ErrNotFound }
func (memoryVoice) Say(context.Context, string, string) ([]byte, error) {
	return nil, api.ErrUnavailable
}

// reads speaks every text (engine.Speaker).
type reads struct{}

func (reads) Speak(_ context.Context, _ fact.TenantID, q center.SpeechQuestion) (center.Speech, error) {
	return center.Speech{Path: "/prompts/said/" + q.Text}, nil
}
