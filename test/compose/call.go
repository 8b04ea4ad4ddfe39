package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// Who sings what, in hertz, and from where on a tone or speech is heard.
const (
	callerTone = 700
	agentTone  = 1400
	loud       = 0.1
	spoken     = 0.01
)

const (
	agent  = "1001"
	from   = "13800000001"
	window = 300 * time.Millisecond // in which sound is measured
	step   = 20 * time.Second       // how long one thing may take
)

// call is the main road: sign in by phone, a caller by the trunk, a talk.
func (c *check) call(ctx context.Context) error {
	desk, err := c.seat(ctx, agent, agentTone)
	if err != nil {
		return err
	}
	defer desk.Close()
	c.say("phone %s has registered", agent)
	if err := c.signIn(ctx, desk); err != nil {
		return err
	}
	c.say("agent %s has signed in by phone", agent)

	outside, err := phone.Open(phone.Config{Host: c.outside, Server: c.sip, User: from, Tone: callerTone})
	if err != nil {
		return err
	}
	defer outside.Close()
	caller, err := c.dial(ctx, outside, c.number)
	if err != nil {
		return err
	}
	c.say("caller %s is greeted", from)
	desk.Behave(phone.AnswerAfter(time.Second))
	if err := caller.Press(ctx, "1"); err != nil {
		return err
	}
	rung, err := desk.Rung(ctx)
	if err != nil {
		return errors.Join(err, errors.New(desk.Trace()))
	}
	if _, number := rung.Shown(); number != from {
		return fmt.Errorf("the agent's phone shows %q, want %s", number, from)
	}
	if err := rung.Answered(ctx); err != nil {
		return err
	}
	caller.Talk(true)
	rung.Talk(true)
	if err := rig.Until(ctx, step, "caller and agent to hear each other", func() (bool, error) {
		a, b := caller.Level(agentTone, window), rung.Level(callerTone, window)
		return a > loud && b > loud, fmt.Errorf("the caller hears %.3f of the agent's tone, the agent %.3f of the caller's", a, b)
	}); err != nil {
		return err
	}
	c.say("caller and agent hear each other")
	// What is measured in the recording.
	if err := rest(ctx, 2*time.Second); err != nil {
		return err
	}
	rung.Hangup()
	caller.Talk(false)
	if err := c.hears(ctx, caller, "the word of thanks"); err != nil {
		return err
	}
	if _, err := caller.Ended(ctx); err != nil {
		return err
	}
	c.say("the agent has hung up, the caller was thanked")
	return c.recorded(ctx)
}

// signIn dials *11 and enters number and PIN, which huawu's container made.
func (c *check) signIn(ctx context.Context, desk *phone.Phone) error {
	call, err := c.dial(ctx, desk, "*11")
	if err != nil {
		return err
	}
	if err := call.Press(ctx, agent+"#"+c.accounts[agent].pin+"#"); err != nil {
		return err
	}
	if _, err := call.Ended(ctx); err != nil {
		return err
	}
	if err := c.Post(ctx, "/api/v1/agents/"+agent+"/ready", nil, nil); err != nil {
		return err
	}
	return rig.Until(ctx, step, "agent "+agent+" to be ready", func() (bool, error) {
		all, err := c.Agents(ctx)
		for _, a := range all {
			if a.ID == agent {
				return a.State == routing.ReadyState && a.Endpoint == "PJSIP/"+agent, fmt.Errorf("the agent is %s at %q", a.State, a.Endpoint)
			}
		}
		return false, err
	})
}

// recorded holds the call's recording to what was said.
func (c *check) recorded(ctx context.Context) error {
	var r fact.Record
	if err := rig.Until(ctx, step, "the call's record", func() (bool, error) {
		all, err := c.Ended(ctx)
		for _, e := range all {
			if e.From == from {
				r = e
				return true, nil
			}
		}
		return false, err
	}); err != nil {
		return err
	}
	if r.Agent != agent || r.Queue != "sales" || r.Reason != fact.ReasonCompleted || len(r.Recordings) != 2 {
		var told any
		err := c.Get(ctx, "/api/v1/calls/"+string(r.Call), &told)
		return errors.Join(fmt.Errorf("the record is %+v, the events %v", r, told), err)
	}
	for _, f := range r.Recordings {
		text, err := c.read(ctx, recordingsPath+f.Name)
		if err != nil {
			return err
		}
		s, err := wav.Read(bytes.NewReader(text))
		if err != nil {
			return fmt.Errorf("recording %s: %w", f.Name, err)
		}
		there, not := float64(callerTone), float64(agentTone)
		if f.Side == fact.SideOut {
			there, not = not, there
		}
		if !sounds(s.Samples, there) || sounds(s.Samples, not) {
			return fmt.Errorf("recording %s (%s): %g Hz should be in it, %g Hz should not", f.Name, f.Side, there, not)
		}
		c.say("%s%s holds %v of what the caller %s", recordingsPath, f.Name, s.Lasts().Round(time.Millisecond), map[fact.Side]string{fact.SideIn: "said", fact.SideOut: "heard"}[f.Side])
	}
	return nil
}

// sounds says whether a tone is anywhere in a recording.
func sounds(samples []int16, hertz float64) bool {
	const n = tone.Rate / 5
	for ; len(samples) >= n; samples = samples[n:] {
		if tone.Level(samples[:n], hertz) > loud {
			return true
		}
	}
	return false
}

// tryOut dials the hotline from the account that is there for trying out.
func (c *check) tryOut(ctx context.Context) error {
	p, err := c.seat(ctx, "caller", callerTone)
	if err != nil {
		return err
	}
	defer p.Close()
	call, err := c.dial(ctx, p, c.number)
	if err != nil {
		return err
	}
	call.Hangup()
	c.say("the account \"caller\" reaches the hotline")
	return nil
}

// seat is a registered phone of the house.
func (c *check) seat(ctx context.Context, name string, hertz float64) (*phone.Phone, error) {
	p, err := phone.Open(phone.Config{Host: c.phones, Server: c.sip, User: name, Password: c.accounts[name].password, Tone: hertz})
	if err != nil {
		return nil, err
	}
	if err := p.Register(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// dial calls a number and waits until somebody answers and speaks.
func (c *check) dial(ctx context.Context, p *phone.Phone, number string) (*phone.Call, error) {
	call, err := p.Dial(number, phone.Ask{})
	if err != nil {
		return nil, err
	}
	if err := call.Answered(ctx); err != nil {
		return nil, err
	}
	return call, c.hears(ctx, call, number+" to speak")
}

// hears waits for sound that is not the agent's.
func (c *check) hears(ctx context.Context, call *phone.Call, what string) error {
	return rig.Until(ctx, step, what, func() (bool, error) {
		all, tone := tone.Loudness(call.Heard(window)), call.Level(agentTone, window)
		return all > spoken && tone < spoken/2, fmt.Errorf("%.3f is heard, %.3f of it the agent's tone", all, tone)
	})
}

// rest lets time pass in which the parties go on as they are.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
