package routing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

const (
	// defaultEscalate is how long a pause may overrun before the leader is
	// told (RUL-SHF-4).
	defaultEscalate = 5 * time.Minute
	// defaultRONAs is after how many in a row the leader is told (RUL-ANS-1).
	defaultRONAs = 2
)

// Pause is a reason for which agents may be NOT_READY.
type Pause struct {
	ID   PauseReason `json:"id" yaml:"id"`
	Name string      `json:"name,omitempty" yaml:"name"`
	// Max is how long it may last, 0 for as long as need be: it goes on after
	// that, and the agent is shown to overrun. Escalate is how long it may do so
	// before the leader is told: 0 means 5 min (RUL-SHF-4).
	Max      time.Duration `json:"max,omitempty" yaml:"max"`
	Escalate time.Duration `json:"escalate,omitempty" yaml:"escalate"`
	// Approval says who must grant it.
	Approval Approval `json:"approval,omitempty" yaml:"approval"`
}

// Approval says who must grant a pause.
type Approval string

// The approvals.
const (
	ApprovalNone Approval = ""     // nobody
	ApprovalAsk  Approval = "ask"  // a supervisor
	ApprovalAuto Approval = "auto" // huawu does, and says so
)

// defaultPauses are the reasons of a configuration that has none.
var defaultPauses = []Pause{
	{ID: PauseMeal, Max: 30 * time.Minute}, {ID: PauseBreak}, {ID: PauseLeave, Approval: ApprovalAsk},
	{ID: PauseTraining}, {ID: PauseMeeting}, {ID: PauseHelp},
}

// Choices are the reasons that agents may choose, in the order of being shown.
func (c *Config) Choices() []Pause {
	if c.Pauses == nil {
		return slices.Clone(defaultPauses)
	}
	return slices.Clone(c.Pauses)
}

// pauseFor is what a reason that agents may choose means.
func (c *Config) pauseFor(reason PauseReason) (Pause, bool) {
	all := c.Pauses
	if all == nil {
		all = defaultPauses
	}
	i := slices.IndexFunc(all, func(p Pause) bool { return p.ID == reason })
	if i < 0 {
		return Pause{}, false
	}
	return all[i], true
}

func (c *Config) ronas() int {
	if c.RONAs == 0 {
		return defaultRONAs
	}
	return c.RONAs
}

// pauseClock says how long the pause that an agent has chosen has lasted. A
// call of the agent's own in the middle does not stop it.
type pauseClock struct {
	runs  bool // it has begun
	since fact.Instant
	max   time.Duration // 0 for without a bound
	stage Overrun
	lease lease
}

// Overrun says how far a pause has gone beyond what it may last.
type Overrun string

// The overruns.
const (
	OverrunNone   Overrun = ""
	OverrunWarned Overrun = "warned" // it has lasted too long
	OverrunLeader Overrun = "leader" // and the leader has been told
)

// choose sets what the agent is to be but for legs and leases: READY for "".
// Asking again for the same pause does not begin it anew.
func (a *ACD) choose(ag *agent, pause PauseReason) {
	ag.handover = false
	if pause == ag.pause && pause != "" {
		return
	}
	ag.pause = pause
	a.leases.stop(&ag.paused.lease)
	ag.paused = pauseClock{lease: ag.paused.lease}
}

// clock begins to count a pause once the agent is in it.
func (a *ACD) clock(ag *agent) {
	if ag.paused.runs || ag.state != NotReadyIn || ag.reason != ag.pause {
		return
	}
	ag.paused.runs, ag.paused.since = true, a.now
	p, _ := a.config.pauseFor(ag.pause) // what huawu sets has no bound
	if ag.paused.max = p.Max; p.Max > 0 {
		a.leases.start(&ag.paused.lease, a.now.Add(p.Max))
	}
}

