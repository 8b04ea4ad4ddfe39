package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// A caller is parked on one switch: a phone of another one cannot come to the
// caller, and is told so at once instead of being let in and thrown out.
func TestSlotIsOfOneSwitch(t *testing.T) {
	d := newDesk(t, func(c *Config) { welcomes(c); c.Park = Park{From: 701, To: 702} })
	caller := d.arrive("PJSIP/out", "13800138000", "4001")
	d.greeted(caller)
	agent, _ := d.rings()
	if agent == "" {
		t.Fatalf("nobody is rung: %+v", d.out)
	}
	room := d.c.of(agent).call.Room
	d.hear(media.LegAnswered{Leg: agent})
	for _, leg := range []fact.LegID{caller, agent} {
		d.hear(media.Joined{Leg: leg, Room: room})
	}
	d.step(Asked{Request: "p", By: "test", Op: ParkCall{Call: d.c.of(caller).call.ID}})
	if k := d.c.of(caller); k.parked == nil || k.parked.Slot != 701 {
		t.Fatalf("not parked: %+v", d.out)
	}
	d.now = d.now.Add(time.Second)
	far := fact.LegID("sw2/in-1")
	d.hear(media.LegArrived{Leg: far, State: media.LegRing, Endpoint: "PJSIP/1003", To: "701"})
	d.refused(far, causeAbsent, fact.ReasonUnreachable)
	if k := d.c.of(caller); k.parked == nil || k.call.Partner() != nil {
		t.Errorf("the caller is not at the slot any more")
	}
	near := d.dial("1003", "701")
	if p := d.c.of(caller).call.Partner(); p == nil || p.ID != near {
		t.Errorf("a phone of the same switch does not pick up: %+v", d.out)
	}
}
