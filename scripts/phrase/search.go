package phrase

import (
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// firsts are the characters with which the initials of pinyin begin in the
// order of Chinese collation (CLDR), letters the initials.
var (
	letters = "abcdefghjklmnopqrstwxyz"
	firsts  = []rune("阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他屲夕丫匝")
)

// readings are other initials of characters that are read in two ways.
var readings = map[rune]string{'重': "c", '长': "c", '行': "h", '乐': "y", '会': "k", '曾': "c", '调': "t", '单': "s", '着': "z",
	'还': "h", '得': "d", '都': "d", '便': "b", '嗯': "n", '哦': "o", '朝': "z", '传': "z", '降': "x", '将': "q", '什': "s"}

// Finder looks for phrases by what people remember of them. It is for one
// goroutine.
type Finder struct {
	words []string
	order *collate.Collator
	known map[rune]string
}

// Find makes a finder for a query: words that must all occur in a phrase's key,
// in its wording, or in the name of its scene in Chinese or English. A word of
// two letters or more may also be initials of pinyin: "qsd" finds 请稍等.
func Find(query string) *Finder {
	return &Finder{words: strings.Fields(strings.ToLower(query)), order: collate.New(language.Chinese), known: map[rune]string{}}
}

// Match says whether a wording is what is looked for.
func (f *Finder) Match(e Effective, scene Label) bool {
	all := strings.ToLower(strings.Join([]string{e.Phrase.Key, e.Template, e.Phrase.Text, scene.Zh, scene.En}, "\n"))
	for _, word := range f.words {
		if !strings.Contains(all, word) && !f.initials(scene.Zh, word) && !f.initials(e.Template, word) {
			return false
		}
	}
	return true
}

// initials says whether a text has characters in a row that are read with
// these initials. What is no Chinese character is passed over.
func (f *Finder) initials(text, word string) bool {
	if len(word) < 2 || strings.Trim(word, letters) != "" {
		return false
	}
	var row []string
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			row = append(row, f.initial(r))
		}
	}
	for i := 0; i+len(word) <= len(row); i++ {
		match := true
		for j := range len(word) {
			match = match && strings.IndexByte(row[i+j], word[j]) >= 0
		}
		if match {
			return true
		}
	}
	return false
}

// initial are the initials of a character.
func (f *Finder) initial(r rune) string {
	if known, ok := f.known[r]; ok {
		return known
	}
	at := 0
	for at+1 < len(firsts) && f.order.CompareString(string(r), string(firsts[at+1])) >= 0 {
		at++
	}
	f.known[r] = letters[at:at+1] + readings[r]
	return f.known[r]
}
