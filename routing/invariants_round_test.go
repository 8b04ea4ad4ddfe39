package routing

import "fmt"

func init() { soundness = append(soundness, (*ACD).roundsSound, (*ACD).limitsSound) }

// limitsSound: a queue counts its staff, keeps nobody whom it expels without
// seeing to it, and lets no lease run without need; nobody waits for longer
// than allowed without a timer.
func (a *ACD) limitsSound() error {
	for id, q := range a.queues {
		on, able := 0, 0
		for _, ag := range a.agents {
			if ag.member(q) == nil || ag.state == Offline {
				continue
			}
			on++
			if ag.state != NotReadyIn && ag.state != HandoverState {
				able++
			}
		}
		met := q.StayIf == StaffAny || q.StayIf == StaffOn && on > 0 || q.StayIf == StaffAble && able > 0
		idle := 0
		for t := range q.line.all {
			if t.out() {
				continue
			}
			idle++
			if q.MaxWait > 0 && (!t.timer.running() || t.timer.due > max(a.now, t.entered.Add(q.MaxWait))) {
				return fmt.Errorf("ticket %s may wait for ever in %s", t.id, id)
			}
		}
		switch {
		case q.on != on || q.able != able:
			return fmt.Errorf("queue %s counts a staff of %d and %d, has %d and %d", id, q.on, q.able, on, able)
		case q.grace.running() && (met || q.line.n == 0 || q.deserted):
			return fmt.Errorf("queue %s: its grace runs, staffed %v, %d in line, deserted %v", id, met, q.line.n, q.deserted)
		case q.deserted && (met || q.line.n == 0):
			return fmt.Errorf("queue %s is deserted, staffed %v, %d in line", id, met, q.line.n)
		case !met && q.line.n > 0 && !q.grace.running() && !q.deserted:
			return fmt.Errorf("queue %s lacks staff and nothing comes of it", id)
		case (q.deserted || q.mode() == ModeClosed) && idle > 0 && !q.sweep.running():
			return fmt.Errorf("queue %s keeps %d whom it expels", id, idle)
		}
	}
	return nil
}

// roundsSound: the offers of a round are in the order made and to different
// agents, and only the one that took the ticket is being connected.
func (a *ACD) roundsSound() error {
	for id, t := range a.tickets {
		r := &t.round
		agents := map[*agent]bool{}
		taken := r.taken == nil
		for i, o := range r.offers {
			switch {
			case o.round != r.id || o.queueID != t.queue.ID:
				return fmt.Errorf("ticket %s: offer %s is of round %s and queue %s", id, o.id, o.round, o.queueID)
			case i > 0 && o.n <= r.offers[i-1].n || o.n > t.offers:
				return fmt.Errorf("ticket %s: offer %s is out of order", id, o.id)
			case agents[o.agent]:
				return fmt.Errorf("ticket %s is offered to %s twice", id, o.agent.id)
			case (o.phase == PhaseConnect) != (r.taken == o):
				return fmt.Errorf("ticket %s: offer %s is in %s and %v has it", id, o.id, o.phase, r.taken)
			}
			agents[o.agent] = true
			taken = taken || r.taken == o
		}
		if !taken {
			return fmt.Errorf("ticket %s was taken by %s, which is over", id, r.taken.id)
		}
	}
	return nil
}
