package routing

import "github.com/huawu/huawu/fact"

func init() {
	queueOptions["trainees"] = func(q *Queue, value string) error {
		q.Trainees = Trainees(value)
		return nil
	}
	verbs["trainee"] = func(_ *player, args []string) (Input, error) { // trainee 101 off
		return SetTrainee{Agent: fact.AgentID(args[0]), On: args[1] == "on"}, nil
	}
}
