package api

import (
	"errors"
	"testing"
	"time"

	"github.com/huawu/huawu/scripts/strict"
)

// A traineeship ends with the day that is written, in the document's zone; what
// is no day is refused with its line.
func TestATraineeshipEndsWithItsDay(t *testing.T) {
	const document = `zone: Asia/Shanghai
queues: [{id: sales, trainees: last}]
agents:
  - id: '1001'
    queues: [sales]
    trainee_until: '2026-12-31'
  - {id: '1002', queues: [sales]}
`
	d, err := ParseDocument("d", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compiler{}.Compile(t.Context(), "d", []byte(document), d)
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC).UnixMilli() // midnight in Shanghai
	if a := c.ACD.Agents; a[0].TraineeEnds != end || a[1].TraineeEnds != 0 || d.ACD.Agents[0].TraineeEnds != 0 {
		t.Errorf("%+v of %+v, want the end at %d", a, d.ACD.Agents, end)
	}
	for _, c := range []struct{ field, text string }{{"agents[0].trainee_until", "2026-02-30"}, {"queues[0].trainees", "first"}} {
		d, _ := ParseDocument("d", []byte(document))
		if c.text == "first" {
			d.ACD.Queues[0].Trainees = "first"
		} else {
			d.ACD.Agents[0].TraineeUntil = c.text
		}
		_, err := Compiler{}.Compile(t.Context(), "d", []byte(document), d)
		wrong := (*strict.Errors)(nil)
		if !errors.As(err, &wrong) || wrong.Problems[0].Field != c.field || wrong.Problems[0].Line == 0 {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}

// Without a zone days are UTC's everywhere: nothing depends on where huawu runs.
func TestWithoutAZoneDaysAreUTC(t *testing.T) {
	evening := time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)
	f, _, err := Known{}.facts(evening.In(time.FixedZone("here", 8*3600)), "")
	if err != nil || f.At.Day() != 5 || f.At.Hour() != 20 {
		t.Errorf("%v, %v", f.At, err)
	}
	ends, err := until(&Document{}, "2026-03-05")
	if want := time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC).UnixMilli(); err != nil || ends != want {
		t.Errorf("%d, %v, want %d", ends, err, want)
	}
}
