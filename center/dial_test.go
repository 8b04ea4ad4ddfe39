package center

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func TestRoutes(t *testing.T) {
	own := func(c *Config) { // without routes, by the trunks' own prefixes
		c.Trunks = []Trunk{trunk("t1"), trunk("t2"), trunk("t3")}
		c.Trunks[1].Prefixes = []string{"0", "00"}
		c.Trunks[2].Prefixes = []string{"021"}
	}
	for _, c := range []struct {
		name   string
		config func(*Config)
		number string
		want   string
	}{
		{"no prefix takes all", carriers, "13800138000", "t1 t2"},
		{"the longest prefix", carriers, "02155550000", "t2 t1"},
		{"any of the prefixes", carriers, "55550000", "t2 t1"},
		{"order among equals", carriers, "021", "t2 t1"},
		{"a number of the route's", carriers, "001212", "t3 as 0218888"},
		{"no routes", own, "13800138000", "t1"},
		{"no routes, a prefix", own, "0755", "t2"},
		{"no routes, a longer one", own, "02155", "t3"},
		{"no trunk at all", func(*Config) {}, "138", string(fact.ReasonNoRoute)},
		{"no route takes it", func(c *Config) { carriers(c); c.Routes = c.Routes[1:] }, "138", string(fact.ReasonNoRoute)},
		{"no number", carriers, "alice@evil", string(fact.ReasonNoRoute)},
		{"too long", carriers, strings.Repeat("1", 33), string(fact.ReasonNoRoute)},
		{"a trunk that is gone", func(c *Config) { carriers(c); c.Trunks = c.Trunks[1:] }, "138", "t2"},
	} {
		d := newDesk(t, c.config)
		ways, dir := d.c.whither(c.number, d.c.index.seats["PJSIP/1001"], "1001")
		var got []string
		for _, w := range ways {
			text := w.trunk + string(w.refused)
			if w.trunk != "" && w.show.Number != d.c.index.trunks[w.trunk].Number {
				text += " as " + w.show.Number
			}
			if w.trunk != "" && string(w.endpoint) != "PJSIP/"+c.number+"@"+w.trunk {
				t.Errorf("%s: endpoint %s", c.name, w.endpoint)
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != c.want || dir != fact.Outbound {
			t.Errorf("%s: %s leads to %q (%s), want %q", c.name, c.number, got, dir, c.want)
		}
	}
}

func TestTrunkFailover(t *testing.T) {
	for _, cause := range []int{27, 34, 38, 41, 42, 44, 0} {
		d := newDesk(t, carriers)
		first := d.dial("1001", "138")
		one := d.wants("PJSIP/138@t1 as 02100001")
		if cause == 0 { // the switch would not make the leg
			d.hear(media.CommandFailed{Of: "Create", Leg: one, Failure: media.FailRefused, Message: "no"})
		} else {
			d.ends(one, cause)
		}
		two := d.wants("PJSIP/138@t2 as 02100002")
		d.hear(media.LegAnswered{Leg: two})
		// Whoever calls next goes by the other at once, for a while.
		d.dial("1002", "139")
		d.wants("PJSIP/139@t2 as 02100002")
		v := d.c.View().Trunks
		if v[0].Failed != 1 || v[0].Live != 0 || v[1].Live != 2 || v[0].Rests == 0 || v[1].Rests != 0 {
			t.Errorf("cause %d: trunks %+v", cause, v)
		}
		d.ends(first, 16)
		d.ends(two, 16)
		if r := d.record(); r.Trunk != "t2" || r.Direction != fact.Outbound {
			t.Errorf("cause %d: %+v", cause, r)
		}
		d.now = d.now.Add(restAfter)
		d.dial("1001", "138")
		d.wants("PJSIP/138@t1 as 02100001")
	}
	// What speaks of whom was called is no failure of the trunk.
	for cause, why := range map[int]fact.Reason{17: fact.ReasonBusy, 19: fact.ReasonNoAnswer, 21: fact.ReasonRejected, 1: fact.ReasonUnreachable} {
		d := newDesk(t, carriers)
		first := d.dial("1001", "138")
		leg, _ := d.rings()
		d.ends(leg, cause)
		d.wants("")
		d.refused(first, cause, why)
	}
	// The room that the leg is not there for may be heard of before the leg.
	d := newDesk(t, carriers)
	first := d.dial("1001", "138")
	one := d.wants("PJSIP/138@t1 as 02100001")
	d.hear(media.CommandFailed{Of: "Join", Leg: first, Room: d.c.of(one).call.Room, Failure: media.FailNoLeg})
	two := d.wants("PJSIP/138@t2 as 02100002")
	d.hear(media.CommandFailed{Of: "Create", Leg: one, Failure: media.FailRefused, Message: "no"})
	if v := d.c.View().Trunks; v[0].Failed != 1 || v[0].Live != 0 || v[1].Live != 1 {
		t.Errorf("trunks %+v", v)
	}
	d.ends(first, 16)
	d.ends(two, 16)
	// A trunk has causes of its own, and all may fail.
	d = newDesk(t, func(c *Config) { carriers(c); c.Trunks[0].Failover = []int{1} })
	first = d.dial("1001", "138")
	leg, _ := d.rings()
	d.ends(leg, 1)
	leg = d.wants("PJSIP/138@t2 as 02100002")
	d.ends(leg, 34)
	d.wants("")
	d.refused(first, 34, fact.ReasonSwitchDown)
	// When all rest they are tried all the same.
	d.dial("1001", "138")
	d.wants("PJSIP/138@t1 as 02100001")
}

func TestTrunkCapacity(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		carriers(c)
		c.Trunks[0].Capacity, c.Trunks[1].Capacity = 1, 1
	})
	// A call that came in takes its place, though its number leads nowhere.
	in := d.arrive("PJSIP/t1", "139", "999")
	first := d.dial("1001", "138")
	leg := d.wants("PJSIP/138@t2 as 02100002")
	third := d.dial("1002", "138")
	d.wants("")
	d.refused(third, 34, fact.ReasonUnreachable)
	if v := d.c.View().Trunks; v[0].Live != 1 || v[1].Live != 1 || v[1].Capacity != 1 || v[1].Calls != 1 {
		t.Errorf("trunks %+v", v)
	}
	d.ends(in, 1)
	if r := d.record(); r.Trunk != "t1" || r.Direction != fact.Inbound {
		t.Errorf("the call that came in: %+v", r)
	}
	d.dial("1002", "138")
	d.wants("PJSIP/138@t1 as 02100001")
	d.ends(leg, 16)
	d.ends(first, 16)
	// A configuration without a trunk forgets it once nobody is on it.
	cfg := d.c.cfg
	cfg.Version, cfg.Trunks, cfg.Routes = 2, nil, nil
	d.step(Configured{Config: cfg})
	if len(d.c.trunks) != 1 || d.c.trunks["t1"] == nil {
		t.Errorf("trunks that are kept: %v", d.c.trunks)
	}
}

