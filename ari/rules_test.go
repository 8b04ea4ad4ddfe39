package ari_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// The tests of this file hold the driver to the rules of the cookbook's
// section 0, on the fake Asterisk, which behaves as the real one was measured;
// real_rules_test.go does so on the real one where that shows anything.

// Rule 1: a request that makes a channel is answered before the channel can be
// commanded.
func TestRule1CreateWaitsForStasisStart(t *testing.T) {
	r := start(t, aritest.Options{StasisDelay: 60 * time.Millisecond})
	testCreateThenDial(r, 1)
	_, leg := r.talker()
	began := time.Now()
	r.must(media.Record{Recording: id[fact.RecordingID](r, "rec"), Leg: leg, Name: "a"}) // snoop, then record
	if took := time.Since(began); took < 2*60*time.Millisecond {
		t.Errorf("Record took %v with two channels that each take 60 ms", took)
	}
}

// testCreateThenDial creates and dials at once, so many times.
func testCreateThenDial(r *rig, times int) {
	p := r.World.Phone(mediatest.Behaviour{Then: mediatest.RingsOn})
	for range times {
		leg := id[fact.LegID](r, "leg")
		r.must(media.Create{Leg: leg, Endpoint: p.Endpoint()})
		r.must(media.Dial{Leg: leg, Limit: 10 * time.Second})
		p.Rung()
		r.must(media.Hangup{Leg: leg})
		await(r, func(e media.LegEnded) bool { return e.Leg == leg })
	}
}

// Rule 1, the other half: without its StasisStart a leg may or may not be there.
func TestRule1CreateWithoutStasisStartIsUnknown(t *testing.T) {
	r := start(t, aritest.Options{StasisDelay: time.Second})
	p := r.World.Phone(mediatest.Behaviour{})
	leg := id[fact.LegID](r, "leg")
	if err := r.doWithin(100*time.Millisecond, media.Create{Leg: leg, Endpoint: p.Endpoint()}); !errors.Is(err, media.ErrUnknown) {
		t.Errorf("Create: %v, want ErrUnknown", err)
	}
	r.eventually("the leg to live after all", func() bool { return r.do(media.Dial{Leg: leg, Limit: time.Second}) == nil })
}

// Rule 2: the last event of a leg that came by the dialplan is StasisEnd.
func TestRule2ForeignLegEndsAtStasisEnd(t *testing.T) {
	r := start(t, aritest.Options{})
	testForeignLegEnds(r)
	if n := r.server.Sent("ChannelDestroyed"); n != 0 {
		t.Errorf("the fake sent %d ChannelDestroyed, which the real one does not", n)
	}
}

func testForeignLegEnds(r *rig) {
	far, leg := r.talker()
	far.Hangup()
	if e := await(r, func(e media.LegEnded) bool { return e.Leg == leg }); !e.Far || e.Cause != 16 {
		r.Errorf("%+v: want the far end's doing, cause 16", e)
	}
	_, leg = r.caller()
	r.must(media.Hangup{Leg: leg, Cause: 17})
	if e := await(r, func(e media.LegEnded) bool { return e.Leg == leg }); e.Far || e.Cause != 17 {
		r.Errorf("%+v: want our doing, cause 17", e)
	}
	r.settle()
	if n := count(r, func(media.LegEnded) bool { return true }); n != 2 {
		r.Errorf("%d LegEnded of two legs", n)
	}
}

// Rule 2, the other half: ChannelDestroyed has the cause of a leg of ours; one
// that does not come is not waited for for ever.
func TestRule2OwnLegEndsWithItsCause(t *testing.T) {
	r := start(t, aritest.Options{})
	p := r.World.Phone(mediatest.Behaviour{Then: mediatest.Busy})
	leg := id[fact.LegID](r, "leg")
	r.must(media.Create{Leg: leg, Endpoint: p.Endpoint()})
	r.must(media.Dial{Leg: leg, Limit: time.Second})
	if e := await(r, func(e media.LegEnded) bool { return e.Leg == leg }); !e.Far || e.Cause != 17 {
		t.Errorf("%+v: want the phone's 486, cause 17", e)
	}
	_, leg = r.agent()
	channel := map[string]any{"id": fact.Native(leg), "name": "PJSIP/1-1", "state": "Up"}
	r.server.Emit(map[string]any{"type": "ChannelHangupRequest", "channel": channel, "cause": 16})
	r.server.Emit(map[string]any{"type": "StasisEnd", "channel": channel})
	if e := await(r, func(e media.LegEnded) bool { return e.Leg == leg }); e.Cause != 16 {
		t.Errorf("%+v: want cause 16", e)
	}
}

