package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// wallOffset is the wall clock minus the steady one, in the events made here.
const wallOffset = 1_700_000_000_000

// told makes an event at a millisecond.
func told(at fact.Instant, kind fact.Kind, more func(*fact.Event)) rig.Event {
	e := rig.Event{ID: "e." + string(kind) + "." + time.Duration(at).String(), Event: fact.Event{Kind: kind, At: at, Wall: int64(at) + wallOffset, Call: "c-1"}}
	if more != nil {
		more(&e.Event)
	}
	return e
}

func agentLeg(offer fact.OfferID, id fact.AgentID, by fact.Party) func(*fact.Event) {
	return func(e *fact.Event) { e.Offer, e.Agent, e.By = offer, id, by }
}

// mainRoad is a call with a missed offer and a talk: it began at 1000, the
// caller pressed a key at 4000, agent 1002 let it ring from 4100 to 7100, agent
// 1003 from 8000 to 9000, they talked from 9010 to 12010, the call ended at 15000.
func mainRoad() []rig.Event {
	node := func(n string) func(*fact.Event) { return func(e *fact.Event) { e.Name = "demo/" + n } }
	return []rig.Event{
		told(1001, fact.CallOffered, func(e *fact.Event) { e.From, e.To = "138", "95001" }),
		told(1001, fact.FlowNode, node("greeting")),
		told(1004, fact.LegAnswered, nil),
		told(1005, fact.PlayStarted, nil),
		told(4000, fact.FlowNode, node("support")),
		told(4000, fact.QueueJoined, func(e *fact.Event) { e.Queue, e.Position = "support", 1 }),
		told(4000, fact.QueueOffered, agentLeg("o1", "1002", "")),
		told(4100, fact.LegRinging, agentLeg("o1", "1002", "")),
		told(7100, fact.QueueMissed, func(e *fact.Event) { e.Offer, e.Agent, e.Reason = "o1", "1002", "no-answer" }),
		told(7150, fact.LegHangup, agentLeg("o1", "1002", fact.BySystem)),
		told(7900, fact.QueueOffered, agentLeg("o2", "1003", "")),
		told(8000, fact.LegRinging, agentLeg("o2", "1003", "")),
		told(9000, fact.LegAnswered, agentLeg("o2", "1003", "")),
		told(9010, fact.QueueConnected, agentLeg("o2", "1003", "")),
		told(12010, fact.LegHangup, agentLeg("o2", "1003", fact.ByAgent)),
		told(12010, fact.FlowNode, node("thanks")),
		told(15001, fact.LegHangup, func(e *fact.Event) { e.By = fact.BySystem }),
		told(15010, fact.CallEnded, nil),
	}
}

func mainRecord() fact.Record {
	return fact.Record{
		Call: "c-1", Began: 1000 + wallOffset, Ended: 15000 + wallOffset, IVR: 3000 + 2990, Wait: 5010, Ring: 4000, Talk: 3000, WrapUp: 1000,
		Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, By: fact.ByAgent, Agent: "1003", Offers: 2,
	}
}

// holds runs a check and wants it to hold, or else to complain of part.
func holds(t *testing.T, name, part string, check func(*claims)) {
	t.Helper()
	var c claims
	check(&c)
	missing := strings.Join(c.missing(), "\n")
	switch {
	case len(c) == 0:
		t.Errorf("%s: nothing was checked", name)
	case part == "" && missing != "":
		t.Errorf("%s: %s", name, missing)
	case part != "" && !strings.Contains(missing, part):
		t.Errorf("%s: missing %q, want a complaint with %q", name, missing, part)
	}
}

func TestOrder(t *testing.T) {
	want := []string{"call.offered", "leg.answered", "queue.joined 1", "queue.missed 1002 no-answer", "leg.answered 1003", "leg.hangup 1003 agent", "leg.hangup", "call.ended"}
	without := func(k fact.Kind) []rig.Event {
		return slices.DeleteFunc(mainRoad(), func(e rig.Event) bool { return e.Kind == k })
	}
	late := append(mainRoad(), told(15020, fact.LegHangup, nil))
	back := mainRoad()
	back[5].At = 900
	swapped := mainRoad()
	swapped[8], swapped[12] = swapped[12], swapped[8]
	for _, k := range []struct {
		name, part string
		events     []rig.Event
	}{
		{"as it must be", "", mainRoad()},
		{"one is missing", `"queue.missed 1002 no-answer"`, without(fact.QueueMissed)},
		{"two are swapped", `"leg.answered 1003"`, swapped},
		{"one comes after the end", "after the last one", late},
		{"time goes back", "instants go back", back},
		{"nothing", `"call.offered"`, nil},
	} {
		holds(t, k.name, k.part, func(c *claims) { c.order(k.events, want) })
	}
}

