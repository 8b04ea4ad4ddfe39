package scenarios

import (
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/norms"
)

// manyTalks is how many talks at once norms are kept for within 200 ms (SPEC
// GEN-6).
const manyTalks = 500

// everyNorm has all norms warn, by the profile of the cable company.
func everyNorm(d *api.Document) {
	d.Phrases.Profile = "cable"
	for _, id := range norms.IDs() {
		d.Norms = append(d.Norms, norms.Setting{Rule: id, Mode: norms.Warn})
	}
}

// Each of 500 talks has its own clocks, and they go off when they are due: 8 s
// after both have fallen silent, and 15 s.
func TestManyTalksAreOnTime(t *testing.T) {
	playOnFake(t, scenario{agents: manyTalks, centre: everyNorm, play: func(s *stage) {
		var agents []string
		for i := range manyTalks {
			agents = append(agents, strconv.Itoa(1001+i))
			s.phone(agents[i]).behave(mediatest.Answers, time.Second)
		}
		s.ready(agents...)
		sides := map[string][2]mediatest.Far{} // by the caller's number
		for i := range manyTalks {
			from := strconv.Itoa(13800000000 + i)
			sides[from] = [2]mediatest.Far{s.house.caller(from, salesNumber)}
		}
		var live api.CallList
		s.within(time.Minute, func() string { return fmt.Sprintf("%d calls", len(live.Calls)) }, func() bool {
			s.pass(time.Second)
			s.get("/calls", &live)
			talking := 0
			for _, c := range live.Calls {
				if c.State == center.CallTalking {
					talking++
				}
			}
			return talking == manyTalks
		})
		for _, c := range live.Calls {
			sides[c.From] = [2]mediatest.Far{sides[c.From][0], s.phone(string(c.Agent)).rings().far}
		}
		quiet := map[string]time.Time{}
		for _, c := range live.Calls {
			two := sides[c.From]
			two[0].Talk(true)
			two[1].Talk(true)
			s.pass(23 * time.Millisecond)
			two[0].Talk(false)
			two[1].Talk(false)
			quiet[c.From] = time.Now()
		}
		s.pass(20 * time.Second)
		worst := time.Duration(0)
		for _, c := range live.Calls {
			var d api.CallDetail
			s.get("/calls/"+url.PathEscape(string(c.ID)), &d)
			for kind, after := range map[fact.Kind]time.Duration{fact.NormNudged: 8 * time.Second, fact.NormBroken: 15 * time.Second} {
				late := time.Duration(-1)
				for _, e := range d.Events {
					if at := time.UnixMilli(e.Wall); e.Kind == kind && e.Name == "RUL-HLD-8" && at.After(quiet[c.From]) {
						late = at.Sub(quiet[c.From]) - after
					}
				}
				if late < -time.Millisecond || late > 200*time.Millisecond {
					s.t.Errorf("%s of the talk of %s came %v after it was due", kind, c.From, late)
				}
				worst = max(worst, late)
			}
		}
		s.t.Logf("the latest of %d came %v after it was due", 2*manyTalks, worst)
	}})
}
