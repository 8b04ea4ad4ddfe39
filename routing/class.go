package routing

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// maxClasses is how many classes a queue keeps for requirements that nobody
// in line has at the moment.
const maxClasses = 32

// class is the tickets of a queue that ask for the same at one step of its
// relaxation, and the agents who have it: one of its two lines is empty, but
// for refusals and queues that make no offers.
type class struct {
	queue   *queue
	key     classKey
	gate    *gate  // what the queue and the tickets ask for
	prefers []wish // what ranks the agents
	skills  []int  // the slots of the skills asked for
	waiting line[*ticket]
	idle    line[*agent]
	tickets int // in line, those under offer too
	hot     int // the place in queue.hot, from 1; 0 when nobody waits
	used    fact.Instant
}

// classKey is what the tickets of a class have in common.
type classKey struct {
	needs Needs
	step  int
}

// newClass makes a class for what the queue asks for at a step and the
// tickets' own gate, nil for none.
func (q *queue) newClass(key classKey, own *gate) *class {
	c := &class{queue: q, key: key, gate: both(q.steps[key.step].gate, own), prefers: q.steps[key.step].prefers}
	if q.Distribution == BestSkill {
		c.skills = c.gate.asks()
	}
	q.classes = append(q.classes, c)
	q.byKey[key] = c
	return c
}

// class is the class of a requirement at a step, made when it is first asked
// for. That looks at the idle agents, so build makes those foreseen.
func (a *ACD) class(q *queue, needs Needs, step int) (*class, error) {
	if q.steps[step].dropOwn {
		needs = ""
	}
	key := classKey{needs, step}
	c, ok := q.byKey[key]
	if !ok {
		r, err := ParseNeeds(string(needs))
		if err != nil {
			return nil, err
		}
		q.evict()
		c = q.newClass(key, r.root.bind(a.slots))
		for ag := range q.classes[step].idle.all {
			if c.gate.open(ag.levels) {
				c.idle.insert(c.rank(ag.member(q), ag), ag)
			}
		}
	}
	c.used = a.now
	return c, nil
}

// evict drops the class that has been empty for longest, if there are many.
// The first of each step stay.
func (q *queue) evict() {
	if len(q.classes) < maxClasses {
		return
	}
	oldest := 0
	for i, c := range q.classes {
		if i >= len(q.steps) && c.tickets == 0 && (oldest == 0 || c.used < q.classes[oldest].used) {
			oldest = i
		}
	}
	if oldest > 0 {
		delete(q.byKey, q.classes[oldest].key)
		q.classes = slices.Delete(q.classes, oldest, oldest+1)
	}
}

// await lets a ticket wait for an offer; unwait ends that. The queue knows
// which of its classes have somebody waiting, so that an agent who is free
// looks at no others.
func (c *class) await(t *ticket) {
	c.waiting.insert(t.rank(), t)
	if c.hot == 0 {
		c.queue.hot = append(c.queue.hot, c)
		c.hot = len(c.queue.hot)
	}
}

func (c *class) unwait(t *ticket) {
	if !c.waiting.remove(t.rank(), t) || c.waiting.n > 0 {
		return
	}
	hot := c.queue.hot
	last := len(hot) - 1
	hot[c.hot-1] = hot[last]
	hot[c.hot-1].hot = c.hot
	hot[last] = nil
	c.queue.hot, c.hot = hot[:last], 0
}
