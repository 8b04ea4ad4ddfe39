package center

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// A silent call: both hear each phrase, the agent not heard meanwhile, the waits
// are 3 s, and at the end the system hangs up with the code (RUL-SIL-2).
func TestSilentCallIsSpoken(t *testing.T) {
	d := newDesk(t, speaking("gov12345", unrecorded))
	caller, agent, id := d.talks("13800138000")
	cfg := d.c.cfg
	says := func(key string) string {
		path := scenePath(t, &cfg, key)
		return "play in-1 " + path + "; play " + fact.Native(agent) + " " + path + "; mute " + fact.Native(agent) + " true"
	}
	heard := "mute " + fact.Native(agent) + " false"
	d.ask(StartScene{Call: id, Scene: "silent_call"})
	detect := "; detect in-1 true"
	d.want(says("silent_call.opening")+detect, "scene.began gov12345/silent_call; 1 playing silent_call.opening")
	if v := d.c.View().Calls[0].Scene; v == nil || v.Step != "1" || v.Phase != flow.PhaseSpeak || !v.Steps[0].Lines[0].System || v.By != "chen" {
		t.Errorf("seen as %+v", v)
	}
	d.played(caller, media.PlayDone)
	d.want(heard, "1 played silent_call.opening")
	if err := d.try(NextStep{Call: id}); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "3s more") {
		t.Errorf("a pause is hurried: %v", err)
	}
	if past := d.tick(); past != 3*time.Second {
		t.Errorf("waits %v", past)
	}
	d.want(says("silent_call.check_1"), "2 waited ; 3 playing silent_call.check_1")
	d.played(caller, media.PlayDone)
	if past := d.tick(); past != 3*time.Second {
		t.Errorf("waits %v", past)
	}
	d.want(says("silent_call.goodbye"), "4 waited ; 5 playing silent_call.goodbye")
	d.played(caller, media.PlayDone)
	d.want(heard+"; detect in-1 false; hangup in-1; hangup "+fact.Native(agent),
		`5 played silent_call.goodbye; excused "silent_call"; 6 hung-up hangup; scene.ended gov12345/silent_call hung-up silent_call`)
	if got := d.c.of(caller).call.Excuse; got != "silent_call" {
		t.Errorf("excused by %q", got)
	}
	d.ends(agent, 16)
	d.ends(caller, 16)
	if r := d.record(); r.Reason != fact.ReasonCompleted || r.By != fact.BySystem || r.Excuse != "silent_call" {
		t.Errorf("%+v by %s, excused by %q", r.Ending, r.By, r.Excuse)
	}
}

// A word of the caller's ends it at once, and the agent is heard again.
func TestCallerOfASilentCallSpeaks(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	caller, agent, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "silent_call"})
	d.hear(media.TalkStarted{Leg: caller})
	a := fact.Native(agent)
	d.want("stop in-1; stop "+a+"; mute "+a+" false; detect in-1 false", "scene.ended gov12345/silent_call spoke")
	d.hear(media.TalkStarted{Leg: caller})
	d.want("", "")
	if err := d.try(NextStep{Call: id}); !errors.Is(err, ErrConflict) {
		t.Errorf("it is not over: %v", err)
	}
	d.ask(StartScene{Call: id, Scene: "noise"}) // another may begin
	d.hear(media.TalkStarted{Leg: caller})
	d.want("", "")
}

// A phrase that cannot be heard is the agent's to say, and so is every one where
// the tenant does not have the system speak, or the agent does not want it to.
func TestWhatTheSystemDoesNotSayIsShown(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	caller, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "silent_call"})
	d.played(caller, media.PlayFailed)
	if got := d.happened(); got != "1 unplayed silent_call.opening; 1 shown silent_call.opening" {
		t.Errorf("happened %q", got)
	}
	d.ask(StopScene{Call: id})
	d.ask(StartScene{Call: id, Scene: "silent_call", Shown: true})
	if got := d.happened(); got != "scene.began gov12345/silent_call; 1 shown silent_call.opening" {
		t.Errorf("happened %q", got)
	}
	d = newDesk(t, speaking("gov12345", func(c *Config) { c.Phrases.AutoPlay = nil }))
	_, _, id = d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "silent_call"})
	d.want("detect in-1 true", "scene.began gov12345/silent_call; 1 shown silent_call.opening")
}

