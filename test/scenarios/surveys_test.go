package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// surveying has callers rate the talk after the agent has ended it.
func surveying(d *api.Document) {
	for _, f := range d.Flows {
		if f.ID == "sales" {
			f.Nodes = append(f.Nodes, flow.Node{ID: "survey", Survey: &flow.SurveyNode{
				Ask:  flow.Ask{Prompts: []flow.Prompt{{File: "rate"}}, NoInput: []flow.Prompt{{File: "again"}}, Timeout: 2 * time.Second, Else: "thanks"},
				Next: "thanks",
			}})
		}
	}
	enters("sales", func(n *flow.EnqueueNode) { n.Next = "survey" })(d)
}

// rated waits for what a caller thought of the call.
func (s *stage) rated(c *party) *fact.Survey {
	s.t.Helper()
	return s.record(c).Survey
}

// surveys are what callers think of the service when a talk is over.
var surveys = []scenario{
	{
		name: "surveys/after-the-agent-has-ended", rows: []string{"RUL-END-3", "IVR-4"}, centre: surveying,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.hangup()
			c.hears(prompt)
			c.press("3")
			c.ended()
			s.told(c, "flow.node sales/survey", "survey.asked", "survey.answered", "alert.leader RUL-END-3", "flow.node sales/thanks")
			if v := s.rated(c); v == nil || v.Score != 3 || v.Of != 3 || v.Name != "不满意" || v.Agent != "1001" || v.Queue != "sales" || v.Answered < v.Asked {
				s.t.Errorf("rated %+v", v)
			}
			var worst api.SurveyList
			s.get("/surveys?score=3", &worst)
			if len(worst.Surveys) != 1 || string(worst.Surveys[0].Call) != s.known(c) {
				s.t.Errorf("%+v", worst)
			}
			var counted api.SurveyFigureList
			s.get("/surveys/figures", &counted)
			if f := counted.All; f.Talks != 1 || f.Asked != 1 || f.Answered != 1 {
				s.t.Errorf("%+v", f)
			}
			s.rest("1001")
		},
	},
	{
		// Who presses what means nothing, and then nothing, is asked twice.
		name: "surveys/unanswered", rows: []string{"RUL-END-3"}, centre: surveying,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.hangup()
			s.told(c, "survey.asked", "playback.started")
			c.press("7")
			s.told(c, "survey.asked", "playback.started", "playback.started", "flow.node sales/thanks")
			c.ended()
			if v := s.rated(c); v == nil || v.Score != 0 || v.Answered != 0 {
				s.t.Errorf("rated %+v", v)
			}
			s.rest("1001")
		},
	},
	{
		// Nobody asks an abuser what they think.
		name: "surveys/not-after-a-misuse", rows: []string{"RUL-END-3"}, centre: surveying,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.do("POST", "/callers/13800000001/strikes", with("reason", "辱骂", "call", s.known(c)))
			a.hangup()
			s.told(c, "caller.struck", "flow.node sales/survey", "flow.node sales/thanks")
			c.ended()
			if v := s.rated(c); v != nil || s.has(c, "survey.asked") {
				s.t.Errorf("rated %+v", v)
			}
			s.rest("1001")
		},
	},
	{
		// Killed while the caller is asked: asked again, once in the figures.
		name: "surveys/outlive-a-crash", rows: []string{"RUL-END-3"}, centre: surveying,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.hangup()
			s.told(c, "survey.asked")
			s.settle()
			s.house.restart(func() { s.pass(300 * time.Millisecond) })
			c.hears(prompt)
			c.press("1")
			c.ended()
			if v := s.rated(c); v == nil || v.Score != 1 || v.Agent != "1001" {
				s.t.Errorf("rated %+v", v)
			}
			if asked := s.happened(c, fact.SurveyAsked, ""); len(asked) != 1 {
				s.t.Errorf("asked %d times in the figures: %+v", len(asked), asked)
			}
			s.rest("1001")
		},
	},
}
