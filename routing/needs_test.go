package routing

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

func TestParseNeeds(t *testing.T) {
	for _, c := range []struct{ text, plain string }{
		{"", ""},
		{"  ", ""},
		{"english", "english"},
		{"english>=1", "english"},
		{"english > 49", "english>=50"},
		{"english<50", "english<=49"},
		{"english=50", "english=50"},
		{"english=0", "english<=0"},
		{"english>=0", "english>=0"},
		{"english>=50 and (cable OR phone) AND not trainee", "english>=50 AND (cable OR phone) AND NOT trainee"},
		{"a OR b AND c", "a OR b AND c"},
		{"(a OR b) AND c", "(a OR b) AND c"},
		{"((a)) AND (b AND (c))", "a AND b AND c"},
		{"NOT (a AND NOT b)", "NOT (a AND NOT b)"},
		{"NOT NOT a", "NOT NOT a"},
		{"普通话>=80 AND 4g", "普通话>=80 AND 4g"},
	} {
		r, err := ParseNeeds(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
		} else if got := r.String(); got != c.plain {
			t.Errorf("%q reads as %q, want %q", c.text, got, c.plain)
		}
	}
}

func TestParseNeedsSaysWhere(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		want   string
	}{
		{"english>=", 10, `want a level of 0 to 100, not ""`},
		{"english>=101", 10, `want a level of 0 to 100, not "101"`},
		{"english>=-1", 10, `want a level of 0 to 100, not "-1"`},
		{"english>100", 9, "no level is >100"},
		{"english<0", 9, "no level is <0"},
		{"english AND", 12, "not the end"},
		{"english phone", 9, `want AND, OR or the end, not "phone"`},
		{"(english", 9, `want ")" for the "(" of column 1`},
		{"普通话 AND (粤语", 12, `want ")" for the "(" of column 9`},
		{"english)", 8, `not ")"`},
		{"AND english", 1, "want a skill"},
		{"english && phone", 9, `not "&"`},
		{"a\xff", 1, "UTF-8"},
		{strings.Repeat("a", 513), 1, "513 bytes are too long"},
	} {
		_, err := ParseNeeds(c.text)
		var at *NeedsError
		if !errors.As(err, &at) || !errors.Is(err, ErrNeeds) {
			t.Errorf("%.20q: %v", c.text, err)
			continue
		}
		if at.Column != c.column || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20q: %v, want column %d and %q", c.text, err, c.column, c.want)
		}
	}
}

func TestRequirementMet(t *testing.T) {
	levels := map[fact.SkillID]int{"english": 60, "cable": 1, "phone": 100}
	slots := map[fact.SkillID]int{"cable": 0, "english": 1, "phone": 2, "trainee": 3}
	vector := []uint8{1, 60, 100, 0}
	for text, want := range map[string]bool{
		"":                                   true,
		"english>=60":                        true,
		"english>60":                         false,
		"english<=60 AND cable":              true,
		"trainee":                            false,
		"NOT trainee AND english":            true,
		"trainee OR cable>1 OR phone=100":    true,
		"trainee OR cable>1":                 false,
		"unheard":                            false,
		"NOT unheard":                        true,
		"NOT (english AND phone)":            false,
		"trainee=0 AND (cable OR unheard>5)": true,
	} {
		r, err := ParseNeeds(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Met(func(id fact.SkillID) int { return levels[id] }); got != want {
			t.Errorf("%q is met: %v, want %v", text, got, want)
		}
		if got := r.root.bind(slots).open(vector); got != want {
			t.Errorf("%q is open: %v, want %v", text, got, want)
		}
	}
}

func TestRequirementSkills(t *testing.T) {
	r, err := ParseNeeds("b AND (a>3 OR NOT b)")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Skills(); !slices.Equal(got, []fact.SkillID{"a", "b"}) {
		t.Errorf("skills %v", got)
	}
}

// FuzzParseNeeds: whatever is read is written in a way that reads the same and
// means the same to both evaluators; an error names a column of the text.
func FuzzParseNeeds(f *testing.F) {
	for _, s := range []string{
		"", "english>=50 AND (cable OR phone) AND NOT trainee", "a OR b AND NOT (c<3 or d=0)", "普通话>80", "((((a", "a>=", "NOT",
		"a)b", "a\x00b", "\xff",
	} {
		f.Add(s, uint16(0x1234))
	}
	f.Fuzz(func(t *testing.T, text string, levels uint16) {
		r, err := ParseNeeds(text)
		if err != nil {
			var at *NeedsError
			if !errors.As(err, &at) || at.Column < 1 || at.Column > len([]rune(text))+1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		plain := r.String()
		if len(plain) > maxNeeds {
			return // spelled out it may be longer than what may be written
		}
		again, err := ParseNeeds(plain)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, plain, err)
		}
		if again.String() != plain {
			t.Fatalf("%q is written as %q, then as %q", text, plain, again)
		}
		slots := map[fact.SkillID]int{}
		var vector []uint8
		for i, id := range r.Skills() {
			slots[id] = i
			vector = append(vector, uint8(levels>>(i%9)%101))
		}
		level := func(id fact.SkillID) int { return int(vector[slots[id]]) }
		want := r.Met(level)
		if again.Met(level) != want || r.root.bind(slots).open(vector) != want {
			t.Fatalf("%q and %q differ in what they mean", text, plain)
		}
	})
}
