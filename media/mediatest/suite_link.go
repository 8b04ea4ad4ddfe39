package mediatest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// reconnect cuts the connection, mends it at once and returns the next Up.
func (x *trial) reconnect() media.Up {
	x.Helper()
	mend := x.w.Cut()
	x.down(x.b.patience())
	mend()
	return x.up()
}

func (x *trial) down(within time.Duration) {
	x.Helper()
	expectWithin(x, within, func(media.Down) bool { return true })
}

// up waits for Up; a driver may wait between two tries to connect.
func (x *trial) up() media.Up {
	x.Helper()
	e, _ := expectWithin(x, 2*x.b.patience(), func(media.Up) bool { return true })
	return e
}

// listed is what Up says of a leg.
func (x *trial) listed(up media.Up, leg fact.LegID) (media.LegInfo, bool) {
	i := slices.IndexFunc(up.Legs, func(l media.LegInfo) bool { return l.Leg == leg })
	if i < 0 {
		return media.LegInfo{}, false
	}
	return up.Legs[i], true
}

// lists checks that Up has a leg in a state.
func (x *trial) lists(up media.Up, leg fact.LegID, want media.LegState) media.LegInfo {
	x.Helper()
	info, there := x.listed(up, leg)
	if !there || info.State != want {
		x.Errorf("Up has %+v (%v) of %s, want it %s", info, there, leg, want)
	}
	return info
}

// every is one command of every kind about a leg of the switch of this name.
func every(name string, leg fact.LegID) []media.Command {
	id := fmt.Sprintf("every-%x-%d", birth, minted.Add(1))
	other := fact.On[fact.LegID](name, id+"-other")
	room, play := fact.On[fact.RoomID](name, id), fact.On[fact.PlayID](name, id)
	rec, spy := fact.On[fact.RecordingID](name, id), fact.On[fact.SpyID](name, id)
	return []media.Command{
		media.SetTag{Leg: leg}, media.Answer{Leg: leg}, media.Progress{Leg: leg}, media.Create{Leg: leg, Endpoint: "SIP/nobody"},
		media.Dial{Leg: leg, Limit: time.Second}, media.Hangup{Leg: leg}, media.Play{Play: play, Leg: leg, Prompts: []media.Prompt{{Silence: time.Second}}},
		media.StopPlay{Play: play, Leg: leg}, media.Music{Leg: leg, On: true}, media.Join{Room: room, Legs: []fact.LegID{leg}},
		media.Leave{Room: room, Leg: leg}, media.Hold{Room: room, Leg: leg}, media.Unhold{Room: room, Leg: leg}, media.Mute{Leg: leg, On: true},
		media.Record{Recording: rec, Leg: leg, Name: id}, media.MuteRecord{Recording: rec, Leg: leg}, media.StopRecord{Recording: rec, Leg: leg},
		media.Spy{Spy: spy, Leg: leg, By: other}, media.StopSpy{Spy: spy, Leg: leg, By: other}, media.SendDigits{Leg: leg, Digits: "1"}, media.DetectTalk{Leg: leg, On: true}, media.Volume{Leg: leg, Side: fact.SideIn, DB: 6},
		media.Deflect{Leg: leg, To: media.ExitBusy}, media.AnswerTransfer{Transfer: fact.TransferID(id), Leg: leg},
		media.RefuseTransfer{Transfer: fact.TransferID(id), Leg: leg}, media.Probe{Leg: leg},
	}
}

// lacking says whether a capability that the command needs is absent.
func (x *trial) lacking(cmd media.Command) bool {
	switch cmd.(type) {
	case media.MuteRecord:
		return !x.can.RecordMute
	case media.SendDigits:
		return !x.can.SendDigits
	case media.DetectTalk:
		return !x.can.TalkDetect
	case media.Deflect:
		return !x.can.Deflect
	case media.AnswerTransfer, media.RefuseTransfer:
		return x.can.Transfers != media.TransferAskFirst
	}
	return false
}

// allFail checks that every kind of command about a leg fails so, or with
// ErrInvalid where its capability is absent.
func (x *trial) allFail(leg fact.LegID, with error, but ...media.Command) {
	x.Helper()
	for i, cmd := range every(fact.SwitchOf(leg), leg) {
		if i >= len(media.Commands) || media.CommandName(cmd) != media.CommandName(media.Commands[i]) {
			x.Fatalf("the suite knows no command like media.Commands[%d]", i)
		}
		if slices.ContainsFunc(but, func(b media.Command) bool { return media.CommandName(b) == media.CommandName(cmd) }) {
			continue
		}
		if x.lacking(cmd) {
			x.refused(cmd, with, media.ErrInvalid)
		} else {
			x.refused(cmd, with)
		}
	}
}

