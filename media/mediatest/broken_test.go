package mediatest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// defectVariable names the defect with which TestBrokenDriver runs the suite.
const defectVariable = "MEDIATEST_DEFECT"

// broken is a sound switch behind a driver with one defect.
type broken struct {
	*Fake
	d     defect
	up    fact.Instant // of the last Up
	first bool
	n     int
}

// defect is what a driver does wrong. Every field may be nil.
type defect struct {
	name string
	// finds is the test that must fail, "" for any.
	finds string
	// event is what becomes of an event.
	event func(b *broken, e media.Event) []media.Event
	// do is instead of Do; answer is what becomes of Do's answer.
	do     func(b *broken, ctx context.Context, cmd media.Command) error
	answer func(cmd media.Command, err error) error
	can    func(*media.Capabilities)
	// after comes when Run has returned, and gives what Run returns.
	after func(emit func(media.Event)) error
	// leaks says that something stays behind, which no bubble allows: only the
	// test that finds it is run, in real time.
	leaks bool
}

func (b *broken) Capabilities() media.Capabilities {
	can := b.Fake.Capabilities()
	if b.d.can != nil {
		b.d.can(&can)
	}
	return can
}

func (b *broken) Run(ctx context.Context, emit func(media.Event)) error {
	err := b.Fake.Run(ctx, func(e media.Event) {
		if up, is := e.(media.Up); is {
			b.up = up.At
		}
		if b.d.event == nil {
			emit(e)
			return
		}
		for _, e := range b.d.event(b, e) {
			emit(e)
		}
	})
	if b.d.after != nil {
		err = b.d.after(emit)
	}
	return err
}

func (b *broken) Do(ctx context.Context, cmd media.Command) error {
	if b.d.do != nil {
		return b.d.do(b, ctx, cmd)
	}
	err := b.Fake.Do(ctx, cmd)
	if b.d.answer != nil {
		err = b.d.answer(cmd, err)
	}
	return err
}

// on makes a defect of events of one type only.
func on[T media.Event](f func(b *broken, e T) []media.Event) func(b *broken, e media.Event) []media.Event {
	return func(b *broken, e media.Event) []media.Event {
		if e, is := e.(T); is {
			return f(b, e)
		}
		return []media.Event{e}
	}
}

// with makes a defect of commands of one type only.
func with[T media.Command](f func(b *broken, ctx context.Context, cmd T) error) func(b *broken, ctx context.Context, cmd media.Command) error {
	return func(b *broken, ctx context.Context, cmd media.Command) error {
		if cmd, is := cmd.(T); is {
			return f(b, ctx, cmd)
		}
		return b.Fake.Do(ctx, cmd)
	}
}

// instead answers one error for another.
func instead(of, answer error) func(media.Command, error) error {
	return func(_ media.Command, err error) error {
		if errors.Is(err, of) {
			return answer
		}
		return err
	}
}

func twice[T media.Event](_ *broken, e T) []media.Event { return []media.Event{e, e} }

