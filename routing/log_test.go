package routing

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func init() {
	queueOptions["log-within"] = func(q *Queue, value string) (err error) {
		q.LogWithin, err = time.ParseDuration(value)
		return err
	}
	queueOptions["log"] = func(q *Queue, value string) error { // log=result!:solved|open,note
		for _, text := range strings.Split(value, ",") {
			id, values, _ := strings.Cut(text, ":")
			f := LogField{ID: strings.TrimSuffix(id, "!"), Required: strings.HasSuffix(id, "!")}
			if values != "" {
				f.Values = strings.Split(values, "|")
			}
			q.Log = append(q.Log, f)
		}
		return nil
	}
	verbs["log"] = func(_ *player, args []string) (Input, error) { // log 1001 result:solved of=t1
		plain, named := options(args)
		in := Log{Agent: fact.AgentID(plain[0]), Ticket: fact.TicketID(named["of"])}
		for _, text := range plain[1:] {
			field, v, _ := strings.Cut(text, ":")
			in.Values = append(in.Values, fact.LogValue{Field: field, Value: v})
		}
		return in, nil
	}
}

// What a configuration says of what is written down is checked.
func TestLogFieldsAreChecked(t *testing.T) {
	many := make([]LogField, maxLogFields+1)
	for i := range many {
		many[i].ID = "f" + string(rune('a'+i))
	}
	for _, c := range []struct {
		queue Queue
		want  string
	}{
		{Queue{Log: many}, `log: "21": want at most 20 fields`},
		{Queue{Log: []LogField{{ID: "a b"}}}, `log[0].id: "a b"`},
		{Queue{Log: []LogField{{ID: "a"}, {ID: "a"}}}, `log[1].id: "a": want each field once`},
		{Queue{Log: []LogField{{ID: "a", Values: []string{"x", "x"}}}}, `log[0].values[1]: "x": want each value once`},
		{Queue{Log: []LogField{{ID: "a", Values: []string{" x"}}}}, `log[0].values[0]: " x"`},
		{Queue{LogWithin: time.Millisecond}, `log_within: "1ms"`},
	} {
		c.queue.ID = "sales"
		if err := (Config{Queues: []Queue{c.queue}}).Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.queue, err, c.want)
		}
	}
}
