package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// CallerList is numbers of the list, in their order.
type CallerList struct {
	// Revision is the list's that the centre goes by.
	Revision int64          `json:"revision" doc:"of the list, as the centre goes by it"`
	Callers  []CallerDetail `json:"callers"`
	Next     string         `json:"next,omitempty" doc:"for ?from= of the next page; absent at the end"`
}

// CallerDetail is what the list has of one number.
type CallerDetail struct {
	Number string `json:"number" doc:"as calls show it"`
	E164   string `json:"e164,omitempty" doc:"in the international form, where the country's plan has one"`
	Zone   string `json:"zone,omitempty" doc:"the centre's time zone, by which last days end"`
	Mobile bool   `json:"mobile,omitempty" doc:"it is known to be a mobile one"`
	// Denied and Level are what holds now.
	Denied  bool            `json:"denied" doc:"calls are answered by callers.denied now"`
	Level   string          `json:"level,omitempty" doc:"what holds now"`
	Counted int             `json:"counted" doc:"strikes that count now"`
	Entries []center.Entry  `json:"entries"`
	Strikes []center.Strike `json:"strikes"`
}

// CallerDone is the answer to a change of the list.
type CallerDone struct {
	Caller CallerDetail `json:"caller" doc:"the number afterwards"`
	// Proposed says that the strikes now propose a denial.
	Proposed bool   `json:"proposed,omitempty" doc:"the strikes now propose a denial, which somebody must approve"`
	Cursor   string `json:"cursor" doc:"for ?after= of a read that is to include it"`
}

// Denial is the body of a denial.
type Denial struct {
	Reason  string `json:"reason" doc:"why, for people" minLength:"1" maxLength:"600"`
	Until   string `json:"until,omitempty" doc:"the last day, or the instant at which it ends; never when absent" example:"2026-12-31" maxLength:"40"`
	Propose bool   `json:"propose,omitempty" doc:"it holds only once somebody approves it"`
}

// Why is the reason.
func (d Denial) Why() string { return d.Reason }

// Ranked is the body of a level.
type Ranked struct {
	Denial
	Level      string            `json:"level,omitempty" doc:"one of order.levels" maxLength:"64"`
	Language   string            `json:"language,omitempty" doc:"what the caller speaks, for flows" maxLength:"32"`
	Attributes map[string]string `json:"attributes,omitempty" doc:"for flows, which know each as caller_ and its name"`
}

// ActionStrike is the audit's word for a strike, whoever notes it.
const ActionStrike = "caller.strike"

// NewStrike is the body of a strike.
type NewStrike struct {
	Reason string      `json:"reason" doc:"what happened" minLength:"1" maxLength:"600"`
	Call   fact.CallID `json:"call,omitempty" doc:"in which call" maxLength:"200"`
}

// Why is the reason.
func (n NewStrike) Why() string { return n.Reason }

// Approval is the body of an approval.
type Approval struct {
	Kind  center.ListKind `json:"kind,omitempty" doc:"which of two that are proposed; the only one when absent" enum:"deny,level"`
	Until string          `json:"until,omitempty" doc:"the last day, or the instant at which it ends; as proposed when absent" maxLength:"40"`
}

// Lifting is the body of taking an entry back.
type Lifting struct {
	Kind center.ListKind `json:"kind,omitempty" doc:"what is lifted; deny when absent" enum:"deny,level"`
}

// CallerFilter chooses numbers of the list; zero fields choose all.
type CallerFilter struct {
	Tenant fact.TenantID
	Kind   center.ListKind
	State  center.EntryState
	Limit  int
	After  string
}

// CallerPath names a number.
type CallerPath struct {
	Number string `path:"id" doc:"the caller's number" maxLength:"64"`
}

type callerOut struct{ Body CallerDetail }
type callerDoneOut struct{ Body CallerDone }

