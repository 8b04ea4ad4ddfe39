package api

import (
	"reflect"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
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
	c := AgentConfig{Name: ag.Name, Queues: ag.Queues, Skills: ag.Skills, Weight: ag.Weight, Supervisor: ag.Supervisor}
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
