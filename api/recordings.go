package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// Voice is what the API asks of the audio of prompts. Its errors wrap
// ErrInvalid, ErrNotFound or ErrUnavailable where they amount to one.
type Voice interface {
	// Keep checks and keeps a WAV that is to say a text. ErrInvalid: it cannot
	// be played.
	Keep(audio []byte, text, language string) (Take, error)
	// Path is where the switch finds a recording, without extension; Original
	// is it as it came. ErrNotFound: it is gone.
	Path(file string) (string, error)
	Original(file string) ([]byte, error)
	// Say is a text, spoken, as a WAV.
	Say(ctx context.Context, text, language string) ([]byte, error)
}

// Take is a recording that is kept.
type Take struct {
	File     string
	Millis   int64
	Findings []Measured
}

// Measured is one thing measured on a recording.
type Measured struct {
	Check  string `json:"check" doc:"what was measured" enum:"format,loudness,clipping,lead,trail,length,rate"`
	Odd    bool   `json:"odd,omitempty" doc:"it is beyond its limit, and may stay"`
	Value  string `json:"value" doc:"what was found" example:"-21.4 LUFS"`
	Limit  string `json:"limit" doc:"what would be right" example:"-28 to -14 LUFS"`
	Remedy string `json:"remedy,omitempty" doc:"of what is odd"`
}

// The states of a recording.
const (
	RecordingHeard = "heard" // prompts that say its words play it
	RecordingStale = "stale" // the wording has changed since
	RecordingGone  = "gone"  // its file is not there
)

// RecordingItem is a recording that counts.
type RecordingItem struct {
	phrase.Recording
	State    string     `json:"state" doc:"heard, or why it is not" enum:"heard,stale,gone"`
	Measured []Measured `json:"measured"`
}

// RecordingList are the recordings that count, by phrase.
type RecordingList struct {
	Recordings []RecordingItem `json:"recordings"`
}

// RecordingDetail is a recording and its versions, the newest first. One
// without a file removed the recording.
type RecordingDetail struct {
	RecordingItem
	Versions []phrase.Recording `json:"versions"`
}

// RecordingDone is the answer to a change of a recording.
type RecordingDone struct {
	Recording RecordingItem `json:"recording"`
	Cursor    string        `json:"cursor,omitempty" doc:"for ?after= of a read that is to include it"`
}

type audioOut struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

const typeWAV = "audio/wav"

// errNoVoice says that this huawu has no audio to work with.
var errNoVoice = fmt.Errorf("this huawu neither keeps recordings nor speaks: %w", ErrUnavailable)

