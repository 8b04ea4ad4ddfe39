package sim

import (
	"strings"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// scenesEvery is in which of the sieges scenes go on: a centre that is restored
// reads all phrases.
const scenesEvery = 8

// phrased has a centre speak by a profile, with the audio of all that it may say;
// of one phrase it is not there.
func phrased(cfg *center.Config) error {
	on := true
	cfg.Phrases.Manner = phrase.Manner{Profile: "gov12345", AutoPlay: &on}
	all, err := phrase.Shipped()
	if err != nil {
		return err
	}
	for i, p := range center.ScenePrompts(all, cfg.Phrases) {
		path := "/prompts/said"
		if i == 1 {
			path = "/prompts/missing"
		}
		cfg.Prompts = append(cfg.Prompts, center.PromptFile{Key: p.Key(), Path: path})
	}
	return nil
}

// besiegedScenes are those that are begun, and two that there are not.
var besiegedScenes = []string{
	"silent_call", "harassment", "noise", "poor_signal", "wait", "system_fault", "closing", "no_answer_now", "agitated", "complaint_other_agent",
	"long_info", "asks_for_agent", "nowhere", "",
}

// besiegedWords are some that are said, and two that cannot be.
var besiegedWords = []string{"您好", "请稍等", "马上就好", "", "\a"}

// scene does something with the scene of any call, whatever becomes of it.
func (c *siege) scene() {
	calls := c.Center.View().Calls
	if len(calls) == 0 {
		return
	}
	call := calls[c.Rand.IntN(len(calls))].ID
	switch c.Rand.IntN(11) {
	case 0, 1, 2:
		_ = c.Ask(center.StartScene{Call: call, Scene: besiegedScenes[c.Rand.IntN(len(besiegedScenes))], Shown: c.Rand.IntN(3) == 0,
			Values: []center.PhraseValue{{Name: "callback_due", Value: "24h"}}, Hold: c.within(2 * time.Minute)})
	case 3:
		_ = c.Ask(center.SkipStep{Call: call})
	case 4:
		_ = c.Ask(center.RepeatStep{Call: call})
	case 5:
		_ = c.Ask(center.StopScene{Call: call})
	case 6, 7:
		_ = c.Ask(center.SayText{Call: call, Text: besiegedWords[c.Rand.IntN(len(besiegedWords))]})
	default:
		_ = c.Ask(center.NextStep{Call: call})
	}
}

// played is what was told of the scene of a call.
type played struct {
	on            bool
	said, waited  bool
	excused, last string
	// asked and began are words that somebody has both sides hear.
	asked, began bool
}

// performed holds what is told of scenes: each begins once and ends once, before
// its call; a hang-up is excused after a phrase and a pause, and by nothing else
// (PHR-6); the excuse is taken back unless the call ends by it.
func (c *siege) performed(e fact.Event) {
	p := c.scenes[e.Call]
	if p == nil {
		p = &played{}
		c.scenes[e.Call] = p
	}
	bad := func(what string) { c.t.Fatalf("%s: %+v after %+v", what, e, *p) }
	switch e.Kind {
	case fact.SceneBegan:
		if p.on {
			bad("a scene begins in a scene")
		}
		*p = played{on: true, asked: p.asked, began: p.began}
	case fact.SceneStep:
		if !p.on {
			bad("a scene goes on that is over")
		}
		silent := strings.HasSuffix(e.Name, "/silent_call") // whose last word needs no pause
		switch flow.How(e.Reason) {
		case flow.HowSaid, flow.HowPlayed:
			p.said, p.waited = true, silent
		case flow.HowShown, flow.HowPlaying:
			p.said, p.waited = false, false
		case flow.HowWaited:
			p.waited = p.said
		}
		p.last = e.Reason
	case fact.SceneExcused:
		if e.Reason != "" && !(p.said && p.waited) {
			bad("a hang-up is excused too early")
		}
		p.excused = e.Reason
	case fact.SceneEnded:
		if !p.on || e.To != "" && e.To != p.excused || e.Reason == string(flow.EndHungUp) && e.To == "" {
			bad("a scene ends as it cannot")
		}
		if e.To == "" && p.excused != "" {
			bad("a scene is over, and a hang-up excused")
		}
		p.on = false
	case fact.WordsAsked:
		if p.asked {
			bad("words are asked for twice at once")
		}
		p.asked = true
	case fact.WordsBegan:
		if !p.asked || p.began {
			bad("words begin that nobody has asked for")
		}
		p.began = true
	case fact.WordsEnded:
		if !p.asked || e.Reason == "done" && !p.began {
			bad("words end that are not said")
		}
		p.asked, p.began = false, false
	case fact.CallEnded:
		if p.on || p.asked {
			bad("a call is over, and its scene, or what is said in it, is not")
		}
		delete(c.scenes, e.Call)
	}
}
