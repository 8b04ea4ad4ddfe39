package ari

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Do implements media.Switch. While there is no connection it sends nothing:
// what came of a command could not be heard.
func (s *Switch) Do(ctx context.Context, cmd media.Command) error {
	if err := media.Check(s.config.Name, s.Capabilities(), cmd); err != nil {
		return fmt.Errorf("ari: %w", err)
	}
	s.mu.Lock()
	up := s.link != nil && s.link.up
	s.mu.Unlock()
	if !up {
		return fmt.Errorf("ari: %s: no connection to %s: %w", media.CommandName(cmd), s.config.Name, media.ErrUnavailable)
	}
	// A timer more costs as much as a third of a request.
	if until, ok := ctx.Deadline(); !ok || time.Until(until) > s.config.RequestTimeout {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.config.RequestTimeout)
		defer cancel()
	}
	defer s.claim(cmd)()
	if err := s.do(ctx, cmd); err != nil {
		return fmt.Errorf("ari: %s: %w", media.CommandName(cmd), err)
	}
	return nil
}

// claim keeps what waited for the end of a prompt from moving the legs of a
// command that moves them, until release is called.
func (s *Switch) claim(cmd media.Command) (release func()) {
	switch cmd.(type) {
	case media.Join, media.Leave, media.Hold, media.Unhold, media.Music, media.Spy, media.StopSpy, media.Deflect:
	default:
		return func() {}
	}
	ids := slices.Sorted(slices.Values(cmd.Ref().Legs)) // one order for all
	var legs []*leg
	s.mu.Lock()
	for _, id := range ids {
		if l := s.legs[fact.Native(id)]; l != nil {
			legs = append(legs, l)
		}
	}
	s.mu.Unlock()
	for _, l := range legs {
		l.mover.Lock()
	}
	return func() {
		for _, l := range legs {
			l.mover.Unlock()
		}
	}
}

func (s *Switch) do(ctx context.Context, cmd media.Command) error {
	switch c := cmd.(type) {
	case media.SetTag:
		return s.setTag(ctx, c)
	case media.Answer:
		return s.answer(ctx, c)
	case media.Progress:
		return s.progress(ctx, c)
	case media.Create:
		return s.create(ctx, c)
	case media.Dial:
		return s.dialLeg(ctx, c)
	case media.Hangup:
		return s.hangup(ctx, c)
	case media.Play:
		return s.play(ctx, c)
	case media.StopPlay:
		return s.stopPlay(ctx, c)
	case media.Music:
		return s.music(ctx, c)
	case media.Join:
		return s.join(ctx, c)
	case media.Leave:
		return s.leave(ctx, c)
	case media.Hold:
		return s.hold(ctx, c)
	case media.Unhold:
		return s.unhold(ctx, c)
	case media.Mute:
		return s.ours(ctx, c.Leg, onOff(c.On), "mute", params("direction", "in"))
	case media.Record:
		return s.record(ctx, c)
	case media.MuteRecord:
		return s.muteRecord(ctx, c)
	case media.StopRecord:
		return s.stopRecord(ctx, c)
	case media.Spy:
		return s.spy(ctx, c)
	case media.StopSpy:
		return s.stopSpy(ctx, c)
	case media.SendDigits:
		return s.ours(ctx, c.Leg, http.MethodPost, "dtmf", params("dtmf", c.Digits))
	case media.DetectTalk:
		return s.detectTalk(ctx, c)
	case media.Volume:
		return s.volume(ctx, c)
	case media.Deflect:
		return s.deflect(ctx, c)
	case media.AnswerTransfer:
		if c.Done {
			return s.answerTransfer(ctx, c.Transfer, c.Leg, "channel_answered", true)
		}
		return s.answerTransfer(ctx, c.Transfer, c.Leg, "channel_progress", false)
	case media.RefuseTransfer:
		return s.answerTransfer(ctx, c.Transfer, c.Leg, "channel_declined", true)
	case media.Probe:
		return s.probe(ctx, c)
	}
	return fmt.Errorf("no such command: %w", media.ErrInvalid)
}

