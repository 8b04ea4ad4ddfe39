package center

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// welcomes has the number 4001 greet callers before they come into line.
func welcomes(c *Config) {
	c.Numbers = []Number{{Number: "4001", Flow: "f"}}
	c.Flows = []*flow.Flow{{ID: "f", Nodes: []flow.Node{
		{ID: "hello", Play: &flow.PlayNode{Prompts: []flow.Prompt{{Sound: "beep"}}, Next: "line"}},
		{ID: "line", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}},
		{ID: "end", Hangup: &flow.HangupNode{}},
	}}}
	c.ACD.Queues = []routing.Queue{{ID: "sales"}}
	for i := range c.ACD.Agents {
		c.ACD.Agents[i].Queues = []fact.QueueID{"sales"}
	}
}

// looks are the look-ups that the last input asked for.
func (d *desk) looks() (all []Look) {
	for _, e := range d.out {
		if l, ok := e.(Look); ok {
			all = append(all, l)
		}
	}
	return all
}

// greeted lets a caller hear the greeting to its end.
func (d *desk) greeted(leg fact.LegID) {
	d.t.Helper()
	d.hear(media.LegAnswered{Leg: leg})
	k := d.c.of(leg)
	d.hear(media.PlayEnded{Leg: leg, Play: fact.On[fact.PlayID]("sw", string(k.call.ID)+"-p"+strconv.Itoa(k.call.Plays[0])), Result: media.PlayDone})
}

func TestACallerIsRecognised(t *testing.T) {
	// Nobody makes use of it: nothing is asked.
	d := newDesk(t, welcomes)
	d.arrive("PJSIP/out", "13800138000", "4001")
	if l := d.looks(); len(l) != 0 {
		t.Fatalf("%+v", l)
	}
	known := func(c *Config) {
		welcomes(c)
		c.ACD.Order.Repeat = time.Minute
		c.ACD.Queues[0].PreferHold = 10 * time.Second
		c.Callers.Repeat = time.Hour
	}
	d = newDesk(t, known)
	d.arrive("PJSIP/out", "", "4001")
	if l := d.looks(); len(l) != 0 {
		t.Fatalf("a withheld number is looked up: %+v", l)
	}
	leg := d.arrive("PJSIP/out", "13800138000", "4001")
	l := d.looks()
	began := d.c.of(leg).call.Began.Wall()
	if len(l) != 1 || *l[0].Caller != (CallerQuestion{Number: "13800138000", Since: began.Add(-time.Hour).UnixMilli(), Talk: began.Add(-agentWithin).UnixMilli()}) {
		t.Fatalf("%+v", l)
	}
	// A process that died may have died with the question.
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: leg, State: media.LegRing}}})
	if again := d.looks(); len(again) != 1 || again[0].Look != l[0].Look {
		t.Fatalf("%+v", again)
	}
	d.step(Looked{Look: l[0].Look, OK: true, Caller: &CallerHistory{Calls: 3, Agent: "1002"}})
	d.greeted(leg)
	d.wants("PJSIP/1002 as 13800138000") // though 1001 has been idle for as long
	why, _ := d.c.acd.WhyTicket(d.c.of(leg).ticket, 10)
	if !slices.Contains(why.Credits, routing.Credit{What: "repeat", Millis: 180_000}) {
		t.Errorf("three calls before count for %+v", why.Credits)
	}
	// An answer that comes when the caller is in line, or gone, changes nothing.
	late := d.arrive("PJSIP/out", "13800138001", "4001")
	look := d.looks()[0].Look
	d.greeted(late)
	d.step(Looked{Look: look, OK: true, Caller: &CallerHistory{Calls: 3}})
	if len(d.out) != 0 {
		t.Errorf("%+v", d.out)
	}
	d.ends(late, 16)
	d.step(Looked{Look: look, OK: true, Caller: &CallerHistory{Calls: 3}})
	if len(d.out) != 0 {
		t.Errorf("%+v", d.out)
	}
}
