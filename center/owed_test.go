package center

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// owes has the number 4001 lead to a callback at once, 4002 to a message.
func owes(c *Config) {
	welcomes(c)
	owed := flow.Owed{Queue: "sales", Reason: "asked", Next: "yes", Failed: "no"}
	for id, n := range map[string]flow.Node{
		"4001": {ID: "ask", Callback: &flow.CallbackNode{Owed: owed, Invalid: "wrong"}},
		"4002": {ID: "ask", Message: &flow.MessageNode{Owed: owed, Short: "wrong"}},
	} {
		c.Numbers = append(c.Numbers, Number{Number: id, Flow: fact.FlowID("f" + id)})
		f := &flow.Flow{ID: fact.FlowID("f" + id), Nodes: []flow.Node{n}}
		for _, end := range []string{"yes", "no", "wrong"} {
			f.Nodes = append(f.Nodes, flow.Node{ID: end, Play: &flow.PlayNode{Prompts: []flow.Prompt{{Sound: "beep"}}, Next: "end"}})
		}
		f.Nodes = append(f.Nodes, flow.Node{ID: "end", Hangup: &flow.HangupNode{}})
		c.Flows = append(c.Flows, f)
	}
	c.Numbers = c.Numbers[1:]
}

// keeps are what the last input gave to the store.
func (d *desk) keeps() (all []callback.Callback) {
	for _, e := range d.out {
		if k, ok := e.(Keep); ok {
			all = append(all, k.Callback)
		}
	}
	return all
}

// at holds that a call is at a node of its flow.
func (d *desk) at(leg fact.LegID, node string) {
	d.t.Helper()
	k := d.c.of(leg)
	if k == nil || k.session == nil || k.session.Node() != node {
		d.t.Fatalf("%s is not at %s", leg, node)
	}
}

// asks is a caller who has asked to be called back.
func (d *desk) asks(from string) (fact.LegID, callback.Callback) {
	d.t.Helper()
	leg := d.arrive("PJSIP/out", from, "4001")
	all := d.keeps()
	if len(all) != 1 {
		d.t.Fatalf("the store is given %+v", all)
	}
	d.at(leg, "ask")
	return leg, all[0]
}

// told says whether the last input gave an event of a kind.
func (d *desk) told(kind fact.Kind) bool {
	for _, e := range d.out {
		if e, ok := e.(Emit); ok && e.Event.Kind == kind {
			return true
		}
	}
	return false
}

// A promise is spoken once the store has it, and not before.
func TestAPromiseWaitsForTheStore(t *testing.T) {
	d := newDesk(t, owes)
	leg, b := d.asks("13800138000")
	if b.Number != "13800138000" || b.Queue != "sales" || b.State != callback.Open || b.Call != d.c.of(leg).call.ID || b.Asked == 0 {
		t.Errorf("%+v", b)
	}
	d.step(Stored{Callback: "cb-other"})
	d.at(leg, "ask")
	d.step(Stored{Callback: b.ID})
	if !d.told(fact.CallbackAsked) || d.c.View().Owed != 0 {
		t.Errorf("%+v", d.out)
	}
	d.at(leg, "yes")
	d.step(Stored{Callback: b.ID}) // said twice
	if len(d.out) != 0 {
		t.Errorf("%+v", d.out)
	}

	// Refused: the flow has a branch for it, and nobody tries it again.
	leg, b = d.asks("13800138001")
	d.step(StoreFailed{Callback: b.ID, Error: "away"})
	d.at(leg, "no")
	if !d.told(fact.CallbackFailed) || d.c.View().Owed != 0 {
		t.Errorf("%+v", d.out)
	}

	// A number that cannot be called is not even asked for.
	for _, from := range []string{"", "anonymous", "12", "110", strings.Repeat("1", 21)} {
		leg := d.arrive("PJSIP/out", from, "4001")
		if all := d.keeps(); len(all) != 0 {
			t.Errorf("%q: %+v", from, all)
		}
		d.at(leg, "wrong")
	}
}

// A promise whose caller has gone, or that a crash has torn from its flow, is
// given to the store until it has it.
func TestAPromiseOutlivesItsCaller(t *testing.T) {
	d := newDesk(t, owes)
	leg, b := d.asks("13800138000")
	d.ends(leg, 16)
	d.step(StoreFailed{Callback: b.ID, Error: "away"})
	for range 3 {
		at, ok := d.c.Next()
		if !ok || at > d.now.Add(keepAgain) {
			t.Fatalf("tried again at %d, %t", at, ok)
		}
		d.now = at
		d.step(Tick{})
		if all := d.keeps(); len(all) != 1 || all[0].ID != b.ID {
			t.Fatalf("the store is given %+v", all)
		}
	}
	// Also by the next process, at once.
	saved, err := d.c.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if d.c, err = Restore(saved); err != nil {
		t.Fatal(err)
	}
	if again, err := d.c.Checkpoint(); err != nil || !bytes.Equal(saved, again) {
		t.Errorf("%v\n%s\n%s", err, saved, again)
	}
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	if all := d.keeps(); len(all) != 1 || all[0].ID != b.ID {
		t.Fatalf("the store is given %+v", all)
	}
	d.step(Stored{Callback: b.ID})
	if !d.told(fact.CallbackAsked) {
		t.Errorf("%+v", d.out)
	}
	if _, some := d.c.nextOwed(); some || len(d.c.savedOwed()) != 0 {
		t.Error("it is tried again")
	}
}

