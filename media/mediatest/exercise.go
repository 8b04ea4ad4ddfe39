package mediatest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Exercise runs the conformance suite against a driver, with a bench from open
// for every test. Every rule that package media lays down and a bench can
// provoke is held; each command of media.Commands must have worked once, or
// have been refused with ErrInvalid where the capability for it is absent.
func Exercise(t *testing.T, open func(t *testing.T) *Bench) {
	ExerciseIn(t, func(t *testing.T, test func(t *testing.T)) { test(t) }, open)
}

// ExerciseIn is Exercise with something laid around every test, such as
// synctest.Test.
func ExerciseIn(t *testing.T, around func(t *testing.T, test func(t *testing.T)), open func(t *testing.T) *Bench) {
	c := &coverage{commands: map[string]bool{}, events: map[string]bool{}}
	for _, s := range suite {
		t.Run(s.name, func(t *testing.T) {
			around(t, func(t *testing.T) {
				x := newTrial(t, open(t), c)
				if !s.asleep {
					x.run()
				}
				s.run(x)
			})
			c.ran++
		})
	}
	if c.ran == len(suite) && !t.Failed() {
		c.check(t)
	}
}

// suite is every test. One that is asleep begins before Run.
var suite = []struct {
	name   string
	run    func(x *trial)
	asleep bool
}{
	{name: "UpComesFirst", run: upComesFirst},
	{name: "CallerArrives", run: callerArrives},
	{name: "CallerIsTurnedAway", run: callerIsTurnedAway},
	{name: "CallerGivesUp", run: callerGivesUp},
	{name: "Progress", run: progressIsEarly},
	{name: "PhoneAnswers", run: phoneAnswers},
	{name: "PhoneFails", run: phoneFails},
	{name: "DialLimit", run: dialLimit},
	{name: "CreateRefused", run: createRefused},
	{name: "DialOnce", run: dialOnce},
	{name: "Hangup", run: hangupEnds},
	{name: "HangupElsewhere", run: hangupElsewhere},
	{name: "HangupCrossesAnswer", run: hangupCrossesAnswer},
	{name: "PlayEnds", run: playEnds},
	{name: "PlayStops", run: playStops},
	{name: "PlayMissing", run: playMissing},
	{name: "PlayLegEnds", run: playLegEnds},
	{name: "PlaysQueue", run: playsQueue},
	{name: "PlayTones", run: playTones},
	{name: "PlayMakesWay", run: playMakesWay},
	{name: "PlayIsLeft", run: playIsLeft},
	{name: "PlayOver", run: playOver},
	{name: "PlayOverEnds", run: playOverEnds},
	{name: "Music", run: musicPlays},
	{name: "Join", run: joinTalks},
	{name: "JoinAllOrNone", run: joinAllOrNone},
	{name: "JoinMoves", run: joinMoves},
	{name: "JoinThree", run: joinThree},
	{name: "RoomLegEnds", run: roomLegEnds},
	{name: "Hold", run: holdByCommand},
	{name: "Hasty", run: hastyCommands},
	{name: "HoldByPhone", run: holdByPhone},
	{name: "HoldAndHangup", run: holdAndHangup},
	{name: "HoldWhileAway", run: holdWhileAway},
	{name: "Mute", run: muteStopsTalk},
	{name: "Volume", run: volumeChanges},
	{name: "Record", run: recordStops},
	{name: "RecordLegEnds", run: recordLegEnds},
	{name: "RecordEndsWhileAway", run: recordEndsWhileAway},
	{name: "RecordNames", run: recordNames},
	{name: "Spy", run: spyHears},
	{name: "SpyEnds", run: spyEnds},
	{name: "SpyMoves", run: spyMoves},
	{name: "SpyStops", run: spyStops},
	{name: "DigitsIn", run: digitsIn},
	{name: "DigitsOut", run: digitsOut},
	{name: "DetectTalk", run: detectTalks},
	{name: "DeflectBusy", run: deflectBusy},
	{name: "DeflectFallback", run: deflectFallback},
	{name: "Tags", run: tagsAreListed},
	{name: "Transfer", run: transferAsked},
	{name: "TransferAttended", run: transferAttended},
	{name: "TransferUnknown", run: transferUnknown},
	{name: "Probe", run: probeTells},
	{name: "GoneLeg", run: goneLeg},
	{name: "OtherSwitch", run: otherSwitch},
	{name: "BeforeRun", run: beforeRun, asleep: true},
	{name: "ContextEnded", run: contextEnded},
	{name: "Cut", run: cutAndMend},
	{name: "CutTwice", run: cutTwice},
	{name: "Stall", run: stallIsNoticed},
	{name: "EndsWhileAway", run: endsWhileAway},
	{name: "EndsWhileListing", run: endsWhileListing},
	{name: "ArrivesWhileListing", run: arrivesWhileListing},
	{name: "NextDriver", run: nextDriver},
	{name: "NextDriverRecords", run: nextDriverRecords},
	{name: "NextDriverHolds", run: nextDriverHolds},
	{name: "OwnLegsHidden", run: ownLegsHidden},
	{name: "Endpoints", run: endpointsComeAndGo},
	{name: "Together", run: callsTogether},
	{name: "RunEnds", run: runEnds, asleep: true},
}

