package api

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/strict"
)

// TestQueuesAreConfiguredWhole: what a reader of a queue puts back is the
// queue, with all that a configuration can say of one.
func TestQueuesAreConfiguredWhole(t *testing.T) {
	q := routing.Queue{ID: "sales"}
	fill(reflect.ValueOf(&q).Elem(), "ID")
	got, err := configOf(q).queue("sales")
	if err != nil || !reflect.DeepEqual(got, q) {
		t.Errorf("%+v\ncomes back as\n%+v: %v", q, got, err)
	}
	ag := routing.Agent{ID: "1001"}
	fill(reflect.ValueOf(&ag).Elem(), "ID")
	ag.TraineeEnds, ag.Trainee = 0, false // follow from the day
	c := AgentConfig{Name: ag.Name, Queues: ag.Queues, Skills: ag.Skills, Weight: ag.Weight, TraineeUntil: ag.TraineeUntil, Supervisor: ag.Supervisor, Supervises: ag.Supervises}
	if got := c.agent("1001"); !reflect.DeepEqual(got, ag) {
		t.Errorf("%+v\ncomes back as\n%+v", ag, got)
	}
}

// fill gives every field of v a value that is not zero, but for those named.
func fill(v reflect.Value, but ...string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); len(but) == 0 || f.Name != but[0] {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(int64(3 * time.Second))
	}
}

// TestAQueuesDistributionIsPut: by REST, as by a document.
func TestAQueuesDistributionIsPut(t *testing.T) {
	c := QueueConfig{Distribution: routing.BestSkill, PreferHold: "20s", Relax: []RelaxConfig{{After: "half a minute"}}}
	if _, err := c.queue("sales"); err == nil {
		t.Error("half a minute is a duration")
	}
	c.Relax[0].After = "30s"
	q, err := c.queue("sales")
	if err != nil || q.Relax[0].After != 30*time.Second || q.PreferHold != 20*time.Second || q.ID != fact.QueueID("sales") {
		t.Errorf("%+v: %v", q, err)
	}
}

// TestOrderIsWrittenInDocuments: all that ranks and distributes is read from
// YAML, held to its rules and written again as it was.
func TestOrderIsWrittenInDocuments(t *testing.T) {
	const document = `skills: [english, cable]
order:
  priority: 30s
  repeat: 1m
  cap: 1h30m
  levels:
    - {id: vip, worth: 10m}
  seed: 7
queues:
  - id: sales
    distribution: weighted-random
    prefers: [{skill: cable, weight: 3}]
    relax:
      - {after: 30s, needs: english>=20}
      - {after: 2m, drop_own: true}
    ageing: [{after: 5m, worth: 2m}]
    urgency: 1m
    prefer_hold: 20s
agents:
  - id: '1001'
    queues: [sales]
    weight: 40
`
	d, err := ParseDocument("d", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Compiler{}).Compile(t.Context(), "d", []byte(document), d); err != nil {
		t.Fatal(err)
	}
	src, err := d.Source()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseDocument("d", src)
	if err != nil || !reflect.DeepEqual(again.ACD, d.ACD) {
		t.Errorf("%v: %+v\nis written as\n%s", err, d.ACD, src)
	}
	if q := d.ACD.Queues[0]; q.Distribution != routing.WeightedRandom || q.Relax[1].After != 2*time.Minute || !q.Relax[1].DropOwn ||
		d.ACD.Order.Levels[0].Worth != 10*time.Minute || d.ACD.Agents[0].Weight != 40 {
		t.Errorf("%+v", d.ACD)
	}

	// A cap that the credits exceed is refused with its field and line.
	broken := strings.Replace(document, "cap: 1h30m", "cap: 10m", 1)
	if d, err = ParseDocument("d", []byte(broken)); err != nil {
		t.Fatal(err)
	}
	_, err = Compiler{}.Compile(t.Context(), "d", []byte(broken), d)
	wrong := (*strict.Errors)(nil)
	if !errors.As(err, &wrong) || len(wrong.Problems) != 1 || wrong.Problems[0].Field != "order.cap" || wrong.Problems[0].Line != 5 {
		t.Errorf("a cap too low: %v", err)
	}
}
