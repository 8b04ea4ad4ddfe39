package routing

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

func without(ids []fact.QueueID, gone fact.QueueID) []fact.QueueID {
	var left []fact.QueueID
	for _, id := range ids {
		if id != gone {
			left = append(left, id)
		}
	}
	return left
}

// options are the words "name=value" after the plain ones.
func options(args []string) (plain []string, named map[string]string) {
	named = map[string]string{}
	for _, word := range args {
		if name, value, ok := strings.Cut(word, "="); ok {
			named[name] = value
		} else {
			plain = append(plain, word)
		}
	}
	return plain, named
}

func (p *player) queue(args []string) error {
	plain, named := options(args)
	q := Queue{ID: fact.QueueID(plain[0]), Needs: Needs(named["needs"]), Paused: named["paused"] == "yes"}
	for name, d := range map[string]*time.Duration{"ring": &q.Ring, "reach": &q.Reach, "wrap-up": &q.WrapUp} {
		if named[name] == "" {
			continue
		}
		var err error
		if *d, err = time.ParseDuration(named[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if set := queueOptions[name]; set != nil {
			if err := set(&q, named[name]); err != nil {
				return err
			}
		}
	}
	for i := range p.config.Queues {
		if p.config.Queues[i].ID == q.ID {
			p.config.Queues[i] = q
			return nil
		}
	}
	p.config.Queues = append(p.config.Queues, q)
	return nil
}

func (p *player) agent(args []string) error {
	plain, named := options(args)
	ag := Agent{ID: fact.AgentID(plain[0]), Supervisor: named["supervisor"] == "yes", Trainee: named["trainee"] == "yes"}
	if text, ok := named["weight"]; ok {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		ag.Weight = n
	}
	for _, id := range plain[1:] {
		ag.Queues = append(ag.Queues, fact.QueueID(id))
	}
	for _, name := range p.config.Skills {
		if level, ok := named[string(name)]; ok {
			n, err := strconv.Atoi(level)
			if err != nil {
				return err
			}
			ag.Skills = append(ag.Skills, Skill{ID: name, Level: n})
		}
	}
	for i := range p.config.Agents {
		if p.config.Agents[i].ID == ag.ID {
			p.config.Agents[i] = ag
			return nil
		}
	}
	p.config.Agents = append(p.config.Agents, ag)
	return nil
}

func (p *player) input(words []string) (Input, error) {
	plain, named := options(words[1:])
	arg := func(i int) string {
		if i < len(plain) {
			return plain[i]
		}
		return ""
	}
	agent, offer := fact.AgentID(arg(0)), fact.OfferID(arg(0))
	switch words[0] {
	case "configure":
		return Configure{Config: p.config}, nil
	case "join":
		in := Join{Ticket: fact.TicketID(arg(0)), Queue: fact.QueueID(arg(1)), Needs: Needs(named["needs"]), Joined: p.now}
		if text, ok := named["priority"]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			in.Priority = n
		}
		if text, ok := named["joined"]; ok {
			d, err := time.ParseDuration(text)
			if err != nil {
				return nil, err
			}
			in.Joined = fact.Instant(d.Milliseconds())
		}
		if text, ok := named["repeat"]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			in.Repeat = n
		}
		in.Prefer, in.Named = fact.AgentID(named["prefer"]), named["named"] == "yes"
		in.Level, in.Consult = named["level"], named["consult"] == "yes"
		return in, nil
	case "withdraw":
		return Withdraw{Ticket: fact.TicketID(arg(0)), Why: Exit(arg(1))}, nil
	case "sign-in":
		return SignIn{Agent: agent, Endpoint: fact.Endpoint(arg(1)), Ready: arg(2) == "ready", Handover: arg(2) == "handover"}, nil
	case "sign-out":
		return SignOut{Agent: agent}, nil
	case "ready":
		return Ready{Agent: agent, Forced: arg(1) == "forced"}, nil
	case "not-ready":
		return NotReady{Agent: agent, Reason: PauseReason(arg(1)), Call: fact.CallID(named["by"]), Forced: arg(2) == "forced"}, nil
	case "reach":
		return Reach{Endpoint: fact.Endpoint(arg(0)), Reachable: arg(1) == "yes"}, nil
	case "rang":
		return Rang{Offer: offer}, nil
	case "answered":
		return Answered{Offer: offer}, nil
	case "connected":
		return Connected{Offer: offer}, nil
	case "failed":
		return Failed{Offer: offer, Why: Miss(arg(1))}, nil
	case "released":
		return Released{Offer: offer, Asked: arg(1) == "asked"}, nil
	case "hold":
		return Hold{Agent: agent, On: arg(1) == "on"}, nil
	case "seize":
		return Seize{Agent: agent, Call: fact.CallID(arg(1))}, nil
	case "free":
		return Free{Agent: agent, Call: fact.CallID(arg(1))}, nil
	case "tick":
		return Tick{}, nil
	}
	if verb := verbs[words[0]]; verb != nil {
		return verb(p, words[1:])
	}
	return nil, fmt.Errorf("no such input %q", words[0])
}

