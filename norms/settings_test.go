package norms

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

func TestSettingsAreChecked(t *testing.T) {
	suggest := func(word string, known []string) string {
		return fmt.Sprintf("%s is none of %d", word, len(known))
	}
	for _, c := range []struct {
		setting Setting
		want    string
	}{
		{Setting{Rule: "RUL-HLD-2", Mode: Warn, Values: map[string]Written{"report_every": "20s", "missed": "3", "auto_play": "true"}}, ""},
		{Setting{Rule: "RUL-HLD-99"}, `[0].rule: there is no rule "RUL-HLD-99": RUL-HLD-99 is none of 97`},
		{Setting{Rule: "RUL-HLD-2", Queue: "nix"}, `[0].queue: there is no queue "nix": name one of the centre's queues, or none`},
		{Setting{Rule: "RUL-HLD-2", Mode: "on"}, `[0].mode: there is no "on": write off, measure, warn or enforce`},
		{Setting{Rule: "RUL-HLD-2", Values: map[string]Written{"every": "1s"}}, `[0].values.every: RUL-HLD-2 has no value "every": every is none of 4`},
		{Setting{Rule: "RUL-HLD-2", Values: map[string]Written{"report_every": "1s"}}, `[0].values.report_every: "1s" is wrong: write a duration from 5s to 5m`},
		{Setting{Rule: "RUL-HLD-2", Values: map[string]Written{"report_every": "15"}}, `[0].values.report_every: "15" is wrong: write a duration from 5s to 5m`},
		{Setting{Rule: "RUL-HLD-2", Values: map[string]Written{"missed": "0"}}, `[0].values.missed: "0" is wrong: write a number from 1 to 20`},
		{Setting{Rule: "RUL-HLD-2", Values: map[string]Written{"auto_play": "yes"}}, `[0].values.auto_play: "yes" is wrong: write true or false`},
		{Setting{Rule: "RUL-ANS-3", Values: map[string]Written{"opening": "sing"}}, `[0].values.opening: "sing" is wrong: write one of show, auto_play`},
		{Setting{Rule: "RUL-END-2", Values: map[string]Written{"codes": "a,,b"}}, `[0].values.codes: "a,,b" is wrong: write up to 20 words with commas between, each once`},
		{Setting{Rule: "RUL-ANS-1", Values: map[string]Written{"ring_limit": "20s"}}, `[0].values.ring_limit: ring_limit is not set here: set queues[].ring of the document`},
	} {
		var got []string
		for _, f := range (Settings{c.setting}).Check([]fact.QueueID{"sales"}, suggest) {
			got = append(got, f.Field+": "+f.What+": "+f.Remedy)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%+v:\ngot  %s\nwant %s", c.setting, strings.Join(got, "\n"), c.want)
		}
	}
	twice := Settings{{Rule: "RUL-HLD-2"}, {Rule: "RUL-HLD-2"}, {Rule: "RUL-HLD-2", Queue: "sales"}}
	if f := twice.Check(nil, suggest); len(f) != 1 || f[0].Field != "[1].rule" {
		t.Errorf("%+v", f)
	}
}

func TestSettingsArePut(t *testing.T) {
	var s Settings
	for _, e := range []Setting{{Rule: "RUL-HLD-2", Queue: "b", Mode: Off}, {Rule: "RUL-HLD-2", Mode: Warn}, {Rule: "RUL-ANS-1", Mode: Warn}, {Rule: "RUL-HLD-2", Queue: "a", Mode: Off},
		{Rule: "RUL-HLD-2", Queue: "b", Mode: Measure}, {Rule: "RUL-HLD-2", Queue: "a"}, {Rule: "RUL-TRF-1"}} {
		s.Put(e)
	}
	var got []string
	for _, e := range s {
		got = append(got, e.Rule+" "+string(e.Queue)+" "+string(e.Mode))
	}
	if want := []string{"RUL-ANS-1  warn", "RUL-HLD-2  warn", "RUL-HLD-2 b measure"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A queue's word goes before the tenant's, that before the profile's, and that
// before the register's; what another field of the document says goes before all.
func TestWhoseWordCounts(t *testing.T) {
	p := Plan{
		Profile:  "cable",
		Queues:   []QueueProfile{{Queue: "gov", Profile: "gov12345"}},
		Settings: Settings{{Rule: "RUL-HLD-4", Mode: Measure, Values: map[string]Written{"hard": "40s"}}, {Rule: "RUL-HLD-4", Queue: "sales", Values: map[string]Written{"hard": "50s"}}},
		Kept:     []Kept{{Rule: "RUL-ANS-1", Queue: "sales", Value: "ring_limit", Is: "20s"}},
	}
	policy := p.read()
	for _, c := range []struct {
		queue       fact.QueueID
		rule, value string
		want        string
	}{
		{"", "RUL-HLD-4", "hard", "measure by tenant, 40s by tenant"},
		{"other", "RUL-HLD-4", "hard", "measure by tenant, 40s by tenant"},
		{"sales", "RUL-HLD-4", "hard", "measure by tenant, 50s by queue"},
		{"sales", "RUL-HLD-4", "soft", "measure by tenant, 10s by default"},
		{"", "RUL-HLD-2", "report_every", "enforce by default, 15s by default"},
		{"gov", "RUL-SIL-2", "wait", "enforce by profile, 3s by default"},
		{"sales", "RUL-ANS-1", "ring_limit", "enforce by default, 20s by room"},
		{"gov", "RUL-ANS-1", "ring_limit", "enforce by default, 15s by default"},
	} {
		s := policy.of(c.queue)[places[c.rule]]
		at := Find(c.rule).value(c.value)
		if got := fmt.Sprintf("%s by %s, %s by %s", s.mode, s.modeOf, Find(c.rule).Values[at].write(s.values[at]), s.valueOf[at]); got != c.want {
			t.Errorf("%s of %s.%s: %s, want %s", c.queue, c.rule, c.value, got, c.want)
		}
	}
}