// After a crash the flow asks again, for the same promise.
func TestAPromiseAskedForAgainIsTheSame(t *testing.T) {
	d := newDesk(t, owes)
	leg, b := d.asks("13800138000")
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	if all := d.keeps(); len(all) != 1 || all[0].ID != b.ID {
		t.Fatalf("the store is given %+v", all)
	}
	d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: leg, State: media.LegRing}}})
	if all := d.keeps(); len(all) != 0 {
		t.Fatalf("a second promise: %+v", all)
	}
	d.step(Stored{Callback: b.ID})
	d.at(leg, "yes")
}

// spoken lets a caller come to the beep and begin to speak.
func (d *desk) spoken(from string, talk bool) (fact.LegID, fact.RecordingID) {
	d.t.Helper()
	leg := d.arrive("PJSIP/out", from, "4002")
	d.greeted(leg) // the beep
	k := d.c.of(leg)
	r := k.call.Files[len(k.call.Files)-1]
	if r.Message == 0 {
		d.t.Fatalf("nothing is recorded: %+v", k.call.Files)
	}
	d.hear(media.RecordStarted{Leg: leg, Recording: r.ID})
	if talk {
		d.hear(media.TalkStarted{Leg: leg})
	}
	return leg, r.ID
}

// ended is the end of a message's recording.
func (d *desk) ended(leg fact.LegID, r fact.RecordingID, ms int64) {
	d.t.Helper()
	d.hear(media.RecordEnded{Leg: leg, Recording: r, Files: []fact.RecordingFile{
		{Recording: r, Leg: leg, Side: fact.SideOut, Name: "m-out.wav", Millis: ms},
		{Recording: r, Leg: leg, Side: fact.SideIn, Name: "m-in.wav", Millis: ms},
	}})
}

func TestMessagesAreOwedAnAnswer(t *testing.T) {
	for i, c := range []struct {
		name string
		play func(d *desk, leg fact.LegID, r fact.RecordingID)
		talk bool
		kept bool   // a callback is given to the store
		file string // that it has
		node string // where the flow is before the store answers, "" when it is over
	}{
		{"by key", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.hear(media.Digit{Leg: leg, Key: "#"})
			d.ended(leg, r, 3000)
		}, true, true, "m-in.wav", "ask"},
		{"by silence", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.hear(media.TalkStopped{Leg: leg})
			d.ended(leg, r, 3000)
		}, true, true, "m-in.wav", "ask"},
		{"nothing said", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.hear(media.Digit{Leg: leg, Key: "#"})
			d.ended(leg, r, 3000)
		}, false, false, "", "ask"}, // the prompts again
		{"too short", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.hear(media.Digit{Leg: leg, Key: "#"})
			d.ended(leg, r, 300)
		}, true, false, "", "ask"},
		{"hung up", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.ends(leg, 16)
			d.ended(leg, r, 3000)
		}, true, true, "m-in.wav", ""},
		{"hung up without a word", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.ends(leg, 16)
			d.ended(leg, r, 3000)
		}, false, false, "", ""},
		{"the disk is full", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.hear(media.RecordFailed{Leg: leg, Recording: r, Reason: "full"})
		}, true, false, "", "no"},
		{"the disk is full, and hung up", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.ends(leg, 16)
			d.hear(media.RecordFailed{Leg: leg, Recording: r, Reason: "full"})
		}, true, true, "", ""},
		{"a switch that hears no talk", func(d *desk, leg fact.LegID, r fact.RecordingID) {
			d.hear(media.CommandFailed{Of: "DetectTalk", Leg: leg, Failure: media.FailInvalid})
			d.hear(media.Digit{Leg: leg, Key: "#"})
			d.ended(leg, r, 3000)
		}, false, true, "m-in.wav", "ask"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, owes)
			leg, r := d.spoken("1380013800"+strconv.Itoa(i), c.talk)
			d.now += fact.Instant(time.Second.Milliseconds())
			c.play(d, leg, r)
			all := d.keeps()
			if (len(all) == 1) != c.kept || len(all) > 1 {
				t.Fatalf("the store is given %+v", all)
			}
			if c.node != "" {
				d.at(leg, c.node)
			}
			if !c.kept {
				return
			}
			if b := all[0]; b.MessageFile != c.file || b.Source != callback.FromMessage || b.Number != "1380013800"+strconv.Itoa(i) {
				t.Errorf("%+v", b)
			}
			d.step(Stored{Callback: all[0].ID})
			if c.node == "ask" {
				d.at(leg, "yes")
			}
		})
	}
}