func TestEmergencyAlwaysPasses(t *testing.T) {
	barred := func(c *Config) {
		carriers(c)
		c.Routes = c.Routes[1:] // none takes 110
		c.Classes = []Class{{ID: "none"}}
		for i := range c.Trunks {
			c.Trunks[i].Capacity = 1
		}
		for i := range c.Seats {
			c.Seats[i].Class = "none"
		}
		c.Seats[1].Extension = "110" // which a check refuses, and must not matter
		c.Codes = []FeatureCode{{Code: "120", Flow: "none"}}
	}
	for _, number := range []string{"110", "119", "120", "122"} {
		d := newDesk(t, barred)
		for _, by := range []fact.Endpoint{"PJSIP/t1", "PJSIP/t2", "PJSIP/t3"} { // all are full
			d.arrive(by, "139", "999")
		}
		d.dial("1003", number) // where nobody is signed in
		for _, trunk := range []string{"t1", "t2", "t3"} {
			leg := d.wants("PJSIP/" + number + "@" + trunk + " as 0210000" + trunk[1:])
			d.ends(leg, 21) // any failure, but of whom was called
		}
		d.wants("")
		// All rest, and the next one is dialled nevertheless.
		first := d.dial("1003", number)
		leg := d.wants("PJSIP/" + number + "@t1 as 02100001")
		d.ends(leg, 17)
		d.wants("")
		d.refused(first, 17, fact.ReasonBusy)
	}
	// By the route that takes it, before all others.
	d := newDesk(t, func(c *Config) {
		carriers(c)
		c.Routes = append(c.Routes, Route{ID: "urgent", Prefixes: []string{"110"}, Trunks: []string{"t3"}, Class: "nobody's"})
	})
	d.dial("1003", "110")
	d.ends(d.wants("PJSIP/110@t3 as 02100003"), 34)
	d.wants("PJSIP/110@t1 as 02100001")
}