func (s *Server) callerRoutes() {
	type listOut struct{ Body CallerList }
	route(s, http.MethodGet, "/callers", "list-callers", "List numbers that are denied, ranked or struck", func(ctx context.Context, in *struct {
		Fresh
		Kind  center.ListKind   `query:"kind" doc:"only with an entry of this kind" enum:"deny,level"`
		State center.EntryState `query:"state" doc:"only with an entry in this state" enum:"proposed,active,lifted"`
		Limit int               `query:"limit" doc:"how many at most" minimum:"1" maximum:"1000" default:"100"`
		From  string            `query:"from" doc:"after this number, as next of the page before" maxLength:"64"`
	}) (*listOut, error) {
		v, _, err := s.view(ctx, in.After)
		if err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		all, err := s.store.ListedPage(limit, CallerFilter{Tenant: s.tenant, Kind: in.Kind, State: in.State, Limit: in.Limit, After: in.From})
		if err != nil {
			return nil, err
		}
		d, _, err := s.document(ctx)
		if err != nil {
			return nil, err
		}
		out := &listOut{CallerList{Revision: v.Listed, Callers: []CallerDetail{}}}
		for _, c := range all {
			out.Body.Callers = append(out.Body.Callers, s.detail(d, c))
		}
		if len(all) == in.Limit {
			out.Body.Next = all[len(all)-1].Number
		}
		return out, nil
	})
	route(s, http.MethodGet, "/callers/{id}", "show-caller", "Show what the list has of a number", func(ctx context.Context, in *struct {
		Scope
		CallerPath
	}) (*callerOut, error) {
		d, number, err := s.caller(ctx, in.Number)
		if err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		c, err := s.store.Listed(limit, s.tenant, number)
		if err != nil {
			return nil, err
		}
		return &callerOut{s.detail(d, c)}, nil
	})
	route(s, http.MethodPut, "/callers/{id}/deny", "deny-caller", "Deny a number, or propose to", s.deny)
	route(s, http.MethodPut, "/callers/{id}/level", "rank-number", "Give a number a level, a language, attributes", s.rankNumber)
	route(s, http.MethodPost, "/callers/{id}/strikes", "strike-caller", "Note a misuse; enough of them propose a denial", s.strike)
	route(s, http.MethodPost, "/callers/{id}/approve", "approve-caller", "Let what is proposed hold", func(ctx context.Context, in *struct {
		Scope
		CallerPath
		Body *Approval
	}) (*callerDoneOut, error) {
		asked := Approval{}
		if in.Body != nil {
			asked = *in.Body
		}
		return s.changeCaller(ctx, in.Number, "caller.approve", func(d *Document, c *center.Caller) error {
			ends, err := until(d, asked.Until)
			if err != nil {
				return err
			}
			if e, err := c.Proposed(asked.Kind); err == nil && e.Kind == center.ListDeny {
				if err := deniable(d); err != nil {
					return err
				}
			}
			return c.Approve(actorOf(ctx).Name, s.now(), asked.Kind, ends)
		})
	})
	route(s, http.MethodPost, "/callers/{id}/lift", "lift-caller", "Take a denial or a level back, or refuse what is proposed", func(ctx context.Context, in *struct {
		Scope
		CallerPath
		Body *Lifting
	}) (*callerDoneOut, error) {
		kind := center.ListDeny
		if in.Body != nil && in.Body.Kind != "" {
			kind = in.Body.Kind
		}
		return s.changeCaller(ctx, in.Number, "caller.lift", func(_ *Document, c *center.Caller) error {
			return c.Lift(actorOf(ctx).Name, s.now(), kind)
		})
	})
}

// deny denies a number.
func (s *Server) deny(ctx context.Context, in *struct {
	Scope
	CallerPath
	Body Denial
}) (*callerDoneOut, error) {
	return s.changeCaller(ctx, in.Number, "caller.deny", func(d *Document, c *center.Caller) error {
		ends, err := until(d, in.Body.Until)
		if err != nil {
			return err
		}
		if err := deniable(d); err != nil {
			return err
		}
		return c.List(actorOf(ctx).Name, s.now(), center.Entry{Kind: center.ListDeny, Reason: in.Body.Reason, Expires: ends}, in.Body.Propose)
	})
}

// deniable refuses to deny where nothing tells the caller so.
func deniable(d *Document) error {
	if d.Callers.Denied == "" {
		return fmt.Errorf("no flow tells callers that they are denied: %w: name one in callers.denied of the centre's document, such as huawu's own \"denied\"", ErrConflict)
	}
	return nil
}

// rankNumber gives a number a level.
func (s *Server) rankNumber(ctx context.Context, in *struct {
	Scope
	CallerPath
	Body Ranked
}) (*callerDoneOut, error) {
	return s.changeCaller(ctx, in.Number, "caller.level", func(d *Document, c *center.Caller) error {
		ends, err := until(d, in.Body.Until)
		if err != nil {
			return err
		}
		var levels []string
		for _, l := range d.ACD.Order.Levels {
			levels = append(levels, l.ID)
		}
		if l := in.Body.Level; l != "" && !slices.Contains(levels, l) {
			return fmt.Errorf("there is no level %q: %w: %s", l, ErrInvalid, known(levels))
		}
		e := center.Entry{Kind: center.ListLevel, Level: in.Body.Level, Language: in.Body.Language, Reason: in.Body.Reason, Expires: ends}
		for name, value := range in.Body.Attributes { // sorted by List
			e.Attributes = append(e.Attributes, center.Attribute{Name: name, Value: value})
		}
		return c.List(actorOf(ctx).Name, s.now(), e, in.Body.Propose)
	})
}