// Rule 3: tags and who hung up come with every event, by channelvars.
func TestRule3TagsComeWithEvents(t *testing.T) {
	r := start(t, aritest.Options{})
	testTagsComeWithEvents(r)
	for _, q := range r.server.Requests("variable") {
		if strings.HasPrefix(q, "GET ") {
			t.Errorf("a variable was asked for by itself: %s", q)
		}
	}
}

func testTagsComeWithEvents(r *rig) {
	_, leg := r.talker()
	tag := media.Tag{Call: "call/7", Role: media.RoleCaller, Queue: "销售", Priority: 2, Joined: 1790000000123}
	r.must(media.SetTag{Leg: leg, Tag: tag})
	r.must(media.Deflect{Leg: leg, To: media.ExitFallback})
	await(r, func(e media.LegLeft) bool { return e.Leg == leg })
	if e := await(r, func(e media.LegArrived) bool { return e.Leg == leg }); e.Tag == nil || *e.Tag != tag {
		r.Errorf("%+v came back, want the tag %+v", e, tag)
	}
	mend := r.World.Cut()
	await(r, func(media.Down) bool { return true })
	mend()
	up := await(r, func(media.Up) bool { return true })
	if len(up.Legs) != 1 || up.Legs[0].Tag == nil || *up.Legs[0].Tag != tag {
		r.Errorf("%+v: want one leg with the tag %+v", up.Legs, tag)
	}
	r.must(media.Hangup{Leg: leg})
	await(r, func(e media.LegEnded) bool { return e.Leg == leg })
}

// Rule 4: a leg with channel music, here by its other side's phone on hold, is
// without it when it comes into the next room.
func TestRule4NoChannelMusicInARoom(t *testing.T) {
	testNoChannelMusic(start(t, aritest.Options{}))
}

func testNoChannelMusic(r *rig) {
	caller, callerLeg := r.talker()
	agent, agentLeg := r.agent()
	r.join(callerLeg, agentLeg)
	agent.Hold()
	await(r, func(e media.LegHeld) bool { return e.Leg == agentLeg })
	caller.Hears(mediatest.Heard{Music: true})
	// The caller is moved on while the agent's phone holds.
	other, otherLeg := r.agent()
	other.Talk(true)
	r.join(callerLeg, otherLeg)
	caller.Hears(mediatest.Heard{Voices: []mediatest.Far{other}})
	for _, leg := range []fact.LegID{callerLeg, agentLeg, otherLeg} {
		r.must(media.Hangup{Leg: leg})
		await(r, func(e media.LegEnded) bool { return e.Leg == leg })
	}
}

