package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// surveys come with records, are listed by each filter, counted, and pruned with
// their calls.
func surveys(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	b := fact.Batch{Epoch: "e", Seq: 1}
	for i, v := range []*fact.Survey{
		{Queue: "sales", Agent: "1001", Asked: 10, Answered: 12, Score: 1, Of: 3, Name: "满意"},
		{Queue: "sales", Agent: "1002", Asked: 20, Answered: 25, Score: 3, Of: 3, Name: "不\x00满意"},
		{Queue: "support", Agent: "1001", Asked: 30, Of: 3}, nil,
	} {
		r := recordAt("e", uint64(i+1))
		r.Tenant, r.Direction, r.Talk, r.Queue, r.Agent, r.Began, r.Survey = "t", fact.Inbound, 1000, "sales", "1001", int64(i), v
		b.Records = append(b.Records, r)
	}
	untalked := recordAt("e", 9)
	untalked.Tenant, untalked.Direction, untalked.Talk = "t", fact.Inbound, 0
	b.Records = append(b.Records, untalked)
	for range 2 {
		must(t, s.Apply(ctx, b))
	}
	want := *b.Records[1].Survey
	want.Name = "不\uFFFD满意"
	history := got[store.CallHistory](t)(s.Call(ctx, "t", callAt("e", 2)))
	if diff := cmp.Diff(&want, history.Record.Survey); diff != "" {
		t.Errorf("(-want +read):\n%s", diff)
	}
	if h := got[store.CallHistory](t)(s.Call(ctx, "t", callAt("e", 4))); h.Record.Survey != nil {
		t.Errorf("who was not asked has %+v", h.Record.Survey)
	}
	for _, c := range []struct {
		f    store.SurveyFilter
		want string
	}{
		{store.SurveyFilter{}, "30 20 10"},
		{store.SurveyFilter{Queue: "sales"}, "20 10"},
		{store.SurveyFilter{Agent: "1001"}, "30 10"},
		{store.SurveyFilter{Score: 3}, "20"},
		{store.SurveyFilter{From: time.UnixMilli(20)}, "30 20"},
		{store.SurveyFilter{To: time.UnixMilli(20)}, "10"},
		{store.SurveyFilter{Limit: 1}, "30"},
		{store.SurveyFilter{After: &store.SurveyCursor{Asked: 30, Call: callAt("e", 3)}}, "20 10"},
	} {
		c.f.Tenant = "t"
		list := ""
		for _, v := range got[[]store.Rated](t)(s.Surveys(ctx, c.f)) {
			if list != "" {
				list += " "
			}
			list += fmt.Sprint(v.Asked)
		}
		if list != c.want {
			t.Errorf("%+v: %s, want %s", c.f, list, c.want)
		}
	}
	for by, want := range map[store.By][]store.SurveyFigures{
		store.ByQueue: {{Of: "sales", Talks: 3, Asked: 2, Answered: 2, Best: 1, Worst: 1, Score: 4}, {Of: "support", Talks: 1, Asked: 1}},
		store.ByAgent: {{Of: "1001", Talks: 3, Asked: 2, Answered: 1, Best: 1, Score: 1}, {Of: "1002", Talks: 1, Asked: 1, Answered: 1, Worst: 1, Score: 3}},
	} {
		if diff := cmp.Diff(want, got[[]store.SurveyFigures](t)(s.SurveyFigures(ctx, "t", by, time.Time{}, time.Time{}))); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", by, diff)
		}
	}
	if all := got[[]store.SurveyFigures](t)(s.SurveyFigures(ctx, "t", store.ByQueue, time.UnixMilli(1), time.UnixMilli(2))); len(all) != 1 || all[0].Talks != 1 {
		t.Errorf("of one call: %+v", all)
	}
	got[store.Pruned](t)(s.Prune(ctx, lily, "t", start.Add(1000*time.Hour), 0))
	if left := got[[]store.Rated](t)(s.Surveys(ctx, store.SurveyFilter{Tenant: "t"})); len(left) > 0 {
		t.Errorf("outlive their calls: %+v", left)
	}
}
