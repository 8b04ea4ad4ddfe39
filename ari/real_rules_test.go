//go:build asterisk

package ari_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/far"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/tone"
)

// startReal runs a driver against the real Asterisk and waits for Up.
func startReal(t *testing.T, change ...func(*ari.Config)) (*rig, *realPBX) {
	t.Helper()
	far := openReal(t, change...)
	r := newRig(t, far.bench())
	r.run()
	await(r, func(media.Up) bool { return true })
	t.Cleanup(func() { r.clear() })
	return r, far
}

// clear hangs up what is left.
func (r *rig) clear() {
	live := map[fact.LegID]bool{}
	r.mu.Lock()
	for _, e := range r.events {
		switch e := e.(type) {
		case media.LegArrived:
			live[e.Leg] = true
		case media.LegEnded:
			delete(live, e.Leg)
		}
	}
	r.mu.Unlock()
	for leg := range live {
		if err := r.do(media.Hangup{Leg: leg}); err != nil && !errors.Is(err, media.ErrUnavailable) {
			r.Errorf("hang up %s: %v", leg, err)
		}
	}
}

func TestRule1OnReal(t *testing.T) {
	r, _ := startReal(t)
	testCreateThenDial(r, 50)
}

func TestRule2OnReal(t *testing.T) {
	r, _ := startReal(t)
	testForeignLegEnds(r)
}

func TestRule3OnReal(t *testing.T) {
	r, _ := startReal(t)
	testTagsComeWithEvents(r)
}

func TestRule4OnReal(t *testing.T) {
	r, _ := startReal(t)
	testNoChannelMusic(r)
}

func TestRule8OnReal(t *testing.T) {
	r, _ := startReal(t)
	before := r.driver.Stats()
	caller, callerLeg := r.talker()
	_, agentLeg := r.agent()
	r.join(callerLeg, agentLeg)
	caller.Hangup()
	await(r, func(e media.LegEnded) bool { return e.Leg == callerLeg })
	r.must(media.Hangup{Leg: agentLeg})
	await(r, func(e media.LegEnded) bool { return e.Leg == agentLeg })
	after := r.driver.Stats()
	if n := after.Events - before.Events; n > 24 || after.Unknown != before.Unknown {
		t.Errorf("a plain call took %d events, %d of them unknown; the filter leaves about 20", n, after.Unknown-before.Unknown)
	}
}

// sides reads both files of a recording that has ended.
func (f *realPBX) sides(t *testing.T, e media.RecordEnded) map[fact.Side][]int16 {
	t.Helper()
	out := map[fact.Side][]int16{}
	for _, file := range e.Files {
		b, err := os.ReadFile(filepath.Join(f.Recordings(), file.Name))
		if err != nil || len(b) < 44 {
			t.Fatalf("%s: %d bytes, %v", file.Name, len(b), err)
		}
		samples := make([]int16, (len(b)-44)/2)
		for i := range samples {
			samples[i] = int16(binary.LittleEndian.Uint16(b[44+2*i:]))
		}
		length := time.Duration(len(samples)) * time.Second / tone.Rate
		if off := length - time.Duration(file.Millis)*time.Millisecond; off < -300*time.Millisecond || off > 300*time.Millisecond {
			t.Errorf("%s lasts %v, and was said to last %d ms", file.Name, length, file.Millis)
		}
		out[file.Side] = samples
	}
	return out
}

// loudest is the highest level of a tone in any 120 ms of samples.
func loudest(samples []int16, hertz float64) (level float64) {
	const window = tone.Rate * 120 / 1000
	for i := 0; i+window <= len(samples); i += window / 2 {
		level = max(level, tone.Level(samples[i:i+window], hertz))
	}
	return level
}

