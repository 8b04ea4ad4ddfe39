package routing

import "fmt"

func init() { soundness = append(soundness, (*ACD).roundsSound) }

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
