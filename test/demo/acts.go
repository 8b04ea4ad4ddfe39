package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

// The plan's timing: how people behave, not what the house may take.
const (
	wrapUp   = time.Second
	ringTime = 3 * time.Second // until huawu withdraws an offer, and a second of grace
	ringing  = time.Second     // before an agent picks up
	talking  = 2 * time.Second
	thinking = 600 * time.Millisecond // before a caller presses a key
	knowing  = time.Second            // before a caller who knows the way does
)

// What parties hear.
var (
	greeting = label{"欢迎词", "the greeting"}
	menu     = label{"菜单", "the menu"}
	music    = label{"等待音乐", "the music"}
	thanks   = label{"致谢", "the thanks"}
	prompt   = label{"提示音", "the prompt"}
	answer   = label{"确认音", "the confirmation"}
)

// stage is where the demo's calls are played.
type stage struct {
	*house
	story  *story
	agents []agent
	phones map[string]*phone.Phone // the agents', by number
	guests []*guest
}

// guest is a caller, and what must have become of the call in the end.
type guest struct {
	number string
	tone   float64
	title  label
	want   outcome
	phone  *phone.Phone
}

// guests are the callers. Their tones, those of the agents and the music are
// all apart.
func guests() []*guest {
	none := func(r fact.Reason) fact.Ending { return fact.Ending{Fault: fact.FaultNone, Reason: r} }
	return []*guest{
		{number: "13800000001", tone: 540, title: label{"听菜单、按键、听音乐等待，座席 1001 接听后先挂机，再听致谢", "menu, key, music, talk with agent 1001 who hangs up, thanks"},
			want: outcome{agent: "1001", ending: none(fact.ReasonCompleted), by: fact.ByAgent, offers: 1, told: []string{
				"call.offered", "flow.node demo/greeting", "leg.answered", "record.started", "flow.node demo/services", "flow.node demo/sales",
				"queue.joined 1", "queue.offered 1001", "leg.ringing 1001", "leg.answered 1001", "queue.connected 1001",
				"leg.hangup 1001 agent", "flow.node demo/thanks", "flow.node demo/end", "leg.hangup", "call.ended"}}},
		{number: "13800000002", tone: 620, title: label{"排在其后，等到座席 1001 空闲，通话后先挂机", "waits behind for the busy agent 1001, then talks and hangs up"},
			want: outcome{agent: "1001", ending: none(fact.ReasonCallerEnded), by: fact.ByCaller, offers: 1, told: []string{
				"call.offered", "leg.answered", "record.started", "flow.node demo/sales",
				"queue.joined 2", "queue.offered 1001", "queue.connected 1001", "leg.hangup caller", "leg.hangup 1001", "call.ended"}}},
		{number: "13800000003", tone: 1010, title: label{"座席 1002 振铃不接，保留原位，座席 1003 接听", "agent 1002 lets it ring; keeps the place, agent 1003 answers"},
			want: outcome{agent: "1003", ending: none(fact.ReasonCompleted), by: fact.ByAgent, offers: 2, told: []string{
				"call.offered", "leg.answered", "record.started", "flow.node demo/support",
				"queue.joined 1", "queue.offered 1002", "leg.ringing 1002", "queue.missed 1002 no-answer", "norm.broken 1002 RUL-ANS-1",
				"queue.offered 1003", "queue.connected 1003", "leg.hangup 1003 agent", "flow.node demo/thanks", "call.ended"}}},
		{number: "13800000004", tone: 1080, title: label{"等待中放弃", "hangs up while waiting"},
			want: outcome{ending: fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonAbandoned}, by: fact.ByCaller, told: []string{
				"call.offered", "leg.answered", "record.started", "flow.node demo/support",
				"queue.joined 2", "leg.hangup caller", "queue.left abandoned", "call.ended"}}},
	}
}

// confirmed are the nodes at which the feature codes say that it is done.
var confirmed = map[string]string{"*11": "agent-sign-in/confirmed", "*12": "agent-ready/confirmed"}

// play has every call happen. It errors with the first thing that is missing.
func (s *stage) play(ctx context.Context) error {
	acts, ctx := errgroup.WithContext(ctx)
	acts.Go(func() error { return s.signInByPhone(ctx, s.agents[0]) })
	acts.Go(func() error { return s.busyAgent(ctx) })
	acts.Go(func() error { return s.deafAgent(ctx) })
	return acts.Wait()
}

