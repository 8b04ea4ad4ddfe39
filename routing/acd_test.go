package routing

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// centre is a small configuration that many tests begin with.
func centre() Config {
	return Config{
		Skills: []fact.SkillID{"english", "cable"},
		Queues: []Queue{{ID: "support", Name: "Support", WrapUp: 10 * time.Second}, {ID: "sales", Needs: "cable"}},
		Agents: []Agent{
			{ID: "102", Queues: []fact.QueueID{"support", "sales"}, Skills: []Skill{{ID: "english", Level: 80}}},
			{ID: "101", Name: "Li", Queues: []fact.QueueID{"sales", "support"}, Skills: []Skill{{ID: "cable", Level: 1}}},
		},
	}
}

func TestValidateNamesEveryProblem(t *testing.T) {
	if err := centre().Validate(); err != nil {
		t.Fatal(err)
	}
	if err := (Config{}).Validate(); err != nil {
		t.Fatalf("an empty centre: %v", err)
	}
	long := strings.Repeat("q", 65)
	for _, c := range []struct {
		name string
		spot func(*Config)
		want []string
	}{
		{"skill twice", func(c *Config) { c.Skills[1] = "english" }, []string{`skills[1]: "english": want each skill once`}},
		{"skill named as a word", func(c *Config) { c.Skills[1] = "And" }, []string{`skills[1]: "And": want letters`}},
		{"skill that cannot be written", func(c *Config) { c.Skills[1] = "a+b" }, []string{`skills[1]: "a+b": want letters`}},
		{"skill without a name", func(c *Config) { c.Skills[1] = "" }, []string{`skills[1]: "": want 1 to 64 bytes`}},
		{"queue without a name", func(c *Config) { c.Queues[0].ID = "" }, []string{`queues[0].id: "": want 1 to 64 bytes`}},
		{"queue with a space", func(c *Config) { c.Queues[0].ID = "a b" }, []string{`queues[0].id: "a b": want`}},
		{"long name", func(c *Config) { c.Queues[0].ID = fact.QueueID(long) }, []string{`want 1 to 64 bytes`}},
		{"queue twice", func(c *Config) { c.Queues[1].ID = "support" }, []string{`queues[1].id: "support": want each queue once`}},
		{"ring", func(c *Config) { c.Queues[0].Ring = 3 * time.Minute }, []string{`queues[0](support).ring: "3m0s": want 0 or 1s to 2m0s`}},
		{"short ring", func(c *Config) { c.Queues[0].Ring = time.Millisecond }, []string{`queues[0](support).ring: "1ms"`}},
		{"reach", func(c *Config) { c.Queues[0].Reach = 2 * time.Minute }, []string{`queues[0](support).reach: "2m0s": want 0 or 1s to 1m0s`}},
		{"wrap-up", func(c *Config) { c.Queues[0].WrapUp = -1 }, []string{`queues[0](support).wrap_up: "-1ns": want 0 or 0s to 30m0s`}},
		{"needs", func(c *Config) { c.Queues[1].Needs = "cable AND" }, []string{`queues[1](sales).needs: needs "cable AND": column 10`}},
		{"unknown skill", func(c *Config) { c.Queues[1].Needs = "fibre" }, []string{`queues[1](sales).needs: "fibre": want one that "skills" has`}},
		{"agent twice", func(c *Config) { c.Agents[1].ID = "102" }, []string{`agents[1].id: "102": want each agent once`}},
		{"agent without a name", func(c *Config) { c.Agents[1].ID = "" }, []string{`agents[1].id: "": want`}},
		{"unknown queue", func(c *Config) { c.Agents[1].Queues[0] = "lost" }, []string{`agents[1](101).queues[0]: "lost": want one that "queues" has`}},
		{"queue of an agent twice", func(c *Config) { c.Agents[1].Queues[0] = "support" }, []string{`agents[1](101).queues[1]: "support": want each queue once`}},
		{"level", func(c *Config) { c.Agents[1].Skills[0].Level = 101 }, []string{`agents[1](101).skills[0].level: "101": want 0 to 100`}},
		{"unknown skill of an agent", func(c *Config) { c.Agents[1].Skills[0].ID = "x" }, []string{`agents[1](101).skills[0].id: "x": want one that "skills" has`}},
		{"two at once", func(c *Config) { c.Queues[0].Ring, c.Agents[1].Skills[0].Level = -1, -1 }, []string{"queues[0](support).ring", "skills[0].level"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := centre()
			c.spot(&config)
			err := config.Validate()
			if !errors.Is(err, ErrConfig) {
				t.Fatalf("got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not say %q", err, want)
				}
			}
			acd := New()
			if effects := acd.Step(1, Configure{Config: config}); len(effects) > 0 || len(acd.Queues()) > 0 {
				t.Errorf("it is worked by all the same: %v", effects)
			}
		})
	}
}

