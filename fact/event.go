package fact

// Kind names a normalised event (SPEC GEN-4).
type Kind string

// The kinds of events. Talk and digits come with later rooms.
const (
	CallOffered    Kind = "call.offered"
	CallAdopted    Kind = "call.adopted"
	CallEnded      Kind = "call.ended"
	FlowNode       Kind = "flow.node"
	LegCreated     Kind = "leg.created"
	LegRinging     Kind = "leg.ringing"
	LegAnswered    Kind = "leg.answered"
	LegHangup      Kind = "leg.hangup"
	BridgeJoined   Kind = "bridge.joined"
	BridgeLeft     Kind = "bridge.left"
	HoldOn         Kind = "hold.on"
	HoldOff        Kind = "hold.off"
	MuteOn         Kind = "mute.on"
	MuteOff        Kind = "mute.off"
	PlayStarted    Kind = "playback.started"
	PlayFinished   Kind = "playback.finished"
	RecordStarted  Kind = "record.started"
	RecordPaused   Kind = "record.paused"
	RecordResumed  Kind = "record.resumed"
	RecordStopped  Kind = "record.stopped"
	RecordFailed   Kind = "record.failed"
	TransferAsked  Kind = "transfer.requested"
	TransferDenied Kind = "transfer.denied"
	TransferDone   Kind = "transfer.done"
	TransferFailed Kind = "transfer.failed" // allowed, and came to nothing
	ConsultBegan   Kind = "consult.began"   // an agent asks somebody, the caller on hold
	ConsultEnded   Kind = "consult.ended"
	ConferenceOn   Kind = "conference.began" // caller, agent and a third one in one room
	CallParked     Kind = "call.parked"
	CallPicked     Kind = "call.picked-up"
	CallReturned   Kind = "call.returned" // parked for too long: back to Agent, or to Queue
	SpyBegan       Kind = "supervise.began"
	SpyMode        Kind = "supervise.mode"
	SpyEnded       Kind = "supervise.ended"
	HoldLong       Kind = "hold.long" // on hold for longer than the rules allow
	TalkKey        Kind = "talk.key"  // an agent's phone key has asked for Name; Reason is the code of a refusal
	AgentState     Kind = "agent.state"
	AgentRequest   Kind = "agent.request" // what has become of a pause that must be granted
	AgentTrainee   Kind = "agent.trainee" // a traineeship has begun or ended
	CallLogged     Kind = "call.logged"   // an agent has written something about the talk
	LogWaived      Kind = "log.waived"    // an agent may go without it: by a leader, or owing for too many talks
	AgentForced    Kind = "agent.forced"  // a supervisor has said what an agent is to be
	AlertAgent     Kind = "alert.agent"   // an agent ought to know
	AlertLeader    Kind = "alert.leader"  // the leader ought to know
	QueueJoined    Kind = "queue.joined"
	QueueOffered   Kind = "queue.offered"
	QueueMissed    Kind = "queue.missed" // an offer ended without an answer
	QueueConnected Kind = "queue.connected"
	QueueLeft      Kind = "queue.left"
	QueueMoved     Kind = "queue.moved"   // a ticket went to another queue
	QueueRelaxed   Kind = "queue.relaxed" // a ticket asks for less, having waited
	QueueRanked    Kind = "queue.ranked"  // a ticket was given another rank in line
	QueueMode      Kind = "queue.mode"    // open, paused, draining or closed
	QueueTold      Kind = "queue.told"    // a caller was told an expected wait
	NormBroken     Kind = "norm.broken"   // a service norm is broken from now on (SPEC GEN-4 rule.violated): by Value, against Limit
	NormMended     Kind = "norm.mended"   // it is so no more; Reason says if only because the call is over
	NormNudged     Kind = "norm.nudged"   // an agent is told; Reason is what about, To the key of a phrase
	NormEnforced   Kind = "norm.enforced" // what a norm asks for is done; Reason is what
	SwitchUp       Kind = "switch.up"
	SwitchDown     Kind = "switch.down"
	ConfigChanged  Kind = "config.changed"
	// A call that we owe: in the store, not in the store, and what came of it.
	CallbackAsked     Kind = "callback.requested"
	CallbackFailed    Kind = "callback.failed"
	CallbackDone      Kind = "callback.done"
	CallbackCancelled Kind = "callback.cancelled"
	// An attempt at it, Name is the callback: its turn in line has come, its
	// number is dialled for the Position-th time, what came of that (Reason),
	// nothing more is tried until somebody decides, it is given another time.
	CallbackLined   Kind = "callback.lined"
	CallbackDialled Kind = "callback.dialled"
	CallbackTried   Kind = "callback.tried"
	CallbackReview  Kind = "callback.review"
	CallbackMoved   Kind = "callback.moved"
	CallbackMerged  Kind = "callback.merged" // asked for again it is this one

	CallerListed Kind = "caller.listed" // an entry of the list of numbers began or ceased to hold
	CallerDenied Kind = "caller.denied" // a caller is denied, and is told so
	CallerStruck Kind = "caller.struck" // a misuse was noted against a number

	// What is said in a talk, and whose it is.
	TalkStarted   Kind = "talk.started"   // a leg's party speaks, told only while a norm needs it
	TalkStopped   Kind = "talk.stopped"   // it has fallen silent, having spoken for Millis
	CallConnected Kind = "call.connected" // an agent's part in a talk begins; Reason is the direction
	CallParted    Kind = "call.parted"    // it ends: By is who was first, Reason how
	QueryBegan    Kind = "query.began"    // the agent looks something up, the caller on the line
	QueryEnded    Kind = "query.ended"

	// A scene of standard phrases, by profile and key: begun, what has become of a
	// step of it, by which code (Reason) the agent may hang up first from now on,
	// "" for not any more, and how it ended.
	SceneBegan   Kind = "scene.began"
	SceneStep    Kind = "scene.step"
	SceneExcused Kind = "scene.excused"
	SceneEnded   Kind = "scene.ended"

	// Words that somebody has both sides of a talk hear: asked for (Note has
	// them), heard from now on, and over: Reason says how.
	WordsAsked Kind = "words.asked"
	WordsBegan Kind = "words.began"
	WordsEnded Kind = "words.ended"

	SurveyAsked    Kind = "survey.asked" // a caller is asked for a rating
	SurveyAnswered Kind = "survey.answered"
	IncidentBegan  Kind = "incident.began" // an operator has said that Name goes on
	IncidentEnded  Kind = "incident.ended"
)

