package phrase_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/scripts/phrase"
)

// Whatever a variable of a kind may be is spoken from the words that were made
// before, and says what the phrase says with it.
func TestEveryValueIsSpokenFromItsWords(t *testing.T) {
	values := map[phrase.Kind][]string{
		phrase.KindAgent: {"1001", "0009"}, phrase.KindPhone: {"13800138000", "+8613800138000", "010-62345678", "400 800 1234"},
	}
	for n := 1; n <= 60; n++ {
		values[phrase.KindMinutes] = append(values[phrase.KindMinutes], fmt.Sprint(n))
	}
	for n := 1; n < 10_000; n += 7 {
		values[phrase.KindSpan] = append(values[phrase.KindSpan], fmt.Sprintf("%dh", n), fmt.Sprintf("%dm", n), fmt.Sprintf("%dd", n))
	}
	for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == 2026; at = at.Add(7*time.Hour + 13*time.Minute) {
		values[phrase.KindMoment] = append(values[phrase.KindMoment], at.Format("2006-01-02 15:04"))
	}
	for kind, all := range values {
		for _, language := range []string{"zh", "en"} {
			known := phrase.Piece{Variable: &phrase.Variable{Kind: kind}}.Words(language)
			for _, value := range all {
				words, err := phrase.Speak(kind, nil, language, value)
				if err != nil {
					t.Fatalf("%s %q in %s: %v", kind, value, language, err)
				}
				for _, w := range words {
					if !slices.Contains(known, w) {
						t.Fatalf("%s %q in %s: %q was not made before", kind, value, language, w)
					}
				}
			}
		}
	}
	for _, c := range []struct {
		kind                  phrase.Kind
		language, value, want string
	}{
		{phrase.KindPhone, "zh", "13800138000", "幺 三 八 零 零 幺 三 八 零 零 零"},
		{phrase.KindAgent, "en", "1002", "one zero zero two"},
		{phrase.KindMinutes, "zh", "2", "两"},
		{phrase.KindSpan, "zh", "24小时", "二十四 小时"},
		{phrase.KindSpan, "en", "24h", "twenty four hours"},
		{phrase.KindMoment, "zh", "2026-03-05 14:30", "三月 五日 下午 两点 半"},
		{phrase.KindMoment, "zh", "2026-12-31 08:05", "十二月 三十一日 上午 八点 零 五分"},
		{phrase.KindMoment, "en", "2026-03-05 14:30", "March fifth two thirty p.m."},
	} {
		words, err := phrase.Speak(c.kind, nil, c.language, c.value)
		if got := strings.Join(words, " "); err != nil || got != c.want {
			t.Errorf("%s %q: %q, %v, want %q", c.kind, c.value, got, err, c.want)
		}
	}
	for kind, value := range map[phrase.Kind]string{
		phrase.KindAgent: "A1", phrase.KindMoment: "明天上午", phrase.KindPhone: "unknown", phrase.KindText: "您好", phrase.KindMinutes: "", phrase.KindName: "王",
	} {
		if words, err := phrase.Speak(kind, nil, "zh", value); !errors.Is(err, phrase.ErrValue) {
			t.Errorf("%s %q: %q, %v", kind, value, words, err)
		}
	}
}

func TestPiecesAreWhatThePhraseSays(t *testing.T) {
	c, err := phrase.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	b := c.Book(phrase.Settings{Manner: phrase.Manner{Profile: "cable"}})
	show := func(pieces []phrase.Piece) string {
		var all []string
		for _, p := range pieces {
			if p.Variable != nil {
				all = append(all, "{"+p.Variable.ID+"}")
			} else {
				all = append(all, p.Text)
			}
		}
		return strings.Join(all, "|")
	}
	const opening = "greeting.opening" // {honorific},您好!我是嘉定东方有线网络有限公司{agent_no}号业务受理专员,请问有什么可以帮您?
	for _, k := range []struct {
		values map[string]string
		open   []string
		want   string
	}{
		{map[string]string{"agent_no": "1001"}, nil, "您好！我是嘉定东方有线网络有限公司幺零零幺号业务受理专员，请问有什么可以帮您？"},
		{nil, []string{"agent_no"}, "您好！我是嘉定东方有线网络有限公司|{agent_no}|号业务受理专员，请问有什么可以帮您？"},
		{map[string]string{"agent_no": "1001"}, []string{"honorific"}, "{honorific}|您好！我是嘉定东方有线网络有限公司幺零零幺号业务受理专员，请问有什么可以帮您？"},
	} {
		_, pieces, err := b.Pieces(phrase.Scope{}, opening, phrase.Facts{}, k.values, k.open)
		if got := show(pieces); err != nil || got != k.want {
			t.Errorf("%v, open %v: %s, %v, want %s", k.values, k.open, got, err, k.want)
		}
	}
	// Free words are left open as well: they are spoken in the call.
	if _, pieces, err := b.Pieces(phrase.Scope{}, "wait.after", phrase.Facts{}, nil, []string{"result"}); err != nil || show(pieces) != "感谢您的耐心等待|{result}" ||
		pieces[1].Variable.Kind.Pieced() {
		t.Errorf("free words: %s, %v", show(pieces), err)
	}
	for _, k := range []struct {
		key  string
		open []string
		is   error
		want string
	}{
		{opening, nil, phrase.ErrMissing, "agent_no"},
		{"greeting.openning", nil, phrase.ErrUnknown, "greeting.opening"},
		{opening, []string{"agent"}, phrase.ErrValue, "there is none"},
		{opening, []string{"phone"}, phrase.ErrValue, "has no {phone}"},
	} {
		if _, pieces, err := b.Pieces(phrase.Scope{}, k.key, phrase.Facts{}, nil, k.open); !errors.Is(err, k.is) || !strings.Contains(err.Error(), k.want) {
			t.Errorf("%s, open %v: %s, %v, want %s", k.key, k.open, show(pieces), err, k.want)
		}
	}
}