// Rule 5: what is gone has been ended; who is gone cannot join.
func TestRule5GoneIsNoFault(t *testing.T) {
	r := start(t, aritest.Options{})
	far, leg := r.talker()
	far.Hangup()
	await(r, func(media.LegEnded) bool { return true })
	for _, cmd := range []media.Command{
		media.Hangup{Leg: leg}, media.StopPlay{Leg: leg, Play: id[fact.PlayID](r, "p")}, media.StopRecord{Leg: leg, Recording: id[fact.RecordingID](r, "r")},
	} {
		r.must(cmd)
	}
	// Asterisk's answers for a party that has gone while the request was on
	// its way.
	_, leg = r.talker()
	for _, answer := range []struct {
		status int
		body   string
	}{
		{http.StatusBadRequest, `{"message":"Channel not found"}`}, {http.StatusNotFound, `{"message":"Bridge not found"}`},
		{http.StatusConflict, `{"message":"Channel not in Stasis application"}`}, {http.StatusUnprocessableEntity, `{"message":"Channel not in Stasis application"}`},
	} {
		r.server.SetFault(func(q *http.Request) aritest.Fault {
			if strings.HasSuffix(q.URL.Path, "/addChannel") {
				return aritest.Fault{Status: answer.status, Body: answer.body}
			}
			return aritest.Fault{}
		})
		err := r.do(media.Join{Room: id[fact.RoomID](r, "room"), Legs: []fact.LegID{leg}})
		var e *ari.Error
		if !errors.Is(err, media.ErrNoLeg) || !errors.As(err, &e) || e.Status != answer.status || e.Message == "" {
			t.Errorf("Join answered %d: %v; want ErrNoLeg with Asterisk's words", answer.status, err)
		}
	}
	r.server.SetFault(nil)
	r.eventually("the empty rooms to be gone", func() bool { return len(r.server.Bridges()) == 0 })
}

// Rule 6: no text of anybody's reaches a recording's name.
func TestRule6RecordingNames(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.talker()
	for _, name := range []string{"/abs/../../x", "../x", "a/../../x", "a b", "a%2f..", "录音", ""} {
		err := r.do(media.Record{Recording: id[fact.RecordingID](r, "rec"), Leg: leg, Name: name})
		if !errors.Is(err, media.ErrInvalid) {
			t.Errorf("Record as %q: %v, want ErrInvalid", name, err)
		}
	}
	if asked := append(r.server.Requests("/record"), r.server.Requests("/snoop")...); len(asked) > 0 {
		t.Errorf("the switch was asked: %v", asked)
	}
	r.must(media.Record{Recording: id[fact.RecordingID](r, "rec"), Leg: leg, Name: "calls/2026/a-1"})
	await(r, func(media.RecordStarted) bool { return true })
	if got := r.server.Recordings(); len(got) != 2 || got[0] != "calls/2026/a-1-in" || got[1] != "calls/2026/a-1-out" {
		t.Errorf("recordings %v", got)
	}
}

// Rule 7: a playback whose end is never told ends all the same.
func TestRule7PlaybackThatVanishes(t *testing.T) {
	r := start(t, aritest.Options{}, func(c *ari.Config) { c.PlayCheck = 100 * time.Millisecond })
	_, leg := r.talker()
	play := id[fact.PlayID](r, "play")
	r.must(media.Play{Play: play, Leg: leg, Prompts: []media.Prompt{{File: "/p/" + aritest.Vanish}}})
	await(r, func(e media.PlayStarted) bool { return e.Play == play })
	if e := await(r, func(e media.PlayEnded) bool { return e.Play == play }); e.Result != media.PlayFailed {
		t.Errorf("%+v, want failed", e)
	}
	// One that is only long is left alone.
	long := id[fact.PlayID](r, "play")
	r.must(media.Play{Play: long, Leg: leg, Prompts: []media.Prompt{{Tone: "ring"}}})
	r.eventually("it to be asked for", func() bool { return len(r.server.Requests("GET /playbacks/"+fact.Native(long))) > 2 })
	if n := count(r, func(e media.PlayEnded) bool { return e.Play == long }); n != 0 {
		t.Error("a play that goes on was ended")
	}
}

// Rule 8: the event filter is set at each connect. A try to connect may fail at
// it, with "Application not found" so soon after a socket broke off, and be
// made again: what counts is that no connection stands without.
func TestRule8EventFilterAtEachConnect(t *testing.T) {
	r := start(t, aritest.Options{})
	set := 0
	filtered := func(connect string) {
		t.Helper()
		asked := len(r.server.Requests("PUT /applications/huawu/eventFilter"))
		if asked == set {
			t.Errorf("the %s connect did not set the filter", connect)
		}
		set = asked
		r.server.Emit(map[string]any{"type": "ChannelVarset", "variable": "x"})
		if r.server.Sent("ChannelVarset") != 0 {
			t.Errorf("ChannelVarset is not filtered after the %s connect", connect)
		}
	}
	filtered("first")
	r.server.DropSockets()
	await(r, func(media.Down) bool { return true })
	await(r, func(media.Up) bool { return true })
	filtered("second")
}