func TestStored(t *testing.T) {
	all := mainRoad()
	holds(t, "all", "", func(c *claims) { c.stored(all, mainRoad()) })
	holds(t, "one less", "has 17 of the 18", func(c *claims) { c.stored(all, all[:17]) })
	reversed := mainRoad()
	slices.Reverse(reversed)
	holds(t, "another order", "store", func(c *claims) { c.stored(all, reversed) })
	holds(t, "none", "store", func(c *claims) { c.stored(nil, nil) })
}

func TestEnded(t *testing.T) {
	want := outcome{agent: "1003", ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, by: fact.ByAgent, offers: 2}
	holds(t, "as it must be", "", func(c *claims) { c.ended(mainRecord(), want) })
	for _, change := range []func(*fact.Record){
		func(r *fact.Record) { r.Reason = fact.ReasonAbandoned }, func(r *fact.Record) { r.Fault = fact.FaultUs },
		func(r *fact.Record) { r.By = fact.ByCaller }, func(r *fact.Record) { r.Agent = "1002" }, func(r *fact.Record) { r.Offers = 1 },
	} {
		r := mainRecord()
		change(&r)
		holds(t, "another ending", "must be completed", func(c *claims) { c.ended(r, want) })
	}
}

func TestDurations(t *testing.T) {
	holds(t, "as the timeline tells", "", func(c *claims) { c.durations(mainRecord(), mainRoad()) })
	for _, change := range []func(*fact.Record){
		func(r *fact.Record) { r.IVR += 5 }, func(r *fact.Record) { r.Wait -= 5 }, func(r *fact.Record) { r.Ring += 5 },
		func(r *fact.Record) { r.Talk -= 5 }, func(r *fact.Record) { r.Ended += 5 },
	} {
		r := mainRecord()
		change(&r)
		holds(t, "5 ms off", "ms", func(c *claims) { c.durations(r, mainRoad()) })
	}
	// The caller hangs up: while a phone rings, and in the talk.
	ringing := append(mainRoad()[:8], told(5000, fact.LegHangup, func(e *fact.Event) { e.By = fact.ByCaller }),
		told(5003, fact.LegHangup, agentLeg("o1", "1002", fact.BySystem)))
	if got, want := measure(ringing, 1000+wallOffset, 5000+wallOffset), (spans{ivr: 3000, wait: 1000, ring: 903}); got != want {
		t.Errorf("hung up while it rang: %+v, want %+v", got, want)
	}
	talking := append(mainRoad()[:14], told(10000, fact.LegHangup, func(e *fact.Event) { e.By = fact.ByCaller }),
		told(10004, fact.LegHangup, agentLeg("o2", "1003", fact.BySystem)))
	if got, want := measure(talking, 1000+wallOffset, 10000+wallOffset), (spans{ivr: 3000, wait: 5010, ring: 4000, talk: 990}); got != want {
		t.Errorf("hung up in the talk: %+v, want %+v", got, want)
	}
}

func TestWrapUp(t *testing.T) {
	states := []rig.Event{
		told(12010, fact.AgentState, func(e *fact.Event) { e.From, e.To, e.Millis = "TALKING", "ACW", 3000 }),
		told(13010, fact.AgentState, func(e *fact.Event) { e.From, e.To, e.Millis = "ACW", "READY", 1000 }),
	}
	holds(t, "as told", "", func(c *claims) { c.wrapUp(mainRecord(), states) })
	holds(t, "not told", "wrap-up", func(c *claims) { c.wrapUp(mainRecord(), states[:1]) })
	r := mainRecord()
	r.WrapUp = 0
	holds(t, "none in the record", "wrap-up: 0 ms", func(c *claims) { c.wrapUp(r, states) })
}

// The tones of the calls made here.
const (
	mine, theirs = 540, 1560
	greets       = 300 // instead of a voice
)

// mix is a tape of mainRoad, from the answer at 1004 to 15001, with tones
// between instants.
func mix(side fact.Side, parts ...[3]float64) tape {
	const began, ended = 1004, 15001
	t := tape{fact.RecordingFile{Side: side, Began: began, Millis: ended - began},
		wav.Sound{Rate: tone.Rate, Samples: make([]int16, (ended-began)*tone.Rate/1000)}}
	for _, p := range parts {
		s := t.sound.Samples[int(p[1]-began)*tone.Rate/1000 : int(p[2]-began)*tone.Rate/1000]
		tone.NewSine(p[0], 0.25).Fill(s)
	}
	return t
}

