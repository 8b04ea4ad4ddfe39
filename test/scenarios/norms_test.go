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

// counted holds what the store has counted of a rule and an agent.
func (s *stage) counted(rule, agent string, kept, broken int64) {
	s.t.Helper()
	var sums api.NormFigures
	s.get("/norms/figures?by=agent&rule="+rule+"&agent="+agent, &sums)
	if len(sums.Figures) != 1 || sums.Figures[0].Kept != kept || sums.Figures[0].Broken != broken {
		s.t.Errorf("%s was counted %+v of %s, want %d kept and %d broken", rule, sums.Figures, agent, kept, broken)
	}
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
}