func TestCheckWrapsSentinels(t *testing.T) {
	acd := New()
	acd.Step(1, Configure{Config: centre()})
	acd.Step(1, SignIn{Agent: "101", Endpoint: "PJSIP/101", Ready: true})
	acd.Step(1, Join{Ticket: "t1", Queue: "support", Joined: 1})
	for _, c := range []struct {
		in   Input
		want error
	}{
		{Configure{Config: Config{Queues: []Queue{{}}}}, ErrConfig},
		{Configure{Config: centre()}, nil},
		{Join{Ticket: "t1", Queue: "support"}, ErrTicketTaken},
		{Join{Queue: "support"}, ErrTicketTaken},
		{Join{Ticket: "t2", Queue: "nowhere"}, ErrNoQueue},
		{Join{Ticket: "t2", Queue: "support", Needs: "english AND"}, ErrNeeds},
		{Join{Ticket: "t2", Queue: "support", Needs: "fibre"}, ErrNeeds},
		{Join{Ticket: "t2", Queue: "support", Priority: -1}, ErrPriority},
		{Join{Ticket: "t2", Queue: "support", Needs: "english"}, nil},
		{Withdraw{Ticket: "t2"}, ErrNoTicket},
		{Withdraw{Ticket: "t1"}, nil},
		{SignIn{Agent: "109", Endpoint: "PJSIP/109"}, ErrNoAgent},
		{SignIn{Agent: "101", Endpoint: "PJSIP/102"}, ErrSignedInElsewhere},
		{SignIn{Agent: "102", Endpoint: "PJSIP/101"}, ErrEndpointTaken},
		{SignIn{Agent: "102"}, ErrEndpoint},
		{SignIn{Agent: "101", Endpoint: "PJSIP/101"}, nil},
		{SignOut{Agent: "102"}, ErrNotSignedIn},
		{SignOut{Agent: "109"}, ErrNoAgent},
		{Ready{Agent: "102"}, ErrNotSignedIn},
		{Ready{Agent: "101"}, nil},
		{NotReady{Agent: "102", Reason: PauseMeal}, ErrNotSignedIn},
		{NotReady{Agent: "101", Reason: PauseRONA}, ErrReason},
		{NotReady{Agent: "101", Reason: PauseMeal}, nil},
		{Reach{Endpoint: "PJSIP/109"}, nil},
		{Rang{Offer: "t1-o1"}, nil},
		{Answered{Offer: "t1-o1"}, nil},
		{Connected{Offer: "t1-o1"}, nil},
		{Failed{Offer: "t1-o1"}, nil},
		{Released{Offer: "t1-o1"}, ErrNoOffer},
		{Rang{Offer: "t1-o2"}, ErrNoOffer},
		{Hold{Agent: "101", On: true}, ErrNotTalking},
		{Hold{Agent: "109", On: true}, ErrNoAgent},
		{Seize{Agent: "102", Call: "c1"}, ErrNotSignedIn},
		{Seize{Agent: "109", Call: "c1"}, ErrNoAgent},
		{Seize{Agent: "101", Call: "c1"}, nil},
		{Free{Agent: "101", Call: "c1"}, ErrNotTalking},
		{Free{Agent: "109", Call: "c1"}, ErrNoAgent},
		{Tick{}, nil},
	} {
		if err := acd.Check(c.in); !errors.Is(err, c.want) {
			t.Errorf("%#v: %v, want %v", c.in, err, c.want)
		}
	}
}

