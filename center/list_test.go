package center

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var listDay = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestStrikesProposeADenial(t *testing.T) {
	c := Caller{Number: "13800000001"}
	strike := func(after time.Duration) bool {
		t.Helper()
		proposed, err := c.Strike(Strike{At: listDay.Add(after).UnixMilli(), By: "1001", Reason: "辱骂"}, StrikeRules{})
		if err != nil {
			t.Fatal(err)
		}
		return proposed
	}
	const day = 24 * time.Hour
	for i, s := range []struct {
		after time.Duration
		want  bool
	}{
		{0, false}, {20 * day, false}, {31 * day, false}, // the first one counts no more
		{32 * day, true},  // the third within 30 days
		{33 * day, false}, // proposed already
	} {
		if got := strike(s.after); got != s.want {
			t.Fatalf("strike %d: %t", i+1, got)
		}
	}
	if e := c.entry(ListDeny); e.State != EntryProposed || e.Holds(listDay.Add(33*day).UnixMilli()) {
		t.Fatalf("%+v", e)
	}
	// Refused: what was decided on is not counted again.
	if err := c.Lift("lee", listDay.Add(34*day), ListDeny); err != nil {
		t.Fatal(err)
	}
	if strike(35*day) || strike(36*day) || !strike(37*day) {
		t.Errorf("%+v", c)
	}
	ends := listDay.Add(60 * day)
	if err := c.Approve("lee", listDay.Add(38*day), "", ends.UnixMilli()); err != nil {
		t.Fatal(err)
	}
	e := c.entry(ListDeny)
	if !e.Holds(ends.UnixMilli()-1) || e.Holds(ends.UnixMilli()) || e.Approved != "lee" {
		t.Errorf("%+v", e)
	}
	for range 2 * MaxStrikes {
		strike(61 * day)
	}
	if len(c.Strikes) != MaxStrikes || c.entry(ListDeny).State != EntryProposed {
		t.Errorf("%d strikes are kept, %+v", len(c.Strikes), c.entry(ListDeny))
	}
}