func (s *Server) recordingRoutes() {
	type listOut struct{ Body RecordingList }
	route(s, http.MethodGet, "/phrases/recordings", "list-recordings", "List the phrases that are recorded, and what was measured on them", func(ctx context.Context, _ *struct{ Scope }) (*listOut, error) {
		b, all, err := s.recordings(ctx)
		if err != nil {
			return nil, err
		}
		out := &listOut{RecordingList{Recordings: []RecordingItem{}}}
		for _, r := range all {
			out.Body.Recordings = append(out.Body.Recordings, s.recording(b, r))
		}
		return out, nil
	})
	type detailOut struct{ Body RecordingDetail }
	route(s, http.MethodGet, "/phrases/{id}/recording", "show-recording", "Show the recording of a phrase and its versions", func(ctx context.Context, in *struct {
		Voiced
		PhrasePath
		Before int64 `query:"before" doc:"older versions than this one" minimum:"0"`
		Limit  int   `query:"limit" doc:"how many versions at most" minimum:"1" maximum:"1000" default:"100"`
	}) (*detailOut, error) {
		b, newest, err := s.versions(ctx, in.Voiced, in.ID, 0, 1)
		if err != nil {
			return nil, err
		}
		_, versions, err := s.versions(ctx, in.Voiced, in.ID, in.Before, in.Limit)
		if errors.Is(err, ErrNotFound) { // there are no older ones
			versions, err = []phrase.Recording{}, nil
		}
		return &detailOut{RecordingDetail{s.recording(b, newest[0]), versions}}, err
	})
	route(s, http.MethodGet, "/phrases/{id}/recording/audio", "download-recording", "The recording of a phrase as it came", func(ctx context.Context, in *struct {
		Voiced
		PhrasePath
		Version int64 `query:"version" doc:"this version; the one that counts when absent" minimum:"1"`
	}) (*audioOut, error) {
		before := int64(0)
		if in.Version > 0 {
			before = in.Version + 1
		}
		_, versions, err := s.versions(ctx, in.Voiced, in.ID, before, 1)
		if err != nil {
			return nil, err
		}
		if r := versions[0]; in.Version > 0 && r.Version != in.Version || r.File == "" {
			return nil, fmt.Errorf("version %d of the recording of %q: %w", cmp.Or(in.Version, r.Version), in.ID, ErrNotFound)
		}
		audio, err := s.voice.Original(versions[0].File)
		return &audioOut{typeWAV, audio}, err
	})
	type doneOut struct{ Body RecordingDone }
	route(s, http.MethodPut, "/phrases/{id}/recording", "put-recording",
		"Record a phrase: the next calls hear it wherever prompts say the same words", func(ctx context.Context, in *struct {
			Voiced
			PhrasePath
			Value   []string `query:"value,explode" doc:"of a variable, as name=value, where the recording has one" maxItems:"64"`
			RawBody []byte   `contentType:"audio/wav" doc:"a WAV: PCM, A-law or µ-law, mono or stereo, 8 to 96 kHz"`
		}) (*doneOut, error) {
			audio := bytes.Clone(in.RawBody)
			done, err := s.record(ctx, in.Voiced, in.ID, Known{Value: in.Value}, audio)
			return &doneOut{done}, err
		})
	route(s, http.MethodDelete, "/phrases/{id}/recording", "delete-recording", "Have a phrase spoken by the text-to-speech engine again", func(ctx context.Context, in *struct {
		Voiced
		PhrasePath
	}) (*doneOut, error) {
		b, _, _, err := s.book(ctx, in.Spoken)
		if err != nil {
			return nil, err
		}
		e, err := b.Resolve(in.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		done, err := s.saveRecording(ctx, phrase.Recording{Recorded: recorded(e, in.Voiced)})
		return &doneOut{done}, err
	})
	route(s, http.MethodGet, "/phrases/{id}/audio", "say-phrase", "What is heard of a phrase: its recording, or the text-to-speech engine", func(ctx context.Context, in *struct {
		Voiced
		PhrasePath
		Known
	}) (*audioOut, error) {
		b, f, values, err := s.voiced(ctx, in.Voiced, in.Known)
		if err != nil {
			return nil, err
		}
		audio, err := s.heard(ctx, b, in.Voiced, in.ID, f, values)
		return &audioOut{typeWAV, audio}, err
	})
	route(s, http.MethodGet, "/say", "say", "Speak a text by the text-to-speech engine", func(ctx context.Context, in *struct {
		Scope
		Text     string `query:"text" doc:"what is spoken" minLength:"1" maxLength:"500" required:"true"`
		Language string `query:"language" doc:"of the text" enum:"zh,en" default:"zh"`
	}) (*audioOut, error) {
		if s.voice == nil {
			return nil, errNoVoice
		}
		audio, err := s.voice.Say(ctx, in.Text, in.Language)
		return &audioOut{typeWAV, audio}, err
	})
}

// recorded is what a recording of a wording is known by.
func recorded(e phrase.Effective, in Voiced) phrase.Recorded {
	return phrase.Recorded{Queue: fact.QueueID(in.Queue), Agent: fact.AgentID(in.Agent), Profile: e.Phrase.Profile, Language: e.Language, Key: e.Phrase.Key}
}

// recordings are those that count, and the book that they are compared with.
func (s *Server) recordings(ctx context.Context) (*phrase.Book, []phrase.Recording, error) {
	b, _, _, err := s.book(ctx, Spoken{})
	if err != nil {
		return nil, nil, err
	}
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	all, err := s.store.PhraseRecordings(limit, s.tenant)
	return b, all, err
}

// versions are those of a phrase's recording, the newest first, at least one.
func (s *Server) versions(ctx context.Context, in Voiced, key string, before int64, most int) (*phrase.Book, []phrase.Recording, error) {
	if s.voice == nil {
		return nil, nil, errNoVoice
	}
	b, _, _, err := s.book(ctx, in.Spoken)
	if err != nil {
		return nil, nil, err
	}
	e, err := b.Resolve(in.scope(), key)
	if err != nil {
		return nil, nil, err
	}
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	all, err := s.store.PhraseRecordingVersions(limit, s.tenant, recorded(e, in), before, most)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("a recording of the phrase %q: %w", key, ErrNotFound)
	}
	return b, all, err
}

// recording is one as it is shown.
func (s *Server) recording(b *phrase.Book, r phrase.Recording) RecordingItem {
	item := RecordingItem{Recording: r, State: RecordingHeard, Measured: []Measured{}}
	if r.Measured != "" {
		_ = json.Unmarshal([]byte(r.Measured), &item.Measured) // we wrote it
	}
	if !worded(b, r) {
		item.State = RecordingStale
	}
	if s.voice != nil && r.File != "" {
		if _, err := s.voice.Path(r.File); err != nil {
			item.State = RecordingGone
		}
	}
	return item
}

