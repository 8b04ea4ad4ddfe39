package routing

import (
	"reflect"
	"slices"
	"strconv"
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

// owes is an agent who has been given so many talks and has written about none.
func owes(t *testing.T, talks int) (*ACD, []Effect) {
	t.Helper()
	a := New()
	a.Step(0, Configure{Config{
		Queues: []Queue{{ID: "sales", Log: []LogField{{ID: "note", Required: true}}, LogWithin: time.Minute}},
		Agents: []Agent{{ID: "101", Queues: []fact.QueueID{"sales"}}},
	}})
	a.Step(0, SignIn{Agent: "101", Endpoint: "PJSIP/101", Ready: true})
	var last []Effect
	for i := range talks {
		ticket := fact.TicketID("t" + strconv.Itoa(i+1))
		at := fact.Instant(i) * 1000
		a.Step(at, Take{Ticket: ticket, Queue: "sales", Agent: "101"})
		last = a.Step(at, Released{Offer: firstOffer(ticket)})
		if err := a.invariants(); err != nil {
			t.Fatal(err)
		}
	}
	return a, last
}

// Who is given talk after talk owes for the latest ones: the oldest is waived,
// and that is told.
func TestAnAgentOwesForSoManyTalks(t *testing.T) {
	a, last := owes(t, maxDuties)
	if info, _ := a.Agent("101"); len(info.Duties) != maxDuties || slices.ContainsFunc(last, func(e Effect) bool { _, is := e.(LogWaived); return is }) {
		t.Fatalf("%d owed, %v", len(info.Duties), last)
	}
	a, last = owes(t, maxDuties+1)
	info, _ := a.Agent("101")
	if len(info.Duties) != maxDuties || info.Duties[0].Ticket != "t2" || info.Duties[maxDuties-1].Ticket != "t21" {
		t.Errorf("owed: %+v", info.Duties)
	}
	if want := (LogWaived{Agent: "101", Ticket: "t1", Queue: "sales", Missing: []string{"note"}}); !slices.ContainsFunc(last, func(e Effect) bool { return reflect.DeepEqual(e, want) }) {
		t.Errorf("%+v is not among %+v", want, last)
	}
}

// What the leader is told of is one talk: once that is written about, the next
// one has its own time, also after a restart.
func TestTheLeaderIsToldOfEachTalk(t *testing.T) {
	a, _ := owes(t, 2)
	late := func(out []Effect) (all []fact.TicketID) {
		for _, e := range out {
			if l, is := e.(LogLate); is {
				all = append(all, l.Ticket)
			}
		}
		return all
	}
	told := func(want bool) {
		t.Helper()
		if info, _ := a.Agent("101"); info.Owing != want {
			t.Errorf("the leader knows: %v, want %v", info.Owing, want)
		}
		if err := a.invariants(); err != nil {
			t.Error(err)
		}
	}
	if got := late(a.Step(60_000, Tick{})); !slices.Equal(got, []fact.TicketID{"t1"}) {
		t.Fatalf("told of %v", got)
	}
	told(true)
	a.Step(70_000, Log{Agent: "101", Ticket: "t1", Values: []fact.LogValue{{Field: "note", Value: "done"}}})
	told(false)
	b, err := a.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if a, err = Restore(b); err != nil {
		t.Fatal(err)
	}
	if got := late(a.Step(129_999, Tick{})); got != nil {
		t.Errorf("told of %v too early", got)
	}
	if got := late(a.Step(130_000, Tick{})); !slices.Equal(got, []fact.TicketID{"t2"}) {
		t.Errorf("told of %v", got)
	}
	told(true)
}