func TestReadersShareNothing(t *testing.T) {
	config := centre()
	acd := New()
	acd.Step(1, Configure{Config: config})
	config.Agents[0].Queues[0] = "gone"
	config.Agents[0].Skills[0].Level = 7
	acd.Step(1, SignIn{Agent: "101", Endpoint: "PJSIP/101", Ready: true})
	acd.Step(2, Seize{Agent: "101", Call: "c1"})

	got := acd.Config()
	got.Agents[0].Queues[0] = "gone"
	agents := acd.Agents()
	agents[0].Queues[0], agents[0].Calls[0] = "gone", "gone"
	agents[1].Skills[0].Level = 7

	if acd.Config().Agents[0].Queues[0] != "support" {
		t.Error("the configuration is shared")
	}
	if ag, _ := acd.Agent("101"); ag.Queues[0] != "sales" || ag.Calls[0] != "c1" {
		t.Errorf("agent 101 is shared: %+v", ag)
	}
	if ag, _ := acd.Agent("102"); ag.Skills[0].Level != 80 {
		t.Errorf("agent 102 is shared: %+v", ag)
	}
}

func TestReaders(t *testing.T) {
	acd := New()
	acd.Step(1000, Configure{Config: centre()})
	acd.Step(1000, SignIn{Agent: "101", Endpoint: "PJSIP/101", Ready: true})
	acd.Step(2000, Join{Ticket: "t1", Queue: "support", Joined: 1500})
	acd.Step(3000, Join{Ticket: "t2", Queue: "support", Priority: 5, Needs: "english", Joined: 2500})

	if got := acd.Agents(); len(got) != 2 || got[0].ID != "101" || got[1].ID != "102" {
		t.Errorf("agents %+v", got)
	}
	ag, ok := acd.Agent("101")
	if !ok || ag.Name != "Li" || ag.State != OfferedState || ag.Since != 2000 || ag.Idle != 1000 || !ag.Reachable ||
		ag.Offer != "t1-o1" || ag.Ticket != "t1" || ag.Queue != "support" || !slices.Equal(ag.Queues, []fact.QueueID{"sales", "support"}) {
		t.Errorf("agent %+v, %v", ag, ok)
	}
	if _, ok := acd.Agent("109"); ok {
		t.Error("an agent nobody knows")
	}
	if id, ok := acd.At("PJSIP/101"); !ok || id != "101" {
		t.Errorf("at PJSIP/101: %s, %v", id, ok)
	}
	if _, ok := acd.At("PJSIP/102"); ok {
		t.Error("somebody at PJSIP/102")
	}
	line := acd.Waiting("support")
	if len(line) != 2 || line[0].Ticket != "t2" || line[0].Position != 1 || line[0].Priority != 5 || line[0].Needs != "english" ||
		line[1].Ticket != "t1" || line[1].Position != 2 || line[1].Offer != "t1-o1" || line[1].Agent != "101" || line[1].Offers != 1 {
		t.Errorf("line %+v", line)
	}
	if acd.Waiting("nowhere") != nil {
		t.Error("a line nowhere")
	}
	if ti, ok := acd.Ticket("t1"); !ok || ti != line[1] {
		t.Errorf("ticket %+v, %v", ti, ok)
	}
	if _, ok := acd.Ticket("t9"); ok {
		t.Error("a ticket nobody has")
	}
	want := QueueInfo{ID: "support", Name: "Support", Members: 2, Waiting: 2, Offered: 1, Oldest: 1500, Mode: ModeOpen, Staff: 1}
	if q, ok := acd.Queue("support"); !ok || q != want {
		t.Errorf("queue %+v, %v", q, ok)
	}
	if _, ok := acd.Queue("nowhere"); ok {
		t.Error("a queue nowhere")
	}
	acd.Step(4000, Rang{Offer: "t1-o1"})
	offer := OfferInfo{
		Offer: "t1-o1", Round: "t1-r1", Ticket: "t1", Queue: "support", Agent: "101", Endpoint: "PJSIP/101",
		Phase: PhaseRing, Since: 4000, Made: 2000,
	}
	if o, ok := acd.Offer("t1-o1"); !ok || o != offer {
		t.Errorf("offer %+v, %v", o, ok)
	}
	if _, ok := acd.Offer("t1-o2"); ok {
		t.Error("an offer nobody made")
	}
	if due, ok := acd.Next(); !ok || due != 20_000 {
		t.Errorf("next at %d, %v: want the end of three rings and a second", due, ok)
	}
	// Time does not go back.
	acd.Step(10, Connected{Offer: "t1-o1"})
	if ag, _ := acd.Agent("101"); ag.State != Talking || ag.Since != 4000 {
		t.Errorf("agent %+v", ag)
	}
	if got := acd.Queues(); len(got) != 2 || got[0].ID != "sales" || got[1].Talking != 1 {
		t.Errorf("queues %+v", got)
	}
}

