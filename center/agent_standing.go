package center

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// AgentStanding is what is to be said of an agent besides the state.
type AgentStanding struct {
	// Next and NextReason are what was chosen in a talk and comes after it.
	Next       routing.State       `json:"next,omitempty"`
	NextReason routing.PauseReason `json:"next_reason,omitempty"`
	// RONAs is how many calls in a row the agent let ring out.
	RONAs int `json:"ronas,omitempty"`
	// Pause is of the one that the agent is in, Request what was asked for, nil
	// for none.
	Pause   *PauseView   `json:"pause,omitempty"`
	Request *RequestView `json:"request,omitempty"`
	// Owes are the talks that are yet to be written about, the oldest first.
	Owes []OwedView `json:"owes,omitempty"`
}

// OwedView is a talk that the agent has yet to write about: which fields are
// missing, and since when on the wall clock. Late says that the leader knows.
type OwedView struct {
	Call    fact.CallID  `json:"call"`
	Queue   fact.QueueID `json:"queue"`
	Missing []string     `json:"missing"`
	Since   int64        `json:"since"`
	Late    bool         `json:"late,omitempty"`
}

// PauseView is how long a pause has lasted and may. Instants are wall-clock
// milliseconds of the epoch.
type PauseView struct {
	Since int64 `json:"since"`
	Until int64 `json:"until,omitempty"` // 0 for without a bound
	// Over is for how many milliseconds it has lasted too long, Told who knows.
	Over int64           `json:"over_ms,omitempty"`
	Told routing.Overrun `json:"told,omitempty"`
}

// RequestView is a pause that an agent has asked for: pending, granted or
// denied, by whom and when. Late says that the leader was told that nobody
// answers.
type RequestView struct {
	Reason   routing.PauseReason `json:"reason"`
	Status   routing.RequestStep `json:"status"`
	Since    int64               `json:"since"`
	By       string              `json:"by,omitempty"`
	Answered int64               `json:"answered,omitempty"`
	Late     bool                `json:"late,omitempty"`
}

// standing is what the ACD says, in wall-clock time.
func (c *Center) standing(s routing.AgentStanding) AgentStanding {
	v := AgentStanding{Next: s.Next, NextReason: s.NextReason, RONAs: s.RONAs}
	if s.Paused != 0 {
		v.Pause = &PauseView{Since: c.wall(s.Paused), Told: s.Overrun}
		if s.Until != 0 {
			v.Pause.Until = c.wall(s.Until)
		}
	}
	for i, d := range s.Duties {
		v.Owes = append(v.Owes, OwedView{Call: callOf(d.Ticket), Queue: d.Queue, Missing: d.Missing, Since: c.wall(d.Since), Late: s.Owing && i == 0})
	}
	if r := s.Request; r != nil {
		v.Request = &RequestView{Reason: r.Reason, Status: r.Status, Since: c.wall(r.Since), By: r.By, Late: r.Late}
		if r.Answered != 0 {
			v.Request.Answered = c.wall(r.Answered)
		}
	}
	return v.aged(c.now.Wall().UnixMilli())
}

// aged is the standing at an instant of the wall clock. It shares with s what
// has no duration.
func (s AgentStanding) aged(wall int64) AgentStanding {
	if s.Pause != nil && s.Pause.Until != 0 && wall > s.Pause.Until {
		p := *s.Pause
		p.Over = wall - p.Until
		s.Pause = &p
	}
	return s
}
