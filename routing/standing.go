package routing

import (
	"slices"
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
)

// AgentStanding is what is to be said of an agent besides the state.
type AgentStanding struct {
	// Next and NextReason are what was chosen in a talk and comes after it, ""
	// for what comes by itself.
	Next       State       `json:"next,omitempty"`
	NextReason PauseReason `json:"next_reason,omitempty"`
	// RONAs is how many offers in a row were rung out.
	RONAs int `json:"ronas,omitempty"`
	// Paused is when the chosen pause began, Until when it should be over, 0
	// for either; Overrun who has been told that it is not.
	Paused  fact.Instant `json:"paused,omitempty"`
	Until   fact.Instant `json:"until,omitempty"`
	Overrun Overrun      `json:"overrun,omitempty"`
	// Wrapping is the ticket of the talk that is wrapped up, "" for none; Duties
	// are what is yet to be written down, the oldest first, and Owing says that
	// the leader knows.
	Wrapping fact.TicketID `json:"wrapping,omitempty"`
	Duties   []LogDuty     `json:"duties,omitempty"`
	Owing    bool          `json:"owing,omitempty"`
	// Request is what the agent has asked for, nil for nothing.
	Request *RequestInfo `json:"request,omitempty"`
}

// RequestInfo is a pause that an agent has asked for. By and Answered are of
// the answer; Late says that the leader has been told that there is none.
type RequestInfo struct {
	Reason   PauseReason  `json:"reason"`
	Status   RequestStep  `json:"status"`
	Since    fact.Instant `json:"since"`
	By       string       `json:"by,omitempty"`
	Answered fact.Instant `json:"answered,omitempty"`
	Late     bool         `json:"late,omitempty"`
}

func (ag *agent) standing() AgentStanding {
	s := AgentStanding{RONAs: ag.ronas, Overrun: ag.paused.stage, Paused: ag.paused.since}
	if ag.paused.max > 0 {
		s.Until = ag.paused.since.Add(ag.paused.max)
	}
	s.Next, s.NextReason = ag.next()
	s.Wrapping, s.Owing = ag.wrapUp.ticket, ag.owingTold
	for _, d := range ag.duties {
		d.Missing = slices.Clone(d.Missing)
		s.Duties = append(s.Duties, d)
	}
	if r := &ag.request; r.status != "" {
		s.Request = &RequestInfo{Reason: r.reason, Status: r.status, Since: r.since, By: r.by, Answered: r.answered, Late: r.late}
	}
	return s
}

// next is what was chosen in the talk.
func (ag *agent) next() (State, PauseReason) {
	switch {
	case !ag.asked:
		return "", ""
	case ag.leaving:
		return Offline, ""
	case ag.pause != "":
		return NotReadyIn, ag.pause
	}
	return ReadyState, ""
}

// savedStanding is what a checkpoint holds of it.
type savedStanding struct {
	Handover bool          `json:"handover,omitempty"`
	RONAs    int           `json:"ronas,omitempty"`
	Paused   *savedPause   `json:"paused,omitempty"`
	Request  *savedRequest `json:"request,omitempty"`
	// Wrapping is the queue of the talk that is wrapped up.
	Wrapping fact.QueueID  `json:"wrapping,omitempty"`
	Duties   []LogDuty     `json:"duties,omitempty"`
	Owing    *fact.Instant `json:"owing,omitempty"`
	Owed     bool          `json:"owed,omitempty"`
}

type savedPause struct {
	Since fact.Instant  `json:"since"`
	Max   time.Duration `json:"max,omitempty"`
	Stage Overrun       `json:"stage,omitempty"`
	Due   *fact.Instant `json:"due,omitempty"`
}

type savedRequest struct {
	RequestInfo
	Due *fact.Instant `json:"due,omitempty"`
}

func (ag *agent) saveStanding(s *savedStanding) {
	s.Handover, s.RONAs = ag.handover, ag.ronas
	s.Wrapping, s.Duties, s.Owing, s.Owed = ag.wrapUp.queue, ag.duties, ag.owing.end(), ag.owingTold
	if p := &ag.paused; p.runs {
		s.Paused = &savedPause{Since: p.since, Max: p.max, Stage: p.stage, Due: p.lease.end()}
	}
	if info := ag.standing().Request; info != nil {
		s.Request = &savedRequest{RequestInfo: *info, Due: ag.request.lease.end()}
	}
}

func (a *ACD) restoreStanding(ag *agent, s *savedStanding) {
	ag.handover, ag.ronas = s.Handover, s.RONAs
	ag.wrapUp.queue, ag.duties, ag.owingTold = s.Wrapping, s.Duties, s.Owed
	a.resume(&ag.owing, s.Owing)
	if p := s.Paused; p != nil {
		ag.paused.runs, ag.paused.since, ag.paused.max, ag.paused.stage = true, p.Since, p.Max, p.Stage
		a.resume(&ag.paused.lease, p.Due)
	}
	if r := s.Request; r != nil {
		ag.request.reason, ag.request.status, ag.request.since = r.Reason, r.Status, r.Since
		ag.request.by, ag.request.answered, ag.request.late = r.By, r.Answered, r.Late
		a.resume(&ag.request.lease, r.Due)
	}
}

// resume runs a lease that a checkpoint has running.
func (a *ACD) resume(l *lease, due *fact.Instant) {
	if due != nil {
		a.leases.start(l, *due)
	}
}

// remark is what is to be said of an agent who is NOT_READY besides the reason.
func (a *ACD) remark(ag *agent) string {
	switch p := &ag.paused; {
	case ag.reason == PauseRONA && ag.ronas > 1:
		return ", " + strconv.Itoa(ag.ronas) + " in a row"
	case p.stage != OverrunNone:
		return ", should have ended " + a.now.Sub(p.since.Add(p.max)).String() + " ago"
	}
	return ""
}
