package phrase

import (
	"testing"
	"time"
)

// A promise names a time where it is a span or a moment, in the tenant's zone;
// 24 hours are that on the day that clocks are set, three days are days.
func TestPromisesNameTheirTime(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 28, 15, 0, 0, 0, zone) // the night before clocks go forward
	for value, want := range map[string]string{
		"30m": "2026-03-28 15:30", "30分钟": "2026-03-28 15:30", "24h": "2026-03-29 16:00", "24小时": "2026-03-29 16:00", "3d": "2026-03-31 15:00", "3天": "2026-03-31 15:00",
		"2026-03-29 09:30": "2026-03-29 09:30", "2026-03-28 14:59": "", "明天上午": "", "0h": "", "99999h": "", "": "",
	} {
		got := ""
		if at, ok := Due(value, now); ok {
			got = at.Format("2006-01-02 15:04")
		}
		if got != want {
			t.Errorf("%q is due %q, want %q", value, got, want)
		}
	}
}
