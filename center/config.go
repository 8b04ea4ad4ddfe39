package center

import (
	"slices"
	"strconv"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// Config is one immutable version of what a tenant's centre works by,
// compiled: every flow is checked and every prompt has its file.
type Config struct {
	Tenant  fact.TenantID `json:"tenant" yaml:"-"`
	Version int64         `json:"version" yaml:"-"`
	// Zone is the IANA zone of the tenant's hours.
	Zone    string        `json:"zone,omitempty" yaml:"zone"`
	Numbers []Number      `json:"numbers,omitempty" yaml:"numbers"`
	Trunks  []Trunk       `json:"trunks,omitempty" yaml:"trunks"`
	Codes   []FeatureCode `json:"codes,omitempty" yaml:"codes"`
	Seats   []Seat        `json:"seats,omitempty" yaml:"seats"`
	// Routes say which trunks take which numbers; without one the trunks'
	// own prefixes do. Classes are what seats may dial.
	Routes  []Route `json:"routes,omitempty" yaml:"routes"`
	Classes []Class `json:"classes,omitempty" yaml:"classes"`
	// Transfers are the rules for giving a talk away.
	Transfers TransferRules `json:"transfers,omitzero" yaml:"transfers"`
	// Keys are the phone keys of agents in a talk.
	Keys TalkKeys `json:"keys,omitzero" yaml:"keys"`
	// Park are the slots for callers who are parked.
	Park Park `json:"park,omitzero" yaml:"park"`
	// Supervision are the rules for supervisors at a talk.
	Supervision SupervisionRules `json:"supervision,omitzero" yaml:"supervision"`
	// Display is what agents' phones show as the name of a caller who is
	// offered, with the words of Displayed in braces: "{name} · {queue} ·
	// {wait}". "" shows the caller's own name.
	Display string `json:"display,omitempty" yaml:"display"`
	// Callers say what of a caller's earlier calls counts.
	Callers CallerRules `json:"callers,omitzero" yaml:"callers"`
	// Country is where numbers are from that do not say, by its two letters
	// of ISO 3166: "CN". "" leaves numbers as they come.
	Country string           `json:"country,omitempty" yaml:"country"`
	ACD     routing.Config   `json:"acd" yaml:",inline"`
	Hours   []calendar.Hours `json:"hours,omitempty" yaml:"hours"`
	Flows   []*flow.Flow     `json:"flows,omitempty" yaml:"flows"`
	// Festivals are days that flows may greet otherwise, Incidents what an
	// operator may say to go on.
	Festivals []flow.Festival `json:"festivals,omitempty" yaml:"festivals"`
	Incidents []Incident      `json:"incidents,omitempty" yaml:"incidents"`
	// Phrases are what the tenant makes of the standard phrases.
	Phrases phrase.Settings `json:"phrases,omitzero" yaml:"phrases"`
	// Norms are what the tenant makes of the service norms.
	Norms norms.Settings `json:"norms,omitempty" yaml:"norms"`
	// Callbacks are how the calls that we owe are made.
	Callbacks callback.Policy `json:"callbacks,omitzero" yaml:"callbacks"`
	// AfterTalk is the flow in which whom an agent has called outside goes on
	// when the agent ends the talk, and a caller whose own flow is not known:
	// "" hangs them up.
	AfterTalk fact.FlowID `json:"after_talk,omitempty" yaml:"after_talk"`
	// Unrecorded calls are the exception: every call but those to feature
	// codes is recorded from its answer unless this is set.
	Unrecorded bool `json:"unrecorded,omitempty" yaml:"unrecorded"`
	// Recording are exceptions from that: of each call the first that it is of.
	Recording []RecordingRule `json:"recording,omitempty" yaml:"recording"`
	// Emergency numbers always pass, from any seat: nil means 110, 119, 120
	// and 122.
	Emergency []string `json:"emergency,omitempty" yaml:"emergency"`
	// Prompts says where the audio of each prompt lies, by flow.Prompt.Key.
	Prompts []PromptFile `json:"prompts,omitempty" yaml:"-"`
}

// emergency passes from any seat unless the configuration says otherwise.
var emergency = []string{"110", "119", "120", "122"}

// Urgent says whether a number is one of the emergency numbers.
func (c *Config) Urgent(number string) bool {
	if c.Emergency == nil {
		return slices.Contains(emergency, number)
	}
	return slices.Contains(c.Emergency, number)
}

// Number is a number that callers dial.
type Number struct {
	Number string      `json:"number" yaml:"number"`
	Flow   fact.FlowID `json:"flow" yaml:"flow"`
}

// Trunk is a way out.
type Trunk struct {
	ID string `json:"id" yaml:"id"`
	// Endpoint has "{number}" where the dialled number goes:
	// "PJSIP/{number}@trunk".
	Endpoint string `json:"endpoint" yaml:"endpoint"`
	// Number is the tenant's number that the called party sees.
	Number string `json:"number" yaml:"number"`
	// Prefixes are the beginnings of dialled numbers that go this way; none
	// means all.
	Prefixes []string `json:"prefixes,omitempty" yaml:"prefixes"`
	// Capacity is how many calls it carries at once, both ways, 0 means
	// without a limit; Cadence from one ring to the next (SPEC PBX-9), 0 means
	// 5 s.
	Capacity int           `json:"capacity,omitempty" yaml:"capacity"`
	Cadence  time.Duration `json:"cadence,omitempty" yaml:"cadence"`
	// Failover are the Q.850 causes after which the route's next trunk is
	// tried; nil means 27, 34, 38, 41, 42 and 44.
	Failover []int `json:"failover,omitempty" yaml:"failover"`
}

// Route is the way of some numbers: its trunks in the order of being tried.
type Route struct {
	ID       string   `json:"id" yaml:"id"`
	Prefixes []string `json:"prefixes,omitempty" yaml:"prefixes"`
	Trunks   []string `json:"trunks" yaml:"trunks"`
	// Number is the tenant's number that the called party sees, "" for the
	// trunk's; Class the only class that may go this way, "" for all.
	Number string `json:"number,omitempty" yaml:"number"`
	Class  string `json:"class,omitempty" yaml:"class"`
}

// Class is a class of service: what a seat may dial. A seat without one may
// dial as if there were none.
type Class struct {
	ID string `json:"id" yaml:"id"`
	// Routes are those that it may use, Extensions says that it may dial
	// colleagues.
	Routes     []string `json:"routes,omitempty" yaml:"routes"`
	Extensions bool     `json:"extensions,omitempty" yaml:"extensions"`
}

// TransferRules say where a talk may go. The zero rules allow an attended
// transfer to a queue or a supervisor, and by a supervisor to anybody, and no
// blind one.
type TransferRules struct {
	// Blind is BlindDeny, also meant by "", BlindQueue or BlindAllow.
	Blind string `json:"blind,omitempty" yaml:"blind"`
	// Agents allows an agent by name, Numbers a number outside, as far as the
	// class of service does.
	Agents  bool `json:"agents,omitempty" yaml:"agents"`
	Numbers bool `json:"numbers,omitempty" yaml:"numbers"`
	// Timeout is how long whom is called may ring before the agent has the
	// caller back: 0 means 20 s.
	Timeout time.Duration `json:"timeout,omitempty" yaml:"timeout"`
	// MaxHold is how long a caller may be on hold before it is told, and from
	// one time to the next: 0 means never.
	MaxHold time.Duration `json:"max_hold,omitempty" yaml:"max_hold"`
}

// Where a talk may go without a word before.
const (
	BlindDeny  = "deny"
	BlindQueue = "queue" // to queues
	BlindAllow = "allow" // to where an attended one may go
)

// FeatureCode is what an agent's phone dials to run a flow.
type FeatureCode struct {
	Code string      `json:"code" yaml:"code"`
	Flow fact.FlowID `json:"flow" yaml:"flow"`
}

// Seat is an endpoint that agents sign in at.
type Seat struct {
	Endpoint fact.Endpoint `json:"endpoint" yaml:"endpoint"`
	// Extension is what a colleague dials to reach the phone.
	Extension string `json:"extension,omitempty" yaml:"extension"`
	// Class is one of Classes, "" for none; Name who sits there.
	Class string `json:"class,omitempty" yaml:"class"`
	Name  string `json:"name,omitempty" yaml:"name"`
	// Forward is where calls for the phone go while nobody is signed in there,
	// DoNotDisturb makes it busy then.
	Forward      Forward `json:"forward,omitzero" yaml:"forward"`
	DoNotDisturb bool    `json:"do_not_disturb,omitempty" yaml:"do_not_disturb"`
	// Display is what the phone can show: DisplayASCII, or "" for UTF-8.
	Display string `json:"display,omitempty" yaml:"display"`
	// AutoAnswer asks the phone to answer what its agent is offered by itself.
	AutoAnswer bool `json:"auto_answer,omitempty" yaml:"auto_answer"`
	// Console says that who sits there sees on a screen what a norm has to say,
	// and needs no tones in the ear.
	Console bool `json:"console,omitempty" yaml:"console"`
}

// Forward are the numbers that a phone's calls go to, each "" for none: an
// extension, or one outside that the phone's class of service allows.
type Forward struct {
	Always string `json:"always,omitempty" yaml:"always"`
	// Busy is also for calls that are refused, NoAnswer for a phone that
	// cannot be reached.
	Busy     string `json:"busy,omitempty" yaml:"busy"`
	NoAnswer string `json:"no_answer,omitempty" yaml:"no_answer"`
}

// DisplayASCII is of phones that show Latin letters alone.
const DisplayASCII = "ascii"

func (c *Center) configured(cfg Config) {
	c.cfg = cfg
	c.reindex()
	for _, s := range c.savedTrunks() {
		c.prune(s.ID)
	}
	cfg.ACD.Agents = c.trainees(cfg.ACD.Agents)
	c.line(routing.Configure{Config: cfg.ACD})
	c.wanted = append(c.wanted, c.norms.Configure(c.now.At, c.cfg.NormPlan())...)
	c.keepHours()
	c.planTrainees()
	c.keepIncidents()
	c.book.Configure(c.cfg.Callbacks, c.cfg.Zone, c.now.Wall().UnixMilli())
	c.emit(fact.Event{Kind: fact.ConfigChanged, Name: strconv.FormatInt(cfg.Version, 10)})
}
