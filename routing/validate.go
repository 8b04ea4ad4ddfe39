package routing

import (
	"errors"
	"fmt"
	"slices"
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
	v := validator{skills: map[fact.SkillID]bool{}, queues: map[fact.QueueID]bool{}, seen: map[fact.SkillID]bool{}}
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
		if agents[ag.ID] {
			v.wrong(fmt.Sprintf("agents[%d].id", i), ag.ID, "each agent once")
		}
		agents[ag.ID] = true
		v.agent(i, ag)
	}
	v.order(c)
	v.pauses(c)
	v.overflows(c)
	return errors.Join(v.problems...)
}

type validator struct {
	skills   map[fact.SkillID]bool
	queues   map[fact.QueueID]bool
	seen     map[fact.SkillID]bool // of the agent at hand
	problems []error
}

// wrong notes a problem. The field comes first, for people look for it.
func (v *validator) wrong(field string, value any, want string) {
	v.problems = append(v.problems, fmt.Errorf("%s: %q: want %s: %w", field, fmt.Sprint(value), want, ErrConfig))
}

// nameable says whether text can name something.
func nameable(text string) bool {
	strange := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }
	return text != "" && len(text) <= maxID && !strings.ContainsFunc(text, strange)
}

// id notes a problem unless text can name something.
func (v *validator) id(field, text string) bool {
	if !nameable(text) {
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
	v.logFields(field, q)
	v.trainees(field, q)
}

func (v *validator) lease(field string, d, lo, hi time.Duration) {
	if d != 0 && (d < lo || d > hi) {
		v.wrong(field, d, fmt.Sprintf("0 or %s to %s", lo, hi))
	}
}

// agent checks one of many thousands, within the one step that applies them:
// what is right costs no text.
func (v *validator) agent(n int, ag *Agent) {
	field := func(part string, i int) string {
		at := fmt.Sprintf("agents[%d](%s).%s", n, ag.ID, part)
		if i < 0 {
			return at
		}
		return fmt.Sprintf("%s[%d]", at, i)
	}
	if !nameable(string(ag.ID)) {
		v.id(fmt.Sprintf("agents[%d].id", n), string(ag.ID))
	}
	for i, id := range ag.Queues {
		switch {
		case !v.queues[id]:
			v.wrong(field("queues", i), id, "one that \"queues\" has")
		case slices.Contains(ag.Queues[:i], id):
			v.wrong(field("queues", i), id, "each queue once")
		}
	}
	clear(v.seen)
	for i, s := range ag.Skills {
		switch {
		case !v.skills[s.ID]:
			v.wrong(field("skills", i)+".id", s.ID, "one that \"skills\" has")
		case v.seen[s.ID]:
			v.wrong(field("skills", i)+".id", s.ID, "each skill once")
		}
		if s.Level < 0 || s.Level > maxLevel {
			v.wrong(field("skills", i)+".level", s.Level, fmt.Sprintf("0 to %d", maxLevel))
		}
		v.seen[s.ID] = true
	}
	if ag.Weight < 0 || ag.Weight > maxWeight {
		v.weight(field("weight", -1), ag.Weight)
	}
	if ag.TraineeUntil != "" {
		if _, err := time.Parse(time.DateOnly, ag.TraineeUntil); err != nil {
			v.wrong(field("trainee_until", -1), ag.TraineeUntil, "the last day of it, such as 2026-12-31")
		}
	}
}
