package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
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

// Who comes back into a line still asks for what was asked for there, and is
// worth what the caller was.
func TestWhoComesBackToALineKeepsTheWish(t *testing.T) {
	wishes := func(c *Config) {
		welcomes(c)
		c.Park, c.Transfers.Blind = Park{From: 701, To: 702, Timeout: time.Minute}, BlindAllow
		c.ACD.Skills = []fact.SkillID{"english"}
		c.ACD.Order.Levels = []routing.Level{{ID: "vip", Worth: time.Minute}}
		c.ACD.Queues = append(c.ACD.Queues, routing.Queue{ID: "other"})
		c.ACD.Agents[0].Skills = []routing.Skill{{ID: "english", Level: 90}}
		line := c.Flows[0].Nodes[1].Enqueue
		line.Needs, line.Priority = "english", 3
	}
	for name, leave := range map[string]func(*desk, fact.LegID){
		"parked": func(d *desk, caller fact.LegID) {
			d.step(Asked{Request: "p", By: "test", Op: ParkCall{Call: d.c.of(caller).call.ID}})
			d.step(Asked{Request: "o", By: "test", Op: SignOut{Agent: "1001"}})
			d.now = d.now.Add(time.Minute)
			d.step(Tick{})
		},
		"given to a queue": func(d *desk, caller fact.LegID) {
			d.step(Asked{Request: "t", By: "test", Op: TransferCall{Call: d.c.of(caller).call.ID, To: Target{Queue: "other"}}})
			d.step(Asked{Request: "o", By: "test", Op: SignOut{Agent: "1001"}})
			if at, ok := d.c.acd.Ticket(d.c.of(caller).ticket); !ok || at.Queue != "other" || at.Needs != "" {
				d.t.Fatalf("not given to the other queue: %+v", at)
			}
			d.step(Asked{Request: "k", By: "test", Op: KickCaller{Call: d.c.of(caller).call.ID}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, wishes)
			d.step(Asked{Request: "l", By: "test", Op: ListNumbers{Revision: 1, Whole: true,
				Entries: []Entry{{Number: "13800138000", Kind: ListLevel, State: EntryActive, Level: "vip", Revision: 1}}}})
			caller := d.arrive("PJSIP/out", "13800138000", "4001")
			d.greeted(caller)
			agent, _ := d.rings()
			room := d.c.of(caller).call.Room
			d.hear(media.LegAnswered{Leg: agent})
			for _, leg := range []fact.LegID{caller, agent} {
				d.hear(media.Joined{Leg: leg, Room: room})
			}
			leave(d, caller)
			d.hear(media.LegEnded{Leg: agent})
			k := d.c.of(caller)
			at, ok := d.c.acd.Ticket(k.ticket)
			if !ok || at.Queue != "sales" || at.Needs != "english" || at.Priority != 3 {
				t.Errorf("the caller is in line as %+v", at)
			}
			if w := k.owing.Wish; w == nil || w.Level != "vip" || w.Needs != "english" {
				t.Errorf("the caller is worth %+v", w)
			}
		})
	}
}
