package center

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
)

// View is the centre at one instant, for readers. It shares nothing with the
// machine and is never changed.
type View struct {
	At       fact.Instant `json:"at"`
	Wall     int64        `json:"wall"`
	Version  int64        `json:"version"`
	Switches []SwitchView `json:"switches"`
	Queues   []QueueView  `json:"queues"`
	Agents   []AgentView  `json:"agents"`
	Calls    []CallView   `json:"calls"`
	Trunks   []TrunkView  `json:"trunks,omitempty"`
	// Listed is the revision of the list of numbers that holds.
	Listed int64        `json:"listed,omitempty"`
	Alerts []AlertCount `json:"alerts,omitempty"`
	// Broken is every service norm that is broken right now, the oldest breach
	// first.
	Broken []BrokenNorm `json:"broken,omitempty"`
	// Incidents are those of the document, and which of them go on.
	Incidents []IncidentView `json:"incidents,omitempty"`
	// Callbacks are those that are open, CallbackRevision is the newest of
	// people's changes of them that holds.
	Callbacks        CallbackView `json:"callbacks"`
	CallbackRevision int64        `json:"callback_revision,omitempty"`
	// Owed is how many callbacks wait for the store.
	Owed int `json:"owed,omitempty"`
	// Misuses is how many strikes do.
	Misuses int `json:"misuses,omitempty"`
}

// BrokenNorm is a service norm that is broken right now: which, by whom, since
// when, and by how much.
type BrokenNorm struct {
	norms.Breach
	// Began is the wall clock when what breaks it began, in ms of the epoch;
	// Lasted how long it is broken.
	Began  int64 `json:"began"`
	Lasted int64 `json:"lasted_ms"`
}

// CallbackView is how many callbacks with a number are open, and how many of them
// are in a queue's line or being called.
type CallbackView struct {
	Open   int `json:"open"`
	Flying int `json:"flying"`
}

// SwitchView is a switch and whether we are connected to it.
type SwitchView struct {
	Name  string       `json:"name"`
	Up    bool         `json:"up"`
	Since fact.Instant `json:"since"`
}

// QueueView is a queue and who waits in it, in the order of being served.
type QueueView struct {
	ID      fact.QueueID `json:"id"`
	Name    string       `json:"name,omitempty"`
	Paused  bool         `json:"paused,omitempty"`
	Ready   int          `json:"ready"`   // agents who could be offered a ticket now
	Talking int          `json:"talking"` // agents in a talk of this queue
	Waiting []TicketView `json:"waiting"`
	Mode    routing.Mode `json:"mode,omitempty"`
	Staff   int          `json:"staff,omitempty"` // members signed in
	// Accuracy says how good the expected waits of the queue have been.
	Accuracy routing.Accuracy `json:"accuracy,omitzero"`
}

// TrunkView is a way out and in, and what it has carried since huawu's journal
// begins.
type TrunkView struct {
	ID       string `json:"id"`
	Live     int    `json:"live"`               // legs on it, both ways
	Capacity int    `json:"capacity,omitempty"` // 0 means without a limit
	Calls    int64  `json:"calls"`
	Failed   int64  `json:"failed"`          // calls that it could not carry
	Rests    int64  `json:"rests,omitempty"` // tried last until, wall clock, ms of the epoch
	Cadence  int64  `json:"cadence_ms"`      // from one ring to the next
}

// TicketView is one place in line.
type TicketView struct {
	Ticket   fact.TicketID `json:"ticket"`
	Call     fact.CallID   `json:"call"`
	From     string        `json:"from,omitempty"`
	Position int           `json:"position"` // from 1
	Priority int           `json:"priority"`
	Joined   int64         `json:"joined"` // wall clock, ms of the epoch
	Waited   int64         `json:"waited_ms"`
	Offered  fact.AgentID  `json:"offered,omitempty"`
	Score    int64         `json:"score,omitempty"` // what ranks it, ms of waiting
	Step     int           `json:"step,omitempty"`  // of relaxation, from 1
	// Callback is the one that waits for an agent, "" for a caller.
	Callback fact.CallbackID `json:"callback,omitempty"`
	// Consult says that the agent From waits, to ask somebody of the queue.
	Consult bool `json:"consult,omitempty"`
}

// AgentView is an agent and what state has lasted how long.
type AgentView struct {
	ID        fact.AgentID        `json:"id"`
	Name      string              `json:"name,omitempty"`
	State     routing.State       `json:"state"`
	Reason    routing.PauseReason `json:"reason,omitempty"`
	Endpoint  fact.Endpoint       `json:"endpoint,omitempty"`
	Reachable bool                `json:"reachable"`
	Since     int64               `json:"since"` // wall clock, ms of the epoch
	Lasted    int64               `json:"lasted_ms"`
	Call      fact.CallID         `json:"call,omitempty"`
	Queues    []fact.QueueID      `json:"queues"`
	Skills    []routing.Skill     `json:"skills,omitempty"`
	// Trainee says that the agent is one, TraineeUntil up to which day, also one
	// that is past.
	Trainee      bool   `json:"trainee,omitempty"`
	TraineeUntil string `json:"trainee_until,omitempty"`
	AgentStanding
}

