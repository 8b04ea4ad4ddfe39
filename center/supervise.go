package center

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// superviseLimit is how long a supervisor's phone may ring.
const superviseLimit = 20 * time.Second

// Supervisor is who supervises: an agent who may, at the phone where that one is
// signed in, or the phone of a seat. Without either it is the only supervisor
// there is at a talk.
type Supervisor struct {
	Agent    fact.AgentID  `json:"supervisor,omitempty"`
	Endpoint fact.Endpoint `json:"endpoint,omitempty"`
}

// The operations of supervisors.
type (
	// SuperviseCall brings a supervisor to a talk, or has one who is there go
	// on in another mode. Agent is whose talk, "" for who has it; Call may be
	// "" for the one that Agent is in. Mode is call.Listen when "".
	SuperviseCall struct {
		Call  fact.CallID  `json:"call,omitempty"`
		Agent fact.AgentID `json:"agent,omitempty"`
		By    Supervisor   `json:"by"`
		Mode  call.Mode    `json:"mode,omitempty"`
	}
	// TakeOverCall gives a talk to a supervisor who is at it.
	TakeOverCall struct {
		Call fact.CallID `json:"call"`
		By   Supervisor  `json:"by"`
	}
	// EndSupervision ends what a supervisor does at a talk.
	EndSupervision struct {
		Call fact.CallID `json:"call"`
		By   Supervisor  `json:"by"`
	}
)

func (SuperviseCall) operation()  {}
func (TakeOverCall) operation()   {}
func (EndSupervision) operation() {}

// SupervisionRules are how supervisors steer what they do by their phones.
type SupervisionRules struct {
	Keys SupervisionKeys `json:"keys,omitzero" yaml:"keys"`
}

// SupervisionKeys are keys of a supervisor's phone, each one of 0-9 * #: "" is
// 4 to listen, 5 to whisper and 6 to be heard by all, and none for having the
// talk; "none" is none for the others.
type SupervisionKeys struct {
	Listen   string `json:"listen,omitempty" yaml:"listen"`
	Whisper  string `json:"whisper,omitempty" yaml:"whisper"`
	Barge    string `json:"barge,omitempty" yaml:"barge"`
	TakeOver string `json:"take_over,omitempty" yaml:"take_over"`
}

// NoKey is in the place of a key that there is not to be.
const NoKey = "none"

// Mode is what a key asks for, "" for nothing.
func (k SupervisionKeys) Mode(key string) call.Mode {
	for _, m := range []struct {
		key, usual string
		mode       call.Mode
	}{{k.Listen, "4", call.Listen}, {k.Whisper, "5", call.Whisper}, {k.Barge, "6", call.Barge}} {
		if m.key == key || m.key == "" && m.usual == key {
			return m.mode
		}
	}
	return ""
}

// superviseCall brings a supervisor to a talk.
func (c *Center) superviseCall(op SuperviseCall) error {
	mode, err := modeOf(op.Mode)
	if err != nil {
		return err
	}
	k, of, err := c.supervisable(op.Call, op.Agent)
	if err != nil {
		return err
	}
	if s, err := present(k, op.By); err == nil {
		c.step(k, call.SetMode{Leg: s.Leg, Mode: mode})
		return nil
	} else if op.By == (Supervisor{}) {
		return err
	}
	by, err := c.supervisor(op.By)
	if err != nil {
		return err
	}
	if err := c.maySupervise(k, of, by, ""); err != nil {
		return err
	}
	seat := c.index.seats[by.Endpoint]
	c.superviseBegins(k, by)
	c.step(k, call.Supervise{
		Of: of.ID, Leg: fact.On[fact.LegID](fact.SwitchOf(of.ID), "hw-"+c.mint()), Endpoint: by.Endpoint, Agent: by.Agent, Mode: mode,
		Show: c.supervisedShown(of, seat), AutoAnswer: seat.AutoAnswer, Limit: superviseLimit,
	})
	return nil
}

func modeOf(m call.Mode) (call.Mode, error) {
	if m == "" {
		return call.Listen, nil
	}
	if !slices.Contains(call.Modes, m) {
		return "", fmt.Errorf("supervise: mode %q: %w: want one of %v", m, ErrInvalid, call.Modes)
	}
	return m, nil
}

// supervisable is a talk and the leg of the agent whose it is.
func (c *Center) supervisable(id fact.CallID, agent fact.AgentID) (*contact, *call.Leg, error) {
	if id == "" {
		a, ok := c.acd.Agent(agent)
		if !ok {
			return nil, nil, fmt.Errorf("supervise: agent %q: %w", agent, ErrNotFound)
		}
		if id = callOf(a.Ticket); len(a.Calls) > 0 && (a.Ticket == "" || a.State == routing.OfferedState) {
			id = a.Calls[0]
		}
		if id == "" || a.State == routing.OfferedState {
			return nil, nil, fmt.Errorf("supervise: agent %s: %w: the agent is in no talk", agent, ErrConflict)
		}
	}
	k, of, err := c.talk("supervise", id, agent)
	if err != nil {
		return nil, nil, err
	}
	if of.Agent == "" {
		return nil, nil, fmt.Errorf("supervise: call %s: %w: no agent is in the talk", id, ErrConflict)
	}
	return k, of, nil
}

