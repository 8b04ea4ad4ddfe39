package phrase

import (
	"regexp"
	"slices"
	"strings"
)

// braced is a {variable}; lone is a brace that belongs to none.
var (
	braced = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)
	lone   = regexp.MustCompile(`[{}]`)
)

// segment is a part of a template: words, or a variable.
type segment struct {
	words, variable string
	// address is of the caller and stands apart, so that a sentence without
	// it is whole: "{surname}{honorific},请问…" (AMB-19).
	address bool
}

type template []segment

// parse takes a template apart. What is no variable is words.
func parse(text string) template {
	var t template
	end := 0
	for _, at := range braced.FindAllStringSubmatchIndex(text, -1) {
		if at[0] > end {
			t = append(t, segment{words: text[end:at[0]]})
		}
		t = append(t, segment{variable: text[at[2]:at[3]]})
		end = at[1]
	}
	if end < len(text) {
		t = append(t, segment{words: text[end:]})
	}
	t.mark()
	return t
}

// addressed are the variables that name the caller before the honorific.
var addressed = []string{"surname", "customer_name", "honorific"}

// marks of where a sentence may be parted.
const (
	stops  = ",，、.。!！?？;；:：…"
	commas = ",，"
)

// mark finds addresses that stand apart.
func (t template) mark() {
	for i := 0; i < len(t); i++ {
		end := i
		for end < len(t) && slices.Contains(addressed, t[end].variable) {
			end++
		}
		if end == i || t[end-1].variable != "honorific" {
			continue
		}
		apart := i == 0 || t[i-1].words != "" && strings.ContainsRune(stops, lastRune(t[i-1].words))
		if apart && end < len(t) && strings.ContainsRune(commas, firstRune(t[end].words)) {
			for j := i; j < end; j++ {
				t[j].address = true
			}
		}
		i = end
	}
}

// vars are the variables, each once, in order.
func (t template) vars() []string {
	var all []string
	for _, s := range t {
		if s.variable != "" && !slices.Contains(all, s.variable) {
			all = append(all, s.variable)
		}
	}
	return all
}

// String is the template as it is written.
func (t template) String() string {
	var b strings.Builder
	for _, s := range t {
		if b.WriteString(s.words); s.variable != "" {
			b.WriteString("{" + s.variable + "}")
		}
	}
	return b.String()
}

// firstRune and lastRune are 0 of an empty text.
func firstRune(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

func lastRune(text string) rune {
	last := rune(0)
	for _, r := range text {
		last = r
	}
	return last
}

// rename puts the tenant's name for its hotline in the place of the profile's.
func (t template) rename(names []string, to string) template {
	var pairs []string
	for _, n := range names { // longer ones come first
		pairs = append(pairs, n, to)
	}
	r := strings.NewReplacer(pairs...)
	out := slices.Clone(t)
	for i := range out {
		out[i].words = r.Replace(out[i].words)
	}
	return out
}

// wide are the punctuation marks of Chinese print for those of ASCII, which
// the norms were printed with (AMB-43).
var wide = map[rune]rune{',': '，', ';': '；', ':': '：', '?': '？', '!': '！', '(': '（', ')': '）'}

// widen is a text with Chinese punctuation. Marks between Latin letters or
// digits stay.
func widen(text string) string {
	all := []rune(text)
	for i, r := range all {
		latin := i > 0 && i+1 < len(all) && narrow(all[i-1]) && narrow(all[i+1])
		if w, ok := wide[r]; ok && !latin {
			all[i] = w
		}
	}
	return string(all)
}

func narrow(r rune) bool { return r < 0x80 && r != ' ' && wide[r] == 0 }