// worded says whether a phrase still has the words of a recording. What values
// fill in may be any, so the words between are looked for in their order.
func worded(b *phrase.Book, r phrase.Recording) bool {
	e, err := b.Resolve(phrase.Scope{Queue: r.Queue, Profile: r.Profile, Language: r.Language}, r.Key)
	if err != nil || e.Language != r.Language {
		return false
	}
	return b.CouldSay(e, r.Text)
}

// record makes audio the recording of a phrase.
func (s *Server) record(ctx context.Context, in Voiced, key string, k Known, audio []byte) (RecordingDone, error) {
	r, err := s.take(ctx, in, key, k, audio)
	if err != nil {
		return RecordingDone{}, err
	}
	return s.saveRecording(ctx, r)
}

// take checks and keeps audio that is to say a phrase. It is not the phrase's
// recording yet.
func (s *Server) take(ctx context.Context, in Voiced, key string, k Known, audio []byte) (phrase.Recording, error) {
	if s.voice == nil {
		return phrase.Recording{}, errNoVoice
	}
	b, _, values, err := s.voiced(ctx, in, k)
	if err != nil {
		return phrase.Recording{}, err
	}
	e, text, err := whole(b, in.Spoken, key, phrase.Facts{At: noon}, values)
	if errors.Is(err, phrase.ErrMissing) {
		err = fmt.Errorf("%w: say which values the recording has, as name=value: %w", err, ErrInvalid)
	}
	if err != nil {
		return phrase.Recording{}, err
	}
	take, err := s.voice.Keep(audio, text, e.Language)
	if err != nil {
		return phrase.Recording{}, err
	}
	return phrase.Recording{Recorded: recorded(e, in), Text: text, File: take.File, Millis: take.Millis, Measured: string(asJSON(take.Findings))}, nil
}

// whole is what a phrase says when values fill in all of it.
func whole(b *phrase.Book, in Spoken, key string, f phrase.Facts, values map[string]string) (phrase.Effective, string, error) {
	e, said, err := b.Pieces(in.scope(), key, f, values, nil)
	if err == nil && len(said) != 1 {
		err = fmt.Errorf("phrase %q says nothing: %w", key, ErrInvalid)
	}
	if err != nil {
		return e, "", err
	}
	return e, said[0].Text, nil
}

// saveRecording saves a version and puts it into effect. One at a time, and not
// while the centre changes.
func (s *Server) saveRecording(ctx context.Context, r phrase.Recording) (RecordingDone, error) {
	ctx, cancel := context.WithTimeout(ctx, changeLimit)
	defer cancel()
	select {
	case s.changing <- struct{}{}:
		defer func() { <-s.changing }()
	case <-ctx.Done():
		return RecordingDone{}, ctx.Err()
	}
	r, err := s.store.SavePhraseRecording(ctx, actorOf(ctx), s.tenant, r)
	if err != nil {
		return RecordingDone{}, err
	}
	b, _, _, err := s.book(ctx, Spoken{})
	if err != nil {
		return RecordingDone{}, err
	}
	done := RecordingDone{Recording: s.recording(b, r)}
	if done.Cursor, err = s.reprompt(ctx); err != nil {
		return done, fmt.Errorf("version %d of the recording is %w: %w", r.Version, ErrNotInEffect, err)
	}
	return done, nil
}

// reprompt finds the audio of the newest document's phrases anew.
func (s *Server) reprompt(ctx context.Context) (cursor string, err error) {
	d, v, err := s.document(ctx)
	if err != nil || v.Version == 0 {
		return "", err
	}
	config, err := s.compiler.Compile(ctx, "centre", v.Body, d)
	if err != nil {
		return "", err
	}
	var op center.PutPrompts
	for _, f := range config.Prompts {
		if strings.HasPrefix(f.Key, "phrase/") {
			op.Files = append(op.Files, f)
		}
	}
	if len(op.Files) == 0 {
		return "", nil
	}
	limit, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	at, err := s.engine.Ask(limit, actorOf(ctx).Name, op)
	if err != nil {
		return "", err
	}
	// The next call is to hear it. It does all the same if readers are late.
	_ = s.engine.Await(limit, at)
	return at.String(), nil
}

// heard is the audio of a phrase as prompts have it.
func (s *Server) heard(ctx context.Context, b *phrase.Book, in Voiced, key string, f phrase.Facts, values map[string]string) ([]byte, error) {
	if s.voice == nil {
		return nil, errNoVoice
	}
	e, text, err := whole(b, in.Spoken, key, f, values)
	if err != nil {
		return nil, err
	}
	_, all, err := s.recordings(ctx)
	if err != nil {
		return nil, err
	}
	if r := phrase.Of(all, recorded(e, in), text); r != nil {
		if audio, err := s.voice.Original(r.File); err == nil {
			return audio, nil
		}
	}
	return s.voice.Say(ctx, text, e.Language)
}
