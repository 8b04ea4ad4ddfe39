package phrase

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/scripts/say"
	"github.com/huawu/huawu/scripts/strict"
)

// Warnings of what is rendered.
const (
	// WarnAddress: the form of address is not known and is left out (AMB-19).
	WarnAddress = "address-left-out"
	// WarnTypo: the wording has a known mistake, which is kept.
	WarnTypo = "typo-kept"
)

// Rendered is a wording with its variables filled in.
type Rendered struct {
	Effective
	// Text has the punctuation of the wording; Shown that of Chinese print
	// (AMB-43), for people; Spoken has every number in words, for speech. All
	// three are "" when something is missing (PHR-3).
	Text   string `json:"text"`
	Shown  string `json:"shown"`
	Spoken string `json:"spoken"`
	// Script is what an agent is shown: as Shown, with 【】 round what is
	// missing and round stage directions.
	Script string `json:"script"`
	// Missing are the variables that have no value.
	Missing  []string `json:"missing,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Render fills in a phrase for a scope. values go before what facts and
// settings tell. Errors wrap ErrUnknown, ErrNoProfile or ErrValue, which
// return nothing, or ErrMissing, which returns the script as well.
func (b *Book) Render(s Scope, key string, f Facts, values map[string]string) (Rendered, error) {
	e, err := b.Resolve(s, key)
	if err != nil {
		return Rendered{}, err
	}
	return b.Fill(e, f, values)
}

// Fill is Render for a wording that was chosen before.
func (b *Book) Fill(e Effective, f Facts, values map[string]string) (Rendered, error) {
	r, _, err := b.fill(e, f, values, nil)
	return r, err
}

// fill leaves out of what is spoken what is open, and puts it into pieces.
func (b *Book) fill(e Effective, f Facts, values map[string]string, open []string) (Rendered, *writer, error) {
	for _, id := range slices.Sorted(maps.Keys(values)) {
		if _, err := b.variable(id); err != nil {
			return Rendered{}, nil, err
		}
	}
	w := &writer{c: b.c, e: e, f: f, values: values, open: open}
	for i := range e.parts {
		if err := w.part(i); err != nil {
			return Rendered{}, w, fmt.Errorf("phrase %s: %w", e.Phrase.Key, err)
		}
	}
	out := Rendered{Effective: e, Script: w.script.String(), Missing: w.missing, Warnings: w.warnings}
	if p := e.Phrase; e.Level == LevelProfile && p.Typo != "" && e.Template != p.Corrected {
		out.Warnings = append(out.Warnings, WarnTypo)
	}
	if len(w.missing) > 0 {
		return out, w, fmt.Errorf("phrase %s: %w: %s", e.Phrase.Key, ErrMissing, strings.Join(w.missing, ", "))
	}
	out.Text, out.Shown, out.Spoken = w.text.String(), w.shown.String(), w.spoken.String()
	return out, w, nil
}

// variable is the variable of that id. ErrValue: there is none.
func (b *Book) variable(id string) (*Variable, error) {
	if v := b.c.variables[id]; v != nil {
		return v, nil
	}
	var known []string
	for _, v := range b.c.Variables {
		known = append(known, v.ID)
	}
	return nil, fmt.Errorf("variable %q: %w: there is none: %s", clip(id), ErrValue, strict.Suggest(id, known))
}

// writer puts a wording together.
type writer struct {
	c      *Catalogue
	e      Effective
	f      Facts
	values map[string]string

	text, shown, spoken, script strings.Builder
	missing, warnings           []string
	// open are variables that are filled in later; pieces is what is spoken
	// between them.
	open   []string
	pieces []Piece
	// bare says that what should stand before a comma is left out, and the
	// comma with it.
	bare bool
}

func (w *writer) part(i int) error {
	part := w.e.parts[i]
	if part.variable == "" {
		words := part.words
		if w.bare && strings.ContainsRune(commas, firstRune(words)) {
			words = strings.TrimLeft(words[len(string(firstRune(words))):], " ")
		}
		w.bare = false
		w.words(words)
		return nil
	}
	v := w.c.variables[part.variable]
	if v == nil { // of an override that was never checked
		return fmt.Errorf("variable %q: %w", part.variable, ErrUnknown)
	}
	if v.Kind == KindStage {
		w.script.WriteString("【" + v.Name.In(w.e.Language) + "】")
		w.bare = i == 0 || strings.ContainsRune(stops, lastRune(w.e.parts[i-1].words))
		return nil
	}
	if slices.Contains(w.open, v.ID) {
		w.flush()
		w.pieces = append(w.pieces, Piece{Variable: v, Choices: w.e.Choices(v)})
		return nil
	}
	value := w.value(v)
	if part.address && w.unnamed(i) {
		if w.bare = true; !slices.Contains(w.warnings, WarnAddress) {
			w.warnings = append(w.warnings, WarnAddress)
		}
		return nil
	}
	if value == "" {
		if part.address && part.variable != "honorific" {
			return nil // 先生 alone is an address as well
		}
		if !slices.Contains(w.missing, v.ID) {
			w.missing = append(w.missing, v.ID)
		}
		w.script.WriteString("【" + v.Name.In(w.e.Language) + "】")
		return nil
	}
	s, err := v.take(value, w.e.Language, w.e.Choices(v))
	if err != nil {
		return err
	}
	w.text.WriteString(s.shown)
	w.shown.WriteString(s.shown)
	w.script.WriteString(s.shown)
	w.spoken.WriteString(s.spoken)
	return nil
}

// unnamed says that the address that part i is of has no honorific.
func (w *writer) unnamed(i int) bool {
	for ; i < len(w.e.parts) && w.e.parts[i].address; i++ {
		if id := w.e.parts[i].variable; id == "honorific" && !slices.Contains(w.open, id) {
			return w.value(w.c.variables[id]) == ""
		}
	}
	return false
}

func (w *writer) words(words string) {
	shown := words
	if w.e.Language == Mandarin {
		shown = widen(words)
	}
	w.text.WriteString(words)
	w.shown.WriteString(shown)
	w.script.WriteString(shown)
	w.spoken.WriteString(speak(shown, w.e.Language))
}

// value is what a variable is filled in with, "" for nothing: what is given,
// else what the facts say, else what the settings say.
func (w *writer) value(v *Variable) string {
	if given := w.values[v.ID]; given != "" {
		return given
	}
	m := w.e.manner
	switch v.ID {
	case "honorific":
		return honorific(w.f, m.Honorifics)
	case "pronoun":
		return pronoun(w.f, w.values["honorific"])
	case "closing_wish":
		return v.Values[closing(w.f, m)]
	case "day_part_en":
		if part := m.Day.part(w.f.At); part > 0 {
			return v.Values[part-1]
		}
	case "contact_number":
		return contact(w.f, m)
	case "hotline":
		return m.Hotline
	case "city":
		return m.City
	case "hotline_name":
		if m.HotlineName == "" {
			return m.profile.Hotline
		}
		return m.HotlineName
	}
	if v.First {
		return v.Values[0]
	}
	return ""
}

// honorific is the form of address: a title that is known, else by the sex. A
// woman is 女士 where there is a choice (AMB-20); who is neither is not
// addressed (AMB-19).
func honorific(f Facts, all []string) string {
	wanted := map[string][]string{"male": {"先生"}, "female": {"女士", "小姐"}}[f.Sex]
	for _, h := range append([]string{f.Title}, wanted...) {
		if h != "" && slices.Contains(all, h) {
			return h
		}
	}
	return ""
}

// pronoun follows the form of address.
func pronoun(f Facts, honorific string) string {
	switch {
	case slices.Contains([]string{"先生", "老先生"}, honorific) || honorific == "" && f.Sex == "male":
		return "他"
	case slices.Contains([]string{"女士", "小姐", "老太太"}, honorific) || honorific == "" && f.Sex == "female":
		return "她"
	}
	return ""
}

// closing is which wish ends a talk: 祝您晚安 in the evening, 祝您愉快 on a
// festival, else 感谢您的来电.
func closing(f Facts, m manner) int {
	switch {
	case m.Day.part(f.At) == evenings:
		return 2
	case f.Festival:
		return 1
	}
	return 0
}

// contact is the number that callers are asked to call.
func contact(f Facts, m manner) string {
	if m.ContactNumber != "" {
		return m.ContactNumber
	}
	for _, t := range m.profile.ContactNumbers {
		if t.Tier == f.Tier {
			return t.Number
		}
	}
	return m.profile.ContactNumber
}

// numbers are runs of digits in a wording, with what a phone number has
// between them.
var numbers = regexp.MustCompile(`\+?[0-9]+(-[0-9]+)*`)

// services are numbers of three digits that are read digit by digit.
var services = []string{"110", "112", "114", "119", "120", "122"}

// speak is a wording with its numbers in words. Those of four digits and more
// are phone numbers, unless 年 follows; shorter ones count what follows them.
func speak(text, language string) string {
	l := say.Language(language)
	var b strings.Builder
	end := 0
	for _, at := range numbers.FindAllStringIndex(text, -1) {
		number, after := text[at[0]:at[1]], text[at[1]:]
		b.WriteString(text[end:at[0]])
		end = at[1]
		n, err := strconv.ParseInt(number, 10, 64)
		var words string
		switch {
		case err == nil && len(number) == 4 && strings.HasPrefix(after, "年"):
			words = strings.ReplaceAll(spelled(l, number), "幺", "一")
		case err != nil || len(number) > 3 || slices.Contains(services, number):
			words = spelled(l, number)
		default:
			words, _ = say.Count(l, n) // three digits can be counted
		}
		b.WriteString(words)
	}
	return b.String() + text[end:]
}

// spelled is a number digit by digit; one that is too long for a phone number
// is read like the number of an order, or else stays as it is.
func spelled(l say.Language, number string) string {
	for _, by := range []func(say.Language, string) (string, error){say.Phone, say.OrderNumber} {
		if words, err := by(l, number); err == nil {
			return words
		}
	}
	return number
}
