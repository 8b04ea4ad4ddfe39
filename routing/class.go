package routing

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// maxClasses is how many classes a queue keeps for requirements that nobody
// in line has at the moment.
const maxClasses = 32

// class is the tickets of a queue that ask for the same, and the agents who
// have it: one of its two lines is empty, but for refusals and paused queues.
type class struct {
	needs   Needs
	gate    *gate // what the queue and the tickets ask for
	waiting line[*ticket]
	idle    line[*agent]
	tickets int // in line, those under offer too
	used    fact.Instant
}

// class is the class of a requirement, made when it is first asked for.
func (a *ACD) class(q *queue, needs Needs) (*class, error) {
	c, ok := q.byNeeds[needs]
	if !ok {
		r, err := ParseNeeds(string(needs))
		if err != nil {
			return nil, err
		}
		c = &class{needs: needs, gate: both(q.gate, r.root.bind(a.slots))}
		for ag := range q.classes[0].idle.all {
			if c.gate.open(ag.levels) {
				c.idle.insert(0, int64(ag.idle), ag)
			}
		}
		q.evict()
		q.classes = append(q.classes, c)
		q.byNeeds[needs] = c
	}
	c.used = a.now
	return c, nil
}

// evict drops the class that has been empty for longest, if there are many.
func (q *queue) evict() {
	if len(q.classes) < maxClasses {
		return
	}
	oldest := 0
	for i, c := range q.classes {
		if i > 0 && c.tickets == 0 && (oldest == 0 || c.used < q.classes[oldest].used) {
			oldest = i
		}
	}
	if oldest > 0 {
		delete(q.byNeeds, q.classes[oldest].needs)
		q.classes = slices.Delete(q.classes, oldest, oldest+1)
	}
}
