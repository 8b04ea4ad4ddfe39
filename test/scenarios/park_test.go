package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// slots gives the centre two slots, 701 and 702, where callers stay so long.
func slots(stay time.Duration) func(*api.Document) {
	return also(rules(center.TransferRules{Timeout: 3 * time.Second}), queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second }),
		func(d *api.Document) { d.Park = center.Park{From: 701, To: 702, Timeout: stay} })
}

// parkedAt waits until a party's call is parked at a slot.
func (s *stage) parkedAt(p *party, slot int) {
	s.t.Helper()
	s.reaches(p, center.CallParked)
	if c := s.call(p); c == nil || c.Parked == nil || c.Parked.Slot != slot {
		s.t.Fatalf("%s is not at slot %d: %+v", p.name, slot, c)
	}
	p.hears(music)
}

// parks are callers who are parked and picked up.
var parks = []scenario{
	{
		// Parked, and picked up by whoever dials the slot: both agents wrap up
		// after their part, and it is one call.
		name: "park/dialled", rows: []string{"PBX-4", "C3"}, agents: 2, centre: slots(time.Minute),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			s.steer(c, "park")
			a.ended()
			s.parkedAt(c, 701)
			s.agent("1001", routing.WrapUpState)
			s.told(c, "call.parked 1001 701")
			s.pass(300 * time.Millisecond)
			b := s.phone("1002").dial("701")
			s.talk(c, b)
			s.agent("1002", routing.Talking)
			s.told(c, "call.parked 1001 701", "call.picked-up 1002 701")
			empty := s.phone("1001").dial("701") // nobody is there any more
			empty.ended()
			s.ending(empty, fact.FaultAgent, fact.ReasonNoRoute)
			b.hangup()
			s.agent("1002", routing.WrapUpState)
			c.ended()
			s.rest("1001", "1002")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.Agent != "1002" || r.Hold == 0 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// Picked up by order: the caller hears music until the agent answers.
		name: "park/fetched", rows: []string{"PBX-4"}, agents: 3, centre: slots(time.Minute),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002", "1003")
			s.refused("not-found", "POST", "/calls/"+s.known(c)+"/park", with("slot", 703))
			s.steer(c, "park", "slot", 702)
			a.ended()
			s.parkedAt(c, 702)
			s.phone("1003").behave(mediatest.Busy, 0)
			s.do("POST", "/calls/702/pickup", with("agent", "1003"))
			s.told(c, "leg.created 1003", "leg.hangup 1003")
			s.parkedAt(c, 702)
			s.agent("1003", routing.ReadyState)
			s.do("POST", "/calls/702/pickup", with("agent", "1002"))
			b := s.phone("1002").rings()
			c.hears(music)
			s.refused("conflict", "POST", "/calls/702/pickup", with("agent", "1001"))
			b.answer()
			s.talk(c, b)
			s.reaches(c, center.CallTalking)
			s.refused("not-found", "POST", "/calls/702/pickup", with("agent", "1002"))
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/pickup", with("agent", "1002"))
			// What it has now is a talk as any other.
			s.steer(c, "hold", "consent", true)
			c.hears(music)
			s.steer(c, "unhold")
			s.talk(c, b)
			s.over(c, b)
			s.rest("1001", "1002", "1003")
		},
	},
	{
		// By the keys of the phone, which says where before it is hung up.
		name: "park/keys", rows: []string{"PBX-4"}, agents: 2, centre: also(slots(time.Minute), standardKeys),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.press("*7#")
			s.parkedAt(c, 701)
			s.told(c, "call.parked 1001 701", "talk.key 1001 park", "leg.hangup 1001")
			a.ended()
			s.agent("1001", routing.ReadyState)
			s.ready("1002")
			d, b := s.serves("13800000002", "1001")
			b.press("*7701#") // it is taken
			s.told(d, "talk.key 1001 park conflict")
			s.talk(d, b)
			c.hangup()
			s.ending(c, fact.FaultNone, fact.ReasonCallerEnded)
			b.press("*7701#")
			s.parkedAt(d, 701)
			d.hangup()
			s.rest("1001", "1002")
		},
	},
	{
		// Nobody picks up: whoever parked the call is rung, and if that comes
		// to nothing the caller is in line again, before who has come since.
		name: "park/returns", rows: []string{"RUL-TRF-3"}, agents: 1, centre: slots(time.Second),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.pass(200 * time.Millisecond)
			s.steer(c, "park")
			a.ended()
			a = s.phone("1001").rings()
			c.hears(music)
			a.answer()
			s.talk(c, a)
			s.told(c, "call.parked 1001", "call.returned 1001", "call.picked-up 1001")
			s.agent("1001", routing.Talking)
			s.steer(c, "park")
			a.ended()
			second := s.waiting("13800000002", salesNumber)
			s.phone("1001").rings().ended() // after 3 s
			s.line("sales", c, second)
			s.told(c, "call.returned 1001", "call.returned 1001", "call.returned sales", "queue.joined sales")
			a = s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.agent("1001", routing.WrapUpState)
			a = s.phone("1001").rings()
			a.answer()
			s.talk(second, a)
			s.over(second, a)
			s.rest("1001")
		},
	},
	{
		// Without slots there is no park.
		name: "park/none",
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/park", nil)
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// huawu dies while a caller is parked: music goes on, the slot is the
		// caller's after the start, and the time there is as long as it was.
		name: "restart/parked", agents: 2, centre: slots(20 * time.Second),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			s.steer(c, "park")
			a.ended()
			s.parkedAt(c, 701)
			before := s.call(c).Parked.Until
			s.house.restart(func() { c.hears(music) })
			s.parkedAt(c, 701)
			if after := s.call(c).Parked.Until; after < before-1000 || after > before+1000 {
				s.t.Errorf("the time at the slot ends at %d, was %d", after, before)
			}
			b := s.phone("1002").dial("701")
			s.talk(c, b)
			c.hangup()
			s.rest("1001", "1002")
		},
	},
}