// present is the supervision of a supervisor who is at a talk.
func present(k *contact, by Supervisor) (*call.Supervision, error) {
	all := k.call.Supervisions
	if by == (Supervisor{}) && len(all) == 1 {
		return all[0], nil
	}
	for _, s := range all {
		if by.Agent != "" && s.Agent == by.Agent || by.Agent == "" && by.Endpoint != "" && k.call.Leg(s.Leg).Endpoint == by.Endpoint {
			return s, nil
		}
	}
	if by == (Supervisor{}) {
		return nil, fmt.Errorf("supervise: call %s: %w: %d supervise it: name the supervisor, an agent, or the endpoint of a phone", k.call.ID, ErrInvalid, len(all))
	}
	return nil, fmt.Errorf("supervise: call %s: %w: %s does not supervise it", k.call.ID, ErrConflict, by)
}

// String names a supervisor.
func (s Supervisor) String() string {
	if s.Agent != "" {
		return "agent " + string(s.Agent)
	}
	return string(s.Endpoint)
}

// supervisor completes who supervises: an agent's phone, or who is at a phone.
func (c *Center) supervisor(by Supervisor) (Supervisor, error) {
	if by.Agent == "" {
		if _, ok := c.index.seats[by.Endpoint]; !ok {
			return by, fmt.Errorf("supervise: endpoint %q: %w: want one of the centre's seats, such as PJSIP/1001", by.Endpoint, ErrNotFound)
		}
		by.Agent, _ = c.acd.At(by.Endpoint)
		return by, nil
	}
	a, ok := c.acd.Agent(by.Agent)
	switch {
	case !ok:
		return by, fmt.Errorf("supervise: supervisor %q: %w", by.Agent, ErrNotFound)
	case a.Endpoint == "":
		return by, fmt.Errorf("supervise: supervisor %s: %w: not signed in", by.Agent, ErrConflict)
	case by.Endpoint != "" && by.Endpoint != a.Endpoint:
		return by, fmt.Errorf("supervise: supervisor %s: %w: signed in at %s, not at %s", by.Agent, ErrConflict, a.Endpoint, by.Endpoint)
	}
	by.Endpoint = a.Endpoint
	return by, nil
}

// maySupervise says why a supervisor may not, or cannot, be brought to a talk.
// except is a call that the supervisor is in and leaves for it.
func (c *Center) maySupervise(k *contact, of *call.Leg, by Supervisor, except fact.CallID) error {
	fail := func(err error, why string) error {
		return fmt.Errorf("supervise: %s: call %s: %w: %s", by, k.call.ID, err, why)
	}
	for _, l := range k.call.Legs {
		if !l.Gone && l.Endpoint == by.Endpoint {
			return fail(ErrConflict, "the phone is in the call")
		}
	}
	if len(k.call.Supervisions) >= call.MaxSupervisors {
		return fail(ErrConflict, fmt.Sprintf("%d supervise it already", call.MaxSupervisors))
	}
	if by.Agent == "" {
		return nil
	}
	if !c.index.supervisors[by.Agent] {
		return fail(ErrDenied, "who supervises needs \"supervisor: true\" in the centre's document")
	}
	if queues := c.index.supervises[by.Agent]; queues != nil && !slices.Contains(queues, k.call.Queue) {
		return fail(ErrDenied, fmt.Sprintf("%s supervises %v alone", by, queues))
	}
	a, _ := c.acd.Agent(by.Agent)
	free := len(a.Calls) == 0 || len(a.Calls) == 1 && a.Calls[0] == except
	if a.Offer != "" || !free {
		return fail(ErrConflict, "the supervisor is in a talk, or being called")
	}
	return nil
}

// superviseBegins makes a supervisor busy.
func (c *Center) superviseBegins(k *contact, by Supervisor) {
	if by.Agent != "" {
		c.line(routing.Seize{Agent: by.Agent, Call: k.call.ID})
	}
}

// supervisedShown is what a supervisor's phone shows: whose talk.
func (c *Center) supervisedShown(of *call.Leg, seat Seat) media.Identity {
	show := media.Identity{Number: c.index.seats[of.Endpoint].Extension, Name: string(of.Agent)}
	if a, ok := c.acd.Agent(of.Agent); ok && a.Name != "" {
		show.Name = a.Name + " " + string(of.Agent)
	}
	if seat.Display == DisplayASCII {
		show.Name = latin(show.Name)
	}
	show.Name = legible(show.Name)
	return show
}

