package simulate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// ErrPlan says that a plan cannot be simulated. The error names the field.
var ErrPlan = errors.New("wrong plan")

// Problem is one thing that is wrong with a plan. Field is the way there, such
// as "load[2].talk.mean".
type Problem struct{ Field, What string }

// PlanError is everything that is wrong with a plan. It wraps ErrPlan.
type PlanError struct{ Problems []Problem }

func (e *PlanError) Error() string {
	text := ErrPlan.Error() + ":"
	for _, p := range e.Problems {
		text += "\n  " + p.Field + ": " + p.What
	}
	return text
}

// Unwrap is ErrPlan.
func (e *PlanError) Unwrap() error { return ErrPlan }

// Bounds of a plan.
const (
	maxRuns  = 1000
	maxFor   = 31 * 24 * time.Hour
	maxStaff = 100_000
	maxRate  = 10_000_000 // calls an hour
)

// Plan is what is simulated. Instants are counted from the plan's beginning.
type Plan struct {
	// Centre is the queues, skills and agents, as production has them.
	Centre routing.Config `json:"centre" yaml:"centre"`
	// For is for how long calls arrive, to 31 days. Calls that arrive during
	// WarmUp, the beginning of For, do not count.
	For    time.Duration `json:"for" yaml:"for"`
	WarmUp time.Duration `json:"warm_up,omitempty" yaml:"warm_up"`
	Seed   uint64        `json:"seed,omitempty" yaml:"seed"`
	// Runs is how often the plan is run, with other chance each time: 1 to
	// 1000, 0 means 1. With one run intervals come of 20 slices of its time,
	// which is too narrow where a queue remembers for longer than a slice.
	Runs int `json:"runs,omitempty" yaml:"runs"`
	// Within is the wait that the service level allows, 0 means 15 s (WFM-2).
	Within time.Duration `json:"within,omitempty" yaml:"within"`
	Load   []Load        `json:"load" yaml:"load"`
	Staff  []Shift       `json:"staff" yaml:"staff"`
	Habits Habits        `json:"habits,omitzero" yaml:"habits"`
}

// Load is callers of one queue: by rate, by chance, or recorded.
type Load struct {
	Queue fact.QueueID `json:"queue" yaml:"queue"`
	// PerHour is the mean rate of a Poisson stream in each Interval of the
	// plan (0 means 1 h); the last goes on to the end.
	PerHour  []float64     `json:"per_hour,omitempty" yaml:"per_hour"`
	Interval time.Duration `json:"interval,omitempty" yaml:"interval"`
	// Calls are recorded ones, which come besides.
	Calls []Call `json:"calls,omitempty" yaml:"calls"`
	// Kinds are the sorts of callers by their part; none means one sort that
	// asks for nothing. Recorded calls say for themselves.
	Kinds []Kind `json:"kinds,omitempty" yaml:"kinds"`
	// Talk is how long talks take, Patience how long callers wait before they
	// give up; without a mean they never do. WrapUp is what of the queue's
	// wrap-up the agents use; without a mean all of it.
	Talk     Times `json:"talk" yaml:"talk"`
	Patience Times `json:"patience,omitzero" yaml:"patience"`
	WrapUp   Times `json:"wrap_up,omitzero" yaml:"wrap_up"`
}

// Call is a recorded call. Talk 0 and Patience 0 are drawn as the load's.
type Call struct {
	At       time.Duration `json:"at" yaml:"at"`
	Talk     time.Duration `json:"talk,omitempty" yaml:"talk"`
	Patience time.Duration `json:"patience,omitempty" yaml:"patience"`
	Needs    routing.Needs `json:"needs,omitempty" yaml:"needs"`
	Priority int           `json:"priority,omitempty" yaml:"priority"`
}

// Kind is a sort of callers.
type Kind struct {
	Part     float64       `json:"part" yaml:"part"` // of all, relative to the other kinds'
	Needs    routing.Needs `json:"needs,omitempty" yaml:"needs"`
	Priority int           `json:"priority,omitempty" yaml:"priority"`
	Level    string        `json:"level,omitempty" yaml:"level"`
}

// Spread is how durations are spread about their mean.
type Spread string

// The spreads. "" is Exponential.
const (
	Exponential Spread = "exponential"
	LogNormal   Spread = "lognormal" // with Deviation
	Fixed       Spread = "fixed"
	Recorded    Spread = "recorded" // one of List, each as likely
)

// Times are durations drawn by chance.
type Times struct {
	Mean      time.Duration   `json:"mean,omitempty" yaml:"mean"`
	Spread    Spread          `json:"spread,omitempty" yaml:"spread"`
	Deviation time.Duration   `json:"deviation,omitempty" yaml:"deviation"`
	List      []time.Duration `json:"list,omitempty" yaml:"list"`
}

