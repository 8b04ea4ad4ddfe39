package mediatest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// walk moves a core by random commands and far-side verbs, holds everything it
// says against the rules of every driver, and returns what it said.
func walk(t *testing.T, seed uint64, steps int) []media.Event {
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(n int) int { return r.IntN(n) }
	o := Options{Return: time.Second}
	if seed%3 == 1 {
		o.Delay = func(media.Event) time.Duration { return time.Duration(pick(30)) * time.Millisecond }
	}
	if seed%3 == 2 {
		o.Fault = func(fact.Instant, media.Command) Fault {
			switch pick(20) {
			case 0:
				return Fault{Err: media.ErrRefused}
			case 1:
				return Fault{Err: media.ErrUnknown}
			case 2:
				return Fault{Err: media.ErrUnknown, Done: true}
			}
			return Fault{}
		}
	}
	c, l := NewCore("sw", o), newLog("sw")
	now := fact.Instant(1_000_000)
	say := func(events []media.Event) {
		for _, e := range events {
			if e.When() > now {
				t.Fatalf("seed %d: %s is told at %d and stamped %d", seed, media.EventName(e), now, e.When())
			}
			l.add(e)
		}
	}
	do := func(cmd media.Command) {
		l.sending(cmd)
		events, err := c.Do(now, cmd)
		switch {
		case err == nil:
			l.accepted(cmd)
		case !errors.Is(err, media.ErrUnknown):
			l.failed(cmd)
		}
		say(events)
	}
	phones := []fact.Endpoint{"SIP/1", "SIP/2", "SIP/3"}
	outcomes := []Outcome{Answers, RingsOn, Busy, Rejects, Unavailable, SaysNothing}
	for _, p := range phones {
		say(c.AddPhone(now, p, Behaviour{}))
	}
	say(c.Connect(now))
	ids := 0
	id := func(kind string) string { ids++; return fmt.Sprintf("sw/%s%d", kind, ids) }
	any := func() fact.LegID {
		if alive := sorted(c.legs); len(alive) > 0 && pick(20) > 0 {
			return alive[pick(len(alive))]
		}
		return "sw/nobody"
	}
	room := func() fact.RoomID {
		if rooms := sorted(c.rooms); len(rooms) > 0 && pick(3) > 0 {
			return rooms[pick(len(rooms))]
		}
		return fact.RoomID(id("room"))
	}
	for range steps {
		switch pick(32) {
		case 0, 1:
			_, events := c.Call(now, id("caller"), Dialled)
			say(events)
		case 2, 3:
			c.Behave(phones[0], Behaviour{Ring: time.Duration(pick(2000)) * time.Millisecond, Then: outcomes[pick(len(outcomes))]})
			leg := fact.LegID(id("leg"))
			do(media.Create{Leg: leg, Endpoint: phones[pick(3)]})
			if pick(4) > 0 {
				do(media.Dial{Leg: leg, Limit: time.Duration(1+pick(3000)) * time.Millisecond})
			}
		case 4, 5:
			do(media.Answer{Leg: any()})
		case 6:
			do(media.Hangup{Leg: any(), Elsewhere: pick(2) == 0})
		case 7:
			say(c.HangupFar(now, any()))
		case 8, 9:
			do(media.Play{Play: fact.PlayID(id("play")), Leg: any(), Prompts: []media.Prompt{{File: []string{"/a", "/missing"}[pick(2)]}}})
		case 10:
			if plays := sorted(c.plays); len(plays) > 0 {
				do(media.StopPlay{Play: plays[pick(len(plays))], Leg: any()})
			}
		case 11, 12, 13, 14:
			legs := []fact.LegID{any(), any()}
			do(media.Join{Room: room(), Legs: slices.Compact(legs)})
		case 15:
			do(media.Leave{Room: room(), Leg: any()})
		case 16, 17:
			do(media.Hold{Room: room(), Leg: any()})
		case 18:
			do(media.Unhold{Room: room(), Leg: any()})
		case 19:
			do(media.Record{Recording: fact.RecordingID(id("rec")), Leg: any(), Name: fmt.Sprint(ids)})
		case 20:
			do(media.Spy{Spy: fact.SpyID(id("spy")), Leg: any(), By: any()})
		case 21:
			do(media.Deflect{Leg: any(), To: []media.Exit{media.ExitBusy, media.ExitFallback}[pick(2)]})
		case 22:
			do(media.DetectTalk{Leg: any(), On: true, Silence: 100 * time.Millisecond})
			say(c.Talk(now, any(), pick(2) == 0))
		case 23:
			say(c.Refer(now, any(), "1", ""))
			for _, tr := range sorted(c.transfers) {
				if c.transfers[tr] == nil {
					continue // its leg ended with the one before
				}
				do(media.AnswerTransfer{Transfer: tr, Leg: c.transfers[tr].leg.id, Done: pick(2) == 0})
			}
		case 24:
			say(c.HoldFar(now, any(), pick(2) == 0))
		case 25:
			say(c.Press(now, any(), "12"))
			say(c.Register(now, phones[pick(3)], pick(3) > 0))
		case 26:
			if pick(10) == 0 && len(c.out) == 0 { // else LegArrived of a leg in use may be lost
				say(c.Disconnect(now, "walk"))
				now += fact.Instant(pick(3000))
				say(c.Connect(now))
			}
		case 27:
			do(media.SetTag{Leg: any(), Tag: media.Tag{Call: "c"}})
			do(media.Music{Leg: any(), On: pick(2) == 0})
		default:
			if next, ok := c.Next(); ok && pick(2) == 0 {
				now = max(now, next)
			}
			now += fact.Instant(pick(200))
			say(c.Advance(now))
		}
		if broken := l.broke(); len(broken) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, broken, l)
		}
	}
	for _, leg := range sorted(c.legs) {
		c.Hears(leg)
		do(media.Hangup{Leg: leg})
	}
	now += 60_000
	say(c.Advance(now))
	return l.events
}

