package center

import (
	"slices"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// View is the centre as it stands after the last step. Its cost grows with the
// centre: it is made off the loop.
func (c *Center) View() *View {
	v := &View{At: c.now.At, Wall: c.now.Wall().UnixMilli(), Version: c.cfg.Version, Listed: c.listRevision, Owed: len(c.owed), Misuses: len(c.misuses), Incidents: c.incidentViews(),
		Callbacks: CallbackView{Open: c.book.Open(), Flying: c.book.Flying()}, CallbackRevision: c.book.Revision()}
	for _, l := range c.links {
		v.Switches = append(v.Switches, SwitchView{Name: l.Name, Up: l.Up, Since: l.Since})
	}
	for _, q := range c.acd.Queues() {
		v.Queues = append(v.Queues, c.queueView(q))
	}
	v.Trunks, v.Alerts = c.trunkViews(), slices.Clone(c.alerts)
	busy := map[fact.AgentID]fact.CallID{}
	for _, k := range c.ordered() {
		v.Calls = append(v.Calls, c.callView(k))
		for _, l := range k.call.Legs {
			if l.Agent != "" && !l.Gone {
				busy[l.Agent] = k.call.ID
			}
		}
	}
	for _, b := range c.norms.Board() {
		v.Broken = append(v.Broken, BrokenNorm{Breach: b, Began: c.wall(b.Since), Lasted: int64(c.now.At - b.At)})
	}
	until := make(map[fact.AgentID]string)
	for _, a := range c.cfg.ACD.Agents {
		if a.TraineeUntil != "" {
			until[a.ID] = a.TraineeUntil
		}
	}
	for _, a := range c.acd.Agents() {
		v.Agents = append(v.Agents, AgentView{
			ID: a.ID, Name: a.Name, State: a.State, Reason: a.Reason, Endpoint: a.Endpoint, Reachable: a.Reachable,
			Since: c.wall(a.Since), Lasted: int64(c.now.At - a.Since), Call: busy[a.ID], Queues: a.Queues, Skills: a.Skills,
			Trainee: a.Trainee, TraineeUntil: until[a.ID], AgentStanding: c.standing(a.AgentStanding),
		})
	}
	return v
}

func (c *Center) wall(at fact.Instant) int64 { return int64(at) + c.now.Offset }

func (c *Center) queueView(q routing.QueueInfo) QueueView {
	v := QueueView{ID: q.ID, Name: q.Name, Paused: q.Paused, Ready: q.Ready, Talking: q.Talking, Waiting: []TicketView{}, Mode: q.Mode, Staff: q.Staff,
		Accuracy: q.Accuracy}
	for _, t := range c.acd.Waiting(q.ID) {
		w := TicketView{
			Ticket: t.Ticket, Call: callOf(t.Ticket), Position: t.Position, Priority: t.Priority,
			Joined: c.wall(t.Joined), Waited: int64(c.now.At - t.Joined), Offered: t.Agent,
			Score: t.Score, Step: t.Step,
		}
		if k := c.contacts[w.Call]; k != nil {
			w.From = k.call.From.Number
			if by := k.asker(); t.Consult && by != nil {
				w.From, w.Consult = string(by.Agent), true
			}
		}
		if l, owed := c.linedBy(t.Ticket); owed {
			b, _, _ := c.book.Get(l.Callback)
			w.Callback, w.From = b.ID, b.Number
		}
		v.Waiting = append(v.Waiting, w)
	}
	return v
}

func (c *Center) callView(k *contact) CallView {
	o := k.call
	v := CallView{
		ID: o.ID, Direction: o.Direction, State: stateOf(o), From: o.From.Number, To: o.To, Queue: o.Queue, Agent: o.Agent,
		Began: o.Began.Wall().UnixMilli(), Lasted: int64(c.now.At - o.Began.At),
	}
	if o.Phase == call.InTalk && o.Direction == fact.Inbound {
		v.Agent = "" // as of somebody outside, whom the talk was given to
		if p := o.Partner(); p != nil {
			v.Agent = p.Agent
		}
	}
	if k.session != nil {
		v.Node = string(k.session.Flow()) + "/" + k.session.Node()
	}
	c.recordingView(k, &v)
	for _, l := range o.Legs {
		if !l.Gone {
			v.Muted = v.Muted || l.Muted
			v.Legs = append(v.Legs, LegView{Leg: l.ID, Role: string(l.Role), State: string(l.State), Endpoint: l.Endpoint})
		}
	}
	v.Consult, v.Third, v.Parked = c.consultView(k), o.Third, c.parkView(k)
	v.Log, v.Survey = slices.Clone(k.log), k.survey
	if q := k.query; q != nil {
		v.Query = c.wall(q.Since)
	}
	if h := k.holding; h != nil {
		v.Held, v.HeldLong = c.wall(h.Since), h.Long
	}
	v.Scene = c.sceneView(k)
	v.Supervisors = c.supervisionViews(k)
	return v
}

func stateOf(o *call.Call) CallState {
	switch o.Phase {
	case call.Parked:
		return CallParked
	case call.Waiting, call.Dialling:
		if p := o.Partner(); p != nil && (p.State == media.LegRing || p.State == media.LegUp || o.Phase == call.Dialling) {
			return CallRinging
		}
		return CallWaiting
	case call.InTalk:
		for _, l := range o.Legs {
			if (l.Held || l.OnHold) && !l.Gone {
				return CallHeld
			}
		}
		return CallTalking
	case call.Ending, call.Ended:
		return CallEnding
	}
	return CallInFlow
}
