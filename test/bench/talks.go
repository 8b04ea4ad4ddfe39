package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

// The voices of the talks, in hertz.
const (
	callerVoice = 900
	agentVoice  = 1400
)

// ruleSilence is the norm by whose clocks the bench sees how late norms are: it
// nudges 8 s after both have fallen silent, and is broken after 15 s.
const ruleSilence = "RUL-HLD-8"

// talk is a call whose two sides are phones.
type talk struct {
	from          string
	caller, agent *phone.Call
	// quiet is when the last of them fell silent.
	quiet time.Time
}

// measureTalks has both sides of many calls speak in turns, with every norm kept
// and with those off that have the switch tell who speaks, in turns.
func measureTalks(ctx context.Context) error {
	for _, recorded := range []bool{false, true} {
		if err := measureTalksOf(ctx, recorded); err != nil {
			return err
		}
	}
	return nil
}

func measureTalksOf(ctx context.Context, recorded bool) (err error) {
	n := fewer(*talks)
	rounds, each := 3, 20*time.Second
	if *short {
		rounds, each = 1, 5*time.Second
	}
	plain := document(n, lineOnly)
	if recorded {
		plain = strings.TrimPrefix(plain, unrecorded)
	}
	s, err := open(ctx, n, plain+everyNorm(true))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	fmt.Printf("%d talks with RTP both ways, recorded: %v; every norm warns\n", n, recorded)
	agents, err := s.phone(s.PBX.PhoneHost(), agentPort, agentVoice)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, agents.Close()) }()
	agents.Behave(phone.AnswerAfter(200 * time.Millisecond))
	callers, err := s.phone(s.PBX.OutsideHost(), 0, callerVoice)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, callers.Close()) }()
	all, err := s.connect(ctx, callers, agents, n)
	if err != nil {
		return err
	}
	speak, hush := context.WithCancel(ctx)
	var speaking sync.WaitGroup
	defer func() { hush(); speaking.Wait() }()
	for i, t := range all {
		dice := rand.New(rand.NewPCG(uint64(i), 0))
		speaking.Go(func() { t.converse(speak, dice) })
	}
	var with, without share
	for i := range 2 * rounds {
		// With, without, without, with …: what drifts counts for both.
		detected := i%4 == 0 || i%4 == 3
		if err := s.apply(ctx, plain+everyNorm(detected)); err != nil {
			return err
		}
		part := &without
		if detected {
			part = &with
		}
		if err := s.listen(ctx, all, each, part); err != nil {
			return err
		}
	}
	without.tell("nobody asks who speaks", n)
	with.tell("talk detection, every norm", n)
	fmt.Printf("a talk-detected leg: %.3f ms of Asterisk's CPU a second; a talk in which it is told who speaks: %.3f ms of huawu's a second\n",
		(with.each(with.asterisk)-without.each(without.asterisk))/float64(2*n), (with.each(with.huawu)-without.each(without.huawu))/float64(n))
	if without.events*10 > with.events {
		return fmt.Errorf("%.0f ARI events while the switch told who speaks, %.0f while it should not", with.events, without.events)
	}
	if err := s.apply(ctx, plain+everyNorm(true)); err != nil {
		return err
	}
	wait(ctx, settle) // the last words are to be heard by the norms
	hush()
	speaking.Wait()
	if err := s.silence(ctx, all); err != nil {
		return err
	}
	for _, t := range all {
		t.caller.Hangup()
	}
	return s.clean(ctx)
}

// listening are the norms that need to know who speaks.
var listening = []string{"RUL-ANS-3", "RUL-HLD-2", "RUL-HLD-8", "RUL-SIL-1", "RUL-SIL-2", "RUL-SIL-3", "RUL-END-1", "RUL-SPK-2"}

// everyNorm has all norms warn, those that need to know who speaks only if so.
func everyNorm(detected bool) string {
	var b strings.Builder
	b.WriteString("phrases: {profile: cable}\nnorms:\n")
	for _, id := range norms.IDs() {
		mode := norms.Warn
		if !detected && slices.Contains(listening, id) {
			mode = norms.Off
		}
		fmt.Fprintf(&b, "  - {rule: %s, mode: %s}\n", id, mode)
	}
	return b.String()
}

