package far

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/tone"
)

// End is one end of a call: a mediatest.Far. Its phone and call have more than
// every switch's have.
type End struct {
	Phone *phone.Phone
	Call  *phone.Call

	side *Side
}

// The far side of an Asterisk can do what that of the switch in memory can.
var (
	_ mediatest.Far   = (*End)(nil)
	_ mediatest.Phone = (*Phone)(nil)
)

// wait runs a waiting verb and reports what came of it.
func (e *End) wait(what string, verb func(ctx context.Context) error) {
	e.side.t.Helper()
	ctx, cancel := e.side.context()
	defer cancel()
	e.side.check(e.Phone.User()+": "+what, verb(ctx))
}

// Hangup ends the call at this end.
func (e *End) Hangup() { e.Call.Hangup() }

// Talk makes this end sing its tone, or fall silent.
func (e *End) Talk(on bool) { e.Call.Talk(on) }

// Alive says whether the call is not over.
func (e *End) Alive() bool { return e.Call.Alive() }

// Hold presses the phone's hold key.
func (e *End) Hold() { e.side.t.Helper(); e.wait("hold", e.Call.Hold) }

// Unhold takes the call back.
func (e *End) Unhold() { e.side.t.Helper(); e.wait("unhold", e.Call.Unhold) }

// Early waits for early media.
func (e *End) Early() { e.side.t.Helper(); e.wait("early media", e.Call.Early) }

// Answered waits until the call is up.
func (e *End) Answered() { e.side.t.Helper(); e.wait("answer", e.Call.Answered) }

// Press sends keys, the last of which may end the call.
func (e *End) Press(digits string) {
	e.side.t.Helper()
	e.wait("press", func(ctx context.Context) error {
		if err := e.Call.Press(ctx, digits); !errors.Is(err, phone.ErrEnded) {
			return err
		}
		return nil
	})
}

// Refer presses the phone's transfer key.
func (e *End) Refer(to string, consulted mediatest.Far) {
	e.side.t.Helper()
	var other *phone.Call
	if consulted != nil {
		other = consulted.(*End).Call
	}
	e.wait("refer", func(ctx context.Context) error {
		if err := e.Call.Refer(ctx, to, other); !errors.Is(err, phone.ErrRefused) {
			return err
		}
		return nil
	})
}

// Ended waits until the call is over.
func (e *End) Ended() mediatest.Goodbye {
	e.side.t.Helper()
	var end phone.Ending
	e.wait("end", func(ctx context.Context) (err error) {
		end, err = e.Call.Ended(ctx)
		return err
	})
	return mediatest.Goodbye{Here: end.Here, Cause: end.Cause, Elsewhere: end.Elsewhere}
}

// Shown is what the INVITE told the phone.
func (e *End) Shown() mediatest.Shown {
	var s mediatest.Shown
	s.Name, s.Number = e.Call.Shown()
	s.Alert = e.Call.Header("Alert-Info")
	s.AutoAnswer = strings.Contains(e.Call.Header("Call-Info"), "answer-after=0")
	return s
}

// Told waits until the phone has heard how its Refer went.
func (e *End) Told() (done bool) {
	e.side.t.Helper()
	e.wait("news of the transfer", func(ctx context.Context) error {
		status, err := e.Call.Told(ctx)
		done = status < 300
		return err
	})
	return done
}

// Keyed waits until exactly these keys have come.
func (e *End) Keyed(digits string) {
	e.side.t.Helper()
	if !e.side.Sees(func() bool { return e.Call.Keys() == digits }) {
		e.side.t.Errorf("%s was sent keys %q, want %q", e.Phone.User(), e.Call.Keys(), digits)
	}
}

// Level is how loud this end has heard another one of late, as a share of full
// scale.
func (e *End) Level(of mediatest.Far) float64 {
	return e.Call.Level(of.(*End).Phone.Tone(), 120*time.Millisecond)
}

// How loud a tone is that is heard, and one that is not (tone.Level).
const loud, faint = 0.08, 0.03

// Hears finds tones in what this end heard of late.
func (e *End) Hears(want mediatest.Heard) {
	e.side.t.Helper()
	const window = 120 * time.Millisecond
	expected := map[float64]bool{pbx.MusicTone: want.Music, PromptTone: want.Prompt, BeepTone: want.Beep}
	e.side.mu.Lock()
	for _, o := range e.side.ends {
		expected[o.Phone.Tone()] = expected[o.Phone.Tone()] || slices.Contains(want.Voices, mediatest.Far(o))
	}
	e.side.mu.Unlock()
	var levels string
	if !e.side.Sees(func() bool {
		right := true
		samples := e.Call.Heard(window)
		levels = ""
		for hertz, wanted := range expected {
			level := tone.Level(samples, hertz)
			right = right && (wanted && level > loud || !wanted && level < faint)
			levels += fmt.Sprintf(" %g Hz: %.3f (%v)", hertz, level, wanted)
		}
		return right
	}) {
		e.side.t.Errorf("%s hears%s", e.Phone.User(), levels)
	}
}

// Beeped says whether this end has heard a beep of late.
func (e *End) Beeped(of time.Duration) bool { return e.Call.Level(BeepTone, of) > faint }
