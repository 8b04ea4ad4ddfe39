package routing

import (
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// What keeps an agent from calls besides the state is named.
func TestWhyNamesWhatKeepsAnAgent(t *testing.T) {
	config := Config{
		Queues: []Queue{{ID: "sales", Ring: time.Second, Log: []LogField{{ID: "result", Required: true}, {ID: "note", Required: true}}}},
		Agents: []Agent{{ID: "1", Queues: []fact.QueueID{"sales"}}},
		Pauses: []Pause{{ID: PauseMeal, Max: time.Minute}},
	}
	config.Queues = append(config.Queues, Queue{ID: "hard", Trainees: TraineesNever, Needs: "x"})
	config.Skills = []fact.SkillID{"x"}
	config.Agents = append(config.Agents, Agent{ID: "2", Queues: []fact.QueueID{"hard"}, Trainee: true})
	a := New()
	a.Step(1000, Configure{Config: config})
	a.Step(1000, SignIn{Agent: "2", Endpoint: "PJSIP/2", Ready: true})
	a.Step(1000, Join{Ticket: "h", Queue: "hard"})
	if w, _ := a.WhyAgent("2", 10); len(w.Tickets) != 1 || !slices.Equal(rulesOf(w.Tickets[0].Excluded), []Rule{RuleTrainee, RuleNeeds}) ||
		w.Tickets[0].Excluded[1].Detail != "lacks x (has 0)" {
		t.Errorf("a trainee: %+v", w.Tickets)
	}
	signIn := SignIn{Agent: "1", Endpoint: "PJSIP/1", Ready: true}
	for _, c := range []struct {
		name   string
		steps  []Input // a Tick lets a minute and a half pass
		detail string
	}{
		{"before the shift", []Input{SignIn{Agent: "1", Endpoint: "PJSIP/1", Handover: true}}, "HANDOVER, before the shift"},
		{"a pause too long", []Input{signIn, NotReady{Agent: "1", Reason: PauseMeal}, Tick{}}, "NOT_READY (meal), should have ended 30s ago"},
		{"a pause", []Input{signIn, NotReady{Agent: "1", Reason: PauseMeal}}, "NOT_READY (meal)"},
		{"rung out", []Input{signIn, Join{Ticket: "t", Queue: "sales"}, Failed{Offer: "t-o1", Why: MissNoAnswer}}, "NOT_READY (rona)"},
		{"rung out twice", []Input{signIn, Join{Ticket: "t", Queue: "sales"}, Failed{Offer: "t-o1", Why: MissNoAnswer}, Ready{Agent: "1"},
			Failed{Offer: "t-o2", Why: MissNoAnswer}}, "NOT_READY (rona), 2 in a row"},
		{"something to write", []Input{signIn, Join{Ticket: "t", Queue: "sales"}, Connected{Offer: "t-o1"}, Released{Offer: "t-o1"}},
			"NOT_READY (log-missing): result, note of t"},
	} {
		a, now := New(), fact.Instant(1000)
		a.Step(now, Configure{Config: config})
		for _, in := range c.steps {
			if (in == Tick{}) {
				now = now.Add(90 * time.Second)
			}
			a.Step(now, in)
		}
		w, _ := a.WhyAgent("1", 10)
		if !slices.Equal(rulesOf(w.Findings), []Rule{RuleState}) || w.Findings[0].Detail != c.detail {
			t.Errorf("%s: %+v, want %q", c.name, w.Findings, c.detail)
		}
	}
}
