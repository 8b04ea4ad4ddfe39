package flow

import (
	"slices"
	"strings"

	"github.com/huawu/huawu/scripts/phrase"
)

// Accepts says whether an input fits what the scene waits for.
func (s *Session) Accepts(in Input) bool {
	switch in.(type) {
	case Next:
		return slices.Contains([]Phase{PhaseAsk, PhaseShow, PhaseOffer, PhaseExcuse}, s.s.Phase)
	case Skip:
		return slices.Contains([]Phase{PhaseAsk, PhaseShow, PhaseSpeak, PhaseOffer, PhaseExcuse}, s.s.Phase)
	case Again:
		return s.s.Last != "" && slices.Contains([]Phase{PhaseAsk, PhaseShow, PhaseSpeak, PhasePause, PhaseOffer, PhaseExcuse}, s.s.Phase)
	}
	return !s.Over()
}

// Phase is what the session waits for.
func (s *Session) Phase() Phase { return s.s.Phase }

// Deed is the token of the action that is being done, 0 for none.
func (s *Session) Deed() int {
	if s.s.Phase != PhaseAct {
		return 0
	}
	return s.s.Await
}

// Line is the wording that the present cue says, "" for none.
func (s *Session) Line() string {
	q := s.flow.Cue(s.s.Node)
	if q == nil || s.s.Line >= len(q.Say) {
		return ""
	}
	return q.Say[s.s.Line].Key
}

// Offers says whether the present cue says a phrase.
func (s *Session) Offers(key string) bool {
	q := s.flow.Cue(s.s.Node)
	return q != nil && slices.ContainsFunc(q.Say, func(l Line) bool { return l.Key == key })
}

// stepped takes up what only scenes are told.
func (s *Session) stepped(in Input) {
	q := s.flow.Cue(s.s.Node)
	if q == nil || !s.Accepts(in) || s.env.Stage == nil {
		return
	}
	switch in := in.(type) {
	case Next:
		s.follow(s.ticked(q, in.Line))
	case Skip:
		s.hushed()
		s.excuse("")
		s.cued(q, HowSkipped)
		s.follow(s.passed(q))
	case Again:
		s.hushed()
		s.excuse("")
		line := s.s.LastLine
		q = s.flow.Cue(s.s.Last)
		s.at(q)
		s.s.Line = line
		s.follow(s.perform(q))
	case Stop:
		s.hushed()
		s.follow(s.finish(EndStopped, ""))
	}
}

// hushed ends what the system says.
func (s *Session) hushed() {
	if s.s.Phase == PhaseSpeak {
		s.do(StopPlay{Token: s.s.Await})
		s.s.Await, s.s.Due = 0, 0
	}
}

// overheard is a word of the caller's.
func (s *Session) overheard() {
	if s.flow.Scene.Silent && !s.Over() && s.s.Phase != PhaseNew {
		s.hushed()
		s.follow(s.finish(EndSpoke, ""))
	}
}

// at brings the session to a cue.
func (s *Session) at(q *Cue) {
	s.s.Node, s.s.Line, s.s.Await, s.s.Due = q.ID, 0, 0, 0
}

// cue enters a cue: it is passed over, asked about, or its turn comes.
func (s *Session) cue(q *Cue) (string, bool) {
	if s.env.Stage == nil {
		return s.finish(EndStopped, "") // nobody plays it
	}
	s.at(q)
	if q.belongs() && s.s.Passed {
		s.cued(q, HowPassed)
		return s.passed(q)
	}
	holding, known := s.holds(q.When)
	if known && holding {
		holding, known = s.pick(q)
	}
	switch {
	case known && holding:
		return s.perform(q)
	case known || !s.env.Stage.Led:
		s.cued(q, HowPassed)
		return s.passed(q)
	case len(q.Say) > 0 && len(s.prompts(q)) == 0:
		s.s.Phase = PhaseShow // who shows it to the agent asks as well
		s.cued(q, HowShown)
		return "", false
	case q.Do != "" && q.Do != phrase.ActHangup:
		s.s.Phase = PhaseOffer
		s.cued(q, HowOffered)
		return "", false
	}
	s.s.Phase = PhaseAsk
	s.cued(q, HowAsked)
	return "", false
}

