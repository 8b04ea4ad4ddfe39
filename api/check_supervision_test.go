package api

import (
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

func TestSupervisionIsChecked(t *testing.T) {
	for _, c := range []struct {
		agent routing.Agent
		keys  center.SupervisionKeys
		wrong int
	}{
		{routing.Agent{ID: "1"}, center.SupervisionKeys{}, 0},
		{routing.Agent{ID: "1", Supervisor: true, Supervises: []fact.QueueID{"sales"}}, center.SupervisionKeys{TakeOver: "*"}, 0},
		{routing.Agent{ID: "1", Supervisor: true, Supervises: []fact.QueueID{"sale"}}, center.SupervisionKeys{}, 1},
		{routing.Agent{ID: "1", Supervises: []fact.QueueID{"sales"}}, center.SupervisionKeys{}, 1},
		{routing.Agent{ID: "1"}, center.SupervisionKeys{Listen: "5", Whisper: "4"}, 0},
		{routing.Agent{ID: "1"}, center.SupervisionKeys{Listen: center.NoKey, TakeOver: "4"}, 0},
		{routing.Agent{ID: "1"}, center.SupervisionKeys{Listen: "5"}, 1},
		{routing.Agent{ID: "1"}, center.SupervisionKeys{TakeOver: "6"}, 1},
		{routing.Agent{ID: "1"}, center.SupervisionKeys{Barge: "66", TakeOver: "x"}, 2},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.supervision(center.Config{Supervision: center.SupervisionRules{Keys: c.keys},
			ACD: routing.Config{Agents: []routing.Agent{c.agent}, Queues: []routing.Queue{{ID: "sales"}}}})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v %+v: %+v", c.agent, c.keys, k.problems)
		}
	}
}
