package callback

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

const shanghai = "Asia/Shanghai"

// clock is an instant of a day in Shanghai.
func clock(text string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("CST", 8*60*60))
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

func booked(p Policy, all ...Callback) *Book {
	b := NewBook()
	b.Configure(p, shanghai, 0)
	for _, c := range all {
		b.Put(owed(c), c.Asked)
	}
	return b
}

func owed(c Callback) Callback {
	c.State, c.Source = Open, FromFlow
	if c.Queue == "" {
		c.Queue = "sales"
	}
	if c.Number == "" {
		c.Number = "1380000" + string(c.ID)
	}
	return c
}

// take are the ids that come up at an instant.
func take(b *Book, now int64) (ids []fact.CallbackID) {
	for _, t := range b.Take(now) {
		ids = append(ids, t.Callback.ID)
	}
	return ids
}

func TestPlans(t *testing.T) {
	for _, c := range []struct {
		name     string
		c        Callback
		policy   Policy
		from, by string
		late     bool
		now      string
	}{
		{name: "at once", c: Callback{Asked: clock("2026-11-30 09:00")}, from: "2026-11-30 09:00"},
		{name: "first minute", c: Callback{Asked: clock("2026-11-30 07:30")}, from: "2026-11-30 07:30"},
		{name: "before the morning", c: Callback{Asked: clock("2026-11-30 07:29")}, from: "2026-11-30 07:30"},
		{name: "the morning's end is not of it", c: Callback{Asked: clock("2026-11-30 12:30")}, from: "2026-11-30 14:00"},
		{name: "the evening's end is not of it", c: Callback{Asked: clock("2026-11-30 21:00")}, from: "2026-12-01 07:30"},
		{name: "due in the gap at noon", c: Callback{Asked: clock("2026-11-30 09:00"), Due: clock("2026-11-30 13:15")}, from: "2026-11-30 09:00", by: "2026-11-30 12:30"},
		{name: "due at night", c: Callback{Asked: clock("2026-11-30 09:00"), Due: clock("2026-12-01 03:00")}, from: "2026-11-30 09:00", by: "2026-11-30 21:00"},
		{name: "due in a window", c: Callback{Asked: clock("2026-11-30 09:00"), Due: clock("2026-11-30 15:00")}, from: "2026-11-30 09:00", by: "2026-11-30 15:00"},
		{name: "cannot be kept", c: Callback{Asked: clock("2026-11-30 12:40"), Due: clock("2026-11-30 13:15")}, from: "2026-11-30 14:00", by: "2026-11-30 12:30", late: true},
		{name: "time has passed", c: Callback{Asked: clock("2026-11-30 09:00"), Due: clock("2026-11-30 11:00")}, now: "2026-11-30 12:45", from: "2026-11-30 09:00", by: "2026-11-30 11:00", late: true},
		{name: "as the customer wants", c: Callback{Asked: clock("2026-11-30 09:00"), Due: clock("2026-11-30 13:15"), DueSource: DueByCustomer}, from: "2026-11-30 13:15", by: "2026-11-30 13:15"},
		{name: "allowed on record", c: Callback{Asked: clock("2026-11-30 22:00"), Override: "lily"}, from: "2026-11-30 22:00"},
		{name: "in its own zone", c: Callback{Asked: clock("2026-11-30 09:00"), Zone: "Europe/Berlin"}, from: "2026-11-30 14:30"},
		{name: "in an unknown zone", c: Callback{Asked: clock("2026-11-30 13:00"), Zone: "Mars/Olympus"}, from: "2026-11-30 14:00"},
		{name: "over holidays", c: Callback{Asked: clock("2026-09-30 22:00")}, policy: Policy{Holidays: []string{"2026-10-01..2026-10-07"}}, from: "2026-10-08 07:30"},
		{name: "due on a holiday", c: Callback{Asked: clock("2026-09-30 10:00"), Due: clock("2026-10-02 10:00")}, policy: Policy{Holidays: []string{"2026-10-01..2026-10-07"}},
			from: "2026-09-30 10:00", by: "2026-09-30 21:00"},
		{name: "not before", c: Callback{Asked: clock("2026-11-30 09:00"), After: clock("2026-12-01 13:00")}, from: "2026-12-01 14:00"},
	} {
		c.policy.Dial = AgentFirst
		c.c.ID = "1"
		b := booked(c.policy, c.c)
		if c.now != "" {
			b.Configure(c.policy, shanghai, clock(c.now))
		}
		_, p, ok := b.Get("1")
		want := Plan{From: clock(c.from), Late: c.late}
		if c.by != "" {
			want.By = clock(c.by)
		}
		if !ok || p != want {
			t.Errorf("%s: from %s by %s late %t, want from %s by %s", c.name, at(p.From).UTC().Add(8*time.Hour), at(p.By).UTC().Add(8*time.Hour), p.Late, c.from, c.by)
		}
	}
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{Dial: AgentFirst},
		Callback{ID: "1", Asked: nine}, Callback{ID: "2", Asked: nine + 1, Due: clock("2026-11-30 18:00")},
		Callback{ID: "3", Asked: nine + 2, Due: clock("2026-11-30 10:00")}, Callback{ID: "4", Asked: nine + 3, Queue: "help"},
		Callback{ID: "5", Asked: nine - 1})
	if ids := take(b, clock("2026-11-30 11:00")); !slices.Equal(ids, []fact.CallbackID{"4", "3", "2", "5", "1"}) {
		t.Errorf("%v", ids)
	}
}