// Each side of a recording holds what it is said to hold: what the leg says,
// and all that it hears, prompts and music and the other party, from before the
// answer on. Muted, it holds silence.
func TestRecordingHoldsBothSides(t *testing.T) {
	r, f := startReal(t)
	caller, leg := r.caller()
	rec := id[fact.RecordingID](r, "rec")
	r.must(media.Progress{Leg: leg})
	r.must(media.Record{Recording: rec, Leg: leg, Name: "sides/" + fact.Native(rec)[:12]})
	await(r, func(e media.RecordStarted) bool { return e.Recording == rec })
	play := id[fact.PlayID](r, "play")
	r.must(media.Play{Play: play, Leg: leg, Prompts: []media.Prompt{r.Prompt}})
	await(r, func(e media.PlayEnded) bool { return e.Play == play && e.Result == media.PlayDone })
	r.must(media.Answer{Leg: leg})
	await(r, func(e media.LegAnswered) bool { return e.Leg == leg })
	r.must(media.Music{Leg: leg, On: true})
	caller.Hears(mediatest.Heard{Music: true})
	agent, agentLeg := r.agent()
	caller.Talk(true)
	agent.Talk(true)
	room := r.join(leg, agentLeg)
	agent.Hears(mediatest.Heard{Voices: []mediatest.Far{caller}})
	caller.Hears(mediatest.Heard{Voices: []mediatest.Far{agent}})
	r.settle() // they talk for a while
	r.must(media.MuteRecord{Recording: rec, Leg: leg, On: true})
	agent.Talk(false)
	agent.Press("1")
	await(r, func(e media.Digit) bool { return e.Leg == agentLeg })
	other, otherLeg := r.agent() // speaks only while the recording is muted
	other.Talk(true)
	r.must(media.Join{Room: room, Legs: []fact.LegID{otherLeg}})
	caller.Hears(mediatest.Heard{Voices: []mediatest.Far{other}})
	other.Talk(false)
	caller.Hears(mediatest.Heard{})
	r.must(media.MuteRecord{Recording: rec, Leg: leg})
	caller.Hangup()
	sides := f.sides(t, await(r, func(e media.RecordEnded) bool { return e.Recording == rec }))
	voice := func(end mediatest.Far) float64 { return end.(*far.End).Phone.Tone() }
	for _, c := range []struct {
		what string
		side fact.Side
		hz   float64
		want bool
	}{
		{"the caller", fact.SideIn, voice(caller), true}, {"the caller", fact.SideOut, voice(caller), false},
		{"the agent", fact.SideOut, voice(agent), true}, {"the agent", fact.SideIn, voice(agent), false},
		{"a prompt", fact.SideOut, far.PromptTone, true}, {"a prompt", fact.SideIn, far.PromptTone, false},
		{"music", fact.SideOut, pbx.MusicTone, true}, {"music", fact.SideIn, pbx.MusicTone, false},
		{"who spoke while it was muted", fact.SideOut, voice(other), false},
	} {
		if l := loudest(sides[c.side], c.hz); c.want != (l > 0.1) || !c.want && l > 0.04 {
			t.Errorf("%s (%g Hz) is at level %.3f on side %q, want it there: %v", c.what, c.hz, l, c.side, c.want)
		}
	}
	for _, l := range []fact.LegID{agentLeg, otherLeg} {
		r.must(media.Hangup{Leg: l})
		await(r, func(e media.LegEnded) bool { return e.Leg == l })
	}
}

// A holding bridge's music dies with the last leg in it: whoever comes next
// hears music all the same.
func TestMusicForTheNextWhoWaits(t *testing.T) {
	r, _ := startReal(t)
	for range 2 {
		far, leg := r.talker()
		for range 2 {
			r.must(media.Music{Leg: leg, On: true})
			far.Hears(mediatest.Heard{Music: true})
			r.must(media.Music{Leg: leg})
			far.Hears(mediatest.Heard{})
		}
		r.must(media.Hangup{Leg: leg})
		await(r, func(e media.LegEnded) bool { return e.Leg == leg })
	}
}

// What an agent's phone dials comes to us, feature codes too.
func TestAgentsPhoneDials(t *testing.T) {
	r, f := startReal(t)
	account := f.Phones()[0]
	p := f.side.Open(phone.Config{Host: f.PhoneHost(), User: account.Name, Password: account.Password})
	p.Register(true)
	for _, number := range []string{"*11", "4", "95500", "#21#"} {
		c := p.Dial(number)
		e := await(r, func(media.LegArrived) bool { return true })
		if e.Endpoint != fact.Endpoint("PJSIP/"+account.Name) || e.To != number {
			t.Errorf("%+v: want %s dialled by %s", e, number, account.Name)
		}
		c.Hangup()
		await(r, func(l media.LegEnded) bool { return l.Leg == e.Leg && l.Far })
	}
	p.Register(false)
}

