//go:build asterisk

package crash

import (
	"context"
	"database/sql"
	"path/filepath"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

// ways are callers on a way out of a line: who are to be called back, or leave
// a message.
func ways() []State {
	return []State{
		&promising{desk: desk{name: "promising", flows: promiseFlow("promising"), numbers: []center.Number{{Number: "7105", Flow: "crash-promising"}}}},
		&promising{desk: desk{name: "promised", flows: promiseFlow("promised"), numbers: []center.Number{{Number: "7106", Flow: "crash-promised"}}}, kept: true},
		&messaging{desk: desk{name: "messaging", flows: messageFlow, numbers: []center.Number{{Number: "7107", Flow: "crash-message"}}}},
	}
}

func promiseFlow(queue string) string {
	return `  - id: crash-` + queue + `
    nodes:
      - id: ask
        menu: {prompts: [{file: ask}], timeout: 60s, keys: [{key: 1, next: promise}], else: end}
      - id: promise
        callback: {queue: ` + queue + `, reason: asked, next: promised, failed: end, invalid: end}
      - id: promised
        menu: {prompts: [{file: chosen}], timeout: 60s, keys: [{key: 2, next: bye}], else: end}
      - id: bye
        play: {prompts: [{file: ask}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`
}

// promising is a caller who asks to be called back. With kept the store has the
// promise and the caller is told so, once more after the kill. Else the store is held fast, so that it
// has not, and every second of these callers hangs up while huawu is dead; or,
// at kills of an even number, the key is pressed in the moment of the kill. Each
// is owed exactly one callback.
type promising struct {
	desk
	kept   bool
	caller *party
	delay  time.Duration
	typed  int
	free   func() // lets the store go on
}

func (s *promising) Prepare(k *kill) {
	s.free = func() {}
	s.caller = k.dial(s.numbers[0].Number)
	k.check(k.hears(s.caller, askTone, patience), "the prompt is not heard")
	s.delay = k.upTo(edge)
	if s.kept {
		s.key(k)
		k.untilTold(s.caller, fact.CallbackAsked, 1)
	}
}

func (s *promising) key(k *kill) {
	k.t.Helper()
	k.press(s.caller, "1")
	s.typed++
}

// unstored says whether the store does not have the promise in the moment of
// the kill.
func (s *promising) unstored(k *kill) bool { return !s.kept && k.n%2 == 1 }

func (s *promising) Before(k *kill) {
	if !s.unstored(k) {
		return
	}
	s.free = k.holdStore()
	s.key(k)
	k.until("the promise to be asked for", func(v snapshot) bool { return s.at(v, "promise") })
}

func (s *promising) at(v snapshot, node string) bool {
	return v.call(s.caller.from).Node == "crash-"+s.name+"/"+node
}

func (s *promising) Edge(k *kill) {
	if !s.kept && !s.unstored(k) {
		k.pause(s.delay)
		k.press(s.caller, "1")
	}
}

func (s *promising) Away(k *kill) {
	s.free()
	if s.leaves(k) {
		s.caller.Hangup()
	}
}

func (s *promising) leaves(k *kill) bool { return s.unstored(k) && k.n%4 == 3 }

func (s *promising) After(k *kill) {
	if !s.kept && !s.unstored(k) {
		k.note("%s", k.after.call(s.caller.from).Node)
		if s.at(k.after, "ask") {
			k.press(s.caller, "1")
		}
		s.typed++
	}
	reason := fact.ReasonFlowEnded
	if s.leaves(k) {
		reason = fact.ReasonAway
	} else {
		k.check(s.caller.Alive(), "the caller was lost")
		k.check(k.sings(s.caller, chosenTone, enough, time.Since(k.at)), "the caller is not told: %s", k.story(s.caller))
		k.press(s.caller, "2")
		s.typed++
		k.check(!k.over(s.caller).Here, "the flow does not end the call")
	}
	same(k, "the reason", reason, k.record(s.caller).Reason)
	k.untilTold(s.caller, fact.CallbackAsked, 1)
	if all := k.owed(s.caller, 1); k.check(len(all) == 1, "owed is %+v", all) {
		same(k, "the queue", s.queue(), all[0].Queue)
		same(k, "what it comes from", callback.FromFlow, all[0].Source)
	}
	same(k, "how often it was promised", 1, k.feed.about(s.caller, fact.CallbackAsked))
}

// owed are the callbacks that a caller is owed, once there are so many.
func (f *floor) owed(p *party, many int) []callback.Callback {
	f.t.Helper()
	var page struct{ Callbacks []callback.Callback }
	f.must(rig.Until(f.ctx, patience, "what the caller from "+p.from+" is owed", func() (bool, error) {
		page.Callbacks = nil
		err := f.Get(f.ctx, "/api/v1/callbacks?state=open&number="+p.from, &page)
		return len(page.Callbacks) >= many, err
	}))
	return page.Callbacks
}

// holdStore keeps huawu's store from writing until it is let go. A command that
// is to be in the store waits meanwhile, nothing else.
func (f *floor) holdStore() (free func()) {
	f.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(f.Data(), "huawu.db")+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	f.must(err)
	tx, err := db.BeginTx(context.WithoutCancel(f.ctx), nil)
	f.must(err)
	return func() {
		f.must(tx.Rollback())
		f.must(db.Close())
	}
}

const messageFlow = `  - id: crash-message
    nodes:
      - id: message
        message: {queue: messaging, prompts: [{file: ask}], quiet: 30s, briefly: 500ms, retries: 0, next: thanks, short: end, failed: end}
      - id: thanks
        play: {prompts: [{file: chosen}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`

// messaging is a caller who leaves a message: what was said is kept. At kills of
// an odd number the caller hangs up while huawu is dead; who stays is asked
// again and says it once more.
type messaging struct {
	desk
	caller *party
	typed  int
}

func (s *messaging) Prepare(k *kill) {
	s.caller = k.dial("7107")
	s.speaks(k, 1)
}

// speaks waits for a message to be recorded, beside the recording of the call.
func (s *messaging) speaks(k *kill, message int) {
	k.t.Helper()
	k.untilTold(s.caller, fact.RecordStarted, 1+message)
	k.pause(1200 * time.Millisecond)
}

func (s *messaging) leaves(k *kill) bool { return k.n%2 == 1 }

func (s *messaging) Away(k *kill) {
	if s.leaves(k) {
		s.caller.Hangup()
	}
}

func (s *messaging) After(k *kill) {
	messages, reason := 1, fact.ReasonAway
	if !s.leaves(k) {
		messages, reason = 2, fact.ReasonFlowEnded
		same(k, "the node", "crash-message/message", k.callStays(s.caller.from, center.CallInFlow).Node)
		k.check(k.sings(s.caller, askTone, promptLength-100*time.Millisecond, time.Since(k.at)), "the prompt does not begin again: %s", k.story(s.caller))
		s.speaks(k, 2)
		pressed := time.Now()
		k.press(s.caller, "#")
		s.typed++
		k.check(k.sings(s.caller, chosenTone, enough, time.Since(pressed)), "the message does not end: %s", k.story(s.caller))
		k.check(!k.over(s.caller).Here, "the flow does not end the call")
	}
	same(k, "the reason", reason, k.record(s.caller).Reason)
	all := k.owed(s.caller, messages)
	same(k, "the messages", messages, len(all))
	for _, b := range all {
		same(k, "what it comes from", callback.FromMessage, b.Source)
		sound, err := readSound(filepath.Join(k.PBX.Recordings(), filepath.FromSlash(b.MessageFile)))
		_, sung := singing(sound.Samples, s.caller.phone.Tone())
		k.check(err == nil && b.MessageMs >= 1000 && sung >= time.Second, "%s holds %v of the caller in %v, the callback says %d ms: %v",
			b.MessageFile, sung, sound.Lasts(), b.MessageMs, err)
	}
	k.untilTold(s.caller, fact.CallbackAsked, messages)
	same(k, "how often it was told", messages, k.feed.about(s.caller, fact.CallbackAsked))
}
