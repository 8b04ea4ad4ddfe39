package center

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// commandDeadline is how long a switch may take to accept a command.
const commandDeadline = 5 * time.Second

// Center is the whole centre of one tenant.
type Center struct {
	tenant fact.TenantID
	epoch  string
	// minted counts the ids of this epoch.
	minted uint64
	acd    *routing.ACD
	// norms hears every event that is emitted; wanted is what it wants, done
	// when the input that led to it is.
	norms  *norms.Watch
	wanted []norms.Effect
	cfg    Config
	index  lookup
	// prompts keeps the files of older versions too: calls that began with
	// them go on with them.
	prompts map[string]PromptFile

	contacts map[fact.CallID]*contact
	legs     map[fact.LegID]fact.CallID
	links    []*link // by name
	looks    map[string]fact.CallID
	// trunks are those that were used, by id; carries says which leg is on
	// which of them.
	trunks  map[string]*trunkState
	carries map[fact.LegID]string
	due     timers
	// slots are those of the park that are taken.
	slots map[int]fact.CallID
	// list is the list of numbers as far as it holds, listEnds are its entries
	// that expire, by when they do.
	list         map[string]listing
	listEnds     []*Entry
	listRevision int64
	// paced is when the next call may ask after its legs, strays are the legs
	// that nobody has, by when they are due.
	paced  fact.Instant
	strays []stray
	shifts []shift // of the queues with hours
	alerts []AlertCount
	// incidents are those that go on, by id.
	incidents []ongoing
	// graduates is when the next traineeship ends, 0 for none.
	graduates fact.Instant
	// owed are callbacks on their way into the store, owedLine is the order in
	// which they are given to it again.
	owed     map[fact.CallbackID]*promise
	owedLine []*promise
	// misuses are strikes on their way into the store, in their order.
	misuses []*misuse
	// book are the callbacks that are open, lined those in a queue's line, and
	// calls which callback a call will be.
	book  *callback.Book
	lined map[fact.CallbackID]lined
	calls map[fact.CallID]fact.CallbackID
	// phrases are those that come with huawu, nil as long as nobody speaks by
	// them.
	phrases *phrase.Catalogue

	now fact.Moment
	out []Effect
}

// lookup finds parts of the configuration.
type lookup struct {
	numbers map[string]Number
	codes   map[string]fact.FlowID
	seats   map[fact.Endpoint]Seat
	phones  map[string]Seat // by extension
	queues  map[fact.QueueID]routing.Queue
	flows   map[fact.FlowID]*flow.Flow
	hours   map[string]*calendar.Table
	// supervisors are the agents to and from whom every talk may be given.
	supervisors map[fact.AgentID]bool
	// supervises are the queues of those who supervise some alone.
	supervises map[fact.AgentID][]fact.QueueID
	routes     []Route
	classes    map[string]Class
	// history says that callers' earlier calls are made use of.
	history bool
	trunks  map[string]*Trunk
	zone    *time.Location // of the tenant, nil for UTC
	// carriers are the trunks by the endpoint that their calls come in by.
	carriers map[fact.Endpoint]string
	// keys are the codes that agents' phones have in a talk.
	keys []TalkKey
	// book are the phrases as the tenant speaks, nil where it has no profile;
	// zone is the tenant's.
	book *phrase.Book
}

