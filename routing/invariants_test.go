package routing

import (
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// invariants says what must never be, after any step. It looks at the machine
// from inside but judges skills by the configuration's own words.
func (a *ACD) invariants() error {
	for _, sound := range soundness {
		if err := sound(a); err != nil {
			return err
		}
	}
	return nil
}

// soundness are the invariants; files with others add theirs.
var soundness = []func(*ACD) error{
	(*ACD).agentsSound, (*ACD).ticketsSound, (*ACD).offersSound, (*ACD).leasesSound, (*ACD).queuesSound, (*ACD).nobodyOverlooked,
}

func (a *ACD) agentsSound() error {
	seated := 0
	for id, ag := range a.agents {
		state, reason := a.derive(ag)
		switch {
		case id != ag.id:
			return fmt.Errorf("agent %s is filed as %s", ag.id, id)
		case state != ag.state || reason != ag.reason:
			return fmt.Errorf("agent %s is %s(%s) and should be %s(%s)", id, ag.state, ag.reason, state, reason)
		case ag.offer != nil && (ag.talk != nil || len(ag.calls) > 0):
			return fmt.Errorf("agent %s has an offer and a talk", id)
		case ag.offer != nil && a.offers[ag.offer.id] != ag.offer:
			return fmt.Errorf("agent %s has offer %s that is over", id, ag.offer.id)
		case ag.talk != nil && (a.offers[ag.talk.id] != ag.talk || ag.talk.phase != PhaseTalk):
			return fmt.Errorf("agent %s has talk %s that is none", id, ag.talk.id)
		case ag.on && a.seats[ag.endpoint] != ag:
			return fmt.Errorf("agent %s does not sit at %s", id, ag.endpoint)
		case !ag.on && (ag.offer != nil || ag.talk != nil || len(ag.calls) > 0 || ag.wrapUp.lease.running() || ag.backOff.running() || ag.missing.running()):
			return fmt.Errorf("agent %s is offline and at work", id)
		case ag.listed != ag.available():
			return fmt.Errorf("agent %s: listed %v, available %v", id, ag.listed, ag.available())
		case ag.leaving && !ag.busy():
			return fmt.Errorf("agent %s should have left", id)
		case ag.asked && !ag.busy():
			return fmt.Errorf("agent %s: what was asked is not applied", id)
		case ag.held && ag.talk == nil && len(ag.calls) == 0:
			return fmt.Errorf("agent %s holds nothing", id)
		case ag.state == WrapUpState != (ag.wrapUp.lease.running() && ag.talk == nil && len(ag.calls) == 0 && ag.offer == nil):
			return fmt.Errorf("agent %s: wrap-up without its lease", id)
		case ag.wrapUp.lease.running() != (ag.wrapUp.offer != ""):
			return fmt.Errorf("agent %s: wrap-up of %q", id, ag.wrapUp.offer)
		}
		if ag.on {
			seated++
		}
	}
	if seated != len(a.seats) {
		return fmt.Errorf("%d seats, %d agents signed in", len(a.seats), seated)
	}
	return nil
}

func (a *ACD) ticketsSound() error {
	places := map[*ticket]int{}
	for _, q := range a.queues {
		n := 0
		var last *ticket
		for t := range q.line.all {
			places[t]++
			n++
			if last != nil && !sooner(last, t) {
				return fmt.Errorf("queue %s: %s before %s", q.ID, last.id, t.id)
			}
			if t.queue != q || q.byKey[t.classKey()] != t.class {
				return fmt.Errorf("ticket %s is in a line that is not its own", t.id)
			}
			last = t
		}
		if n != q.line.n {
			return fmt.Errorf("queue %s: %d in line, counted %d", q.ID, n, q.line.n)
		}
	}
	for id, t := range a.tickets {
		if id != t.id || places[t] != 1 {
			return fmt.Errorf("ticket %s has %d places", id, places[t])
		}
		waiting := t.class.waiting.ahead(t.rank(), t)
		found := false
		for other := range t.class.waiting.all {
			found = found || other == t
		}
		if found == (t.out() || t.reserved()) {
			return fmt.Errorf("ticket %s: waits for an offer %v, has one %v", id, found, t.out())
		}
		if found && waiting >= t.class.waiting.n {
			return fmt.Errorf("ticket %s: %d ahead of %d", id, waiting, t.class.waiting.n)
		}
		for _, o := range t.round.offers {
			if o.ticket != t || a.offers[o.id] != o {
				return fmt.Errorf("ticket %s has an offer that is over", id)
			}
		}
		for _, r := range t.refusals {
			if !r.lease.running() || r.ticket != t {
				return fmt.Errorf("ticket %s: refusal by %s without its lease", id, r.agent)
			}
		}
	}
	if len(places) != len(a.tickets) {
		return fmt.Errorf("%d places, %d tickets", len(places), len(a.tickets))
	}
	return nil
}

// sooner is the order of service, said once more.
func sooner(t, u *ticket) bool {
	if x, y := begins(t), begins(u); x != y {
		return x < y
	}
	if t.joined != u.joined {
		return t.joined < u.joined
	}
	return t.id < u.id
}

func (a *ACD) offersSound() error {
	for id, o := range a.offers {
		switch {
		case id != o.id || a.agents[o.agent.id] != o.agent:
			return fmt.Errorf("offer %s is misfiled", id)
		case o.phase == PhaseTalk && (o.agent.talk != o || o.lease.running() || o.ticket != nil || a.tickets[o.ticketID] != nil):
			return fmt.Errorf("offer %s is accepted and still out", id)
		case o.phase == phaseOver:
			return fmt.Errorf("offer %s is over and still known", id)
		case o.phase != PhaseTalk && (o.agent.offer != o || o.ticket == nil || !slices.Contains(o.ticket.round.offers, o) || !o.lease.running()):
			return fmt.Errorf("offer %s is out and nobody has it", id)
		}
	}
	return nil
}

func (a *ACD) leasesSound() error {
	next, ok := a.Next()
	if ok != (len(a.leases) > 0) {
		return fmt.Errorf("next is %v with %d leases", ok, len(a.leases))
	}
	for i, l := range a.leases {
		if l.place != i+1 || l.due < next {
			return fmt.Errorf("lease %d/%s/%s: place %d of %d, due %d, next %d", l.kind, l.id, l.sub, l.place, i+1, l.due, next)
		}
	}
	return nil
}

func (a *ACD) queuesSound() error {
	rounds := map[fact.RoundID]bool{}
	members, offered, talking := map[fact.QueueID]int{}, map[fact.QueueID]int{}, map[fact.QueueID]int{}
	for _, ag := range a.config.Agents {
		for _, id := range ag.Queues {
			members[id]++
		}
	}
	for _, o := range a.offers {
		if o.phase == PhaseTalk {
			talking[o.queueID]++
		} else {
			rounds[o.round] = true
		}
	}
	for _, t := range a.tickets {
		if t.out() {
			offered[t.queue.ID]++
			delete(rounds, t.round.id)
		}
	}
	if len(rounds) > 0 {
		return fmt.Errorf("rounds that no ticket has: %v", rounds)
	}
	for id, q := range a.queues {
		if q.members != members[id] || q.offered != offered[id] || q.talking != talking[id] {
			return fmt.Errorf("queue %s counts %d, %d, %d and has %d, %d, %d", id,
				q.members, q.offered, q.talking, members[id], offered[id], talking[id])
		}
		for _, c := range q.classes {
			tickets := 0
			for t := range q.line.all {
				if t.class == c {
					tickets++
				}
			}
			if q.byKey[c.key] != c || c.tickets != tickets {
				return fmt.Errorf("queue %s: class %v is misfiled or miscounts", id, c.key)
			}
			var idle []*agent
			for _, ag := range a.byIdle() {
				if a.meetsAt(ag, q, c.key.needs, c.key.step) {
					idle = append(idle, ag)
				}
			}
			a.sortIdle(idle, c)
			i := 0
			for ag := range c.idle.all {
				if i >= len(idle) || idle[i] != ag {
					return fmt.Errorf("queue %s: class %v: idle agent %d is %s", id, c.key, i, ag.id)
				}
				i++
			}
			if i != len(idle) || i != c.idle.n {
				return fmt.Errorf("queue %s: class %v: %d idle agents listed, %d are", id, c.key, i, len(idle))
			}
		}
	}
	return nil
}

// meetsAt says by the configuration's words whether an agent can take a ticket
// of a queue that asks for needs, at a step of the queue's relaxation.
func (a *ACD) meetsAt(ag *agent, q *queue, needs Needs, step int) bool {
	asks := q.Needs
	if step > 0 {
		asks = q.Relax[step-1].Needs
		if q.Relax[step-1].DropOwn {
			needs = ""
		}
	}
	for _, c := range a.config.Agents {
		if c.ID != ag.id {
			continue
		}
		for _, id := range c.Queues {
			if id == q.ID {
				if ag.set != nil {
					c.Skills = ag.set
				}
				if c.Trainee && q.Trainees == TraineesNever {
					return false
				}
				return meets(c, asks) && meets(c, needs)
			}
		}
	}
	return false
}

// read keeps what has been parsed.
var read = map[Needs]*Requirement{}

func meets(c Agent, needs Needs) bool {
	r, ok := read[needs]
	if !ok {
		var err error
		if r, err = ParseNeeds(string(needs)); err != nil {
			panic(err)
		}
		read[needs] = r
	}
	return r.Met(func(id fact.SkillID) int {
		for _, s := range c.Skills {
			if s.ID == id {
				return s.Level
			}
		}
		return 0
	})
}

// nobodyOverlooked: a ticket that waits and an agent who is READY and whom no
// rule excludes never coexist after a step.
func (a *ACD) nobodyOverlooked() error {
	for _, t := range a.tickets {
		if t.out() || !t.queue.offers() || t.queue.sweep.running() || t.reserved() {
			continue
		}
		for _, ag := range a.agents {
			if ag.state == ReadyState && !ag.backOff.running() && !ag.missing.running() && !t.refusedBy(ag.id) && a.meetsAt(ag, t.queue, t.needs, t.step) {
				return fmt.Errorf("ticket %s waits and agent %s is free", t.id, ag.id)
			}
		}
	}
	return nil
}
