package routing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// rulesOf are the rules that keep two apart, in order.
func rulesOf(list []Finding) (rules []Rule) {
	for _, f := range list {
		rules = append(rules, f.Rule)
	}
	return rules
}

func TestWhyNamesEachRule(t *testing.T) {
	config := Config{
		Skills: []fact.SkillID{"english", "cable"},
		Queues: []Queue{
			{ID: "support", Needs: "english>=50 AND (cable OR english)", WrapUp: 30 * time.Second, PreferHold: 20 * time.Second,
				Relax: []Relaxation{{After: time.Minute, Needs: "english>=20"}}},
			{ID: "loud", Distribution: RingAll, Width: 2},
			{ID: "shut", Paused: true},
		},
	}
	for _, id := range []fact.AgentID{"1", "2", "3"} {
		config.Agents = append(config.Agents, Agent{ID: id, Queues: []fact.QueueID{"support", "loud", "shut"},
			Skills: []Skill{{ID: "english", Level: 80}}})
	}
	config.Agents[2].Skills[0].Level = 30
	config.Agents = append(config.Agents, Agent{ID: "4", Queues: []fact.QueueID{"shut"}, Skills: []Skill{{ID: "english", Level: 80}}})

	seat := func(id fact.AgentID) fact.Endpoint { return fact.Endpoint("PJSIP/" + id) }
	on := func(ids ...fact.AgentID) (list []Input) {
		for _, id := range ids {
			list = append(list, SignIn{Agent: id, Endpoint: seat(id), Ready: true})
		}
		return list
	}
	join := func(t fact.TicketID, q fact.QueueID) Input { return Join{Ticket: t, Queue: q, Joined: 1 << 40} }
	for _, c := range []struct {
		name   string
		steps  []Input // a second apart, from 1 s on
		agent  fact.AgentID
		want   []Rule
		detail string // of the first
		until  fact.Instant
	}{
		{"does not serve it", append(on("4"), join("t", "support")), "4", []Rule{RuleMember}, "does not serve support", 0},
		{"lacks a skill", append(on("3"), join("t", "support")), "3", []Rule{RuleNeeds}, "lacks english>=50 (has 30)", 62_000},
		{"is off", []Input{join("t", "support")}, "1", []Rule{RuleState}, "OFFLINE", 0},
		{"pauses", append(on("1"), NotReady{Agent: "1", Reason: PauseMeal}, join("t", "support")), "1", []Rule{RuleState}, "NOT_READY (meal)", 0},
		{"talks", append(on("1"), join("u", "support"), Connected{Offer: "u-o1"}, join("t", "support")), "1", []Rule{RuleState}, "TALKING u", 0},
		{"wraps up", append(on("1"), join("u", "support"), Connected{Offer: "u-o1"}, Released{Offer: "u-o1"}, join("t", "support")), "1",
			[]Rule{RuleState}, "ACW", 34_000},
		{"rings for another", append(on("1"), join("u", "support"), join("t", "support")), "1", []Rule{RuleState}, "OFFERED u", 7000},
		{"has rejected it", append(on("1"), join("t", "support"), Failed{Offer: "t-o1", Why: MissRejected}), "1",
			[]Rule{RuleRefused, RuleBackOff}, "has rejected it", 33_000},
		{"was busy", append(on("1"), join("t", "support"), Failed{Offer: "t-o1", Why: MissBusy}), "1", []Rule{RuleBackOff}, "an offer has just failed", 8000},
		{"is kept for another", append(on("1"), join("u", "support"), Connected{Offer: "u-o1"},
			Join{Ticket: "t", Queue: "support", Joined: 1 << 40, Prefer: "1"}, on("2")[0]), "2", []Rule{RuleReserved}, "waits for agent 1", 24_000},
		{"waits in a queue that is shut", append(on("1"), join("t", "shut")), "1", []Rule{RuleQueueMode}, "shut is paused", 0},
		{"rings at another", append(on("1", "2"), join("t", "support")), "2", []Rule{RuleUnderOffer, RuleRank}, "is offered to agent 1", 8000},
		{"goes behind", append(on("1", "2"), join("t", "support")), "1", nil, "", 0},
		{"has a phone away", append(on("1"), Reach{Endpoint: seat("1")}, Tick{}, Tick{}, Tick{}, Tick{}, Tick{}, Tick{}, join("t", "support")), "1",
			[]Rule{RuleUnreachable}, "PJSIP/1 cannot be reached (not registered, or does not answer)", 0},
		{"has a phone that did not ring", append(on("1"), join("t", "support"), Failed{Offer: "t-o1", Why: MissNoRing}), "1",
			[]Rule{RuleUnreachable}, "PJSIP/1 did not ring when it was called", 0},
		{"would be one too many", append(on("1", "2", "3"), join("t", "loud")), "3", []Rule{RuleWidth}, "2 phones ring already", 0},
		{"rings with others", append(on("1", "2", "3"), join("t", "loud")), "2", nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := New()
			a.Step(0, Configure{Config: config})
			for i, in := range c.steps {
				at := fact.Instant(1000 + i*1000)
				if j, ok := in.(Join); ok {
					j.Joined = at
					in = j
				}
				a.Step(at, in)
			}
			if err := a.invariants(); err != nil {
				t.Fatal(err)
			}
			before := whole(t, a)
			w, ok := a.WhyPair("t", c.agent)
			if !ok || len(w.Candidates) != 1 {
				t.Fatalf("%+v, %v", w, ok)
			}
			got := w.Candidates[0]
			if !slices.Equal(rulesOf(got.Excluded), c.want) || got.Agent != c.agent || got.Ticket != "t" {
				t.Fatalf("%+v, want %v", got, c.want)
			}
			if len(c.want) > 0 && (got.Excluded[0].Detail != c.detail || got.Excluded[0].Until != c.until) {
				t.Errorf("%+v, want %q until %d", got.Excluded[0], c.detail, c.until)
			}
			// The other two ways say the same.
			list, _ := a.WhyTicket("t", 10)
			i := slices.IndexFunc(list.Candidates, func(v Verdict) bool { return v.Agent == c.agent })
			if i < 0 != slices.Contains(c.want, RuleMember) || i >= 0 && !slices.Equal(list.Candidates[i].Excluded, got.Excluded) {
				t.Errorf("as a candidate: %+v", list.Candidates)
			}
			if i >= 0 && len(c.want) == 0 != (list.Candidates[i].Rank == i+1) {
				t.Errorf("ranked %d of %+v", list.Candidates[i].Rank, list.Candidates)
			}
			of, _ := a.WhyAgent(c.agent, 10)
			if i = slices.IndexFunc(of.Tickets, func(v Verdict) bool { return v.Ticket == "t" }); i >= 0 {
				all := append(slices.Clone(of.Tickets[i].Excluded), of.Findings...)
				if of.Offer != "" && of.Ticket == "t" {
					all = nil // it rings with this one
				}
				if !slices.Equal(rulesOf(all), rulesOf(got.Excluded)) {
					t.Errorf("of the agent: %+v and %+v, want %+v", of.Findings, of.Tickets, got.Excluded)
				}
			}
			if !bytes.Equal(whole(t, a), before) {
				t.Error("an explanation changed the machine")
			}
		})
	}
}