// ours sends one request about a leg in our application.
func (s *Switch) ours(ctx context.Context, id fact.LegID, method, verb string, query url.Values) error {
	legs, err := s.find(id)
	if err != nil {
		return err
	}
	return s.rest.do(ctx, method, path("channels", legs[0].ch, verb), query, nil, nil)
}

func onOff(on bool) string {
	if on {
		return http.MethodPost
	}
	return http.MethodDelete
}

// setVariable sets a leg's variable or writes a function of it; an empty value
// empties it. By the leg's own resource that would wait for the end of whatever
// is being played to it; EXPORT, a function of no leg, does not.
func (s *Switch) setVariable(ctx context.Context, l *leg, name, value string) error {
	s.mu.Lock()
	channel := l.name
	direct := s.link != nil && s.link.export && channel != "" && !strings.ContainsAny(channel, ",()")
	s.mu.Unlock()
	if direct {
		return s.rest.post(ctx, "/asterisk/variable", url.Values{"variable": {"EXPORT(" + channel + "," + name + ")"}, "value": {value}})
	}
	return s.rest.post(ctx, path("channels", l.ch, "variable"), url.Values{"variable": {name}, "value": {value}})
}

func (s *Switch) answer(ctx context.Context, c media.Answer) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	if err := s.hush(ctx, legs); err != nil {
		return err
	}
	return s.rest.post(ctx, path("channels", legs[0].ch, "answer"), nil)
}

func (s *Switch) progress(ctx context.Context, c media.Progress) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	s.mu.Lock()
	done := legs[0].early || legs[0].state == media.LegUp
	s.mu.Unlock()
	if done {
		return nil
	}
	return s.early(ctx, legs[0])
}

func (s *Switch) setTag(ctx context.Context, c media.SetTag) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	return s.setVariable(ctx, legs[0], media.TagVariable, c.Tag.String())
}

// wait registers for a channel's StasisStart; unwait ends that.
func (s *Switch) wait(ch string) <-chan error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := make(chan error, 1)
	s.waiting[ch] = w
	return w
}

func (s *Switch) unwait(ch string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, ch)
}

// await waits for what wait registered for.
func (s *Switch) await(ctx context.Context, started <-chan error) error {
	select {
	case err := <-started:
		return err
	case <-ctx.Done():
		return fmt.Errorf("wait for StasisStart: %w: %w", media.ErrUnknown, ctx.Err())
	}
}

// create makes the leg and waits until it can be commanded: Asterisk answers
// before that (cookbook rule 1).
func (s *Switch) create(ctx context.Context, c media.Create) error {
	if !strings.Contains(string(c.Endpoint), "/") {
		return fmt.Errorf("endpoint %q: want technology/resource: %w", c.Endpoint, media.ErrInvalid)
	}
	native := fact.Native(c.Leg)
	query := params("endpoint", string(c.Endpoint), "app", s.config.App, "channelId", native)
	if c.For != "" {
		if _, err := s.find(c.For); err != nil {
			return fmt.Errorf("for: %w", err)
		}
		query.Set("originator", fact.Native(c.For))
	}
	s.mu.Lock()
	if s.legs[native] != nil || s.waiting[native] != nil {
		s.mu.Unlock()
		return fmt.Errorf("%s lives: %w", c.Leg, media.ErrRefused)
	}
	l := &leg{id: c.Leg, ch: native, own: true, state: media.LegDown, past: map[string]bool{}}
	s.legs[native] = l
	s.mu.Unlock()
	started := s.wait(native)
	defer s.unwait(native)
	err := s.rest.do(ctx, http.MethodPost, "/channels/create", query, map[string]any{"variables": variablesOf(c)}, nil)
	if err == nil {
		return s.await(ctx, started)
	}
	if !errors.Is(err, media.ErrUnknown) {
		s.mu.Lock()
		if s.legs[native] == l {
			delete(s.legs, native)
		}
		s.mu.Unlock()
	}
	return err
}

