package center

import (
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// keys are those of a phone, with one that begins the scene of harassment.
func keys(c *Config) {
	c.Keys = TalkKeys{Standard: true, Codes: []TalkKey{{Keys: "#51", Does: KeyScene, Scene: "harassment"}}}
}

// presses is what an agent's keys led to: the last talk.key and the phase.
func (d *desk) presses(leg fact.LegID, keys string) string {
	d.t.Helper()
	for _, key := range keys {
		d.hear(media.Digit{Leg: leg, Key: string(key)})
	}
	for _, e := range slices.Backward(d.out) {
		if e, ok := e.(Emit); ok && e.Event.Kind == fact.TalkKey {
			return e.Event.Name + " " + e.Event.Reason
		}
	}
	return ""
}

// An agent without a screen goes through a scene by the keys of the phone.
func TestScenesByKeys(t *testing.T) {
	d := newDesk(t, speaking("gov12345", keys))
	caller, agent, id := d.talks("13800138000")
	at := func(step string) {
		t.Helper()
		if v := d.c.View().Calls[0].Scene; v == nil || v.Step != step {
			t.Fatalf("the scene is %+v, want step %s", v, step)
		}
	}
	for _, c := range []struct{ keys, told, step string }{
		{"#3", "scene-next conflict", ""}, // there is none
		{"#51", "scene ", "1"},
		{"#51", "scene conflict", "1"},
		{"#3", "scene-next ", "2"},
		{"#4", "scene-repeat ", "1"},
		{"#3", "scene-next ", "2"},
		{"#6", "scene-skip ", "3"},
		{"#3", "scene-next ", "4"},
		{"#3", "scene-next conflict", "4"}, // nobody hurries a pause
	} {
		if got := d.presses(agent, c.keys); got != c.told {
			t.Errorf("%s: told %q, want %q", c.keys, got, c.told)
		}
		if c.step != "" {
			at(c.step)
		}
	}
	if past := d.tick(); past > 2*time.Second {
		t.Errorf("waits %v", past)
	}
	if got := d.presses(caller, "#0"); got != "" || !d.c.contacts[id].scene.on() {
		t.Errorf("the caller's keys: %q", got)
	}
	if got := d.presses(agent, "#0"); got != "scene-stop " || d.c.contacts[id].scene.on() {
		t.Errorf("stopped: %q", got)
	}
}

// The tone that confirms a key is not heard over what the scene says.
func TestSceneKeysDoNotInterrupt(t *testing.T) {
	d := newDesk(t, speaking("gov12345", func(c *Config) {
		c.Keys = TalkKeys{Codes: []TalkKey{{Keys: "#51", Does: KeyScene, Scene: "silent_call"}}}
	}))
	_, agent, _ := d.talks("13800138000")
	if got := d.presses(agent, "#51"); got != "scene " {
		t.Fatalf("told %q", got)
	}
	cfg := d.c.cfg
	path := scenePath(t, &cfg, "silent_call.opening")
	d.want("play in-1 "+path+"; play "+fact.Native(agent)+" "+path+"; mute "+fact.Native(agent)+" true; detect in-1 true",
		"scene.began gov12345/silent_call; 1 playing silent_call.opening")
}
