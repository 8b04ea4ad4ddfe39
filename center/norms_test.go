package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/phrase"
)

// What another field of the document says of a norm is shown as that says it.
func TestNormsShowWhatTheDocumentSays(t *testing.T) {
	greets := true
	c := Config{
		ACD: routing.Config{
			ApproveWithin: 2 * time.Minute,
			Queues: []routing.Queue{{
				ID: "sales", Ring: 20 * time.Second, WrapUp: time.Minute, LogWithin: time.Hour,
				Log: []routing.LogField{{ID: "note", Required: true}, {ID: "mood"}, {ID: "phone", Required: true}},
			}},
			Pauses: []routing.Pause{
				{ID: routing.PauseLeave, Approval: routing.ApprovalNone},
				{ID: routing.PauseMeal, Max: 45 * time.Minute, Escalate: time.Minute},
			},
		},
		Transfers: TransferRules{Blind: "allow", Agents: true, Timeout: 30 * time.Second, MaxHold: time.Minute},
		Callers:   CallerRules{Strikes: StrikeRules{Limit: 5, Within: 240 * time.Hour}},
		Phrases:   phrase.Settings{Manner: phrase.Manner{LongWait: 90 * time.Second, DayGreeting: &greets}},
	}
	want := map[string]norms.Written{
		"RUL-ANS-1 ring_limit": "20s", "RUL-ANS-2 day_greeting": "true", "RUL-ANS-4 long_wait": "1m30s",
		"RUL-OUT-8 required_fields": "note, phone", "RUL-OUT-8 max": "1m", "RUL-OUT-8 leader_after": "1h", "RUL-HLD-7 max_hold": "1m",
		"RUL-TRF-1 blind": "allow", "RUL-TRF-1 agents": "true", "RUL-TRF-3 timeout": "30s", "RUL-ESC-2 strikes": "5", "RUL-ESC-2 within": "240h",
		"RUL-LEV-1 approval": "none", "RUL-LEV-1 approve_within": "2m", "RUL-SHF-4 meal": "45m", "RUL-SHF-4 leader_after": "1m",
		"RUL-LOG-3 required_fields": "note, phone",
		"RUL-TRN-1 months":          "3", // an agent's own date says it
	}
	for _, e := range c.NormPlan().Effective("sales") {
		for _, v := range e.Values {
			name := e.ID + " " + v.Name
			if v.Where == "" {
				continue
			}
			if is, known := want[name]; !known || v.Is != is || v.From != norms.OfRoom && e.ID != "RUL-TRN-1" {
				t.Errorf("%s (%s) is %s by %s, want %s", name, v.Where, v.Is, v.From, is)
			}
			delete(want, name)
		}
	}
	if len(want) > 0 {
		t.Errorf("not shown: %v", want)
	}
}
