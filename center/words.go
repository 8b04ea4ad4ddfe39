package center

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

const (
	// wordsDeadline is how long an engine may take to speak words that only a
	// call knows.
	wordsDeadline = 20 * time.Second
	// maxWords is how many words are kept ready for one call.
	maxWords = 50
	// saidLease is how long a saying counts as heard whose end was never told:
	// phrase.MaxText takes about as long to be read out.
	saidLease = 2 * time.Minute
)

// SpeechQuestion asks for words that nobody knew before the call, spoken.
type SpeechQuestion struct {
	Text     string `json:"text"`
	Language string `json:"language"`
}

// Speech is where the switch finds them, without extension.
type Speech struct {
	Path string `json:"path"`
}

// words are some that a call may hear: asked for before their turn comes, so
// that nothing waits for an engine.
type words struct {
	SpeechQuestion
	// Look is what is asked, "" when it was answered; Path is "" until then, and
	// of words that no engine could speak.
	Look string `json:"look,omitempty"`
	Path string `json:"path,omitempty"`
}

// saying is what somebody has both sides of a talk hear, in words of their own.
type saying struct {
	SpeechQuestion
	By    string       `json:"by"`
	Agent fact.AgentID `json:"agent,omitempty"`
	// Token is the speech's, 0 while the words are not spoken yet. It is below 0:
	// those of scenes are above.
	Token int          `json:"token,omitempty"`
	Due   fact.Instant `json:"due,omitempty"` // when its end is given up
}

// aloud is what a call has to do with words of its own: those that it may hear,
// how many were asked for, what is being said and how often something was.
type aloud struct {
	Words   []words `json:"words,omitempty"`
	Asked   int     `json:"asked,omitempty"`
	Saying  *saying `json:"saying,omitempty"`
	Sayings int     `json:"sayings,omitempty"`
	Held    *held   `json:"held,omitempty"`
}

// ready is where some words of a call lie, "" while they cannot be heard. They
// are asked for then, unless they were; false says that they never can be.
func (c *Center) ready(k *contact, q SpeechQuestion) (path string, can bool) {
	for _, w := range k.aloud.Words {
		if w.SpeechQuestion == q {
			return w.Path, w.Path != "" || w.Look != ""
		}
	}
	if len(k.aloud.Words) >= maxWords {
		return "", false
	}
	k.aloud.Asked++
	w := words{SpeechQuestion: q, Look: string(k.call.ID) + "-w" + strconv.Itoa(k.aloud.Asked)}
	k.aloud.Words = append(k.aloud.Words, w)
	c.askWords(k, w)
	return "", true
}

func (c *Center) askWords(k *contact, w words) {
	c.looks[w.Look] = k.call.ID
	c.do(Look{Look: w.Look, Speech: &w.SpeechQuestion, Deadline: wordsDeadline})
}

// wordsAgain asks anew for what a process that died had asked for.
func (c *Center) wordsAgain(k *contact) {
	for _, w := range k.aloud.Words {
		if w.Look != "" {
			c.askWords(k, w)
		}
	}
}

// spoke is the answer to a question for words; false when it is another's.
func (c *Center) spoke(k *contact, in Looked) bool {
	for i := range k.aloud.Words {
		w := &k.aloud.Words[i]
		if w.Look != in.Look {
			continue
		}
		if w.Look = ""; in.OK && in.Speech != nil {
			w.Path = in.Speech.Path
		}
		if s := k.aloud.Saying; s != nil && s.Token == 0 && s.SpeechQuestion == w.SpeechQuestion {
			c.say(k, w.Path)
		}
		if h := k.aloud.Held; h != nil {
			c.playTo(k, h.Play, true)
			c.schedule(k)
		}
		return true
	}
	return false
}

// unword forgets the words of a call that nobody is to hear any more.
func (c *Center) unword(k *contact) {
	for _, w := range k.aloud.Words {
		delete(c.looks, w.Look)
	}
	k.aloud.Words, k.aloud.Held = nil, nil
}