// apply makes a document the centre's.
func (s *stage) apply(ctx context.Context, document string) error {
	file := filepath.Join(s.Dir(), "next.yaml")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		return fmt.Errorf("apply a document: %w", err)
	}
	_, err := s.CLI(ctx, "apply", "-f", file)
	return err
}

// phone is where all agents, or all callers, have their calls.
func (s *stage) phone(host string, port int, voice float64) (*phone.Phone, error) {
	return phone.Open(phone.Config{Host: host, Port: port, Server: s.PBX.SIP(), User: "bench", Tone: voice})
}

// connect brings up n talks, one after the other.
func (s *stage) connect(ctx context.Context, callers, agents *phone.Phone, n int) (all []*talk, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	by := map[string]*talk{}
	for i := range n {
		t := &talk{from: strconv.Itoa(7000000 + i)}
		if t.caller, err = callers.Dial("100", phone.Ask{From: t.from}); err != nil {
			return nil, err
		}
		by[t.from] = t
		c, err := agents.Rung(ctx)
		if err != nil {
			return nil, err
		}
		_, number := c.Shown()
		if by[number] == nil {
			return nil, fmt.Errorf("an agent is rung for %q, who has not called", number)
		}
		by[number].agent = c
		if err := errors.Join(t.caller.Answered(ctx), c.Answered(ctx)); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rig.Until(ctx, time.Minute, fmt.Sprintf("%d talks", n), func() (bool, error) {
		live, err := s.Calls(ctx)
		talking := 0
		for _, c := range live {
			if c.State == center.CallTalking {
				talking++
			}
		}
		return talking == n, err
	})
}

// converse has the two speak in turns until ctx ends: for 1 to 4 s each, with a
// pause of up to 0.8 s between, or as much of an overlap. Then the caller has the
// last word.
func (t *talk) converse(ctx context.Context, dice *rand.Rand) {
	for turn, next := t.caller, t.agent; ctx.Err() == nil; turn, next = next, turn {
		turn.Talk(true)
		wait(ctx, time.Second+time.Duration(dice.Int64N(int64(3*time.Second))))
		gap := time.Duration(dice.Int64N(int64(1600*time.Millisecond))) - 800*time.Millisecond
		if gap < 0 {
			next.Talk(true)
			wait(ctx, -gap)
		}
		turn.Talk(false)
		wait(ctx, gap)
	}
	t.agent.Talk(false)
	t.caller.Talk(true)
	wait(context.Background(), time.Second+time.Duration(dice.Int64N(int64(time.Second))))
	t.caller.Talk(false)
	t.quiet = time.Now()
}

// wait lets time pass, or ctx end.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(max(d, 0)):
	case <-ctx.Done():
	}
}

// share is what was used and heard in some spans of the talks.
type share struct {
	time            time.Duration
	kernel          time.Duration // for huawu, of what huawu used
	asterisk, huawu time.Duration // of a processor
	events          float64       // of ARI
	// frames came in, of those that were due; least is the smallest part of them
	// that one side heard in one span.
	frames, due int
	least       float64
}

// each is a time used in milliseconds a second.
func (p *share) each(used time.Duration) float64 { return 1000 * used.Seconds() / p.time.Seconds() }

func (p *share) tell(what string, n int) {
	fmt.Printf("%-26s Asterisk %.2f ms a talk and second (%.0f %% of a processor), huawu %.3f ms (%.3f of it in the kernel, %.1f %%), %.1f ARI events a talk and minute; %.2f %% of the audio lost, %.2f %% where it was worst\n",
		what, p.each(p.asterisk)/float64(n), p.each(p.asterisk)/10, p.each(p.huawu)/float64(n), p.each(p.kernel)/float64(n), p.each(p.huawu)/10, p.events/float64(n)/p.time.Minutes(),
		100*(1-float64(p.frames)/float64(p.due)), 100*(1-p.least))
}

const (
	// settle is how long talks go on before they are measured after a change.
	settle = 3 * time.Second
	// frame is what a packet of audio holds.
	frame = 20 * time.Millisecond
	// Each side is heard within hearing, for longestTurn is the longest that the
	// other may speak, and pauses.
	hearing, longestTurn = 8 * time.Second, 7 * time.Second
	// inTime is how late a clock may be (SPEC GEN-6).
	inTime = 200 * time.Millisecond
)