// TestCoreKeepsTheRules walks many seeds, in two of three with delayed events
// or faults.
func TestCoreKeepsTheRules(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(300) {
		for _, e := range walk(t, seed, 400) {
			seen[media.EventName(e)] = true
		}
	}
	for _, e := range media.Events {
		switch e.(type) {
		case media.LegReplaced, media.RecordFailed, media.CommandFailed:
		default:
			if !seen[media.EventName(e)] {
				t.Errorf("no walk came to %s", media.EventName(e))
			}
		}
	}
}

// TestCoreIsDeterministic: equal histories give equal events.
func TestCoreIsDeterministic(t *testing.T) {
	for seed := range uint64(6) {
		if a, b := walk(t, seed, 2000), walk(t, seed, 2000); !reflect.DeepEqual(a, b) {
			t.Errorf("seed %d gave two histories", seed)
		}
	}
}

// atWork is a connected core with one phone.
func atWork(o Options) *Core {
	c := NewCore("sw", o)
	c.AddPhone(1000, "SIP/1", Behaviour{Then: Answers})
	c.Connect(1000)
	return c
}

func TestCoreFaults(t *testing.T) {
	var fault Fault
	c := atWork(Options{Fault: func(_ fact.Instant, cmd media.Command) Fault {
		if _, is := cmd.(media.Answer); is {
			return fault
		}
		return Fault{}
	}})
	leg, _ := c.Call(1000, "1", Dialled)
	answer := media.Answer{Leg: leg}

	fault = Fault{Err: media.ErrRefused}
	if events, err := c.Do(1001, answer); !errors.Is(err, media.ErrRefused) || len(events) > 0 {
		t.Errorf("refused on purpose: %v, %v", events, err)
	}
	fault = Fault{Late: media.FailRefused}
	events, err := c.Do(1002, answer)
	if err != nil || len(events) != 1 {
		t.Fatalf("failed later on purpose: %v, %v", events, err)
	}
	if f, ok := events[0].(media.CommandFailed); !ok || f.Of != "Answer" || f.Leg != leg || f.Failure != media.FailRefused || f.At != 1002 {
		t.Errorf("%+v", events[0])
	}
	fault = Fault{Err: media.ErrUnknown, Done: true}
	events, err = c.Do(1003, answer)
	if !errors.Is(err, media.ErrUnknown) || len(events) != 1 || events[0] != (media.Event)(media.LegAnswered{Head: media.Head{At: 1003}, Leg: leg}) {
		t.Errorf("done and not known: %v, %v", events, err)
	}
}

// TestCoreDelaysInOrder: a late event holds those behind it back, and is told
// no sooner than it is stamped.
func TestCoreDelaysInOrder(t *testing.T) {
	c := NewCore("sw", Options{Delay: func(e media.Event) time.Duration {
		if _, is := e.(media.LegArrived); is {
			return 50 * time.Millisecond
		}
		return 0
	}})
	c.Connect(1000)
	leg, events := c.Call(1000, "1", Dialled)
	more, err := c.Do(1010, media.Answer{Leg: leg})
	if len(events)+len(more) > 0 || err != nil {
		t.Fatalf("told before its time: %v, %v, %v", events, more, err)
	}
	if next, ok := c.Next(); !ok || next != 1050 {
		t.Errorf("Next is %d, %v; want 1050", next, ok)
	}
	got := c.Advance(1050)
	if len(got) != 2 || media.EventName(got[0]) != "LegArrived" || media.EventName(got[1]) != "LegAnswered" || got[1].When() != 1050 {
		t.Errorf("%+v", got)
	}
	c.HangupFar(1060, leg)
	if _, ok := c.Next(); ok {
		t.Error("something is due on an empty switch")
	}
}

