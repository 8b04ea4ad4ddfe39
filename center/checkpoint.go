package center

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// checkpoint is a centre between two steps.
type checkpoint struct {
	Tenant  fact.TenantID   `json:"tenant"`
	Epoch   string          `json:"epoch"`
	Minted  uint64          `json:"minted"`
	Now     fact.Moment     `json:"now"`
	ACD     json.RawMessage `json:"acd"`
	Norms   json.RawMessage `json:"norms,omitempty"`
	Config  Config          `json:"config"`
	Prompts []PromptFile    `json:"prompts"`
	Links   []*link         `json:"links"`
	Flows   []*flow.Flow    `json:"flows"` // of calls that began with another version
	// Linked are the subflows of each of Flows.
	Linked   [][]*flow.Flow `json:"linked,omitempty"`
	Contacts []contactState `json:"contacts"`
	Trunks   []trunkState   `json:"trunks,omitempty"`
	Carries  []carriage     `json:"carries,omitempty"`
	Shifts   []shift        `json:"shifts,omitempty"`
	List     []Entry        `json:"list,omitempty"`
	Revision int64          `json:"list_revision,omitempty"`
	Paced    fact.Instant   `json:"paced,omitempty"`
	Strays   []stray        `json:"strays,omitempty"`
	Alerts   []AlertCount   `json:"alerts,omitempty"`
	Owed     []*promise     `json:"owed,omitempty"`
	Misuses  []*misuse      `json:"misuses,omitempty"`
	// Callbacks is the book of them, Lined are those in a queue's line.
	Callbacks json.RawMessage `json:"callbacks,omitempty"`
	Lined     []lined         `json:"lined,omitempty"`
	Ongoing   []ongoing       `json:"ongoing,omitempty"`
	// Phrases are those of scenes that began with another version.
	Phrases []phrase.Settings `json:"phrases,omitempty"`
}

type contactState struct {
	Call      *call.Call      `json:"call"`
	Policy    recordingPolicy `json:"policy,omitzero"`
	Old       int             `json:"old"` // index in Flows, -1 for the configuration's
	Session   *flow.State     `json:"session,omitempty"`
	Ticket    fact.TicketID   `json:"ticket,omitempty"`
	Tickets   int             `json:"tickets,omitempty"`
	Line      int             `json:"line,omitempty"`
	Agent     fact.AgentID    `json:"agent,omitempty"`
	Colleague fact.AgentID    `json:"colleague,omitempty"`
	Look      string          `json:"look,omitempty"`
	Deed      int             `json:"deed,omitempty"`
	Args      []flow.Arg      `json:"args,omitempty"`
	WrapUp    int64           `json:"wrapup,omitempty"`
	Log       []fact.LogEntry `json:"log,omitempty"`
	Late      int64           `json:"late,omitempty"`
	Attempt   *attempt        `json:"attempt,omitempty"`
	Consulted fact.AgentID    `json:"consulted,omitempty"`
	Toward    Target          `json:"toward,omitzero"`
	Given     *given          `json:"given,omitempty"`
	Trunk     string          `json:"trunk,omitempty"`
	Asked     string          `json:"asked,omitempty"`
	History   *CallerHistory  `json:"history,omitempty"`
	Detour    *detour         `json:"detour,omitempty"`
	Reached   *attempt        `json:"reached,omitempty"`
	Question  *question       `json:"question,omitempty"`
	Parked    *parked         `json:"parked,omitempty"`
	Picker    fact.AgentID    `json:"picker,omitempty"`
	Typed     []typed         `json:"typed,omitempty"`
	Holding   *holding        `json:"holding,omitempty"`
	Query     *query          `json:"query,omitempty"`
	Owing     owing           `json:"owing,omitzero"`
	Scene     *scene          `json:"scene,omitempty"`
	Scenes    int             `json:"scenes,omitempty"`
	Survey    *fact.Survey    `json:"survey,omitempty"`
	Misused   bool            `json:"misused,omitempty"`
	Struck    bool            `json:"struck,omitempty"`
	Fetching  *fetching       `json:"fetching,omitempty"`
	Diverted  *diverted       `json:"diverted,omitempty"`
	Third     *third          `json:"third,omitempty"`
	Taking    *taking         `json:"taking,omitempty"`
	Aloud     aloud           `json:"aloud,omitzero"`
	Owes      fact.CallbackID `json:"owes,omitempty"`
}

