package say

import (
	"fmt"
	"strings"
	"time"
)

// Years that are read.
const (
	MinYear = 1000
	MaxYear = 9999
)

// Date reads the day of t in its own zone: 二零二六年三月五日 · March fifth,
// twenty twenty-six. ErrRange outside MinYear to MaxYear.
func Date(l Language, t time.Time) (string, error) {
	year, month, day := t.Date()
	if year < MinYear || year > MaxYear {
		return "", fmt.Errorf("year %d: %w: want %d to %d", year, ErrRange, MinYear, MaxYear)
	}
	return spoken(l, func() string {
		return spell(fmt.Sprint(year), numerals, "") + "年" + chineseDay(month, day)
	}, func() string { return englishDay(month, day) + ", " + englishYear(year) })
}

// Day reads the day of t without its year: 三月五日 · March fifth.
func Day(l Language, t time.Time) (string, error) {
	_, month, day := t.Date()
	return spoken(l, func() string { return chineseDay(month, day) }, func() string { return englishDay(month, day) })
}

// Weekday reads the day of the week: 星期四 · Thursday.
func Weekday(l Language, t time.Time) (string, error) {
	return spoken(l, func() string { return "星期" + string([]rune("日一二三四五六")[t.Weekday()]) },
		func() string { return t.Weekday().String() })
}

func chineseDay(month time.Month, day int) string {
	return chinese(int64(month)) + "月" + chinese(int64(day)) + "日"
}

func englishDay(month time.Month, day int) string {
	return month.String() + " " + ordinal(day)
}

func englishYear(year int) string {
	century, rest := int64(year/100), int64(year%100)
	switch {
	case rest == 0 && century%10 == 0:
		return english(int64(year))
	case rest == 0:
		return english(century) + " hundred"
	case century%10 == 0 && rest < 10:
		return english(int64(year))
	case rest < 10:
		return english(century) + " oh " + english(rest)
	}
	return english(century) + " " + english(rest)
}

var ordinals = []string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"}

// ordinal is which day of a month.
func ordinal(n int) string {
	switch {
	case n < len(ordinals):
		return ordinals[n]
	case n < 20:
		return ones[n] + "th"
	case n%10 == 0:
		return strings.TrimSuffix(tens[n/10], "y") + "ieth"
	}
	return tens[n/10] + "-" + ordinals[n%10]
}

// Time reads the hour and minute of t in its own zone, on a clock of twelve
// hours with the part of the day: 下午两点半, 上午八点零五分 · two thirty p.m.,
// eight oh five a.m. Seconds are left out.
func Time(l Language, t time.Time) (string, error) {
	hour, minute, _ := t.Clock()
	return spoken(l, func() string { return chineseTime(hour, minute) }, func() string { return englishTime(hour, minute) })
}

// Moment reads day and time: 三月五日下午两点半 · March fifth, two thirty p.m.
func Moment(l Language, t time.Time) (string, error) {
	hour, minute, _ := t.Clock()
	_, month, day := t.Date()
	return spoken(l, func() string { return chineseDay(month, day) + chineseTime(hour, minute) },
		func() string { return englishDay(month, day) + ", " + englishTime(hour, minute) })
}

// partOfDay is how Mandarin names the part of a day in which an hour lies.
func partOfDay(hour int) string {
	switch {
	case hour < 5:
		return "凌晨"
	case hour < 8:
		return "早上"
	case hour < 12:
		return "上午"
	case hour < 13:
		return "中午"
	case hour < 18:
		return "下午"
	}
	return "晚上"
}

func chineseTime(hour, minute int) string {
	of := hour
	if hour > 12 {
		of -= 12
	}
	s := partOfDay(hour) + counted(int64(of)) + "点"
	switch {
	case minute == 0:
		return s
	case minute == 30:
		return s + "半"
	case minute < 10:
		s += numerals[0]
	}
	return s + chinese(int64(minute)) + "分"
}

func englishTime(hour, minute int) string {
	switch {
	case minute == 0 && hour == 0:
		return "midnight"
	case minute == 0 && hour == 12:
		return "noon"
	}
	half := " a.m."
	if hour >= 12 {
		half = " p.m."
	}
	s := english(int64((hour+11)%12 + 1))
	switch {
	case minute == 0:
	case minute < 10:
		s += " oh " + english(int64(minute))
	default:
		s += " " + english(int64(minute))
	}
	return s + half
}

// MaxSpan is the longest time that is read.
const MaxSpan = 1000 * 24 * time.Hour

// Span reads how long something takes, in days, hours, minutes and seconds:
// 两小时三十分钟 · two hours thirty minutes. What is left of a second is left
// out. ErrRange below 0 and above MaxSpan.
func Span(l Language, d time.Duration) (string, error) {
	if d < 0 || d > MaxSpan {
		return "", fmt.Errorf("%s: %w: want 0 to 1000 days", d, ErrRange)
	}
	units := []struct {
		unit   time.Duration
		zh, en string
	}{{24 * time.Hour, "天", "day"}, {time.Hour, "小时", "hour"}, {time.Minute, "分钟", "minute"}, {time.Second, "秒", "second"}}
	var zh, en []string
	for _, u := range units {
		many := int64(d / u.unit)
		d %= u.unit
		if many == 0 && (u.unit != time.Second || len(zh) > 0) {
			continue
		}
		plural := "s"
		if many == 1 {
			plural = ""
		}
		zh = append(zh, counted(many)+u.zh)
		en = append(en, english(many)+" "+u.en+plural)
	}
	return spoken(l, func() string { return strings.Join(zh, "") }, func() string { return strings.Join(en, " ") })
}
