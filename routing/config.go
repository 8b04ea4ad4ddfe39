package routing

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Config is what the ACD works by. It is valid or Validate says what is wrong.
type Config struct {
	Skills []fact.SkillID `json:"skills,omitempty" yaml:"skills"`
	Queues []Queue        `json:"queues" yaml:"queues"`
	Agents []Agent        `json:"agents" yaml:"agents"`
	Order  Order          `json:"order,omitzero" yaml:"order"`
	// Pauses are the reasons for which agents may be NOT_READY, nil for the six
	// of SPEC ACD-10: of those a meal may last 30 min and leave must be granted.
	Pauses []Pause `json:"pauses,omitempty" yaml:"pauses"`
	// ApproveWithin is how long an agent may wait to be granted a pause before
	// the leader is told: 0 means 60 s (RUL-LEV-1). RONAs is after how many
	// offers rung out in a row the leader is told: 0 means 2 (RUL-ANS-1).
	ApproveWithin time.Duration `json:"approve_within,omitempty" yaml:"approve_within"`
	RONAs         int           `json:"ronas,omitempty" yaml:"ronas"`
	// Known are the requirements that flows name, so that no ticket is the
	// first one to ask for one of them. It changes no decision.
	Known []Known `json:"known,omitempty" yaml:"-"`
}

// Known is a requirement that tickets of a queue are known to have.
type Known struct {
	Queue fact.QueueID `json:"queue"`
	Needs Needs        `json:"needs"`
}

// Order is what tickets are served by: the milliseconds that one has waited
// and what else counts as if it had been waiting. The zero Order lets a point
// of priority count for a minute.
type Order struct {
	// Priority is what one point of a ticket's priority is worth, Repeat what
	// each earlier call of the same caller is, the first five of them: 0 means
	// 1 min and nothing.
	Priority time.Duration `json:"priority,omitempty" yaml:"priority"`
	Repeat   time.Duration `json:"repeat,omitempty" yaml:"repeat"`
	// Cap is the most that all credits together are worth, so that nobody is
	// overtaken for ever: 0 means 2 h.
	Cap time.Duration `json:"cap,omitempty" yaml:"cap"`
	// Levels are the ranks that callers may have, such as vip.
	Levels []Level `json:"levels,omitempty" yaml:"levels"`
	// Seed is of the queues that distribute by chance.
	Seed uint64 `json:"seed,omitempty" yaml:"seed"`
}

// Level is a rank of callers and how long a wait it counts for.
type Level struct {
	ID    string        `json:"id" yaml:"id"`
	Worth time.Duration `json:"worth" yaml:"worth"`
}