// Checkpoint is the whole state between two steps, sensitive digits included.
// Equal centres give equal bytes.
func (c *Center) Checkpoint() ([]byte, error) {
	acd, err := c.acd.Checkpoint()
	if err != nil {
		return nil, fmt.Errorf("checkpoint the ACD: %w", err)
	}
	kept, err := c.norms.Checkpoint()
	if err != nil {
		return nil, fmt.Errorf("checkpoint the norms: %w", err)
	}
	book, err := c.book.Checkpoint()
	if err != nil {
		return nil, err
	}
	cp := checkpoint{Callbacks: book, Lined: c.savedLined(), Tenant: c.tenant, Epoch: c.epoch, Minted: c.minted, Now: c.now, ACD: acd, Norms: kept, Config: c.cfg, Links: c.links,
		Trunks: c.savedTrunks(), Carries: c.savedCarries(), Shifts: c.shifts,
		List: c.entries(), Revision: c.listRevision, Paced: c.paced, Strays: c.strays, Alerts: c.alerts, Owed: c.savedOwed(), Misuses: c.misuses, Ongoing: c.incidents}
	for _, p := range c.prompts { // sorted below
		cp.Prompts = append(cp.Prompts, p)
	}
	slices.SortFunc(cp.Prompts, func(a, b PromptFile) int { return strings.Compare(a.Key, b.Key) })
	var books []*phrase.Book
	for _, k := range c.ordered() {
		s := contactState{
			Owes: k.owes, Owing: k.owing, Survey: k.survey, Misused: k.misused, Struck: k.struck, Fetching: k.fetching, Diverted: k.diverted, Third: k.third,
			Scene: k.scene.saved(c.index.book, &books), Scenes: k.scenes, Taking: k.taking, Aloud: k.aloud,
			Policy: k.policy, Call: k.call, Old: -1, Ticket: k.ticket, Tickets: k.tickets, Line: k.line, Agent: k.agent,
			Colleague: k.colleague, Look: k.look, Deed: k.deed, Args: k.args, WrapUp: k.wrapUp, Log: k.log, Late: k.late,
			Consulted: k.consulted, Toward: k.toward, Given: k.given, Attempt: k.attempt, Trunk: k.trunk, Asked: k.asked, History: k.history, Detour: k.detour,
			Reached: k.reached, Question: k.question, Parked: k.parked, Picker: k.picker, Typed: k.typed, Holding: k.holding, Query: k.query,
		}
		if k.session != nil {
			st := k.session.State()
			s.Session = &st
		}
		if k.flow != nil && c.index.flows[k.flow.ID] != k.flow {
			if s.Old = slices.Index(cp.Flows, k.flow); s.Old < 0 {
				s.Old = len(cp.Flows)
				cp.Flows, cp.Linked = append(cp.Flows, k.flow), append(cp.Linked, k.flow.Linked())
			}
		}
		cp.Contacts = append(cp.Contacts, s)
	}
	for _, b := range books {
		cp.Phrases = append(cp.Phrases, b.Settings())
	}
	b, err := json.Marshal(cp)
	if err != nil {
		return nil, fmt.Errorf("checkpoint the centre: %w", err)
	}
	return b, nil
}

// ordered are all contacts in the order in which their calls began.
func (c *Center) ordered() []*contact {
	ks := make([]*contact, 0, len(c.contacts))
	for _, k := range c.contacts { // sorted below
		ks = append(ks, k)
	}
	slices.SortFunc(ks, byAge)
	return ks
}

// Restore is the centre that Checkpoint wrote.
func Restore(b []byte) (*Center, error) { return restore(b, nil) }