// Harassment: two warnings and the last word, of each of which the leader is
// told, and after 2 s the agent may hang up, not before (RUL-ESC-2, PHR-6).
func TestHarassment(t *testing.T) {
	d := newDesk(t, speaking("gov12345", unrecorded))
	caller, agent, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "harassment"})
	d.ask(NextStep{Call: id})
	d.want("", "1 said harassment.warn; leader RUL-ESC-2 harassment harassment.warn; 2 shown harassment.warn")
	d.ask(NextStep{Call: id})
	d.ask(NextStep{Call: id})
	d.want("", "3 said harassment.final; leader RUL-ESC-2 harassment harassment.final")
	if got := d.c.of(caller).call.Excuse; got != "" {
		t.Errorf("excused by %q before the pause", got)
	}
	if past := d.tick(); past != 2*time.Second {
		t.Errorf("waits %v", past)
	}
	if v := d.c.View().Calls[0].Scene; v.Excuse != "harassment" || v.Phase != flow.PhaseExcuse {
		t.Errorf("seen as %+v", v)
	}
	d.ask(RepeatStep{Call: id})
	if got := d.c.of(caller).call.Excuse; got != "" {
		t.Errorf("excused by %q while the word is said again", got)
	}
	d.ask(NextStep{Call: id})
	d.tick()
	d.ask(NextStep{Call: id})
	d.want("hangup in-1; hangup "+fact.Native(agent), "scene.ended gov12345/harassment hung-up harassment")
	d.ends(caller, 16)
	d.ends(agent, 16)
	if r := d.record(); r.By != fact.ByAgent || r.Excuse != "harassment" {
		t.Errorf("ended by %s, excused by %q", r.By, r.Excuse)
	}
	if got := d.c.View().Alerts; !slices.Contains(got, AlertCount{Kind: fact.AlertLeader, Rule: "RUL-ESC-2", Reason: alertScene, Times: 4}) {
		t.Errorf("alerts %+v", got)
	}
}

// The agent hangs the phone up where that is excused: the code is told.
func TestPhoneIsHungUpExcused(t *testing.T) {
	d := newDesk(t, speaking("cm10086"))
	caller, agent, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "harassment"})
	d.ask(NextStep{Call: id})
	d.tick()
	d.ends(agent, 16)
	if got := d.happened(); got != "scene.ended cm10086/harassment talk harassment" {
		t.Errorf("happened %q", got)
	}
	if got := d.c.of(caller).call.Excuse; got != "harassment" {
		t.Errorf("excused by %q afterwards", got)
	}

	// Whoever is given the talk is not excused.
	d = newDesk(t, speaking("cm10086", func(c *Config) { c.Transfers.Agents = true }))
	caller, agent, id = d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "harassment"})
	d.ask(NextStep{Call: id})
	d.tick()
	d.ask(ConsultCall{Call: id, To: Target{Agent: "1002"}})
	other, _ := d.rings()
	side := d.c.of(caller).call.Side
	d.hear(media.LegAnswered{Leg: other})
	for _, leg := range []fact.LegID{agent, other} {
		d.hear(media.Joined{Leg: leg, Room: side.Room})
	}
	d.ask(CompleteConsult{Call: id})
	d.hear(media.Joined{Leg: other, Room: d.c.of(caller).call.Room})
	if got := d.c.of(caller).call; got.Excuse != "" || d.c.of(caller).scene.on() {
		t.Errorf("excused by %q, phase %s, %s", got.Excuse, got.Phase, d.happened())
	}
}

// A wait: the caller hears music from the tick to the return, whoever brings
// the caller back, and how long it took is known to what is said then.
func TestWaitAndResume(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	caller, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "wait", Values: []PhraseValue{{"surname", "王"}, {"honorific", "女士"}, {"result", "明天恢复"}}})
	d.ask(NextStep{Call: id})
	d.ask(NextStep{Call: id})
	d.want("hold in-1", "2 doing switch_to_hold_tone")
	d.hear(media.LegHeld{Leg: caller})
	d.now = d.now.Add(45 * time.Second)
	d.ask(NextStep{Call: id})
	d.want("unhold in-1", "")
	d.hear(media.LegUnheld{Leg: caller})
	d.want("", "2 done switch_to_hold_tone; 3 shown wait.after_1")
	d.ask(NextStep{Call: id})
	if got := d.happened(); !strings.HasSuffix(got, "12 shown wait.resume_music") {
		t.Errorf("happened %q", got)
	}
	v := d.c.View().Calls[0].Scene
	last := v.Steps[len(v.Steps)-1].Lines[0]
	if last.Script != "王女士，非常感谢您耐心等候，关于您咨询的问题明天恢复" {
		t.Errorf("shown %q", last.Script)
	}

	// The caller is brought back by the key of the phone, by REST, by hanging up.
	for _, back := range []string{"op", "gone"} {
		d := newDesk(t, speaking("gov12345", unrecorded))
		caller, agent, id := d.talks("13800138000")
		d.ask(StartScene{Call: id, Scene: "wait"})
		d.ask(NextStep{Call: id})
		d.ask(NextStep{Call: id})
		d.hear(media.LegHeld{Leg: caller})
		if back == "op" {
			d.ask(HoldCall{Call: id})
			d.hear(media.LegUnheld{Leg: caller})
			d.want("", "2 done switch_to_hold_tone; 3 shown wait.after_1")
			continue
		}
		d.ends(caller, 16)
		d.ends(agent, 16)
		if d.c.contacts[id] != nil {
			t.Errorf("the call goes on")
		}
	}
}