func whole(t *testing.T, a *ACD) []byte {
	t.Helper()
	b, err := a.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhyTellsTheScore(t *testing.T) {
	a := New()
	a.Step(0, Configure{Config: Config{
		Skills: []fact.SkillID{"english"},
		Order:  Order{Levels: []Level{{ID: "vip", Worth: 90 * time.Second}}, Repeat: 30 * time.Second},
		Queues: []Queue{{ID: "q", Needs: "english", Urgency: 10 * time.Second, Ageing: []Ageing{{After: 20 * time.Second, Worth: 15 * time.Second}}}},
		Agents: []Agent{{ID: "1", Queues: []fact.QueueID{"q"}}, {ID: "2", Queues: []fact.QueueID{"q"}}},
	}})
	a.Step(1000, Join{Ticket: "a", Queue: "q", Joined: 1000})
	a.Step(2000, Join{Ticket: "b", Queue: "q", Joined: 1500, Priority: 1, Level: "vip", Repeat: 2, Needs: "english>=40"})
	a.Step(2000, Join{Ticket: "c", Queue: "q", Joined: 2000, Priority: 9})
	a.Step(31_500, Tick{})
	w, ok := a.WhyTicket("b", 1)
	want := []Credit{{"waited", 30_000}, {"priority", 60_000}, {"level", 90_000}, {"repeat", 60_000}, {"urgency", 10_000}, {"ageing", 15_000}}
	if !ok || !slices.Equal(w.Credits, want) || w.Score != 265_000 || w.Position != 2 || w.Asks != "english AND english>=40" {
		t.Errorf("%+v", w)
	}
	if len(w.Ahead) != 1 || w.Ahead[0].Ticket != "c" || w.Ahead[0].Position != 1 || len(w.Candidates) != 1 || w.More != 1 {
		t.Errorf("%+v", w)
	}
	old := w.Aged(500)
	if old.Score != 265_500 || old.Credits[0].Millis != 30_500 || old.Ahead[0].Score != w.Ahead[0].Score+500 || w.Credits[0].Millis != 30_000 {
		t.Errorf("half a second later: %+v", old)
	}
	if _, ok := a.WhyTicket("nobody", 5); ok {
		t.Error("a ticket that is not in line")
	}
	if _, ok := a.WhyPair("b", "nobody"); ok {
		t.Error("an agent who does not exist")
	}
	if _, ok := a.WhyAgent("nobody", 5); ok {
		t.Error("an agent who does not exist")
	}
	if text, err := json.Marshal(w); err != nil || !strings.Contains(string(text), `"credits":[{"what":"waited","ms":30000}`) {
		t.Errorf("%s, %v", text, err)
	}
}

// mixedCrowd is a crowd whose queues distribute in every way, relax and hold.
func mixedCrowd() *crowd {
	c := newCrowd(40, 10, 60)
	config := c.acd.Config()
	for i := range config.Queues {
		q := &config.Queues[i]
		q.Distribution = []Distribution{LongestIdle, RingAll, BestSkill, RoundRobin, Linear, FewestCalls, LeastTalk, WeightedRandom}[i%8]
		q.Width, q.PreferHold, q.Paused = 1+i%3, 10*time.Second, i == 9
		q.Needs = Needs([]string{"", "s0 OR s1", "s2>=30"}[i%3])
		q.Relax = []Relaxation{{After: 30 * time.Second, DropOwn: i%2 == 0}}
		q.Prefers = []Preference{{Skill: "s3", Weight: 2}}
	}
	c.step(Configure{Config: config})
	return c
}

// TestWhyAgreesWithTheMachine compares explanations with the machine's own
// state, pair by pair, while a crowd is at work.
func TestWhyAgreesWithTheMachine(t *testing.T) {
	c := mixedCrowd()
	a := c.acd
	offered, rules := 0, map[Rule]int{}
	for n := range 4000 {
		if n%97 == 0 {
			endpoint := fact.Endpoint(fmt.Sprintf("PJSIP/%05d", c.rng.IntN(40)))
			c.step(Reach{Endpoint: endpoint, Reachable: c.rng.IntN(2) == 0})
		}
		if n%13 == 0 {
			j := c.arrival().(Join)
			j.Prefer = fact.AgentID(fmt.Sprintf("%05d", c.rng.IntN(40)))
			c.step(j)
		}
		c.next()
		if n%25 != 0 {
			continue
		}
		for _, tk := range ordered(a.tickets) {
			w, ok := a.WhyTicket(tk.id, 1000)
			if !ok || w.Score != a.score(tk) || len(w.Ahead) != w.Position-1 {
				t.Fatalf("%+v", w)
			}
			sum, members := int64(0), 0
			for _, credit := range w.Credits {
				sum += credit.Millis
			}
			for _, ag := range a.agents {
				if ag.member(tk.queue) != nil {
					members++
				}
			}
			if sum != w.Score || len(w.Candidates) != members {
				t.Fatalf("credits %v of a score of %d; %d candidates of %d", w.Credits, w.Score, len(w.Candidates), members)
			}
			for i, v := range w.Candidates {
				for _, f := range v.Excluded {
					rules[f.Rule]++
					if f.Detail == "" || f.Until != 0 && f.Until < a.now {
						t.Fatalf("%+v", f)
					}
				}
				ag := a.agents[v.Agent]
				holds := ag.offer != nil && ag.offer.ticket == tk
				could := ag.listed && tk.queue.offers() && !tk.out() && tk.class.gate.open(ag.levels) && !tk.refusedBy(ag.id) &&
					(tk.prefer == nil || tk.prefer == ag)
				if (len(v.Excluded) == 0) != (holds || could) || (v.Rank > 0) != (len(v.Excluded) == 0) {
					t.Fatalf("step %d: %+v: holds %v, could %v", n, v, holds, could)
				}
				if v.Rank > 0 && v.Rank != i+1 {
					t.Fatalf("ranked %d at place %d", v.Rank, i+1)
				}
				if holds {
					offered++
				}
			}
		}
		for _, ag := range ordered(a.agents) {
			w, ok := a.WhyAgent(ag.id, 1000)
			if !ok || w.State != ag.state || ag.listed && len(w.Findings) > 0 || !ag.listed && len(w.Findings) == 0 {
				t.Fatalf("step %d: agent %s in %s: %+v", n, ag.id, ag.state, w.Findings)
			}
			for i, v := range w.Tickets {
				// Nobody free is kept waiting by a ticket that is free too.
				if ag.listed && v.Rank > 0 {
					t.Fatalf("step %d: %s idles while %s waits", n, ag.id, v.Ticket)
				}
				if v.Rank > 0 && v.Rank != i+1 {
					t.Fatalf("ranked %d at place %d", v.Rank, i+1)
				}
			}
		}
	}
	if offered == 0 {
		t.Error("nobody was offered anything")
	}
	for _, r := range []Rule{RuleNeeds, RuleState, RuleBackOff, RuleRefused, RuleReserved, RuleQueueMode, RuleUnderOffer, RuleUnreachable, RuleRank, RuleWidth} {
		if rules[r] == 0 {
			t.Errorf("rule %s kept nobody apart", r)
		}
	}
	t.Logf("%v", rules)
}

// TestTheFirstCandidateIsOffered explains a ticket of a queue that makes no
// offers; when it opens, the first candidate has it.
func TestTheFirstCandidateIsOffered(t *testing.T) {
	for _, d := range []Distribution{LongestIdle, RingAll, BestSkill, RoundRobin, Linear, FewestCalls, LeastTalk} {
		rng := rand.New(rand.NewPCG(3, 4))
		config := Config{
			Skills: []fact.SkillID{"s0", "s1"},
			Queues: []Queue{{ID: "q", Distribution: d, Width: 1, Needs: "s0 OR s1", Prefers: []Preference{{Skill: "s1", Weight: 2}}}},
		}
		for _, i := range rng.Perm(12) {
			config.Agents = append(config.Agents, Agent{ID: fact.AgentID(fmt.Sprint(100 + i)), Queues: []fact.QueueID{"q"},
				Skills: []Skill{{ID: "s0", Level: 40 + rng.IntN(3)}, {ID: "s1", Level: max(0, rng.IntN(90)-45)}}})
		}
		a := New()
		a.Step(0, Configure{Config: config})
		for i, ag := range config.Agents {
			a.Step(fact.Instant(i), SignIn{Agent: ag.ID, Endpoint: fact.Endpoint("PJSIP/" + ag.ID), Ready: true})
		}
		var talks []fact.OfferID
		firsts := map[fact.AgentID]int{}
		for n := range 300 {
			now := fact.Instant(1000 * (n + 1))
			for len(talks) > rng.IntN(10) {
				i := rng.IntN(len(talks))
				a.Step(now, Released{Offer: talks[i]})
				talks = slices.Delete(talks, i, i+1)
			}
			a.Step(now, SetMode{Queue: "q", Mode: ModePaused})
			id := fact.TicketID(fmt.Sprintf("t%d", n))
			a.Step(now, Join{Ticket: id, Queue: "q", Joined: now})
			w, _ := a.WhyTicket(id, 1)
			first := w.Candidates[0]
			if !slices.Equal(rulesOf(first.Excluded), []Rule{RuleQueueMode}) {
				t.Fatalf("%s: %+v", d, first)
			}
			effects := a.Step(now, SetMode{Queue: "q", Mode: ModeOpen})
			i := slices.IndexFunc(effects, func(e Effect) bool { o, ok := e.(Offer); return ok && o.Ticket == id })
			if i < 0 || effects[i].(Offer).Agent != first.Agent {
				t.Fatalf("%s: %v, want an offer to %s", d, effects, first.Agent)
			}
			firsts[first.Agent]++
			talks = append(talks, effects[i].(Offer).Offer)
			a.Step(now, Connected{Offer: talks[len(talks)-1]})
		}
		if len(firsts) < 4 {
			t.Errorf("%s: only %v are ever first", d, firsts)
		}
	}
}
