package center

import (
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// TestSkillsAreSet: an operator gives an agent other skills, which are seen at
// once and last until the next configuration.
func TestSkillsAreSet(t *testing.T) {
	c := New("default")
	config := Configured{Config: Config{Tenant: "default", ACD: routing.Config{
		Skills: []fact.SkillID{"english"}, Queues: []routing.Queue{{ID: "sales"}},
		Agents: []routing.Agent{{ID: "1001", Queues: []fact.QueueID{"sales"}}},
	}}}
	c.Step(1, Booted{Epoch: "e1"})
	c.Step(1, config)
	ask := func(op Operation) Code {
		for _, e := range c.Step(2, Asked{Request: "r", By: "op", Op: op}) {
			if r, ok := e.(Reply); ok {
				return r.Code
			}
		}
		t.Fatalf("%+v: no reply", op)
		return ""
	}
	if code := ask(SetSkills{Agent: "1001", Skills: []routing.Skill{{ID: "english", Level: 60}}}); code != "" {
		t.Fatalf("refused: %s", code)
	}
	if s := c.View().Agents[0].Skills; len(s) != 1 || s[0].Level != 60 {
		t.Errorf("skills %v", s)
	}
	if code := ask(SetSkills{Agent: "1001", Skills: []routing.Skill{{ID: "french", Level: 60}}}); code != CodeInvalid {
		t.Errorf("an unknown skill: %q", code)
	}
	if code := ask(SetSkills{Agent: "1009"}); code != CodeNotFound {
		t.Errorf("an unknown agent: %q", code)
	}
	c.Step(3, config)
	if s := c.View().Agents[0].Skills; len(s) != 0 {
		t.Errorf("skills %v after a configuration", s)
	}
}
