package routing

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

// config is one of many small configurations.
func (w *world) config() Config {
	c := Config{Skills: []fact.SkillID{"english", "cable", "trainee"}}
	for _, id := range []fact.QueueID{"a", "b", "c"} {
		if id != "a" && w.chance(15) {
			continue
		}
		c.Queues = append(c.Queues, Queue{
			ID: id, Ring: pick(w.rng, 0, 3*time.Second), Reach: pick(w.rng, 0, 2*time.Second),
			WrapUp: pick(w.rng, 0, 0, 4*time.Second), Paused: w.chance(8),
			Needs: pick[Needs](w.rng, "", "", "", "NOT trainee"),
		})
		if q := &c.Queues[len(c.Queues)-1]; w.chance(40) {
			q.Distribution, q.Width, q.CancelAt = RingAll, pick(w.rng, 0, 2), pick(w.rng, "", CancelAtAnswer)
		}
	}
	if w.chance(30) {
		c.Order = Order{Priority: time.Second, Repeat: time.Second, Cap: 2 * time.Minute, Levels: []Level{{ID: "vip", Worth: 3 * time.Second}}}
	}
	for i := range c.Queues {
		c.Queues[i].Trainees = pick(w.rng, TraineesAlike, TraineesAlike, TraineesLast, TraineesNever)
	}
	for i := range c.Queues {
		if q := &c.Queues[i]; w.chance(30) {
			q.Log = []LogField{{ID: "result", Values: []string{"solved", "open"}, Required: true}, {ID: "note", Required: w.chance(50)}}
			q.LogWithin = pick(w.rng, 0, 2*time.Second)
		}
	}
	for i := range c.Queues {
		if q := &c.Queues[i]; q.Distribution == "" && w.chance(50) {
			q.Distribution = pick(w.rng, FewestCalls, LeastTalk, RoundRobin, Linear, WeightedRandom, BestSkill)
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.Prefers = []Preference{{Skill: "english", Weight: 2}, {Skill: "cable", Weight: 1}}
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.Relax = []Relaxation{{After: 2 * time.Second, Needs: "english"}, {After: 4 * time.Second, DropOwn: true}}
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.Ageing, q.Urgency = []Ageing{{After: 3 * time.Second, Worth: 5 * time.Second}}, pick(w.rng, 0, time.Second)
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.PreferHold, q.Named = 3*time.Second, w.chance(50)
		}
		if q := &c.Queues[i]; w.chance(40) {
			q.MaxWaiting, q.MaxWait = pick(w.rng, 0, 0, 2), pick(w.rng, 0, 0, 3*time.Second)
			q.JoinIf, q.StayIf = pick(w.rng, StaffAny, StaffOn, StaffAble), pick(w.rng, StaffAny, StaffOn, StaffAble)
			q.Grace = pick(w.rng, 0, 2*time.Second)
			for _, on := range []Exit{ExitFull, ExitTimeout, ExitUnstaffed, ExitDraining, ExitClosed} {
				if to := pick(w.rng, c.Queues...).ID; to != q.ID && w.chance(60) {
					q.Overflow = append(q.Overflow, Overflow{On: on, Queue: to})
				}
			}
		}
	}
	if w.chance(50) {
		c.RONAs, c.ApproveWithin = pick(w.rng, 0, 1), pick(w.rng, 0, time.Second)
		c.Pauses = []Pause{
			{ID: PauseMeal, Max: 2 * time.Second, Escalate: 3 * time.Second}, {ID: PauseBreak, Approval: pick(w.rng, ApprovalAuto, ApprovalAsk)},
			{ID: PauseLeave, Max: time.Second, Approval: ApprovalAsk},
		}
	}
	for i := range 6 {
		if w.chance(8) {
			continue
		}
		ag := Agent{ID: fact.AgentID(fmt.Sprint(100 + i)), Trainee: w.chance(20)}
		for _, q := range c.Queues {
			if w.chance(60) {
				ag.Queues = append(ag.Queues, q.ID)
			}
		}
		for _, s := range c.Skills {
			if w.chance(40) {
				ag.Skills = append(ag.Skills, Skill{ID: s, Level: w.rng.IntN(101)})
			}
		}
		c.Agents = append(c.Agents, ag)
	}
	return c
}