// signInByPhone has an agent sign in and become ready by feature codes.
func (s *stage) signInByPhone(ctx context.Context, a agent) error {
	who := "agent " + a.ID
	p, err := dial(ctx, s.story, s.phones[a.ID], who, "*11")
	if err != nil {
		return err
	}
	for _, ask := range []struct {
		node, keys string
		secret     bool
	}{{"agent-sign-in/number", a.ID + "#", false}, {"agent-sign-in/pin", a.PIN + "#", true}} {
		if err := s.reaches(ctx, p, ask.node); err != nil {
			return err
		}
		if err := p.hearsSpeech(ctx, prompt); err != nil {
			return err
		}
		if err := p.press(ctx, ask.keys, ask.secret); err != nil {
			return err
		}
	}
	if err := s.confirms(ctx, p, "*11"); err != nil {
		return err
	}
	if p, err = dial(ctx, s.story, s.phones[a.ID], who, "*12"); err != nil {
		return err
	}
	return s.confirms(ctx, p, "*12")
}

// confirms waits until a feature code has said yes and hung up.
func (s *stage) confirms(ctx context.Context, p *party, code string) error {
	if err := s.reaches(ctx, p, confirmed[code]); err != nil {
		return err
	}
	if err := p.hearsSpeech(ctx, answer); err != nil {
		return err
	}
	return p.ended(ctx)
}

// busyAgent is the first two calls, both for agent 1001.
func (s *stage) busyAgent(ctx context.Context) error {
	first, err := s.arrives(ctx, s.guests[0])
	if err != nil {
		return err
	}
	if err := s.reaches(ctx, first, "demo/services"); err != nil {
		return err
	}
	if err := pause(ctx, thinking); err != nil {
		return err
	}
	if err := first.hearsSpeech(ctx, menu); err != nil {
		return err
	}
	if err := s.lines(ctx, first, "1"); err != nil {
		return err
	}
	acts, ctx := errgroup.WithContext(ctx)
	acts.Go(func() error {
		return s.served(ctx, first, "1001", true)
	})
	acts.Go(func() error {
		second, err := s.knows(ctx, s.guests[1], "1")
		if err != nil {
			return err
		}
		if _, err := s.story.await(ctx, "the talk of the first caller", func(e rig.Event) bool {
			return e.Call == first.id && e.Kind == fact.QueueConnected
		}); err != nil {
			return err
		}
		if err := second.hearsTone(ctx, music, pbx.MusicTone); err != nil {
			return err
		}
		return s.served(ctx, second, "1001", false)
	})
	return acts.Wait()
}

// deafAgent is the other two calls: agent 1002 does not answer, agent 1003
// comes to help, and one caller does not wait so long.
func (s *stage) deafAgent(ctx context.Context) error {
	s.phones["1002"].Behave(phone.Behaviour{}) // rings until it is withdrawn
	if err := s.SignIn(ctx, "1002", "1002"); err != nil {
		return err
	}
	if err := s.becomes(ctx, "1002", routing.ReadyState); err != nil {
		return err
	}
	third, err := s.knows(ctx, s.guests[2], "2")
	if err != nil {
		return err
	}
	missed, err := rung(ctx, s.story, s.phones["1002"], third.id)
	if err != nil {
		return err
	}
	missed.note(label{"不接", "lets it ring"}, "")
	fourth, err := s.knows(ctx, s.guests[3], "2")
	if err != nil {
		return err
	}
	if err := missed.ended(ctx); err != nil {
		return err
	}
	if err := s.keepsPlace(ctx, third, fourth); err != nil {
		return err
	}
	// The command line, this time.
	if _, err := s.CLI(ctx, "agent", "sign-in", "1003", "PJSIP/1003", "--ready"); err != nil {
		return err
	}
	acts, ctx := errgroup.WithContext(ctx)
	acts.Go(func() error { return s.served(ctx, third, "1003", true) })
	acts.Go(func() error {
		if _, err := s.story.await(ctx, "the talk of "+third.name, func(e rig.Event) bool {
			return e.Call == third.id && e.Kind == fact.QueueConnected
		}); err != nil {
			return err
		}
		if err := fourth.hearsTone(ctx, music, pbx.MusicTone); err != nil {
			return err
		}
		fourth.hangup()
		return nil
	})
	return acts.Wait()
}