// Shift is agents at work. They sign in READY at From and out at To, after the
// talk if there is one; To 0 is until the last caller is gone.
type Shift struct {
	// Agents are agents of the centre; or else Count agents are made who
	// serve Queues with Skills. Neither means everybody in the centre.
	Agents []fact.AgentID  `json:"agents,omitempty" yaml:"agents"`
	Count  int             `json:"count,omitempty" yaml:"count"`
	Queues []fact.QueueID  `json:"queues,omitempty" yaml:"queues"`
	Skills []routing.Skill `json:"skills,omitempty" yaml:"skills"`
	From   time.Duration   `json:"from,omitempty" yaml:"from"`
	To     time.Duration   `json:"to,omitempty" yaml:"to"`
}

// Habits are what agents do with offers. The zero Habits answer at once.
type Habits struct {
	// Answer is how long a phone rings before it is picked up.
	Answer Times `json:"answer,omitzero" yaml:"answer"`
	// NoAnswer and Reject are the parts of offers, 0 to 1, that are let ring
	// and that are refused after Answer.
	NoAnswer float64 `json:"no_answer,omitempty" yaml:"no_answer"`
	Reject   float64 `json:"reject,omitempty" yaml:"reject"`
	// Back is how long an agent who let it ring stays NOT_READY, 0 means 1 min.
	Back time.Duration `json:"back,omitempty" yaml:"back"`
}

// prepare checks the plan, sets what is not said and makes the agents that
// shifts ask for. It changes a copy.
func (p Plan) prepare() (Plan, error) {
	var wrong []Problem
	bad := func(field string, value any, want string) {
		if err, told := value.(error); told {
			wrong = append(wrong, Problem{field, err.Error()})
			return
		}
		wrong = append(wrong, Problem{field, fmt.Sprintf("%v: want %s", value, want)})
	}
	p.Runs = max(p.Runs, 1)
	if p.Within == 0 {
		p.Within = 15 * time.Second
	}
	if p.Habits.Back == 0 {
		p.Habits.Back = time.Minute
	}
	if p.Runs > maxRuns {
		bad("runs", p.Runs, "1 to 1000")
	}
	if p.For < time.Minute || p.For > maxFor {
		bad("for", p.For, "1m to 744h")
	}
	if p.WarmUp < 0 || p.WarmUp >= max(p.For, 1) {
		bad("warm_up", p.WarmUp, "less than for")
	}
	if p.Within < 0 {
		bad("within", p.Within, "0s or more")
	}
	if n := p.Habits.NoAnswer; n < 0 || n > 1 || math.IsNaN(n) {
		bad("habits.no_answer", n, "0 to 1")
	}
	if n := p.Habits.Reject; n < 0 || n+p.Habits.NoAnswer > 1 || math.IsNaN(n) {
		bad("habits.reject", n, "0 to 1, together with no_answer")
	}
	if p.Habits.Back < 0 {
		bad("habits.back", p.Habits.Back, "0s or more")
	}
	p.Habits.Answer.check("habits.answer", bad)
	if len(p.Centre.Queues) == 0 { // whatever else is wrong follows from it
		wrong = append(wrong, Problem{"centre", "the plan has no centre: write one under centre, with its queues, or give --centre FILE"})
		return Plan{}, &PlanError{wrong}
	}
	if err := p.Centre.Validate(); err != nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			wrong = append(wrong, Problem{"centre", line})
		}
	}
	p.recruit(bad)
	if len(wrong) == 0 { // with those who were recruited
		if err := p.Centre.Validate(); err != nil {
			bad("staff", err, "")
		}
	}
	p.Centre.Queues = slices.Clone(p.Centre.Queues)
	for i := range p.Centre.Queues {
		p.Centre.Queues[i].Log = nil // written within the wrap-up that is drawn
	}
	acd := routing.New()
	acd.Step(0, routing.Configure{Config: p.Centre})
	if len(p.Load) == 0 {
		bad("load", "none", "who calls which queue")
	}
	p.Load = slices.Clone(p.Load)
	for i := range p.Load {
		p.Load[i].prepare(fmt.Sprintf("load[%d]", i), acd, bad)
	}
	if len(wrong) > 0 {
		return Plan{}, &PlanError{wrong}
	}
	return p, nil
}

