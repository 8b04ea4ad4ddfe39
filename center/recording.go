package center

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// How calls are recorded by a rule.
const (
	RecordAlways   = "always"   // from the answer to the end
	RecordRequired = "required" // always, and nobody is brought to the caller unless it is
	RecordNever    = "never"    // unless somebody orders it
)

// RecordingRule says how some calls are recorded. What it does not name is any.
type RecordingRule struct {
	Queue     fact.QueueID   `json:"queue,omitempty" yaml:"queue"` // from joining its line on
	Flow      fact.FlowID    `json:"flow,omitempty" yaml:"flow"`   // that the called number leads to
	Direction fact.Direction `json:"direction,omitempty" yaml:"direction"`
	// Record is RecordAlways, RecordRequired or RecordNever.
	Record string `json:"record" yaml:"record"`
}

// The bounds of a pause.
const (
	PauseDefault = time.Minute
	PauseLeast   = 5 * time.Second
	PauseMost    = 10 * time.Minute
	// maxWhy is how long a reason may be, in characters.
	maxWhy = 200
)

// The operations on recordings of calls. Note is for people to read, up to 200
// characters.
type (
	// RecordCall begins to record a call, or ends that, whatever the rules say. A
	// recording without which nobody may talk is not ended.
	RecordCall struct {
		Call fact.CallID `json:"call"`
		On   bool        `json:"on"`
		Note string      `json:"note,omitempty"`
	}
	// PauseRecording has silence written into the recording of a call. It ends by
	// itself after For, 5 s to 10 min, 0 for one minute; another one sets another
	// time (SPEC RUL-PRV-2).
	PauseRecording struct {
		Call fact.CallID   `json:"call"`
		For  time.Duration `json:"for,omitempty"`
		Note string        `json:"note,omitempty"`
	}
	// ResumeRecording ends the pause that was ordered. What scenes and secret digits
	// keep out of the recording stays out.
	ResumeRecording struct {
		Call fact.CallID `json:"call"`
		Note string      `json:"note,omitempty"`
	}
)

func (RecordCall) operation()      {}
func (PauseRecording) operation()  {}
func (ResumeRecording) operation() {}

// recordingPolicy is how calls are recorded that begin by one version of the
// configuration.
type recordingPolicy struct {
	Off   bool            `json:"off,omitempty"`
	Rules []RecordingRule `json:"rules,omitempty"`
}

func (c *Center) recording() recordingPolicy {
	return recordingPolicy{Off: c.cfg.Unrecorded, Rules: c.cfg.Recording}
}

// of is how a call is recorded.
func (p recordingPolicy) of(dir fact.Direction, flow fact.FlowID, queue fact.QueueID) call.Policy {
	if dir == fact.Service { // an agent speaks with huawu, or says a phrase
		return call.Policy{}
	}
	for _, r := range p.Rules {
		if (r.Queue == "" || r.Queue == queue) && (r.Flow == "" || r.Flow == flow) && (r.Direction == "" || r.Direction == dir) {
			return call.Policy{Recorded: r.Record != RecordNever, Required: r.Record == RecordRequired}
		}
	}
	return call.Policy{Recorded: !p.Off}
}

// recordBy has a call recorded by the rules that it began with: once more when it
// comes to a flow, and to a queue.
func (c *Center) recordBy(k *contact, queue fact.QueueID) {
	p := k.policy.of(k.call.Direction, k.call.FlowID, queue)
	if k.call.Required != p.Required || (p.Required || !k.call.Ordered) && k.call.Recorded != p.Recorded {
		c.step(k, p)
	}
}

// maskDigits keeps digits that nobody may see out of the recording.
func (c *Center) maskDigits(k *contact) {
	if on := k.session != nil && k.session.Secret(); on != k.call.Masked(call.MaskDigits) {
		c.step(k, call.Mask{On: on, Cause: call.MaskDigits})
	}
}

// unrecorded tells the leader that a call is not recorded.
func (c *Center) unrecorded(k *contact, e call.Unrecorded) {
	c.alert(fact.Event{Kind: fact.AlertLeader, Call: k.call.ID, Queue: k.call.Queue, Agent: k.call.Agent, Recording: e.Recording,
		Name: ruleRecord, Reason: alertUnrecorded, Note: e.Reason})
}

