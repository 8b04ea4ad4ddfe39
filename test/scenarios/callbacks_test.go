package scenarios

import (
	"net/http"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// calling has callbacks made by themselves, at any hour, tried again when busy
// after a minute.
func calling(d *api.Document) {
	d.Callbacks = callback.Policy{Dial: callback.AgentFirst, Windows: []string{"daily 00:00-24:00"}}
}

// enters is a callback that somebody has entered.
func (s *stage) enters(number string, more ...any) string {
	s.t.Helper()
	body := with(append([]any{"number", number, "queue", "sales"}, more...)...)
	s.do(http.MethodPost, "/callbacks", body)
	return string(s.owed(number, 1)[0].ID)
}

// callbackIs waits until a callback is as it should be.
func (s *stage) callbackIs(id string, is func(api.CallbackDetail) bool) api.CallbackDetail {
	s.t.Helper()
	var b api.CallbackDetail
	s.within(patience, func() string { return "the callback is another" }, func() bool {
		b = api.CallbackDetail{}
		s.get("/callbacks/"+id, &b)
		return is(b)
	})
	return b
}

// callbacks are calls that we owe, as they are made.
var callbacks = []scenario{
	{
		// The agent's phone rings first, and only who picks up calls the number.
		name: "callbacks/agent-first", rows: []string{"OUT-1", "OUT-4", "CHN-3"}, centre: calling,
		play: func(s *stage) {
			citizen := s.phone("13900000009")
			s.ready("1001")
			id := s.enters("13900000009", "reason", "报修")
			a := s.phone("1001").rings()
			s.callbackIs(id, func(b api.CallbackDetail) bool { return b.Attempts == 0 })
			a.answer()
			c := citizen.rings()
			c.answer()
			s.talk(a, c)
			s.agent("1001", routing.Talking)
			c.hangup()
			a.ended()
			b := s.callbackIs(id, func(b api.CallbackDetail) bool { return b.State == callback.Done })
			if b.By != "1001" || b.Outcome != callback.Answered || len(b.Tries) != 1 {
				s.t.Errorf("%+v", b)
			}
			s.agent("1001", routing.WrapUpState)
			s.rest("1001")
		},
	},
	{
		// Who does not pick up has called nobody; the next agent does.
		name: "callbacks/next-agent", rows: []string{"OUT-4"}, centre: calling, agents: 2,
		play: func(s *stage) {
			citizen := s.phone("13900000009")
			s.phone("1001").behave(mediatest.Rejects, 300*time.Millisecond)
			s.ready("1001")
			s.pass(200 * time.Millisecond)
			s.ready("1002")
			id := s.enters("13900000009")
			s.phone("1001").rings()
			a := s.phone("1002").rings()
			a.answer()
			c := citizen.rings()
			c.answer()
			s.talk(a, c)
			a.hangup()
			c.ended()
			b := s.callbackIs(id, func(b api.CallbackDetail) bool { return b.State == callback.Done })
			if b.By != "1002" || len(b.Tries) != 1 {
				s.t.Errorf("%+v", b)
			}
			s.rest("1001", "1002")
		},
	},
	{
		// Busy: it is called again, and not before its time.
		name: "callbacks/busy", rows: []string{"OUT-5", "C43"}, centre: calling,
		play: func(s *stage) {
			s.phone("13900000009").behave(mediatest.Busy, 0)
			s.ready("1001")
			id := s.enters("13900000009")
			a := s.phone("1001").rings()
			a.answer()
			a.ended()
			b := s.callbackIs(id, func(b api.CallbackDetail) bool { return len(b.Tries) == 1 })
			if b.State != callback.Open || b.Outcome != callback.Busy || b.Next != b.Tried+5*60_000 {
				s.t.Errorf("%+v", b)
			}
			s.do(http.MethodPost, "/callbacks/"+id+"/cancel", nil)
			s.rest("1001")
		},
	},
	{
		// A caller in line asks to be called back, hangs up, and is called when
		// somebody is free, before who came later.
		name: "callbacks/place-kept", rows: []string{"C40", "C41", "ACD-9"}, centre: also(waysOut(), calling),
		play: func(s *stage) {
			citizen := s.phone("13900000009")
			first := s.waiting("13900000009", salesNumber)
			s.pass(500 * time.Millisecond)
			first.press("1")
			first.ended()
			s.owed("13900000009", 1)
			later := s.waiting("13800000002", salesNumber)
			s.ready("1001")
			a := s.phone("1001").rings()
			a.answer()
			c := citizen.rings()
			c.answer()
			s.talk(a, c)
			c.hangup()
			a.ended()
			s.owed("13900000009", 0)
			later.hangup()
			s.ending(later, fact.FaultCaller, fact.ReasonAbandoned)
			s.rest("1001")
		},
	},
}
