package center

import (
	"strconv"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// records has phones dial *77 to speak the phrase 12; 1001 is a supervisor.
func records(c *Config) {
	for i := range c.ACD.Agents {
		c.ACD.Agents[i].Supervisor = c.ACD.Agents[i].ID == "1001"
	}
	play := func(id, next string) flow.Node {
		return flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{Sound: "beep"}}, Next: next}}
	}
	c.Codes = []FeatureCode{{Code: "*77", Flow: "r"}}
	c.Flows = []*flow.Flow{{ID: "r", Nodes: []flow.Node{
		{ID: "number", Menu: &flow.MenuNode{Ask: flow.Ask{Prompts: []flow.Prompt{{Sound: "beep"}}, Else: "no"}, Variable: "phrase",
			Keys: []flow.Choice{{Key: "1", Value: "12", Next: "speak"}}}},
		{ID: "speak", Message: &flow.MessageNode{Take: "phrase", Owed: flow.Owed{Next: "again", Failed: "no"}, Short: "no"}},
		{ID: "again", Menu: &flow.MenuNode{Ask: flow.Ask{Prompts: []flow.Prompt{{Take: true}, {Sound: "beep"}}, Else: "no"},
			Keys: []flow.Choice{{Key: "1", Next: "keep"}, {Key: "3", Next: "speak"}}}},
		{ID: "keep", Do: &flow.DoNode{Verb: flow.VerbRecord, OK: "yes", Denied: "no"}},
		play("yes", "end"), play("no", "end"), {ID: "end", Hangup: &flow.HangupNode{}},
	}}}
}

// takes is a phone that has said the phrase, and what is asked about it.
func (d *desk) takes(phone string) (fact.LegID, Look) {
	d.t.Helper()
	leg := d.dial(phone, "*77")
	d.hear(media.LegAnswered{Leg: leg})
	d.hear(media.Digit{Leg: leg, Key: "1"})
	d.at(leg, "speak")
	k := d.c.of(leg)
	d.hear(media.PlayEnded{Leg: leg, Play: fact.On[fact.PlayID]("sw", string(k.call.ID)+"-p"+strconv.Itoa(k.call.Plays[len(k.call.Plays)-1])), Result: media.PlayDone})
	k = d.c.of(leg)
	if len(k.call.Files) == 0 {
		return leg, Look{}
	}
	r := k.call.Files[len(k.call.Files)-1]
	d.hear(media.RecordStarted{Leg: leg, Recording: r.ID})
	d.hear(media.TalkStarted{Leg: leg})
	d.hear(media.Digit{Leg: leg, Key: "#"})
	d.ended(leg, r.ID, 3000)
	all := d.looks()
	if len(all) != 1 || all[0].Take == nil {
		d.t.Fatalf("asked for %+v", all)
	}
	return leg, all[0]
}

// What a supervisor says is heard again, and is the recording once it is kept.
func TestATakeIsHeardAndKept(t *testing.T) {
	d := newDesk(t, records)
	leg, l := d.takes("1001")
	want := TakeQuestion{Agent: "1001", Phrase: "12", Switch: "sw", File: "m-in.wav"}
	if *l.Take != want || len(d.keeps()) != 0 {
		t.Fatalf("%+v, owed %+v", *l.Take, d.keeps())
	}
	d.at(leg, "speak")

	// A process that died may have died with the question.
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: leg, State: media.LegUp}}})
	again := d.looks()
	if len(again) != 1 || again[0].Look != l.Look || *again[0].Take != want {
		t.Fatalf("after a crash: %+v", again)
	}
}

func TestATakeThatIsKept(t *testing.T) {
	d := newDesk(t, records)
	leg, l := d.takes("1001")
	d.step(Looked{Look: "other", OK: true, Take: &Taken{Path: "/other"}})
	d.at(leg, "speak")
	d.step(Looked{Look: l.Look, OK: true, Take: &Taken{Path: "/recorded/take"}})
	d.at(leg, "again")
	heard := ""
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			if p, ok := s.Command.(media.Play); ok {
				heard = p.Prompts[0].File
			}
		}
	}
	if heard != "/recorded/take" {
		t.Errorf("hears %q", heard)
	}
	d.hear(media.Digit{Leg: leg, Key: "1"})
	keep := d.looks()
	if len(keep) != 1 || !keep[0].Take.Save || keep[0].Take.File != "m-in.wav" || keep[0].Look == l.Look {
		t.Fatalf("%+v", keep)
	}
	d.at(leg, "keep")
	d.step(Looked{Look: l.Look, OK: true, Take: &Taken{Path: "/late"}}) // the first answer, again
	d.at(leg, "keep")
	d.step(Looked{Look: keep[0].Look, OK: true, Take: &Taken{Path: "/recorded/take"}})
	d.at(leg, "yes")
}

func TestTakesThatAreRefused(t *testing.T) {
	d := newDesk(t, records)
	if leg, l := d.takes("1002"); l.Take != nil { // no supervisor
		t.Errorf("asked %+v", l)
	} else {
		d.at(leg, "no")
	}
	leg, l := d.takes("1001")
	d.step(Looked{Look: l.Look, Error: "there is no such phrase"})
	d.at(leg, "no")
	d.hear(media.LegEnded{Leg: leg, Far: true})

	// It is saved only if the store takes it.
	leg, l = d.takes("1001")
	d.step(Looked{Look: l.Look, OK: true, Take: &Taken{Path: "/recorded/take"}})
	d.hear(media.Digit{Leg: leg, Key: "1"})
	d.step(Looked{Look: d.looks()[0].Look, Error: "the store is away"})
	d.at(leg, "no")
	d.hear(media.LegEnded{Leg: leg, Far: true})

	// Who hangs up leaves no take, and no call that is owed.
	leg = d.dial("1001", "*77")
	d.hear(media.LegAnswered{Leg: leg})
	d.hear(media.Digit{Leg: leg, Key: "1"})
	k := d.c.of(leg)
	d.hear(media.PlayEnded{Leg: leg, Play: fact.On[fact.PlayID]("sw", string(k.call.ID)+"-p"+strconv.Itoa(k.call.Plays[len(k.call.Plays)-1])), Result: media.PlayDone})
	r := d.c.of(leg).call.Files[0]
	d.hear(media.RecordStarted{Leg: leg, Recording: r.ID})
	d.hear(media.TalkStarted{Leg: leg})
	d.hear(media.LegEnded{Leg: leg, Far: true})
	d.ended(leg, r.ID, 3000)
	if len(d.looks())+len(d.keeps()) != 0 {
		t.Errorf("%+v %+v", d.looks(), d.keeps())
	}
}

// What an agent says for the agents' own recordings is the agent's own, and needs
// no supervisor.
func TestATakeOfOnesOwn(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		records(c)
		c.Flows[0].Nodes[1].Message.Own = true
	})
	leg, l := d.takes("1002")
	if l.Take == nil || !l.Take.Own || l.Take.Voice() != "1002" {
		t.Fatalf("%+v", l.Take)
	}
	d.step(Looked{Look: l.Look, OK: true, Take: &Taken{Path: "/recorded/take"}})
	d.hear(media.Digit{Leg: leg, Key: "1"})
	keep := d.looks()
	if len(keep) != 1 || !keep[0].Take.Save || keep[0].Take.Voice() != "1002" {
		t.Fatalf("%+v", keep)
	}
	if tenants := (TakeQuestion{Agent: "1001"}); tenants.Voice() != "" {
		t.Errorf("a supervisor's is %s's", tenants.Voice())
	}
}
