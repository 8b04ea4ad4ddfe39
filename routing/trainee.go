package routing

import "fmt"

// Trainees says which part trainees have in a queue (SPEC ACD-6).
type Trainees string

// The parts.
const (
	TraineesAlike Trainees = ""      // as everybody
	TraineesLast  Trainees = "last"  // offered what nobody else is free for
	TraineesNever Trainees = "never" // offered nothing
)

// lastTrainee is what a trainee lacks in a queue that offers them last: more
// than all that a queue can prefer together.
const lastTrainee = maxPrefers*maxWeight + 1

// noTrainee is what a queue that offers trainees nothing asks for besides: the
// slot after all skills tells trainees from others.
func noTrainee(skills int) *gate {
	return &gate{op: opNot, slot: -1, gates: []*gate{{skill: "trainee", slot: skills, lo: 1, hi: maxLevel}}}
}

// setTrainee says that an agent is a trainee, or is one no more.
func (a *ACD) setTrainee(in SetTrainee) {
	ag := a.agents[in.Agent]
	if a.checkTrainee(in) != nil || ag.trainee == in.On {
		return
	}
	a.config.Agents[ag.order].Trainee = in.On // until the next one
	a.emit(TraineeBecame{Agent: ag.id, On: in.On})
	a.relearn(ag, func() { ag.trainee = in.On })
}

func (a *ACD) checkTrainee(in SetTrainee) error {
	if ag := a.agents[in.Agent]; ag == nil || ag.removed {
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNoAgent)
	}
	return nil
}

// trainees checks which part trainees have.
func (v *validator) trainees(field string, q *Queue) {
	switch q.Trainees {
	case TraineesAlike, TraineesLast, TraineesNever:
	default:
		v.wrong(field+".trainees", q.Trainees, fmt.Sprintf("nothing, %s or %s", TraineesLast, TraineesNever))
	}
}