// pick takes one of several wordings: the first whose condition holds, else
// the first that needs none. Where the agent may know of one, it is asked.
func (s *Session) pick(q *Cue) (holding, known bool) {
	if len(q.Say) == 0 {
		return true, true
	}
	plain, open := -1, -1
	for i, line := range q.Say {
		if line.When == "" {
			if plain < 0 {
				plain = i
			}
			continue
		}
		switch holds, told := s.holds(line.When); {
		case holds && told:
			s.s.Line = i
			return true, true
		case !told && open < 0:
			open = i
		}
	}
	switch {
	case plain >= 0:
		s.s.Line = plain
		return true, true
	case open >= 0:
		s.s.Line = open
		return false, false
	}
	return false, true
}

// holds says whether a condition holds, and whether that is known: one that is
// named like a wording holds when that was said.
func (s *Session) holds(when string) (holding, known bool) {
	switch {
	case slices.Contains(s.s.Chosen, when):
		return true, true
	case slices.Contains(s.s.Spurned, when):
		return false, true
	}
	return s.env.Stage.Holds(when)
}

// prompts are what the system says at a cue.
func (s *Session) prompts(q *Cue) []Prompt {
	if line := q.Say[s.s.Line]; !line.Listed {
		return s.env.Stage.Speaks(line)
	}
	return nil
}

// perform is a cue whose turn has come.
func (s *Session) perform(q *Cue) (string, bool) {
	switch {
	case len(q.Say) > 0:
		return s.utter(q)
	case q.Wait > 0:
		s.s.Phase, s.s.Due = PhasePause, s.now.At.Add(q.Wait)
		return "", false
	case q.Do == phrase.ActHangup:
		return s.hangUp(q)
	case s.s.Passed || !slices.Contains(byItself, q.Do):
		if !s.env.Stage.Led {
			s.cued(q, HowPassed)
			return s.onward(q)
		}
		s.s.Phase = PhaseOffer
		s.cued(q, HowOffered)
		return "", false
	}
	return s.act(q)
}

// byItself are the actions that nobody needs to tick off: they follow from what
// was said.
var byItself = []string{
	phrase.ActCallback, phrase.ActSchedule, phrase.ActReschedule, phrase.ActNotify, phrase.ActSuspendAlarm,
}

// utter has the system say a phrase, or shows it to the agent.
func (s *Session) utter(q *Cue) (string, bool) {
	prompts := s.prompts(q)
	switch {
	case len(prompts) > 0:
		s.s.Phase, s.s.Await = PhaseSpeak, s.mint()
		s.s.Due = s.now.At.Add(s.flow.playLimit())
		s.cued(q, HowPlaying)
		s.do(Play{Token: s.s.Await, Prompts: prompts, Language: s.flow.language()})
		return "", false
	case s.env.Stage.Led:
		s.s.Phase = PhaseShow
		s.cued(q, HowShown)
		return "", false
	}
	s.cued(q, HowUnplayed)
	return s.passed(q)
}

// uttered is the end of what the system said. What could not be heard is shown
// to the agent: it must be said.
func (s *Session) uttered(failed bool) (string, bool) {
	q := s.flow.Cue(s.s.Node)
	s.s.Await, s.s.Due = 0, 0
	if !failed {
		return s.said(q, HowPlayed)
	}
	s.cued(q, HowUnplayed)
	if s.env.Stage == nil || !s.env.Stage.Led {
		return s.passed(q)
	}
	s.s.Phase = PhaseShow
	s.cued(q, HowShown)
	return "", false
}

// ticked is the agent's word that a cue was said, may be or is to be done.
func (s *Session) ticked(q *Cue, line string) (string, bool) {
	if i := slices.IndexFunc(q.Say, func(l Line) bool { return l.Key == line }); i >= 0 {
		s.s.Line = i
	}
	switch s.s.Phase {
	case PhaseShow:
		return s.said(q, HowSaid)
	case PhaseAsk:
		return s.perform(q)
	case PhaseExcuse:
		return s.finish(EndHungUp, q.Code)
	}
	return s.act(q)
}