// variablesOf is what a new leg is to carry and to show.
func variablesOf(c media.Create) map[string]string {
	v := map[string]string{media.TagVariable: c.Tag.String()}
	if c.Show.Number != "" {
		v["CONNECTEDLINE(num)"] = c.Show.Number
	}
	if c.Show.Name != "" {
		v["CONNECTEDLINE(name)"] = c.Show.Name
	}
	if strings.HasPrefix(string(c.Endpoint), "PJSIP/") {
		v[askFirst] = "ari-only"
		if c.Alert != "" {
			v["PJSIP_HEADER(add,Alert-Info)"] = c.Alert
		}
		if c.AutoAnswer {
			v["PJSIP_HEADER(add,Call-Info)"] = "<sip:huawu>;answer-after=0"
		}
	}
	return v
}

func (s *Switch) dialLeg(ctx context.Context, c media.Dial) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	l := legs[0]
	s.mu.Lock()
	again := l.dialled || l.state != media.LegDown
	l.dialled = true
	s.mu.Unlock()
	if again {
		return fmt.Errorf("%s was dialled before: %w", c.Leg, media.ErrRefused)
	}
	seconds := int((c.Limit + time.Second - 1) / time.Second)
	err = s.rest.post(ctx, path("channels", l.ch, "dial"), params("timeout", strconv.Itoa(seconds)))
	if err != nil && !errors.Is(err, media.ErrUnknown) {
		s.mu.Lock()
		l.dialled = false
		s.mu.Unlock()
	}
	return err
}

// hangup ends a leg, also one outside our application.
func (s *Switch) hangup(ctx context.Context, c media.Hangup) error {
	cause := c.Cause
	switch {
	case c.Elsewhere:
		cause = causeElsewhere
	case cause == 0:
		cause = causeClearing
	}
	ch := fact.Native(c.Leg)
	s.mu.Lock()
	l := s.legs[ch]
	if l != nil {
		l.asked = cause
	}
	s.mu.Unlock()
	err := goneIsFine(s.rest.delete(ctx, path("channels", ch), params("reason_code", strconv.Itoa(cause))))
	if err != nil && l != nil && !errors.Is(err, media.ErrUnknown) {
		s.mu.Lock()
		l.asked = 0
		s.mu.Unlock()
	}
	return err
}

const (
	// causeElsewhere has a ringing phone told "Call completed elsewhere".
	causeElsewhere = 26
	// talkLevel is Asterisk's own default: sound below it is silence.
	talkLevel = 256
	// talkSilence is how long it takes by default to have fallen silent.
	talkSilence = 2500 * time.Millisecond
)

func (s *Switch) detectTalk(ctx context.Context, c media.DetectTalk) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	if !c.On {
		return s.setVariable(ctx, legs[0], "TALK_DETECT(remove)", "")
	}
	silence := c.Silence
	if silence == 0 {
		silence = talkSilence
	}
	return s.setVariable(ctx, legs[0], "TALK_DETECT(set)", fmt.Sprintf("%d,%d", silence.Milliseconds(), talkLevel))
}

// deflect sends a leg on in the dialplan, with the number that it had there.
func (s *Switch) deflect(ctx context.Context, c media.Deflect) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	if err := s.hush(ctx, legs); err != nil {
		return err
	}
	l, to := legs[0], s.contexts.Busy
	if c.To == media.ExitFallback {
		to = s.contexts.Fallback
	}
	s.mu.Lock()
	l.deflecting = true
	exten := l.exten
	s.mu.Unlock()
	if exten == "" {
		exten = "s"
	}
	err = s.rest.post(ctx, path("channels", l.ch, "continue"), params("context", to, "extension", exten, "priority", "1"))
	if err != nil && !errors.Is(err, media.ErrUnknown) {
		s.mu.Lock()
		l.deflecting = false
		s.mu.Unlock()
	}
	return err
}
