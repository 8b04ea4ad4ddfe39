package api

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
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

func TestListedCallersAreChecked(t *testing.T) {
	for _, c := range []struct {
		denied fact.FlowID
		listed []center.Listed
		wrong  int
	}{
		{"f", []center.Listed{{Number: "138", Deny: true, Until: "2026-12-31"}, {Number: "139", Level: "vip"}}, 0},
		{"", []center.Listed{{Number: "138", Deny: true}}, 1},
		{"g", nil, 1},
		{"f", []center.Listed{{Number: "138"}, {Number: "138"}, {Number: "x"}, {}}, 3},
		{"f", []center.Listed{{Number: "138", Level: "gold", Until: "31.12.2026", Why: strings.Repeat("啊", maxWhy+1)}}, 3},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.callers(center.Config{Flows: []*flow.Flow{{ID: "f"}}, Callers: center.CallerRules{Denied: c.denied, Listed: c.listed},
			ACD: routing.Config{Order: routing.Order{Levels: []routing.Level{{ID: "vip"}}}}})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v: %+v", c, k.problems)
		}
	}
	// The last day is a whole one where the centre is.
	all := ends([]center.Listed{{Number: "138", Until: "2026-12-31"}, {Number: "139"}}, "Asia/Shanghai")
	if want := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC).UnixMilli(); all[0].Ends != want || all[1].Ends != 0 {
		t.Errorf("%+v, want the end at %d", all, want)
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