// said goes on after a phrase.
func (s *Session) said(q *Cue, how How) (string, bool) {
	s.s.Last, s.s.LastLine = q.ID, s.s.Line
	s.s.Passed, s.s.Spoken = false, how == HowPlayed
	for i, line := range q.Say {
		if of := &s.s.Spurned; len(q.Say) > 1 {
			if i == s.s.Line {
				of = &s.s.Chosen
			}
			*of = append(*of, line.Key[strings.LastIndexByte(line.Key, '.')+1:])
		}
	}
	s.cued(q, how)
	return s.onward(q)
}

// passed goes on after a cue that was not said or done.
func (s *Session) passed(q *Cue) (string, bool) {
	if len(q.Say) > 0 {
		s.s.Passed = true
	}
	return s.onward(q)
}

// act asks for an action.
func (s *Session) act(q *Cue) (string, bool) {
	s.s.Phase, s.s.Await, s.s.Due = PhaseAct, s.mint(), 0
	s.cued(q, HowDoing)
	s.do(Act{Token: s.s.Await, Cue: q.ID})
	return "", false
}

// acted is what came of an action. One that came to nothing may be asked for
// again, or skipped.
func (s *Session) acted(o Outcome) (string, bool) {
	q := s.flow.Cue(s.s.Node)
	s.s.Await = 0
	if o == OutcomeDone || o == OutcomePending {
		how := HowDone
		if o == OutcomePending {
			how = HowPending
		}
		s.cued(q, how)
		return s.onward(q)
	}
	s.cued(q, HowFailed)
	if s.env.Stage == nil || !s.env.Stage.Led {
		return s.onward(q)
	}
	s.s.Phase = PhaseOffer
	return "", false
}

// hangUp is where hanging up is excused: by huawu if it has said what comes
// before and may, else by the agent (PHR-6).
func (s *Session) hangUp(q *Cue) (string, bool) {
	s.excuse(q.Code)
	if q.System && s.s.Spoken || !s.env.Stage.Led {
		s.cued(q, HowHungUp)
		return s.finish(EndHungUp, q.Code)
	}
	s.s.Phase = PhaseExcuse
	s.cued(q, HowExcused)
	return "", false
}

// excuse tells when hanging up begins or ceases to be excused.
func (s *Session) excuse(code string) {
	if code == s.s.Excuse {
		return
	}
	s.s.Excuse = code
	s.do(Excuse{Code: code})
}

// paused is the end of a pause.
func (s *Session) paused() (string, bool) {
	q := s.flow.Cue(s.s.Node)
	s.s.Due = 0
	s.cued(q, HowWaited)
	return s.onward(q)
}

// onward goes on behind a cue: behind the last one is the end.
func (s *Session) onward(q *Cue) (string, bool) {
	if q.Next == "" {
		return s.finish(EndDone, "")
	}
	return q.Next, true
}

func (s *Session) finish(why End, code string) (string, bool) {
	if why != EndHungUp {
		s.excuse("")
	}
	s.s.Phase, s.s.Await, s.s.Due = PhaseOver, 0, 0
	s.do(Finished{Why: why, Code: code})
	return "", false
}

// cued tells what has become of a cue.
func (s *Session) cued(q *Cue, how How) {
	e := Cued{Cue: q.ID, How: how}
	if s.s.Line < len(q.Say) {
		e.Line = q.Say[s.s.Line].Key
	}
	s.do(e)
}

// sceneStart enters the present cue again after a restart of the controller:
// what the system was saying is said anew, all else goes on.
func (s *Session) sceneStart() {
	switch s.s.Phase {
	case PhaseNew:
		if len(s.flow.Scene.Cues) == 0 {
			s.follow(s.finish(EndDone, ""))
			return
		}
		s.follow(s.flow.Scene.Cues[0].ID, true)
	case PhaseSpeak:
		if q := s.flow.Cue(s.s.Node); q != nil && s.env.Stage != nil {
			s.do(StopPlay{Token: s.s.Await})
			s.follow(s.utter(q))
		}
	}
}
