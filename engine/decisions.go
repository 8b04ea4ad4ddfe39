package engine

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// Decision is something that the centre decided about callers and agents: who
// waits where, who is offered whom, which state follows.
type Decision struct {
	Seq   uint64
	Event fact.Event
	// Because is, of an offer, what the caller's and the agent's ranks were
	// made of.
	Because string
}

// decides says whether events of a kind are decisions.
func decides(k fact.Kind) bool {
	return strings.HasPrefix(string(k), "queue.") || strings.HasPrefix(string(k), "transfer.") || k == fact.AgentState
}

// Head is the decision by itself: "<seq> <instant> <kind> <field>=<value> …".
func (d Decision) Head() string {
	b := []byte(strconv.FormatUint(d.Seq, 10) + " " + strconv.FormatInt(int64(d.Event.At), 10) + " " + string(d.Event.Kind))
	text := func(name, value string) {
		if value != "" {
			b = append(append(append(append(b, ' '), name...), '='), value...)
		}
	}
	number := func(name string, n int64) {
		if n != 0 {
			text(name, strconv.FormatInt(n, 10))
		}
	}
	e := d.Event
	text("ticket", string(e.Ticket))
	text("offer", string(e.Offer))
	text("queue", string(e.Queue))
	text("agent", string(e.Agent))
	text("from", e.From)
	text("to", e.To)
	text("reason", e.Reason)
	number("position", int64(e.Position))
	number("step", int64(e.Step))
	number("ms", e.Millis)
	return string(b)
}

// because parts a decision from its explanation in a line.
const because = " because "

// String is Head and, where there is one, " because " and the explanation.
func (d Decision) String() string {
	if d.Because == "" {
		return d.Head()
	}
	return d.Head() + because + d.Because
}

// HeadOf is the head of a decision's line.
func HeadOf(line string) string {
	head, _, _ := strings.Cut(line, because)
	return head
}

// decisions are those among the effects of a step that m has just made.
func decisions(m Machine, seq uint64, effects []center.Effect) []Decision {
	var list []Decision
	for _, e := range effects {
		if e, ok := e.(center.Emit); ok && decides(e.Event.Kind) {
			d := Decision{Seq: seq, Event: e.Event}
			if e.Event.Kind == fact.QueueOffered {
				d.Because = reasons(m, e.Event)
			}
			list = append(list, d)
		}
	}
	return list
}

// reasons says why an offer was made, "" when it is over already.
func reasons(m Machine, e fact.Event) string {
	a, err := m.Why(center.Question{Call: e.Call, Agent: e.Agent})
	if err != nil || a.Ticket == nil || len(a.Ticket.Candidates) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "score=%d", a.Ticket.Score)
	for _, c := range a.Ticket.Credits {
		fmt.Fprintf(&b, " %s=%d", c.What, c.Millis)
	}
	k := a.Ticket.Candidates[0].Key
	fmt.Fprintf(&b, " key=%d/%d/%d", k[0], k[1], k[2])
	if a.Ticket.Asks != "" {
		fmt.Fprintf(&b, " asks=%q", a.Ticket.Asks)
	}
	return b.String()
}

// Explain explains a decision by the machine that has just made it, or not.
func (d Decision) Explain(m Machine) (center.Answer, error) {
	if d.Event.Call != "" {
		return m.Why(center.Question{Call: d.Event.Call})
	}
	return m.Why(center.Question{Agent: d.Event.Agent})
}

// ReplayDecisions steps a machine through a journal, as Replay does, and gives
// each decision to each with the machine that has made it.
func ReplayDecisions(o ReplayOptions, each func(Decision, Machine) error) (Replayed, error) {
	done, err := o.play(func(_ *sealer, m Machine, _ Replayed, in entry) error {
		for _, d := range decisions(m, in.seq, m.Step(in.at, in.in)) {
			if err := each(d, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return done, fmt.Errorf("replay: %w", err)
	}
	return done, nil
}

// Difference is the first decision that two machines make differently; the one
// that has made none there has nil.
type Difference struct {
	Was, Is *Decision
	// Old and New are the machines after the step.
	Old, New Machine
}

// Error says which decision it is.
func (d *Difference) Error() string {
	words := func(d *Decision) string {
		if d == nil {
			return "nothing"
		}
		return d.String()
	}
	return fmt.Sprintf("the first decision that differs:\n- %s\n+ %s", words(d.Was), words(d.Is))
}

// CompareWith steps two machines through a journal: one as Replay does, and
// one with config, its prompts included, in the place of every configuration. It errors with a
// *Difference at the first decision that differs; what the journal tells after
// it is of another world. Timers of the second that the first never had fire
// when they are due. It says how many decisions are the same.
func CompareWith(o ReplayOptions, config center.Config) (int, error) {
	var other Machine
	same := 0
	_, err := o.play(func(_ *sealer, m Machine, done Replayed, in entry) error {
		if other == nil {
			var err error
			if other, err = o.second(m, done, in, config); err != nil {
				return err
			}
		}
		for {
			due, ok := other.Next()
			if !ok || due >= in.at {
				break
			}
			// The shell was late with a timer of both: it waits for its Tick.
			if first, ok := m.Next(); ok && first <= due {
				break
			}
			if list := decisions(other, in.seq, other.Step(due, center.Tick{})); len(list) > 0 {
				return &Difference{Is: &list[0], Old: m, New: other}
			}
		}
		theirs := in.in
		if c, ok := theirs.(center.Configured); ok {
			replaced := config
			replaced.Version = c.Config.Version
			theirs = center.Configured{Config: replaced}
		}
		was, is := decisions(m, in.seq, m.Step(in.at, in.in)), decisions(other, in.seq, other.Step(in.at, theirs))
		same += len(was)
		return differ(was, is, m, other)
	})
	if err != nil {
		return same, fmt.Errorf("replay: %w", err)
	}
	return same, nil
}

// second is the machine that works by another configuration.
func (o ReplayOptions) second(m Machine, done Replayed, in entry, config center.Config) (Machine, error) {
	if done.Checkpoint == 0 {
		return o.New(), nil
	}
	state, err := m.Checkpoint()
	if err != nil {
		return nil, err
	}
	other, err := o.Restore(state)
	if err == nil {
		config.Version = m.View().Version
		other.Step(in.at, center.Configured{Config: config})
	}
	return other, err
}

func differ(was, is []Decision, old, other Machine) error {
	for i := range max(len(was), len(is)) {
		d := &Difference{Old: old, New: other}
		if i < len(was) {
			d.Was = &was[i]
		}
		if i < len(is) {
			d.Is = &is[i]
		}
		if d.Was == nil || d.Is == nil || d.Was.Head() != d.Is.Head() {
			return d
		}
	}
	return nil
}
