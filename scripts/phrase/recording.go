package phrase

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/huawu/huawu/fact"
)

// Recorded names what a recording is of: a phrase in a language, as a profile
// has it, for the whole tenant or for one queue.
type Recorded struct {
	Queue    fact.QueueID `json:"queue,omitempty"`
	Profile  string       `json:"profile"`
	Language string       `json:"language"`
	Key      string       `json:"key"`
}

// Recording is one version of a recording. Versions are counted from 1 and
// never change; the newest one counts.
type Recording struct {
	Recorded
	Version int64 `json:"version"`
	// Text is what is said, with every number in words. The recording is heard
	// where a prompt says the same, and no longer once the wording has changed.
	Text string `json:"text"`
	// File is what the audio is kept under, "" where the version removes the
	// recording.
	File   string `json:"file,omitempty"`
	Millis int64  `json:"millis,omitempty"`
	// Measured is what was measured on it, as JSON.
	Measured string `json:"-"`
	By       string `json:"by"`
	Via      string `json:"via,omitempty"`
	// Saved is the wall-clock milliseconds of the epoch.
	Saved int64 `json:"saved"`
}

// Says says whether the recording says a text: the same words, however they are
// punctuated.
func (r Recording) Says(text string) bool { return heard(r.Text) == heard(text) }

// heard is what is heard of a text.
func heard(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// Of is the recording that says a text for a queue: the queue's own, else the
// tenant's; nil for none.
func Of(all []Recording, of Recorded, text string) *Recording {
	var found *Recording
	for i := range all {
		r := &all[i]
		if r.Key != of.Key || r.Profile != of.Profile || r.Language != of.Language || r.File == "" || !r.Says(text) {
			continue
		}
		if r.Queue == of.Queue {
			return r
		}
		if r.Queue == "" {
			found = r
		}
	}
	return found
}

// CouldSay says whether a wording, filled in somehow, says a text.
func (b *Book) CouldSay(e Effective, text string) bool {
	var pattern strings.Builder
	for _, part := range e.parts {
		if part.variable != "" {
			pattern.WriteString(".*")
			continue
		}
		words := part.words
		if e.Language == Mandarin {
			words = widen(words)
		}
		pattern.WriteString(regexp.QuoteMeta(heard(speak(words, e.Language))))
	}
	says, err := regexp.MatchString("^"+pattern.String()+"$", heard(text))
	return err == nil && says
}
