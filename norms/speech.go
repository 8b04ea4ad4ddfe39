package norms

import (
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

// SpeechSilence is how long somebody must be silent to have stopped speaking:
// within SPEC G's 500 to 800 ms, for waits of 2 s are measured by it. Asterisk's
// own 2.5 s is too long.
const SpeechSilence = 600 * time.Millisecond

// Listen has the centre ask the switch who speaks in a call, or stop asking: it
// costs the switch something, and is asked for only while a rule needs it.
type Listen struct {
	Call fact.CallID `json:"call"`
	On   bool        `json:"on"`
}

// About is the call.
func (l Listen) About() fact.CallID { return l.Call }

func (Listen) effect() {}

// listens brings what is asked of the switch up to what the rules need of a
// talk.
func (w *Watch) listens(t *talk) {
	on := t.Talking && slices.ContainsFunc(listening, func(l listens) bool { return t.rules[places[l.rule]].mode != Off && l.to(t) })
	if on == t.Speech {
		return
	}
	t.Speech = on
	if t.Talking {
		w.out = append(w.out, Listen{Call: t.Call, On: on})
	}
}

// everyProfile is the mode of a rule that hears who speaks: it is in force where
// a profile of the phrases is chosen, for the switch has to listen to every talk.
func everyProfile(m Mode) []ProfileMode {
	return []ProfileMode{{Profile: "cable", Mode: m}, {Profile: "gov12345", Mode: m}, {Profile: "cm10086", Mode: m}}
}

// listens is a rule that hears who speaks, and in which talks.
type listens struct {
	rule string
	to   func(t *talk) bool
}

var listening = []listens{
	{"RUL-ANS-3", (*talk).incoming},
	{"RUL-HLD-2", func(t *talk) bool { return t.Query != 0 }},
	{"RUL-HLD-8", func(*talk) bool { return true }},
	{"RUL-SIL-1", (*talk).incoming},
	{"RUL-SIL-2", (*talk).incoming},
	{"RUL-SIL-3", func(t *talk) bool { return t.Direction == fact.Outbound }},
	{"RUL-END-1", func(t *talk) bool { return t.Closing }},
	{"RUL-SPK-2", func(*talk) bool { return true }},
}

// sceneClosing ends the names of scenes of parting words.
const sceneClosing = "/closing"

// scenesQuiet are scenes in which silence is meant: the caller writes something
// down, or is waited for.
var scenesQuiet = []string{"/long_info", "/silent_call", "/silent_call_special"}

func (t *talk) incoming() bool { return t.Direction == fact.Inbound }

// speaks says whether an agent's leg speaks.
func (t *talk) speaks(agent fact.AgentID) bool {
	return agent != "" && slices.Contains(t.Speaking, t.legOf(agent))
}

// speaksBut says whether somebody speaks besides whom a fact says to have
// stopped.
func (t *talk) speaksBut(e *fact.Event) bool {
	return slices.ContainsFunc(t.Speaking, func(leg fact.LegID) bool { return e.Kind != fact.TalkStopped || leg != e.Leg })
}

// talks takes into a talk who is in it, and what is said in it.
func (t *talk) talks(e *fact.Event) {
	switch e.Kind {
	case fact.CallConnected:
		t.Talking, t.Agent = true, e.Agent
		if t.Direction == "" {
			t.Direction = fact.Direction(e.Reason)
		}
		if l := t.leg(e.Leg); l != nil {
			l.Agent = e.Agent
		}
		if t.Began == 0 {
			t.Began = e.At
		}
	case fact.TalkStarted:
		if !slices.Contains(t.Speaking, e.Leg) {
			t.Speaking = append(t.Speaking, e.Leg)
		}
	case fact.QueryBegan:
		t.Query = e.At
	case fact.SceneBegan:
		t.Quiet = slices.ContainsFunc(scenesQuiet, func(scene string) bool { return strings.HasSuffix(e.Name, scene) })
	case fact.SceneEnded:
		t.Quiet = false
		if strings.HasSuffix(e.Name, sceneClosing) {
			t.Closing = true
		}
	}
}

// falls takes out of a talk what is over.
func (t *talk) falls(e *fact.Event) {
	switch e.Kind {
	case fact.CallParted:
		t.Talking, t.Query, t.Closing, t.Quiet, t.Speaking = false, 0, false, false, nil
	case fact.TalkStopped, fact.LegHangup:
		t.Speaking = slices.DeleteFunc(t.Speaking, func(leg fact.LegID) bool { return leg == e.Leg })
	case fact.QueryEnded:
		t.Query = 0
	}
}
