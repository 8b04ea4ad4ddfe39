package say

import (
	"fmt"
	"strings"
)

// phoneWords read digits where 一 and 七 could be taken for each other: 1 is 幺.
var phoneWords = []string{"零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"}

// Phone reads a phone number digit by digit, in groups that people write down:
// "13800138000" is 幺三八，零零幺三，八零零零 · one three eight, zero zero one
// three, eight zero zero zero. A number with spaces or hyphens keeps its own
// groups; one without has those of China's numbers: mobile 3-4-4, area code and
// number, 400 and 800 3-3-4. A "+" before it is 加 · plus. ErrForm unless it is
// digits with single spaces or hyphens between them; ErrRange beyond MaxPhone.
func Phone(l Language, number string) (string, error) {
	rest, plus := strings.CutPrefix(number, "+")
	groups := split(rest)
	many := 0
	for _, g := range groups {
		if !digits(g) {
			return "", fmt.Errorf("%q: %w: want a phone number, its digits with single spaces or hyphens between them", clip(number), ErrForm)
		}
		many += len(g)
	}
	if many > MaxPhone {
		return "", fmt.Errorf("%q: %w: want at most %d digits", clip(number), ErrRange, MaxPhone)
	}
	if len(groups) == 1 {
		groups = phoneGroups(rest, plus)
	}
	return spoken(l, func() string { return sign(plus, "加") + chineseSpelled(groups) },
		func() string { return sign(plus, "plus ") + englishSpelled(groups) })
}

func sign(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

// split is a text cut at single spaces and hyphens; a separator too many leaves
// an empty group.
func split(text string) []string {
	return strings.Split(strings.ReplaceAll(text, " ", "-"), "-")
}

// phoneGroups are the groups of a number without separators.
func phoneGroups(number string, plus bool) []string {
	if rest, ok := strings.CutPrefix(number, "86"); ok && plus {
		return append([]string{"86"}, phoneGroups(rest, false)...)
	}
	switch n := len(number); {
	case n <= 6:
		return []string{number}
	case n == 11 && number[0] == '1':
		return []string{number[:3], number[3:7], number[7:]}
	case n == 10 && (strings.HasPrefix(number, "400") || strings.HasPrefix(number, "800")):
		return []string{number[:3], number[3:6], number[6:]}
	case number[0] == '0' && n >= 10:
		area := 4
		if number[1] == '1' || number[1] == '2' { // 010, 02x
			area = 3
		}
		return append([]string{number[:area]}, fours(number[area:])...)
	}
	return fours(number)
}

// fours are groups of four digits from the right; the first may have fewer.
func fours(digits string) []string {
	var all []string
	if first := len(digits) % 4; first > 0 {
		all, digits = append(all, digits[:first]), digits[first:]
	}
	for ; digits != ""; digits = digits[4:] {
		all = append(all, digits[:4])
	}
	return all
}

// AgentNumber reads the number that an agent is known by, digit by digit: "1002"
// is 幺零零二 · one zero zero two. ErrForm unless it is digits and Latin letters;
// ErrRange beyond MaxDigits.
func AgentNumber(l Language, number string) (string, error) {
	if !plain(number) {
		return "", fmt.Errorf("%q: %w: want an agent number of digits and Latin letters", clip(number), ErrForm)
	}
	return spelled(l, number, []string{number})
}

// OrderNumber reads the number of an order, a case or a document character by
// character, in fours: "20260305017" is 二零二，六零三零，五零幺七. It keeps the
// groups of a number with hyphens or spaces. ErrForm unless it is digits and
// Latin letters with single hyphens or spaces between them; ErrRange beyond
// MaxDigits.
func OrderNumber(l Language, number string) (string, error) {
	groups := split(number)
	for _, g := range groups {
		if !plain(g) {
			return "", fmt.Errorf("%q: %w: want digits and Latin letters with single hyphens or spaces between them", clip(number), ErrForm)
		}
	}
	if len(groups) == 1 && len(number) > 6 {
		groups = fours(number)
	}
	return spelled(l, number, groups)
}

func spelled(l Language, number string, groups []string) (string, error) {
	if many := len(strings.Join(groups, "")); many > MaxDigits {
		return "", fmt.Errorf("%q: %w: want at most %d digits and letters", clip(number), ErrRange, MaxDigits)
	}
	return spoken(l, func() string { return chineseSpelled(groups) }, func() string { return englishSpelled(groups) })
}

// plain says whether a text is digits and Latin letters, at least one.
func plain(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

func chineseSpelled(groups []string) string { return characters(groups, phoneWords, "", "，") }
func englishSpelled(groups []string) string { return characters(groups, ones, " ", ", ") }

// characters reads groups; a letter is itself, and set apart from what is
// beside it.
func characters(groups, words []string, between, pause string) string {
	var b strings.Builder
	for i, g := range groups {
		if i > 0 {
			b.WriteString(pause)
		}
		letter := false
		for j, c := range strings.ToUpper(g) {
			is := c < '0' || c > '9'
			switch {
			case j > 0 && between != "":
				b.WriteString(between)
			case j > 0 && (is || letter):
				b.WriteByte(' ')
			}
			if letter = is; is {
				b.WriteRune(c)
			} else {
				b.WriteString(words[c-'0'])
			}
		}
	}
	return b.String()
}
