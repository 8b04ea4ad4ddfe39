package phrase

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

// read reads settings as a document has them.
func read(t *testing.T, src string) Settings {
	t.Helper()
	var s Settings
	if err := strict.Decode("phrases.yaml", []byte(src), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

const settings = `profile: gov12345
hotline_name: 杭州市民热线
queues:
- {queue: tv, profile: cable, apply_typo_fixes: true}
- {queue: foreign, profile: cm10086, language: en, hotline_name: 杭州移动}
overrides:
- {key: greeting.opening, text: "您好，{hotline_name}，请问有什么可以帮到您？", by: chen, date: 2026-03-05}
- {key: greeting.opening, queue: hall, text: "您好，办事大厅。"}
- {key: greeting.opening, language: en, text: "Hello, how can I help you?"}
- {key: abuse.goodbye, profile: cable, text: "再见。"}
- {key: not_heard.repeat_please, queue: tv, text: "请您再说一遍，好吗？"}
- {key: farewell.welcome_again, queue: foreign, language: en, text: "See you"}
`

// Queue goes before tenant, tenant before profile; no profile lends another
// its words (PHR-1), and English falls back to Mandarin (PHR-9).
func TestResolution(t *testing.T) {
	c := shipped(t)
	s := read(t, settings)
	if all := c.Check(s, nil); len(all) > 0 {
		t.Errorf("%+v", all)
	}
	b := c.Book(s)
	for _, r := range []struct {
		queue, profile, language, key string
		level, text                   string
	}{
		{"", "", "", "greeting.opening", LevelTenant, "您好，{hotline_name}，请问有什么可以帮到您？"},
		{"sales", "", "", "greeting.opening", LevelTenant, "您好，{hotline_name}，请问有什么可以帮到您？"},
		{"hall", "", "", "greeting.opening", LevelQueue, "您好，办事大厅。"},
		{"hall", "", "en", "greeting.opening", LevelTenant, "Hello, how can I help you?"},
		{"", "", "en", "greeting.opening", LevelTenant, "Hello, how can I help you?"},
		{"", "", "", "wrong_number.this_is", LevelProfile, "对不起,这里是杭州市民热线,请问有什么问题可以帮到您吗?"},
		{"tv", "", "", "greeting.opening", LevelProfile, "{honorific},您好!我是杭州市民热线{agent_no}号业务受理专员,请问有什么可以帮您?"},
		{"tv", "", "", "transfer.announce", LevelProfile, "请稍等,正在为您转接,请不要挂机,好吗?"},
		{"tv", "", "", "abuse.goodbye", LevelTenant, "再见。"},
		{"tv", "", "", "not_heard.repeat_please", LevelQueue, "请您再说一遍，好吗？"},
		{"", "", "", "not_heard.repeat_please", LevelProfile, "对不起,我没有听清,请您在重复一遍好吗?"},
		{"", "cable", "", "abuse.goodbye", LevelTenant, "再见。"},
		{"tv", "gov12345", "", "greeting.opening", LevelTenant, "您好，{hotline_name}，请问有什么可以帮到您？"},
		{"foreign", "", "", "common.not_heard", LevelProfile, "I beg your pardon?"},
		{"foreign", "", "", "farewell.welcome_again", LevelQueue, "See you"},
		{"foreign", "", "", "harassment.warn", LevelProfile, "对不起,如果没有业务上的问题,请您挂机,再见!"},
		{"foreign", "", "zh", "outbound_open.greet", LevelProfile, "您好!我是杭州移动{city}公司电话经理{agent_name}。"},
	} {
		e, err := b.Resolve(Scope{Queue: fact.QueueID(r.queue), Profile: r.profile, Language: r.language}, r.key)
		if err != nil || e.Level != r.level || e.Template != r.text {
			t.Errorf("%+v: %s %q, %v", r, e.Level, e.Template, err)
		}
		if (e.Override != nil) != (e.Level != LevelProfile) || e.Phrase == nil || e.Phrase.Text == "" {
			t.Errorf("%+v: %+v", r, e)
		}
	}
	if _, err := b.Resolve(Scope{}, "abuse.goodbye"); err == nil {
		t.Error("a phrase of another profile")
	}
	r, err := b.Render(Scope{}, "greeting.opening", Facts{}, nil)
	if err != nil || r.Text != "您好，杭州市民热线，请问有什么可以帮到您？" {
		t.Errorf("%+v, %v", r, err)
	}
}

// What says the same as what it stands for is no override, unless it takes
// back what the tenant says.
func TestTrim(t *testing.T) {
	c := shipped(t)
	got := c.Trim(read(t, `profile: cable
overrides:
- {key: abuse.goodbye, text: 再见!}
- {key: praise.reply, text: 不客气。}
- {key: praise.reply, queue: hall, text: "不客气,这是我们应该做的。"}
- {key: praise.reply, queue: sales, text: 不客气。}
- {key: abuse.need_help, language: en, text: 请问您需要帮助吗?}
`))
	var left []string
	for _, o := range got.Overrides {
		left = append(left, o.Key+" "+string(o.Queue)+" "+o.Language)
	}
	if want := "praise.reply  |praise.reply hall |abuse.need_help  en"; strings.Join(left, "|") != want {
		t.Errorf("%q", strings.Join(left, "|"))
	}
	for _, scope := range []Scope{{}, {Queue: "tv"}, {Profile: "cm10086", Language: English}} {
		set := read(t, settings)
		every, err := c.Every(set, scope)
		if err != nil || len(every.Overrides) < len(set.Overrides)+40 {
			t.Fatalf("%+v: %d overrides, %v", scope, len(every.Overrides), err)
		}
		for _, f := range c.Check(every, nil) {
			if !f.Odd {
				t.Errorf("%+v: %+v", scope, f)
			}
		}
		every.HotlineName = "另一个热线" // it is in no wording
		if left := c.Trim(every); !slices.Equal(left.Overrides, set.Overrides) {
			t.Errorf("%+v: %+v", scope, left.Overrides)
		}
	}
}

// What the norms leave out is said once the tenant has a wording for it
// (AMB-32).
func TestASuppliedWording(t *testing.T) {
	c := shipped(t)
	f := Facts{Told: []string{"citizen_insists"}}
	set := read(t, "profile: gov12345\n")
	if all, err := c.Book(set).Say(Scope{}, "asks_agent_id", f); err != nil || keysOf(all) != "asks_agent_id.give_id/citizen_insists" {
		t.Errorf("%s, %v", keysOf(all), err)
	}
	if _, err := c.Book(set).Resolve(Scope{}, "asks_agent_id.first"); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "no wording for it") {
		t.Error(err)
	}
	set.Put(Override{Key: "asks_agent_id.first", Text: "请问有什么可以帮到您？"})
	if all := c.Check(set, nil); len(all) > 0 {
		t.Errorf("%+v", all)
	}
	all, err := c.Book(set).Say(Scope{}, "asks_agent_id", f)
	if err != nil || keysOf(all) != "asks_agent_id.first asks_agent_id.give_id/citizen_insists" || all[0].Template != "请问有什么可以帮到您？" || all[0].Level != LevelTenant {
		t.Errorf("%s, %v", keysOf(all), err)
	}
	if list, err := c.Book(set).List(Scope{}); err != nil || len(list) != 81 {
		t.Errorf("%d, %v", len(list), err)
	}
	if got := c.Trim(set); len(got.Overrides) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestPutAndDrop(t *testing.T) {
	s := read(t, settings)
	before := slices.Clone(s.Overrides)
	put := func(o Override) int {
		s.Put(o)
		return len(s.Overrides) - len(before)
	}
	if n := put(Override{Key: "greeting.opening", Profile: "gov12345", Text: "您好，办事大厅。", Queue: "hall", By: "li"}); n != 0 || s.Overrides[1] != before[1] {
		t.Errorf("the same words: %+v", s.Overrides[1])
	}
	if n := put(Override{Key: "greeting.opening", Profile: "gov12345", Language: Mandarin, Text: "您好。"}); n != 0 || s.Overrides[0].Text != "您好。" || before[0].Text == "您好。" {
		t.Errorf("other words: %+v", s.Overrides[0])
	}
	if n := put(Override{Key: "farewell.bye", Queue: "foreign", Text: "Bye"}); n != 1 || s.Overrides[6].Language != English {
		t.Errorf("in the queue's language: %+v", s.Overrides)
	}
	if !s.Drop(Override{Key: "farewell.bye", Queue: "foreign", Profile: "cm10086"}) || s.Drop(Override{Key: "farewell.bye", Queue: "foreign"}) || len(s.Overrides) != len(before) {
		t.Errorf("dropped: %+v", s.Overrides)
	}
	last := Settings{Overrides: []Override{{Key: "farewell.bye", Text: "Bye"}}}
	if !last.Drop(Override{Key: "farewell.bye"}) || last.Overrides != nil {
		t.Errorf("the last one leaves %#v", last.Overrides)
	}
}

// Another profile changes every phrase (GEN-2).
func TestSwitchingTheProfileChangesEveryPhrase(t *testing.T) {
	c := shipped(t)
	for _, p := range c.Profiles {
		all, err := c.Book(Settings{Manner: Manner{Profile: "cable"}, Queues: []QueueManner{{Queue: "sales", Manner: Manner{Profile: p.ID}}}}).List(Scope{Queue: "sales"})
		if err != nil || len(all) < 40 {
			t.Fatalf("%s: %d phrases, %v", p.ID, len(all), err)
		}
		for _, e := range all {
			if e.Phrase.Profile != p.ID {
				t.Errorf("%s says %s of %s", p.ID, e.Phrase.Key, e.Phrase.Profile)
			}
		}
	}
}

func TestWrongSettings(t *testing.T) {
	c := shipped(t)
	queues := []fact.QueueID{"sales", "hall", "tv", "foreign"}
	for _, w := range []struct{ old, new, want string }{
		{"profile: gov12345", "profile: gov1234", `profile: there is no "gov1234"; did you mean "gov12345"?`},
		{"profile: gov12345", "language: en", "profile: there is none; name one of cable, gov12345, cm10086"},
		{"hotline_name: 杭州市民热线", "language: fr", `language: there is no "fr"`},
		{"hotline_name: 杭州市民热线", "hotline_name: ' x'", `hotline_name: " x" is wrong`},
		{"hotline_name: 杭州市民热线", "contact_number: 4oo", `contact_number: "4oo" is wrong`},
		{"hotline_name: 杭州市民热线", "long_wait: 2h", "long_wait: 2h0m0s is out of range; write up to 1h"},
		{"hotline_name: 杭州市民热线", `day: {morning: "8:00", afternoon: "12:00", evening: "18:00"}`, "day: "},
		{"hotline_name: 杭州市民热线", "honorifics: [先生, 先生]", "honorifics[1]: "},
		{"queue: tv", "queue: foreign", `queues[1].queue: "foreign" is empty or comes twice`},
		{"queue: tv, profile: cable", "queue: vt, profile: cable", `queues[0].queue: there is no queue "vt"`},
		{"queue: hall", "queue: hal", `overrides[1].queue: there is no queue "hal"`},
		{"queue: hall, ", "", `overrides[1].key: "greeting.opening" comes twice`},
		{"key: greeting.opening", "key: greting.opening", `overrides[0].key: there is no "greting.opening"; did you mean "greeting.opening"?`},
		{"{hotline_name}", "{hotlin_name}", `overrides[0].text: there is no variable {hotlin_name}; did you mean "hotline_name"?`},
		{"{hotline_name}", "{hotline_name", "overrides[0].text: there is a brace that belongs to no variable"},
		{"您好，办事大厅。", "", "overrides[1].text: it is empty"},
		{"您好，办事大厅。", "好\\n", "overrides[1].text: it is empty, or has control characters"},
		{"您好，办事大厅。", strings.Repeat("长", MaxOverride+1), "overrides[1].text: it has 501 characters; 500 are the most"},
		{"您好，办事大厅。", "请拨10086。", "overrides[1].text: it names 10086, which is of the profile cm10086; see whether callers are to be sent there (odd)"},
		{"date: 2026-03-05", "date: 2026-3-5", `overrides[0].date: "2026-3-5" is no day`},
		{"您好，办事大厅。", "你好。", "overrides[1].text: it says 你; write 您 (odd)"},
		{"您好，办事大厅。", "您好,办事大厅。", "overrides[1].text: it has punctuation marks of ASCII; write ，：；？！（） (odd)"},
		{"您好，办事大厅。", "您好，XX号。", "overrides[1].text: XX is read out as it stands; write a {variable} (odd)"},
		{"abuse.goodbye, profile: cable", "wait.before, profile: cable", "overrides[3].text: it leaves out {honorific}; see whether the caller misses it (odd)"},
	} {
		src := strings.Replace(settings, w.old, w.new, 1)
		var all []string
		for _, f := range c.Check(read(t, src), queues) {
			line := fmt.Sprintf("%s: %s; %s", f.Field, f.What, f.Remedy)
			if f.Odd {
				line += " (odd)"
			}
			all = append(all, line)
		}
		if !strings.Contains(strings.Join(all, "\n"), w.want) {
			t.Errorf("%s → %s:\n%s\nwant %s", w.old, clip(w.new), strings.Join(all, "\n"), w.want)
		}
	}
}

func TestSearch(t *testing.T) {
	b := shipped(t).Book(Settings{})
	for _, q := range []struct{ profile, query, want string }{
		{"cable", "转接", "transfer.announce transfer.failed"},
		{"cable", "transfer", "transfer.announce transfer.failed"},
		{"cable", "zjld", "transfer.announce transfer.failed"}, // 转接来电 is the scene,
		{"cable", "zjldysy", ""},
		{"cable", "fywz", ""},
		{"cable", "zzwnzj", "transfer.announce"},
		{"cable", "silent 再见", "silent_call.goodbye silent_call_special.goodbye"},
		{"cable", "cfyb", "not_heard.repeat_please"}, // 重复一遍
		{"cable", "Silent SPECIAL handling", "silent_call_special.check_1 silent_call_special.goodbye"},
		{"gov12345", "tousu", ""},
		{"gov12345", "zxwndkpj", ""},
		{"gov12345", "jxpj", "closing.evaluate"}, // 进行评价
		{"cm10086", "beg pardon", ""},            // English is asked for by its language
	} {
		var keys []string
		all, err := b.List(Scope{Profile: q.profile})
		if err != nil {
			t.Fatal(err)
		}
		p := shipped(t).Profile(q.profile)
		f := Find(q.query)
		for _, e := range all {
			if f.Match(e, p.Scene(e.Phrase.Scene).Name) {
				keys = append(keys, e.Phrase.Key)
			}
		}
		if got := strings.Join(keys, " "); got != q.want {
			t.Errorf("%s in %s: %q, want %q", q.query, q.profile, got, q.want)
		}
	}
}

// Whatever somebody writes as a wording is refused, or can be resolved and put
// back together.
func FuzzOverride(f *testing.F) {
	c := shipped(f)
	for _, seed := range []string{"您好，{agent_no}号", "{", "}{", "{{agent_no}}", "{surname}{honorific}，", "\x00", "１００８６", "{pause_raise_volume}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := Settings{Manner: Manner{Profile: "cable"}, Overrides: []Override{{Key: "praise.reply", Text: text}}}
		for _, w := range c.Check(s, nil) {
			if !w.Odd {
				return
			}
		}
		if !utf8.ValidString(text) { // no document is
			return
		}
		e, err := c.Book(s).Resolve(Scope{}, "praise.reply")
		if err != nil || e.Template != text || e.parts.String() != text {
			t.Fatalf("%q is %q, %v", text, e.parts.String(), err)
		}
		if r, err := c.Book(s).Render(Scope{}, "praise.reply", Facts{}, values); err == nil && r.Script == "" {
			t.Fatalf("%q renders to nothing", text)
		}
	})
}
