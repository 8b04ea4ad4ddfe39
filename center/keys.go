package center

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// KeyAct is what an agent's keys do in a talk.
type KeyAct string

// The acts. Each is the operation of the same name, by the rules of that.
const (
	KeyHold     KeyAct = "hold"     // or takes the caller back
	KeyConsent  KeyAct = "consent"  // hold, and the caller was asked first; or takes the caller back
	KeyQuery    KeyAct = "query"    // the agent looks something up, having asked the caller; or has done
	KeyMute     KeyAct = "mute"     // or lets the agent be heard again
	KeyPause    KeyAct = "pause"    // the recording, or goes on with it
	KeyConsult  KeyAct = "consult"  // then the number and #
	KeyTransfer KeyAct = "transfer" // without a word before; then the number and #
	KeyComplete KeyAct = "complete"
	KeyMerge    KeyAct = "merge"
	KeyCancel   KeyAct = "cancel"
	KeyPark     KeyAct = "park" // then the slot, or none for a free one, and #
	KeyEnd      KeyAct = "end"  // the caller goes on in the flow
	// Of a scene: begin the one that TalkKey.Scene names, tick the step off, say
	// the last phrase once more, pass the step over, end it.
	KeyScene       KeyAct = "scene"
	KeySceneNext   KeyAct = "scene-next"
	KeySceneRepeat KeyAct = "scene-repeat"
	KeySceneSkip   KeyAct = "scene-skip"
	KeySceneStop   KeyAct = "scene-stop"
)

// KeyActs are all acts.
var KeyActs = []KeyAct{KeyHold, KeyConsent, KeyQuery, KeyMute, KeyPause, KeyConsult, KeyTransfer, KeyComplete, KeyMerge, KeyCancel, KeyPark,
	KeyEnd, KeyScene, KeySceneNext, KeySceneRepeat, KeySceneSkip, KeySceneStop}

// TalkKeys are the keys by which agents steer a talk from their phones (SPEC
// PBX-4). The zero value has none: who is talked to hears the keys too, and on
// a call to a machine they may be meant for that.
type TalkKeys struct {
	// Standard has StandardKeys count for the acts that Codes does not name.
	Standard bool `json:"standard,omitempty" yaml:"standard"`
	// Codes are keys and what they do. None begins another one.
	Codes []TalkKey `json:"codes,omitempty" yaml:"codes"`
	// Timeout is how long the next key may take, 0 means 4 s.
	Timeout time.Duration `json:"timeout,omitempty" yaml:"timeout"`
}

// TalkKey is what some keys do, pressed one after the other.
type TalkKey struct {
	Keys string `json:"keys" yaml:"keys"`
	Does KeyAct `json:"does" yaml:"does"`
	// Scene is which one KeyScene begins.
	Scene string `json:"scene,omitempty" yaml:"scene"`
}

// StandardKeys are codes that no menu of a called party is likely to use.
var StandardKeys = []TalkKey{
	{Keys: "*1", Does: KeyHold}, {Keys: "*2", Does: KeyMute}, {Keys: "*3", Does: KeyConsult}, {Keys: "*4", Does: KeyTransfer},
	{Keys: "*5", Does: KeyComplete}, {Keys: "*6", Does: KeyMerge}, {Keys: "*0", Does: KeyCancel}, {Keys: "*7", Does: KeyPark},
	{Keys: "*9", Does: KeyEnd}, {Keys: "*#", Does: KeyConsent}, {Keys: "#1", Does: KeyQuery}, {Keys: "#2", Does: KeyPause},
	{Keys: "#3", Does: KeySceneNext}, {Keys: "#4", Does: KeySceneRepeat}, {Keys: "#6", Does: KeySceneSkip}, {Keys: "#0", Does: KeySceneStop},
}

const (
	// keyTimeout is how long the next key may take unless the document says.
	keyTimeout = 4 * time.Second
	// maxTyped is the longest number that is typed in a talk.
	maxTyped = 32
)