// A callback is done when the store has it; a store that is away keeps nobody
// waiting, and the promise is tried until it is kept.
func TestScenePromisesACallback(t *testing.T) {
	d := newDesk(t, speaking("cable"))
	_, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "no_kb_answer"})
	d.ask(NextStep{Call: id})
	all := d.keeps()
	if len(all) != 1 || all[0].Number != "13800138000" || all[0].Source != "scene" || !strings.Contains(all[0].Reason, "24h") || all[0].Queue != "sales" {
		t.Fatalf("the store is given %+v", all)
	}
	d.step(Stored{Callback: all[0].ID})
	d.want("", "2 done create_callback; 3 offered create_kb_gap")
	if !d.told(fact.CallbackAsked) || d.c.View().Owed != 0 {
		t.Errorf("%+v", d.out)
	}
	d.ask(StopScene{Call: id})

	d.ask(StartScene{Call: id, Scene: "no_kb_answer", Values: []PhraseValue{{"phone", "13900139000"}}})
	d.ask(NextStep{Call: id})
	all = d.keeps()
	d.step(StoreFailed{Callback: all[0].ID, Error: "away"})
	d.want("", "2 pending create_callback; 3 offered create_kb_gap")
	if d.c.View().Owed != 1 || all[0].Number != "13900139000" {
		t.Errorf("%d owed, %+v", d.c.View().Owed, all)
	}
	d.ask(StopScene{Call: id})
	d.step(Stored{Callback: all[0].ID})
	if !d.told(fact.CallbackAsked) || d.c.View().Owed != 0 {
		t.Errorf("%+v", d.out)
	}

	// Who withholds the number is asked for it.
	_, _, id = d.talks("anonymous")
	d.ask(StartScene{Call: id, Scene: "no_kb_answer"})
	d.ask(NextStep{Call: id})
	d.want("", "1 said no_kb_answer.promise; 2 doing create_callback; 2 failed create_callback")
	d.ask(NextStep{Call: id, Values: []PhraseValue{{"phone", "139-0013-9000"}}})
	if all := d.keeps(); len(all) != 1 || all[0].Number != "13900139000" {
		t.Errorf("the store is given %+v", all)
	}
}

// What is not to be recorded is not, from the scene's begin to its end.
func TestScenesMaskTheRecording(t *testing.T) {
	d := newDesk(t, speaking("cm10086"))
	caller, _, id := d.talks("13800138000")
	r := d.c.of(caller).call.Files[0].ID
	d.hear(media.RecordStarted{Recording: r, Leg: caller})
	d.ask(StartScene{Call: id, Scene: "need_id"})
	d.want("mask true", "scene.began cm10086/need_id; record.paused; 1 shown need_id.verify")
	d.ask(StopScene{Call: id})
	d.want("mask false", "scene.ended cm10086/need_id stopped; record.resumed")
	d.ask(StartScene{Call: id, Scene: "need_id"})
	d.hear(media.CommandFailed{Of: "MuteRecord", Recording: r, Leg: caller, Failure: media.FailRefused})
	d.want("", "record.resumed")
}

// The survey is where the agent's part ends and the caller's goes on.
func TestSceneEndsInTheSurvey(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	caller, agent, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "closing"})
	d.played(caller, media.PlayDone)
	d.ask(NextStep{Call: id})
	if got := d.sent(); !strings.Contains(got, "hangup "+fact.Native(agent)) || !d.told(fact.FlowNode) {
		t.Errorf("the flow does not go on: %q", got)
	}
	if !strings.Contains(d.happened(), "2 done start_survey; scene.ended gov12345/closing done") {
		t.Errorf("happened %q", d.happened())
	}
}

// An alternative that was said decides what goes with it.
func TestSaidAlternativeDecides(t *testing.T) {
	d := newDesk(t, speaking("cm10086"))
	_, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "asks_leader"})
	if err := d.try(NextStep{Call: id, Line: "asks_leader.nobody"}); !errors.Is(err, ErrInvalid) {
		t.Errorf("a phrase of another scene is said: %v", err)
	}
	d.ask(NextStep{Call: id, Line: "asks_leader.leader_callback"})
	d.want("", "1 said asks_leader.leader_callback; 3 doing create_callback")
	d.step(Stored{Callback: d.keeps()[0].ID})
	d.want("", "3 done create_callback; 5 passed attended_transfer; scene.ended cm10086/asks_leader done")
}

