package flow

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What a gather may ask for. Each has a usual length, which min and max change.
const (
	IsDigits = "digits"
	IsDate   = "date"    // 20260305
	IsPhone  = "phone"   // of China: mobile, fixed with or without area code, 400 and 800
	IsIDCard = "id-card" // 18 digits; "*" as the last one is X
	IsAmount = "amount"  // "*" is the point: 12*50
)

// what is asked for by name: how many keys it has, and what makes it right.
var what = []struct {
	name     string
	min, max int
	right    func(typed string) bool
}{
	{IsDigits, 1, 0, func(string) bool { return true }},
	{IsDate, 8, 8, isDate},
	{IsPhone, 7, 12, regexp.MustCompile(`^(1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|[2-8][0-9]{6,7}|[48]00[0-9]{7})$`).MatchString},
	{IsIDCard, 18, 18, isIDCard},
	{IsAmount, 1, 10, regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]{1,2})?$`).MatchString},
}

// kindsAsked are their names.
func kindsAsked() []string {
	all := make([]string, len(what))
	for i, w := range what {
		all[i] = w.name
	}
	return all
}

// wanted is what the gather asks for, IsDigits if it does not say.
func (g *GatherNode) wanted() int {
	return max(slices.IndexFunc(what, func(w struct {
		name     string
		min, max int
		right    func(typed string) bool
	}) bool {
		return w.name == g.Is
	}), 0)
}

func (g *GatherNode) between() time.Duration { return orElse(g.Between, DefaultBetween) }
func (g *GatherNode) min() int               { return cmp.Or(g.Min, what[g.wanted()].min) }
func (g *GatherNode) max() int               { return cmp.Or(g.Max, what[g.wanted()].max) }

// terminator is the key that ends the digits, "" for none.
func (g *GatherNode) terminator() string {
	switch g.Terminator {
	case "":
		return DefaultEnter
	case "none":
		return ""
	}
	return g.Terminator
}

func isDate(typed string) bool {
	at, err := time.Parse("20060102", typed)
	return err == nil && at.Year() >= 1900 && at.Year() < 2100
}

// isIDCard checks the date of birth and the last digit of a citizen's number
// (GB 11643: ISO 7064, MOD 11-2).
func isIDCard(typed string) bool {
	if len(typed) != 18 || !isDate(typed[6:14]) {
		return false
	}
	weights, sum := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 0
	for i, w := range weights {
		if typed[i] < '0' || typed[i] > '9' {
			return false
		}
		sum += int(typed[i]-'0') * w
	}
	return typed[17] == "10X98765432"[sum%11]
}

// starred is what "*" means in what is typed, "" where it begins anew.
func (g *GatherNode) starred(typed string) string {
	switch {
	case g.Is == IsIDCard && len(typed) == 17:
		return "X"
	case g.Is == IsAmount && typed != "" && !strings.Contains(typed, "."):
		return "."
	}
	return ""
}

// Confirm has a caller hear what was typed and say whether it is right.
type Confirm struct {
	Prompts []Prompt `json:"prompts" yaml:"prompts"`
	// Yes and No are keys, "" for 1 and 2.
	Yes string `json:"yes,omitempty" yaml:"yes"`
	No  string `json:"no,omitempty" yaml:"no"`
}

func (c *Confirm) keys() (yes, no string) {
	yes, no = c.Yes, c.No
	if yes == "" {
		yes = "1"
	}
	if no == "" {
		no = "2"
	}
	return yes, no
}

// confirm asks whether what was typed is right.
func (s *Session) confirm(g *GatherNode) (string, bool) {
	s.s.Confirming = true
	if s.s.Ahead != "" {
		return s.confirmed(g, s.first())
	}
	if len(g.Confirm.Prompts) == 0 {
		return s.collect(g.timeout())
	}
	return s.play(PhasePrompt, g.Confirm.Prompts)
}

// confirmed takes the answer: anything but yes and no asks once more.
func (s *Session) confirmed(g *GatherNode, key string) (string, bool) {
	yes, no := g.Confirm.keys()
	if key == yes {
		s.s.Confirming = false
		return g.Next, true
	}
	s.s.Ahead, s.s.Typed = "", ""
	if s.s.Tries++; s.s.Tries > g.retries() {
		s.forget(g.Variable)
		return g.Else, true
	}
	if key == no {
		s.s.Confirming = false
		s.forget(g.Variable)
		if len(g.Prompts) == 0 {
			return s.collect(g.timeout())
		}
		return s.play(PhasePrompt, g.Prompts)
	}
	return s.confirm(g)
}

// first takes the first of the keys typed ahead.
func (s *Session) first() string {
	key := s.s.Ahead[:1]
	s.s.Ahead = s.s.Ahead[1:]
	return key
}

// forget has a variable be as if nobody had set it.
func (s *Session) forget(name string) {
	s.s.Vars = slices.DeleteFunc(s.s.Vars, func(a Arg) bool { return a.Name == name })
}

// valid checks what a gather asks for.
func (c *checker) valid(g *GatherNode) {
	if g.Is != "" && !slices.Contains(kindsAsked(), g.Is) {
		c.wrong(fmt.Sprintf("is %q is not known", g.Is), "write one of "+strings.Join(kindsAsked(), ", "))
	}
	if (g.Is == IsIDCard || g.Is == IsAmount) && g.Terminator == "*" {
		c.wrong(fmt.Sprintf("the terminator is \"*\", which is a key of %s", g.Is), "write \"#\" or none")
	}
	if g.Confirm == nil {
		return
	}
	if len(g.Confirm.Prompts) == 0 {
		c.wrong("confirm has no prompts", "read out what was typed, and say which keys are yes and no")
	}
	yes, no := g.Confirm.keys()
	for _, key := range []string{yes, no} {
		if len(key) != 1 || !strings.Contains(Keys, key) {
			c.wrong(fmt.Sprintf("key %q is on no phone", key), "write one of 0-9, \"*\", \"#\", A-D")
		}
	}
	if yes == no {
		c.wrong(fmt.Sprintf("yes and no are both %q", yes), "write two keys")
	}
}