// All are the codes that count, in order: those of the document first.
func (t *TalkKeys) All() []TalkKey {
	all := slices.Clone(t.Codes)
	if t.Standard {
		for _, s := range StandardKeys {
			if !slices.ContainsFunc(t.Codes, func(k TalkKey) bool { return k.Does == s.Does }) {
				all = append(all, s)
			}
		}
	}
	return all
}

// typed is what an agent has pressed of an order so far.
type typed struct {
	Leg fact.LegID `json:"leg"`
	// Does is the act whose number is being typed, "" while Keys is the
	// beginning of a code.
	Does KeyAct `json:"does,omitempty"`
	Keys string `json:"keys,omitempty"`
	// Due is when the next key must have come.
	Due fact.Instant `json:"due"`
}

// What an agent hears after an order: nobody else does.
var (
	toneDone    = []media.Prompt{{Tone: "beep"}}
	toneRefused = []media.Prompt{{Tone: "beep"}, {Silence: toneGap}, {Tone: "beep"}, {Silence: toneGap}, {Tone: "beep"}}
)

const toneGap = 150 * time.Millisecond

// keyed takes up a key that an agent has pressed in a talk.
func (c *Center) keyed(k *contact, e call.Key) {
	if len(c.index.keys) == 0 {
		return
	}
	t := typed{Leg: e.Leg}
	if i := slices.IndexFunc(k.typed, func(o typed) bool { return o.Leg == e.Leg }); i >= 0 {
		t = k.typed[i]
		k.typed = slices.Delete(k.typed, i, i+1)
	}
	t.Due = c.now.At.Add(c.keyTimeout())
	if t.Does != "" {
		c.number(k, t, e)
		return
	}
	t.Keys += e.Key
	for _, code := range c.index.keys {
		switch {
		case code.Keys != t.Keys:
		case code.Does.number():
			k.typed = append(k.typed, typed{Leg: e.Leg, Does: code.Does, Due: t.Due})
			return
		default:
			c.order(k, e.Leg, code.Does, code.Scene)
			return
		}
	}
	if !c.begins(t.Keys) {
		// It was meant for who is talked to, but the last key may begin a code.
		t.Keys = e.Key
	}
	if c.begins(t.Keys) {
		k.typed = append(k.typed, t)
	}
}

// number takes up a key of the number that an order needs.
func (c *Center) number(k *contact, t typed, e call.Key) {
	switch {
	case e.Key == "#":
		c.order(k, t.Leg, t.Does, t.Keys)
	case e.Key == "*" || len(t.Keys) == maxTyped:
		c.obeyed(k, t.Leg, t.Does, fmt.Errorf("number: %w: want up to %d digits and #", ErrInvalid, maxTyped))
	default:
		t.Keys += e.Key
		k.typed = append(k.typed, t)
	}
}

// typedLate forgets what was not typed to the end in time.
func (c *Center) typedLate(k *contact) {
	late := slices.Clone(k.typed)
	k.typed = slices.DeleteFunc(k.typed, func(t typed) bool { return t.Due <= c.now.At })
	for _, t := range late {
		if t.Due <= c.now.At && t.Does != "" {
			c.obeyed(k, t.Leg, t.Does, fmt.Errorf("number: %w: the next key took longer than %v", ErrInvalid, c.keyTimeout()))
		}
	}
}

// number says whether an act needs a number.
func (a KeyAct) number() bool { return a == KeyConsult || a == KeyTransfer || a == KeyPark }

// begins says whether some keys begin a code.
func (c *Center) begins(keys string) bool {
	return slices.ContainsFunc(c.index.keys, func(code TalkKey) bool { return strings.HasPrefix(code.Keys, keys) })
}

func (c *Center) keyTimeout() time.Duration {
	if t := c.cfg.Keys.Timeout; t > 0 {
		return t
	}
	return keyTimeout
}

