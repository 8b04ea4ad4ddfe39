package phrase

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

// Of the recordings that say the words the nearest is heard: an agent's own
// before the tenant's, of either the queue's before that for all queues.
func TestTheNearestRecordingIsHeard(t *testing.T) {
	of := func(queue, agent string) Recorded {
		return Recorded{Queue: fact.QueueID(queue), Agent: fact.AgentID(agent), Profile: "cable", Language: "zh", Key: "a"}
	}
	rec := func(queue, agent, text string) Recording {
		return Recording{Recorded: of(queue, agent), Text: text,
			File: "of " + strings.Trim(queue+"/"+agent, "/")}
	}
	all := []Recording{rec("", "", "您好。"), rec("sales", "", "您好。"), rec("", "1001", "您好！"), rec("sales", "1001", "你好。"), rec("", "1002", "您好。")}
	for _, c := range []struct{ queue, agent, want string }{
		{"", "", ""}, {"sales", "", "sales"}, {"support", "", ""}, {"sales", "1001", "1001"}, {"sales", "1002", "1002"}, {"sales", "1003", "sales"},
	} {
		got := Of(all, of(c.queue, c.agent), "您好")
		if got == nil || got.File != "of "+c.want {
			t.Errorf("%s of %s: %+v, want %q", c.queue, c.agent, got, c.want)
		}
	}
	if got := Of(all, Recorded{Profile: "cable", Language: "en", Key: "a"}, "您好"); got != nil {
		t.Errorf("in another language: %+v", got)
	}
	var near []string
	for _, r := range Near(all, Recorded{Queue: "sales", Profile: "cable", Language: "zh", Key: "a"}) {
		near = append(near, r.File)
	}
	if got := strings.Join(near, ", "); got != "of sales, of sales/1001, of , of 1001, of 1002" {
		t.Errorf("near are %q", got)
	}
}
