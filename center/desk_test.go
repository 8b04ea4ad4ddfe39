package center

import (
	"strconv"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// desk is a centre whose switch the test plays.
type desk struct {
	t    *testing.T
	c    *Center
	now  fact.Instant
	legs int
	out  []Effect // of the last input
}

// newDesk has seats 1001 to 1003, extensions 8001 to 8003. Agents 1001 and
// 1002 are signed in at theirs; nobody is at PJSIP/1003.
func newDesk(t *testing.T, change func(*Config)) *desk {
	t.Helper()
	cfg := Config{Version: 1}
	for _, id := range []string{"1001", "1002", "1003"} {
		cfg.Seats = append(cfg.Seats, Seat{Endpoint: fact.Endpoint("PJSIP/" + id), Extension: "8" + id[1:]})
		cfg.ACD.Agents = append(cfg.ACD.Agents, routing.Agent{ID: fact.AgentID(id)})
	}
	change(&cfg)
	d := &desk{t: t, c: New(fact.DefaultTenant), now: 1000}
	d.step(Booted{Epoch: "e", Switches: []string{"sw"}})
	d.step(Configured{Config: cfg})
	d.hear(media.Up{Switch: "sw"})
	for _, id := range []string{"1001", "1002"} {
		d.step(Asked{Request: id, By: "test", Op: SignIn{Agent: fact.AgentID(id), Endpoint: fact.Endpoint("PJSIP/" + id), Ready: true}})
	}
	return d
}

func (d *desk) step(in Input) {
	d.t.Helper()
	d.out = d.c.Step(d.now, in)
	d.held()
}

// held compares what is counted with what there is, and the centre with what
// its checkpoint tells.
func (d *desk) held() {
	d.t.Helper()
	live := map[string]int{}
	for leg, trunk := range d.c.carries {
		if k := d.c.of(leg); k == nil || !k.call.Has(leg) {
			d.t.Errorf("%s is on %s and in no call", leg, trunk)
		}
		live[trunk]++
	}
	for id, s := range d.c.trunks {
		if s.live != live[id] {
			d.t.Errorf("trunk %s counts %d legs, has %d", id, s.live, live[id])
		}
	}
	before, err := d.c.Checkpoint()
	if err != nil {
		d.t.Fatal(err)
	}
	again, err := restore(before, d.c.phrases)
	if err != nil {
		d.t.Fatal(err)
	}
	if after, _ := again.Checkpoint(); string(after) != string(before) {
		d.t.Errorf("the checkpoint tells another centre:\nwas %s\nis  %s", before, after)
	}
	d.c = again // what follows is decided by what was restored
}

func (d *desk) hear(e media.Event) { d.t.Helper(); d.step(Heard{Event: e}) }

// dial has a phone dial; arrive has a carrier bring a call.
func (d *desk) dial(phone, number string) fact.LegID {
	return d.arrive(fact.Endpoint("PJSIP/"+phone), "", number)
}

func (d *desk) arrive(by fact.Endpoint, from, to string) fact.LegID {
	d.t.Helper()
	d.legs++
	leg := fact.LegID("sw/in-" + strconv.Itoa(d.legs))
	d.hear(media.LegArrived{Leg: leg, State: media.LegRing, Endpoint: by, From: media.Identity{Number: from}, To: to})
	return leg
}

// rings is the leg made by the last input and "ENDPOINT as SHOWN", "" for none.
func (d *desk) rings() (fact.LegID, string) {
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			if m, ok := s.Command.(media.Create); ok {
				return m.Leg, string(m.Endpoint) + " as " + m.Show.Number
			}
		}
	}
	return "", ""
}

// wants checks what the last input made ring.
func (d *desk) wants(want string) fact.LegID {
	d.t.Helper()
	leg, got := d.rings()
	if got != want {
		d.t.Errorf("rings %q, want %q; %+v", got, want, d.out)
	}
	return leg
}

// ends has a leg end with a cause.
func (d *desk) ends(leg fact.LegID, cause int) {
	d.t.Helper()
	d.hear(media.LegEnded{Leg: leg, Far: true, Cause: cause})
}

// refused checks with what the last input hung the first leg up.
func (d *desk) refused(leg fact.LegID, cause int, why fact.Reason) {
	d.t.Helper()
	got := -1
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			if h, ok := s.Command.(media.Hangup); ok && h.Leg == leg {
				got = h.Cause
			}
		}
	}
	if got != cause {
		d.t.Errorf("%s is hung up with %d, want %d", leg, got, cause)
	}
	d.ends(leg, cause)
	if r := d.record(); r.Reason != why {
		d.t.Errorf("the call ended %s, want %s", r.Reason, why)
	}
}

// record is what the last input wrote.
func (d *desk) record() fact.Record {
	for _, e := range d.out {
		if w, ok := e.(Write); ok {
			return w.Record
		}
	}
	return fact.Record{}
}

func trunk(id string) Trunk {
	return Trunk{ID: id, Endpoint: "PJSIP/{number}@" + id, Number: "0210000" + id[len(id)-1:]}
}

// carriers are two trunks and the routes of a house: the city, the country,
// abroad.
func carriers(c *Config) {
	c.Trunks = []Trunk{trunk("t1"), trunk("t2"), trunk("t3")}
	c.Routes = []Route{
		{ID: "country", Trunks: []string{"t1", "t2"}},
		{ID: "abroad", Prefixes: []string{"00"}, Trunks: []string{"t3"}, Number: "0218888"},
		{ID: "city", Prefixes: []string{"021", "5"}, Trunks: []string{"t2", "t1"}},
		{ID: "city-too", Prefixes: []string{"021"}, Trunks: []string{"t3"}},
	}
}
