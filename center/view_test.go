package center

import (
	"reflect"
	"testing"
)

func TestAgedCountsEveryDurationOn(t *testing.T) {
	v := &View{
		At: 1000, Wall: 5000,
		Queues: []QueueView{{ID: "q", Waiting: []TicketView{{Ticket: "t", Waited: 10}}}, {ID: "empty", Waiting: []TicketView{}}},
		Agents: []AgentView{{ID: "1001", Lasted: 20}},
		Calls:  []CallView{{ID: "c", Lasted: 30}},
	}
	o := v.Aged(1700)
	if o.At != 1700 || o.Wall != 5700 || o.Queues[0].Waiting[0].Waited != 710 || o.Agents[0].Lasted != 720 || o.Calls[0].Lasted != 730 {
		t.Errorf("aged: %+v", o)
	}
	if v.Queues[0].Waiting[0].Waited != 10 || v.Agents[0].Lasted != 20 || v.Calls[0].Lasted != 30 {
		t.Errorf("the view itself was changed: %+v", v)
	}
	if o.Queues[1].Waiting == nil {
		t.Error("an empty line became none")
	}
	// What counts durations is named Lasted or Waited; a new one must be
	// counted on too.
	known := map[string]bool{"QueueView.Waiting.Waited": true, "AgentView.Lasted": true, "CallView.Lasted": true}
	for name, typ := range map[string]reflect.Type{
		"QueueView.Waiting": reflect.TypeFor[TicketView](), "QueueView": reflect.TypeFor[QueueView](),
		"AgentView": reflect.TypeFor[AgentView](), "CallView": reflect.TypeFor[CallView](),
		"LegView": reflect.TypeFor[LegView](), "SwitchView": reflect.TypeFor[SwitchView](),
	} {
		for i := range typ.NumField() {
			f := typ.Field(i)
			if (f.Name == "Lasted" || f.Name == "Waited") && !known[name+"."+f.Name] {
				t.Errorf("%s.%s is not counted on", name, f.Name)
			}
		}
	}
	if v.Aged(900) != v {
		t.Error("a view does not grow younger")
	}
}