func (w *world) input() Input {
	r := w.rng
	agent := fact.AgentID(fmt.Sprint(100 + r.IntN(7)))
	endpoint := fact.Endpoint("PJSIP/" + string(agent))
	if w.chance(5) {
		endpoint = "PJSIP/100"
	}
	switch n := r.IntN(125); {
	case n >= 123:
		return SetTrainee{Agent: agent, On: w.chance(50)}
	case n >= 119:
		return w.log(agent)
	case n >= 116:
		w.taken++
		return Take{Ticket: fact.TicketID(fmt.Sprint("p", w.taken)), Queue: pick[fact.QueueID](r, "a", "b", "c"), Agent: agent}
	case n >= 113:
		if asked := w.asked(); asked != "" && w.chance(80) {
			agent = asked
		}
		return Decide{Agent: agent, Grant: w.chance(60), By: "chen"}
	case n >= 110:
		return Pass{Offer: w.talk(), Agent: agent}
	case n >= 107:
		return SetMode{Queue: pick[fact.QueueID](r, "a", "b", "c"), Mode: pick(r, ModeOpen, ModeOpen, ModePaused, ModeDraining, ModeClosed, "odd")}
	case n >= 104 && len(w.joined) > 0:
		return Move{Ticket: w.joined[r.IntN(len(w.joined))].Ticket, Queue: pick[fact.QueueID](r, "a", "b", "c")}
	case n >= 102 && len(w.joined) > 0:
		return Rank{Ticket: w.joined[r.IntN(len(w.joined))].Ticket, Priority: r.IntN(101)}
	case n >= 100:
		return SetSkills{Agent: agent, Skills: []Skill{{ID: pick[fact.SkillID](r, "english", "cable"), Level: r.IntN(101)}}}
	case n < 18:
		return w.join()
	case n < 22 && len(w.joined) > 0:
		return Withdraw{Ticket: w.joined[r.IntN(len(w.joined))].Ticket, Why: pick(r, ExitAbandoned, ExitRemoved)}
	case n < 30:
		in := SignIn{Agent: agent, Endpoint: endpoint, Ready: w.chance(80)}
		in.Handover = !in.Ready && w.chance(50)
		return in
	case n < 32:
		return SignOut{Agent: agent}
	case n < 37:
		return Ready{Agent: agent, Forced: w.chance(20)}
	case n < 40:
		return NotReady{Agent: agent, Reason: pick(r, PauseMeal, PauseBreak, PauseLeave, PauseRONA, "tea"),
			Call: pick[fact.CallID](r, "", "c1"), Forced: w.chance(20)}
	case n < 43:
		return Reach{Endpoint: endpoint, Reachable: w.chance(60)}
	case n < 70:
		return w.aboutOffer()
	case n < 72:
		return Hold{Agent: agent, On: w.chance(60)}
	case n < 75:
		return Seize{Agent: agent, Call: pick[fact.CallID](r, "c1", "c2")}
	case n < 79:
		return Free{Agent: agent, Call: pick[fact.CallID](r, "c1", "c2")}
	case n < 80 && w.chance(40):
		return Configure{Config: w.config()}
	case n < 90:
		w.now = w.now.Add(time.Duration(r.IntN(3000)) * time.Millisecond)
		return Tick{}
	default:
		if due, ok := w.acd.Next(); ok {
			w.now = max(w.now, due)
		}
		return Tick{}
	}
}

// asked is an agent who waits for an answer, "" for nobody.
func (w *world) asked() fact.AgentID {
	for _, ag := range w.acd.Agents() {
		if ag.Request != nil && ag.Request.Status == RequestPending {
			return ag.ID
		}
	}
	return ""
}

// log is what an agent writes, mostly one who is to.
func (w *world) log(agent fact.AgentID) Input {
	in := Log{Agent: agent}
	for _, ag := range w.acd.Agents() {
		if (len(ag.Duties) > 0 || ag.Wrapping != "") && w.chance(40) {
			in.Agent = ag.ID
		}
	}
	if ag, _ := w.acd.Agent(in.Agent); len(ag.Duties) > 0 && w.chance(30) {
		in.Ticket = ag.Duties[w.rng.IntN(len(ag.Duties))].Ticket
	}
	if w.chance(80) {
		in.Values = append(in.Values, fact.LogValue{Field: "result", Value: pick(w.rng, "solved", "open", "odd")})
	}
	if w.chance(60) {
		in.Values = append(in.Values, fact.LogValue{Field: "note", Value: pick(w.rng, "called back", " ")})
	}
	return in
}

func (w *world) join() Input {
	if len(w.joined) > 0 && w.chance(10) {
		if in := w.joined[w.rng.IntN(len(w.joined))]; w.acd.tickets[in.Ticket] != nil {
			return in // doubled
		}
	}
	w.minted++
	in := Join{
		Ticket: fact.TicketID(fmt.Sprintf("t%d", w.rng.IntN(100)*1000+w.minted)), Queue: pick[fact.QueueID](w.rng, "a", "a", "b", "c"),
		Priority: pick(w.rng, 0, 0, 0, 10), Joined: w.now.Add(-time.Duration(w.rng.IntN(4)*1000) * time.Millisecond),
		Needs: pick[Needs](w.rng, "", "", "english", "english>=50 AND NOT trainee", "cable OR english>70"),
	}
	if w.chance(20) {
		in.Prefer, in.Named = fact.AgentID(fmt.Sprint(100+w.rng.IntN(7))), w.chance(20)
	}
	if w.chance(20) {
		in.Level, in.Repeat = pick(w.rng, "vip", "odd"), w.rng.IntN(3)
	}
	w.joined = append(w.joined, in)
	return in
}

// talk is an offer that was accepted, if there is one.
func (w *world) talk() fact.OfferID {
	var ids []fact.OfferID
	for id, o := range w.ledger.offers {
		if o.accepted && !o.released {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return "t0-o1"
	}
	slices.Sort(ids)
	return ids[w.rng.IntN(len(ids))]
}

// aboutOffer is a word on an offer, mostly one that is out.
func (w *world) aboutOffer() Input {
	ids := make([]fact.OfferID, 0, len(w.ledger.offers))
	for id, o := range w.ledger.offers {
		if !o.over || o.accepted && !o.released || w.rng.IntN(20) == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	id := fact.OfferID("t0-o1")
	if len(ids) > 0 {
		id = ids[w.rng.IntN(len(ids))]
	}
	switch w.rng.IntN(10) {
	case 0, 1:
		return Rang{Offer: id}
	case 2, 3:
		return Answered{Offer: id}
	case 4, 5, 6:
		return Connected{Offer: id}
	case 7:
		return Failed{Offer: id, Why: pick(w.rng, MissNoAnswer, MissNoRing, MissRejected, MissRejected, MissBusy,
			MissUnreachable, MissFailed, MissCallerGone, MissWithdrawn, "odd")}
	default:
		if o := w.ledger.offers[id]; o != nil {
			o.released = o.released || o.accepted
		}
		return Released{Asked: w.chance(20), Offer: id}
	}
}
