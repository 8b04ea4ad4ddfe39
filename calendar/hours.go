package calendar

import "time"

// Hours is one table of opening hours, as it is written.
type Hours struct {
	ID string `json:"id" yaml:"id"`
	// Zone is an IANA zone, such as "Asia/Shanghai".
	Zone string `json:"zone" yaml:"zone"`
	// Week are the regular hours, such as "mon-fri 08:00-12:00,13:00-18:00",
	// "sat,sun 09:00-17:00" or "daily 22:00-06:00": an end before the
	// beginning is on the next day, 24:00 is the end of the day.
	Week []string `json:"week,omitempty" yaml:"week"`
	// Holidays are dates without hours: "2026-10-01" or
	// "2026-10-01..2026-10-07".
	Holidays []string `json:"holidays,omitempty" yaml:"holidays"`
	// Extra are dates with hours of their own, before week and holidays:
	// "2026-10-10 08:00-18:00".
	Extra []string `json:"extra,omitempty" yaml:"extra"`
}

// Table is Hours compiled. It is not changed and may be shared.
type Table struct {
	zone *time.Location
	week [7][]span // by time.Weekday
	// dates are those that the week does not rule, sorted.
	dates []dated
}
