package scenarios

import (
	"net/http"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// taped is how calls are recorded, and that it is steered.
var taped = []scenario{
	{
		// By the agent's key and by order silence is written; it ends by key, and
		// by itself. One side is as long as the other.
		name: "recording/pause", rows: []string{"REC-4", "RUL-PRV-2"},
		centre: func(d *api.Document) { d.Keys.Standard = true },
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.told(c, "record.started")
			a.press("#2")
			s.told(c, "record.paused order")
			if v := s.call(c); v == nil || !v.Recorded || len(v.Paused) != 1 || v.Paused[0].Who != "1001" || v.Paused[0].Until == 0 {
				s.t.Errorf("paused, and the call is %+v", v)
			}
			s.refused("invalid", http.MethodPost, "/calls/"+s.known(c)+"/record-pause", with("seconds", 3))
			s.talk(c, a) // what is not recorded is said
			a.press("#2")
			s.told(c, "record.paused order", "record.resumed order")
			s.refused("conflict", http.MethodPost, "/calls/"+s.known(c)+"/record-resume", nil)
			s.steer(c, "record-pause", "seconds", 5, "note", "证件号码")
			began := time.Now()
			s.told(c, "record.resumed order", "record.paused order", "record.resumed order")
			if took := time.Since(began); took < 4*time.Second {
				s.t.Errorf("a pause of 5 s took %v", took)
			}
			s.over(c, a)
			files := s.record(c).Recordings
			if len(files) != 2 || files[0].Millis-files[1].Millis > 500 || files[1].Millis-files[0].Millis > 500 {
				s.t.Errorf("files %+v", files)
			}
		},
	},
	{
		// What the caller does not hear is recorded at the agent's phone, and only
		// that; hold and the talk with three are in the caller's own recording.
		name: "recording/consult", rows: []string{"REC-1", "C36"}, agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			s.told(c, "record.started", "consult.began", "record.started")
			s.steer(c, "merge")
			s.told(c, "record.started", "consult.began", "record.started", "record.stopped")
			c.hears(a, b)
			c.hangup()
			a.ended()
			b.ended()
			s.rest("1001", "1002")
			sides := map[fact.LegID]int{}
			files := s.record(c).Recordings
			for _, f := range files {
				sides[f.Leg]++
			}
			if len(files) != 4 || len(sides) != 2 {
				s.t.Errorf("files %+v", files)
			}
		},
	},
	{
		// Rules say who is recorded; an order has the last word, but for what a
		// rule requires.
		name: "recording/rules", rows: []string{"REC-1", "C38"},
		centre: func(d *api.Document) {
			d.Recording = []center.RecordingRule{{Queue: "sales", Record: center.RecordRequired}, {Flow: "support", Record: center.RecordNever}}
		},
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.told(c, "record.started")
			s.refused("denied", http.MethodPost, "/calls/"+s.known(c)+"/record-stop", nil)
			s.over(c, a)
			c = s.caller("13800000002", supportLine)
			a = s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			if got := s.happened(c, fact.RecordStarted, ""); len(got) != 0 {
				s.t.Errorf("recorded against the rule: %+v", got)
			}
			s.refused("conflict", http.MethodPost, "/calls/"+s.known(c)+"/record-pause", nil)
			s.steer(c, "record", "note", "投诉")
			s.told(c, "record.started")
			s.steer(c, "record-stop")
			s.told(c, "record.started", "record.stopped")
			s.talk(c, a)
			s.over(c, a)
			if files := s.record(c).Recordings; len(files) != 2 {
				s.t.Errorf("files %+v", files)
			}
		},
	},
	{
		// huawu dies in the middle of a pause: it ends at its time all the same.
		name: "restart/recording-pause", rows: []string{"REC-4"},
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.told(c, "record.started")
			s.steer(c, "record-pause", "seconds", 8)
			s.house.restart(func() { s.talk(c, a) })
			s.told(c, "record.paused order", "record.resumed order")
			s.talk(c, a)
			s.over(c, a)
			if files := s.record(c).Recordings; len(files) != 2 {
				s.t.Errorf("files %+v", files)
			}
		},
	},
}
