package rehearse

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// began is the steady time at which every call begins.
const began = fact.Instant(1_000_000)

// Run plays all scenarios on a flow that is checked. hours are the tables that
// it may ask for; those of the script go before them. class is what a number is
// in a country, one of flow.CallerClasses; with nil each is other.
func (s *Script) Run(f *flow.Flow, hours map[string]*calendar.Table, class func(country, number string) string) ([]Result, error) {
	if class == nil {
		class = func(string, string) string { return flow.ClassOther }
	}
	known := maps.Clone(hours)
	if known == nil {
		known = map[string]*calendar.Table{}
	}
	for _, h := range s.Hours {
		if h.Zone == "" {
			h.Zone = s.zone()
		}
		table, err := calendar.Compile(h)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.file, err)
		}
		known[h.ID] = table
	}
	all := make([]Result, len(s.Scenarios))
	for i := range s.Scenarios {
		all[i] = s.play(&s.Scenarios[i], f, known, class)
	}
	return all, nil
}

// stage is one call under way.
type stage struct {
	script   *Script
	scenario *Scenario
	flow     *flow.Flow
	session  *flow.Session
	env      flow.Env
	now      fact.Moment

	// due are what is to come, besides the session's timer and the caller.
	due []due
	seq int
	// step is the caller's next, free when the one before is done; entered is
	// when the flow came to its node, silent since when it waits for the
	// caller, 0 while it does not.
	step                  int
	free, entered, silent fact.Instant
	used                  map[int]bool // answers
	recording             recording
	out                   Result
}

// due is something that comes at its time: answered says of which token.
type due struct {
	at    fact.Instant
	seq   int
	token int
	come  func()
}

// recording is a message under way.
type recording struct {
	least  time.Duration
	spoken time.Duration
	since  fact.Instant // when the caller began to speak, 0 while silent
}

func (s *Script) play(c *Scenario, f *flow.Flow, hours map[string]*calendar.Table, class func(country, number string) string) Result {
	g := &stage{script: s, scenario: c, flow: f, used: map[int]bool{}, free: began, now: fact.Moment{At: began}}
	g.out = Result{File: s.file, Line: c.line, Scenario: c.Name, Flow: f.ID, Variables: map[string]string{}}
	if g.out.Failures = g.unknown(); len(g.out.Failures) > 0 {
		return g.out
	}
	at := c.At
	if at == "" {
		at = DefaultAt
	}
	g.clock(at)
	g.env.Hours = forced(hours, c)
	g.circumstances()
	known := g.known(class)
	g.env.Caller = func() []flow.Arg { return known }
	g.session = flow.New(f, nil)
	g.do(flow.Start{})
	g.run()
	g.finish()
	return g.out
}

// circumstances are what else the flow may go by.
func (g *stage) circumstances() {
	c := g.scenario
	g.env.Unasked = c.Unasked
	g.env.Incident = func(id string) bool { return slices.Contains(c.Incidents, id) }
	for _, id := range c.Festivals {
		g.env.Festivals = append(g.env.Festivals, flow.Festival{ID: id, Dates: []string{"01-01..12-31"}})
	}
	g.env.Zone = calendar.Zone(g.script.zone())
}

// clock puts the wall clock at a local time.
func (g *stage) clock(local string) {
	wall, err := calendar.Moment(g.script.zone(), local)
	if err != nil { // Parse has checked it
		return
	}
	g.now.Offset = wall.UnixMilli() - int64(g.now.At)
}

// known is what flows are told of who calls.
func (g *stage) known(class func(country, number string) string) []flow.Arg {
	vars := maps.Clone(g.scenario.Variables)
	if vars == nil {
		vars = map[string]string{}
	}
	if _, told := vars["caller_number"]; !told {
		vars["caller_number"] = g.scenario.Caller
	}
	if _, told := vars["caller_class"]; !told {
		vars["caller_class"] = flow.ClassWithheld
		if g.scenario.Caller != "" {
			vars["caller_class"] = class(g.script.country(), g.scenario.Caller)
		}
	}
	var all []flow.Arg
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		all = append(all, flow.Arg{Name: name, Value: vars[name]})
	}
	return all
}

// forced are tables of hours of which some are open or closed whatever the
// time.
func forced(hours map[string]*calendar.Table, c *Scenario) map[string]*calendar.Table {
	all := maps.Clone(hours)
	for _, f := range []struct {
		ids   []string
		hours calendar.Hours
	}{
		{c.Open, calendar.Hours{Zone: "UTC", Week: []string{"daily 00:00-24:00"}}},
		{c.Closed, calendar.Hours{Zone: "UTC", Extra: []string{"1970-01-01 00:00-00:01"}}},
	} {
		for _, id := range f.ids {
			f.hours.ID = id
			if table, err := calendar.Compile(f.hours); err == nil {
				all[id] = table
			}
		}
	}
	return all
}