func TestEntriesAreChecked(t *testing.T) {
	for name, e := range map[string]Entry{
		"no kind":              {Reason: "a", Level: "vip"},
		"no reason":            {Kind: ListDeny},
		"a long reason":        {Kind: ListDeny, Reason: strings.Repeat("啊", MaxReason+1)},
		"a reason with a bell": {Kind: ListDeny, Reason: "a\a"},
		"no UTF-8":             {Kind: ListDeny, Reason: "\xff"},
		"past":                 {Kind: ListDeny, Reason: "a", Expires: listDay.UnixMilli()},
		"a denied level":       {Kind: ListDeny, Reason: "a", Level: "vip"},
		"nothing":              {Kind: ListLevel, Reason: "a"},
		"a language":           {Kind: ListLevel, Reason: "a", Language: "English!"},
		"an attribute":         {Kind: ListLevel, Reason: "a", Attributes: []Attribute{{Name: "A", Value: "b"}}},
		"an attribute of ours": {Kind: ListLevel, Reason: "a", Attributes: []Attribute{{Name: "number", Value: "b"}}},
		"an attribute twice":   {Kind: ListLevel, Reason: "a", Attributes: []Attribute{{Name: "a"}, {Name: "a"}}},
		"many attributes":      {Kind: ListLevel, Reason: "a", Attributes: make([]Attribute, MaxAttributes+1)},
	} {
		c := Caller{Number: "138"}
		if err := c.List("lee", listDay, e, false); !errors.Is(err, ErrInvalid) || len(c.Entries) != 0 {
			t.Errorf("%s: %v, %+v", name, err, c)
		}
	}
	c := Caller{Number: "138"}
	deny := Entry{Kind: ListDeny, Reason: "a"}
	for _, err := range []error{c.List("lee", listDay, deny, true), c.Approve("wang", listDay, "", 0)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.List("lee", listDay, deny, true); !errors.Is(err, ErrConflict) {
		t.Errorf("propose what holds: %v", err)
	}
	if err := c.Approve("lee", listDay, "", 0); !errors.Is(err, ErrConflict) {
		t.Errorf("approve nothing: %v", err)
	}
	if err := c.Lift("lee", listDay, ListLevel); !errors.Is(err, ErrNotFound) {
		t.Errorf("lift nothing: %v", err)
	}
}

// Who approves one thing must not approve another that waits beside it.
func TestOnlyWhatIsMeantIsApproved(t *testing.T) {
	c := Caller{Number: "138"}
	for _, e := range []Entry{{Kind: ListDeny, Reason: "abuse"}, {Kind: ListLevel, Level: "vip", Reason: "gold card"}} {
		if err := c.List("wang", listDay, e, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Approve("lee", listDay, "", 0); !errors.Is(err, ErrConflict) {
		t.Errorf("two are proposed: %v", err)
	}
	past := listDay.Add(-time.Hour).UnixMilli()
	if err := c.Approve("lee", listDay, ListLevel, past); !errors.Is(err, ErrInvalid) || c.entry(ListLevel).Expires != 0 {
		t.Errorf("until an hour ago: %v, %+v", err, c.entry(ListLevel))
	}
	if err := c.Approve("lee", listDay, ListLevel, 0); err != nil {
		t.Fatal(err)
	}
	if deny, level := c.entry(ListDeny).State, c.entry(ListLevel).State; deny != EntryProposed || level != EntryActive {
		t.Errorf("denial %s, level %s", deny, level)
	}
	if err := c.Approve("lee", listDay, ListLevel, 0); !errors.Is(err, ErrConflict) {
		t.Errorf("approved already: %v", err)
	}
	if err := c.Approve("lee", listDay, "", 0); err != nil {
		t.Errorf("the one that is left: %v", err)
	}
}

// A denial that was lifted long before its end decides on nothing any more.
func TestStrikesCountAgainAfterALift(t *testing.T) {
	for name, propose := range map[string]bool{"a denial": false, "a proposal": true} {
		t.Run(name, func(t *testing.T) {
			c := Caller{Number: "138"}
			deny := Entry{Kind: ListDeny, Reason: "abuse", Expires: listDay.AddDate(1, 0, 0).UnixMilli()}
			if err := c.List("lee", listDay, deny, propose); err != nil {
				t.Fatal(err)
			}
			if err := c.Lift("lee", listDay, ListDeny); err != nil {
				t.Fatal(err)
			}
			proposed := false
			for i := range 3 {
				var err error
				at := listDay.Add(time.Duration(i+1) * time.Hour).UnixMilli()
				if proposed, err = c.Strike(Strike{At: at, By: "wang", Reason: "again"}, StrikeRules{}); err != nil {
					t.Fatal(err)
				}
			}
			if !proposed {
				t.Errorf("three strikes after the lift propose nothing: %+v", c.Entries)
			}
		})
	}
}

// The list that the centre goes by is whole after a crash, and an entry that
// comes late changes nothing.
func TestTheListOutlivesACheckpoint(t *testing.T) {
	d := newDesk(t, welcomes)
	list := func(op ListNumbers) {
		t.Helper()
		d.step(Asked{Request: "r", By: "lee", Op: op})
	}
	deny := Entry{Number: "139", Kind: ListDeny, State: EntryActive, Reason: "a", Revision: 1}
	vip := Entry{Number: "138", Kind: ListLevel, State: EntryActive, Level: "vip", Revision: 2}
	lifted := deny
	lifted.State, lifted.Revision = EntryLifted, 4
	list(ListNumbers{Revision: 2, Whole: true, Entries: []Entry{deny, vip}})
	again := deny
	again.Revision, again.Reason = 3, "b"
	list(ListNumbers{Revision: 3, Entries: []Entry{again}})
	list(ListNumbers{Revision: 1, Entries: []Entry{deny}}) // late
	if e := d.c.list["139"].deny; e == nil || e.Reason != "b" || d.c.listRevision != 3 {
		t.Fatalf("%+v, revision %d", e, d.c.listRevision)
	}
	before, err := d.c.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	restored, err := Restore(before)
	if err != nil {
		t.Fatal(err)
	}
	after, err := restored.Checkpoint()
	if err != nil || !bytes.Equal(before, after) || restored.View().Listed != 3 {
		t.Errorf("%v, revision %d\n%s\n%s", err, restored.View().Listed, before, after)
	}
	list(ListNumbers{Revision: 4, Entries: []Entry{lifted}})
	if _, there := d.c.list["139"]; there || len(d.c.list) != 1 {
		t.Errorf("%+v", d.c.list)
	}
	list(ListNumbers{Revision: 2, Whole: true})
	if len(d.c.list) != 0 || d.c.listRevision != 2 {
		t.Errorf("%+v, revision %d", d.c.list, d.c.listRevision)
	}
}

// A change that comes late, or again, undoes nothing: not the lift after it, of
// which nothing is left, and nobody is told of it.
func TestTheListKnowsWhatIsLate(t *testing.T) {
	d := newDesk(t, welcomes)
	list := func(op ListNumbers) (code Code, told int) {
		t.Helper()
		d.step(Asked{Request: "r", By: "lee", Op: op})
		for _, e := range d.out {
			switch e := e.(type) {
			case Reply:
				code = e.Code
			case Emit:
				if e.Event.Kind == fact.CallerListed {
					told++
				}
			}
		}
		return code, told
	}
	deny := Entry{Number: "139", Kind: ListDeny, State: EntryActive, Reason: "a", Revision: 1}
	vip := Entry{Number: "139", Kind: ListLevel, State: EntryActive, Level: "vip", Revision: 2}
	lifted := deny
	lifted.State, lifted.Revision = EntryLifted, 3
	for _, s := range []struct {
		name string
		op   ListNumbers
		code Code
		told int
	}{
		{"a first one", ListNumbers{Revision: 1, Entries: []Entry{deny}}, "", 1},
		{"with one that is known", ListNumbers{Revision: 2, Entries: []Entry{deny, vip}}, "", 1},
		{"lifted", ListNumbers{Revision: 3, Entries: []Entry{lifted, vip}}, "", 1},
		{"late", ListNumbers{Revision: 1, Entries: []Entry{deny}}, "", 0},
		{"no entry at all, but a strike", ListNumbers{}, "", 0},
		{"a gap", ListNumbers{Revision: 5, Entries: []Entry{{Number: "138", Kind: ListDeny, State: EntryActive, Revision: 5}}}, CodeConflict, 0},
		{"no kind", ListNumbers{Revision: 5, Entries: []Entry{{Number: "138", Kind: ListDeny, State: EntryActive, Revision: 4}, {Number: "138", Kind: "x", Revision: 5}}}, CodeInvalid, 0},
	} {
		if code, told := list(s.op); code != s.code || told != s.told {
			t.Errorf("%s: code %q, %d told; want %q, %d", s.name, code, told, s.code, s.told)
		}
	}
	if l := d.c.list["139"]; l.deny != nil || l.level == nil || len(d.c.list) != 1 || d.c.listRevision != 3 {
		t.Errorf("the list is %+v at %d", d.c.list, d.c.listRevision)
	}
}

// Entries that have expired are forgotten with the next change, and those that
// were replaced or lifted leave nothing behind.
func TestTheListForgetsWhatHasExpired(t *testing.T) {
	d := newDesk(t, welcomes)
	wall := d.c.now.Wall()
	entry := func(number string, revision int64, hours int) Entry {
		return Entry{Number: number, Kind: ListDeny, State: EntryActive, Reason: "a", Revision: revision, Expires: wall.Add(time.Duration(hours) * time.Hour).UnixMilli()}
	}
	change := func(entries ...Entry) {
		t.Helper()
		d.step(Asked{Request: "r", By: "lee", Op: ListNumbers{Revision: entries[len(entries)-1].Revision, Entries: entries}})
	}
	d.step(Asked{Request: "r", By: "lee", Op: ListNumbers{Revision: 3, Whole: true, Entries: []Entry{entry("131", 1, 3), entry("132", 2, 1), entry("133", 3, 2)}}})
	change(entry("132", 4, 5))
	d.now = d.now.Add(4 * time.Hour)
	before, err := d.c.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	restored, err := Restore(before)
	if err != nil {
		t.Fatal(err)
	}
	if after, err := restored.Checkpoint(); err != nil || !bytes.Equal(before, after) {
		t.Errorf("%v\n%s\n%s", err, before, after)
	}
	change(entry("134", 5, 6))
	numbers := func() (all []string) {
		for _, e := range d.c.entries() {
			all = append(all, e.Number)
		}
		return all
	}
	if got := numbers(); !slices.Equal(got, []string{"132", "134"}) || len(d.c.listEnds) != 2 {
		t.Errorf("%v are left, %d are to expire", got, len(d.c.listEnds))
	}
	lifted := entry("134", 6, 6)
	lifted.State = EntryLifted
	change(lifted)
	if got := numbers(); !slices.Equal(got, []string{"132"}) || len(d.c.listEnds) != 1 {
		t.Errorf("%v are left, %d are to expire", got, len(d.c.listEnds))
	}
}
