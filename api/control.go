package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// CallAct is the body of a command to the one who has a talk.
type CallAct struct {
	Agent fact.AgentID `json:"agent,omitempty" doc:"who of the talk acts; the one who has it when absent" maxLength:"64"`
}

// Saying is the body of saying words in a talk.
type Saying struct {
	CallAct
	Text     string `json:"text" doc:"what both sides hear" minLength:"1" maxLength:"200" example:"您的订单今天下午送达。"`
	Language string `json:"language,omitempty" doc:"of the text; zh when absent" enum:"zh,en"`
}

// Hold is the body of a hold.
type Hold struct {
	CallAct
	Consent bool `json:"consent,omitempty" doc:"the caller has been asked"`
}

// Toward is the body of a consult and of a transfer.
type Toward struct {
	CallAct
	To center.Target `json:"to" doc:"exactly one of agent, queue and number"`
}

// Parking is the body of a park.
type Parking struct {
	CallAct
	Slot     int  `json:"slot,omitempty" doc:"of the centre's park; the first free one when absent" minimum:"0" maximum:"99999"`
	Announce bool `json:"announce,omitempty" doc:"the agent hears the slot's number before the phone is hung up"`
}

// PickingUp is the body of a pick-up.
type PickingUp struct {
	Agent fact.AgentID `json:"agent" doc:"whose phone is rung" minLength:"1" maxLength:"64"`
}

// Rank is the body of a change of priority.
type Rank struct {
	Priority int `json:"priority" doc:"of the caller in line, in place of the one given before" minimum:"0" maximum:"100"`
}

// Move is the body of a move to another line.
type Move struct {
	Queue fact.QueueID `json:"queue" doc:"the other queue" minLength:"1" maxLength:"64"`
}

// QueueMode is the body of a change of a queue's mode.
type QueueMode struct {
	Mode routing.Mode `json:"mode" doc:"open; paused takes callers and offers none; draining takes none and serves those in line; closed takes none and lets those in line leave" enum:"open,paused,draining,closed"`
}

// AgentSkills is the body of a change of an agent's skills.
type AgentSkills struct {
	Skills []routing.Skill `json:"skills" doc:"all that the agent has from now on, until the centre is configured anew" maxItems:"200"`
}

// WrapUpExtension is the body of a longer wrap-up.
type WrapUpExtension struct {
	For string `json:"for" doc:"how much longer" example:"30s" maxLength:"20"`
}

// QueueDone is the answer to a command to a queue.
type QueueDone struct {
	Cursor string `json:"cursor" doc:"for ?after= of a read that is to include it"`
	// Queue is set when ?wait=true was asked.
	Queue *center.QueueView `json:"queue,omitempty" doc:"the queue afterwards, with wait"`
}

type queueDoneOut struct{ Body QueueDone }

type CallPath struct {
	ID string `path:"id" doc:"the call's id" maxLength:"200"`
}

// nothing is the body of a command that needs none.
type nothing = *struct{}

// callVerb registers one command to a call; op makes the operation of the
// body. A body behind a pointer may be left out.
func callVerb[B any](s *Server, verb, id, summary string, op func(call fact.CallID, body B) center.Operation) {
	route(s, http.MethodPost, "/calls/{id}/"+verb, id, summary, func(ctx context.Context, in *struct {
		Waited
		CallPath
		Body B
	}) (*callDoneOut, error) {
		call := fact.CallID(in.ID)
		asked := op(call, in.Body)
		n := Note{Action: "call." + verb, Target: "call/" + in.ID, After: asJSON(asked)}
		v, _ := s.engine.View()
		if c := callIn(v, call); c != nil {
			n.Before = asJSON(map[string]any{"state": c.State, "from": c.From, "to": c.To, "queue": c.Queue, "agent": c.Agent})
		}
		cursor, seen, err := s.command(ctx, in.Wait, asked, n)
		if err != nil {
			return nil, err
		}
		out := &callDoneOut{CallDone{Cursor: cursor.String()}}
		if seen {
			v, _ := s.engine.View()
			out.Body.Call = callIn(v, call)
		}
		return out, nil
	})
}

