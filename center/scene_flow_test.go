package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// playing has the number 4005 lead to a scene at once, and has a node for each of
// its exits.
func playing(profile string, node flow.SceneNode) func(*Config) {
	return speaking(profile, unrecorded, func(c *Config) {
		off := false
		c.Phrases.AutoPlay = &off // which is for talks
		node.Next, node.Else = "next", "else"
		f := &flow.Flow{ID: "scene", Nodes: []flow.Node{{ID: "scene", Scene: &node}}}
		for _, id := range []string{"next", "else", "spoke", "hung"} {
			f.Nodes = append(f.Nodes, flow.Node{ID: id, Menu: &flow.MenuNode{
				Ask: flow.Ask{Prompts: []flow.Prompt{{Sound: "beep"}}, Else: "end"}, Keys: []flow.Choice{{Key: "1", Next: "end"}, {Key: "5", Next: "line"}}}})
		}
		f.Nodes = append(f.Nodes, flow.Node{ID: "line", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}, flow.Node{ID: "end", Hangup: &flow.HangupNode{}})
		c.Flows = append(c.Flows, f)
		c.Numbers = append(c.Numbers, Number{Number: "4005", Flow: "scene"})
		all, err := shipped()
		if err != nil {
			panic(err)
		}
		c.Prompts = nil
		for _, p := range FlowScenePrompts(all, c.Phrases, c.Flows) {
			c.Prompts = append(c.Prompts, PromptFile{Key: p.Key(), Path: "/p/" + p.Phrase})
		}
	})
}

// A silent caller of a flow hears the scene, with its pauses, is listened to
// meanwhile, and is hung up on by the code.
func TestAFlowGoesThroughAScene(t *testing.T) {
	d := newDesk(t, playing("gov12345", flow.SceneNode{Key: "silent_call"}))
	leg := d.arrive("PJSIP/out", "13800138000", "4005")
	d.want("play in-1 /p/silent_call.opening", "scene.began gov12345/silent_call; 1 playing silent_call.opening")
	d.hear(media.LegAnswered{Leg: leg})
	d.want("detect in-1 true", "")
	d.played(leg, media.PlayDone)
	if got := d.tick(); got != 3*time.Second {
		t.Errorf("after %v", got)
	}
	d.want("play in-1 /p/silent_call.check_1", "2 waited ; 3 playing silent_call.check_1")
	d.played(leg, media.PlayDone)
	d.tick()
	d.want("play in-1 /p/silent_call.goodbye", "4 waited ; 5 playing silent_call.goodbye")
	if v := d.c.sceneView(d.c.of(leg)); v == nil || !v.Speaks || v.Agent != "" || v.By != byScript || !v.Steps[0].Lines[0].System {
		t.Errorf("it is seen as %+v", v)
	}
	d.played(leg, media.PlayDone)
	d.want("detect in-1 false; hangup in-1", `5 played silent_call.goodbye; excused "silent_call"; 6 hung-up hangup; scene.ended gov12345/silent_call hung-up silent_call`)
	if k := d.c.of(leg); !k.misused || k.call.Excuse != "silent_call" {
		t.Errorf("misused %v, excused %q", k.misused, k.call.Excuse)
	}
}

// The hang-up of a scene can be the flow's.
func TestAFlowTakesASceneAtItsHangUp(t *testing.T) {
	d := newDesk(t, playing("cm10086", flow.SceneNode{Key: "harassment", HungUp: "hung"}))
	leg := d.arrive("PJSIP/out", "13800138000", "4005")
	d.hear(media.LegAnswered{Leg: leg})
	d.played(leg, media.PlayDone)
	d.tick()
	if d.sent() != "play in-1 " { // the beep of the menu
		t.Errorf("orders %q", d.sent())
	}
	d.at(leg, "hung")
	if !d.c.of(leg).unasked() {
		t.Error("who harasses would be asked for a rating")
	}
}

