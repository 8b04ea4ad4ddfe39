package phrase

import (
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/scripts/strict"
)

func taboos(hits []TabooHit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Taboo.ID)
	}
	return all
}

// Every pattern finds what it is for, and none finds anything that the norms
// prescribe.
func TestTaboosFindThemselvesAndNothingPrescribed(t *testing.T) {
	c, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	lexical, behaviour := 0, 0
	for i := range c.Taboos {
		taboo := &c.Taboos[i]
		if taboo.Kind == TabooBehaviour {
			behaviour++
			continue
		}
		lexical++
		texts := taboo.Match.Samples
		if taboo.Match.Scope == "contains" {
			texts = append(texts, taboo.Text)
		}
		for _, text := range texts {
			if taboo.ID == "TAB-38" && text == taboo.Text { // a rule in words, not an expression
				text = "电脑故障了"
			}
			found := taboos(c.Taboo(strings.NewReplacer("!", "", "?", "", "。", "").Replace(text), ""))
			if !slices.Contains(found, taboo.ID) {
				t.Errorf("%s does not find %q: %v", taboo.ID, text, found)
			}
		}
	}
	if lexical != 41 || behaviour != 26 {
		t.Errorf("%d expressions and %d kinds of behaviour, want 41 and 26", lexical, behaviour)
	}
	for _, p := range c.Profiles {
		for i := range p.Scenes {
			for _, f := range p.Scenes[i].Phrases {
				if hits := c.Taboo(f.Text, ""); f.Language == Mandarin && len(hits) > 0 {
					t.Errorf("%s %s: %q is %v", p.ID, f.Key, f.Text, taboos(hits))
				}
			}
		}
	}
}

// Where the norms forbid and prescribe nearly the same.
func TestTaboosTakeTheNarrowSide(t *testing.T) {
	c, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		text string
		want []string
	}{
		{"不好意思，让您久等！", []string{"TAB-34"}},
		{"很抱歉,让您久等了!", nil},
		{"不好意思，耽误您这么长的时间。", nil},
		{"哦。", []string{"TAB-40"}},
		{"哦，是这样的，我为您查询。", nil},
		{"嗯嗯", []string{"TAB-39"}},
		{"这是规定。", []string{"TAB-22", "TAB-37"}},
		{"我们在工作期间规定只能通报工号。", nil},
		{"不知道您现在接听是否方便？", nil},
		{"不知道！", []string{"TAB-03"}},
		{"ｗｏ 不 行 就 是 不 行", []string{"TAB-04"}},
		{"您好，{hotline_name}。这个没办法。", []string{"TAB-07", "TAB-30"}},
	} {
		if got := taboos(c.Taboo(s.text, "cable")); !slices.Equal(got, s.want) {
			t.Errorf("%s: %v, want %v", s.text, got, s.want)
		}
	}
}

func TestOddWordings(t *testing.T) {
	c, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	has := func(s Settings, what string) bool {
		return slices.ContainsFunc(c.Check(s, nil), func(f Finding) bool { return f.Odd && strings.Contains(f.What, what) })
	}
	one := func(overrides ...Override) Settings {
		return Settings{Manner: Manner{Profile: "cm10086"}, Overrides: overrides}
	}
	var paired string
	for _, s := range c.Profile("cm10086").Scenes {
		for _, f := range s.Phrases {
			if f.Language == English && c.phrases[name{"cm10086", Mandarin, f.Key}] != nil {
				paired = f.Key
			}
		}
	}
	zh, en := Override{Key: paired, Text: "请您谅解。"}, Override{Key: paired, Language: English, Text: "Please forgive us."}
	if !has(one(zh), "its English form is still the one prescribed") || has(one(zh, en), "its English form") {
		t.Errorf("the English pair of %q", paired)
	}
	if !has(one(Override{Key: paired, Text: "有意见您找领导去，有什么了不起。"}), `is taboo (TAB-10`) {
		t.Error("a taboo in an override is not found")
	}
	odd := c.OddWords("您好,这个没办法。", "")
	if len(odd) != 3 || !strings.Contains(odd[0].What, "TAB-07") || !strings.Contains(odd[2].What, "ASCII") {
		t.Errorf("%+v", odd)
	}
}

// What the norms have in both languages is there in both.
func TestCommonPhrasesHaveTheirEnglishPair(t *testing.T) {
	c, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for _, s := range c.Profile("cm10086").Scenes {
		for _, f := range s.Phrases {
			if s.ID != "common" || f.Language != Mandarin {
				continue
			}
			if c.phrases[name{"cm10086", English, f.Key}] == nil {
				t.Errorf("%s has no English", f.Key)
			}
			pairs++
		}
	}
	if pairs == 0 {
		t.Error("there are no common phrases")
	}
}

// Settings that are read are checked without a panic, and so are their words.
func FuzzSettings(f *testing.F) {
	c, err := Shipped()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("profile: cable\noverrides: [{key: greeting.opening, text: \"您好，{hotline_name}\"}]\n"))
	f.Add([]byte("profile: cm10086\nqueues: [{queue: sales, language: en}]\noverrides: [{key: thanked.reply, queue: sales, text: 这是规定}]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var s struct {
			Settings `yaml:",inline"`
		}
		if strict.Decode("fuzz.yaml", src, &s) != nil {
			return
		}
		for _, found := range c.Check(s.Settings, nil) {
			if found.What == "" {
				t.Error("a finding without words")
			}
		}
		for _, o := range s.Overrides {
			c.OddWords(o.Text, "")
		}
	})
}
