package routing

import "hash/fnv"

// defaultWeight is the weight of an agent who has none.
const defaultWeight = 10

// member is an agent's part in a queue, with what the queue distributes by.
// What a queue does not distribute by stays nought. It changes only while the
// agent is in no idle line, for it is where the agent stands there.
type member struct {
	queue  *queue
	weight int
	calls  int64 // connected since sign-in, and the floor at that time
	talked int64 // milliseconds, likewise
	turn   int64 // when the queue last made an offer to the agent, in offers
}

// member is the agent's part in a queue, nil for none.
func (ag *agent) member(q *queue) *member {
	for i := range ag.members {
		if ag.members[i].queue == q {
			return &ag.members[i]
		}
	}
	return nil
}

// arrive makes somebody who signs in like the last one who was chosen, so that
// a newcomer is not given all that the others have had.
func (ag *agent) arrive() {
	for i := range ag.members {
		m := &ag.members[i]
		m.calls, m.talked, m.turn = 0, 0, 0
		switch m.queue.Distribution {
		case FewestCalls:
			m.calls = m.queue.floor
		case LeastTalk:
			m.talked = m.queue.floor
		case RoundRobin:
			m.turn = m.queue.turn
		}
	}
}

// chose counts an offer to an agent, who is in no idle line any more.
func (q *queue) chose(ag *agent) {
	m := ag.member(q)
	if m == nil {
		return
	}
	switch q.Distribution {
	case FewestCalls:
		q.floor = m.calls
	case LeastTalk:
		q.floor = m.talked
	case RoundRobin:
		q.turn++
		m.turn = q.turn
	case WeightedRandom:
		q.turn++
	}
}

// count counts an offer that was accepted.
func (ag *agent) count(q *queue) {
	if m := ag.member(q); m != nil && q.Distribution == FewestCalls {
		m.calls++
	}
}

// talkedFor adds a talk that is over.
func (ag *agent) talkedFor(q *queue, millis int64) {
	if m := ag.member(q); m != nil && q.Distribution == LeastTalk {
		m.talked += millis
	}
}

// salt makes the chances of two queues differ.
func salt(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}
