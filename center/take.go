package center

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// takeDeadline is how long it may take to convert what was said, or to put it
// into effect; the script waits for flow.DoLimit.
const takeDeadline = 20 * time.Second

// TakeQuestion asks for a take: what somebody has said on a phone for a phrase.
type TakeQuestion struct {
	// Agent is who spoke, Phrase the number of the phrase. Own says that it is
	// to be the agent's own, not the tenant's.
	Agent  fact.AgentID `json:"agent"`
	Phrase string       `json:"phrase"`
	Own    bool         `json:"own,omitempty"`
	// File is what was recorded, in the folder of the switch's recordings.
	Switch string `json:"switch"`
	File   string `json:"file"`
	// Save makes it the recording of the phrase; before, it is only made
	// ready to be heard again.
	Save bool `json:"save,omitempty"`
}

// Voice is whose voice the take is in: the agent's who spoke, or "" for the
// tenant's.
func (q TakeQuestion) Voice() fact.AgentID {
	if q.Own {
		return q.Agent
	}
	return ""
}

// Taken is a take that is ready: where the switch finds it, without extension.
type Taken struct {
	Path string `json:"path"`
}

// taking is the take of a call.
type taking struct {
	Question TakeQuestion `json:"question"`
	// Look is what is asked, "" for nothing; Token the script's that waits.
	Look  string `json:"look,omitempty"`
	Token int    `json:"token,omitempty"`
	Path  string `json:"path,omitempty"`
}

// mayRecord says whether who has dialled may record phrases: of their own who is
// signed in at the phone, the tenant's a supervisor alone.
func (c *Center) mayRecord(k *contact, own bool) bool {
	id, _ := c.acd.At(k.call.First().Endpoint)
	return id != "" && (own || c.index.supervisors[id])
}

// take has what was said made ready to be heard again.
func (c *Center) take(k *contact, m message, file string) {
	id, _ := c.acd.At(k.call.First().Endpoint)
	k.taking = &taking{Token: m.Token, Question: TakeQuestion{Agent: id, Phrase: m.Phrase, Own: m.Own, Switch: fact.SwitchOf(k.call.First().ID), File: file}}
	c.askTake(k)
}

// keepTake has the call's take become the recording of its phrase; false when
// there is none.
func (c *Center) keepTake(k *contact, token int) bool {
	if k.taking == nil || k.taking.Path == "" || !c.mayRecord(k, k.taking.Question.Own) {
		return false
	}
	k.taking.Token, k.taking.Question.Save = token, true
	c.askTake(k)
	return true
}

func (c *Center) askTake(k *contact) {
	t := k.taking
	t.Look = string(k.call.ID) + "-t" + strconv.Itoa(t.Token)
	c.looks[t.Look] = k.call.ID
	question := t.Question
	c.do(Look{Look: t.Look, Take: &question, Deadline: takeDeadline})
}

// took is the answer.
func (c *Center) took(k *contact, in Looked) {
	t := k.taking
	token := t.Token
	t.Look, t.Token = "", 0
	outcome := flow.OutcomeDone
	switch {
	case t.Question.Save && !in.OK:
		outcome = flow.OutcomeDenied
	case !in.OK || in.Take == nil:
		outcome, t.Path = flow.OutcomeFailed, ""
	default:
		t.Path = in.Take.Path
	}
	c.script(k, flow.Returned{Token: token, Outcome: outcome})
}