func goneLeg(x *trial) {
	far, leg := x.talker()
	far.Hangup()
	x.endedBy(leg, true, 16)
	harmless := []media.Command{media.Hangup{}, media.StopPlay{}, media.StopRecord{}, media.StopSpy{}}
	x.allFail(leg, media.ErrNoLeg, append(harmless, media.Create{})...)
	x.allFail(mint[fact.LegID](x, "nobody"), media.ErrNoLeg, append(harmless, media.Create{})...)
	for _, cmd := range every(x.sw.Name(), leg) {
		switch cmd.(type) {
		case media.Hangup, media.StopPlay, media.StopRecord, media.StopSpy:
			x.must(cmd)
		}
	}
	_, alive := x.talker()
	x.refused(media.Spy{Spy: mint[fact.SpyID](x, "spy"), Leg: alive, By: leg}, media.ErrNoLeg)
	never(x, func(media.Joined) bool { return true })
	never(x, func(media.PlayStarted) bool { return true })
	never(x, func(media.RecordStarted) bool { return true })
}

func otherSwitch(x *trial) {
	x.allFail("elsewhere-"+fact.LegID(x.sw.Name())+"/leg", media.ErrInvalid)
	x.allFail("", media.ErrInvalid)
	_, leg := x.caller()
	x.refused(media.Join{Room: "elsewhere/room", Legs: []fact.LegID{leg}}, media.ErrInvalid)
	x.refused(media.Play{Play: "elsewhere/play", Leg: leg, Prompts: []media.Prompt{x.b.Prompt}}, media.ErrInvalid)
	never(x, func(media.Joined) bool { return true })
	never(x, func(media.PlayStarted) bool { return true })
}

func beforeRun(x *trial) {
	x.allFail(mint[fact.LegID](x, "leg"), media.ErrUnavailable)
	x.run()
	x.caller()
}

func contextEnded(x *trial) {
	far, leg := x.caller()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, stop := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer stop()
	sent := false
	for _, ctx := range []context.Context{cancelled, late} {
		err := x.sw.Do(ctx, media.Answer{Leg: leg})
		switch {
		case errors.Is(err, media.ErrUnknown):
			sent = true
		case !errors.Is(err, media.ErrUnavailable):
			x.Errorf("Do with a context that has ended: %v; want ErrUnavailable or ErrUnknown", err)
		}
	}
	if !sent {
		never(x, func(media.LegAnswered) bool { return true })
	}
	x.must(media.Answer{Leg: leg})
	x.answered(leg)
	far.Answered()
}

func cutAndMend(x *trial) {
	p := x.pair()
	waiting, waitingLeg := x.caller()
	x.must(media.Music{Leg: waitingLeg, On: true})
	ringingFar, ringingLeg := x.dialled(Behaviour{Then: RingsOn})
	x.ringing(ringingLeg)
	mend := x.w.Cut()
	x.down(x.b.patience())
	x.allFail(waitingLeg, media.ErrUnavailable)
	x.talk(p) // what is on the switch goes on without us
	x.heard(waiting, Heard{Music: true})
	for _, far := range []Far{p.caller, p.agent, waiting, ringingFar} {
		if !far.Alive() {
			x.Error("a far end was lost with the connection")
		}
	}
	mend()
	up := x.up()
	for leg, state := range map[fact.LegID]media.LegState{
		p.callerLeg: media.LegUp, p.agentLeg: media.LegUp, waitingLeg: media.LegRing, ringingLeg: media.LegRing,
	} {
		x.lists(up, leg, state)
	}
	want := []fact.LegID{p.callerLeg, p.agentLeg}
	slices.Sort(want)
	if len(up.Legs) != 4 || len(up.Rooms) != 1 || up.Rooms[0].Room != p.room || !slices.Equal(up.Rooms[0].Legs, want) {
		x.Errorf("%+v: want four legs, and %v in %s", up, want, p.room)
	}
	x.talk(p)
	x.heard(waiting, Heard{Music: true})
	x.must(media.Answer{Leg: waitingLeg})
	x.answered(waitingLeg)
	x.must(media.Leave{Room: p.room, Leg: p.callerLeg})
	x.left(p.room, p.callerLeg)
	x.must(media.Hangup{Leg: ringingLeg})
	x.endedBy(ringingLeg, false, 16)
}