// A bridge with music that somebody has deleted, with legs in it or without, is
// made again for the next one, with its music; nobody is told that it went.
func TestMusicOfABridgeThatSomebodyDeleted(t *testing.T) {
	r := start(t, aritest.Options{})
	remove := func() {
		t.Helper()
		for _, b := range r.server.Bridges() {
			another(t, r.server, http.MethodDelete, "/bridges/"+b, "")
		}
	}
	far, leg := r.talker()
	for range 2 {
		r.must(media.Music{Leg: leg, On: true})
		far.Hears(mediatest.Heard{Music: true})
		r.must(media.Music{Leg: leg})
		far.Hears(mediatest.Heard{})
		remove()
	}
	r.must(media.Music{Leg: leg, On: true})
	far.Hears(mediatest.Heard{Music: true})
	remove()
	far.Hears(mediatest.Heard{})
	next, other := r.talker()
	r.must(media.Music{Leg: other, On: true})
	next.Hears(mediatest.Heard{Music: true})
}

// An answer to a REFER waits until Asterisk has put the request away, which it
// has not yet when it tells us of it.
func TestReferIsAnsweredWhenItIsHeld(t *testing.T) {
	r := start(t, aritest.Options{})
	far, leg := r.agent()
	far.Refer("905", nil)
	asked := await(r, func(e media.TransferAsked) bool { return e.Leg == leg })
	const reading, telling = "CHANNEL%28pjsip%2Ccall-id%29", "transfer_progress"
	r.server.SetFault(func(q *http.Request) aritest.Fault {
		if strings.Contains(q.URL.RawQuery, reading) {
			return aritest.Fault{Status: http.StatusInternalServerError, Body: "{}"}
		}
		return aritest.Fault{}
	})
	if err := r.do(media.AnswerTransfer{Transfer: asked.Transfer, Leg: leg}); err == nil {
		t.Error("it was answered although nobody knows whether Asterisk holds it")
	}
	if told := r.server.Requests(telling); len(told) > 0 {
		t.Errorf("%s was sent", told)
	}
	r.server.SetFault(nil)
	r.must(media.AnswerTransfer{Transfer: asked.Transfer, Leg: leg})
	r.must(media.RefuseTransfer{Transfer: asked.Transfer, Leg: leg})
	if far.Told() {
		t.Error("the phone was told that it may go")
	}
	if n := len(r.server.Requests(reading)); n != 2 {
		t.Errorf("read %d times, want once more after the fault", n)
	}
}

// A key that was pressed during a play and let go after it is passed on late:
// a play before that is over would have the others hear the key for good.
func TestPlayWaitsForAKeyToBePassedOn(t *testing.T) {
	r := start(t, aritest.Options{})
	_, caller := r.talker()
	_, agent := r.agent()
	r.join(caller, agent)
	press := func(lasted int) time.Time {
		r.server.Emit(map[string]any{
			"type": "ChannelDtmfReceived", "digit": "2", "duration_ms": lasted,
			"channel": map[string]any{"id": fact.Native(agent), "name": "PJSIP/1-1", "state": "Up"},
		})
		await(r, func(e media.Digit) bool { return e.Leg == agent })
		return time.Now()
	}
	beep := func() {
		play := id[fact.PlayID](r, "play")
		r.must(media.Play{Play: play, Leg: agent, Prompts: []media.Prompt{{Tone: "beep"}}})
		await(r, func(e media.PlayEnded) bool { return e.Play == play })
	}
	press(60_000) // nothing was played meanwhile: its beginning was heard
	beep()
	const lasted = 700
	let := press(lasted)
	press(50) // behind it
	beep()
	// Their time is counted from what the driver was told before we were.
	if d := time.Since(let); d < (lasted+100)*time.Millisecond {
		t.Errorf("the second play was over %v after a key of %d ms and another one", d, lasted)
	}
}
