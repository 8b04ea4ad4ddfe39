package center

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

// voices gives a phrase recordings.
func voices(key string, all ...PromptVoice) func(*Config) {
	return func(c *Config) {
		book, err := shipped()
		if err != nil {
			panic(err)
		}
		for _, p := range ScenePrompts(book, c.Phrases) {
			for i := range c.Prompts {
				if p.Phrase == key && c.Prompts[i].Key == p.Key() {
					c.Prompts[i].Voices = all
				}
			}
		}
	}
}

// heardOf is what both sides of a talk hear when the scene "greeting" begins.
func heardOf(t *testing.T, festival bool, all ...PromptVoice) string {
	t.Helper()
	d := newDesk(t, speaking("cable", voices("greeting.festival", all...)))
	_, agent, id := d.talks("13800138000")
	op := StartScene{Call: id, Scene: "greeting"}
	if festival {
		op.Holds = []string{"festival"}
	}
	d.ask(op)
	sent := d.sent()
	file := strings.TrimPrefix(strings.Split(sent, ";")[0], "play in-1 ")
	if want := "play in-1 " + file + "; play " + fact.Native(agent) + " " + file + "; mute " + fact.Native(agent) + " true"; sent != want {
		t.Errorf("orders %q, want %q", sent, want)
	}
	return file
}

// A phrase is said in the agent's own recorded voice where there is one that says
// the words, else in the tenant's (PHR-4).
func TestScenesAreSaidInTheAgentsOwnVoice(t *testing.T) {
	const words = "您好！节日快乐，请问有什么可以帮您？"
	own, others := PromptVoice{Agent: "1001", Words: words, Path: "/own"}, PromptVoice{Agent: "1002", Words: words, Path: "/others"}
	tenants := PromptVoice{Words: words, Path: "/tenants"}
	if got := heardOf(t, true, others, tenants, own); got != "/own" {
		t.Errorf("hear %s, want the agent's own", got)
	}
	if got := heardOf(t, true, others, tenants); got != "/tenants" {
		t.Errorf("hear %s, want the tenant's", got)
	}
	for name, v := range map[string]PromptVoice{"another's": others, "other words": {Agent: "1001", Words: "您好！", Path: "/own"}} {
		if got := heardOf(t, true, v); !strings.HasPrefix(got, "/p/") {
			t.Errorf("%s: hear %s, want what is generated", name, got)
		}
	}
}