func defects() []defect {
	all := []defect{
		{name: "an end is told twice", finds: "CallerArrives", event: on(twice[media.LegEnded])},
		{name: "a play ends twice", finds: "PlayEnds", event: on(twice[media.PlayEnded])},
		{name: "a recording ends twice", finds: "Record", event: on(twice[media.RecordEnded])},
		{name: "a key comes twice", finds: "DigitsIn", event: on(twice[media.Digit])},
		{name: "an arrival is told twice", finds: "CallerArrives", event: on(twice[media.LegArrived])},
		{name: "who hung up is turned round", finds: "CallerArrives", event: on(func(_ *broken, e media.LegEnded) []media.Event {
			e.Far = !e.Far
			return []media.Event{e}
		})},
		{name: "every end is normal", finds: "PhoneFails", event: on(func(_ *broken, e media.LegEnded) []media.Event {
			e.Cause = 16
			return []media.Event{e}
		})},
		{name: "a missing file is played well", finds: "PlayMissing", event: on(func(_ *broken, e media.PlayEnded) []media.Event {
			e.Result = media.PlayDone
			return []media.Event{e}
		})},
		{name: "a recording has no files", finds: "Record", event: on(func(_ *broken, e media.RecordEnded) []media.Event {
			e.Files = nil
			return []media.Event{e}
		})},
		{name: "no stamps", finds: "UpComesFirst", event: func(_ *broken, e media.Event) []media.Event { return []media.Event{stamped(e, 0)} }},
		{name: "stamps fall", finds: "CallerArrives", event: func(b *broken, e media.Event) []media.Event {
			b.n++
			return []media.Event{stamped(e, e.When()-fact.Instant(1000*b.n))}
		}},
		{name: "the list has no rooms", finds: "Cut", event: on(func(_ *broken, e media.Up) []media.Event {
			e.Rooms = nil
			return []media.Event{e}
		})},
		{name: "the list has no tags", finds: "Tags", event: on(func(_ *broken, e media.Up) []media.Event {
			e.Legs = slices.Clone(e.Legs)
			for i := range e.Legs {
				e.Legs[i].Tag = nil
			}
			return []media.Event{e}
		})},
		{name: "the list has no order", finds: "Cut", event: on(func(_ *broken, e media.Up) []media.Event {
			e.Legs = slices.Clone(e.Legs)
			slices.Reverse(e.Legs)
			return []media.Event{e}
		})},
		{name: "the list has the driver's own legs", event: on(func(b *broken, e media.Up) []media.Event {
			if b.first {
				e.Legs = append(slices.Clone(e.Legs), media.LegInfo{Leg: "fake/snoop", State: media.LegUp, Created: e.At})
			}
			b.first = true
			return []media.Event{e}
		})},
		{name: "the driver's own legs are told", finds: "Record", event: on(func(_ *broken, e media.RecordStarted) []media.Event {
			return []media.Event{e, media.LegAnswered{Head: e.Head, Leg: "fake/snoop"}}
		})},
		{name: "what overtakes the list is lost", finds: "EndsWhileListing", event: on(func(b *broken, e media.LegEnded) []media.Event {
			if e.At == b.up {
				return nil
			}
			return []media.Event{e}
		})},
		{name: "who overtakes the list is lost", finds: "ArrivesWhileListing", event: on(func(b *broken, e media.LegArrived) []media.Event {
			if e.At == b.up && b.first {
				return nil
			}
			b.first = true
			return []media.Event{e}
		})},
		{name: "hold is a move", finds: "Hold", event: on(func(_ *broken, e media.LegHeld) []media.Event {
			return []media.Event{e, media.Left{Head: e.Head, Leg: e.Leg}}
		})},
		{name: "a gone leg is fine", finds: "GoneLeg", answer: instead(media.ErrNoLeg, nil)},
		{name: "a refusal is fine", finds: "CreateRefused", answer: instead(media.ErrRefused, nil)},
		{name: "nonsense is refused", finds: "OtherSwitch", answer: instead(media.ErrInvalid, media.ErrRefused)},
		{name: "no connection is no certainty", finds: "BeforeRun", answer: instead(media.ErrUnavailable, media.ErrUnknown)},
		{name: "no certainty is no connection", finds: "Stall", answer: instead(media.ErrUnknown, media.ErrUnavailable)},
		{name: "deadlines are for others", finds: "Stall", do: func(b *broken, ctx context.Context, cmd media.Command) error {
			return b.Fake.Do(context.WithoutCancel(ctx), cmd)
		}},
		{name: "hanging up twice is an error", finds: "Hangup", do: with(func(b *broken, ctx context.Context, cmd media.Hangup) error {
			if err := b.Fake.Do(ctx, media.Probe{Leg: cmd.Leg}); err != nil {
				return err
			}
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "nobody hears of elsewhere", finds: "HangupElsewhere", do: with(func(b *broken, ctx context.Context, cmd media.Hangup) error {
			cmd.Elsewhere = false
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "half a join", finds: "JoinAllOrNone", do: with(func(b *broken, ctx context.Context, cmd media.Join) error {
			for _, leg := range cmd.Legs {
				if err := b.Fake.Do(ctx, media.Join{Room: cmd.Room, Legs: []fact.LegID{leg}}); err != nil {
					return err
				}
			}
			return nil
		})},
		{name: "a limit is long", finds: "DialLimit", do: with(func(b *broken, ctx context.Context, cmd media.Dial) error {
			cmd.Limit *= 10
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "a limit is short", finds: "DialLimit", do: with(func(b *broken, ctx context.Context, cmd media.Dial) error {
			cmd.Limit /= 2
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "progress answers", finds: "Progress", do: with(func(b *broken, ctx context.Context, cmd media.Progress) error {
			return b.Fake.Do(ctx, media.Answer(cmd))
		})},
		{name: "names are mended", finds: "RecordNames", do: with(func(b *broken, ctx context.Context, cmd media.Record) error {
			cmd.Name = "x" + strings.Map(func(r rune) rune {
				if strings.ContainsRune("./ \\%&\n", r) || r > 'z' {
					return '_'
				}
				return r
			}, cmd.Name)
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "music is gone after a prompt", finds: "Music", do: with(func(b *broken, ctx context.Context, cmd media.Play) error {
			if err := b.Fake.Do(ctx, cmd); err != nil {
				return err
			}
			return b.Fake.Do(ctx, media.Music{Leg: cmd.Leg})
		})},
		{name: "whispers are heard by nobody", finds: "Spy", do: with(func(b *broken, ctx context.Context, cmd media.Spy) error {
			cmd.Whisper = false
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "listeners are heard", finds: "Spy", do: with(func(b *broken, ctx context.Context, cmd media.Spy) error {
			cmd.Whisper = true
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "who hears cannot whisper", finds: "SpyMoves", do: with(func(b *broken, ctx context.Context, cmd media.Spy) error {
			if b.first && cmd.Whisper {
				return media.ErrRefused
			}
			b.first = true
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "a deflected leg is hung up", finds: "DeflectBusy", do: with(func(b *broken, ctx context.Context, cmd media.Deflect) error {
			return b.Fake.Do(ctx, media.Hangup{Leg: cmd.Leg})
		})},
		{name: "a transfer is always done", finds: "Transfer", do: with(func(b *broken, ctx context.Context, cmd media.RefuseTransfer) error {
			return b.Fake.Do(ctx, media.AnswerTransfer{Transfer: cmd.Transfer, Leg: cmd.Leg, Done: true})
		})},
		{name: "can more than it says", finds: "DigitsOut", can: func(c *media.Capabilities) { c.SendDigits = false }},
		{name: "can less than it says", finds: "JoinThree", do: with(func(b *broken, ctx context.Context, cmd media.Join) error {
			if len(cmd.Legs) == 1 {
				return media.ErrInvalid
			}
			return b.Fake.Do(ctx, cmd)
		})},
		{name: "Run ends in an error", finds: "UpComesFirst", after: func(func(media.Event)) error { return context.Canceled }},
		{name: "Run leaves a goroutine", finds: "RunEnds", leaks: true, after: func(func(media.Event)) error {
			go time.Sleep(time.Hour)
			return nil
		}},
		{name: "Run goes on talking", finds: "RunEnds", leaks: true, after: func(emit func(media.Event)) error {
			go func() {
				time.Sleep(time.Millisecond)
				emit(media.Down{Head: media.Head{At: 1 << 50}, Switch: "fake", Reason: "late"})
			}()
			return nil
		}},
	}
	for _, cmd := range media.Commands {
		if _, is := cmd.(media.MuteRecord); is {
			continue // what is in a file no bench tells
		}
		all = append(all, defect{name: "does nothing for " + media.CommandName(cmd), do: func(b *broken, ctx context.Context, c media.Command) error {
			if media.CommandName(c) == media.CommandName(cmd) {
				return ctx.Err()
			}
			return b.Fake.Do(ctx, c)
		}})
	}
	for _, event := range media.Events {
		switch event.(type) {
		case media.LegReplaced, media.RecordFailed, media.CommandFailed:
			continue // no bench can provoke them
		}
		all = append(all, defect{name: "never says " + media.EventName(event), event: func(_ *broken, e media.Event) []media.Event {
			if media.EventName(e) == media.EventName(event) {
				return nil
			}
			return []media.Event{e}
		}})
	}
	return all
}

// TestBrokenDriver runs the suite against a driver with the defect that the
// environment names; without one the driver is sound, and passes.
func TestBrokenDriver(t *testing.T) {
	var d defect
	if name := os.Getenv(defectVariable); name != "" {
		all := defects()
		d = all[slices.IndexFunc(all, func(d defect) bool { return d.name == name })]
	}
	in := bubble
	if d.leaks {
		in = func(t *testing.T, test func(t *testing.T)) { test(t) }
	}
	ExerciseIn(t, in, func(t *testing.T) *Bench {
		f := NewFake("fake", Options{Return: time.Second})
		b := f.Bench(t)
		b.Switch = &broken{Fake: f, d: d}
		return b
	})
}

// TestSuiteFindsDefects: a suite that nothing fails is worth nothing.
func TestSuiteFindsDefects(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, d := range defects() {
		if names[d.name] {
			t.Fatalf("two defects are named %q", d.name)
		}
		names[d.name] = true
		t.Run(d.name, func(t *testing.T) {
			tests := "^TestBrokenDriver$"
			if d.leaks {
				tests += "/^" + d.finds + "$"
			}
			run := exec.Command(self, "-test.run="+tests, "-test.timeout=60s")
			run.Env = append(os.Environ(), defectVariable+"="+d.name)
			out, err := run.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("the suite found nothing: %v", err)
			}
			if want := fmt.Sprintf("--- FAIL: TestBrokenDriver/%s ", d.finds); d.finds != "" && !strings.Contains(string(out), want) {
				t.Errorf("not by the test %s:\n%.4000s", d.finds, out)
			}
			if strings.Contains(string(out), "panic:") {
				t.Errorf("the suite broke down:\n%.4000s", out)
			}
		})
	}
}