// CallState is where a call is on its way.
type CallState string

// The states of a call.
const (
	CallInFlow  CallState = "flow"    // in a menu or an announcement
	CallWaiting CallState = "waiting" // in line
	CallRinging CallState = "ringing" // an agent's or a called phone rings
	CallTalking CallState = "talking"
	CallHeld    CallState = "held"
	CallParked  CallState = "parked" // hears music until somebody picks it up
	CallEnding  CallState = "ending" // legs are being hung up
)

// CallView is one call.
type CallView struct {
	ID        fact.CallID    `json:"id"`
	Direction fact.Direction `json:"direction"`
	State     CallState      `json:"state"`
	From      string         `json:"from"`
	To        string         `json:"to"`
	Queue     fact.QueueID   `json:"queue,omitempty"`
	Agent     fact.AgentID   `json:"agent,omitempty"`
	Node      string         `json:"node,omitempty"` // "<flow>/<node>"
	Began     int64          `json:"began"`          // wall clock, ms of the epoch
	Lasted    int64          `json:"lasted_ms"`
	Recorded  bool           `json:"recorded"`
	// Paused is why silence is written into its recording, none when what is said
	// is.
	Paused []RecordingPause `json:"paused,omitempty"`
	Legs   []LegView        `json:"legs"`
	// Consult is who is being asked meanwhile, nil for nobody; Muted says that
	// the agent is not heard, Third that a third one is in the talk.
	Consult *ConsultView `json:"consult,omitempty"`
	Muted   bool         `json:"muted,omitempty"`
	Third   bool         `json:"third,omitempty"`
	// Log is what agents have written about it.
	Log []fact.LogEntry `json:"log,omitempty"`
	// Held is since when somebody of the talk is on hold, on the wall clock in
	// ms of the epoch, 0 for nobody; HeldLong that it is longer than allowed.
	Held     int64 `json:"held,omitempty"`
	HeldLong bool  `json:"held_long,omitempty"`
	// Query is since when the agent looks something up, likewise.
	Query int64 `json:"query,omitempty"`
	// Survey is the caller's rating, nil for one who was not asked.
	Survey *fact.Survey `json:"survey,omitempty"`
	// Parked is where the caller is parked, nil for nowhere.
	Parked *ParkView `json:"parked,omitempty"`
	// Scene is the scene that goes on, or that did last.
	Scene *SceneView `json:"scene,omitempty"`
	// Supervisors are those at the talk.
	Supervisors []SupervisionView `json:"supervisors,omitempty"`
}

// ConsultView is a call that an agent makes in the middle of a talk.
type ConsultView struct {
	By    fact.AgentID `json:"by"`
	To    Target       `json:"to"`
	Agent fact.AgentID `json:"agent,omitempty"` // who has answered, or rings
	State CallState    `json:"state"`           // waiting, ringing or talking
	Began int64        `json:"began"`           // wall clock, ms of the epoch
}

// LegView is one leg of a call.
type LegView struct {
	Leg      fact.LegID    `json:"leg"`
	Role     string        `json:"role"`
	State    string        `json:"state"`
	Endpoint fact.Endpoint `json:"endpoint,omitempty"`
}

// Aged is the view with every duration counted on to an instant: between two
// steps nothing changes but how long it has lasted. It shares with v what has
// no duration.
func (v *View) Aged(at fact.Instant) *View {
	past := int64(at - v.At)
	if past <= 0 {
		return v
	}
	o := *v
	o.At, o.Wall = at, v.Wall+past
	o.Queues = slices.Clone(v.Queues)
	for i := range o.Queues {
		q := &o.Queues[i]
		q.Waiting = slices.Clone(q.Waiting)
		for j := range q.Waiting {
			q.Waiting[j].Waited += past
		}
	}
	o.Agents = slices.Clone(v.Agents)
	for i := range o.Agents {
		o.Agents[i].Lasted += past
		o.Agents[i].AgentStanding = o.Agents[i].aged(o.Wall)
	}
	o.Broken = slices.Clone(v.Broken)
	for i := range o.Broken {
		o.Broken[i].Lasted += past
	}
	o.Calls = slices.Clone(v.Calls)
	for i := range o.Calls {
		o.Calls[i].Lasted += past
	}
	return &o
}
