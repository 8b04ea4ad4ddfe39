package center

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// ruleSurvey is the evaluation after the call.
const ruleSurvey = "RUL-END-3"

// alertWorst says that a caller has given the worst rating.
const alertWorst = "worst-rating"

// spares are the codes of RUL-END-2 after which nobody is asked: there was no
// talk, or it is better not to.
var spares = []string{
	"silent_call", "inaudible", "noise", "poor_signal", "abuse", "insult", "unrelated", "harassment", "private_request", "no_answer",
}

// spared says whether a caller whose talk ended by a code is not to be asked.
func spared(code string) bool { return slices.Contains(spares, code) }

// unasked says that a caller is not to be asked for a rating: a misuse was noted
// against the number in this call, or the agent was excused by such a code.
func (k *contact) unasked() bool { return k.misused || spared(k.call.Excuse) }

// surveyed keeps that a caller was asked for a rating of the talk, and the
// answer. Of two answers in one call the last counts.
func (c *Center) surveyed(k *contact, a flow.Survey) {
	now := c.now.Wall().UnixMilli()
	s := fact.Survey{Queue: k.call.Queue, Agent: k.call.Agent, Asked: now, Of: a.Of}
	if a.Score == 0 {
		switch {
		case k.survey == nil:
			k.survey = &s
		case k.survey.Score > 0:
			again := *k.survey // a view may have this one
			again.Asked = now
			k.survey = &again
		default:
			return // the node was entered again
		}
		c.emit(fact.Event{Kind: fact.SurveyAsked, Call: k.call.ID, Queue: s.Queue, Agent: s.Agent})
		return
	}
	if k.survey != nil {
		s.Asked = k.survey.Asked
	}
	s.Score, s.Name, s.Answered = a.Score, a.Name, now
	k.survey = &s
	c.emit(fact.Event{Kind: fact.SurveyAnswered, Call: k.call.ID, Queue: s.Queue, Agent: s.Agent, Score: int64(s.Score), Name: s.Name,
		Millis: s.Answered - s.Asked})
	if s.Score == s.Of {
		c.alert(fact.Event{Kind: fact.AlertLeader, Call: k.call.ID, Queue: s.Queue, Agent: s.Agent, Name: ruleSurvey, Reason: alertWorst,
			To: s.Name, Score: int64(s.Score)})
	}
}
