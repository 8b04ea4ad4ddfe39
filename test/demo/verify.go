package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// outcome is what must have become of a call.
type outcome struct {
	agent  fact.AgentID // who talks; "" for nobody
	ending fact.Ending
	by     fact.Party
	offers int
	// told are events, as words, that must come in this order; others may
	// come between.
	told []string
}

// claim is something that the demo says about a call, checked.
type claim struct {
	ok   bool
	text string
}

// claims are what was checked so far.
type claims []claim

func (c *claims) hold(ok bool, format string, args ...any) {
	*c = append(*c, claim{ok, fmt.Sprintf(format, args...)})
}

// missing are those that do not hold.
func (c claims) missing() []string {
	var out []string
	for _, k := range c {
		if !k.ok {
			out = append(out, k.text)
		}
	}
	return out
}

// print prints a line for each.
func (c claims) print(out io.Writer, indent string) {
	for _, k := range c {
		mark := "✓"
		if !k.ok {
			mark = "✗"
		}
		fmt.Fprintf(out, "%s%s %s\n", indent, mark, strings.TrimSpace(k.text))
	}
}

// order holds the events of a call to what must be told.
func (c *claims) order(events []rig.Event, told []string) {
	var all []string
	for _, e := range events {
		all = append(all, word(e.Event))
	}
	rest := all
	for _, want := range told {
		i := slices.Index(rest, want)
		if i < 0 {
			c.hold(false, "事件 events: %q is missing, or not at its place, in %q", want, all)
			return
		}
		rest = rest[i+1:]
	}
	if n := len(rest); n > 0 {
		c.hold(false, "事件 events: after the last one come %q", rest)
		return
	}
	if !slices.IsSortedFunc(events, func(a, b rig.Event) int { return int(a.At - b.At) }) {
		c.hold(false, "事件 events: their instants go back")
		return
	}
	c.hold(true, "事件 events: %d told in order", len(events))
}

// stored holds the store to what the stream told.
func (c *claims) stored(told, kept []rig.Event) {
	id := func(e rig.Event) string { return e.ID }
	a, b := each(told, id), each(kept, id)
	c.hold(slices.Equal(a, b) && len(a) > 0, "存储 store: has %d of the %d events, in the same order", len(b), len(a))
}

func each[T, U any](all []T, f func(T) U) []U {
	out := make([]U, len(all))
	for i, v := range all {
		out[i] = f(v)
	}
	return out
}

// ended holds a record to what must have become of the call.
func (c *claims) ended(r fact.Record, want outcome) {
	say := func(e fact.Ending, by fact.Party, agent fact.AgentID, offers int) string {
		return fmt.Sprintf("%s, fault %s, by %s, agent %q, offers %d", e.Reason, e.Fault, by, agent, offers)
	}
	got, must := say(r.Ending, r.By, r.Agent, r.Offers), say(want.ending, want.by, want.agent, want.offers)
	if got != must {
		got += "; must be " + must
	}
	c.hold(r.Ending == want.ending && r.By == want.by && r.Agent == want.agent && r.Offers == want.offers, "结束 ending: %s", got)
}

// spans are the durations of a call, in milliseconds.
type spans struct{ ivr, wait, ring, talk int64 }

// measure reads a call's durations out of its timeline. began and ended are the
// record's, by the wall clock.
func measure(events []rig.Event, began, ended int64) spans {
	var s spans
	if len(events) == 0 {
		return s
	}
	// Events and record share the wall clock; between events the steady one
	// counts, as in the record.
	steady := func(wall int64, e rig.Event) fact.Instant { return fact.Instant(wall) - fact.Instant(e.Wall) + e.At }
	phase, since := &s.ivr, steady(began, events[0])
	enter := func(next *int64, at fact.Instant) {
		*phase += int64(at - since)
		phase, since = next, at
	}
	rings := map[fact.OfferID]fact.Instant{}
	over := false
	for _, e := range events {
		switch e.Kind {
		case fact.QueueJoined:
			enter(&s.wait, e.At)
		case fact.QueueConnected:
			enter(&s.talk, e.At)
		case fact.LegRinging:
			rings[e.Offer] = e.At
		case fact.LegHangup:
			if e.Agent == "" {
				over = true
			} else if phase == &s.talk && !over {
				enter(&s.ivr, e.At)
			}
		}
		switch e.Kind {
		case fact.LegAnswered, fact.LegHangup, fact.QueueMissed:
			if at, on := rings[e.Offer]; on {
				s.ring += int64(e.At - at)
				delete(rings, e.Offer)
			}
		}
	}
	enter(&s.ivr, steady(ended, events[len(events)-1]))
	return s
}

// rounding is how much record and timeline may differ: each is rounded to the
// millisecond.
const rounding = 2

// durations holds a record to its timeline, and to itself.
func (c *claims) durations(r fact.Record, events []rig.Event) {
	s := measure(events, r.Began, r.Ended)
	near := func(a, b int64) bool { return a-b <= rounding && b-a <= rounding }
	c.hold(near(r.IVR, s.ivr) && near(r.Wait, s.wait) && near(r.Ring, s.ring) && near(r.Talk, s.talk),
		"时长 durations: record ivr %d wait %d ring %d talk %d ms, timeline %d %d %d %d ms",
		r.IVR, r.Wait, r.Ring, r.Talk, s.ivr, s.wait, s.ring, s.talk)
	sum := r.IVR + r.Wait + r.Talk
	c.hold(near(sum, r.Ended-r.Began), "合计 sum: ivr + wait + talk = %d ms of %d ms", sum, r.Ended-r.Began)
}

