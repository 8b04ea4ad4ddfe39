package norms

import "github.com/huawu/huawu/fact"

// Effective is a rule as it holds for a tenant, or in a queue.
type Effective struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Chinese  string         `json:"title_zh"`
	Queue    fact.QueueID   `json:"queue,omitempty" doc:"where it holds so; the whole tenant when absent"`
	Source   string         `json:"source" doc:"where the seed says so, by part and line"`
	Role     Role           `json:"role" doc:"who answers for it"`
	Mode     Mode           `json:"mode" doc:"what is done about it: each does what those before it do" enum:"off,measure,warn,enforce"`
	ModeFrom Origin         `json:"mode_from" doc:"who says so" enum:"default,profile,tenant,queue"`
	ModeIdle bool           `json:"mode_idle,omitempty" doc:"the mode makes no difference: the rule waits, or another room keeps it by each"`
	Values   []ValueInForce `json:"values"`
	Status   Status         `json:"status" doc:"how far huawu keeps it" enum:"enforced,measured,waits"`
	Waits    string         `json:"waits,omitempty" doc:"the later room that it waits for"`
	Test     string         `json:"test,omitempty" doc:"the test that shows that it is kept"`
	By       string         `json:"by,omitempty" doc:"the room that keeps it, if the norms only count"`
}

// ValueInForce is a value of a rule as it holds.
type ValueInForce struct {
	Name    string   `json:"name"`
	Kind    Kind     `json:"kind" enum:"duration,number,switch,choice,words"`
	Unit    string   `json:"unit,omitempty"`
	Is      Written  `json:"is" doc:"as it is written: 15s, 3, true"`
	From    Origin   `json:"from" doc:"who says so; room is another field of the document" enum:"default,profile,tenant,queue,room"`
	Default string   `json:"default"`
	Min     string   `json:"min,omitempty"`
	Max     string   `json:"max,omitempty"`
	Choices []string `json:"choices,omitempty"`
	Where   string   `json:"where,omitempty" doc:"the field of the centre's document that sets it"`
	Idle    bool     `json:"idle,omitempty" doc:"nothing goes by it yet: what is set has no effect"`
}

// Effective are all rules as a plan has them for a queue, or the tenant for "".
func (p Plan) Effective(queue fact.QueueID) []Effective {
	policy := p.read()
	in := policy.of(queue)
	all := make([]Effective, len(Rules))
	for i := range Rules {
		r, s := &Rules[i], &in[i]
		e := Effective{
			ID: r.ID, Title: r.Title, Chinese: r.Chinese, Queue: queue, Source: r.Source, Role: r.Role, Mode: s.mode, ModeFrom: s.modeOf, ModeIdle: !r.steers(),
			Values: make([]ValueInForce, len(r.Values)), Status: r.Status, Waits: r.Waits, Test: r.Test, By: r.By,
		}
		for j := range r.Values {
			v := &r.Values[j]
			e.Values[j] = ValueInForce{
				Name: v.Name, Kind: v.Kind, Unit: v.Unit, Is: v.write(s.values[j]), From: s.valueOf[j], Default: v.Default,
				Choices: v.Choices, Where: v.Where, Idle: r.idle(v),
			}
			if v.Kind == Duration || v.Kind == Number {
				e.Values[j].Min, e.Values[j].Max = string(v.write(amount{n: v.Min})), string(v.write(amount{n: v.Max}))
			}
		}
		all[i] = e
	}
	return all
}