// What a caller has waited in line counts on from when the callback may be
// called, and no hour of a night does: callbacks do not go before all callers.
func TestAPlaceIsKeptAndNightsDoNotCount(t *testing.T) {
	asked := clock("2026-11-30 21:30")
	b := booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: asked, Joined: asked - 120_000})
	morning := clock("2026-12-01 07:30")
	all := b.Take(morning + 5)
	if len(all) != 1 || all[0].Joined != morning-120_000 {
		t.Errorf("%+v", all)
	}
	// A promise that is broken has waited since then.
	b = booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: asked, Due: clock("2026-12-01 01:00")})
	if all := b.Take(morning); len(all) != 1 || all[0].Joined != clock("2026-11-30 21:00") {
		t.Errorf("%+v", all)
	}
}

func TestOneInFlightANumber(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: nine, Number: "138"}, Callback{ID: "2", Asked: nine, Number: "138", Queue: "help"})
	if ids := take(b, nine); !slices.Equal(ids, []fact.CallbackID{"2"}) {
		t.Fatalf("%v", ids)
	}
	if _, some := b.Next(); some {
		t.Error("the other comes up")
	}
	if c, ok := b.Same("138", "sales"); !ok || c.ID != "1" {
		t.Errorf("%+v", c)
	}
	if _, ok := b.Dial("2", "c-1", nine+10); !ok {
		t.Fatal("not dialled")
	}
	if ids := take(b, nine+20); len(ids) != 0 {
		t.Fatalf("%v", ids)
	}
	if c, ok := b.End("2", Answered, "1001", nine+30); !ok || c.State != Done || c.By != "1001" || c.Closed != nine+30 {
		t.Errorf("%+v", c)
	}
	if ids := take(b, nine+40); !slices.Equal(ids, []fact.CallbackID{"1"}) {
		t.Errorf("%v", ids)
	}
}

func TestRetries(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	p := Policy{Dial: AgentFirst, Retries: []Retry{{Busy, 7 * time.Minute, 1}}}
	try := func(b *Book, now int64, o Outcome) Callback {
		t.Helper()
		if ids := take(b, now); len(ids) != 1 {
			t.Fatalf("%v", ids)
		}
		// It rings at agents for long: the interval counts from the attempt.
		if _, ok := b.Dial("1", "c-1", now+60_000); !ok {
			t.Fatal("not dialled")
		}
		c, _ := b.End("1", o, "", now+90_000)
		return c
	}
	b := booked(p, Callback{ID: "1", Asked: nine})
	c := try(b, nine, NoAnswer)
	want := nine + 60_000 + 30*60_000
	if at, _ := b.Next(); c.Next != want || at != want || c.Attempts != 1 || c.Outcome != NoAnswer || c.Tried != nine+60_000 || c.LastCall != "c-1" {
		t.Fatalf("%+v, next %d", c, at)
	}
	if b.May("1", want-1) || take(b, want-1) != nil {
		t.Error("called within the interval")
	}
	if c = try(b, want, Busy); c.Stage != Waiting || c.Next != want+60_000+7*60_000 || c.Row != 1 {
		t.Fatalf("%+v", c)
	}
	if c = try(b, c.Next, Busy); c.Stage != Review || c.Row != 2 {
		t.Fatalf("busy twice: %+v", c)
	}
	if _, some := b.Next(); some || b.Open() != 1 {
		t.Error("it is tried all the same")
	}
	// Somebody gives it another time.
	moved := c
	moved.Revision = 1
	if err := moved.Move(Moving{Due: clock("2026-11-30 15:00"), DueSource: DueByAgent}); err != nil {
		t.Fatal(err)
	}
	b.Put(moved, c.Next)
	if c = try(b, clock("2026-11-30 10:30"), WrongNumber); c.Stage != Review || c.Attempts != 1 {
		t.Errorf("%+v", c)
	}
}

