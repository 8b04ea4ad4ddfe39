package center

import (
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// marks are the strikes that the last input gave to the store.
func (d *desk) marks() []Mark {
	var all []Mark
	for _, e := range d.out {
		if m, ok := e.(Mark); ok {
			all = append(all, m)
		}
	}
	return all
}

// harasses is a caller whose talk comes to be ended for harassment, up to the
// step at which the agent may hang up.
func (d *desk) harasses(from string) (caller, agent fact.LegID, id fact.CallID) {
	d.t.Helper()
	caller, agent, id = d.talks(from)
	d.ask(StartScene{Call: id, Scene: "harassment"})
	d.ask(NextStep{Call: id})
	for i := 0; i < 5 && d.c.of(caller).call.Excuse == ""; i++ { // other things may be due before the pause is over
		d.tick()
	}
	if got := d.c.of(caller).call.Excuse; got != "harassment" {
		d.t.Fatalf("excused by %q", got)
	}
	return caller, agent, id
}

// A talk that a scene ends for a misuse is a strike against the number, once,
// whoever hangs up; a warning that has helped is none (ACD-11, RUL-ESC-1 to 3).
func TestScenesStrike(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(d *desk, caller, agent fact.LegID, id fact.CallID)
		want int
	}{
		"the scene hangs up":  {func(d *desk, _, _ fact.LegID, id fact.CallID) { d.ask(NextStep{Call: id}) }, 1},
		"the phone hangs up":  {func(d *desk, _, agent fact.LegID, _ fact.CallID) { d.ends(agent, 16) }, 1},
		"the caller hangs up": {func(d *desk, caller, _ fact.LegID, _ fact.CallID) { d.ends(caller, 16) }, 1},
		"the word has helped": {func(d *desk, _, _ fact.LegID, id fact.CallID) { d.ask(StopScene{Call: id}) }, 0},
		"a colleague takes it": {func(d *desk, caller, agent fact.LegID, id fact.CallID) {
			d.ask(ConsultCall{Call: id, To: Target{Agent: "1002"}})
			other, _ := d.rings()
			side := d.c.of(caller).call.Side
			d.hear(media.LegAnswered{Leg: other})
			for _, leg := range []fact.LegID{agent, other} {
				d.hear(media.Joined{Leg: leg, Room: side.Room})
			}
			d.ask(CompleteConsult{Call: id})
			d.hear(media.Joined{Leg: other, Room: d.c.of(caller).call.Room})
			if !d.told(fact.CallParted) || d.c.of(caller).scene.on() {
				d.t.Fatalf("not handed on: %+v", d.out)
			}
		}, 0},
		"a queue has it": {func(d *desk, caller, _ fact.LegID, id fact.CallID) {
			d.ask(TransferCall{Call: id, To: Target{Queue: "sales"}})
			if !d.told(fact.CallParted) || d.c.of(caller).scene.on() {
				d.t.Fatalf("not handed on: %+v", d.out)
			}
		}, 0},
		"a leader was faster": {func(d *desk, _, _ fact.LegID, id fact.CallID) {
			d.ask(ReportStrike{Number: "13800138000", Call: id, By: "li", Reason: "辱骂", Count: 1})
			d.ask(NextStep{Call: id})
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, speaking("cm10086", func(c *Config) { c.Transfers.Agents, c.Transfers.Blind = true, BlindQueue }))
			caller, agent, id := d.harasses("13800138000")
			c.end(d, caller, agent, id)
			all := d.marks()
			if len(all) != c.want {
				t.Fatalf("the store is given %+v", all)
			}
			if c.want == 0 {
				return
			}
			m := all[0]
			if m.Number != "13800138000" || m.Strike.By != "1001" || m.Strike.Call != id || m.Strike.Reason != "harassment" || m.Strike.At == 0 || m.Deadline == 0 {
				t.Errorf("%+v", m)
			}
			d.step(Marked{Number: m.Number, Call: id, Count: 3, Proposed: true})
			if !d.told(fact.CallerStruck) || !d.told(fact.AlertLeader) || d.c.View().Misuses != 0 {
				t.Errorf("%+v", d.out)
			}
			d.step(Marked{Number: m.Number, Call: id, Count: 3}) // said twice
			if len(d.out) != 0 {
				t.Errorf("%+v", d.out)
			}
		})
	}
	// Other codes are no misuse, and who withholds the number has none.
	d := newDesk(t, speaking("gov12345"))
	caller, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "noise"})
	for range 3 {
		d.ask(NextStep{Call: id})
	}
	d.tick()
	if got := d.c.of(caller).call.Excuse; got != "noise" {
		t.Fatalf("excused by %q", got)
	}
	d.ask(NextStep{Call: id})
	if all := d.marks(); len(all) != 0 {
		t.Errorf("noise is %+v", all)
	}
	d = newDesk(t, speaking("cm10086"))
	_, _, id = d.harasses("")
	d.ask(NextStep{Call: id})
	if all := d.marks(); len(all) != 0 {
		t.Errorf("nobody is struck: %+v", all)
	}
}

