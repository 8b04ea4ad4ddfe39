package scenarios

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// The codes that phones dial to record a phrase, and one of their own.
const (
	recordCode = "*77"
	ownCode    = "*78"
)

// speaksFor is who has dialled a code and says a phrase.
func (s *stage) speaksFor(seat, code, key string) *party {
	s.t.Helper()
	var all api.PhraseList
	s.get("/phrases", &all)
	number := 0
	for _, p := range all.Items {
		if p.Key == key {
			number = p.Number
		}
	}
	p := s.phone(seat).dial(code)
	s.reaches(p, center.CallInFlow)
	p.press(strconv.Itoa(number) + "#")
	return p
}

// says is the phrase itself, and the key that ends it.
func (s *stage) says(p *party, flow string) {
	s.t.Helper()
	s.told(p, "flow.node "+flow+"/speak", "record.started")
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

// records is how phrases are recorded by phone.
var records = []scenario{{
	// A supervisor speaks a phrase, hears it, speaks it once more and keeps
	// it; an agent may not.
	name: "record/by-phone", rows: []string{"IVR-8", "PHR-4"}, agents: 2,
	centre: also(leads("1002"), func(d *api.Document) {
		d.Phrases = phrase.Settings{Manner: phrase.Manner{Profile: "cable"}}
		d.Codes = append(d.Codes, center.FeatureCode{Code: recordCode, Flow: "agent-record-phrase"})
	}),
	play: func(s *stage) {
		s.ready("1001", "1002")
		boss := s.speaksFor("1002", recordCode, "wait.before")
		s.says(boss, "agent-record-phrase")
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
		agent := s.speaksFor("1001", recordCode, "wait.before")
		s.told(agent, "flow.node agent-record-phrase/speak", "flow.node agent-record-phrase/failed")
		agent.ended()
		if said := s.happened(agent, fact.RecordStarted, ""); len(said) != 0 {
			s.t.Errorf("recorded of who may not: %+v", said)
		}
		s.recorded(1)
		s.rest("1001", "1002")
	},
}, {
	// An agent speaks a phrase that names the agent and keeps it: both sides of the
	// agent's talk hear that one, which is shorter than the generated one.
	name: "record/own-by-phone", rows: []string{"IVR-8", "PHR-4"},
	centre: also(phrases("cable"), func(d *api.Document) {
		d.Codes = append(d.Codes, center.FeatureCode{Code: ownCode, Flow: "agent-record-own"})
	}),
	play: func(s *stage) {
		s.ready("1001")
		a := s.speaksFor("1001", ownCode, "greeting.opening")
		s.says(a, "agent-record-own")
		s.told(a, "flow.node agent-record-own/again")
		a.press("1")
		s.told(a, "flow.node agent-record-own/kept")
		a.ended()
		r := s.recorded(1)[0]
		if r.Key != "greeting.opening" || r.Agent != "1001" || r.By != "agent/1001" || r.Via != "phone" || r.State != api.RecordingHeard {
			s.t.Errorf("%+v", r)
		}
		c, a := s.serves("13800000001", "1001")
		s.quiet(c, a)
		began := time.Now()
		s.scene(c, "start", with("scene", "greeting"))
		for _, sp := range s.house.said(began, c.far, a.far) {
			if took := sp.ended.Sub(sp.began); took > 2500*time.Millisecond {
				s.t.Errorf("%v are said, and not what the agent has recorded", took)
			}
		}
		s.told(c, "scene.step playing greeting.opening", "scene.step played greeting.opening")
		s.over(c, a)
	},
}, {
	// Somebody has both sides of a talk hear words of their own; the agent is heard
	// again afterwards.
	name: "talk/say", rows: []string{"PHR-4"}, centre: phrases("cable"),
	play: func(s *stage) {
		s.ready("1001")
		c, a := s.serves("13800000001", "1001")
		s.quiet(c, a)
		const text = "您的订单今天下午送达。"
		began := time.Now()
		s.do("POST", "/calls/"+s.known(c)+"/say", with("text", text))
		for _, sp := range s.house.said(began, c.far, a.far) {
			s.reads(sp, text)
		}
		s.told(c, "words.asked", "words.began", "words.ended done")
		s.talk(c, a)
		s.refused("invalid", "POST", "/calls/"+s.known(c)+"/say", with("text", "您好\n"))
		s.over(c, a)
		s.refused("not-found", "POST", "/calls/c-1/say", with("text", text))
	},
}}