// wrapUp holds a record's wrap-up to what the agent's states told.
func (c *claims) wrapUp(r fact.Record, states []rig.Event) {
	var told []int64
	for _, e := range states {
		if e.From == "ACW" {
			told = append(told, e.Millis)
		}
	}
	c.hold(r.WrapUp > 0 && slices.ContainsFunc(told, func(ms int64) bool { return ms-r.WrapUp <= rounding && r.WrapUp-ms <= rounding }),
		"话后 wrap-up: %d ms; the agent was in wrap-up for %v ms", r.WrapUp, told)
}

// tape is one side of a call's recording.
type tape struct {
	file  fact.RecordingFile
	sound wav.Sound
}

// between is a part of the tape, by the steady clock.
func (t tape) between(from, to fact.Instant) []int16 {
	at := func(i fact.Instant) int {
		n := int64(i.Sub(t.file.Began)) * int64(t.sound.Rate) / int64(time.Second)
		return int(min(max(n, 0), int64(len(t.sound.Samples))))
	}
	if to < from {
		to = from
	}
	return t.sound.Samples[at(from):at(to)]
}

// loudest is the most that f finds in any window of samples.
func loudest(samples []int16, f func([]int16) float64) float64 {
	const n = int(window * tone.Rate / time.Second)
	most := 0.0
	for i := 0; i+n <= len(samples); i += n / 2 {
		most = math.Max(most, f(samples[i:i+n]))
	}
	return most
}

// typical is the median of what f finds in the windows of samples. A frame that
// a phone left out spoils one of them, where it would spoil the whole stretch.
func typical(samples []int16, f func([]int16) float64) float64 {
	const n = int(window * tone.Rate / time.Second)
	var all []float64
	for part := range slices.Chunk(samples, n) {
		if len(part) == n {
			all = append(all, f(part))
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func at(hertz float64) func([]int16) float64 {
	return func(s []int16) float64 { return tone.Level(s, hertz) }
}

// The ends of a talk in which the parties begin and stop to sing.
const (
	settle = 500 * time.Millisecond
	fade   = 300 * time.Millisecond
)

// lengthSlack is how many milliseconds a recording may be shorter or longer than
// the call was up. Its file may lack another twentieth: on a busy machine phones
// leave frames out.
const lengthSlack = 300

// turn are the instants at which a call took its turns; 0: it did not.
type turn struct{ answered, joined, connected, parted, over fact.Instant }

// turns finds them: the answer and the end of the caller's leg, joining the
// line, the beginning of the talk and its end, which is the first hang-up in it.
func turns(events []rig.Event) turn {
	var t turn
	set := func(i *fact.Instant, at fact.Instant) {
		if *i == 0 {
			*i = at
		}
	}
	for _, e := range events {
		switch e.Kind {
		case fact.LegAnswered:
			set(&t.answered, e.At)
		case fact.QueueJoined:
			set(&t.joined, e.At)
		case fact.QueueConnected:
			set(&t.connected, e.At)
		case fact.LegHangup:
			if t.connected != 0 {
				set(&t.parted, e.At)
			}
			if e.Agent == "" {
				set(&t.over, e.At)
			}
		}
	}
	return t
}

// sides holds a recording to who must be on which side. theirs is the agent's
// tone, 0 when nobody talked.
func (c *claims) sides(in, out tape, events []rig.Event, mine, theirs float64) {
	t := turns(events)
	over, answered, joined := t.over, t.answered, t.joined
	for _, side := range []tape{in, out} {
		up, ms := int64(over-answered), side.sound.Lasts().Milliseconds()
		name := fileSides[side.file.Side]
		c.hold(abs(ms-side.file.Millis) <= lengthSlack+ms/20 && abs(side.file.Millis-up) <= lengthSlack,
			"%s %s: the file lasts %d ms, the record says %d ms, the call was up %d ms", name.zh, name.en, ms, side.file.Millis, up)
	}
	lineEnd := over
	if t.connected != 0 && theirs != 0 {
		lineEnd = t.connected
		talk := func(side tape) []int16 { return side.between(t.connected.Add(settle), t.parted.Add(-fade)) }
		my, their := typical(talk(in), at(mine)), loudest(in.sound.Samples, at(theirs))
		c.hold(my > loud && their < faint, "主叫侧 caller's side: the caller's %g Hz at %.2f in the talk, nowhere the agent's %g Hz (%.3f)", mine, my, theirs, their)
		their, my = typical(talk(out), at(theirs)), loudest(talk(out), at(mine))
		c.hold(their > loud && my < faint, "对端侧 other side: the agent's %g Hz at %.2f in the talk, not the caller's %g Hz (%.3f)", theirs, their, mine, my)
	} else {
		quiet := loudest(in.sound.Samples, tone.Loudness)
		c.hold(quiet < faint, "主叫侧 caller's side: nobody spoke (%.3f)", quiet)
	}
	voice := loudest(out.between(answered, joined), tone.Loudness)
	held := loudest(out.between(joined, lineEnd), at(pbx.MusicTone))
	stray := loudest(in.sound.Samples, at(pbx.MusicTone))
	c.hold(voice > speech && held > loud && stray < faint,
		"对端侧 other side: the greeting (loudness %.2f), then the music (%d Hz at %.2f), which the caller's side has not (%.3f)", voice, pbx.MusicTone, held, stray)
}

func abs(n int64) int64 { return max(n, -n) }
