package center

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// The rules that scenes keep: what is said, how often and with which pauses,
// before the agent may hang up by the code, and not before; and of how much of it
// the leader is told by the rule.
func TestScenesKeepTheirNorms(t *testing.T) {
	for _, c := range []struct {
		rule, profile, scene string
		want                 string // keys and pauses
		code                 string
		told                 int
	}{
		{"RUL-AUD-1", "cable", "volume_low", "volume_low.ask volume_low.ask volume_low.change_phone 2s", "inaudible", 0},
		{"RUL-AUD-2", "gov12345", "noise", "noise.ask noise.ask noise.change_phone 2s", "noise", 0},
		{"RUL-AUD-2", "cm10086", "noise", "noise.call_later 2s", "noise", 0},
		{"RUL-AUD-3", "gov12345", "poor_signal", "poor_signal.confirm_1 poor_signal.mobile 2s poor_signal.mobile 2s", "poor_signal", 0},
		{"RUL-END-6", "cm10086", "wont_hang_up", "wont_hang_up.end 5s", "wont_hang_up", 0},
		{"RUL-ESC-1", "cable", "abuse", "abuse.need_help 1s abuse.goodbye 1s", "abuse", 2},
		{"RUL-ESC-2", "gov12345", "harassment", "harassment.warn harassment.warn harassment.final 2s", "harassment", 3},
		{"RUL-ESC-3", "cm10086", "harassment", "harassment.warn 2s", "harassment", 1},
	} {
		t.Run(c.rule+" "+c.profile, func(t *testing.T) {
			d := newDesk(t, speaking(c.profile, unrecorded))
			caller, _, id := d.talks("13800138000")
			d.ask(StartScene{Call: id, Scene: c.scene, Shown: true})
			k := func() *contact { return d.c.of(caller) } // a step may be taken by another centre, restored
			var all []string
			told := 0
			for k().scene.session.Phase() != flow.PhaseExcuse {
				if len(all) > 20 || !k().scene.on() {
					t.Fatalf("it comes to no hang-up: %q", all)
				}
				if got := k().call.Excuse; got != "" {
					t.Fatalf("excused by %q after %q", got, all)
				}
				switch k().scene.session.Phase() {
				case flow.PhasePause:
					all = append(all, d.tick().String())
				case flow.PhaseAct: // a promise, which the store has
					d.step(Stored{Callback: d.keeps()[0].ID})
				default:
					d.ask(NextStep{Call: id})
				}
				for _, e := range d.events(fact.SceneStep) {
					if e.Reason == string(flow.HowSaid) {
						all = append(all, e.To)
					}
				}
				for _, e := range d.events(fact.AlertLeader) {
					if e.Name == c.rule {
						told++
					}
				}
			}
			if got := strings.Join(all, " "); got != c.want || k().call.Excuse != c.code || told != c.told {
				t.Errorf("%q, then excused by %q, %d times told; want %q, %q, %d", got, k().call.Excuse, told, c.want, c.code, c.told)
			}
		})
	}
}

// Who is agitated is calmed and asked for the details, twice where that does not
// help, and the leader on the floor is told at once when the agent cannot handle
// it (RUL-ESC-4).
func TestAgitationIsLed(t *testing.T) {
	d := newDesk(t, speaking("gov12345"))
	_, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "agitated"})
	d.want("", "scene.began gov12345/agitated; 1 shown agitated.calm")
	for _, happened := range []string{
		"1 said agitated.calm; 2 shown agitated.ask_details",
		"2 said agitated.ask_details; 3 shown agitated.ask_details",
		"3 said agitated.ask_details; 4 offered notify_supervisor",
		"4 doing notify_supervisor; leader RUL-ESC-4 agitated to 现场管理人员; 4 done notify_supervisor; scene.ended gov12345/agitated done",
	} {
		d.ask(NextStep{Call: id})
		d.want("", happened)
	}
}