func TestClassOfService(t *testing.T) {
	house := func(c *Config) {
		carriers(c)
		c.Routes = append(c.Routes, Route{ID: "boss-line", Prefixes: []string{"400"}, Trunks: []string{"t3"}, Class: "boss"})
		c.Classes = []Class{{ID: "lobby", Extensions: true}, {ID: "city", Routes: []string{"city"}}, {ID: "boss", Routes: []string{"country", "abroad", "city"}, Extensions: true}}
	}
	forbidden := "!" + string(fact.ReasonForbidden)
	for _, c := range []struct{ class, phone, number, want string }{
		// No class: agents who are signed in dial all that is no class's own.
		{"", "1001", "138", "t1"}, {"", "1001", "0012", "t3"}, {"", "1001", "8002", "PJSIP/1002"},
		{"", "1001", "4008001234", forbidden},
		{"", "1003", "138", forbidden}, {"", "1003", "8001", "PJSIP/1001"}, {"", "1003", "999x", forbidden},
		// A lobby's phone rings colleagues and no more.
		{"lobby", "1003", "8001", "PJSIP/1001"}, {"lobby", "1003", "1002", "PJSIP/1002"}, {"lobby", "1003", "138", forbidden},
		{"lobby", "1001", "138", forbidden},
		// The city alone; what a longer prefix bars, a shorter one does not let by.
		{"city", "1003", "02155", "t2"}, {"city", "1003", "138", forbidden}, {"city", "1003", "0012", forbidden},
		{"city", "1003", "8001", forbidden},
		// All, and the line that is the class's own, without a sign-in.
		{"boss", "1003", "138", "t1"}, {"boss", "1003", "0012", "t3"}, {"boss", "1003", "4008001234", "t3"},
		{"boss", "1003", "8001", "PJSIP/1001"},
		// A class that is gone allows nothing.
		{"gone", "1001", "138", forbidden}, {"gone", "1001", "8002", forbidden},
	} {
		d := newDesk(t, func(cfg *Config) {
			house(cfg)
			for i := range cfg.Seats {
				cfg.Seats[i].Class = c.class
			}
		})
		by := fact.AgentID("")
		if c.phone != "1003" {
			by = fact.AgentID(c.phone)
		}
		ways, _ := d.c.whither(c.number, d.c.index.seats[fact.Endpoint("PJSIP/"+c.phone)], by)
		got := ways[0].trunk
		switch {
		case ways[0].refused != "":
			got = "!" + string(ways[0].refused)
		case got == "":
			got = string(ways[0].endpoint)
		}
		if got != c.want {
			t.Errorf("class %q at %s dials %s: %s, want %s", c.class, c.phone, c.number, got, c.want)
		}
	}
}

func TestPhonesForward(t *testing.T) {
	house := func(seat Seat) func(*Config) {
		return func(c *Config) {
			carriers(c)
			c.Classes = []Class{{ID: "city", Routes: []string{"city"}}}
			seat.Endpoint, seat.Extension = "PJSIP/1003", "8003"
			c.Seats[2] = seat
		}
	}
	always := func(to, class string) Seat { return Seat{Forward: Forward{Always: to}, Class: class} }
	d := newDesk(t, house(always("8002", "")))
	d.dial("1001", "8003")
	d.wants("PJSIP/1002 as 8001")
	// Outside by what the phone that forwards may, whoever called it.
	d = newDesk(t, house(always("02155", "city")))
	first := d.dial("1001", "8003")
	d.ends(d.wants("PJSIP/02155@t2 as 02100002"), 34)
	d.ends(d.wants("PJSIP/02155@t1 as 02100001"), 16)
	d.ends(first, 16)
	if r := d.record(); r.Direction != fact.Internal || r.Trunk != "t1" {
		t.Errorf("forwarded outside: %+v", r)
	}
	for _, seat := range []Seat{always("138", "city"), always("138", "")} {
		d = newDesk(t, house(seat))
		d.refused(d.dial("1001", "8003"), causeRejected, fact.ReasonForbidden)
	}
	// An agent who is signed in takes the phone's calls.
	d = newDesk(t, house(always("8002", "")))
	d.step(Asked{Request: "x", By: "test", Op: SignIn{Agent: "1003", Endpoint: "PJSIP/1003", Ready: true}})
	d.dial("1001", "8003")
	d.wants("PJSIP/1003 as 8001")
	d = newDesk(t, house(Seat{Forward: Forward{Busy: "8002", NoAnswer: "8002"}}))
	d.step(Asked{Request: "x", By: "test", Op: SignIn{Agent: "1003", Endpoint: "PJSIP/1003", Ready: true}})
	first = d.dial("1001", "8003")
	d.ends(d.wants("PJSIP/1003 as 8001"), 17)
	d.wants("")
	d.refused(first, 17, fact.ReasonBusy)

	for cause, want := range map[int]string{17: "PJSIP/1002 as 8001", 21: "PJSIP/1002 as 8001", 19: "PJSIP/02155@t2 as 02100002", 20: "PJSIP/02155@t2 as 02100002", 34: ""} {
		d = newDesk(t, house(Seat{Class: "city", Forward: Forward{Busy: "8002", NoAnswer: "02155"}}))
		d.dial("1001", "8003")
		leg := d.wants("PJSIP/1003 as 8001")
		limit := slices.ContainsFunc(d.out, func(e Effect) bool {
			s, ok := e.(Send)
			dial, is := s.Command.(media.Dial)
			return ok && is && dial.Limit == forwardAfter
		})
		if !limit {
			t.Errorf("the phone may ring for longer than %v: %+v", forwardAfter, d.out)
		}
		d.ends(leg, cause)
		d.wants(want)
	}
	// Not to be disturbed: busy, or forwarded as if.
	d = newDesk(t, house(Seat{DoNotDisturb: true}))
	d.refused(d.dial("1001", "8003"), causeBusy, fact.ReasonBusy)
	d = newDesk(t, house(Seat{DoNotDisturb: true, Forward: Forward{Busy: "8002"}}))
	d.dial("1001", "8003")
	d.wants("PJSIP/1002 as 8001")
	// Phones that forward to each other end somewhere.
	d = newDesk(t, func(c *Config) {
		c.Seats = append(c.Seats, Seat{Endpoint: "PJSIP/1004", Extension: "8004", Forward: Forward{Always: "8003"}})
		c.Seats[2].Forward.Always = "8004"
	})
	d.dial("1001", "8003")
	d.wants("PJSIP/1004 as 8001")
	// Who calls is not called back.
	d = newDesk(t, house(always("8001", "")))
	d.refused(d.dial("1001", "8003"), causeBusy, fact.ReasonBusy)
}