// order carries out what an agent's keys ask for, as if it were asked by REST.
// What is the number that was typed, or the scene.
func (c *Center) order(k *contact, leg fact.LegID, does KeyAct, what string) {
	op, err := c.orderOf(k, k.call.Leg(leg), does, what)
	if err == nil {
		err = c.operate(op, string(k.call.Leg(leg).Agent))
	}
	c.obeyed(k, leg, does, err)
}

// orderOf is the operation that keys at a leg stand for.
func (c *Center) orderOf(k *contact, by *call.Leg, does KeyAct, what string) (Operation, error) {
	id, agent := k.call.ID, by.Agent
	switch does {
	case KeyHold, KeyConsent:
		on := !k.call.Kept(by)
		return HoldCall{Call: id, Agent: agent, On: on, Consent: on && does == KeyConsent}, nil
	case KeyQuery:
		on := k.query == nil
		return QueryCall{Call: id, Agent: agent, On: on, Consent: on}, nil
	case KeyMute:
		return MuteCall{Call: id, Agent: agent, On: !by.Muted}, nil
	case KeyPause:
		if k.call.Masked(call.MaskOrder) {
			return ResumeRecording{Call: id}, nil
		}
		return PauseRecording{Call: id}, nil
	case KeyConsult:
		return ConsultCall{Call: id, Agent: agent, To: Target{Number: what}}, nil
	case KeyTransfer:
		return TransferCall{Call: id, Agent: agent, To: Target{Number: what}}, nil
	case KeyPark:
		slot := 0
		if what != "" {
			slot, _ = strconv.Atoi(what) // digits alone, and a slot that is none is refused
		}
		return ParkCall{Call: id, Agent: agent, Slot: slot, Announce: true}, nil
	case KeyEnd:
		return EndTalk{Call: id, Agent: agent}, nil
	case KeyScene:
		return StartScene{Call: id, Agent: agent, Scene: what}, nil
	case KeySceneNext, KeySceneRepeat, KeySceneSkip, KeySceneStop:
		return sceneOrder(k, agent, does)
	}
	if s := k.call.Side; s == nil || s.By != by.ID {
		return nil, fmt.Errorf("%s: call %s: %w: agent %s asks nobody", does, id, ErrConflict, agent)
	}
	switch does {
	case KeyComplete:
		return CompleteConsult{Call: id}, nil
	case KeyMerge:
		return MergeConsult{Call: id}, nil
	}
	return CancelConsult{Call: id}, nil
}

// sceneOrder is what an agent's keys ask of the scene that goes on: of the
// agent's own alone.
func sceneOrder(k *contact, agent fact.AgentID, does KeyAct) (Operation, error) {
	id := k.call.ID
	if k.scene.on() && k.scene.Agent != agent {
		return nil, fmt.Errorf("%s: call %s: %w: the scene is agent %s's", does, id, ErrConflict, k.scene.Agent)
	}
	switch does {
	case KeySceneNext:
		return NextStep{Call: id}, nil
	case KeySceneRepeat:
		return RepeatStep{Call: id}, nil
	case KeySceneSkip:
		return SkipStep{Call: id}, nil
	}
	return StopScene{Call: id}, nil
}

// obeyed lets an agent, and nobody else, hear what became of an order.
func (c *Center) obeyed(k *contact, leg fact.LegID, does KeyAct, err error) {
	e := fact.Event{Kind: fact.TalkKey, Call: k.call.ID, Leg: leg, Queue: k.call.Queue, Name: string(does)}
	if l := k.call.Leg(leg); l != nil {
		e.Agent = l.Agent
	}
	tone := toneDone
	if err != nil {
		tone, e.Reason = toneRefused, string(CodeOf(err))
	}
	c.emit(e)
	if err != nil || does != KeyConsult && k.call.Speech == nil { // who is called is heard to ring, and a scene to speak
		c.step(k, call.Notice{Leg: leg, Prompts: tone})
	}
}