// restore is Restore with the phrases that come with huawu, nil to read them if
// they are needed.
func restore(b []byte, phrases *phrase.Catalogue) (*Center, error) {
	var cp checkpoint
	if err := json.Unmarshal(b, &cp); err != nil {
		return nil, fmt.Errorf("restore the centre: %w: %w", err, ErrInvalid)
	}
	c := New(cp.Tenant)
	c.phrases = phrases
	acd, err := routing.Restore(cp.ACD)
	if err != nil {
		return nil, fmt.Errorf("restore the ACD: %w", err)
	}
	if c.norms, err = norms.Restore(cp.Norms); err != nil {
		return nil, fmt.Errorf("restore the norms: %w", err)
	}
	c.acd, c.epoch, c.minted, c.now, c.cfg, c.links = acd, cp.Epoch, cp.Minted, cp.Now, cp.Config, cp.Links
	for _, p := range cp.Prompts {
		c.prompts[p.Key] = p
	}
	c.reindex()
	for _, p := range cp.Owed {
		c.owed[p.Callback.ID] = p
	}
	c.owedLine = cp.Owed
	if c.book, err = callback.Restore(cp.Callbacks, c.cfg.Callbacks, c.cfg.Zone, c.now.Wall().UnixMilli()); err != nil {
		return nil, err
	}
	c.restoreLined(cp.Lined)
	c.incidents, c.misuses = cp.Ongoing, cp.Misuses
	if err := listable(cp.List); err != nil {
		return nil, fmt.Errorf("restore the list of numbers: %w", err)
	}
	c.relist(cp.List, cp.Revision)
	c.shifts, c.paced, c.strays, c.alerts = cp.Shifts, cp.Paced, cp.Strays, cp.Alerts
	c.planTrainees()
	for i, f := range cp.Flows {
		all := []*flow.Flow{f}
		if i < len(cp.Linked) { // a checkpoint of before has none
			all = append(all, cp.Linked[i]...)
		}
		flow.Link(all)
	}
	books, err := c.books(cp.Phrases)
	if err != nil {
		return nil, fmt.Errorf("restore the phrases: %w", err)
	}
	for _, s := range cp.Contacts {
		s.Call.Restored()
		if err := s.Scene.restored(c.index.book, books); err != nil {
			return nil, fmt.Errorf("restore the scene of call %s: %w", s.Call.ID, err)
		}
		k := &contact{
			owes: s.Owes, owing: s.Owing, survey: s.Survey, misused: s.Misused, struck: s.Struck, fetching: s.Fetching, diverted: s.Diverted, third: s.Third, scene: s.Scene, scenes: s.Scenes, taking: s.Taking, aloud: s.Aloud,
			policy: s.Policy, call: s.Call, ticket: s.Ticket, tickets: s.Tickets, line: s.Line, agent: s.Agent, colleague: s.Colleague,
			look: s.Look, deed: s.Deed, args: s.Args, wrapUp: s.WrapUp, log: s.Log, late: s.Late,
			consulted: s.Consulted, toward: s.Toward, given: s.Given, attempt: s.Attempt, trunk: s.Trunk, asked: s.Asked, history: s.History, detour: s.Detour,
			reached: s.Reached, question: s.Question, parked: s.Parked, picker: s.Picker, typed: s.Typed, holding: s.Holding, query: s.Query,
		}
		if s.Old >= 0 {
			if s.Old >= len(cp.Flows) {
				return nil, fmt.Errorf("restore call %s: flow %d of %d: %w", s.Call.ID, s.Old, len(cp.Flows), ErrInvalid)
			}
			k.flow = cp.Flows[s.Old]
		} else if s.Call.FlowID != "" {
			k.flow = c.index.flows[s.Call.FlowID]
		}
		if s.Session != nil && k.flow != nil {
			k.session = flow.Resume(k.flow, *s.Session)
		}
		c.contacts[s.Call.ID] = k
		if k.parked != nil {
			c.slots[k.parked.Slot] = s.Call.ID
		}
		for _, l := range s.Call.Legs {
			if _, known := c.legs[l.ID]; !known || !l.Gone { // one that came back is its present call's
				c.legs[l.ID] = s.Call.ID
			}
		}
		if k.taking != nil && k.taking.Look != "" {
			c.looks[k.taking.Look] = s.Call.ID
		}
		for _, look := range []string{k.look, k.asked} {
			if look != "" {
				c.looks[look] = s.Call.ID
			}
		}
		if k.fetching != nil {
			c.looks[k.fetching.Look] = s.Call.ID
		}
		for _, w := range k.aloud.Words {
			if w.Look != "" {
				c.looks[w.Look] = s.Call.ID
			}
		}
		c.schedule(k)
	}
	c.restoreTrunks(cp.Trunks, cp.Carries)
	return c, nil
}
