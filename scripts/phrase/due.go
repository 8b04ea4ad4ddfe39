package phrase

import (
	"strconv"
	"time"
)

// Due is the time that a promise of ours names: the end of a span that begins now
// ("24h", "30分钟"), or a moment ("2026-03-05 14:30"), in the zone of now. False
// for words such as 明天上午, and for what is over already.
func Due(value string, now time.Time) (time.Time, bool) {
	if t, err := time.ParseInLocation(moments, value, now.Location()); err == nil {
		return t, t.After(now)
	}
	parts := spans.FindStringSubmatch(value)
	if parts == nil {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return time.Time{}, false
	}
	switch parts[2] {
	case "m", "分钟":
		return now.Add(time.Duration(n) * time.Minute), true
	case "h", "小时":
		return now.Add(time.Duration(n) * time.Hour), true
	}
	return now.AddDate(0, 0, n), true
}