// listen measures the talks for a time, and makes sure that each side hears the
// other and that it is told who speaks, or not.
func (s *stage) listen(ctx context.Context, all []*talk, d time.Duration, part *share) error {
	wait(ctx, settle)
	heard := func() []int {
		var n []int
		for _, t := range all {
			n = append(n, t.caller.Packets(), t.agent.Packets())
		}
		return n
	}
	// The metrics are read outside of the span: telling them costs something.
	events, err := s.metric(ctx, "huawu_ari_events_total")
	if err != nil {
		return err
	}
	asterisk, huawu, err := s.used()
	if err != nil {
		return err
	}
	began, before := time.Now(), heard()
	wait(ctx, d)
	took, after := time.Since(began), heard()
	asterisk2, huawu2, err := s.used()
	if err != nil {
		return err
	}
	events2, err := s.metric(ctx, "huawu_ari_events_total")
	if err != nil {
		return err
	}
	if part.least == 0 {
		part.least = 1
	}
	due := int(took / frame)
	for i := range before {
		came := min(after[i]-before[i], due)
		part.frames += came
		part.due += due
		part.least = min(part.least, float64(came)/float64(due))
	}
	for _, t := range all {
		if a, b := t.agent.Gap(callerVoice, hearing).Lasts(), t.caller.Gap(agentVoice, hearing).Lasts(); max(a, b) > longestTurn {
			return fmt.Errorf("the agent has not heard the caller %s for %v, and not been heard for %v", t.from, a, b)
		}
	}
	part.time += took
	part.asterisk += asterisk2.total() - asterisk.total()
	part.huawu += huawu2.total() - huawu.total()
	part.kernel += huawu2.system - huawu.system
	part.events += events2 - events
	return nil
}

// used is what Asterisk and huawu have used so far.
func (s *stage) used() (asterisk, huawu used, err error) {
	asterisk, err = cpu(s.PBX.PID())
	if err == nil {
		huawu, err = cpu(s.PID())
	}
	return asterisk, huawu, err
}

// silence measures how late the clocks of the norms are in talks in which
// nobody speaks any more.
func (s *stage) silence(ctx context.Context, all []*talk) error {
	const nudged, broken = 8 * time.Second, 15 * time.Second
	pulse := rig.Feel()
	defer pulse.Stop()
	quiet := map[string]time.Time{}
	last := time.Time{}
	for _, t := range all {
		quiet[t.from] = t.quiet
		if t.quiet.After(last) {
			last = t.quiet
		}
	}
	wait(ctx, time.Until(last.Add(broken+2*time.Second)))
	live, err := s.Calls(ctx)
	if err != nil {
		return err
	}
	var late spread
	for _, c := range live {
		had := len(late)
		var d api.CallDetail
		if err := s.Get(ctx, "/api/v1/calls/"+url.PathEscape(string(c.ID)), &d); err != nil {
			return err
		}
		for _, e := range d.Events {
			after, clock := map[fact.Kind]time.Duration{fact.NormNudged: nudged, fact.NormBroken: broken}[e.Kind]
			if due := quiet[c.From].Add(after); clock && e.Name == ruleSilence && time.UnixMilli(e.Wall).After(quiet[c.From]) {
				at := time.UnixMilli(e.Wall)
				late = append(late, at.Sub(due))
				if lost := pulse.Lost(due, at); *guard > 0 && (at.Sub(due) > inTime+lost || at.Sub(due) < -inTime) {
					return fmt.Errorf("the guard: %s of the talk of %s came %v after it was due, the machine stood still for %v; want %v", e.Kind, c.From, at.Sub(due), lost, inTime)
				}
			}
		}
		if len(late) != had+2 {
			return fmt.Errorf("%s has nudged or been broken %d times in the talk of %s since %v, want twice: %+v", ruleSilence, len(late)-had, c.From, quiet[c.From], d.Events)
		}
	}
	if len(live) != len(all) {
		return fmt.Errorf("%d talks are left of %d", len(live), len(all))
	}
	fmt.Printf("%d clocks of %s went off after they were due, ms: least %s  p50 %s  p99 %s  most %s\n",
		len(late), ruleSilence, ms(late.at(0)), ms(late.at(.5)), ms(late.at(.99)), ms(late.at(1)))
	return nil
}