// sayText has both sides of a talk hear words as soon as they are spoken.
func (c *Center) sayText(op SayText, by string) error {
	k, agent, err := c.talk("say", op.Call, op.Agent)
	if err != nil {
		return err
	}
	q := SpeechQuestion{Text: op.Text, Language: op.Language}
	if q.Language == "" {
		q.Language = flow.DefaultLanguage
	}
	switch err := phrase.Free(q.Text); {
	case err != nil:
		return fmt.Errorf("say: text: %w", ours(err))
	case q.Language != phrase.Mandarin && q.Language != phrase.English:
		return fmt.Errorf("say: language %.10q: %w: want zh or en", q.Language, ErrInvalid)
	case k.aloud.Saying != nil:
		return fmt.Errorf("say: call %s: %w: something is being said", op.Call, ErrConflict)
	case k.scene.on() && k.scene.session.Phase() == flow.PhaseSpeak:
		return fmt.Errorf("say: call %s: %w: a phrase of the scene %s is being said", op.Call, ErrConflict, k.scene.Flow.Scene.Key)
	}
	k.aloud.Saying = &saying{SpeechQuestion: q, By: by, Agent: agent.Agent, Due: c.now.At.Add(saidLease)}
	c.emit(k.said(fact.WordsAsked, ""))
	// What failed may be spoken now.
	k.aloud.Words = slices.DeleteFunc(k.aloud.Words, func(w words) bool { return w.SpeechQuestion == q && w.Look == "" && w.Path == "" })
	if path, can := c.ready(k, q); path != "" || !can {
		c.say(k, path)
	}
	c.schedule(k)
	return nil
}

// What becomes of what is said.
const (
	saidDone   = "done"
	saidFailed = "failed" // no engine speaks it, or it could not be heard
	saidTalk   = "talk"   // the talk was over first
	saidCut    = "cut"    // something else was said
	saidLate   = "late"   // its end was never told
)

// say lets the words be heard.
func (c *Center) say(k *contact, path string) {
	s := k.aloud.Saying
	switch {
	case path == "":
		c.saidOver(k, saidFailed)
	case k.scene.on() && k.scene.session.Phase() == flow.PhaseSpeak:
		c.saidOver(k, saidCut)
	default:
		k.aloud.Sayings++
		s.Token, s.Due = -k.aloud.Sayings, c.now.At.Add(saidLease)
		c.emit(k.said(fact.WordsBegan, ""))
		c.step(k, call.Speak{Token: s.Token, Prompts: []media.Prompt{{File: path}}})
	}
}

// heardOut takes up the end of a speech: of a scene's, or of words that somebody
// had said.
func (c *Center) heardOut(k *contact, e call.Spoken) {
	if e.Token >= 0 {
		c.perform(k, flow.PlayEnded{Token: e.Token, Failed: e.Failed})
	} else if s := k.aloud.Saying; s != nil && s.Token == e.Token {
		why := saidDone
		if e.Failed {
			why = saidFailed
		}
		c.saidOver(k, why)
	}
}

// watchSaying ends what is being said with the agent's part in the talk.
func (c *Center) watchSaying(k *contact) {
	s := k.aloud.Saying
	if s == nil {
		return
	}
	if _, agent := k.call.Sides(); k.call.Phase != call.InTalk || agent == nil || agent.Agent != s.Agent {
		c.saidOver(k, saidTalk)
	}
}

// saidOver is the end of what was being said.
func (c *Center) saidOver(k *contact, why string) {
	e := k.said(fact.WordsEnded, why)
	token := k.aloud.Saying.Token
	k.aloud.Saying = nil
	c.emit(e)
	if why == saidLate && token != 0 {
		c.step(k, call.Hush{Token: token})
	}
}

// said is an event of what is being said.
func (k *contact) said(kind fact.Kind, why string) fact.Event {
	s := k.aloud.Saying
	e := fact.Event{Kind: kind, Call: k.call.ID, Agent: s.Agent, Queue: k.call.Queue, Who: s.By, Reason: why}
	if kind == fact.WordsAsked {
		e.Note = s.Text
	}
	return e
}
