package mediatest

import (
	"math"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// slackDB is how far a volume may be off: a switch may have steps alone.
const slackDB = 2

// plain is how loud one end hears another once that is the same all the time.
func (x *trial) plain(by, of Far) float64 {
	x.Helper()
	last := by.Level(of)
	for end := time.Now().Add(x.b.patience()); time.Now().Before(end); {
		time.Sleep(x.b.quiet() + 100*time.Millisecond)
		is := by.Level(of)
		if last > 0 && math.Abs(20*math.Log10(is/last)) < 0.5 {
			return is
		}
		last = is
	}
	x.Fatalf("the talk is heard at %v", last)
	return 0
}

// louder waits until one end hears another so many decibels louder than plain.
func (x *trial) louder(by, of Far, plain float64, db int) {
	x.Helper()
	var got float64
	for end := time.Now().Add(x.b.patience()); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got = 20 * math.Log10(by.Level(of)/plain); math.Abs(got-float64(db)) <= slackDB {
			return
		}
	}
	x.Errorf("it is %.1f dB louder, want %d", got, db)
}

// volumeChanges: what a leg says, and what it hears, is made louder and softer,
// for as long as that is asked for and whatever else it does.
func volumeChanges(x *trial) {
	p := x.pair()
	if x.b.Deaf {
		x.must(media.Volume{Leg: p.agentLeg, Side: fact.SideIn, DB: 6})
		return
	}
	x.talk(p)
	plain, back := x.plain(p.caller, p.agent), x.plain(p.agent, p.caller)
	for _, db := range []int{6, 12, -6, 0} {
		x.must(media.Volume{Leg: p.agentLeg, Side: fact.SideIn, DB: db})
		x.louder(p.caller, p.agent, plain, db)
		x.louder(p.agent, p.caller, back, 0) // nobody else is louder
	}
	x.must(media.Volume{Leg: p.agentLeg, Side: fact.SideOut, DB: 6})
	x.louder(p.agent, p.caller, back, 6)
	x.louder(p.caller, p.agent, plain, 0)
	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	expect(x, func(e media.LegHeld) bool { return e.Leg == p.callerLeg })
	x.must(media.Unhold{Room: p.room, Leg: p.callerLeg})
	expect(x, func(e media.LegUnheld) bool { return e.Leg == p.callerLeg })
	x.louder(p.agent, p.caller, back, 6)
	x.must(media.Volume{Leg: p.agentLeg, Side: fact.SideOut})
	x.louder(p.agent, p.caller, back, 0)
	for _, wrong := range []media.Volume{{Leg: p.agentLeg, DB: 6}, {Leg: p.agentLeg, Side: fact.SideIn, DB: media.MaxVolume + 1}} {
		x.refused(wrong, media.ErrInvalid)
	}
}
