//go:build asterisk

package crash

import (
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
)

const menuFlow = `  - id: crash-menu
    nodes:
      - id: ask
        menu: {prompts: [{file: ask}], timeout: 60s, keys: [{key: 1, next: chosen}], else: end}
      - id: chosen
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`

const menuNumber = "7101"

// enough of a prompt's tone shows that it was played, were it cut.
const enough = promptLength / 2

// inMenu is a caller whom a menu asks, or has asked, for a key.
type inMenu struct {
	desk
	caller *party
}

func (s *inMenu) Prepare(k *kill) {
	s.caller = k.dial(menuNumber)
	k.up(s.caller)
	k.check(k.hears(s.caller, askTone, patience), "the prompt is not heard")
	if k.dice.IntN(2) == 0 { // else the prompt is cut by the kill
		k.check(k.silent(s.caller, askTone), "the prompt does not end")
	}
}

func (s *inMenu) After(k *kill) {
	is := k.callStays(s.caller.from, center.CallInFlow)
	same(k, "the node", "crash-menu/ask", is.Node)
	k.check(s.caller.Alive(), "the caller was lost")
	k.check(k.sings(s.caller, askTone, promptLength-100*time.Millisecond, time.Since(k.at)), "the prompt does not begin again: %s", k.story(s.caller))
	pressed := time.Now()
	k.press(s.caller, "1")
	k.check(k.sings(s.caller, chosenTone, enough, time.Since(pressed)), "the key does not work: %s", k.story(s.caller))
	k.check(!k.over(s.caller).Here, "the flow does not end the call")
	same(k, "the reason", fact.ReasonFlowEnded, k.record(s.caller).Reason)
}

// keying is a caller who presses a menu's key in the very moment of the kill:
// it counts, or the menu asks again.
type keying struct {
	inMenu
	delay time.Duration
	keys  int
}

func (s *keying) Prepare(k *kill) {
	s.inMenu.Prepare(k)
	s.delay = k.upTo(edge)
}

func (s *keying) Edge(k *kill) {
	k.pause(s.delay)
	k.press(s.caller, "1")
}

func (s *keying) After(k *kill) {
	k.check(s.caller.Alive(), "the caller was lost")
	if is := k.after.call(s.caller.from); is.Node == "crash-menu/ask" {
		k.note("lost")
		k.press(s.caller, "1")
		s.keys++
	} else {
		k.note("heard")
		same(k, "the node", "crash-menu/chosen", is.Node)
		s.keys++
	}
	k.check(!k.over(s.caller).Here, "the flow does not end the call")
	same(k, "the reason", fact.ReasonFlowEnded, k.record(s.caller).Reason)
}

// silent waits until a far end does not hear a tone any more.
func (f *floor) silent(p *party, hertz float64) bool {
	return rig.Until(f.ctx, patience, "silence", func() (bool, error) { return p.Level(hertz, window) < faint, nil }) == nil
}

// sings says whether a far end comes to have heard a tone for at least so long
// since a time that is not longer ago than past.
func (f *floor) sings(p *party, hertz float64, atLeast, past time.Duration) bool {
	began := time.Now()
	return rig.Until(f.ctx, patience, "a tone", func() (bool, error) {
		var sung time.Duration
		const frame = tone.Rate / 50
		heard := p.Heard(past + time.Since(began))
		for ; len(heard) >= frame; heard = heard[frame:] {
			if tone.Level(heard[:frame], hertz) > loud {
				sung += time.Second / 50
			}
		}
		return sung >= atLeast, nil
	}) == nil
}

const signInFlow = `  - id: crash-sign-in
    nodes:
      - id: number
        gather: {variable: agent, max: 16, timeout: 30s, prompts: [{file: ask}], next: pin, else: end}
      - id: pin
        gather: {variable: pin, max: 16, sensitive: true, timeout: 60s, between: 30s, prompts: [{file: ask}], next: sign-in, else: end}
      - id: sign-in
        do: {verb: agent.sign-in, args: [agent, pin], ok: done, denied: end}
      - id: done
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`

// signingIn is an agent in the middle of typing the PIN: the agent number is
// remembered, the PIN is asked for anew.
type signingIn struct {
	desk
	phone *party
	// typed is how many keys were pressed that anybody may see.
	typed int
}

func (s *signingIn) Prepare(k *kill) {
	a := s.agents[0]
	c, err := a.phone.Dial("*11", phone.Ask{})
	k.must(err)
	s.phone = &party{Call: c, phone: a.phone, from: a.seat}
	k.up(s.phone)
	node := func(name string) {
		k.t.Helper()
		k.until("node "+name, func(v snapshot) bool { return v.call(s.phone.from).Node == "crash-sign-in/"+name })
	}
	node("number")
	number := string(a.id) + "#"
	k.press(s.phone, number)
	s.typed += len(number)
	node("pin")
	k.press(s.phone, pin[:2])
}

func (s *signingIn) After(k *kill) {
	a := s.agents[0]
	k.callStays(s.phone.from, center.CallInFlow)
	same(k, "the node", "crash-sign-in/pin", k.after.call(s.phone.from).Node)
	k.check(s.phone.Alive(), "the phone's call was lost")
	pressed := time.Now()
	k.press(s.phone, pin+"#")
	k.until("the agent to be signed in", func(v snapshot) bool {
		is := v.agent(a.id)
		return is.State == "NOT_READY" && is.Reason == "signed-in" && is.Endpoint == fact.Endpoint("PJSIP/"+a.seat)
	})
	k.check(k.sings(s.phone, chosenTone, enough, time.Since(pressed)), "the sign-in is not confirmed: %s", k.story(s.phone))
	k.over(s.phone)
	k.tell(a, "sign-out", nil)
	k.untilAgent(a, "OFFLINE")
}