// barred takes a caller out of line who may not talk to anybody for want of a
// recording; the flow goes on at the branch for that.
func (c *Center) barred(k *contact) {
	c.alert(fact.Event{Kind: fact.AlertLeader, Call: k.call.ID, Queue: k.call.Queue, Name: ruleRecord, Reason: alertBarred})
	if k.ticket != "" {
		c.line(routing.Withdraw{Ticket: k.ticket, Why: routing.ExitRemoved})
	}
}

// taped finds a call whose recording is steered.
func (c *Center) taped(what string, id fact.CallID, note string) (*contact, error) {
	k := c.contacts[id]
	switch {
	case k == nil:
		return nil, fmt.Errorf("%s: call %q: %w", what, id, ErrNotFound)
	case k.call.Phase == call.Ending:
		return nil, fmt.Errorf("%s: call %s: %w: it is ending", what, id, ErrConflict)
	case utf8.RuneCountInString(note) > maxWhy:
		return nil, fmt.Errorf("%s: note of %d characters: %w: want up to %d", what, utf8.RuneCountInString(note), ErrInvalid, maxWhy)
	}
	return k, nil
}

func (c *Center) recordCall(op RecordCall) error {
	k, err := c.taped("record", op.Call, op.Note)
	switch {
	case err != nil:
		return err
	case k.call.Direction == fact.Service:
		return fmt.Errorf("record: call %s: %w: an agent has dialled a feature code", op.Call, ErrConflict)
	case !op.On && k.call.Required:
		return fmt.Errorf("record: call %s: %w: a rule of the centre's recording requires it; pause it for what nobody may hear", op.Call, ErrDenied)
	case op.On != k.call.Recorded:
		c.step(k, call.Recorder{On: op.On})
	}
	return nil
}

func (c *Center) pauseRecording(op PauseRecording, by string) error {
	k, err := c.taped("pause recording", op.Call, op.Note)
	switch {
	case err != nil:
		return err
	case op.For != 0 && (op.For < PauseLeast || op.For > PauseMost):
		return fmt.Errorf("pause recording: for %v: %w: want %v to %v", op.For, ErrInvalid, PauseLeast, PauseMost)
	case !k.call.Running():
		return fmt.Errorf("pause recording: call %s: %w: it is not being recorded", op.Call, ErrConflict)
	}
	if op.For == 0 {
		op.For = PauseDefault
	}
	c.step(k, call.Mask{On: true, Cause: call.MaskOrder, For: op.For, Who: by, Note: op.Note})
	return nil
}

func (c *Center) resumeRecording(op ResumeRecording, by string) error {
	k, err := c.taped("resume recording", op.Call, op.Note)
	switch {
	case err != nil:
		return err
	case !k.call.Masked(call.MaskOrder):
		return fmt.Errorf("resume recording: call %s: %w: nobody has paused it", op.Call, ErrConflict)
	}
	c.step(k, call.Mask{Cause: call.MaskOrder, Who: by, Note: op.Note})
	return nil
}

// RecordingPause is why silence is written into a recording. Since and Until are on
// the wall clock in ms of the epoch, Until is 0 for as long as the cause lasts.
type RecordingPause struct {
	Cause string `json:"cause" doc:"a scene, digits that nobody may see, or an order" enum:"scene,digits,order"`
	Since int64  `json:"since"`
	Until int64  `json:"until,omitempty"`
	Who   string `json:"who,omitempty"`
	Note  string `json:"note,omitempty"`
}

// recordingView tells of a call's recording.
func (c *Center) recordingView(k *contact, v *CallView) {
	v.Recorded = k.call.Running()
	for _, m := range k.call.Masks {
		p := RecordingPause{Cause: string(m.Cause), Since: c.wall(m.Since), Who: m.Who, Note: m.Note}
		if m.Until != 0 {
			p.Until = c.wall(m.Until)
		}
		v.Paused = append(v.Paused, p)
	}
}
