package routing

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// team is six agents of one queue with a ledger of what they got, kept from
// the effects alone.
type team struct {
	t      *testing.T
	rng    *rand.Rand
	acd    *ACD
	now    fact.Instant
	config Config
	calls  map[fact.AgentID]int
	talked map[fact.AgentID]time.Duration
	turn   map[fact.AgentID]int // the number of the last offer
	talks  []talk
	offers int
}

type talk struct {
	offer fact.OfferID
	agent fact.AgentID
	end   fact.Instant
	began fact.Instant
}

func newTeam(t *testing.T, how Distribution, seed uint64) *team {
	m := &team{
		t: t, rng: rand.New(rand.NewPCG(seed, 3)), acd: New(), now: 1000,
		calls: map[fact.AgentID]int{}, talked: map[fact.AgentID]time.Duration{}, turn: map[fact.AgentID]int{},
	}
	m.config = Config{Queues: []Queue{{ID: "q", Distribution: how}}, Skills: []fact.SkillID{"english"}, Order: Order{Seed: seed}}
	for i, id := range []fact.AgentID{"104", "101", "106", "102", "105", "103"} {
		m.config.Agents = append(m.config.Agents, Agent{
			ID: id, Queues: []fact.QueueID{"q"}, Skills: []Skill{{"english", 10 * i, ""}}, Weight: 1 + i*i,
		})
	}
	m.acd.Step(m.now, Configure{Config: m.config})
	for _, ag := range m.config.Agents {
		m.now++
		m.acd.Step(m.now, SignIn{Agent: ag.ID, Endpoint: fact.Endpoint("PJSIP/" + ag.ID), Ready: true})
	}
	return m
}

// caller joins and is connected with whom the ticket is offered to.
func (m *team) caller(n int) AgentInfo {
	free := map[fact.AgentID]AgentInfo{}
	for _, ag := range m.acd.Agents() {
		free[ag.ID] = ag
	}
	for _, e := range m.acd.Step(m.now, Join{Ticket: fact.TicketID(fmt.Sprintf("t%05d", n)), Queue: "q", Joined: m.now}) {
		if o, ok := e.(Offer); ok {
			m.offers++
			m.turn[o.Agent] = m.offers
			m.acd.Step(m.now, Connected{Offer: o.Offer})
			m.calls[o.Agent]++
			m.talks = append(m.talks, talk{o.Offer, o.Agent, m.now.Add(time.Duration(m.rng.IntN(60_000)) * time.Millisecond), m.now})
			return free[o.Agent]
		}
	}
	m.t.Fatalf("caller %d is offered to nobody", n)
	return AgentInfo{}
}

// pass lets time go by and talks end.
func (m *team) pass(d time.Duration) {
	m.now = m.now.Add(d)
	slices.SortFunc(m.talks, func(x, y talk) int { return cmp.Compare(x.end, y.end) })
	for len(m.talks) > 0 && (m.talks[0].end <= m.now || len(m.talks) == len(m.config.Agents)) {
		t := m.talks[0]
		m.now = max(m.now, t.end)
		m.acd.Step(m.now, Released{Offer: t.offer})
		m.talked[t.agent] += m.now.Sub(t.began)
		m.talks = m.talks[1:]
	}
}

// TestDistribution: each queue offers its tickets to whom its distribution
// names, by an account of what everybody got.
func TestDistribution(t *testing.T) {
	for how, before := range map[Distribution]func(*team, AgentInfo) int64{
		LongestIdle: func(_ *team, ag AgentInfo) int64 { return 0 },
		FewestCalls: func(m *team, ag AgentInfo) int64 { return int64(m.calls[ag.ID]) },
		LeastTalk:   func(m *team, ag AgentInfo) int64 { return m.talked[ag.ID].Milliseconds() },
		RoundRobin:  func(m *team, ag AgentInfo) int64 { return int64(m.turn[ag.ID]) },
		Linear: func(m *team, ag AgentInfo) int64 {
			return int64(slices.IndexFunc(m.config.Agents, func(x Agent) bool { return x.ID == ag.ID }))
		},
	} {
		t.Run(string(how), func(t *testing.T) {
			m := newTeam(t, how, 1)
			for n := range 600 {
				var want *AgentInfo
				least := func(x, y AgentInfo) int {
					return cmp.Or(cmp.Compare(before(m, x), before(m, y)), cmp.Compare(x.Idle, y.Idle), cmp.Compare(x.ID, y.ID))
				}
				for _, ag := range m.acd.Agents() {
					if ag.State == ReadyState && (want == nil || least(ag, *want) < 0) {
						want = &ag
					}
				}
				if got := m.caller(n); got.ID != want.ID {
					t.Fatalf("caller %d goes to %s, want %s", n, got.ID, want.ID)
				}
				m.pass(time.Duration(m.rng.IntN(20_000)) * time.Millisecond)
			}
		})
	}
}