// strike notes a misuse.
func (s *Server) strike(ctx context.Context, in *struct {
	Scope
	CallerPath
	Body NewStrike
}) (*callerDoneOut, error) {
	proposed := false
	out, err := s.changeCaller(ctx, in.Number, ActionStrike, func(d *Document, c *center.Caller) (err error) {
		proposed, err = c.Strike(center.Strike{At: s.now().UnixMilli(), By: actorOf(ctx).Name, Call: in.Body.Call, Reason: in.Body.Reason},
			d.Callers.Strikes)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Body.Proposed = proposed
	// What is noted is noted; that it is told as an event is an extra.
	limit, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	cursor, err := s.engine.Ask(limit, actorOf(ctx).Name, center.ReportStrike{Number: out.Body.Caller.Number, Call: in.Body.Call,
		Reason: in.Body.Reason, By: actorOf(ctx).Name, Count: out.Body.Caller.Counted})
	if err != nil {
		s.log.WarnContext(ctx, "a strike is noted and not told as an event", "number", out.Body.Caller.Number, "error", err)
		return out, nil
	}
	out.Body.Cursor = cursor.String()
	return out, nil
}

// caller is the newest document, and a number as calls show it.
func (s *Server) caller(ctx context.Context, number string) (*Document, string, error) {
	d, _, err := s.document(ctx)
	if err != nil {
		return nil, "", err
	}
	_, shown, _ := center.Normalise(d.Country, number)
	if !dialled.MatchString(shown) {
		return nil, "", fmt.Errorf("number %q: %w: want a caller's number, as calls show it", number, ErrInvalid)
	}
	return d, shown, nil
}

// changeCaller changes what the list has of a number, first in the store, then
// in the centre. One change at a time: the centre takes them in their order.
func (s *Server) changeCaller(ctx context.Context, number, action string, f func(*Document, *center.Caller) error) (*callerDoneOut, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit+askLimit)
	defer cancel()
	d, number, err := s.caller(ctx, number)
	if err != nil {
		return nil, err
	}
	select {
	case s.listing <- struct{}{}:
		defer func() { <-s.listing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var refused error
	after, err := s.store.ChangeCaller(ctx, actorOf(ctx), s.tenant, number, action, func(c *center.Caller) error {
		refused = f(d, c)
		return refused
	})
	if refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	out := &callerDoneOut{CallerDone{Caller: s.detail(d, after)}}
	op, err := s.news(ctx, after)
	if err != nil {
		return nil, fmt.Errorf("%s %s is %w: %w", action, number, ErrNotInEffect, err)
	}
	cursor, err := s.engine.Ask(ctx, actorOf(ctx).Name, op)
	if err != nil {
		return nil, fmt.Errorf("%s %s is %w: %w", action, number, ErrNotInEffect, err)
	}
	out.Body.Cursor = cursor.String()
	// Who looks next is to see it; it is in effect all the same.
	limit, stop := context.WithTimeout(ctx, awaitLimit)
	defer stop()
	if err := s.engine.Await(limit, cursor); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		s.log.DebugContext(ctx, "a change of the list is not in view yet", "error", err)
	}
	return out, nil
}

// news is what the centre is to be told of a number that has changed: the
// whole list when it has missed a change.
func (s *Server) news(ctx context.Context, c center.Caller) (center.ListNumbers, error) {
	op := center.ListNumbers{Entries: c.Entries}
	fresh := 0
	v, _ := s.engine.View()
	for _, e := range c.Entries {
		op.Revision = max(op.Revision, e.Revision)
		if e.Revision > v.Listed {
			fresh++
		}
	}
	if op.Revision <= v.Listed+int64(fresh) {
		return op, nil
	}
	entries, revision, err := s.store.ListedNumbers(ctx, s.tenant, s.now())
	return center.ListNumbers{Revision: revision, Whole: true, Entries: entries}, err
}

// until is when something ends: never, at an instant, or after a day where the
// centre is.
func until(d *Document, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return cmp.Or(at.UnixMilli(), 1), nil // 0 is never
	}
	ends, err := dayEnds(text, zoneOf(d.Zone))
	if err != nil {
		return 0, fmt.Errorf("until %q: %w: want the last day, such as 2026-12-31, or an instant, such as 2026-12-31T18:00:00+08:00", text, ErrInvalid)
	}
	return ends, nil
}

// detail is a number as it is shown.
func (s *Server) detail(d *Document, c center.Caller) CallerDetail {
	out := CallerDetail{Number: c.Number, Zone: d.Zone, Entries: orEmpty(c.Entries), Strikes: orEmpty(c.Strikes)}
	out.E164, _, out.Mobile = center.Normalise(d.Country, c.Number)
	now := s.now().UnixMilli()
	for i := range c.Entries {
		switch e := &c.Entries[i]; {
		case !e.Holds(now):
		case e.Kind == center.ListDeny:
			out.Denied = d.Callers.Denied != ""
		default:
			out.Level = e.Level
		}
	}
	out.Counted = c.Counted(now, d.Callers.Strikes)
	return out
}
