package center

import (
	"errors"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/phrase"
)

// wordsTold are the events of words said in the last input.
func (d *desk) wordsTold() string {
	var all []string
	for _, e := range d.out {
		if e, ok := e.(Emit); ok && strings.HasPrefix(string(e.Event.Kind), "words.") {
			all = append(all, strings.TrimSpace(string(e.Event.Kind)+" "+e.Event.Reason+e.Event.Note))
		}
	}
	return strings.Join(all, "; ")
}

// asksFor is the one question for words of the last input.
func (d *desk) asksFor(text string) Look {
	d.t.Helper()
	all := d.looks()
	if len(all) != 1 || all[0].Speech == nil || all[0].Speech.Text != text {
		d.t.Fatalf("asked for %+v, want %q", all, text)
	}
	return all[0]
}

func (d *desk) toldOf(want string) {
	d.t.Helper()
	if got := d.wordsTold(); got != want {
		d.t.Errorf("told %q, want %q", got, want)
	}
}

// Both sides hear words as soon as an engine has spoken them; the agent is not
// heard meanwhile, and is afterwards. The same words again need no engine.
func TestWordsAreSaidOnceTheyAreSpoken(t *testing.T) {
	d := newDesk(t, speaking("cable"))
	caller, agent, id := d.talks("13800138000")
	say := SayText{Call: id, Text: "您的订单今天送达。"}
	d.ask(say)
	l := d.asksFor(say.Text)
	if l.Speech.Language != "zh" || l.Deadline != wordsDeadline {
		t.Errorf("%+v", l)
	}
	d.toldOf("words.asked 您的订单今天送达。")
	d.want("", "")
	if err := d.try(say); !errors.Is(err, ErrConflict) {
		t.Errorf("two at once: %v", err)
	}
	a := fact.Native(agent)
	both := "play in-1 /said; play " + a + " /said; mute " + a + " true"
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	d.want(both, "")
	d.toldOf("words.began")
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/twice"}})
	d.want("", "")
	d.played(caller, media.PlayDone)
	d.want("mute "+a+" false", "")
	d.toldOf("words.ended done")
	d.ask(say)
	d.want(both, "")
	if all := d.looks(); len(all) != 0 {
		t.Errorf("asked again: %+v", all)
	}
	d.played(caller, media.PlayFailed)
	d.toldOf("words.ended failed")
}

// What cannot be spoken is told and may be tried again; what comes when the talk
// is over is heard by nobody; an end that is never told is given up.
func TestWordsThatAreNotHeard(t *testing.T) {
	d := newDesk(t, speaking("cable", unrecorded))
	caller, agent, id := d.talks("13800138000")
	say := SayText{Call: id, Agent: "1001", Text: "Hello", Language: "en"}
	d.ask(say)
	d.step(Looked{Look: d.asksFor("Hello").Look, Error: "text-to-speech failed"})
	d.toldOf("words.ended failed")
	d.ask(say)
	first := d.asksFor("Hello")
	d.step(Looked{Look: first.Look, OK: true, Speech: &Speech{Path: "/said"}})
	if past := d.tick(); past != saidLease {
		t.Errorf("given up after %v", past)
	}
	d.toldOf("words.ended late")
	d.want("stop in-1; stop "+fact.Native(agent)+"; mute "+fact.Native(agent)+" false", "")

	d.ask(SayText{Call: id, Text: "慢"})
	slow := d.asksFor("慢")
	d.ends(agent, 16)
	d.toldOf("words.ended talk")
	d.step(Looked{Look: slow.Look, OK: true, Speech: &Speech{Path: "/late"}})
	d.want("", "")
	d.ends(caller, 16)
	if len(d.c.looks) != 0 {
		t.Errorf("looked for still: %v", d.c.looks)
	}

	if err := d.try(SayText{Call: "none", Text: "a"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("no call: %v", err)
	}
	_, _, id = d.talks("13800138001")
	if err := d.try(SayText{Call: id, Agent: "1009", Text: "a"}); !errors.Is(err, ErrConflict) {
		t.Errorf("another agent: %v", err)
	}
	for name, op := range map[string]SayText{
		"no text": {Call: id}, "a bell": {Call: id, Text: "a\a"}, "too long": {Call: id, Text: strings.Repeat("啊", 201)},
		"a language": {Call: id, Text: "a", Language: "fr"},
	} {
		if err := d.try(op); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a former process has asked is asked again.
func TestWordsAreAskedForAgainAfterACrash(t *testing.T) {
	d := newDesk(t, speaking("cable"))
	caller, agent, id := d.talks("13800138000")
	d.ask(SayText{Call: id, Text: "您好"})
	l := d.asksFor("您好")
	room := d.c.of(agent).call.Room
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: caller, State: media.LegUp}, {Leg: agent, State: media.LegUp}},
		Rooms: []media.RoomInfo{{Room: room, Legs: []fact.LegID{caller, agent}}}})
	if again := d.asksFor("您好"); again.Look != l.Look {
		t.Errorf("%+v, want %+v", again, l)
	}
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	d.toldOf("words.began")
}

// A phrase with words that only the call knows is spoken by the engine before its
// turn comes; where it is not by then, the agent says it.
func TestScenesPrepareWordsOfTheirOwn(t *testing.T) {
	const key = "silent_call.check_1"
	for _, inTime := range []bool{true, false} {
		d := newDesk(t, speaking("gov12345", func(c *Config) {
			c.ACD.Agents[0].Name = "李丽"
			c.Phrases.Overrides = []phrase.Override{{Key: key, Text: "您好，我是{agent_name}，请讲！"}}
		}))
		caller, agent, id := d.talks("13800138000")
		d.ask(StartScene{Call: id, Scene: "silent_call"})
		l := d.asksFor("您好，我是李丽，请讲！")
		if inTime {
			d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
		}
		d.played(caller, media.PlayDone)
		d.tick()
		want, sent := "2 waited ; 3 shown "+key, ""
		if inTime {
			a := fact.Native(agent)
			want, sent = "2 waited ; 3 playing "+key, "play in-1 /said; play "+a+" /said; mute "+a+" true"
		}
		d.want(sent, want)
	}
}

// The words of a scene go before what somebody has said otherwise.
func TestAPhraseCutsWhatIsSaid(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	caller, _, id := d.talks("13800138000")
	d.ask(SayText{Call: id, Text: "您好"})
	l := d.asksFor("您好")
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	d.ask(StartScene{Call: id, Scene: "silent_call"})
	d.toldOf("words.ended cut")
	if err := d.try(SayText{Call: id, Text: "您好"}); !errors.Is(err, ErrConflict) {
		t.Errorf("over a phrase: %v", err)
	}
	d.played(caller, media.PlayDone)
	if got := d.happened(); got != "1 played silent_call.opening" {
		t.Errorf("happened %q", got)
	}
}