// show prints what readers see.
func (p *player) show() {
	for _, ag := range p.acd.Agents() {
		fmt.Fprintf(&p.out, "> %s %s", ag.ID, state(ag.State, ag.Reason))
		if ag.Offer != "" {
			fmt.Fprintf(&p.out, " %s", ag.Offer)
		}
		if ag.BackOff {
			p.out.WriteString(" backs off")
		}
		p.out.WriteString("\n")
	}
	for _, q := range p.acd.Queues() {
		fmt.Fprintf(&p.out, "> %s: waiting %d, offered %d, ready %d, talking %d\n", q.ID, q.Waiting, q.Offered, q.Ready, q.Talking)
		for _, ti := range p.acd.Waiting(q.ID) {
			fmt.Fprintf(&p.out, ">   %d. %s %s\n", ti.Position, ti.Ticket, ti.Agent)
		}
	}
}

func state(s State, r PauseReason) string {
	if r == "" {
		return string(s)
	}
	return fmt.Sprintf("%s(%s)", s, r)
}

func describe(e Effect) string {
	switch e := e.(type) {
	case Offer:
		return fmt.Sprintf("offer %s of %s: %s of %s to %s at %s, limit %s", e.Offer, e.Round, e.Ticket, e.Queue, e.Agent, e.Endpoint, e.Limit)
	case Cancel:
		if e.Elsewhere {
			return fmt.Sprintf("cancel %s: %s, answered elsewhere", e.Offer, e.Why)
		}
		return fmt.Sprintf("cancel %s: %s", e.Offer, e.Why)
	case Missed:
		return fmt.Sprintf("missed %s by %s: %s, rang %d ms (%s of %s)", e.Offer, e.Agent, e.Why, e.Rang, e.Ticket, e.Queue)
	case Joined:
		return fmt.Sprintf("joined %s: %d. in %s", e.Ticket, e.Position, e.Queue)
	case Left:
		by := ""
		if e.Agent != "" {
			by = fmt.Sprintf(" by %s of %s", e.Offer, e.Agent)
		}
		return fmt.Sprintf("left %s of %s: %s%s, waited %d ms", e.Ticket, e.Queue, e.Why, by, e.Waited)
	case Became:
		return fmt.Sprintf("%s at %s: %s -> %s after %d ms", e.Agent, e.Endpoint, e.From, state(e.To, e.Reason), e.Lasted)
	case WrapUpEnded:
		return fmt.Sprintf("wrap-up of %s by %s took %d ms (%s)", e.Offer, e.Agent, e.Millis, e.Ticket)
	case Moved:
		return fmt.Sprintf("moved %s from %s: %d. in %s, %s", e.Ticket, e.From, e.Position, e.To, e.Why)
	case Relaxed:
		return fmt.Sprintf("relaxed %s of %s: step %d", e.Ticket, e.Queue, e.Step)
	case Ranked:
		return fmt.Sprintf("ranked %s: %d. in %s, score %d", e.Ticket, e.Position, e.Queue, e.Score)
	case Passed:
		return fmt.Sprintf("passed %s of %s: %s of %s", e.Old, e.From, e.New, e.To)
	case QueueBecame:
		return fmt.Sprintf("%s: %s -> %s", e.Queue, e.From, e.To)
	case Logged:
		return fmt.Sprintf("%s logs %v of %s in %s, missing %v", e.Agent, e.Values, e.Ticket, e.Queue, e.Missing)
	case LogLate:
		return fmt.Sprintf("%s has not logged %v of %s in %s for %d ms", e.Agent, e.Missing, e.Ticket, e.Queue, e.Waited)
	case LogWaived:
		return fmt.Sprintf("%s need not log %v of %s in %s", e.Agent, e.Missing, e.Ticket, e.Queue)
	case TraineeBecame:
		return fmt.Sprintf("%s trainee %v", e.Agent, e.On)
	case RONAs:
		return fmt.Sprintf("%s let %d in a row ring out", e.Agent, e.Times)
	case PauseOverran:
		return fmt.Sprintf("%s overruns %s by %d ms, leader %v", e.Agent, e.Reason, e.Over, e.Leader)
	case PauseRequest:
		return fmt.Sprintf("%s: %s %s by %q after %d ms", e.Agent, e.Reason, e.Step, e.By, e.Waited)
	default:
		return fmt.Sprintf("unknown effect %#v", e)
	}
}