// overran tells of a pause that has lasted too long, and a while later tells
// the leader. It does not end the pause: that an agent is back is the agent's
// to say.
func (a *ACD) overran(ag *agent) {
	p := &ag.paused
	over := PauseOverran{Agent: ag.id, Reason: ag.pause, Leader: p.stage != OverrunNone, Over: int64(a.now - p.since.Add(p.max))}
	if p.stage = OverrunLeader; !over.Leader {
		p.stage = OverrunWarned
		escalate := defaultEscalate
		if c, _ := a.config.pauseFor(ag.pause); c.Escalate > 0 {
			escalate = c.Escalate
		}
		a.leases.start(&p.lease, p.since.Add(p.max+escalate))
	}
	a.emit(over)
}

// notReady pauses an agent, or asks for the pause if it must be granted.
func (a *ACD) notReady(in NotReady) {
	if a.checkNotReady(in) != nil {
		return
	}
	ag := a.agents[in.Agent]
	p, _ := a.config.pauseFor(in.Reason)
	asks := !in.Forced && p.Approval != ApprovalNone
	switch {
	case asks && (ag.pause == in.Reason || ag.request.status == RequestPending && ag.request.reason == in.Reason):
		return // granted, or asked for, already
	case !asks:
		a.withdrawRequest(ag)
		a.ask(ag, in.Reason)
		return
	}
	a.request(ag, in.Reason)
	if p.Approval == ApprovalAuto {
		a.answer(ag, true, "")
	}
}

func (a *ACD) checkNotReady(in NotReady) error {
	p, known := a.config.pauseFor(in.Reason)
	if !known {
		var all []string
		for _, p := range a.config.Choices() {
			all = append(all, string(p.ID))
		}
		return fmt.Errorf("reason %q: want one of %s: %w", in.Reason, strings.Join(all, ", "), ErrReason)
	}
	if err := a.checkSignedIn(in.Agent); err != nil {
		return err
	}
	ag := a.agents[in.Agent]
	if p.Approval == ApprovalAsk && !in.Forced && ag.pause != in.Reason && ag.talks(in.Call) {
		return fmt.Errorf("agent %q talks: want %s asked for after the call: %w", in.Agent, in.Reason, ErrTalking)
	}
	return nil
}

// talks is busy but for one call.
func (ag *agent) talks(but fact.CallID) bool {
	others := len(ag.calls)
	if slices.Contains(ag.calls, but) {
		others--
	}
	return ag.talk != nil || others > 0 || ag.offer != nil && ag.offer.phase == PhaseConnect
}

// pauses checks the reasons that agents may choose.
func (v *validator) pauses(c Config) {
	seen := map[PauseReason]bool{}
	for i, p := range c.Pauses {
		field := fmt.Sprintf("pauses[%d]", i)
		if v.id(field+".id", string(p.ID)) {
			switch p.ID {
			case PauseSignedIn, PauseRONA, PauseLog, PauseEndpoint:
				v.wrong(field+".id", p.ID, "a reason that huawu does not set itself")
			}
			if seen[p.ID] {
				v.wrong(field+".id", p.ID, "each reason once")
			}
			field += "(" + string(p.ID) + ")"
		}
		seen[p.ID] = true
		v.lease(field+".max", p.Max, minLease, maxLimit)
		v.lease(field+".escalate", p.Escalate, minLease, maxLimit)
		switch p.Approval {
		case ApprovalNone, ApprovalAsk, ApprovalAuto:
		default:
			v.wrong(field+".approval", p.Approval, fmt.Sprintf("nothing, %s or %s", ApprovalAsk, ApprovalAuto))
		}
	}
	v.lease("approve_within", c.ApproveWithin, minLease, maxLimit)
	if c.RONAs < 0 || c.RONAs > maxRONAs {
		v.wrong("ronas", c.RONAs, fmt.Sprintf("0 to %d", maxRONAs))
	}
}

// maxRONAs is the most offers rung out in a row before the leader is told.
const maxRONAs = 100