// While nobody controls it, the dialplan keeps a caller on music, and the next
// controller gets them with the time of their coming.
func TestFallbackKeepsCallers(t *testing.T) {
	r, f := startReal(t)
	r.stop()
	r.eventually("the controller to be gone", func() bool { return errors.Is(r.do(media.Probe{Leg: "pbx/x"}), media.ErrUnavailable) })
	called := clock()
	far := f.Call("13800000009", mediatest.Dialled)
	far.Early()
	far.Hears(mediatest.Heard{Music: true})
	next := newRig(t, openReal(t).bench())
	next.run()
	await(next, func(media.Up) bool { return true })
	e := await(next, func(e media.LegArrived) bool { return e.From.Number == "13800000009" })
	if waited := e.At.Sub(called); e.To != mediatest.Dialled || e.Created.Sub(called) > 500*time.Millisecond || waited < time.Second/2 {
		t.Errorf("%+v arrived %v after its call at %d", e, waited, called)
	}
	next.must(media.Hangup{Leg: e.Leg})
	await(next, func(l media.LegEnded) bool { return l.Leg == e.Leg })
}

// A second controller takes the application over, and the first one stops.
func TestReplacedOnReal(t *testing.T) {
	r, _ := startReal(t)
	next := newRig(t, openReal(t).bench())
	next.run()
	await(next, func(media.Up) bool { return true })
	await(r, func(media.Down) bool { return true })
	if err := <-r.done; !errors.Is(err, ari.ErrReplaced) {
		t.Errorf("Run: %v, want ErrReplaced", err)
	}
	close(r.done)
	_, leg := next.caller()
	next.must(media.Hangup{Leg: leg})
	await(next, func(l media.LegEnded) bool { return l.Leg == leg })
}

// An Asterisk that dies takes its calls along; the driver finds it again.
func TestAsteriskDies(t *testing.T) {
	r, f := startReal(t)
	_, leg := r.talker()
	f.check("kill", f.Kill())
	await(r, func(media.Down) bool { return true })
	if err := r.do(media.Answer{Leg: leg}); !errors.Is(err, media.ErrUnavailable) {
		t.Errorf("Do: %v, want ErrUnavailable", err)
	}
	f.check("boot", f.Boot(t.Context()))
	if up := await(r, func(media.Up) bool { return true }); len(up.Legs) != 0 {
		t.Errorf("after a restart there is %+v", up.Legs)
	}
	if err := r.do(media.Answer{Leg: leg}); !errors.Is(err, media.ErrNoLeg) {
		t.Errorf("Do: %v, want ErrNoLeg", err)
	}
	_, leg = r.talker()
	r.must(media.Hangup{Leg: leg})
	await(r, func(e media.LegEnded) bool { return e.Leg == leg })
}

// An Asterisk that is stopped in its tracks is noticed by the heartbeat.
func TestAsteriskFreezes(t *testing.T) {
	r, f := startReal(t)
	thaw, err := f.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	e := await(r, func(media.Down) bool { return true })
	f.check("thaw", thaw())
	if !strings.Contains(e.Reason, "ping") {
		t.Errorf("%+v", e)
	}
	await(r, func(media.Up) bool { return true })
}

func TestDiagnoseOnReal(t *testing.T) {
	p, err := exchange()
	if err != nil {
		t.Fatal(err)
	}
	findings := ari.Diagnose(t.Context(), ari.Config{
		Name: "pbx", URL: p.ARI(), App: app(p), User: p.User(), Password: p.Password(), Clock: clock, RecordingsDir: p.Recordings(),
	})
	for _, f := range findings {
		t.Logf("%-8s %-14s %s", f.Level, f.Check, f.What)
		if f.Level == ari.Wrong {
			t.Errorf("%+v", f)
		}
	}
	for _, check := range []string{"version", "modules", "event socket", "channelvars", "dialplan", "connections"} {
		if f := worst(findings, check); f.Level != ari.Right {
			t.Errorf("%s: %+v, want it right", check, f)
		}
	}
}
