package center

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/phrase"
)

// A crash in a phrase: it is said anew, the pauses go on, the agent is heard
// at the end; a configuration changed meanwhile changes no word of it.
func TestSceneOutlivesTheProcess(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	caller, agent, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "silent_call"})
	room := d.c.of(caller).call.Room
	up := func(fresh bool) {
		if fresh {
			d.step(Booted{Epoch: "f", Switches: []string{"sw"}})
		}
		d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: caller, State: media.LegUp}, {Leg: agent, State: media.LegUp}},
			Rooms: []media.RoomInfo{{Room: room, Legs: []fact.LegID{caller, agent}}}})
	}
	up(true)
	if got := d.sent(); !strings.Contains(got, "stop in-1") || !strings.Contains(got, "play in-1 /p/") || !strings.HasSuffix(got, "mute "+fact.Native(agent)+" true") {
		t.Errorf("orders %q", got)
	}
	d.played(caller, media.PlayDone)
	d.now = d.now.Add(time.Second)
	up(true)
	if got := d.sent(); strings.Contains(got, "play") {
		t.Errorf("orders %q in a pause", got)
	}
	cfg := d.c.cfg
	cfg.Phrases = phrase.Settings{Manner: phrase.Manner{Profile: "cable"}}
	d.step(Configured{Config: cfg})
	if past := d.tick(); past != 2*time.Second || !strings.Contains(d.happened(), "3 playing silent_call.check_1") {
		t.Errorf("after %v: %q", past, d.happened())
	}
	if v := d.c.View().Calls[0].Scene; v.Profile != "gov12345" || v.Steps[2].Lines[0].Script != "您好，您的电话已接通，请讲！" {
		t.Errorf("seen as %+v", v)
	}
	d.ask(StopScene{Call: id})
	if err := d.try(StartScene{Call: id, Scene: "poor_signal"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a scene of the former profile begins: %v", err)
	}
}

// What cannot be is refused and changes nothing.
func TestScenesAreRefused(t *testing.T) {
	d := newDesk(t, welcomes)
	_, _, id := d.talks("13800138000")
	if err := d.try(StartScene{Call: id, Scene: "noise"}); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "phrases.profile") {
		t.Errorf("a scene without a profile: %v", err)
	}
	d = newDesk(t, speaking("gov12345"))
	_, _, id = d.talks("13800138000")
	for name, c := range map[string]struct {
		op   Operation
		want error
	}{
		"no call":      {StartScene{Call: "c-none", Scene: "noise"}, ErrNotFound},
		"no scene":     {StartScene{Call: id, Scene: "noize"}, ErrNotFound},
		"no agent":     {StartScene{Call: id, Scene: "noise", Agent: "1003"}, ErrConflict},
		"no variable":  {StartScene{Call: id, Scene: "noise", Values: []PhraseValue{{"nmae", "x"}}}, ErrInvalid},
		"no value":     {StartScene{Call: id, Scene: "noise", Values: []PhraseValue{{"phone", "x"}}}, ErrInvalid},
		"no condition": {StartScene{Call: id, Scene: "noise", Holds: []string{"sunny"}}, ErrInvalid},
		"a long hold":  {StartScene{Call: id, Scene: "wait", Hold: 2 * time.Hour}, ErrInvalid},
		"none goes on": {SkipStep{Call: id}, ErrConflict},
		"no such call": {StopScene{Call: "c-none"}, ErrNotFound},
	} {
		if err := d.try(c.op); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if d.happened() != "" || d.c.View().Calls[0].Scene != nil {
			t.Errorf("%s: %s", name, d.happened())
		}
	}
	d.ask(StartScene{Call: id, Scene: "noise"})
	if err := d.try(StartScene{Call: id, Scene: "wait"}); !errors.Is(err, ErrConflict) {
		t.Errorf("two scenes at once: %v", err)
	}
}