// A strike is given to the store again until it has it, one at a time and in
// their order, over a restart too.
func TestStrikesOutliveAStoreThatIsAway(t *testing.T) {
	d := newDesk(t, speaking("cm10086"))
	_, _, one := d.harasses("13800138000")
	d.ask(NextStep{Call: one})
	if len(d.marks()) != 1 {
		t.Fatalf("%+v", d.out)
	}
	_, _, two := d.harasses("13800138001")
	d.ask(NextStep{Call: two})
	if len(d.marks()) != 0 || d.c.View().Misuses != 2 {
		t.Errorf("two at a time: %+v", d.out)
	}
	d.step(Marked{Number: "13800138000", Call: one, Error: "away"})
	if d.told(fact.CallerStruck) || len(d.marks()) != 0 {
		t.Errorf("%+v", d.out)
	}
	d.now = d.now.Add(markAgain)
	d.step(Tick{})
	if all := d.marks(); len(all) != 1 || all[0].Strike.Call != one {
		t.Errorf("given again %+v", all)
	}
	was, err := d.c.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if d.c, err = Restore(was); err != nil {
		t.Fatal(err)
	}
	d.step(Booted{Epoch: "f", Switches: []string{"sw"}})
	if all := d.marks(); len(all) != 1 || all[0].Strike.Call != one {
		t.Errorf("after a restart %+v", all)
	}
	d.step(Marked{Number: "13800138000", Call: one, Count: 1})
	if all := d.marks(); len(all) != 1 || all[0].Strike.Call != two {
		t.Errorf("then %+v", all)
	}
	d.step(Marked{Number: "13800138001", Call: two, Count: 1})
	if at, ok := d.c.nextMark(); ok {
		t.Errorf("due at %v", at)
	}
}

// More strikes than may wait are not noted, and a leader is told.
func TestStrikesAreBounded(t *testing.T) {
	d := newDesk(t, speaking("cm10086"))
	for range maxMisuses {
		d.c.misuses = append(d.c.misuses, &misuse{Number: "1", Due: 1 << 60})
	}
	_, _, id := d.harasses("13800138000")
	d.ask(NextStep{Call: id})
	if len(d.c.misuses) != maxMisuses || d.happened() == "" || len(d.marks()) != 0 {
		t.Errorf("%d wait; %s", len(d.c.misuses), d.happened())
	}
	if v := d.c.View().Alerts; !slices.ContainsFunc(v, func(a AlertCount) bool { return a.Reason == alertUnmarked }) {
		t.Errorf("told %+v", v)
	}
}

// The same strike again changes nothing, and says the same.
func TestAStrikeIsNotedOnce(t *testing.T) {
	at := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC).UnixMilli()
	caller := Caller{Number: "139"}
	for i := range int64(3) {
		m := Mark{Number: "139", Strike: Strike{At: at + i, By: "1001", Call: "c-1", Reason: "abuse"}, Rules: StrikeRules{Limit: 3}}
		for range 2 {
			got, err := m.On(&caller)
			if want := (Marked{Number: "139", Call: "c-1", Count: int(i) + 1, Proposed: i == 2}); err != nil || got != want {
				t.Errorf("%+v, %v, want %+v", got, err, want)
			}
		}
		if len(caller.Strikes) != int(i)+1 {
			t.Errorf("noted %+v", caller.Strikes)
		}
	}
}