// coverage is which commands worked and which events came in one Exercise.
type coverage struct {
	mu       sync.Mutex
	commands map[string]bool
	events   map[string]bool
	ran      int
	offline  bool // the driver did not connect in the last test
}

func (c *coverage) command(cmd media.Command) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commands[media.CommandName(cmd)] = true
}

func (c *coverage) event(e media.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events[media.EventName(e)] = true
}

func (c *coverage) check(t *testing.T) {
	t.Helper()
	for _, cmd := range media.Commands {
		if !c.commands[media.CommandName(cmd)] {
			t.Errorf("the suite has not exercised the command %s", media.CommandName(cmd))
		}
	}
	for _, e := range media.Events {
		switch e.(type) {
		case media.LegReplaced, media.RecordFailed, media.CommandFailed, // no bench can provoke them
			media.TalkStarted, media.TalkStopped, media.TransferAsked, media.EndpointState, media.LegLeft: // by capability
		default:
			if !c.events[media.EventName(e)] {
				t.Errorf("the suite has not seen the event %s", media.EventName(e))
			}
		}
	}
}

// trial is one test at a bench.
type trial struct {
	*testing.T
	w     World
	b     *Bench
	sw    media.Switch
	can   media.Capabilities
	cover *coverage
	log   *log
	// stop ends Run; done is closed when it has returned.
	stop context.CancelFunc
	done chan struct{}
}

func newTrial(t *testing.T, b *Bench, c *coverage) *trial {
	return &trial{
		T: t, b: b, w: b.World, sw: b.Switch, can: b.Switch.Capabilities(), cover: c,
		log: newLog(b.Switch.Name()),
	}
}

// run starts the driver and waits until it is up. At the test's end it clears
// the switch, ends the driver and reports every rule broken on the way.
func (x *trial) run() {
	x.Helper()
	x.begin()
	x.Cleanup(func() {
		x.clear()
		x.end()
		if x.Failed() {
			x.Logf("events:\n%s", x.log)
		}
	})
	// A driver that cannot connect fails every test; it need not take its time.
	patience := 2 * x.b.patience()
	if x.cover.offline {
		patience /= 10
	}
	x.cover.offline = true
	expectWithin(x, patience, func(media.Up) bool { return true })
	x.cover.offline = false
}

// begin has the driver run.
func (x *trial) begin() {
	ctx, stop := context.WithCancel(context.Background())
	sw, done := x.sw, make(chan struct{})
	x.stop, x.done = stop, done
	go func() {
		defer close(done)
		if err := sw.Run(ctx, func(e media.Event) {
			x.cover.event(e)
			x.log.add(e)
		}); err != nil {
			x.log.breach("Run: %v", err)
		}
		x.log.runReturned()
	}()
}