// A word of a caller's who was thought to be silent ends the scene, a key as well,
// which is not lost.
func TestACallerIsHeardInAFlowsScene(t *testing.T) {
	for name, does := range map[string]struct {
		node string
		do   func(d *desk, leg fact.LegID)
	}{
		"speaks":  {"spoke", func(d *desk, leg fact.LegID) { d.hear(media.TalkStarted{Leg: leg}) }},
		"presses": {"line", func(d *desk, leg fact.LegID) { d.hear(media.Digit{Leg: leg, Key: "5"}) }},
		"nobody knows": {"else", func(d *desk, leg fact.LegID) {
			d.hear(media.CommandFailed{Of: "DetectTalk", Leg: leg, Failure: media.FailInvalid})
		}},
		"it is stopped": {"else", func(d *desk, leg fact.LegID) { d.ask(StopScene{Call: d.c.of(leg).call.ID}) }},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, playing("gov12345", flow.SceneNode{Key: "silent_call", Spoke: "spoke"}))
			leg := d.arrive("PJSIP/out", "13800138000", "4005")
			d.hear(media.LegAnswered{Leg: leg})
			does.do(d, leg)
			d.at(leg, does.node)
			if k := d.c.of(leg); k.scene.on() || k.call.Silence != 0 || k.call.First().Detect {
				t.Errorf("the scene goes on: %+v, listened to for %v", k.scene, k.call.Silence)
			}
		})
	}
}

// What cannot be said is passed by: the flow knows when that was everything.
func TestASceneThatCannotBeSaid(t *testing.T) {
	bare := func(profile string, node flow.SceneNode) func(*Config) {
		make := playing(profile, node)
		return func(c *Config) {
			make(c)
			c.Prompts = nil
		}
	}
	for name, cfg := range map[string]func(*Config){
		"there is none":      playing("cable", flow.SceneNode{Key: "harassment"}),
		"without a profile":  playing("", flow.SceneNode{Key: "silent_call"}),
		"nothing has audio":  bare("gov12345", flow.SceneNode{Key: "silent_call"}),
		"no condition holds": playing("cable", flow.SceneNode{Key: "abuse"}),
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, cfg)
			leg := d.arrive("PJSIP/out", "13800138000", "4005")
			d.hear(media.LegAnswered{Leg: leg})
			for range 4 { // pauses between what is not said
				if k := d.c.of(leg); !k.scene.on() {
					break
				}
				d.tick()
			}
			d.at(leg, "else")
		})
	}
}

// The scene of who hangs up is over with the call; nobody is told twice.
func TestTheCallerLeavesAFlowsScene(t *testing.T) {
	d := newDesk(t, playing("gov12345", flow.SceneNode{Key: "silent_call"}))
	leg := d.arrive("PJSIP/out", "13800138000", "4005")
	d.hear(media.LegAnswered{Leg: leg})
	d.ends(leg, 16)
	if got := d.happened(); got != "scene.ended gov12345/silent_call talk" {
		t.Errorf("happened %q", got)
	}
	if d.c.of(leg) != nil {
		t.Error("the call is left")
	}
}

// Warnings come with a pause between them where nobody ticks them off, and each is
// told to the leader; a scene of another kind goes on whatever the caller does.
func TestWarningsInAFlow(t *testing.T) {
	d := newDesk(t, playing("gov12345", flow.SceneNode{Key: "harassment", Holds: []string{"still_pestering"}}))
	leg := d.arrive("PJSIP/out", "13800138000", "4005")
	d.hear(media.LegAnswered{Leg: leg})
	d.played(leg, media.PlayDone)
	d.hear(media.Digit{Leg: leg, Key: "1"})
	if got := d.tick(); got != 3*time.Second {
		t.Errorf("the second warning comes after %v", got)
	}
	d.want("play in-1 /p/harassment.warn", "2 waited ; 2 playing harassment.warn")
	d.played(leg, media.PlayDone)
	d.want("play in-1 /p/harassment.final", "2 played harassment.warn; leader RUL-ESC-2 harassment harassment.warn; 3 playing harassment.final")
	d.played(leg, media.PlayDone)
	if got := d.tick(); got != 2*time.Second {
		t.Errorf("hung up after %v", got)
	}
	d.want("hangup in-1", `4 waited ; excused "harassment"; 5 hung-up hangup; scene.ended gov12345/harassment hung-up harassment`)
}

// A scene that does not end is given up with its lease.
func TestAFlowsSceneHasALease(t *testing.T) {
	d := newDesk(t, playing("gov12345", flow.SceneNode{Key: "silent_call"}))
	leg := d.arrive("PJSIP/out", "13800138000", "4005")
	d.now = d.now.Add(flow.SceneLimit)
	d.step(Tick{})
	if k := d.c.of(leg); k.scene.on() {
		t.Errorf("it goes on: %+v", k.scene)
	}
	d.at(leg, "else")
}
