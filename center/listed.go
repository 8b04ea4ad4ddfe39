package center

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// listing is what holds for one number; a nil entry does not.
type listing struct{ deny, level *Entry }

// place is where the entry of a kind is.
func (l *listing) place(kind ListKind) **Entry {
	if kind == ListDeny {
		return &l.deny
	}
	return &l.level
}

// listable says of which entry the kind is none.
func listable(entries []Entry) error {
	for _, e := range entries {
		if e.Kind != ListDeny && e.Kind != ListLevel {
			return fmt.Errorf("number %s: kind %q: want %s or %s: %w", e.Number, e.Kind, ListDeny, ListLevel, ErrInvalid)
		}
	}
	return nil
}

// listNumbers takes over what has changed since the revision at hand, or the
// whole list. Every change has the revision after that of the one before it: an
// entry that is not newer is known, or was lifted since, and where one is missing
// the list must be told whole.
func (c *Center) listNumbers(op ListNumbers) error {
	if err := listable(op.Entries); err != nil {
		return fmt.Errorf("list numbers: %w", err)
	}
	if op.Whole {
		c.relist(op.Entries, op.Revision)
		c.unlistExpired()
		return nil
	}
	news := slices.DeleteFunc(slices.Clone(op.Entries), func(e Entry) bool { return e.Revision <= c.listRevision })
	if op.Revision > c.listRevision+int64(len(news)) {
		return fmt.Errorf("list numbers: revision %d with %d changes: %w: the list is at %d: want the changes from there on, or the whole list",
			op.Revision, len(news), ErrConflict, c.listRevision)
	}
	for _, e := range news {
		c.listChanged(e)
		c.emit(fact.Event{Kind: fact.CallerListed, From: e.Number, Name: string(e.Kind), Reason: string(e.State)})
	}
	c.listRevision = max(c.listRevision, op.Revision)
	c.unlistExpired()
	return nil
}

// relist puts a whole list in the place of the one at hand.
func (c *Center) relist(entries []Entry, revision int64) {
	c.list, c.listEnds, c.listRevision = map[string]listing{}, nil, revision
	for _, e := range entries {
		if held := c.enlist(e); held != nil && held.Expires != 0 {
			c.listEnds = append(c.listEnds, held)
		}
	}
	slices.SortFunc(c.listEnds, byExpiry)
}

// listChanged takes over one entry that has changed.
func (c *Center) listChanged(e Entry) {
	l := c.list[e.Number]
	if old := *l.place(e.Kind); old != nil {
		if i, found := slices.BinarySearchFunc(c.listEnds, old, byExpiry); found {
			c.listEnds = slices.Delete(c.listEnds, i, i+1)
		}
	}
	if held := c.enlist(e); held != nil && held.Expires != 0 {
		i, _ := slices.BinarySearchFunc(c.listEnds, held, byExpiry)
		c.listEnds = slices.Insert(c.listEnds, i, held)
	}
}

// enlist puts an entry where it holds, nil for one that does not.
func (c *Center) enlist(e Entry) *Entry {
	var held *Entry
	if e.State == EntryActive {
		held = &e
	}
	l := c.list[e.Number]
	if *l.place(e.Kind) = held; l == (listing{}) {
		delete(c.list, e.Number)
	} else {
		c.list[e.Number] = l
	}
	return held
}

// unlistExpired forgets the entries that have expired: each change of the list
// makes room for itself.
func (c *Center) unlistExpired() {
	wall, over := c.now.Wall().UnixMilli(), 0
	for over < len(c.listEnds) && !c.listEnds[over].Holds(wall) {
		e := *c.listEnds[over]
		e.State = EntryLifted
		c.enlist(e)
		over++
	}
	c.listEnds = slices.Delete(c.listEnds, 0, over)
}

// byExpiry orders entries by when they expire.
func byExpiry(a, b *Entry) int {
	return cmp.Or(cmp.Compare(a.Expires, b.Expires), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Kind, b.Kind))
}

// entries is the list in the order of numbers and kinds.
func (c *Center) entries() []Entry {
	var all []Entry
	for _, l := range c.list { // sorted below
		for _, e := range []*Entry{l.deny, l.level} {
			if e != nil {
				all = append(all, *e)
			}
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Kind, b.Kind)) })
	return all
}

// listed is the entry of a kind that holds for who calls, nil for none.
func (c *Center) listed(k *contact, kind ListKind) *Entry {
	l := c.list[k.call.From.Number]
	e := *l.place(kind)
	if e == nil || k.call.From.Number == "" || !e.Holds(c.now.Wall().UnixMilli()) {
		return nil
	}
	return e
}

// answers is the flow that answers a call to a number: another for a caller who
// is denied, who hears why and is not just cut off.
func (c *Center) answers(k *contact, number Number) fact.FlowID {
	if c.cfg.Callers.Denied == "" {
		return number.Flow
	}
	if e := c.listed(k, ListDeny); e != nil {
		c.emit(fact.Event{Kind: fact.CallerDenied, Call: k.call.ID, From: k.call.From.Number, To: k.call.To, Reason: e.Reason})
		return c.cfg.Callers.Denied
	}
	return number.Flow
}

// struck tells of a strike.
func (c *Center) struck(op ReportStrike) {
	if k := c.contacts[op.Call]; k != nil {
		k.misused, k.struck = true, true
	}
	c.emit(fact.Event{Kind: fact.CallerStruck, Call: op.Call, From: op.Number, Name: op.By, Reason: op.Reason, Position: op.Count})
}