// TestNewcomersAreNotFlooded: who signs in after a morning's work of the
// others gets a part of the calls, not all.
func TestNewcomersAreNotFlooded(t *testing.T) {
	for _, how := range []Distribution{FewestCalls, LeastTalk, RoundRobin} {
		t.Run(string(how), func(t *testing.T) {
			m := newTeam(t, how, 2)
			m.acd.Step(m.now, SignOut{Agent: "103"})
			for n := range 300 {
				m.caller(n)
				m.pass(40 * time.Second)
			}
			m.pass(time.Hour)
			m.acd.Step(m.now, SignIn{Agent: "103", Endpoint: "PJSIP/103", Ready: true})
			clear(m.calls)
			for n := range 60 {
				m.caller(1000 + n)
				m.pass(time.Minute)
			}
			if got := m.calls["103"]; got < 5 || got > 20 {
				t.Errorf("%d of 60 calls go to the newcomer among six", got)
			}
		})
	}
}

// TestWeightedRandomIsProportional: chance gives each agent calls by weight,
// whoever happens to be free, and the same ones with the same seed.
func TestWeightedRandomIsProportional(t *testing.T) {
	const callers = 20_000
	run := func(seed uint64, busy ...fact.AgentID) (picked []fact.AgentID, calls map[fact.AgentID]int) {
		m := newTeam(t, WeightedRandom, seed)
		for _, id := range busy {
			m.acd.Step(m.now, NotReady{Agent: id, Reason: PauseMeal})
		}
		for n := range callers {
			picked = append(picked, m.caller(n).ID)
			m.acd.Step(m.now, Released{Offer: m.talks[0].offer})
			m.talks = m.talks[:0]
			m.now++
		}
		return picked, m.calls
	}
	for _, busy := range [][]fact.AgentID{nil, {"103", "106"}} {
		picked, calls := run(7, busy...)
		m := newTeam(t, WeightedRandom, 7)
		sum, squares := 0, 0
		for _, ag := range m.config.Agents {
			if !slices.Contains(busy, ag.ID) {
				sum += ag.Weight
			}
		}
		for _, ag := range m.config.Agents {
			if slices.Contains(busy, ag.ID) {
				continue
			}
			// Chi-square by thousandths.
			want := callers * ag.Weight / sum
			squares += (calls[ag.ID] - want) * (calls[ag.ID] - want) * 1000 / want
		}
		// The 999 ‰ quantile for five degrees of freedom is 20.5.
		if squares > 20_500 {
			t.Errorf("without %v: calls %v, chi-square %d ‰", busy, calls, squares)
		}
		if again, _ := run(7, busy...); !slices.Equal(picked, again) {
			t.Error("the same seed gives others")
		}
		if other, _ := run(8, busy...); slices.Equal(picked, other) {
			t.Error("another seed gives the same")
		}
	}
}

// TestWeightedRandomComesToAnEnd: one heavy agent who has rejected the ticket
// among light ones.
func TestWeightedRandomComesToAnEnd(t *testing.T) {
	m := newTeam(t, WeightedRandom, 1)
	m.config.Agents[0].Weight = 100
	for i := range m.config.Agents[1:] {
		m.config.Agents[i+1].Weight = 1
	}
	m.acd.Step(m.now, Configure{Config: m.config})
	got := map[fact.AgentID]bool{}
	for n := range 300 {
		id := fact.TicketID(fmt.Sprintf("t%05d", n))
		for _, e := range m.acd.Step(m.now, Join{Ticket: id, Queue: "q", Joined: m.now}) {
			o, ok := e.(Offer)
			for ok {
				effects := m.acd.Step(m.now, Failed{Offer: o.Offer, Why: MissRejected})
				was := o.Agent
				if ok = was == "104"; !ok {
					break
				}
				for _, e := range effects {
					if next, is := e.(Offer); is {
						o = next
						got[o.Agent] = true
					}
				}
				if o.Agent == was {
					t.Fatalf("%s is offered to nobody else", id)
				}
			}
		}
		m.acd.Step(m.now, Withdraw{Ticket: id, Why: ExitAbandoned})
		m.now = m.now.Add(10 * time.Second)
		m.acd.Step(m.now, Tick{})
	}
	if len(got) != 5 {
		t.Errorf("the others got %v", got)
	}
}