// keepsPlace holds the line to its order after an offer that came to nothing.
func (s *stage) keepsPlace(ctx context.Context, front, behind *party) error {
	if _, err := s.story.await(ctx, "the offer to agent 1002 to end", func(e rig.Event) bool {
		return e.Call == front.id && e.Kind == fact.QueueMissed
	}); err != nil {
		return err
	}
	queues, err := s.Queues(ctx)
	if err != nil {
		return err
	}
	var line []center.TicketView
	for _, q := range queues {
		if q.ID == "support" {
			line = q.Waiting
		}
	}
	if len(line) != 2 || line[0].Call != front.id || line[1].Call != behind.id {
		return fmt.Errorf("%s did not keep the place before %s: in line are %+v", front.name, behind.name, line)
	}
	s.story.note(front.id, byREST, time.Now(), label{"仍在原位", "keeps the place"},
		fmt.Sprintf("%s: position %d, waiting for %d ms", front.name, line[0].Position, line[0].Waited))
	return nil
}

// arrives has a caller dial the hotline and hear its greeting.
func (s *stage) arrives(ctx context.Context, g *guest) (*party, error) {
	p, err := dial(ctx, s.story, g.phone, "caller "+g.number, hotline)
	if err != nil {
		return nil, err
	}
	return p, p.hearsSpeech(ctx, greeting)
}

// knows has a caller who knows the way dial the hotline and press a key while
// it still greets.
func (s *stage) knows(ctx context.Context, g *guest, key string) (*party, error) {
	p, err := s.arrives(ctx, g)
	if err != nil {
		return nil, err
	}
	if err := pause(ctx, knowing); err != nil {
		return nil, err
	}
	return p, s.lines(ctx, p, key)
}

// lines has a caller choose a queue and hear its music.
func (s *stage) lines(ctx context.Context, p *party, key string) error {
	if err := p.press(ctx, key, false); err != nil {
		return err
	}
	if _, err := s.story.await(ctx, p.name+" to stand in line", func(e rig.Event) bool {
		return e.Call == p.id && e.Kind == fact.QueueJoined
	}); err != nil {
		return err
	}
	return p.hearsTone(ctx, music, pbx.MusicTone)
}

// served has an agent pick up and talk with a caller. Whoever hangs up: the
// agent, and then the caller is thanked, or the caller.
func (s *stage) served(ctx context.Context, p *party, agent string, agentEnds bool) error {
	if _, err := s.story.await(ctx, p.name+" to be offered to agent "+agent, func(e rig.Event) bool {
		return e.Call == p.id && e.Kind == fact.QueueOffered && string(e.Agent) == agent
	}); err != nil {
		return err
	}
	a, err := rung(ctx, s.story, s.phones[agent], p.id)
	if err != nil {
		return err
	}
	if _, shown := a.Shown(); !strings.HasSuffix(p.name, shown) || shown == "" {
		return fmt.Errorf("the phone of agent %s shows %q, not the number of %s", agent, shown, p.name)
	}
	if err := pause(ctx, ringing); err != nil {
		return err
	}
	a.note(label{"摘机", "picks up"}, "")
	a.Answer()
	if err := talk(ctx, p, a, talking); err != nil {
		return err
	}
	if !agentEnds {
		p.hangup()
		return a.ended(ctx)
	}
	a.hangup()
	p.Talk(false)
	if err := s.reaches(ctx, p, "demo/thanks"); err != nil {
		return err
	}
	if err := p.hearsSpeech(ctx, thanks); err != nil {
		return err
	}
	return p.ended(ctx)
}

// reaches waits until a call's flow is at a node.
func (s *stage) reaches(ctx context.Context, p *party, node string) error {
	_, err := s.story.await(ctx, p.name+" at the flow's node "+node, func(e rig.Event) bool {
		return e.Call == p.id && e.Kind == fact.FlowNode && e.Name == node
	})
	return err
}

// becomes waits for an agent's state.
func (s *stage) becomes(ctx context.Context, id string, state routing.State) error {
	_, err := s.story.await(ctx, fmt.Sprintf("agent %s to be %s", id, state), func(e rig.Event) bool {
		return e.Kind == fact.AgentState && string(e.Agent) == id && e.To == string(state)
	})
	return err
}
