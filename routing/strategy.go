package routing

import (
	"math"
	"math/bits"
	"slices"

	"github.com/huawu/huawu/fact"
)

// stage is what a queue asks for and prefers at one step of its relaxation,
// the first one before any.
type stage struct {
	gate    *gate
	prefers []wish
	dropOwn bool
}

// wish is a preferred skill: its slot in an agent's levels and its weight.
type wish struct{ slot, weight int }

// stages are the steps of a queue that Validate has read.
func stages(q Queue, slots map[fact.SkillID]int) []stage {
	stages := make([]stage, 0, 1+len(q.Relax))
	add := func(needs Needs, prefers []Preference, dropOwn bool) {
		r, _ := ParseNeeds(string(needs))
		s := stage{gate: r.root.bind(slots), dropOwn: dropOwn}
		if q.Trainees == TraineesNever {
			s.gate = both(s.gate, noTrainee(len(slots)))
		}
		for _, p := range prefers {
			s.prefers = append(s.prefers, wish{slots[p.Skill], max(p.Weight, 1)})
		}
		stages = append(stages, s)
	}
	add(q.Needs, q.Prefers, false)
	for _, r := range q.Relax {
		add(r.Needs, r.Prefers, r.DropOwn)
	}
	return stages
}

// asks are the slots of the skills that a gate wants somebody to have, each
// once.
func (g *gate) asks() []int {
	var slots []int
	switch {
	case g == nil || g.op == opNot:
	case g.op == opTerm:
		if g.slot >= 0 && g.lo > 0 {
			slots = append(slots, g.slot)
		}
	default:
		for _, k := range g.gates {
			slots = append(slots, k.asks()...)
		}
	}
	slices.Sort(slots)
	return slices.Compact(slots)
}

// rank is an idle agent's place in the class's line, lower first: the weight
// of the preferred skills that the agent lacks, then what the queue distributes
// by, then since when the agent has been idle. Each part stays as it is while
// the agent is in the line.
func (c *class) rank(m *member, ag *agent) [3]int64 {
	lacks, idle := int64(0), int64(ag.idle)
	for _, w := range c.prefers {
		if ag.levels[w.slot] == 0 {
			lacks += int64(w.weight)
		}
	}
	if ag.trainee && c.queue.Trainees == TraineesLast {
		lacks += lastTrainee
	}
	switch c.queue.Distribution {
	case FewestCalls:
		return [3]int64{lacks, m.calls, idle}
	case LeastTalk:
		return [3]int64{lacks, m.talked, idle}
	case RoundRobin:
		return [3]int64{lacks, m.turn, idle}
	case Linear:
		return [3]int64{lacks, int64(ag.order), 0}
	case BestSkill:
		return [3]int64{lacks, -c.mastery(ag), idle}
	default:
		return [3]int64{lacks, idle, 0}
	}
}

// mastery is the sum of an agent's levels in the skills asked for and, by
// their weights, in those preferred.
func (c *class) mastery(ag *agent) int64 {
	sum := int64(0)
	for _, slot := range c.skills {
		sum += int64(ag.levels[slot])
	}
	for _, w := range c.prefers {
		sum += int64(w.weight) * int64(ag.levels[w.slot])
	}
	return sum
}

// choose is the agent for a ticket, nil for none. It changes nothing.
func (c *class) choose(t *ticket) *agent {
	switch {
	case c.idle.n == 0:
		return nil
	case c.queue.Distribution == WeightedRandom:
		if ag := c.draw(t); ag != nil {
			return ag
		}
	case len(t.refusals) == 0:
		return c.idle.head().of
	}
	for ag := range c.idle.all {
		if !t.refusedBy(ag.id) {
			return ag
		}
	}
	return nil
}

// maxDraws is how often draw tries before it counts all weights.
const maxDraws = 32

// draw is one of the first rank's agents by chance, each as likely as its
// weight says among those whom the ticket may have. It takes somebody evenly
// and keeps the heavier the likelier; where that does not come to an end soon,
// which is seldom, it goes through all. The chance follows from the order's
// seed, the queue and how many offers it has made.
func (c *class) draw(t *ticket) *agent {
	q := c.queue
	d := dice(q.order.Seed ^ q.salt)
	d = dice(d.next() + uint64(q.turn))
	first := c.idle.head().at[0]
	n := uint64(c.idle.ahead([3]int64{first + 1, math.MinInt64, 0}, nil))
	for range maxDraws {
		ag := c.idle.nth(int(d.below(n)))
		if d.below(uint64(q.heaviest)) < uint64(ag.member(q).weight) && !t.refusedBy(ag.id) {
			return ag
		}
	}
	var could []*agent
	sum := uint64(0)
	for ag := range c.idle.all {
		if !t.refusedBy(ag.id) {
			could = append(could, ag)
			sum += uint64(ag.member(q).weight)
		}
		if n--; n == 0 {
			break
		}
	}
	if sum == 0 {
		return nil
	}
	at := d.below(sum)
	for _, ag := range could {
		w := uint64(ag.member(q).weight)
		if at < w {
			return ag
		}
		at -= w
	}
	return nil
}

// dice is splitmix64: a source of chance that is the same everywhere.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	x := uint64(*d)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below is one of 0 to n-1, for an n that is small beside 2^64.
func (d *dice) below(n uint64) uint64 {
	hi, _ := bits.Mul64(d.next(), n)
	return hi
}
