package scenarios

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// learns is how soon a supervisor must know of a norm that is broken.
const learns = time.Second

// broken waits until the board has exactly that, each as "rule agent".
func (s *stage) broken(want ...string) {
	s.t.Helper()
	var got []string
	s.within(patience, func() string { return fmt.Sprintf("the board has %q, want %q", got, want) }, func() bool {
		got = nil
		var board api.BrokenNorms
		s.get("/norms/broken", &board)
		for _, b := range board.Items {
			got = append(got, strings.TrimSpace(b.Rule+" "+string(b.Agent)))
		}
		return slices.Equal(got, want)
	})
}

// soon holds what a rule found to its limit: no later than a supervisor must
// know, and not before.
func (s *stage) soon(p *party, rule string) {
	s.t.Helper()
	var d api.CallDetail
	s.get("/calls/"+url.PathEscape(s.known(p)), &d)
	for _, e := range d.Events {
		if e.Kind == fact.NormBroken && e.Name == rule {
			if late := time.Duration(e.Value-e.Limit) * time.Millisecond; late < 0 || late > learns {
				s.t.Errorf("%s is broken %s after its limit of %d ms, by %d ms", rule, late, e.Limit, e.Value)
			}
			return
		}
	}
	s.t.Errorf("no norm.broken %s", rule)
}

// kept are service norms on live calls.
var kept = []scenario{
	{
		// The agent is nudged at the ring before the last, and on the board when
		// that has ended, until somebody answers the caller.
		name: "norms/three-rings", rows: []string{"RUL-ANS-1"}, agents: 2,
		centre: also(ring(4*time.Second), wants(sets("RUL-ANS-1", "", "cadence", "1s"))),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			first := s.phone("1001").rings()
			s.broken("RUL-ANS-1 1001")
			s.soon(c, "RUL-ANS-1")
			s.ready("1002")
			first.ended()
			s.agent("1001", routing.NotReadyIn, routing.PauseRONA)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			s.broken()
			s.told(c, "norm.nudged 1001 RUL-ANS-1 ring", "norm.broken 1001 RUL-ANS-1", "queue.missed 1001 no-answer", "queue.connected 1002", "norm.mended 1001 RUL-ANS-1")
			c.hangup()
			s.rest("1002")
		},
	},
	{
		// A caller on hold by the phone's key or by ours: the agent is nudged, the
		// hold is on the board, and on its end the agent owes an apology.
		name: "norms/hold", rows: []string{"RUL-HLD-5", "RUL-HLD-7"}, centre: wants(sets("RUL-HLD-7", "", "warn", "500ms", "apology", "1s")),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.hold()
			c.hears(music)
			s.broken("RUL-HLD-7 1001")
			s.soon(c, "RUL-HLD-7")
			a.unhold()
			s.talk(c, a)
			s.broken()
			s.told(c, "hold.on", "norm.nudged 1001 RUL-HLD-7 hold-long", "norm.broken 1001 RUL-HLD-7", "hold.off", "norm.mended 1001 RUL-HLD-7",
				"norm.nudged 1001 RUL-HLD-7 apologise system_fault.after_2min")
			s.over(c, a)
		},
	},
	{
		// A blind transfer is refused, and seen until the call is over.
		name: "norms/blind-transfer", rows: []string{"RUL-TRF-1"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.refused("denied", "POST", "/calls/"+url.PathEscape(s.known(c))+"/transfer", with("to", with("agent", "1002")))
			s.broken("RUL-TRF-1 1001")
			s.told(c, "transfer.denied 1001 RUL-TRF-1", "norm.broken 1001 RUL-TRF-1", "alert.leader 1001 RUL-TRF-1 blind-transfer")
			s.talk(c, a)
			s.over(c, a)
			s.broken()
			s.told(c, "norm.mended RUL-TRF-1 over", "call.ended")
		},
	},
	{
		// What nobody answers outside is given up after seven rings; an agent who
		// gives up earlier has not waited long enough.
		name: "norms/seven-rings", rows: []string{"RUL-OUT-1", "RUL-OUT-2"}, centre: wants(sets("RUL-OUT-2", "", "no_answer", "2s")),
		play: func(s *stage) {
			s.ready("1001")
			out := s.phone("13900000009")
			mine := s.phone("1001").dial("13900000009")
			far := out.rings()
			far.ended()
			mine.ended()
			s.told(mine, "leg.ringing", "norm.broken 1001 RUL-OUT-2", "norm.enforced 1001 RUL-OUT-2 give-up", "call.ended")
			s.soon(mine, "RUL-OUT-2")
			s.ending(mine, fact.FaultTrunk, fact.ReasonNoAnswer)
			s.rest("1001")
		},
	},
	{
		name: "norms/six-rings", rows: []string{"RUL-OUT-1"},
		play: func(s *stage) {
			s.ready("1001")
			out := s.phone("13900000009")
			mine := s.phone("1001").dial("13900000009")
			far := out.rings()
			s.told(mine, "leg.ringing")
			mine.hangup()
			far.ended()
			s.told(mine, "norm.broken 1001 RUL-OUT-1", "call.ended")
			s.broken()
			s.rest("1001")
		},
	},
}