// Queue is a line that tickets wait in.
type Queue struct {
	ID   fact.QueueID `json:"id" yaml:"id"`
	Name string       `json:"name,omitempty" yaml:"name"`
	// Ring is how long an agent's phone may ring: 1 s to 120 s, 0 means the
	// three rings of 5 s (RUL-ANS-1). The offer is withdrawn a second later.
	Ring time.Duration `json:"ring,omitempty" yaml:"ring"`
	// Reach is how long a phone may take to begin to ring: 0 means 5 s.
	Reach time.Duration `json:"reach,omitempty" yaml:"reach"`
	// WrapUp is the after-call work granted: 0 to 30 min.
	WrapUp time.Duration `json:"wrap_up,omitempty" yaml:"wrap_up"`
	// Music is the switch's music class for those who wait, "" its default.
	Music string `json:"music,omitempty" yaml:"music"`
	// Alert is the Alert-Info that agents' phones are rung with, "" for none:
	// it makes them ring in another way. No decision depends on it.
	Alert string `json:"alert,omitempty" yaml:"alert"`
	// Whisper is what an agent hears who picks up, before the caller is there.
	// No decision depends on it.
	Whisper Whisper `json:"whisper,omitzero" yaml:"whisper"`
	// Log is what agents write down about a talk. LogWithin is how long one may
	// be kept from READY by what is required before the leader is told: 0 means
	// 5 min.
	Log       []LogField    `json:"log,omitempty" yaml:"log"`
	LogWithin time.Duration `json:"log_within,omitempty" yaml:"log_within"`
	// Trainees says which part trainees have.
	Trainees Trainees `json:"trainees,omitempty" yaml:"trainees"`
	// Needs is what every ticket of the queue asks of an agent besides
	// serving the queue: "english>=50 AND (cable OR phone)".
	Needs Needs `json:"needs,omitempty" yaml:"needs"`
	// Paused queues take tickets and make no offers.
	Paused bool `json:"paused,omitempty" yaml:"paused"`

	// Hours is the table by which the queue is open, "" for always. The ACD
	// itself knows no wall clock: it is told by SetMode.
	Hours string `json:"hours,omitempty" yaml:"hours"`

	// Distribution says who of those who could take a ticket is offered it,
	// "" means LongestIdle.
	Distribution Distribution `json:"distribution,omitempty" yaml:"distribution"`
	// Width is how many phones RingAll lets ring at once: 1 to 30, 0 means 30.
	Width int `json:"width,omitempty" yaml:"width"`
	// CancelAt is when the others of a round stop ringing: CancelAtRoom, also
	// meant by "", or CancelAtAnswer.
	CancelAt string `json:"cancel_at,omitempty" yaml:"cancel_at"`
	// Prefers are skills that rank the agents and exclude nobody.
	Prefers []Preference `json:"prefers,omitempty" yaml:"prefers"`
	// Relax are the steps in which the queue asks for less as a ticket waits.
	Relax []Relaxation `json:"relax,omitempty" yaml:"relax"`
	// Ageing are the credits that a ticket gets for having waited.
	Ageing []Ageing `json:"ageing,omitempty" yaml:"ageing"`
	// Urgency is what being in this queue is worth.
	Urgency time.Duration `json:"urgency,omitempty" yaml:"urgency"`
	// PreferHold is how long a ticket waits for the agent whom it prefers
	// while that one is busy: 0 to 60 s.
	PreferHold time.Duration `json:"prefer_hold,omitempty" yaml:"prefer_hold"`
	// Named lets callers ask for one agent by number (SPEC ACD-7).
	Named bool `json:"named,omitempty" yaml:"named"`
	// MaxWaiting is how many may be in line, MaxWait how long one may be,
	// MaxExpected the longest expected wait with which one is let in; 0 means
	// without a limit.
	MaxWaiting  int           `json:"max_waiting,omitempty" yaml:"max_waiting"`
	MaxWait     time.Duration `json:"max_wait,omitempty" yaml:"max_wait"`
	MaxExpected time.Duration `json:"max_expected,omitempty" yaml:"max_expected"`
	// JoinIf and StayIf say what staff there must be to be let in and to be
	// left in line.
	JoinIf Staffing `json:"join_if,omitempty" yaml:"join_if"`
	StayIf Staffing `json:"stay_if,omitempty" yaml:"stay_if"`
	// Grace is how long StayIf may be unmet: 0 means 30 s.
	Grace time.Duration `json:"grace,omitempty" yaml:"grace"`
	// Overflow says which queue takes a ticket that this one does not keep.
	// Without one for its exit the ticket leaves.
	Overflow []Overflow `json:"overflow,omitempty" yaml:"overflow"`
}

// Whisper is what an agent hears who picks up, for at most 5 s; the caller hears
// music meanwhile. The zero Whisper is nothing.
type Whisper struct {
	// Text is spoken, or File played, of the tenant's prompt folder: the
	// queue's name, say.
	Text string `json:"text,omitempty" yaml:"text" doc:"spoken to the agent, such as the queue's name"`
	File string `json:"file,omitempty" yaml:"file" doc:"played to the agent instead of text: a name in the prompt folder"`
	// Wait tells how long the caller has waited.
	Wait bool `json:"wait,omitempty" yaml:"wait" doc:"tell how long the caller has waited"`
	// Language is "zh", also meant by "", or "en".
	Language string `json:"language,omitempty" yaml:"language" doc:"zh or en; zh when absent"`
}

// Distribution says who of those who could take a ticket is offered it.
type Distribution string

