package scenarios

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// recordCode is what phones dial to record a phrase.
const recordCode = "*77"

// speaksFor is who has dialled recordCode and says a phrase.
func (s *stage) speaksFor(seat, key string) *party {
	s.t.Helper()
	var all api.PhraseList
	s.get("/phrases", &all)
	number := 0
	for _, p := range all.Items {
		if p.Key == key {
			number = p.Number
		}
	}
	p := s.phone(seat).dial(recordCode)
	s.reaches(p, center.CallInFlow)
	p.press(strconv.Itoa(number) + "#")
	return p
}

// says is the phrase itself, and the key that ends it.
func (s *stage) says(p *party) {
	s.t.Helper()
	s.told(p, "flow.node agent-record-phrase/speak", "record.started")
	p.far.Talk(true)
	s.pass(1500 * time.Millisecond)
	p.press("#")
}

// recorded waits for so many recordings of phrases.
func (s *stage) recorded(many int) []api.RecordingItem {
	s.t.Helper()
	var all api.RecordingList
	s.within(patience, func() string { return "there are more recordings of phrases, or less" }, func() bool {
		all = api.RecordingList{}
		s.get("/phrases/recordings", &all)
		return len(all.Recordings) == many
	})
	return all.Recordings
}

// records is how phrases are recorded by phone, a supervisor's way.
var records = scenario{
	// A supervisor speaks a phrase, hears it, speaks it once more and keeps
	// it; an agent may not.
	name: "record/by-phone", rows: []string{"IVR-8", "PHR-4"}, agents: 2,
	centre: also(leads("1002"), func(d *api.Document) {
		d.Phrases = phrase.Settings{Manner: phrase.Manner{Profile: "cable"}}
		d.Codes = append(d.Codes, center.FeatureCode{Code: recordCode, Flow: "agent-record-phrase"})
	}),
	play: func(s *stage) {
		s.ready("1001", "1002")
		boss := s.speaksFor("1002", "wait.before")
		s.says(boss)
		s.told(boss, "flow.node agent-record-phrase/again")
		s.recorded(0) // heard again, and not kept yet
		boss.press("3")
		s.told(boss, "flow.node agent-record-phrase/again", "flow.node agent-record-phrase/speak", "record.started")
		boss.far.Talk(true)
		s.pass(1500 * time.Millisecond)
		boss.press("#")
		s.told(boss, "flow.node agent-record-phrase/again", "record.started", "record.stopped", "flow.node agent-record-phrase/again")
		boss.press("1")
		s.told(boss, "flow.node agent-record-phrase/kept")
		boss.ended()
		if r := s.recorded(1)[0]; r.Key != "wait.before" || r.By != "agent/1002" || r.Via != "phone" || r.Version != 1 || r.State != api.RecordingHeard {
			s.t.Errorf("%+v", r)
		}
		agent := s.speaksFor("1001", "wait.before")
		s.told(agent, "flow.node agent-record-phrase/speak", "flow.node agent-record-phrase/failed")
		agent.ended()
		if said := s.happened(agent, fact.RecordStarted, ""); len(said) != 0 {
			s.t.Errorf("recorded of who may not: %+v", said)
		}
		s.recorded(1)
		s.rest("1001", "1002")
	},
}