// A class that nobody asks for any more gives way, and comes back when it is
// asked for, with the agents it had.
func TestManyRequirements(t *testing.T) {
	acd := New()
	acd.Step(1, Configure{Config: centre()})
	acd.Step(1, SignIn{Agent: "102", Endpoint: "PJSIP/102", Ready: true})
	for level := range 81 {
		id := fact.TicketID(fmt.Sprintf("t%d", level))
		effects := acd.Step(fact.Instant(level), Join{Ticket: id, Queue: "support", Needs: Needs(fmt.Sprintf("english>=%d", level))})
		if len(effects) != 3 {
			t.Fatalf("level %d: %v", level, effects)
		}
		acd.Step(fact.Instant(level), Withdraw{Ticket: id, Why: ExitAbandoned})
		if err := acd.invariants(); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(acd.queues["support"].classes); n != maxClasses {
		t.Errorf("%d classes are kept", n)
	}
	// With callers in all of them none gives way.
	for level := 81; level <= 100; level++ {
		for n := range 3 {
			acd.Step(200, Join{
				Ticket: fact.TicketID(fmt.Sprintf("u%d-%d", level, n)), Queue: "support",
				Needs: Needs(fmt.Sprintf("english>=%d%s", level, strings.Repeat(" AND english>=90", n))),
			})
		}
	}
	if err := acd.invariants(); err != nil {
		t.Fatal(err)
	}
	if n := len(acd.Waiting("support")); n != 60 {
		t.Errorf("%d wait, want 60", n)
	}
}

func TestRestoreRefuses(t *testing.T) {
	acd := New()
	acd.Step(1, Configure{Config: centre()})
	acd.Step(1, SignIn{Agent: "101", Endpoint: "PJSIP/101", Ready: true})
	acd.Step(1, Join{Ticket: "t1", Queue: "support"})
	good, err := acd.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*saved){
		"another form":       func(s *saved) { s.Form = checkpointForm + 1 },
		"a wrong config":     func(s *saved) { s.Config.Queues[0].Ring = -1 },
		"a ticket's queue":   func(s *saved) { s.Tickets[0].Queue = "nowhere" },
		"a ticket's needs":   func(s *saved) { s.Tickets[0].Needs = "(" },
		"an offer's agent":   func(s *saved) { s.Offers[0].Agent = "nobody" },
		"an offer's ticket":  func(s *saved) { s.Offers[0].Ticket = "none" },
		"nothing whatsoever": func(s *saved) { *s = saved{} },
	} {
		var s saved
		if err := json.Unmarshal(good, &s); err != nil {
			t.Fatal(err)
		}
		spoil(&s)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(b); !errors.Is(err, ErrCheckpoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Restore(good[:len(good)/2]); !errors.Is(err, ErrCheckpoint) {
		t.Errorf("half a checkpoint: %v", err)
	}
}