// controlRoutes hold, consult and transfer calls, and steer queues and agents.
func (s *Server) controlRoutes() {
	held := func(on bool) func(fact.CallID, *Hold) center.Operation {
		return func(call fact.CallID, b *Hold) center.Operation {
			op := center.HoldCall{Call: call, On: on}
			if b != nil {
				op.Agent, op.Consent = b.Agent, b.Consent
			}
			return op
		}
	}
	queried := func(on bool) func(fact.CallID, *Hold) center.Operation {
		return func(call fact.CallID, b *Hold) center.Operation {
			op := center.QueryCall{Call: call, On: on}
			if b != nil {
				op.Agent, op.Consent = b.Agent, b.Consent
			}
			return op
		}
	}
	muted := func(on bool) func(fact.CallID, *CallAct) center.Operation {
		return func(call fact.CallID, b *CallAct) center.Operation {
			op := center.MuteCall{Call: call, On: on}
			if b != nil {
				op.Agent = b.Agent
			}
			return op
		}
	}
	callVerb(s, "hold", "hold", "Let the caller hear music", held(true))
	callVerb(s, "unhold", "unhold", "Bring the caller back from hold", held(false))
	callVerb(s, "query", "begin-query", "Say that the agent looks something up with the caller on the line", queried(true))
	callVerb(s, "query-done", "end-query", "Say that what the agent looked up is found", queried(false))
	callVerb(s, "mute", "mute", "Keep the agent from being heard", muted(true))
	callVerb(s, "unmute", "unmute", "Let the agent be heard again", muted(false))
	callVerb(s, "consult", "consult", "Call somebody for the agent, the caller on hold meanwhile",
		func(call fact.CallID, b Toward) center.Operation {
			return center.ConsultCall{Call: call, Agent: b.Agent, To: b.To}
		})
	callVerb(s, "complete", "complete-consult", "Give the talk to whom is consulted",
		func(call fact.CallID, _ nothing) center.Operation { return center.CompleteConsult{Call: call} })
	callVerb(s, "merge", "merge-consult", "Bring whom is consulted into the talk",
		func(call fact.CallID, _ nothing) center.Operation { return center.MergeConsult{Call: call} })
	callVerb(s, "cancel-consult", "cancel-consult", "End a consult; the agent goes back to the caller",
		func(call fact.CallID, _ nothing) center.Operation { return center.CancelConsult{Call: call} })
	callVerb(s, "transfer", "transfer", "Give the talk away without a word before, where the rules let it",
		func(call fact.CallID, b Toward) center.Operation {
			return center.TransferCall{Call: call, Agent: b.Agent, To: b.To}
		})
	callVerb(s, "park", "park", "Let the caller wait with music at a slot, for anybody to pick up",
		func(call fact.CallID, b *Parking) center.Operation {
			op := center.ParkCall{Call: call}
			if b != nil {
				op.Agent, op.Slot, op.Announce = b.Agent, b.Slot, b.Announce
			}
			return op
		})
	callVerb(s, "pickup", "pick-up", "Ring an agent for a parked call, by its id or its slot",
		func(call fact.CallID, b PickingUp) center.Operation {
			return center.PickUp{Call: call, Agent: b.Agent}
		})
	callVerb(s, "say", "say-text", "Have both sides of a talk hear words, as soon as the text-to-speech engine has spoken them",
		func(call fact.CallID, b Saying) center.Operation {
			return center.SayText{Call: call, Agent: b.Agent, Text: b.Text, Language: b.Language}
		})
	callVerb(s, "end-talk", "end-talk", "End the agent's part in the talk; the caller goes on in the flow",
		func(call fact.CallID, b *CallAct) center.Operation {
			op := center.EndTalk{Call: call}
			if b != nil {
				op.Agent = b.Agent
			}
			return op
		})
	callVerb(s, "rank", "rank-caller", "Give a caller in line another priority",
		func(call fact.CallID, b Rank) center.Operation {
			return center.RankCaller{Call: call, Priority: b.Priority}
		})
	callVerb(s, "move", "move-caller", "Put a caller in another queue's line, with the time waited so far",
		func(call fact.CallID, b Move) center.Operation {
			return center.MoveCaller{Call: call, Queue: b.Queue}
		})
	callVerb(s, "kick", "kick-caller", "Take a caller out of line; the script goes on",
		func(call fact.CallID, _ nothing) center.Operation { return center.KickCaller{Call: call} })

	s.callRecordingRoutes()

	route(s, http.MethodPost, "/queues/{id}/mode", "set-queue-mode", "Open, pause, drain or close a queue", s.queueMode)
	route(s, http.MethodPut, "/agents/{id}/skills", "set-skills", "Replace an agent's skills until the centre is configured anew",
		func(ctx context.Context, in *struct {
			AgentCommand
			Body AgentSkills
		}) (*agentDoneOut, error) {
			return s.agentCommand(ctx, in.AgentCommand, "agent.skills",
				center.SetSkills{Agent: fact.AgentID(in.ID), Skills: in.Body.Skills})
		})
	route(s, http.MethodPost, "/agents/{id}/extend", "extend-wrap-up", "Let an agent's wrap-up last longer",
		func(ctx context.Context, in *struct {
			AgentCommand
			Body WrapUpExtension
		}) (*agentDoneOut, error) {
			longer, err := time.ParseDuration(in.Body.For)
			if err != nil || longer <= 0 {
				return nil, fmt.Errorf("for %q: want a time such as 30s or 2m: %w", in.Body.For, ErrInvalid)
			}
			return s.agentCommand(ctx, in.AgentCommand, "agent.extend",
				center.ExtendWrapUp{Agent: fact.AgentID(in.ID), For: longer})
		})
}

// queueMode asks for a queue's mode.
func (s *Server) queueMode(ctx context.Context, in *struct {
	Waited
	QueuePath
	Body QueueMode
}) (*queueDoneOut, error) {
	op := center.SetQueueMode{Queue: fact.QueueID(in.ID), Mode: in.Body.Mode}
	n := Note{Action: "queue.mode", Target: "queue/" + in.ID, After: asJSON(op)}
	v, _ := s.engine.View()
	if q, err := queueIn(v, in.ID); err == nil {
		n.Before = asJSON(map[string]any{"mode": q.Mode, "waiting": len(q.Waiting)})
	}
	cursor, seen, err := s.command(ctx, in.Wait, op, n)
	if err != nil {
		return nil, err
	}
	out := &queueDoneOut{QueueDone{Cursor: cursor.String()}}
	if seen {
		v, _ := s.engine.View()
		out.Body.Queue, _ = queueIn(v, in.ID)
	}
	return out, nil
}
