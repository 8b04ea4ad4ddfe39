package routing

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/huawu/huawu/fact"
)

// The bounds of what a queue may set.
const (
	minLease  = time.Second
	maxRing   = 120 * time.Second
	maxReach  = 60 * time.Second
	maxWrapUp = 30 * time.Minute
	maxID     = 64 // bytes
)

// Validate says all that is wrong with the configuration, joined: field,
// value and what would be right. Every problem wraps ErrConfig.
func (c Config) Validate() error {
	v := validator{skills: map[fact.SkillID]bool{}, queues: map[fact.QueueID]bool{}}
	for i, id := range c.Skills {
		field := fmt.Sprintf("skills[%d]", i)
		switch {
		case !v.id(field, string(id)):
		case !isSkill(id):
			v.wrong(field, id, `letters, digits, "_", "-" and ".", and none of AND, OR, NOT`)
		case v.skills[id]:
			v.wrong(field, id, "each skill once")
		}
		v.skills[id] = true
	}
	for i := range c.Queues {
		v.queue(fmt.Sprintf("queues[%d]", i), &c.Queues[i])
	}
	agents := map[fact.AgentID]bool{}
	for i := range c.Agents {
		ag := &c.Agents[i]
		field := fmt.Sprintf("agents[%d]", i)
		if v.id(field+".id", string(ag.ID)) && agents[ag.ID] {
			v.wrong(field+".id", ag.ID, "each agent once")
		}
		agents[ag.ID] = true
		v.agent(field, ag)
	}
	v.order(c)
	v.overflows(c)
	return errors.Join(v.problems...)
}

type validator struct {
	skills   map[fact.SkillID]bool
	queues   map[fact.QueueID]bool
	problems []error
}

// wrong notes a problem. The field comes first, for people look for it.
func (v *validator) wrong(field string, value any, want string) {
	v.problems = append(v.problems, fmt.Errorf("%s: %q: want %s: %w", field, fmt.Sprint(value), want, ErrConfig))
}

// id says whether text can name something.
func (v *validator) id(field, text string) bool {
	strange := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }
	if text == "" || len(text) > maxID || strings.ContainsFunc(text, strange) {
		v.wrong(field, text, fmt.Sprintf("1 to %d bytes without spaces", maxID))
		return false
	}
	return true
}

func (v *validator) queue(field string, q *Queue) {
	if v.id(field+".id", string(q.ID)) {
		if v.queues[q.ID] {
			v.wrong(field+".id", q.ID, "each queue once")
		}
		field += "(" + string(q.ID) + ")"
	}
	v.queues[q.ID] = true
	v.lease(field+".ring", q.Ring, minLease, maxRing)
	v.lease(field+".reach", q.Reach, minLease, maxReach)
	v.lease(field+".wrap_up", q.WrapUp, 0, maxWrapUp)
	v.needs(field+".needs", q.Needs)
	v.ranking(field, q)
	v.limits(field, q)
}

func (v *validator) lease(field string, d, lo, hi time.Duration) {
	if d != 0 && (d < lo || d > hi) {
		v.wrong(field, d, fmt.Sprintf("0 or %s to %s", lo, hi))
	}
}

func (v *validator) agent(field string, ag *Agent) {
	field += "(" + string(ag.ID) + ")"
	queues := map[fact.QueueID]bool{}
	for i, id := range ag.Queues {
		at := fmt.Sprintf("%s.queues[%d]", field, i)
		switch {
		case !v.queues[id]:
			v.wrong(at, id, "a queue of queues")
		case queues[id]:
			v.wrong(at, id, "each queue once")
		}
		queues[id] = true
	}
	skills := map[fact.SkillID]bool{}
	for i, s := range ag.Skills {
		at := fmt.Sprintf("%s.skills[%d]", field, i)
		switch {
		case !v.skills[s.ID]:
			v.wrong(at+".id", s.ID, "a skill of skills")
		case skills[s.ID]:
			v.wrong(at+".id", s.ID, "each skill once")
		}
		if s.Level < 0 || s.Level > maxLevel {
			v.wrong(at+".level", s.Level, fmt.Sprintf("0 to %d", maxLevel))
		}
		skills[s.ID] = true
	}
	v.weight(field+".weight", ag.Weight)
}
