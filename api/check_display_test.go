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

func TestAfterTalkIsAFlow(t *testing.T) {
	for id, wrong := range map[fact.FlowID]int{"": 0, "f": 0, "g": 1} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.numbers(center.Config{Flows: []*flow.Flow{{ID: "f"}}, AfterTalk: id})
		if len(k.problems) != wrong {
			t.Errorf("%q: %+v", id, k.problems)
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

func TestWhispersAreChecked(t *testing.T) {
	for _, c := range []struct {
		whisper routing.Whisper
		wrong   int
	}{
		{routing.Whisper{}, 0}, {routing.Whisper{Text: "销售", Wait: true}, 0}, {routing.Whisper{File: "queues/sales", Language: "en"}, 0}, {routing.Whisper{Wait: true}, 0},
		{routing.Whisper{Text: "销售", File: "sales"}, 1}, {routing.Whisper{Text: strings.Repeat("啊", maxWhisper+1)}, 1}, {routing.Whisper{File: "../x"}, 1},
		{routing.Whisper{Text: "Verkauf", Language: "de"}, 1}, {routing.Whisper{Language: "en"}, 1},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.display(center.Config{ACD: routing.Config{Queues: []routing.Queue{{ID: "sales", Whisper: c.whisper}}}})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v: %+v", c.whisper, k.problems)
		}
	}
}
