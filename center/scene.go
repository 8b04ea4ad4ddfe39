package center

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// Bounds of a scene.
const (
	maxValues = 50  // given to one scene
	maxCued   = 500 // remembered of one
)

// scene is one that goes on in a talk, or the last one that did.
type scene struct {
	Scope phrase.Scope `json:"scope"`
	// By is who began it, Agent whose it is.
	By    string       `json:"by"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Leg   fact.LegID   `json:"leg,omitempty"`
	// Speaks says that the system says what it may.
	Speaks bool         `json:"speaks,omitempty"`
	Began  fact.Instant `json:"began"`
	Flow   *flow.Flow   `json:"flow"`
	// State and Words are set in a checkpoint alone: Words says which of the
	// books there it is, 0 for the configuration's.
	State flow.State `json:"state"`
	Words int        `json:"words,omitempty"`
	// Values are given, Told are conditions that hold, Hold and Held what a wait
	// is to take and has taken.
	Values []PhraseValue `json:"values,omitempty"`
	Told   []string      `json:"told,omitempty"`
	Hold   time.Duration `json:"hold,omitempty"`
	Held   time.Duration `json:"held,omitempty"`
	// Wait is the caller's that an action has begun, nil for none.
	Wait *sceneWait `json:"wait,omitempty"`
	Cued []cued     `json:"cued,omitempty"`
	// Listens and Masks say that it has the caller listened to, and the
	// recording masked.
	Listens bool `json:"listens,omitempty"`
	Masks   bool `json:"masks,omitempty"`
	// Token is that of the flow that wants the scene, 0 in a talk.
	Token int `json:"token,omitempty"`
	// Ticked says that the agent, not the system, ends the call.
	Ticked bool     `json:"ticked,omitempty"`
	Over   flow.End `json:"over,omitempty"`
	Code   string   `json:"code,omitempty"`   // by which the hang-up was excused
	Handed bool     `json:"handed,omitempty"` // the agent has given the talk on instead of ending it

	session *flow.Session
	book    *phrase.Book
	back    []flow.Input
	then    func()     // what is to be done when the step under way is
	lines   []LineView // nil when something has changed
}

// sceneWait is a wait of the caller's within a scene: on hold, or with the agent
// not heard.
type sceneWait struct {
	Token int          `json:"token"`
	Since fact.Instant `json:"since"`
	Mute  bool         `json:"mute,omitempty"`
	On    bool         `json:"on,omitempty"` // the hold has begun
}

// cued is what has become of a step, and when (PHR-7).
type cued struct {
	Cue  string       `json:"cue"`
	Line string       `json:"line,omitempty"`
	How  flow.How     `json:"how"`
	At   fact.Instant `json:"at"`
}

// on says whether a scene goes on.
func (s *scene) on() bool { return s != nil && s.Over == "" }

// startScene begins a scene in a talk.
func (c *Center) startScene(op StartScene, by string) error {
	k, agent, err := c.talk("start scene", op.Call, op.Agent)
	if err != nil {
		return err
	}
	switch {
	case c.index.book == nil:
		return fmt.Errorf("start scene: %w: the centre has no phrases; phrases.profile of its document chooses them", ErrConflict)
	case k.scene.on():
		return fmt.Errorf("start scene: call %s: %w: the scene %s goes on; stop it first", op.Call, ErrConflict, k.scene.Flow.Scene.Key)
	case op.Hold < 0 || op.Hold > time.Hour:
		return fmt.Errorf("start scene: hold %v: %w: want up to 1h", op.Hold, ErrInvalid)
	}
	if op.Scene == sceneClosing {
		if err := c.askedMore("start scene", k, agent.Agent); err != nil {
			return err
		}
	}
	s, err := c.compileScene(k, phrase.Scope{Queue: k.call.Queue}, op.Scene)
	if err != nil {
		return fmt.Errorf("start scene: %w", ours(err))
	}
	s.By, s.Agent, s.Leg, s.Hold = by, agent.Agent, agent.ID, op.Hold
	if op.Opened {
		s.Flow.Scene.Opened()
	}
	for _, when := range op.Holds {
		if s.book.Condition(when) == nil {
			return fmt.Errorf("start scene: condition %.40q: %w: huawu phrase scenes %s shows which there are", when, ErrInvalid, op.Scene)
		}
	}
	if s.Values, err = s.fill(op.Values); err != nil {
		return fmt.Errorf("start scene: %w", err)
	}
	s.Told = slices.Clone(op.Holds)
	s.Speaks = !op.Shown && s.book.AutoPlays(s.Scope)
	c.beginScene(k, s)
	return nil
}

// compileScene makes a scene of a call, worded as a scope has it.
func (c *Center) compileScene(k *contact, in phrase.Scope, id string) (*scene, error) {
	if c.index.book == nil {
		return nil, phrase.ErrNoProfile
	}
	f, err := flow.Compile(c.index.book, in, id, k.scenes)
	if err != nil {
		return nil, err
	}
	in.Language = f.Scene.Language
	return &scene{Scope: in, Began: c.now.At, Flow: f, book: c.index.book}, nil
}

// beginScene begins a scene of a call.
func (c *Center) beginScene(k *contact, s *scene) {
	s.session = flow.New(s.Flow, nil)
	k.scene = s
	k.scenes++
	c.prepare(k, s)
	c.emit(s.event(k, fact.SceneBegan))
	if s.Flow.Scene.Private {
		s.Masks = true
		c.step(k, call.Mask{On: true, Cause: call.MaskScene})
	}
	c.perform(k, flow.Start{})
	if s.on() && s.Flow.Scene.Silent {
		c.listenIn(k, s)
	}
}

// ours is a refusal of the phrases' in the centre's words.
func ours(err error) error {
	switch {
	case errors.Is(err, phrase.ErrUnknown):
		return &refusal{err, ErrNotFound}
	case errors.Is(err, phrase.ErrNoProfile):
		return &refusal{err, ErrConflict}
	}
	return &refusal{err, ErrInvalid}
}

// fill are the values of a scene with others in their place: "" forgets one.
func (s *scene) fill(values []PhraseValue) ([]PhraseValue, error) {
	all := slices.Clone(s.Values)
	for _, v := range values {
		if v.Value != "" {
			if err := s.book.Takes(s.Scope, v.Name, v.Value); err != nil {
				return nil, ours(err)
			}
		}
		i, found := slices.BinarySearchFunc(all, v, func(a, b PhraseValue) int { return compare(a.Name, b.Name) })
		switch {
		case found && v.Value == "":
			all = slices.Delete(all, i, i+1)
		case found:
			all[i] = v
		case v.Value != "":
			all = slices.Insert(all, i, v)
		}
	}
	if len(all) > maxValues {
		return nil, fmt.Errorf("%d values: %w: want at most %d", len(all), ErrInvalid, maxValues)
	}
	return all, nil
}

// inScene is the scene that goes on in a call.
func (c *Center) inScene(what string, id fact.CallID) (*contact, *scene, error) {
	k := c.contacts[id]
	switch {
	case k == nil:
		return nil, nil, fmt.Errorf("%s: call %q: %w", what, id, ErrNotFound)
	case !k.scene.on():
		return nil, nil, fmt.Errorf("%s: call %s: %w: no scene goes on in it", what, id, ErrConflict)
	}
	return k, k.scene, nil
}

// nextStep ticks a step off. A wait of the caller's ends by it.
func (c *Center) nextStep(op NextStep) error {
	k, s, err := c.inScene("next step", op.Call)
	if err != nil {
		return err
	}
	in := flow.Next{Line: op.Line}
	if op.Line != "" && !s.session.Offers(op.Line) {
		return fmt.Errorf("next step: line %.60q: %w: the step says no such phrase", op.Line, ErrInvalid)
	}
	values, err := s.fill(op.Values)
	if err != nil {
		return fmt.Errorf("next step: %w", err)
	}
	if s.Wait == nil && !s.session.Accepts(in) {
		return fmt.Errorf("next step: call %s: %w: %s", op.Call, ErrConflict, s.busy(c.now.At))
	}
	if s.Values, s.lines = values, nil; len(op.Values) > 0 {
		c.prepare(k, s)
	}
	if s.Wait != nil {
		return c.endWait(k, s)
	}
	s.Ticked = true
	c.perform(k, in)
	return nil
}

// busy says what a scene does that nobody can hurry.
func (s *scene) busy(now fact.Instant) string {
	switch s.session.Phase() {
	case flow.PhasePause:
		due, _ := s.session.Next()
		return fmt.Sprintf("the pause takes %v more", due.Sub(now))
	case flow.PhaseSpeak:
		return "the phrase is being said"
	}
	return "it is being done"
}

// stepScene gives the scene of a call an input of the agent's.
func (c *Center) stepScene(what string, id fact.CallID, in flow.Input) error {
	k, s, err := c.inScene(what, id)
	if err != nil {
		return err
	}
	if !s.session.Accepts(in) {
		return fmt.Errorf("%s: call %s: %w: %s", what, id, ErrConflict, s.busy(c.now.At))
	}
	c.perform(k, in)
	return nil
}

// perform gives the scene of a call an input and does what it wants.
func (c *Center) perform(k *contact, in flow.Input) {
	s := k.scene
	if !s.on() {
		return
	}
	s.back = append(s.back, in)
	if len(s.back) > 1 {
		return // the step under way takes it up
	}
	for len(s.back) > 0 && s.on() {
		for _, a := range s.session.Step(c.now, flow.Env{Stage: c.stage(k, s)}, s.back[0]) {
			c.play(k, s, a)
		}
		s.back = s.back[1:]
	}
	s.back = nil
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	c.schedule(k)
}

// play does what a scene wants.
func (c *Center) play(k *contact, s *scene, a flow.Action) {
	switch a := a.(type) {
	case flow.Cued:
		c.cued(k, s, a)
	case flow.Play:
		if k.aloud.Saying != nil && k.aloud.Saying.Token != 0 {
			c.saidOver(k, saidCut)
		}
		c.step(k, call.Speak{Token: a.Token, Prompts: c.sounds(k, s, a.Prompts)})
	case flow.StopPlay:
		c.step(k, call.Hush{Token: a.Token})
	case flow.Act:
		c.enact(k, s, s.Flow.Cue(a.Cue), a.Token)
	case flow.Excuse:
		c.step(k, call.Excused{Code: a.Code})
		e := s.event(k, fact.SceneExcused)
		e.Reason = a.Code
		c.emit(e)
	case flow.Finished:
		c.sceneOver(k, a.Why, a.Code)
	case flow.Hangup:
		c.sceneOver(k, flow.EndStopped, "")
	}
}

// sceneOver is the end of a scene; by some the call ends.
func (c *Center) sceneOver(k *contact, why flow.End, code string) {
	s := k.scene
	if !s.on() {
		return
	}
	s.Over, s.Code, s.lines = why, code, nil
	e := s.event(k, fact.SceneEnded)
	e.Reason, e.To, e.Millis = string(why), code, int64(c.now.At-s.Began)
	c.emit(e)
	if !s.Handed {
		c.strike(k, code, s.by())
	}
	if s.Listens {
		c.step(k, call.DetectTalk{})
	}
	if s.Masks {
		c.step(k, call.Mask{Cause: call.MaskScene})
	}
	switch {
	case s.Token != 0:
		c.sceneReturns(k, s, why, code)
		return
	case why != flow.EndHungUp:
		return
	}
	by := fact.BySystem
	if s.Ticked {
		by = fact.ByAgent
	}
	s.then = func() {
		c.step(k, call.End{By: by, Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, Excused: true})
		c.leave(k)
		c.schedule(k)
	}
}

// watchScene goes on with a scene when the talk has changed: it ends with the
// agent's part, as what is said does, and a wait ends when the caller is back.
func (c *Center) watchScene(k *contact) {
	c.watchSaying(k)
	s := k.scene
	if !s.on() {
		return
	}
	_, agent := k.call.Sides()
	switch {
	case s.Token != 0:
		c.watchAlone(k)
	case k.call.Phase != call.InTalk || agent == nil || agent.Agent != s.Agent:
		c.talkOver(k, s)
	case s.Wait != nil:
		c.watchWait(k, s, agent)
	}
}

// talkOver ends a scene whose talk is over. Who has hung up may have been
// excused: the call keeps by what, for what comes after; whoever has the talk
// instead is not.
func (c *Center) talkOver(k *contact, s *scene) {
	code := k.call.Excuse
	k.misused = k.misused || spared(code)
	c.sceneOver(k, flow.EndTalk, code)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	if code != "" && k.call.Phase == call.InTalk {
		c.play(k, s, flow.Excuse{})
	}
}

// event is an event of a scene's.
func (s *scene) event(k *contact, kind fact.Kind) fact.Event {
	return fact.Event{Kind: kind, Call: k.call.ID, Leg: s.Leg, Agent: s.Agent, Queue: s.Scope.Queue, Who: s.By,
		Name: s.Flow.Scene.Profile + "/" + s.Flow.Scene.Key}
}

// cued keeps and tells what has become of a step (PHR-7).
func (c *Center) cued(k *contact, s *scene, a flow.Cued) {
	if s.lines = nil; len(s.Cued) < maxCued {
		s.Cued = append(s.Cued, cued{Cue: a.Cue, Line: a.Line, How: a.How, At: c.now.At})
	}
	q := s.Flow.Cue(a.Cue)
	e := s.event(k, fact.SceneStep)
	e.Step, e.Position, e.Reason, e.To = q.Step, q.Again, string(a.How), a.Line
	if e.To == "" {
		e.To = q.Do
	}
	e.Millis = int64(c.now.At - k.call.Began.At)
	c.emit(e)
	if a.How == flow.HowSaid || a.How == flow.HowPlayed {
		c.warned(k, s, a.Line)
	}
}