// contact is one call with the script and the place in line it has.
type contact struct {
	call    *call.Call
	policy  recordingPolicy // on recording, when it began
	flow    *flow.Flow
	session *flow.Session
	// back is what the script must be told when the step under way is done.
	back []flow.Input
	// ticket is the place in line, tickets how many there were, line the
	// script's token for it.
	ticket  fact.TicketID
	tickets int
	line    int
	// round is the last one of offers, room where all of them would talk.
	round fact.RoundID
	room  fact.RoomID
	// agent dialled this call from a seat; colleague is whom it rings.
	agent, colleague fact.AgentID
	// consulted is whom an agent of the talk calls, toward what was asked for;
	// given is whom a caller was with who was given to a queue, nil for nobody.
	consulted fact.AgentID
	toward    Target
	given     *given
	// attempt is what it dials, nil for nothing; trunk is the way that it came
	// in or went out by.
	attempt *attempt
	trunk   string
	// reached is how whom an agent asks is called, nil for nobody.
	reached *attempt
	// question is an agent's place in a queue's line, nil for none.
	question *question
	// look is what is being looked up for the script's token deed.
	look string
	deed int
	// asked is the look-up of the caller's history under way, "" for none,
	// history what it has brought.
	asked   string
	history *CallerHistory
	// args are what the deed under way is about.
	args []flow.Arg
	// wrapUp is after-call work that was over before the call was: an agent
	// may be done while the caller still hears a word of thanks.
	wrapUp int64
	// log is what agents have written about it, by agent and field.
	log []fact.LogEntry
	// late is how many milliseconds the caller was there before us, kept on
	// music by the dialplan; the first line counts them.
	late int64
	// detour is the place in line left by a key, nil for none.
	detour *detour
	owing  owing
	// scene is what is gone through with the caller, or was last, nil for
	// nothing; scenes is how many there were.
	scene  *scene
	scenes int
	taking *taking
	aloud  aloud
	// typed are the orders that agents are typing; holding is somebody of the
	// talk on hold, nil for nobody.
	typed []typed
	// parked is where the caller is parked, nil for nowhere; picker is who is
	// picking the call up.
	parked  *parked
	picker  fact.AgentID
	holding *holding
	query   *query // under way, nil for none
	// diverted is to whom the flow has given the call, nil for nobody.
	diverted *diverted
	// third is who is to come into the talk, nil for nobody.
	third *third
	// fetching is what the flow asks another system, nil for nothing.
	fetching *fetching
	// survey is the caller's rating, nil for none; misused says that a misuse
	// was noted in this call, struck that it was noted against the number.
	survey  *fact.Survey
	misused bool
	struck  bool
	// owes is the callback that this call is an attempt of, "" for none.
	owes fact.CallbackID

	at    fact.Instant // in due, 0 for none
	place int          // index in due
}

// New is the centre of a tenant before its first input.
func New(tenant fact.TenantID) *Center {
	return &Center{
		tenant: tenant, acd: routing.New(), norms: norms.New(), prompts: map[string]PromptFile{},
		contacts: map[fact.CallID]*contact{}, legs: map[fact.LegID]fact.CallID{}, looks: map[string]fact.CallID{},
		trunks: map[string]*trunkState{}, carries: map[fact.LegID]string{}, list: map[string]listing{},
		slots: map[int]fact.CallID{},
		owed:  map[fact.CallbackID]*promise{},
		book:  callback.NewBook(), lined: map[fact.CallbackID]lined{}, calls: map[fact.CallID]fact.CallbackID{},
	}
}

// Step applies in at an instant and returns what must be done, in order. It
// does not block, log, read a clock or spawn; equal histories give equal
// effects. Timers fire on Tick alone.
func (c *Center) Step(at fact.Instant, in Input) []Effect {
	c.now.At, c.out = at, nil
	switch in := in.(type) {
	case Booted:
		c.booted(in)
	case ClockSet:
		c.now.Offset = in.Offset
		c.keepHours()
		c.keepTrainees()
	case Configured:
		c.configured(in.Config)
	case Heard:
		c.heard(in.Event)
	case Asked:
		c.asked(in)
	case Looked:
		c.looked(in)
	case Stored:
		c.stored(in.Callback)
	case StoreFailed:
		c.unstored(in)
	case Marked:
		c.marked(in)
	case Tick:
		c.tick()
	}
	c.keepNorms()
	out := c.out
	c.out = nil
	return out
}

func (c *Center) booted(in Booted) {
	c.now.Offset = in.Offset
	c.epoch = in.Epoch
	old := c.links
	c.links = nil
	for _, name := range in.Switches {
		l := &link{Name: name, Fresh: true, Since: c.now.At}
		for _, o := range old {
			if o.Name == name && !o.Up {
				l.Since = o.Since
			}
		}
		c.links = append(c.links, l)
	}
	c.keepHours()
	c.keepTrainees()
	c.keepAll()
	c.mark()
}