func TestCoreCrash(t *testing.T) {
	c := atWork(Options{Return: time.Second})
	leg, _ := c.Call(1000, "1", Dialled)
	if _, err := c.Do(1000, media.Play{Play: "sw/p", Leg: leg, Prompts: []media.Prompt{{File: "/a"}}}); err != nil {
		t.Fatal(err)
	}
	events := c.Crash(1100)
	if len(events) != 1 || media.EventName(events[0]) != "Down" {
		t.Errorf("the switch died with %+v", events)
	}
	up := c.Connect(1200)[0].(media.Up)
	if len(up.Legs)+len(up.Rooms) > 0 || len(up.Endpoints) != 1 {
		t.Errorf("a new-born switch holds %+v", up)
	}
	if late := c.Advance(60_000); len(late) > 0 {
		t.Errorf("the dead speak: %+v", late)
	}
	if _, err := c.Do(60_000, media.Probe{Leg: leg}); !errors.Is(err, media.ErrNoLeg) {
		t.Errorf("probe of a leg that died: %v", err)
	}
}

// TestCoreFallback: who calls while nobody is connected is kept, and comes when
// somebody is.
func TestCoreFallback(t *testing.T) {
	c := NewCore("sw", Options{Return: time.Second})
	leg, events := c.Call(1000, "1", Dialled)
	if len(events) > 0 {
		t.Fatalf("%+v without a connection", events)
	}
	c.Advance(5500)
	if up := c.Connect(5600)[0].(media.Up); len(up.Legs) > 0 {
		t.Errorf("an untagged leg outside is listed: %+v", up)
	}
	got := c.Advance(6000)
	if len(got) != 1 || got[0].(media.LegArrived).Leg != leg || got[0].(media.LegArrived).Created != 1000 || got[0].When() != 6000 {
		t.Errorf("%+v; want the caller of 1000 at 6000", got)
	}
}

func TestCoreFailsARecording(t *testing.T) {
	c := atWork(Options{})
	leg, _ := c.Call(1000, "1", Dialled)
	if _, err := c.Do(1000, media.Record{Recording: "sw/r", Leg: leg, Name: "a"}); err != nil {
		t.Fatal(err)
	}
	got := c.FailRecording(1500, "sw/r", "disk full")
	want := media.RecordFailed{Head: media.Head{At: 1500}, Recording: "sw/r", Leg: leg, Reason: "disk full"}
	if len(got) != 1 || got[0] != (media.Event)(want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if events := c.HangupFar(1600, leg); len(events) != 1 {
		t.Errorf("a broken recording has a second last word: %+v", events)
	}
}

func TestCorePhonesByHand(t *testing.T) {
	c := atWork(Options{})
	c.Behave("SIP/1", Behaviour{Then: RingsOn})
	for i, end := range []func(leg fact.LegID) []media.Event{
		func(leg fact.LegID) []media.Event { return c.PickUp(2000, leg) },
		func(leg fact.LegID) []media.Event { return c.HangupFar(2000, leg) },
	} {
		leg := fact.On[fact.LegID]("sw", fmt.Sprint(i))
		if _, err := c.Do(2000, media.Create{Leg: leg, Endpoint: "SIP/1"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(2000, media.Dial{Leg: leg, Limit: time.Second}); err != nil {
			t.Fatal(err)
		}
		got := end(leg)
		want := []media.Event{
			media.LegAnswered{Head: media.Head{At: 2000}, Leg: leg}, media.LegEnded{Head: media.Head{At: 2000}, Leg: leg, Far: true, Cause: 21},
		}[i]
		if len(got) != 1 || got[0] != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	from, events := c.CallFrom(2000, "SIP/1", "1001", "*61")
	if a := events[0].(media.LegArrived); a.Leg != from || a.Endpoint != "SIP/1" || a.From.Number != "1001" || a.To != "*61" {
		t.Errorf("a phone of ours called: %+v", a)
	}
}

func TestStampedKnowsEveryEvent(t *testing.T) {
	for _, e := range media.Events {
		if got := stamped(e, 7); got.When() != 7 || reflect.TypeOf(got) != reflect.TypeOf(e) {
			t.Errorf("%s became %+v", media.EventName(e), got)
		}
	}
}

// BenchmarkCoreCall is one call through the switch: arrives, hears a prompt,
// rings an agent, talks, is recorded, ends.
func BenchmarkCoreCall(b *testing.B) {
	c := atWork(Options{})
	now := fact.Instant(1000)
	for i := range b.N {
		now += 1000
		leg, _ := c.Call(now, "1", Dialled)
		name := fmt.Sprint(i)
		agent, room := fact.On[fact.LegID]("sw", name), fact.On[fact.RoomID]("sw", name)
		for _, cmd := range []media.Command{
			media.Answer{Leg: leg}, media.Record{Recording: fact.On[fact.RecordingID]("sw", name), Leg: leg, Name: name},
			media.Play{Play: fact.On[fact.PlayID]("sw", name), Leg: leg, Prompts: []media.Prompt{{File: "/a"}}},
			media.Create{Leg: agent, Endpoint: "SIP/1"}, media.Dial{Leg: agent, Limit: time.Second},
			media.Join{Room: room, Legs: []fact.LegID{leg, agent}},
		} {
			if _, err := c.Do(now, cmd); err != nil {
				b.Fatal(err)
			}
		}
		c.HangupFar(now, agent)
		c.HangupFar(now, leg)
	}
}