func cutTwice(x *trial) {
	far, leg := x.talker()
	first := x.lists(x.reconnect(), leg, media.LegUp)
	x.plays(leg, x.b.LongPrompt)
	second := x.lists(x.reconnect(), leg, media.LegUp)
	x.sameBirth(first.Created, second.Created)
	mend := x.w.Cut()
	x.down(x.b.patience())
	gap := fmt.Sprintf("137%08d", minted.Add(1)%1e8)
	x.w.Call(gap, Dialled) // nobody is there: the dialplan's fallback has it
	mend()
	up := x.up()
	third := x.lists(up, leg, media.LegUp)
	x.sameBirth(first.Created, third.Created)
	// A switch that has not noticed the cut yet hands the caller to us, unheard.
	listed := slices.ContainsFunc(up.Legs, func(l media.LegInfo) bool { return l.From.Number == gap && l.Tag == nil })
	if x.b.Return > 0 && !listed {
		expectWithin(x, x.b.Return+x.b.patience(), func(e media.LegArrived) bool { return e.From.Number == gap && e.Tag == nil })
	}
	far.Hangup()
	x.endedBy(leg, true, 16)
}

func stallIsNoticed(x *trial) {
	far, leg := x.caller()
	mend := x.w.Stall()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	err := x.sw.Do(ctx, media.Answer{Leg: leg})
	if !errors.Is(err, media.ErrUnknown) {
		x.Errorf("Do on a stalled connection: %v; want ErrUnknown", err)
	}
	if took := time.Since(began); took > 700*time.Millisecond {
		x.Errorf("Do overran its deadline of 100 ms by %v", took-100*time.Millisecond)
	}
	x.down(x.b.notice())
	x.refused(media.Probe{Leg: leg}, media.ErrUnavailable)
	mend()
	info, there := x.listed(x.up(), leg)
	if !there || info.State != media.LegUp && info.State != media.LegRing {
		x.Errorf("Up has %+v (%v) of a leg that may have been answered", info, there)
	}
	x.must(media.Probe{Leg: leg})
	if !far.Alive() {
		x.Error("the far end was lost with the connection")
	}
	far.Hangup()
	x.endedBy(leg, true)
}

func runEnds(x *trial) {
	before := goleak.IgnoreCurrent()
	x.run()
	x.must(media.Hangup{Leg: mint[fact.LegID](x, "nobody")})
	x.reconnect()
	x.refused(media.Probe{Leg: mint[fact.LegID](x, "nobody")}, media.ErrNoLeg)
	mend := x.w.Cut()
	x.down(x.b.patience())
	x.end() // while the driver tries to connect
	mend()
	x.pause()
	x.refused(media.Probe{Leg: mint[fact.LegID](x, "nobody")}, media.ErrUnavailable)
	if err := goleak.Find(before); err != nil {
		x.Errorf("Run has returned and left something: %v", err)
	}
}

// callsTogether sends commands on several calls from as many goroutines.
func callsTogether(x *trial) {
	const calls = 3
	var callers, agents [calls]fact.LegID
	var fars [calls]Far
	for i := range calls {
		fars[i], callers[i] = x.caller()
		agents[i] = x.created(x.w.Phone(Behaviour{Ring: 20 * time.Millisecond, Then: Answers}))
	}
	errs := make(chan error, calls*8)
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() {
			play := mint[fact.PlayID](x, "play")
			for _, cmd := range []media.Command{
				media.Answer{Leg: callers[i]}, media.Music{Leg: callers[i], On: true}, media.Dial{Leg: agents[i], Limit: 10 * time.Second},
				media.Play{Play: play, Leg: callers[i], Prompts: []media.Prompt{x.b.LongPrompt}}, media.StopPlay{Play: play, Leg: callers[i]},
				media.Music{Leg: callers[i]}, media.Probe{Leg: agents[i]},
			} {
				if err := x.do(cmd); err != nil {
					errs <- fmt.Errorf("%s: %w", media.CommandName(cmd), err)
				}
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		x.Error(err)
	}
	for i := range calls {
		x.answered(callers[i])
		x.answered(agents[i])
		x.joins(mint[fact.RoomID](x, "room"), callers[i], agents[i])
	}
	for _, far := range fars {
		all.Go(far.Hangup)
	}
	all.Wait()
	for _, leg := range callers {
		x.endedBy(leg, true, 16)
	}
}