// run goes on until the call is over.
func (g *stage) run() {
	limit := g.scenario.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	end := began.Add(limit)
	for g.out.Ends == "" {
		if len(g.out.Transcript) > maxEntries {
			g.end(EndLimit, 0)
			return
		}
		// What has arrived goes before what the caller does, and both go before
		// timers, as in the engine.
		next, what := fact.Instant(0), 0
		if i := g.first(); i >= 0 {
			next, what = g.due[i].at, 1
		}
		if at, ok := g.ready(); ok && (what == 0 || at < next) {
			next, what = at, 2
		}
		if at, ok := g.session.Next(); ok && (what == 0 || at < next) {
			next, what = at, 3
		}
		if what == 0 || next > end {
			g.to(end)
			g.end(EndLimit, 0)
			return
		}
		g.to(next)
		switch what {
		case 1:
			i := g.first()
			d := g.due[i]
			g.due = slices.Delete(g.due, i, i+1)
			d.come()
		case 2:
			g.act()
		case 3:
			g.do(flow.Tick{})
		}
	}
}

func (g *stage) to(at fact.Instant) { g.now.At = max(g.now.At, at) }

// first is the index of what comes first, -1 for nothing.
func (g *stage) first() int {
	best := -1
	for i, d := range g.due {
		if best < 0 || d.at < g.due[best].at || d.at == g.due[best].at && d.seq < g.due[best].seq {
			best = i
		}
	}
	return best
}

// later has something come after a while, in answer to a token.
func (g *stage) later(after time.Duration, token int, come func()) {
	g.seq++
	g.due = append(g.due, due{at: g.now.At.Add(after), seq: g.seq, token: token, come: come})
}

// forget has nothing come any more for a token.
func (g *stage) forget(token int) {
	g.due = slices.DeleteFunc(g.due, func(d due) bool { return d.token == token })
}

// ready is when the caller's next step comes; false while it waits for the flow.
func (g *stage) ready() (fact.Instant, bool) {
	if g.step >= len(g.scenario.Steps) {
		return 0, false
	}
	s := &g.scenario.Steps[g.step]
	base := g.free
	switch {
	case s.At != nil:
		return max(base, began.Add(*s.At)), true
	case s.Node != "" && g.session.Node() != s.Node:
		return 0, false
	case s.After != nil:
		if s.Node != "" {
			base = max(base, g.entered)
		}
		return base.Add(*s.After), true
	case s.Clock != "":
		return base, true
	case g.silent == 0:
		return 0, false
	}
	return max(base, g.silent).Add(thinking), true
}

// act does the caller's next step.
func (g *stage) act() {
	s := &g.scenario.Steps[g.step]
	g.step++
	g.free = g.now.At
	switch {
	case s.Keys != "":
		every := s.Every
		if every == 0 {
			every = DefaultEvery
		}
		for i, key := range s.Keys {
			g.later(time.Duration(i)*every, 0, func() { g.press(string(key)) })
		}
		g.free = g.now.At.Add(time.Duration(len(s.Keys)-1) * every)
	case s.Silence > 0:
		g.note(SaidSilence, s.Silence.String())
		g.free = g.now.At.Add(s.Silence)
	case s.Speak > 0:
		g.note(SaidSpeaks, s.Speak.String())
		g.free = g.now.At.Add(s.Speak)
		g.recording.since = g.now.At
		g.do(flow.Talk{On: true})
		g.later(s.Speak, 0, func() {
			g.quiet()
			g.do(flow.Talk{})
		})
	case s.Clock != "":
		g.note(SaidClock, s.Clock)
		g.clock(s.Clock)
	case s.HangUp:
		g.end(EndCaller, 0)
	}
}

// quiet is the caller falling silent.
func (g *stage) quiet() {
	if g.recording.since != 0 {
		g.recording.spoken += g.now.At.Sub(g.recording.since)
		g.recording.since = 0
	}
}

func (g *stage) press(key string) {
	if g.out.Ends != "" {
		return
	}
	shown := key
	if g.session.Sensitive() {
		shown = "•"
	}
	g.note(SaidKey, shown)
	g.do(flow.Digit{Key: key})
}

// do gives the flow an input and does what it wants done.
func (g *stage) do(in flow.Input) {
	for _, a := range g.session.Step(g.now, g.env, in) {
		g.action(a)
	}
	phase := g.session.State().Phase
	if phase == flow.PhaseCollect || phase == flow.PhaseLine || phase == flow.PhaseRecord {
		if g.silent == 0 {
			g.silent = g.now.At
		}
	} else {
		g.silent = 0
	}
}

func (g *stage) end(by string, cause int) {
	g.out.Ends, g.out.Cause, g.out.Took = by, cause, g.now.At.Sub(began).Milliseconds()
	text := by
	if by == EndFlow {
		text = fmt.Sprintf("%s %d", by, cause)
	}
	g.note(SaidEnd, text)
}
