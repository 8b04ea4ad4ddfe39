package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// Who calls outside and leaves again within 10 s has said why by a scene, or
// breaks RUL-OUT-10; a longer talk, and one that the customer ends, is no matter
// of it.
func TestNobodyIsLeftWithoutAReply(t *testing.T) {
	scene := fact.Event{Kind: fact.SceneBegan, Agent: "1", Name: "cm10086/target_absent"}
	for name, c := range map[string]struct {
		dir    fact.Direction
		scene  bool
		talk   time.Duration
		by     fact.Party
		how    string
		code   string
		want   []string
		counts fact.NormTally
	}{
		"at once":               {fact.Outbound, false, 9999 * time.Millisecond, fact.ByAgent, partedHangup, "", []string{"broken RUL-OUT-10 9999/10000"}, fact.NormTally{Broken: 1}},
		"by end":                {fact.Outbound, false, 3 * time.Second, fact.ByAgent, partedEnded, "", []string{"broken RUL-OUT-10 3000/10000"}, fact.NormTally{Broken: 1}},
		"with a scene":          {fact.Outbound, true, 3 * time.Second, fact.ByAgent, partedHangup, "", nil, fact.NormTally{Kept: 1, Measured: 1, Sum: 3000, Max: 3000}},
		"with an excuse":        {fact.Outbound, false, 3 * time.Second, fact.ByAgent, partedHangup, "silent_call", nil, fact.NormTally{Kept: 1, Measured: 1, Sum: 3000, Max: 3000}},
		"after a talk":          {fact.Outbound, false, 10 * time.Second, fact.ByAgent, partedHangup, "", nil, fact.NormTally{}},
		"the customer":          {fact.Outbound, false, 3 * time.Second, fact.ByCaller, partedHangup, "", nil, fact.NormTally{}},
		"given to somebody":     {fact.Outbound, false, 3 * time.Second, fact.ByAgent, "transferred", "", nil, fact.NormTally{}},
		"a call that came in":   {fact.Inbound, false, 3 * time.Second, fact.ByAgent, partedHangup, "", nil, fact.NormTally{}},
		"a scene of a long one": {fact.Outbound, true, time.Minute, fact.ByAgent, partedHangup, "", nil, fact.NormTally{Kept: 1, Measured: 1, Sum: 60_000, Max: 60_000}},
	} {
		t.Run(name, func(t *testing.T) {
			l := connected(t, c.dir, alone("RUL-OUT-10")...)
			if c.scene {
				l.tell(scene)
			}
			l.after(c.talk)
			l.parts(c.by, c.how, c.code)
			l.want(c.want...)
			if got := l.counted("RUL-OUT-10"); got != c.counts {
				t.Errorf("counted %+v, want %+v", got, c.counts)
			}
		})
	}
}

// Who has promised in a call to outside to call again is shown how to say so
// once more, and says it before leaving.
func TestAppointmentsAreConfirmed(t *testing.T) {
	promise := fact.Event{Kind: fact.CallbackAsked, Agent: "1"}
	said := func(key, how string) fact.Event {
		return fact.Event{Kind: fact.SceneStep, Agent: "1", To: key, Reason: how}
	}
	nudge := "nudge RUL-OUT-12 confirm 0/0"
	for name, c := range map[string]struct {
		dir  fact.Direction
		told []fact.Event
		by   fact.Party
		want []string
		kept int64
	}{
		"said":                   {fact.Outbound, []fact.Event{promise, said(phraseConfirm, howSaid)}, fact.ByAgent, []string{nudge}, 1},
		"forgotten":              {fact.Outbound, []fact.Event{promise}, fact.ByAgent, []string{nudge, "broken RUL-OUT-12 1/0"}, 0},
		"only shown":             {fact.Outbound, []fact.Event{promise, said(phraseConfirm, "shown")}, fact.ByAgent, []string{nudge, "broken RUL-OUT-12 1/0"}, 0},
		"something else said":    {fact.Outbound, []fact.Event{promise, said("closing.bye", howSaid)}, fact.ByAgent, []string{nudge, "broken RUL-OUT-12 1/0"}, 0},
		"the customer leaves":    {fact.Outbound, []fact.Event{promise}, fact.ByCaller, []string{nudge}, 0},
		"said before":            {fact.Outbound, []fact.Event{said(phraseConfirm, howSaid), promise}, fact.ByAgent, []string{nudge, "broken RUL-OUT-12 1/0"}, 0},
		"nothing promised":       {fact.Outbound, nil, fact.ByAgent, nil, 0},
		"of a call that came in": {fact.Inbound, []fact.Event{promise}, fact.ByAgent, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := connected(t, c.dir, alone("RUL-OUT-12")...)
			for _, e := range c.told {
				l.tell(e)
			}
			l.parts(c.by, partedHangup, "")
			l.want(c.want...)
			if got := l.counted("RUL-OUT-12"); got.Kept != c.kept {
				t.Errorf("counted %+v, want %d kept", got, c.kept)
			}
		})
	}
	l := connected(t, fact.Outbound, alone("RUL-OUT-12", "required", "false")...)
	l.tell(promise)
	l.parts(fact.ByAgent, partedHangup, "")
	l.want()
}