func TestWhatAgentsSayGoesBeforeTheLine(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: nine})
	if b.Say("1", Machine) == nil {
		t.Error("said of one that is not called")
	}
	take(b, nine)
	b.Dial("1", "c-1", nine)
	if b.Say("1", "cheerful") == nil || b.Say("1", Machine) != nil {
		t.Error("said")
	}
	if c, _ := b.End("1", Answered, "1001", nine+9000); c.State != Open || c.Outcome != Machine || c.Next != nine+2*60*60_000 {
		t.Errorf("%+v", c)
	}
	// Moved in the talk it stays open for then, and what was talked is no end.
	b = booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: nine})
	take(b, nine)
	c, _ := b.Dial("1", "c-1", nine)
	c.Revision = 7
	if err := c.Move(Moving{Due: clock("2026-11-30 13:00"), DueSource: DueByCustomer}); err != nil {
		t.Fatal(err)
	}
	b.Put(c, nine+1)
	if c, _ := b.End("1", Answered, "1001", nine+9000); c.State != Open || c.Stage != Waiting {
		t.Errorf("%+v", c)
	}
	if at, _ := b.Next(); at != clock("2026-11-30 13:00") || b.Revision() != 7 {
		t.Errorf("next at %d", at)
	}
}

func TestCapsADay(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{Dial: AgentFirst, PerDay: 1}, Callback{ID: "1", Asked: nine, Number: "138"}, Callback{ID: "2", Asked: nine, Number: "138"})
	take(b, nine)
	b.Dial("1", "c-1", nine)
	b.End("1", Answered, "", nine+1)
	if at, _ := b.Next(); at != clock("2026-12-01 07:30") {
		t.Errorf("next at %d", at)
	}
	if b.Run("2", nine+2) != nil || take(b, nine+3) != nil {
		t.Error("beyond the day's calls")
	}
}

// Beyond what a queue's line takes, callbacks come up as places in it free,
// also when the one whose turn it would have been is owed no more.
func TestALineThatWasFullIsFilled(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{Dial: AgentFirst})
	for i := range maxLined + 3 {
		b.Put(owed(Callback{ID: fact.CallbackID(fmt.Sprintf("%03d", i)), Asked: nine}), nine)
	}
	if ids := take(b, nine); len(ids) != maxLined {
		t.Fatalf("%d join", len(ids))
	}
	if at, some := b.Next(); some {
		t.Fatalf("with a full line next at %d", at)
	}
	b.Dial("007", "c-1", nine+1)
	b.End("007", Answered, "1001", nine+2)
	if at, some := b.Next(); !some || at != nine+2 {
		t.Errorf("answered: next at %d, %t", at, some)
	}
	if ids := take(b, nine+2); !slices.Equal(ids, []fact.CallbackID{"050"}) {
		t.Errorf("answered: %v join", ids)
	}
	for i, id := range []fact.CallbackID{"008", "051"} {
		c, _, _ := b.Get(id)
		c.Revision = int64(i + 1)
		if err := c.Close(Cancelled, "lily", "", nine+3); err != nil {
			t.Fatal(err)
		}
		b.Put(c, nine+3)
	}
	if at, some := b.Next(); !some || at != nine+3 {
		t.Errorf("cancelled: next at %d, %t", at, some)
	}
	if ids := take(b, nine+3); !slices.Equal(ids, []fact.CallbackID{"052"}) {
		t.Errorf("cancelled: %v join", ids)
	}
}