// Facts of the call decide: who is a trainee, what the caller calls from, and
// what the list of numbers says of the caller.
func TestFactsOfTheCallDecide(t *testing.T) {
	for from, want := range map[string]string{"13800138000": "4 shown poor_signal.mobile", "02155550000": "9 shown poor_signal.fixed"} {
		d := newDesk(t, speaking("gov12345"))
		_, _, id := d.talks(from)
		d.ask(StartScene{Call: id, Scene: "poor_signal"})
		d.ask(NextStep{Call: id})
		if got := d.happened(); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q", from, got)
		}
	}
	d := newDesk(t, speaking("gov12345", func(c *Config) {
		for i := range c.ACD.Agents {
			c.ACD.Agents[i].Trainee = true
		}
	}))
	_, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "greeting"})
	if got := d.happened(); !strings.Contains(got, "2 playing greeting.trainee") {
		t.Errorf("happened %q", got)
	}
	d = newDesk(t, speaking("gov12345"))
	d.ask(ListNumbers{Revision: 1, Entries: []Entry{{Number: "13800138000", Kind: ListLevel, State: EntryActive, Level: "vip", Revision: 1,
		Attributes: []Attribute{{Name: "sex", Value: "female"}, {Name: "surname", Value: "王"}}}}})
	_, _, id = d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "follow_up"})
	line := d.c.View().Calls[0].Scene.Steps[0].Lines[0]
	if !strings.HasPrefix(line.Script, "王女士，您好，我是12345政府服务热线") || !strings.Contains(line.Script, "【反映时间】") || len(line.Missing) != 3 {
		t.Errorf("shown %q, missing %v", line.Script, line.Missing)
	}
}

// What a scene has agreed is kept: a term is ours, a moment the customer's, and
// nobody is called at once where the time is none that can be read.
func TestScenesAgreeTimes(t *testing.T) {
	const hour = int64(time.Hour / time.Millisecond)
	for _, one := range []struct {
		profile, scene string
		values         []PhraseValue
		due            int64
		by             callback.DueSource
		stage          callback.Stage
		calledAt       int64 // -1 for never
	}{
		{profile: "cable", scene: "no_kb_answer", due: 24 * hour, by: callback.DueByAgent},
		{profile: "cable", scene: "no_kb_answer", values: []PhraseValue{{"callback_due", "2天"}}, due: 48 * hour, by: callback.DueByAgent},
		{profile: "cable", scene: "no_kb_answer", values: []PhraseValue{{"callback_time", "1970-01-03 14:30"}}, due: 54*hour + hour/2, by: callback.DueByCustomer, calledAt: 54*hour + hour/2},
		{profile: "cable", scene: "no_kb_answer", values: []PhraseValue{{"callback_time", "明天上午"}}, stage: callback.Review, calledAt: -1},
		{profile: "cable", scene: "no_kb_answer", values: []PhraseValue{{"callback_due", "2天"}, {"callback_time", "明天上午"}}, due: 48 * hour, by: callback.DueByAgent, stage: callback.Review, calledAt: -1},
		{profile: "cm10086", scene: "target_absent", stage: callback.Review, calledAt: -1},
		{profile: "cm10086", scene: "target_absent", values: []PhraseValue{{"callback_time", "1970-01-03 14:30"}}, due: 54*hour + hour/2, by: callback.DueByCustomer, calledAt: 54*hour + hour/2},
	} {
		what := fmt.Sprint(one.scene, one.values)
		d := newDesk(t, speaking(one.profile, func(c *Config) {
			c.Callbacks = callback.Policy{Dial: callback.AgentFirst, Windows: []string{"daily 00:00-24:00"}}
		}))
		_, _, id := d.talks("13800138000")
		d.ask(StartScene{Call: id, Scene: one.scene, Values: one.values})
		for range 4 {
			if len(d.keeps()) == 0 {
				d.ask(NextStep{Call: id})
			}
		}
		all := d.keeps()
		if len(all) != 1 {
			t.Fatalf("%s: the store is given %+v", what, all)
		}
		b, now := all[0], d.c.now.Wall().UnixMilli()
		term := one.due
		if one.by == callback.DueByAgent {
			term += now
		}
		if b.Due != term || b.Promised != term || b.DueSource != one.by || b.Stage != one.stage {
			t.Errorf("%s: due %d by %q, promised %d, stage %q; want %d by %q, stage %q", what, b.Due, b.DueSource, b.Promised, b.Stage, term, one.by, one.stage)
		}
		d.step(Stored{Callback: b.ID})
		at, some := d.c.book.Next()
		if some != (one.calledAt >= 0) || some && at != max(one.calledAt, now) {
			t.Errorf("%s: called at %d, %t; want %d", what, at, some, one.calledAt)
		}
		if review := one.stage == callback.Review; d.told(fact.CallbackReview) != review || d.told(fact.AlertLeader) != review {
			t.Errorf("%s: of its review is told: %+v", what, d.out)
		}
	}
}