// The distributions. All are among the agents who have what the ticket asks
// for; who has more of what the queue prefers goes first; ties go to who has
// been idle for longest, then to the lower id.
const (
	LongestIdle    Distribution = "longest-idle"
	FewestCalls    Distribution = "fewest-calls"    // of this queue since sign-in
	LeastTalk      Distribution = "least-talk"      // in this queue since sign-in
	RoundRobin     Distribution = "round-robin"     // by turns
	Linear         Distribution = "linear"          // in the order of the configuration
	WeightedRandom Distribution = "weighted-random" // by Agent.Weight
	BestSkill      Distribution = "best-skill"      // by level in the skills asked for
	RingAll        Distribution = "ring-all"        // several at once; the first to answer has it
)

// When the other phones of a round stop ringing.
const (
	CancelAtRoom   = "room"   // when caller and agent are in one room
	CancelAtAnswer = "answer" // when the first agent picks up
)

// Preference is a skill that ranks agents: who lacks it goes after who has it,
// and of several lacking ones Weight says which is the worse, 0 to 100, 0
// meaning 1. For BestSkill the level counts besides, Weight times.
type Preference struct {
	Skill  fact.SkillID `json:"skill" yaml:"skill"`
	Weight int          `json:"weight,omitempty" yaml:"weight"`
}

// Relaxation is what a queue asks for of a ticket that has waited for After,
// in the place of its own Needs and Prefers. The ticket's own needs stay
// unless DropOwn is set.
type Relaxation struct {
	After   time.Duration `json:"after" yaml:"after"`
	Needs   Needs         `json:"needs,omitempty" yaml:"needs"`
	Prefers []Preference  `json:"prefers,omitempty" yaml:"prefers"`
	DropOwn bool          `json:"drop_own,omitempty" yaml:"drop_own"`
}

// Ageing is a credit for a ticket that has waited for After.
type Ageing struct {
	After time.Duration `json:"after" yaml:"after"`
	Worth time.Duration `json:"worth" yaml:"worth"`
}

// Staffing is what staff a queue must have.
type Staffing string

// The staffings.
const (
	StaffAny  Staffing = ""     // none is fine
	StaffOn   Staffing = "on"   // somebody is signed in
	StaffAble Staffing = "able" // somebody is signed in and not NOT_READY
)

// Overflow is the queue for tickets that would leave by On.
type Overflow struct {
	On    Exit         `json:"on" yaml:"on"`
	Queue fact.QueueID `json:"queue" yaml:"queue"`
}

// Agent is somebody who can be offered tickets.
type Agent struct {
	ID     fact.AgentID   `json:"id" yaml:"id"`
	Name   string         `json:"name,omitempty" yaml:"name"`
	Queues []fact.QueueID `json:"queues" yaml:"queues"`
	Skills []Skill        `json:"skills,omitempty" yaml:"skills"`
	// Weight is the agent's part of what WeightedRandom distributes: 1 to
	// 100, 0 means 10.
	Weight int `json:"weight,omitempty" yaml:"weight"`
	// TraineeUntil is the last local date, 2006-01-02, on which the agent is a
	// trainee, "" for none; TraineeEnds the end of that day in wall-clock
	// milliseconds of the epoch, which whoever compiles the configuration finds.
	// Trainee says that it has not come yet.
	TraineeUntil string `json:"trainee_until,omitempty" yaml:"trainee_until"`
	TraineeEnds  int64  `json:"trainee_ends,omitempty" yaml:"-"`
	Trainee      bool   `json:"trainee,omitempty" yaml:"-"`
	// Supervisor agents may listen to talks, of the queues in Supervises or of
	// all when there is none, and take transfers by name.
	Supervisor bool           `json:"supervisor,omitempty" yaml:"supervisor"`
	Supervises []fact.QueueID `json:"supervises,omitempty" yaml:"supervises"`
}

// Skill is what an agent can do, 0 (not at all) to 100.
type Skill struct {
	ID    fact.SkillID `json:"id" yaml:"id"`
	Level int          `json:"level" yaml:"level"`
	// Until is the last local date, 2006-01-02, on which it counts, "" for
	// ever. Whoever keeps the calendar takes it away.
	Until string `json:"until,omitempty" yaml:"until"`
}

// Needs is a requirement as it is written; it is parsed when a configuration
// is checked. "" asks for nothing.
type Needs string