// Kinds are all kinds of events.
var Kinds = []Kind{
	CallOffered, CallAdopted, CallEnded, FlowNode, LegCreated, LegRinging, LegAnswered, LegHangup, BridgeJoined, BridgeLeft, HoldOn,
	HoldOff, MuteOn, MuteOff, PlayStarted, PlayFinished, RecordStarted, RecordPaused, RecordResumed, RecordStopped, RecordFailed,
	TransferAsked, TransferDenied, TransferDone, TransferFailed, ConsultBegan, ConsultEnded, ConferenceOn, CallParked, CallPicked,
	CallReturned, SpyBegan, SpyMode, SpyEnded, HoldLong, TalkKey, AgentState, AgentRequest, AgentTrainee, CallLogged, LogWaived,
	AgentForced, AlertAgent, AlertLeader, QueueJoined, QueueOffered, QueueMissed, QueueConnected, QueueLeft, QueueMoved, QueueRelaxed,
	QueueRanked, QueueMode, QueueTold, NormBroken, NormMended, NormNudged, NormEnforced, SwitchUp, SwitchDown, ConfigChanged, CallbackAsked, CallbackFailed, CallbackDone,
	CallbackCancelled, CallbackLined, CallbackDialled, CallbackTried, CallbackReview, CallbackMoved, CallbackMerged, CallerListed, CallerDenied, CallerStruck, TalkStarted, TalkStopped, CallConnected, CallParted, QueryBegan, QueryEnded,
	SceneBegan, SceneStep, SceneExcused, SceneEnded, WordsAsked, WordsBegan, WordsEnded,
	SurveyAsked, SurveyAnswered, IncidentBegan, IncidentEnded,
}

// Fleeting says that events of a kind are for who listens now, and not for the
// store: who speaks changes many times a minute in every talk, a row each would
// be most of what there is.
func (k Kind) Fleeting() bool { return k == TalkStarted || k == TalkStopped }

// Event is one thing that happened, in words that no switch owns. Fields that
// do not apply are zero. Equal histories give equal events, byte for byte.
type Event struct { // AppendJSON writes every field of it
	Tenant TenantID `json:"tenant"`
	Kind   Kind     `json:"kind"`
	// At is steady time; Wall is the wall clock in milliseconds of the epoch.
	At   Instant `json:"at"`
	Wall int64   `json:"wall"`
	// Call and the ids below name what the event is about.
	Call      CallID      `json:"call,omitempty"`
	Leg       LegID       `json:"leg,omitempty"`
	Room      RoomID      `json:"room,omitempty"`
	Ticket    TicketID    `json:"ticket,omitempty"`
	Offer     OfferID     `json:"offer,omitempty"`
	Queue     QueueID     `json:"queue,omitempty"`
	Agent     AgentID     `json:"agent,omitempty"`
	Endpoint  Endpoint    `json:"endpoint,omitempty"`
	Recording RecordingID `json:"recording,omitempty"`
	Play      PlayID      `json:"play,omitempty"`
	// By is who did it; Cause is the Q.850 cause of a hang-up.
	By    Party `json:"by,omitempty"`
	Cause int   `json:"cause,omitempty"`
	// From and To are states of an agent, or the numbers of an offered call; of
	// a request To is what has become of it, of an alert what it is about.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Reason is a word of the kind's own list; Ending is set on call.ended.
	Reason string  `json:"reason,omitempty"`
	Ending *Ending `json:"ending,omitempty"`
	// Name is a switch, node, file, prompt, slot, rule, or field of a log; Position is a place in line
	// counted from 1; Millis is how long the thing took.
	Name     string `json:"name,omitempty"`
	Position int    `json:"position,omitempty"`
	Millis   int64  `json:"ms,omitempty"`
	// Who is the operator who did it, by the name of the token; Note is what
	// was written with it.
	Who  string `json:"who,omitempty"`
	Note string `json:"note,omitempty"`
	// Trainee says that the agent of an offer or a talk is one.
	Trainee bool `json:"trainee,omitempty"`
	// Score is a ticket's, in milliseconds of waiting, or a rating, 1 the best; Step is the relaxation
	// that it has come to, from 1. Low and High are the ends of an expected
	// wait in milliseconds.
	Score int64 `json:"score,omitempty"`
	Step  int   `json:"step,omitempty"`
	Low   int64 `json:"low_ms,omitempty"`
	High  int64 `json:"high_ms,omitempty"`
	// Value is what a norm is about and Limit what it allows: milliseconds, or
	// what the norm counts.
	Value int64 `json:"value,omitempty"`
	Limit int64 `json:"limit,omitempty"`
}