// takeOverCall gives a talk to a supervisor who is at it.
func (c *Center) takeOverCall(op TakeOverCall) error {
	k, s, err := c.supervising("take over", op.Call, op.By)
	if err != nil {
		return err
	}
	return c.takeOver(k, s)
}

func (c *Center) takeOver(k *contact, s *call.Supervision) error {
	fail := func(why string) error {
		return fmt.Errorf("take over: call %s: %w: %s", k.call.ID, ErrConflict, why)
	}
	p := k.call.Partner()
	switch {
	case s.Began == 0:
		return fail("the supervisor has not picked up")
	case k.call.Side != nil:
		return fail(fmt.Sprintf("%s is being called by the agent", k.toward))
	case p == nil || p.ID != s.Of:
		return fail("only a call that came in is taken over")
	}
	c.step(k, call.TakeOver{Leg: s.Leg})
	return nil
}

// supervising is a talk and what a supervisor does at it.
func (c *Center) supervising(what string, id fact.CallID, by Supervisor) (*contact, *call.Supervision, error) {
	k := c.contacts[id]
	if k == nil {
		return nil, nil, fmt.Errorf("%s: call %q: %w", what, id, ErrNotFound)
	}
	if by == (Supervisor{}) && len(k.call.Supervisions) == 0 {
		return nil, nil, fmt.Errorf("%s: call %s: %w: nobody supervises it", what, id, ErrConflict)
	}
	s, err := present(k, by)
	return k, s, err
}

// endSupervision ends what a supervisor does at a talk.
func (c *Center) endSupervision(op EndSupervision) error {
	k, s, err := c.supervising("unsupervise", op.Call, op.By)
	if err == nil {
		c.step(k, call.Unsupervise{Leg: s.Leg})
	}
	return err
}

// superviseKey does what a supervisor's key asks for.
func (c *Center) superviseKey(k *contact, e call.SuperviseKey) {
	keys := c.cfg.Supervision.Keys
	if mode := keys.Mode(e.Key); mode != "" {
		c.step(k, call.SetMode{Leg: e.Leg, Mode: mode})
		return
	}
	if e.Key != keys.TakeOver {
		return
	}
	for _, s := range k.call.Supervisions {
		if s.Leg == e.Leg {
			// A key has nobody to tell why not.
			_ = c.takeOver(k, s)
			return
		}
	}
}

// superviseOver is a supervisor who is free again.
func (c *Center) superviseOver(k *contact, e call.SuperviseOver) {
	if e.Agent != "" {
		c.line(routing.Free{Agent: e.Agent, Call: k.call.ID})
	}
}

// superviseFrom has the phone that runs a script listen to an agent's talk: its
// leg goes on there, and the script is over. False when it may not.
func (c *Center) superviseFrom(k *contact, a flow.Do) bool {
	leg := k.call.First()
	if k.call.Direction != fact.Service || leg.Agent == "" {
		return false
	}
	to, of, err := c.supervisable("", fact.AgentID(arg(a.Args, "agent")))
	by := Supervisor{Agent: leg.Agent, Endpoint: leg.Endpoint}
	if err != nil || fact.SwitchOf(of.ID) != fact.SwitchOf(leg.ID) || c.maySupervise(to, of, by, k.call.ID) != nil {
		return false
	}
	c.superviseBegins(to, by)
	k.session = nil
	c.legs[leg.ID] = to.call.ID
	c.step(k, call.Yield{})
	c.step(to, call.Supervise{Of: of.ID, Leg: leg.ID, Here: true, Endpoint: by.Endpoint, Agent: by.Agent, Mode: call.Listen})
	return true
}

// SupervisionView is one supervisor at a talk.
type SupervisionView struct {
	Leg fact.LegID `json:"leg"`
	// Agent is who supervises, "" at a phone where nobody is signed in; Of
	// whose talk.
	Agent    fact.AgentID  `json:"agent,omitempty"`
	Endpoint fact.Endpoint `json:"endpoint"`
	Of       fact.AgentID  `json:"of"`
	Mode     call.Mode     `json:"mode"`
	State    CallState     `json:"state"`           // ringing or talking
	Began    int64         `json:"began,omitempty"` // picked up; wall clock, ms of the epoch
}

// supervisionViews are the supervisors at a talk.
func (c *Center) supervisionViews(k *contact) []SupervisionView {
	var all []SupervisionView
	for _, s := range k.call.Supervisions {
		v := SupervisionView{Leg: s.Leg, Agent: s.Agent, Endpoint: k.call.Leg(s.Leg).Endpoint, Of: k.call.Leg(s.Of).Agent, Mode: s.Mode, State: CallRinging}
		if s.Began != 0 {
			v.State, v.Began = CallTalking, c.wall(s.Began)
		}
		all = append(all, v)
	}
	return all
}
