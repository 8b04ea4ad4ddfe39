package center

import (
	"errors"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

func TestWhyRefusesWhatIsNoQuestion(t *testing.T) {
	c := New(fact.DefaultTenant)
	c.Step(1000, Booted{Epoch: "e"})
	c.Step(1000, Configured{Config: Config{Version: 1, ACD: routing.Config{Agents: []routing.Agent{{ID: "1001"}}}}})
	for _, q := range []struct {
		question Question
		want     error
	}{
		{Question{}, ErrInvalid},
		{Question{Agent: "1001", Limit: -1}, ErrInvalid},
		{Question{Agent: "1009"}, ErrNotFound},
		{Question{Call: "c1"}, ErrNotFound},
		{Question{Call: "c1", Agent: "1001"}, ErrNotFound},
		{Question{Agent: "1001"}, nil},
	} {
		if a, err := c.Why(q.question); !errors.Is(err, q.want) || (err == nil) != (a.Agent != nil) {
			t.Errorf("%+v: %+v, %v, want %v", q.question, a, err, q.want)
		}
	}
}

func TestAnswersGrowOld(t *testing.T) {
	a := Answer{At: 1000, Wall: 5000, Call: &CallView{Lasted: 10}, Ticket: &routing.TicketWhy{
		TicketInfo: routing.TicketInfo{Score: 20}, Credits: []routing.Credit{{What: "waited", Millis: 20}}}}
	b := a.Aged(1500)
	if b.At != 1500 || b.Wall != 5500 || b.Call.Lasted != 510 || b.Ticket.Score != 520 || b.Ticket.Credits[0].Millis != 520 {
		t.Errorf("%+v", b)
	}
	if a.Call.Lasted != 10 || a.Ticket.Credits[0].Millis != 20 {
		t.Errorf("the younger answer is %+v", a)
	}
	if c := a.Aged(900); c.At != 1000 || c.Call != a.Call {
		t.Errorf("it grew younger: %+v", c)
	}
}