// recruit makes the agents of shifts by count, and names those of every shift.
func (p *Plan) recruit(bad func(field string, value any, want string)) {
	p.Centre.Agents = slices.Clone(p.Centre.Agents)
	queues, skills, known := map[fact.QueueID]bool{}, map[fact.SkillID]bool{}, map[fact.AgentID]bool{}
	for i := range p.Centre.Queues {
		queues[p.Centre.Queues[i].ID] = true
	}
	for _, id := range p.Centre.Skills {
		skills[id] = true
	}
	var everybody []fact.AgentID
	for _, a := range p.Centre.Agents {
		known[a.ID] = true
		everybody = append(everybody, a.ID)
	}
	p.Staff = slices.Clone(p.Staff)
	total := 0
	for i := range p.Staff {
		s, field := &p.Staff[i], fmt.Sprintf("staff[%d]", i)
		if s.From < 0 || s.To < 0 || s.To > 0 && s.To <= s.From {
			bad(field+".to", s.To, "after from, or 0s for the end")
		}
		total += s.Count
		if s.Count < 0 || total > maxStaff {
			bad(field+".count", s.Count, "0 to 100000 in all")
			continue
		}
		for _, id := range s.Queues {
			if !queues[id] {
				bad(field+".queues", id, "a queue of the centre")
			}
		}
		for _, skill := range s.Skills {
			if !skills[skill.ID] || skill.Level < 0 || skill.Level > 100 {
				bad(field+".skills", fmt.Sprintf("%s %d", skill.ID, skill.Level), "a skill of the centre at 0 to 100")
			}
		}
		for _, id := range s.Agents {
			if !known[id] {
				bad(field+".agents", id, "an agent of the centre")
			}
		}
		switch {
		case s.Count > 0 && len(s.Agents) > 0:
			bad(field, "agents and count", "one of them")
		case s.Count > 0:
			for n := range s.Count {
				id := fact.AgentID(fmt.Sprintf("staff%d-%05d", i, n+1))
				s.Agents = append(s.Agents, id)
				p.Centre.Agents = append(p.Centre.Agents, routing.Agent{ID: id, Queues: s.Queues, Skills: s.Skills})
			}
		case len(s.Agents) == 0:
			s.Agents = everybody
		}
	}
}

func (l *Load) prepare(field string, acd *routing.ACD, bad func(field string, value any, want string)) {
	if l.Interval == 0 {
		l.Interval = time.Hour
	}
	if l.Interval < time.Second {
		bad(field+".interval", l.Interval, "1s or more")
	}
	for i, rate := range l.PerHour {
		if rate < 0 || rate > maxRate || math.IsNaN(rate) {
			bad(fmt.Sprintf("%s.per_hour[%d]", field, i), rate, "0 to 10000000")
		}
	}
	if len(l.PerHour) == 0 && len(l.Calls) == 0 {
		bad(field, "nobody", "per_hour or calls")
	}
	l.Talk.check(field+".talk", bad)
	l.Patience.check(field+".patience", bad)
	l.WrapUp.check(field+".wrap_up", bad)
	byKind := len(l.Kinds) > 0 || len(l.PerHour) > 0 // recorded calls say for themselves
	if len(l.Kinds) == 0 {
		l.Kinds = []Kind{{Part: 1}}
	}
	if err := acd.Check(routing.Join{Ticket: "t", Queue: l.Queue}); errors.Is(err, routing.ErrNoQueue) {
		bad(field+".queue", l.Queue, "a queue of the centre")
		return
	}
	check := func(field string, needs routing.Needs, priority int) {
		if err := acd.Check(routing.Join{Ticket: "t", Queue: l.Queue, Needs: needs, Priority: priority}); err != nil {
			bad(field, err, "")
		}
	}
	sum := 0.0
	for i, k := range l.Kinds {
		at := fmt.Sprintf("%s.kinds[%d]", field, i)
		if k.Part < 0 || math.IsNaN(k.Part) || math.IsInf(k.Part, 0) {
			bad(at+".part", k.Part, "0 or more")
		}
		sum += k.Part
		if byKind {
			check(at, k.Needs, k.Priority)
		}
	}
	if sum <= 0 {
		bad(field+".kinds", sum, "parts of which one is over 0")
	}
	l.Calls = slices.Clone(l.Calls)
	for i, c := range l.Calls {
		at := fmt.Sprintf("%s.calls[%d]", field, i)
		if c.At < 0 || c.Talk < 0 || c.Patience < 0 {
			bad(at, c.At, "0s or more")
		}
		check(at, c.Needs, c.Priority)
	}
	slices.SortStableFunc(l.Calls, func(a, b Call) int { return int((a.At - b.At) / time.Microsecond) })
}

func (t Times) check(field string, bad func(field string, value any, want string)) {
	if t.Mean < 0 || t.Deviation < 0 {
		bad(field+".mean", t.Mean, "0s or more")
	}
	switch t.Spread {
	case "", Exponential, LogNormal, Fixed:
		if len(t.List) > 0 {
			bad(field+".spread", t.Spread, "recorded, for there is a list")
		}
	case Recorded:
		if len(t.List) == 0 {
			bad(field+".list", "none", "what was recorded")
		}
		for _, d := range t.List {
			if d < 0 {
				bad(field+".list", d, "0s or more")
			}
		}
	default:
		bad(field+".spread", t.Spread, "exponential, lognormal, fixed or recorded")
	}
}