func TestSides(t *testing.T) {
	in := mix(fact.SideIn, [3]float64{mine, 9010, 12100})
	heard := [][3]float64{{greets, 1100, 4000}, {pbx.MusicTone, 4100, 8990}, {theirs, 9030, 12010}, {greets, 12100, 14000}}
	out := mix(fact.SideOut, heard...)
	short := in
	short.sound.Samples = short.sound.Samples[:len(short.sound.Samples)/2]
	both := mix(fact.SideIn, [3]float64{mine, 9010, 11000}, [3]float64{theirs, 11000, 12000})
	swappedIn, swappedOut := out, in
	swappedIn.file, swappedOut.file = in.file, out.file
	echo := mix(fact.SideOut, append(slices.Clone(heard), [3]float64{mine, 10000, 10500})...)
	for _, k := range []struct {
		name, part string
		in, out    tape
	}{
		{"as it must be", "", in, out},
		{"the sides are swapped", "the caller's 540 Hz at 0.00", swappedIn, swappedOut},
		{"the agent is on the caller's side", "nowhere the agent's 1560 Hz (0.2", both, out},
		{"the caller's side is silent", "the caller's 540 Hz at 0.00", mix(fact.SideIn), out},
		{"the caller is on the other side", "not the caller's 540 Hz (0.2", in, echo},
		{"there is no music", "then the music (475 Hz at 0.00", in, mix(fact.SideOut, heard[0], heard[2])},
		{"nobody greets", "the greeting (loudness 0.00)", in, mix(fact.SideOut, heard[1], heard[2])},
		{"half of a file", "the file lasts 6998 ms", short, out},
	} {
		holds(t, k.name, k.part, func(c *claims) { c.sides(k.in, k.out, mainRoad(), mine, theirs) })
	}
	// A call without a talk.
	alone := append(mainRoad()[:8], told(15001, fact.LegHangup, func(e *fact.Event) { e.By = fact.ByCaller }))
	waited := mix(fact.SideOut, heard[0], [3]float64{pbx.MusicTone, 4100, 15000})
	holds(t, "nobody talks", "", func(c *claims) { c.sides(mix(fact.SideIn), waited, alone, mine, 0) })
	holds(t, "somebody talks all the same", "nobody spoke", func(c *claims) { c.sides(in, waited, alone, mine, 0) })
}

func TestTimeline(t *testing.T) {
	notes := []note{{wall: 1000 + wallOffset, label: label{"拨号", "dials"}}, {wall: 4000 + wallOffset, label: label{"按键", "presses"}, detail: "2"}}
	rows := timeline(mainRoad(), notes, 1000+wallOffset)
	if len(rows) != len(mainRoad())+2 || rows[0].label.en != "dials" || rows[0].at != 0 {
		t.Fatalf("the timeline is %+v", rows)
	}
	for i, r := range rows {
		switch {
		case i > 0 && r.at < rows[i-1].at:
			t.Errorf("row %d goes back: %+v", i, r)
		case r.label.zh == "" || r.label.en == "":
			t.Errorf("row %d has no name in both languages: %+v", i, r)
		case r.label.en == "prompt begins" && r.detail != "demo/greeting":
			t.Errorf("the prompt is not told by its node: %+v", r)
		}
	}
	if last := rows[len(rows)-1]; last.label != labels[fact.CallEnded] || last.at != 14010 {
		t.Errorf("the last row is %+v", last)
	}
}

// Columns stand one below the other on a terminal, Chinese or not.
func TestTable(t *testing.T) {
	var b bytes.Buffer
	table(&b, "  ", [][]string{{"+ms", "事件", "x"}, {"1234", "听到等待音乐", "x"}, {"5", "hang-up", "x"}})
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	for _, l := range lines {
		if w := runewidth.StringWidth(l); w != runewidth.StringWidth(lines[1]) {
			t.Errorf("%q is %d columns wide", l, w)
		}
	}
}

// The centre is one that huawu takes, in both of the program's modes.
func TestCentre(t *testing.T) {
	for _, ring := range []time.Duration{0, ringTime} {
		agents := staff()
		text, err := centre{Number: hotline, Agents: agents, WrapUp: wrapUp, Ring: ring}.document()
		if err != nil {
			t.Fatal(err)
		}
		d, err := api.ParseDocument("centre.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		c, err := api.Compiler{Tenant: fact.DefaultTenant}.Compile(t.Context(), "centre.yaml", []byte(text), d)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.ACD.Agents) != len(agents) || len(d.PINs) != len(agents) || c.ACD.Queues[0].Ring != ring || c.Numbers[0].Number != hotline {
			t.Errorf("the centre is %+v", c)
		}
	}
}