func TestByHand(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{}, Callback{ID: "1", Asked: nine, After: clock("2026-12-05 09:00")}, Callback{ID: "2", Asked: nine})
	if ids := take(b, clock("2026-11-30 12:00")); ids != nil {
		t.Errorf("dialled by itself: %v", ids)
	}
	if b.Run("1", clock("2026-11-30 13:00")) == nil {
		t.Error("in a gap")
	}
	if b.Run("3", nine) == nil {
		t.Error("of none")
	}
	none := owed(Callback{ID: "4", Asked: nine})
	none.Queue = ""
	b.Put(none, nine)
	if err := b.Run("4", nine); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "queue") {
		t.Errorf("without a queue: %v", err)
	}
	if err := b.Run("1", nine); err != nil {
		t.Fatal(err)
	}
	if ids := take(b, nine); !slices.Equal(ids, []fact.CallbackID{"1"}) {
		t.Errorf("%v", ids)
	}
}

// What is in line when dialling by itself is turned off is not called, unless
// somebody wants it to be.
func TestWhatIsInLineStopsWithDialling(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	b := booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: nine}, Callback{ID: "2", Asked: nine})
	take(b, nine)
	b.Configure(Policy{}, shanghai, nine+1)
	if err := b.Run("2", nine+2); err != nil {
		t.Fatal(err)
	}
	if b.May("1", nine+2) || !b.May("2", nine+2) {
		t.Errorf("may be called: 1 %t, 2 %t", b.May("1", nine+2), b.May("2", nine+2))
	}
	if _, ok := b.Dial("1", "c-1", nine+3); ok {
		t.Error("dialled by itself")
	}
	b.Unline("1", nine+3, true)
	if at, some := b.Next(); some {
		t.Errorf("next at %d", at)
	}
	if _, ok := b.Dial("2", "c-2", nine+3); !ok {
		t.Error("not dialled by hand")
	}
}

// The windows are asked again right before the number is dialled.
func TestTheLastMomentCounts(t *testing.T) {
	b := booked(Policy{Dial: AgentFirst}, Callback{ID: "1", Asked: clock("2026-11-30 12:29")})
	take(b, clock("2026-11-30 12:29"))
	if _, ok := b.Dial("1", "c-1", clock("2026-11-30 12:30")); ok {
		t.Error("dialled in a gap")
	}
	b.Unline("1", clock("2026-11-30 12:30"), true)
	if at, _ := b.Next(); at != clock("2026-11-30 14:00") {
		t.Errorf("next at %d", at)
	}
}

func TestPoliciesAreChecked(t *testing.T) {
	good := Policy{Dial: AgentFirst, Windows: []string{"mon-fri 09:00-12:00"}, Retries: []Retry{{WrongNumber, 0, 0}, {Busy, time.Minute, 2}}, Attempts: 3, PerDay: 2, Ring: time.Minute}
	if errs := good.Check(); len(errs) != 0 {
		t.Error(errs)
	}
	for name, change := range map[string]func(*Policy){
		"dial": func(p *Policy) { p.Dial = "predictive" }, "windows": func(p *Policy) { p.Windows = []string{"always"} },
		"no windows": func(p *Policy) { p.Windows = []string{} }, "holidays": func(p *Policy) { p.Holidays = []string{"sometimes"} },
		"outcome": func(p *Policy) { p.Retries[0].Outcome = Answered }, "twice": func(p *Policy) { p.Retries[1].Outcome = WrongNumber },
		"at once": func(p *Policy) { p.Retries[1].After = 0 }, "times": func(p *Policy) { p.Retries[1].Times = -1 },
		"attempts": func(p *Policy) { p.Attempts = -1 }, "per day": func(p *Policy) { p.PerDay = 101 }, "ring": func(p *Policy) { p.Ring = time.Second },
	} {
		p := good
		p.Retries = slices.Clone(good.Retries)
		change(&p)
		if len(p.Check()) == 0 {
			t.Errorf("%s: nothing is wrong", name)
		}
	}
}