func TestNumbersOfACountry(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		c.Country = "CN"
		c.Numbers = []Number{{Number: "02155550000", Flow: "none"}, {Number: "95588", Flow: "none"}}
	})
	for _, c := range []struct{ from, shown, to string }{
		{"+8613800138000", "13800138000", "02155550000"}, {"013800138000", "13800138000", "862155550000"},
		{"anonymous", "", "+862155550000"}, {"1001", "1001", "95588"}, {"＋86", "＋86", "95588"},
	} {
		leg := d.arrive("PJSIP/t1", c.from, c.to)
		d.ends(leg, 16)
		// The flow is not there: a number that leads nowhere would say so.
		if r := d.record(); r.From != c.shown || r.Reason != fact.ReasonFlowBroken || r.To != c.to {
			t.Errorf("%s calls %s: %+v, want from %q", c.from, c.to, r, c.shown)
		}
	}
	if d.refused(d.arrive("PJSIP/t1", "138", "02155550001"), causeUnallocated, fact.ReasonNoRoute); d.t.Failed() {
		return
	}
	// Without a country numbers stay as they come.
	d = newDesk(t, func(c *Config) { c.Numbers = []Number{{Number: "02155550000", Flow: "none"}} })
	d.ends(d.arrive("PJSIP/t1", "+8613800138000", "02155550000"), 16)
	if r := d.record(); r.From != "+8613800138000" || r.Reason != fact.ReasonFlowBroken {
		t.Errorf("without a country: %+v", r)
	}
	d.refused(d.arrive("PJSIP/t1", "anonymous", "+862155550000"), causeUnallocated, fact.ReasonNoRoute)
}

func TestRingsAreCountedByTheCadence(t *testing.T) {
	for _, c := range []struct {
		ringing, cadence time.Duration
		want             int
	}{
		{0, 0, 0}, {1, 0, 1}, {5 * time.Second, 0, 1}, {5001 * time.Millisecond, 0, 2}, {60 * time.Second, 0, 12},
		{60 * time.Second, 4 * time.Second, 15}, {-1, 4 * time.Second, 0},
	} {
		if got := Rings(c.ringing, c.cadence); got != c.want {
			t.Errorf("%v with a ring every %v: %d rings, want %d", c.ringing, c.cadence, got, c.want)
		}
	}
	d := newDesk(t, func(c *Config) { carriers(c); c.Trunks[1].Cadence = 4 * time.Second })
	if v := d.c.View().Trunks; v[0].Cadence != 5000 || v[1].Cadence != 4000 {
		t.Errorf("trunks %+v", v)
	}
}

func TestCarriersOfTrunks(t *testing.T) {
	for way, want := range map[string]fact.Endpoint{
		"PJSIP/{number}@carrier": "PJSIP/carrier", "SIP/carrier/{number}": "SIP/carrier", "Local/{number}@out": "Local/out",
	} {
		if got := carrier(&Trunk{Endpoint: way}); got != want {
			t.Errorf("calls of %s come by %s, want %s", way, got, want)
		}
	}
	if restAfter != 30*time.Second {
		t.Errorf("a trunk rests for %v; docs/api.md says 30 s", restAfter)
	}
}

// whither is where a number leads that a seat dials at which by is signed in.
func (c *Center) whither(number string, from Seat, by fact.AgentID) ([]way, fact.Direction) {
	ways, dir, _ := c.follow(attempt{Number: number, Seat: from.Endpoint, Agent: by}, from)
	return ways, dir
}
