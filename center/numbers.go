package center

import "strings"

// numbering is how the numbers of a country are written (ITU-T E.164 and E.129).
type numbering struct {
	country string // ISO 3166
	code    string // of the country, after "+"
	trunk   string // what is dialled before a number of another area
	// fixed and mobile are the beginnings of national numbers without trunk,
	// with how many digits they have in all.
	fixed, mobile []block
}

// block is a part of a plan: numbers from one beginning to another, both of
// one length.
type block struct {
	from, to string
	min, max int
}

// plans are those that numbers are made out by. Numbers of other countries
// leave and come in the international form.
var plans = []numbering{
	// YD/T 2252: mobiles are 13 to 19 with 11 digits; 10 and 2x are areas
	// with 8 digits behind, others have three digits and 7 or 8 behind.
	{country: "CN", code: "86", trunk: "0",
		fixed:  []block{{"10", "10", 10, 10}, {"20", "29", 10, 10}, {"310", "999", 10, 11}},
		mobile: []block{{"13", "19", 11, 11}}},
	{country: "HK", code: "852",
		fixed:  []block{{"2", "3", 8, 8}},
		mobile: []block{{"4", "9", 8, 8}}},
	{country: "MO", code: "853",
		fixed:  []block{{"28", "28", 8, 8}, {"88", "89", 8, 8}},
		mobile: []block{{"6", "6", 8, 8}}},
	{country: "TW", code: "886", trunk: "0",
		fixed:  []block{{"2", "8", 8, 9}},
		mobile: []block{{"9", "9", 9, 9}}},
}

// Countries are the countries whose numbers are known.
func Countries() []string {
	all := make([]string, len(plans))
	for i, p := range plans {
		all[i] = p.country
	}
	return all
}

// withheld are the words that stand for a number which is not told: RFC 3323
// and RFC 3325, and those of carriers and of Asterisk's dialplan.
var withheld = []string{"anonymous", "restricted", "private", "unavailable", "unknown", "withheld", "asserted"}

// Normalise makes out a number as the country writes it (SPEC PBX-10). E164 is
// the number with "+" and country code, "" for one that has none: a short code,
// a service number, one without its area. Shown is what people of the country
// read and dial: their own numbers in the national form, others with "+". Mobile
// says that the number is known to be a mobile one.
//
// Shown is "" for a number that is withheld. A country that is not known leaves
// a number as it comes, and so does text that is no number.
func Normalise(country, number string) (e164, shown string, mobile bool) {
	number = strings.TrimSpace(number)
	for _, word := range withheld {
		if strings.EqualFold(number, word) {
			return "", "", false
		}
	}
	p := planOf(country)
	digits, international := digitsOf(number)
	if p == nil || digits == "" {
		return "", number, false
	}
	if international {
		rest, ours := strings.CutPrefix(digits, p.code)
		if ours {
			return p.national(strings.TrimPrefix(rest, p.trunk), digits)
		}
		if len(digits) < 7 || len(digits) > 15 || digits[0] == '0' {
			return "", number, false
		}
		return "+" + digits, "+" + digits, false
	}
	if rest, trunk := strings.CutPrefix(digits, p.trunk); trunk && p.trunk != "" {
		return p.national(rest, digits)
	}
	if within(p.mobile, digits) || p.trunk == "" && within(p.fixed, digits) {
		return p.national(digits, digits)
	}
	// Some carriers leave the "+" out.
	if rest, ours := strings.CutPrefix(digits, p.code); ours && (within(p.mobile, rest) || within(p.fixed, rest)) {
		return p.national(rest, digits)
	}
	return "", digits, false
}

// planOf is a country's plan, nil for one that is not known.
func planOf(country string) *numbering {
	for i := range plans {
		if plans[i].country == country {
			return &plans[i]
		}
	}
	return nil
}

// national is a number without country code and trunk; whole is what it was
// told as, for one that the plan does not have.
func (p *numbering) national(rest, whole string) (e164, shown string, mobile bool) {
	switch {
	case within(p.mobile, rest):
		if p.code == "86" { // dialled without trunk
			return "+" + p.code + rest, rest, true
		}
		return "+" + p.code + rest, p.trunk + rest, true
	case within(p.fixed, rest):
		return "+" + p.code + rest, p.trunk + rest, false
	}
	return "", whole, false
}

// within says whether one of the blocks has the number.
func within(blocks []block, digits string) bool {
	for _, b := range blocks {
		if len(digits) < b.min || len(digits) > b.max {
			continue
		}
		if head := digits[:len(b.from)]; head >= b.from && head <= b.to {
			return true
		}
	}
	return false
}

// digitsOf is a number without what only divides it, and whether it is in the
// international form, by "+" or 00. The digits are "" for what is no number.
func digitsOf(number string) (digits string, international bool) {
	var b strings.Builder
	for i, r := range number {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0:
			international = true
		case strings.ContainsRune(" -.()/", r):
		default:
			return "", false
		}
	}
	digits = b.String()
	if !international && strings.HasPrefix(digits, "00") && len(digits) > 9 {
		return digits[2:], true
	}
	return digits, international
}
