package routing

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

func init() { soundness = append(soundness, (*ACD).orderSound) }

// begins is the instant from which a ticket counts as waiting: said once more,
// from the configuration's words.
func begins(t *ticket) int64 {
	o, q := *t.queue.order, t.queue.Queue
	point, most := o.Priority, o.Cap
	if point == 0 {
		point = time.Minute
	}
	if most == 0 {
		most = 2 * time.Hour
	}
	credit := q.Urgency + time.Duration(t.priority)*point + time.Duration(t.repeat)*o.Repeat
	for _, l := range o.Levels {
		if l.ID == t.level {
			credit += l.Worth
		}
	}
	for i := range t.aged {
		credit += q.Ageing[i].Worth
	}
	return int64(t.joined) - min(credit, most).Milliseconds()
}

// classKey is what a ticket's class must be.
func (t *ticket) classKey() classKey {
	if t.step > 0 && t.queue.Relax[t.step-1].DropOwn {
		return classKey{"", t.step}
	}
	return classKey{t.needs, t.step}
}

// sortIdle puts idle agents in the order of a class's distribution, by what
// its name says.
func (a *ACD) sortIdle(idle []*agent, c *class) {
	prefers := c.queue.Prefers
	if c.key.step > 0 {
		prefers = c.queue.Relax[c.key.step-1].Prefers
	}
	level := func(ag *agent, id any) int {
		for _, s := range ag.skills {
			if any(s.ID) == id {
				return s.Level
			}
		}
		return 0
	}
	lacks := func(ag *agent) (n int) {
		if ag.trainee && c.queue.Trainees == TraineesLast {
			n = 100_000
		}
		for _, p := range prefers {
			if level(ag, p.Skill) == 0 {
				n += max(p.Weight, 1)
			}
		}
		return n
	}
	counted := func(ag *agent) int64 {
		m := ag.member(c.queue)
		switch c.queue.Distribution {
		case FewestCalls:
			return m.calls
		case LeastTalk:
			return m.talked
		case RoundRobin:
			return m.turn
		case Linear:
			return int64(slices.IndexFunc(a.config.Agents, func(x Agent) bool { return x.ID == ag.id }))
		case BestSkill:
			sum := 0
			for _, slot := range c.skills {
				sum += level(ag, a.config.Skills[slot])
			}
			for _, p := range prefers {
				sum += max(p.Weight, 1) * level(ag, p.Skill)
			}
			return -int64(sum)
		}
		return 0
	}
	slices.SortFunc(idle, func(x, y *agent) int {
		return cmp.Or(cmp.Compare(lacks(x), lacks(y)), cmp.Compare(counted(x), counted(y)),
			cmp.Compare(x.idle, y.idle), cmp.Compare(x.id, y.id))
	})
}

// orderSound: what a ticket is ranked by, where it waits and when its timer
// ends are what its wait and the configuration say.
func (a *ACD) orderSound() error {
	for id, t := range a.tickets {
		if t.arrival != begins(t) {
			return fmt.Errorf("ticket %s counts from %d, want %d", id, t.arrival, begins(t))
		}
		wanted := 0
		if t.prefer != nil {
			for u := range t.prefer.wanted.all {
				if u == t {
					wanted++
				}
			}
		}
		if (wanted == 1) != t.reserved() {
			return fmt.Errorf("ticket %s: reserved %v, %d times in %s's line", id, t.reserved(), wanted, t.prefer.id)
		}
		if t.reserved() && (!t.prefer.returns() || !a.meetsAt(t.prefer, t.queue, t.needs, t.step) || !t.timer.running() || t.timer.due > t.hold) {
			return fmt.Errorf("ticket %s waits in vain for %s, who is %s", id, t.prefer.id, t.prefer.state)
		}
		if waited := a.now.Sub(t.joined); t.timer.running() && t.timer.due > a.now && (t.step != t.queue.step(waited) || t.aged != t.queue.aged(waited)) {
			return fmt.Errorf("ticket %s: step %d and %d credits after %s", id, t.step, t.aged, waited)
		}
	}
	for id, ag := range a.agents {
		for t := range ag.wanted.all {
			if a.tickets[t.id] != t || t.prefer != ag {
				return fmt.Errorf("agent %s is waited for by %s, which does not", id, t.id)
			}
		}
		if ag.wanted.n > maxWanted {
			return fmt.Errorf("agent %s is waited for by %d", id, ag.wanted.n)
		}
	}
	for id, q := range a.queues {
		for i, c := range q.hot {
			if c.hot != i+1 || c.waiting.n == 0 || c.queue != q {
				return fmt.Errorf("queue %s: class %v is %d of those waited in", id, c.key, i)
			}
		}
		for _, c := range q.classes {
			if (c.waiting.n > 0) != (c.hot > 0) {
				return fmt.Errorf("queue %s: %d wait in class %v, which is %d of those", id, c.waiting.n, c.key, c.hot)
			}
		}
	}
	return nil
}