// clear hangs up every leg that may be left.
func (x *trial) clear() {
	for _, l := range x.log.alive() {
		ctx, cancel := context.WithTimeout(context.Background(), x.b.patience())
		err := x.sw.Do(ctx, media.Hangup{Leg: l})
		cancel()
		if errors.Is(err, media.ErrUnavailable) {
			return
		}
		if err != nil {
			x.Errorf("Hangup %s at the end: %v", l, err)
		}
	}
	if !x.log.wait(x.b.patience(), func() bool { return len(x.log.left()) == 0 }) {
		x.Errorf("left at the end: %v", x.log.left())
	}
}

// end ends Run and reports what was broken.
func (x *trial) end() {
	x.Helper()
	x.stop()
	select {
	case <-x.done:
	case <-time.After(x.b.patience()):
		x.Errorf("Run has not returned %v after its context ended", x.b.patience())
	}
	for _, b := range x.log.broke() {
		x.Errorf("rule broken: %s", b)
	}
}

// do sends a command with the bench's patience as its deadline.
func (x *trial) do(cmd media.Command) error {
	ctx, cancel := context.WithTimeout(context.Background(), x.b.patience())
	defer cancel()
	x.log.sending(cmd)
	err := x.sw.Do(ctx, cmd)
	switch {
	case err == nil:
		x.log.accepted(cmd)
		x.cover.command(cmd)
	case !errors.Is(err, media.ErrUnknown):
		x.log.failed(cmd)
	}
	return err
}

// must is do of a command that has to work.
func (x *trial) must(cmd media.Command) {
	x.Helper()
	if err := x.do(cmd); err != nil {
		x.Fatalf("%s %+v: %v", media.CommandName(cmd), cmd, err)
	}
}

// refused is do of a command that has to fail with one of these.
func (x *trial) refused(cmd media.Command, with ...error) {
	x.Helper()
	err := x.do(cmd)
	for _, w := range with {
		if errors.Is(err, w) {
			return
		}
	}
	x.Errorf("%s %+v: %v; want %v", media.CommandName(cmd), cmd, err, with)
}

// lacks sends a command that a capability is absent for: ErrInvalid.
func (x *trial) lacks(cmd media.Command) {
	x.Helper()
	x.refused(cmd, media.ErrInvalid)
	x.cover.command(cmd)
}

var (
	minted atomic.Int64
	birth  = time.Now().UnixMicro()
)

// mint is an id that no run of any suite has used.
func mint[T ~string](x *trial, kind string) T {
	return fact.On[T](x.sw.Name(), fmt.Sprintf("%s-%x-%d", kind, birth, minted.Add(1)))
}

// expect waits for the first event of a type that matches and that no expect
// has had yet, and says at what place of the log it is.
func expect[T media.Event](x *trial, match func(T) bool) (T, int) {
	x.Helper()
	return expectWithin(x, x.b.patience(), match)
}

func expectWithin[T media.Event](x *trial, patience time.Duration, match func(T) bool) (T, int) {
	x.Helper()
	var got T
	at := -1
	if !x.log.wait(patience, func() bool {
		got, at = take(x.log, match)
		return at >= 0
	}) {
		x.Fatalf("in vain waited %v for %T", patience, got)
	}
	return got, at
}

// never listens a while for events that must not come.
func never[T media.Event](x *trial, match func(T) bool) {
	x.Helper()
	x.pause()
	if e, at := take(x.log, match); at >= 0 {
		x.Errorf("%s %+v must not come", media.EventName(e), e)
	}
}

// pause lets what must not come have time to come.
func (x *trial) pause() { x.log.wait(x.b.quiet(), func() bool { return false }) }

// heard checks what a far end hears, where the bench has ears.
func (x *trial) heard(by Far, what Heard) {
	if !x.b.Deaf {
		by.Hears(what)
	}
}
