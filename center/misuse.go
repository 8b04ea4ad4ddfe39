package center

import (
	"cmp"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

const (
	// markDeadline is how long the store may take for a strike, markAgain when
	// it is given one again that it did not take.
	markDeadline = 5 * time.Second
	markAgain    = 10 * time.Second
	// maxMisuses is how many strikes may wait for a store that is away; no
	// more are noted then, and leaders are told.
	maxMisuses = 10_000
)

// misusing are the codes of RUL-END-2 that are a misuse of the line.
var misusing = []string{"abuse", "insult", "harassment"}

// What leaders are told of strikes.
const (
	alertDenial   = "denial-proposed" // the strikes propose a denial, which somebody must approve
	alertUnmarked = "not-noted"       // a strike is not noted: too many wait for the store
)

// misuse is a strike on its way into the store. One is given to it at a time.
type misuse struct {
	Number string `json:"number"`
	Strike Strike `json:"strike"`
	// Due is when the first one is given to the store again.
	Due fact.Instant `json:"due,omitempty"`
}

// strike notes against the number of who is served that a talk came to be ended
// for a misuse (SPEC ACD-11, RUL-ESC-1 to 3); once in a call. Other codes are
// none, and neither is a call without a number.
func (c *Center) strike(k *contact, code, by string) {
	if k.struck || !slices.Contains(misusing, code) || k.call.Direction != fact.Inbound && k.call.Direction != fact.Outbound {
		return
	}
	_, number, _ := Normalise(c.cfg.Country, k.served())
	if number == "" {
		return
	}
	k.struck, k.misused = true, true
	if len(c.misuses) >= maxMisuses {
		c.alert(fact.Event{Kind: fact.AlertLeader, Call: k.call.ID, Queue: k.call.Queue, From: number, Name: ruleStrikes, Reason: alertUnmarked, To: code})
		return
	}
	c.misuses = append(c.misuses, &misuse{Number: number, Strike: Strike{At: c.now.Wall().UnixMilli(), By: by, Call: k.call.ID, Reason: code}})
	if len(c.misuses) == 1 {
		c.mark()
	}
}

// mark gives the first strike to the store.
func (c *Center) mark() {
	if len(c.misuses) == 0 {
		return
	}
	m := c.misuses[0]
	m.Due = c.now.At.Add(markAgain)
	c.do(Mark{Number: m.Number, Strike: m.Strike, Rules: c.cfg.Callers.Strikes, Deadline: markDeadline})
}

// nextMark is when a strike is given to the store again.
func (c *Center) nextMark() (fact.Instant, bool) {
	if len(c.misuses) == 0 {
		return 0, false
	}
	return c.misuses[0].Due, true
}

// marked is the store's answer; without one that it has the strike, it is given
// it again.
func (c *Center) marked(in Marked) {
	if len(c.misuses) == 0 || c.misuses[0].Strike.Call != in.Call || c.misuses[0].Number != in.Number || in.Error != "" {
		return
	}
	s := c.misuses[0].Strike
	if c.misuses = c.misuses[1:]; len(c.misuses) == 0 {
		c.misuses = nil // as a checkpoint has it
	}
	c.struck(ReportStrike{Number: in.Number, Call: s.Call, Reason: s.Reason, By: s.By, Count: in.Count})
	if in.Proposed {
		c.alert(fact.Event{Kind: fact.AlertLeader, Call: s.Call, From: in.Number, Name: ruleStrikes, Reason: alertDenial, To: s.Reason, Position: in.Count})
	}
	c.mark()
}

// On puts the strike on what the list has of the number, and says what came of
// it; one that is there already changes nothing.
func (m Mark) On(caller *Caller) (Marked, error) {
	out := Marked{Number: m.Number, Call: m.Strike.Call}
	if !slices.Contains(caller.Strikes, m.Strike) {
		if _, err := caller.Strike(m.Strike, m.Rules); err != nil {
			return out, err
		}
	}
	deny := caller.entry(ListDeny)
	out.Proposed = deny != nil && deny.State == EntryProposed && deny.Requested == byStrikes && deny.RequestedAt == m.Strike.At
	out.Count = caller.Counted(m.Strike.At, m.Rules)
	return out, nil
}

// by is who leads a scene.
func (s *scene) by() string { return cmp.Or(string(s.Agent), s.By) }
