package routing

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/fact"
)

// The bounds of what tickets are ranked and queues relaxed by.
const (
	maxCap     = 24 * time.Hour
	maxWeight  = 100
	maxSteps   = 8 // of a relaxation
	maxAgeing  = 4
	maxRipe    = 24 * time.Hour // when the last step may come
	maxPrefers = 16
)

// order checks what tickets are ranked by. All credits together must not be
// worth more than the cap, for else callers of different rank count the same.
func (v *validator) order(c Config) {
	o := c.Order
	v.lease("order.priority", o.Priority, 0, maxCap)
	v.lease("order.repeat", o.Repeat, 0, maxCap)
	v.lease("order.cap", o.Cap, time.Second, maxCap)
	top := time.Duration(0)
	levels := map[string]bool{}
	for i, l := range o.Levels {
		field := fmt.Sprintf("order.levels[%d]", i)
		if v.id(field+".id", l.ID) && levels[l.ID] {
			v.wrong(field+".id", l.ID, "each level once")
		}
		levels[l.ID] = true
		v.lease(field+".worth", l.Worth, 0, maxCap)
		top = max(top, l.Worth)
	}
	queue := time.Duration(0)
	for i := range c.Queues {
		sum := c.Queues[i].Urgency
		for _, g := range c.Queues[i].Ageing {
			sum += g.Worth
		}
		queue = max(queue, sum)
	}
	if most := maxPriority*o.point() + top + maxRepeat*o.Repeat + queue; most > o.most() {
		v.wrong("order.cap", o.most(), fmt.Sprintf("at least %s, which is what priority %d, the highest level, %d repeated calls and the most urgent queue are worth together",
			most, maxPriority, maxRepeat))
	}
	for i, k := range c.Known {
		if _, err := ParseNeeds(string(k.Needs)); err != nil {
			v.problems = append(v.problems, fmt.Errorf("known[%d].needs: %w: %w", i, err, ErrConfig))
		}
	}
}

// ranking checks what a queue distributes by, and what of whom it asks when.
func (v *validator) ranking(field string, q *Queue) {
	switch q.Distribution {
	case "", LongestIdle, FewestCalls, LeastTalk, RoundRobin, Linear, WeightedRandom, BestSkill, RingAll:
	default:
		v.wrong(field+".distribution", q.Distribution, fmt.Sprintf("%s, %s, %s, %s, %s, %s, %s or %s",
			LongestIdle, FewestCalls, LeastTalk, RoundRobin, Linear, WeightedRandom, BestSkill, RingAll))
	}
	v.prefers(field+".prefers", q.Prefers)
	v.lease(field+".urgency", q.Urgency, 0, maxCap)
	v.lease(field+".prefer_hold", q.PreferHold, 0, maxHold)
	if len(q.Relax) > maxSteps {
		v.wrong(field+".relax", len(q.Relax), fmt.Sprintf("at most %d steps", maxSteps))
	}
	last := time.Duration(0)
	for i, r := range q.Relax {
		at := fmt.Sprintf("%s.relax[%d]", field, i)
		last = v.ripe(at+".after", r.After, last)
		v.needs(at+".needs", r.Needs)
		v.prefers(at+".prefers", r.Prefers)
	}
	if len(q.Ageing) > maxAgeing {
		v.wrong(field+".ageing", len(q.Ageing), fmt.Sprintf("at most %d steps", maxAgeing))
	}
	last = 0
	for i, g := range q.Ageing {
		at := fmt.Sprintf("%s.ageing[%d]", field, i)
		last = v.ripe(at+".after", g.After, last)
		v.lease(at+".worth", g.Worth, 0, maxCap)
	}
}

// ripe checks when a step comes: after the one before.
func (v *validator) ripe(field string, after, last time.Duration) time.Duration {
	if after <= last || after > maxRipe {
		v.wrong(field, after, fmt.Sprintf("more than %s, up to %s", last, maxRipe))
	}
	return max(after, last)
}

func (v *validator) prefers(field string, prefers []Preference) {
	if len(prefers) > maxPrefers {
		v.wrong(field, len(prefers), fmt.Sprintf("at most %d", maxPrefers))
	}
	seen := map[fact.SkillID]bool{}
	for i, p := range prefers {
		at := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case !v.skills[p.Skill]:
			v.wrong(at+".skill", p.Skill, "one that \"skills\" has")
		case seen[p.Skill]:
			v.wrong(at+".skill", p.Skill, "each skill once")
		}
		seen[p.Skill] = true
		v.weight(at+".weight", p.Weight)
	}
}

func (v *validator) weight(field string, weight int) {
	if weight < 0 || weight > maxWeight {
		v.wrong(field, weight, fmt.Sprintf("0 to %d", maxWeight))
	}
}

// needs checks a requirement of skills that are in the configuration.
func (v *validator) needs(field string, needs Needs) {
	r, err := ParseNeeds(string(needs))
	if err != nil {
		v.problems = append(v.problems, fmt.Errorf("%s: %w: %w", field, err, ErrConfig))
	}
	for _, id := range r.Skills() {
		if !v.skills[id] {
			v.wrong(field, id, "one that \"skills\" has")
		}
	}
}
