package center

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// listing is what holds for one number; a nil entry does not.
type listing struct{ deny, level *Entry }

// listNumbers takes over entries: those that are active, until they expire.
// An entry that is older than the one at hand came late.
func (c *Center) listNumbers(op ListNumbers) error {
	if op.Whole {
		c.list = map[string]listing{}
	}
	for i := range op.Entries {
		e := op.Entries[i]
		l := c.list[e.Number]
		place := &l.deny
		switch e.Kind {
		case ListDeny:
		case ListLevel:
			place = &l.level
		default:
			return fmt.Errorf("list numbers: kind %q: %w", e.Kind, ErrInvalid)
		}
		if *place != nil && (*place).Revision > e.Revision {
			continue
		}
		*place = nil
		if e.State == EntryActive {
			*place = &e
		}
		if l == (listing{}) {
			delete(c.list, e.Number)
		} else {
			c.list[e.Number] = l
		}
		if !op.Whole {
			c.emit(fact.Event{Kind: fact.CallerListed, From: e.Number, Name: string(e.Kind), Reason: string(e.State)})
		}
	}
	if c.listRevision < op.Revision || op.Whole {
		c.listRevision = op.Revision
	}
	return nil
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
	e := l.deny
	if kind == ListLevel {
		e = l.level
	}
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
	c.emit(fact.Event{Kind: fact.CallerStruck, Call: op.Call, From: op.Number, Name: op.By, Reason: op.Reason, Position: op.Count})
}