func (c *Center) reindex() {
	x := lookup{
		numbers: map[string]Number{}, codes: map[string]fact.FlowID{}, seats: map[fact.Endpoint]Seat{},
		phones: map[string]Seat{}, queues: map[fact.QueueID]routing.Queue{}, flows: map[fact.FlowID]*flow.Flow{},
		hours: map[string]*calendar.Table{}, supervisors: map[fact.AgentID]bool{}, supervises: map[fact.AgentID][]fact.QueueID{}, routes: routesOf(&c.cfg), classes: map[string]Class{},
		trunks: map[string]*Trunk{}, carriers: map[fact.Endpoint]string{},
	}
	for _, n := range c.cfg.Numbers {
		x.numbers[n.Number] = n
	}
	for _, n := range c.cfg.Numbers {
		e164, _, _ := Normalise(c.cfg.Country, n.Number)
		if _, taken := x.numbers[e164]; e164 != "" && !taken {
			x.numbers[e164] = n
		}
	}
	for _, class := range c.cfg.Classes {
		x.classes[class.ID] = class
	}
	for i := range c.cfg.Trunks {
		t := &c.cfg.Trunks[i]
		x.trunks[t.ID] = t
		if by := carrier(t); x.carriers[by] == "" {
			x.carriers[by] = t.ID
		}
	}
	for _, f := range c.cfg.Codes {
		x.codes[f.Code] = f.Flow
	}
	for _, s := range c.cfg.Seats {
		x.seats[s.Endpoint] = s
		if s.Extension != "" {
			x.phones[s.Extension] = s
		}
	}
	for _, a := range c.cfg.ACD.Agents {
		if a.Supervisor {
			x.supervisors[a.ID] = true
			if len(a.Supervises) > 0 {
				x.supervises[a.ID] = a.Supervises
			}
		}
	}
	for _, q := range c.cfg.ACD.Queues {
		x.queues[q.ID] = q
	}
	flow.Link(c.cfg.Flows)
	for _, f := range c.cfg.Flows {
		x.flows[f.ID] = f
	}
	for _, h := range c.cfg.Hours {
		if t, err := calendar.Compile(h); err == nil { // checked before it was saved
			x.hours[h.ID] = t
		}
	}
	x.keys = c.cfg.Keys.All()
	for _, p := range c.cfg.Prompts {
		c.prompts[p.Key] = p
	}
	x.history = usesHistory(&c.cfg)
	x.book, x.zone = c.speaks(), calendar.Zone(c.cfg.Zone)
	c.index = x
}

func (c *Center) do(e Effect) { c.out = append(c.out, e) }

func (c *Center) send(cmd media.Command) {
	c.do(Send{Command: cmd, Deadline: commandDeadline})
}

// emit completes an event with what all events have. The end of a call is the
// last that is told of it: what the norms make of the end comes before.
func (c *Center) emit(e fact.Event) {
	e.Tenant, e.At, e.Wall = c.tenant, c.now.At, c.now.Wall().UnixMilli()
	if e.Kind == fact.CallEnded {
		c.wanted = append(c.wanted, c.norms.Step(e)...)
		c.lastNorms(e.Call)
		c.do(Emit{Event: e})
		return
	}
	c.do(Emit{Event: e})
	c.wanted = append(c.wanted, c.norms.Step(e)...)
}

// mint makes an id that is younger than all before it by its spelling too:
// callers of one millisecond are served in the order of their ids.
func (c *Center) mint() string {
	c.minted++
	return fmt.Sprintf("%s-%08d", c.epoch, c.minted)
}

func (c *Center) of(leg fact.LegID) *contact {
	id, ok := c.legs[leg]
	if !ok {
		return nil
	}
	return c.contacts[id]
}

// heard gives an event of a switch to whom it is about.
func (c *Center) heard(e media.Event) {
	switch e := e.(type) {
	case media.Up:
		c.up(e)
	case media.Down:
		c.down(e)
	case media.LegArrived:
		c.arrived(e)
	case media.EndpointState:
		c.line(routing.Reach{Endpoint: e.Endpoint, Reachable: e.Reachable})
	default:
		k := c.whose(e)
		if k == nil {
			c.unclaimed(e) // late, or never ours
			return
		}
		if r, ok := e.(media.LegReplaced); ok {
			delete(c.legs, r.Leg)
			c.legs[r.By] = k.call.ID
			if trunk, on := c.carries[r.Leg]; on {
				delete(c.carries, r.Leg)
				c.carries[r.By] = trunk
			}
		}
		c.step(k, call.Heard{Event: e})
	}
}
