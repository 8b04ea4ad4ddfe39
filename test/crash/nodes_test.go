//go:build asterisk

package crash

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/test/phone"
)

// nodes are callers in the middle of what flows do besides.
func nodes() []State {
	return []State{
		&rating{desk: desk{name: "rating", flows: ratingFlow, numbers: []center.Number{{Number: "7111", Flow: "crash-rating"}}}},
		&lookingUp{desk: desk{name: "looking-up", flows: lookingUpFlow(), numbers: []center.Number{{Number: "7112", Flow: "crash-looking-up"}}}},
		&spokenTo{desk: desk{name: "spoken-to", flows: spokenToFlow, numbers: []center.Number{{Number: "7113", Flow: "crash-spoken-to"}}}},
		&givenAway{talking: talking{desk: desk{name: "given-away", seats: 1, flows: givenAwayFlow, numbers: []center.Number{{Number: "7114", Flow: "crash-given-away"}}}}},
	}
}

const ratingFlow = `  - id: crash-rating
    nodes:
      - id: in
        subflow: {flow: crash-rate, results: [{on: rated, next: thanks}], next: end}
      - id: thanks
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
  - id: crash-rate
    nodes:
      - id: rate
        survey: {prompts: [{file: ask}], timeout: 60s, next: rated, else: lost}
      - {id: rated, return: {result: rated}}
      - {id: lost, return: {}}
`

// rating is a caller who is asked for a rating, in a subflow: it is there still,
// asks again, is counted once, and returns.
type rating struct {
	desk
	caller *party
	typed  int
}

func (s *rating) Prepare(k *kill) {
	s.caller = k.dial(s.numbers[0].Number)
	k.check(k.hears(s.caller, askTone, patience), "the caller is not asked")
}

func (s *rating) After(k *kill) {
	is := k.callStays(s.caller.from, center.CallInFlow)
	same(k, "the node", "crash-rate/rate", is.Node)
	k.check(k.sings(s.caller, askTone, promptLength-100*time.Millisecond, time.Since(k.at)), "the caller is not asked again: %s", k.story(s.caller))
	pressed := time.Now()
	k.press(s.caller, "2")
	s.typed++
	k.check(k.sings(s.caller, chosenTone, enough, time.Since(pressed)), "the subflow does not return: %s", k.story(s.caller))
	k.check(!k.over(s.caller).Here, "the flow does not end the call")
	if v := k.record(s.caller).Survey; k.check(v != nil, "the rating is lost") {
		same(k, "the rating", 2, v.Score)
	}
	k.untilTold(s.caller, fact.SurveyAnswered, 1)
	same(k, "how often the caller was asked, in figures", 1, k.feed.about(s.caller, fact.SurveyAsked))
}

// slow is another system that answers only who asks again: the first time it
// waits until nobody asks any more.
type slow struct {
	mu    sync.Mutex
	asked map[string]int
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	first := s.asked[r.URL.Path] == 1
	s.mu.Unlock()
	if first {
		<-r.Context().Done()
		return
	}
	fmt.Fprint(w, `{"state": "found"}`)
}

func (s *slow) times(number string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked["/"+number]
}

var (
	slowly = &slow{asked: map[string]int{}}
	crm    = httptest.NewServer(slowly)
)

func lookingUpFlow() string {
	return `  - id: crash-looking-up
    nodes:
      - id: look
        lookup: {url: "` + crm.URL + `/{caller_number}", timeout: 10s, comfort: [{file: ask}], results: [{variable: state, field: state}], next: which, else: end}
      - id: which
        branch: {cases: [{if: 'state == "found"', next: found}], else: end}
      - id: found
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`
}

// lookingUp is a caller for whom another system is asked: it is asked again, and
// answers.
type lookingUp struct {
	desk
	caller *party
}

func (s *lookingUp) Prepare(k *kill) {
	s.caller = k.dial(s.numbers[0].Number)
	k.check(k.hears(s.caller, askTone, patience), "no word of comfort is heard")
	k.until("the other system to be asked", func(snapshot) bool { return slowly.times(s.caller.from) == 1 })
}

func (s *lookingUp) After(k *kill) {
	k.check(s.caller.Alive(), "the caller was lost")
	k.check(k.sings(s.caller, chosenTone, enough, time.Since(k.at)), "the answer does not come: %s", k.story(s.caller))
	k.check(!k.over(s.caller).Here, "the flow does not end the call")
	same(k, "how often the other system was asked", 2, slowly.times(s.caller.from))
}

const spokenToFlow = `  - id: crash-spoken-to
    nodes:
      - id: check
        scene: {key: silent_call, spoke: spoke, next: end, else: end}
      - id: spoke
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`

// spokenTo is a caller who says nothing, to whom a flow's scene speaks in the
// moment of the kill: the phrase is said anew, and the caller is listened to.
type spokenTo struct {
	desk
	caller *party
}

func (s *spokenTo) Prepare(k *kill) {
	s.caller = k.caller()
	c, err := s.caller.phone.Dial(s.numbers[0].Number, phone.Ask{})
	k.must(err)
	s.caller.Call = c
	k.until("the scene to speak", func(v snapshot) bool { return phaseOf(v, s.caller) == flow.PhaseSpeak })
}

func (s *spokenTo) After(k *kill) {
	is := k.callStays(s.caller.from, center.CallInFlow)
	same(k, "the node", "crash-spoken-to/check", is.Node)
	k.until("the phrase to be said anew", func(v snapshot) bool { return phaseOf(v, s.caller) == flow.PhasePause })
	spoke := time.Now()
	s.caller.Talk(true)
	k.check(k.sings(s.caller, chosenTone, enough, time.Since(spoke)), "the caller is not heard: %s", k.story(s.caller))
	k.check(!k.over(s.caller).Here, "the flow does not end the call")
	same(k, "the reason", fact.ReasonFlowEnded, k.record(s.caller).Reason)
}

const givenAwayFlow = `  - id: crash-given-away
    nodes:
      - id: whom
        gather: {variable: whom, max: 4, timeout: 30s, prompts: [{file: ask}], next: give, else: end}
      - id: give
        transfer: {agent: whom, next: after, else: end}
      - id: after
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`

// givenAway is a caller whom a flow has given to one agent, through all kills: in
// the end the agent hangs up, and the caller goes on in the flow.
type givenAway struct {
	talking
	typed int
}

func (s *givenAway) Begin(f *floor) {
	a := s.agents[0]
	f.signIn(a)
	a.phone.Behave(phone.AnswerAfter(0))
	s.caller = f.dial(s.numbers[0].Number)
	f.up(s.caller)
	f.press(s.caller, string(a.id))
	s.typed += len(a.id)
	s.called = f.rung(a)
	if !f.together(s.caller, s.called) {
		f.must(fmt.Errorf("they do not talk"))
	}
	f.untilCall(s.caller, center.CallTalking)
}

func (s *givenAway) End(f *floor) {
	f.undisturbed(s.caller)
	ended := time.Now()
	s.called.Hangup()
	if !f.sings(s.caller, chosenTone, enough, time.Since(ended)) {
		f.t.Errorf("the caller does not go on: %s", f.story(s.caller))
	}
	f.over(s.caller)
	f.untilAgent(s.agents[0], "READY")
	if r := f.record(s.caller); r.Agent != s.agents[0].id || r.Offers != 0 || r.Reason != fact.ReasonCompleted {
		f.t.Errorf("the record is %+v", r)
	}
}
