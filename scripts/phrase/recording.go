package phrase

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/huawu/huawu/fact"
)

// Recorded names what a recording is of: a phrase in a language, as a profile
// has it, for the whole tenant or for one queue, in the tenant's voice or in an
// agent's own (SPEC PHR-4).
type Recorded struct {
	Queue    fact.QueueID `json:"queue,omitempty"`
	Agent    fact.AgentID `json:"agent,omitempty"`
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
func (r Recording) Says(text string) bool { return SameWords(r.Text, text) }

// SameWords says whether two texts sound alike.
func SameWords(a, b string) bool { return heard(a) == heard(b) }

// heard is what is heard of a text.
func heard(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// Of is the recording that says a text for a queue in a voice: an agent's own,
// where one is named, else the tenant's, and of either the queue's, else that for
// all queues; nil for none.
func Of(all []Recording, of Recorded, text string) *Recording {
	var found *Recording
	best := 0
	for i := range all {
		r := &all[i]
		if n := r.near(of); n > best && r.File != "" && r.Says(text) {
			found, best = r, n
		}
	}
	return found
}

// Near are the recordings of a phrase that may be heard for it in a queue, in
// all voices, the queue's before those for all queues.
func Near(all []Recording, of Recorded) []Recording {
	var own, common []Recording
	for _, r := range all {
		of.Agent = r.Agent
		switch {
		case r.File == "" || r.near(of) == 0:
		case r.Queue != "":
			own = append(own, r)
		default:
			common = append(common, r)
		}
	}
	return append(own, common...)
}

// near is how well a recording fits what is asked for, 0 for not at all.
func (r *Recording) near(of Recorded) int {
	if r.Key != of.Key || r.Profile != of.Profile || r.Language != of.Language || r.Queue != "" && r.Queue != of.Queue || r.Agent != "" && r.Agent != of.Agent {
		return 0
	}
	n := 1
	if r.Queue == of.Queue {
		n++
	}
	if r.Agent == of.Agent {
		n += 2
	}
	return n
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
