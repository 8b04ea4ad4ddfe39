package api

import (
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

func TestCallerRulesAreChecked(t *testing.T) {
	for span, wrong := range map[time.Duration]int{0: 0, time.Hour: 0, maxHistory: 0, -1: 2, maxHistory + 1: 2} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.callers(center.Config{Callers: center.CallerRules{Repeat: span, Agent: span}})
		if len(k.problems) != wrong {
			t.Errorf("%v: %+v", span, k.problems)
		}
	}
}

func TestStrikeRulesAreChecked(t *testing.T) {
	for _, c := range []struct {
		rules center.CallerRules
		wrong int
	}{
		{center.CallerRules{Denied: "f", Strikes: center.StrikeRules{Limit: 5, Within: time.Hour}}, 0},
		{center.CallerRules{Denied: "g"}, 1},
		{center.CallerRules{Strikes: center.StrikeRules{Limit: -1, Within: -1}}, 2},
		{center.CallerRules{Strikes: center.StrikeRules{Limit: center.MaxStrikes + 1, Within: maxHistory + 1}}, 2},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.callers(center.Config{Flows: []*flow.Flow{{ID: "f"}}, Callers: c.rules})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v: %+v", c, k.problems)
		}
	}
}

func TestDisplaysAreChecked(t *testing.T) {
	for _, c := range []struct {
		display, alert string
		wrong          int
	}{
		{"", "", 0}, {"{name} · {queue} · {wait} {number}", "<http://127.0.0.1>;info=sales", 0},
		{"{name} {nobody}", "", 1}, {"{name", "", 1}, {"a\nb", "", 1}, {"", "a\r\nX: y", 1},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.display(center.Config{Display: c.display, ACD: routing.Config{Queues: []routing.Queue{{ID: "sales", Alert: c.alert}}}})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v: %+v", c, k.problems)
		}
	}
}
