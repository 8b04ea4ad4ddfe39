package say

import (
	"fmt"
	"strings"
)

// Integer reads a whole number that names something or stands by itself: 二,
// 十二, 两千零二 · two, twelve. ErrRange beyond MaxInteger.
func Integer(l Language, n int64) (string, error) {
	if err := inRange(n); err != nil {
		return "", err
	}
	return spoken(l, func() string { return chinese(n) }, func() string { return english(n) })
}

// Count reads a whole number that a measure word follows: 两 (个), 十二, 两千
// · two, twelve. It differs from Integer for 2 alone.
func Count(l Language, n int64) (string, error) {
	if err := inRange(n); err != nil {
		return "", err
	}
	return spoken(l, func() string { return counted(n) }, func() string { return english(n) })
}

func inRange(n int64) error {
	if n < -MaxInteger || n > MaxInteger {
		return fmt.Errorf("%d: %w: want at most sixteen digits", n, ErrRange)
	}
	return nil
}

var numerals = []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// chinese is a number within MaxInteger.
func chinese(n int64) string {
	switch {
	case n < 0:
		return "负" + chinese(-n)
	case n == 0:
		return numerals[0]
	}
	return whole(n, true)
}

func counted(n int64) string {
	if n == 2 || n == -2 {
		return strings.Replace(chinese(n), "二", "两", 1)
	}
	return chinese(n)
}

// The large units, each ten thousand times the one before.
const (
	wan = 10_000
	yi  = 100_000_000
)

// whole is a number above 0; first says that nothing is spoken before it.
func whole(n int64, first bool) string {
	switch {
	case n >= yi:
		return large(n, yi, "亿", first)
	case n >= wan:
		return large(n, wan, "万", first)
	}
	return section(n, first)
}

// large is how many of a unit there are, and the rest: with 零 between them
// when the rest does not reach the place below the unit.
func large(n, unit int64, name string, first bool) string {
	many, rest := n/unit, n%unit
	s := whole(many, first)
	if many == 2 {
		s = "两"
	}
	s += name
	switch {
	case rest == 0:
		return s
	case rest < unit/10:
		s += numerals[0]
	}
	return s + whole(rest, false)
}

// section is a number from 1 to 9999.
func section(n int64, first bool) string {
	var b strings.Builder
	gap := false
	for _, place := range []struct {
		unit int64
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		digit := n / place.unit % 10
		begins := b.Len() == 0
		switch {
		case digit == 0:
			gap = !begins
			continue
		case gap:
			b.WriteString(numerals[0])
			gap = false
		}
		switch {
		case place.unit == 10 && digit == 1 && begins && first: // 十二, but 一百一十二
		case place.unit == 1000 && digit == 2, place.unit == 100 && digit == 2 && begins && first:
			b.WriteString("两")
		default:
			b.WriteString(numerals[digit])
		}
		b.WriteString(place.name)
	}
	return b.String()
}

var (
	ones = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
	tens = []string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
)

// english is a number within MaxInteger.
func english(n int64) string {
	if n < 0 {
		return "minus " + english(-n)
	}
	for _, u := range []struct {
		unit int64
		name string
	}{{1e15, "quadrillion"}, {1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}, {1e3, "thousand"}, {100, "hundred"}} {
		if n < u.unit {
			continue
		}
		s := english(n/u.unit) + " " + u.name
		switch rest := n % u.unit; {
		case rest == 0:
			return s
		case rest < 100:
			return s + " and " + english(rest)
		default:
			return s + " " + english(rest)
		}
	}
	if n < 20 {
		return ones[n]
	}
	if n%10 == 0 {
		return tens[n/10]
	}
	return tens[n/10] + "-" + ones[n%10]
}
