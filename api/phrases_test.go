package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/scripts/phrase"
)

func TestPhrasesAreListedAndShown(t *testing.T) {
	b := applied(t)
	var all PhraseList
	res := b.do("GET", "/api/v1/phrases", "", &all)
	if all.Profile != "cable" || len(all.Items) != 47 || len(all.Profiles) != 3 || all.Version != 1 || res.Header.Get("ETag") != `"1"` {
		t.Errorf("%d phrases of %s, %v, version %d", len(all.Items), all.Profile, all.Profiles, all.Version)
	}
	if first := all.Items[0]; first.Key != "greeting.opening" || first.SceneName.Zh != "开篇语" || first.Level != phrase.LevelProfile || len(first.Variables) != 2 || first.When != "not_festival" {
		t.Errorf("%+v", first)
	}
	for query, want := range map[string]int{"q=" + url.QueryEscape("转接"): 2, "q=qsd": 1, "scene=greeting": 2, "level=tenant": 1, "profile=gov12345": 80,
		"profile=cm10086&language=en": 96, "profile=cm10086&scene=farewell": 1, "q=nothing-like-it": 0} {
		if b.do("GET", "/api/v1/phrases?"+query, "", &all); len(all.Items) != want {
			t.Errorf("%s: %d phrases, want %d", query, len(all.Items), want)
		}
	}
	var one PhraseShown
	if b.do("GET", "/api/v1/phrases/praise.reply", "", &one); one.Level != "tenant" || one.Template != "不客气。" || one.Phrase.Text != "不客气,这是我们应该做的。" || one.Phrase.Source.Article != "ch.1 art.3(8)" {
		t.Errorf("%+v", one)
	}
	if b.do("GET", "/api/v1/phrases/greeting.opening", "", &one); len(one.Variables) != 2 || strings.Join(one.Variables[0].Values, " ") != "先生 女士" || one.Variables[1].Name.En != "agent number" {
		t.Errorf("%+v", one.Variables)
	}
	if p := b.problem("GET", "/api/v1/phrases/greeting.openning", "", http.StatusNotFound, "not-found"); !strings.Contains(p.Detail, `did you mean \"greeting.opening\"?`) && !strings.Contains(p.Detail, `did you mean "greeting.opening"?`) {
		t.Error(p.Detail)
	}
	b.problem("GET", "/api/v1/phrases?queue=nix", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/phrases?profile=gov", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/phrases?language=fr", "", http.StatusUnprocessableEntity, "invalid")
	if p := setup(t).problem("GET", "/api/v1/phrases", "", http.StatusUnprocessableEntity, "invalid"); !strings.Contains(p.Detail, "name one of cable, gov12345, cm10086") {
		t.Error(p.Detail)
	}
}

func TestPhrasesAreFilledIn(t *testing.T) {
	b := applied(t)
	b.now = func() time.Time { return time.Date(2026, 3, 5, 11, 0, 0, 0, time.UTC) } // 19:00 in Shanghai
	var r phrase.Rendered
	b.do("GET", "/api/v1/phrases/greeting.opening/render?sex=male&value=agent_no%3D1001", "", &r)
	if r.Spoken != "先生，您好！我是嘉定东方有线网络有限公司幺零零幺号业务受理专员，请问有什么可以帮您？" || len(r.Missing) != 0 {
		t.Errorf("%+v", r)
	}
	if b.do("GET", "/api/v1/phrases/closing.thanks/render", "", &r); r.Text != "祝您晚安,再见!" {
		t.Errorf("%+v", r)
	}
	if b.do("GET", "/api/v1/phrases/closing.thanks/render?at=2026-03-05T01:00:00Z", "", &r); r.Text != "感谢您的来电,再见!" {
		t.Errorf("%+v", r)
	}
	r = phrase.Rendered{}
	if b.do("GET", "/api/v1/phrases/greeting.opening/render", "", &r); r.Text != "" || len(r.Missing) != 1 || !strings.Contains(r.Script, "【工号】") || r.Warnings[0] != phrase.WarnAddress {
		t.Errorf("%+v", r)
	}
	for query, want := range map[string]string{
		"value=agent_no%3D1&value=agent_no%3D2": "each name once", "value=agent_no": "want name=value", "value=agent_nr%3D1": `did you mean "agent_no"?`,
		"value=agent_no%3D%E4%B8%80": "digits and Latin letters",
	} {
		if p := b.problem("GET", "/api/v1/phrases/greeting.opening/render?"+query, "", http.StatusUnprocessableEntity, "invalid"); !strings.Contains(p.Detail, want) {
			t.Errorf("%s: %s", query, p.Detail)
		}
	}
	b.problem("GET", "/api/v1/phrases/greeting.opening/render?queued=-1", "", http.StatusUnprocessableEntity, "invalid")
	b.problem("GET", "/api/v1/phrases/greeting.opening/render?festivall=true", "", http.StatusUnprocessableEntity, "invalid")
}

func TestScenesAreShownAndChosenFrom(t *testing.T) {
	b := applied(t)
	var all SceneList
	if b.do("GET", "/api/v1/scenes?profile=gov12345", "", &all); len(all.Items) != 32 || all.Profile != "gov12345" {
		t.Errorf("%+v", all)
	}
	var one SceneShown
	if b.do("GET", "/api/v1/scenes/silent_call?profile=cm10086", "", &one); len(one.Steps) != 7 || one.Steps[1].Wait != "3s" || one.Steps[1].WaitMax != "5s" || one.Steps[5].Action != "hangup" || len(one.Conditions) != 1 || one.Conditions[0].By != phrase.ByEvent || one.Name.Zh == "" {
		t.Errorf("%+v", one)
	}
	var said SceneSaid
	for query, want := range map[string]string{
		"opening/render?value=agent_no%3D1":                  "您好！我是嘉定东方有线网络有限公司1号业务受理专员，请问有什么可以帮您？",
		"opening/render?festival=true":                       "您好！节日快乐，请问有什么可以帮您？",
		"opening/render?queued=61":                           "非常抱歉！让您久等了！请问有什么可以帮您吗？",
		"opening/render?profile=gov12345&trainee=true":       "您好，实习生为您服务",
		"praise/render?profile=gov12345&turn=1":              "不客气，很高兴能为您服务",
		"silent_call/render?told=still_silent":               "您好请讲|非常抱歉，听不见您的声音，无法为您服务，谢谢您，再见！",
		"agitated/render":                                    "",
		"common/render?profile=cm10086&language=en&sex=male": "",
	} {
		said = SceneSaid{}
		b.do("GET", "/api/v1/scenes/"+query, "", &said)
		var lines []string
		for _, l := range said.Items {
			lines = append(lines, l.Shown)
		}
		if got := strings.Join(lines, "|"); len(lines) == 0 || want != "" && got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	b.problem("GET", "/api/v1/scenes/nix", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/scenes/nix/render", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/scenes/silent_call/render?told=still_slient", "", http.StatusUnprocessableEntity, "invalid")
}

func TestWordingsAreOfTheDocument(t *testing.T) {
	b := applied(t)
	b.now = func() time.Time { return time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC) } // the sixth in Shanghai
	body := func() string { return string(b.store.versions[len(b.store.versions)-1].Body) }
	var done ChangeDone
	b.do("PUT", "/api/v1/phrases/abuse.goodbye/wording?queue=sales", `{"text": "再会。"}`, &done, "If-Match", `"1"`)
	if done.Version != 2 || !strings.Contains(body(), "- key: abuse.goodbye\n    queue: sales\n    text: 再会。\n    by: chen\n    date: '2026-03-06'") {
		t.Errorf("%+v %s", done, body())
	}
	var one PhraseShown
	if b.do("GET", "/api/v1/phrases/abuse.goodbye?queue=sales", "", &one); one.Level != "queue" || one.Override == nil || one.Override.By != "chen" {
		t.Errorf("%+v", one)
	}
	if b.do("GET", "/api/v1/phrases/abuse.goodbye", "", &one); one.Level != "profile" {
		t.Errorf("%+v", one)
	}
	b.do("PUT", "/api/v1/phrases/abuse.goodbye/wording?queue=sales&language=en", `{"text": "Ask 10086"}`, &done)
	if len(done.Odd) != 1 || done.Odd[0].Message != "it names 10086, which is of the profile cm10086" {
		t.Errorf("%+v", done.Odd)
	}
	if b.do("DELETE", "/api/v1/phrases/abuse.goodbye/wording?queue=sales&language=en", "", &done); done.Version != 4 {
		t.Errorf("%+v", done)
	}
	// The same words again are no change, whoever writes them.
	b.now = func() time.Time { return time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC) }
	if b.do("PUT", "/api/v1/phrases/abuse.goodbye/wording?queue=sales&language=zh", `{"text": "再会。"}`, &done); done.Changed {
		t.Errorf("%+v", done)
	}
	b.problem("PUT", "/api/v1/phrases/abuse.goodbye/wording", `{"text": "再见。"}`, http.StatusPreconditionFailed, "precondition-failed", "If-Match", `"1"`)
	for text, want := range map[string]string{"{agent_nr}": `there is no variable {agent_nr}; `, " 再见": "spaces around it"} {
		p := b.problem("PUT", "/api/v1/phrases/abuse.goodbye/wording", `{"text": "`+text+`"}`, http.StatusUnprocessableEntity, "invalid-document")
		if len(p.Errors) != 1 || p.Errors[0].Location != "phrases.overrides[2].text" || p.Errors[0].Line == 0 || !strings.Contains(p.Errors[0].Message+"; ", strings.TrimSuffix(want, "; ")) {
			t.Errorf("%s: %+v", text, p)
		}
	}
	b.problem("PUT", "/api/v1/phrases/greeting.trainee/wording", `{"text": "您好。"}`, http.StatusUnprocessableEntity, "invalid-document")
	b.problem("PUT", "/api/v1/phrases/abuse.goodbye/wording?queue=nix", `{"text": "您好。"}`, http.StatusUnprocessableEntity, "invalid-document")
	b.do("DELETE", "/api/v1/phrases/abuse.goodbye/wording?queue=sales", "", &done)
	if done.Version != 5 || body() != string(b.store.versions[0].Body) {
		t.Errorf("%+v", done)
	}
	b.problem("DELETE", "/api/v1/phrases/abuse.goodbye/wording?queue=sales", "", http.StatusNotFound, "not-found")
	// A queue that phrases name is not removed.
	b.do("PUT", "/api/v1/queues/hall", `{}`, nil)
	b.do("PUT", "/api/v1/phrases/abuse.goodbye/wording?queue=hall", `{"text": "再会。"}`, nil)
	b.problem("DELETE", "/api/v1/queues/hall", "", http.StatusUnprocessableEntity, "invalid-document")
}

func TestPhraseSettingsAreReplacedWhole(t *testing.T) {
	b := applied(t)
	var text string
	b.do("GET", "/api/v1/phrases/settings", "", &text)
	if text != "profile: cable\noverrides:\n- key: praise.reply\n  text: 不客气。\n" {
		t.Errorf("%q", text)
	}
	var done ChangeDone
	if b.do("PUT", "/api/v1/phrases/settings", text, &done, "Content-Type", "application/yaml"); done.Changed {
		t.Errorf("put back: %+v", done)
	}
	next := "profile: gov12345\nlong_wait: 90s\nqueues: [{queue: sales, profile: cable}]\n"
	if b.do("PUT", "/api/v1/phrases/settings?dry_run=true", next, &done); !strings.Contains(done.Diff, "+  profile: gov12345") || done.Version != 1 {
		t.Errorf("dry run: %+v", done)
	}
	odd := "profile: cable\noverrides: [{key: praise.reply, text: 你好。}]"
	if b.do("PUT", "/api/v1/phrases/settings?dry_run=true", odd, &done); len(done.Odd) != 1 || done.Odd[0].Line != 2 {
		t.Errorf("odd: %+v", done)
	}
	if b.do("PUT", "/api/v1/phrases/settings", next, &done); done.Version != 2 || b.engine.configs[1].Phrases.Profile != "gov12345" {
		t.Errorf("%+v", done)
	}
	var all PhraseList
	if b.do("GET", "/api/v1/phrases?queue=sales", "", &all); all.Profile != "cable" {
		t.Errorf("%+v", all)
	}
	if b.do("GET", "/api/v1/phrases/settings?format=json", "", &text); !strings.Contains(text, `"long_wait": "1m30s"`) {
		t.Error(text)
	}
	p := b.problem("PUT", "/api/v1/phrases/settings?name=mine.yaml", "profile: cable\noverrides:\n- {key: abuse.goodby, text: 好}\n- {key: abuse.goodbye, txet: 好}\n", http.StatusUnprocessableEntity, "invalid-document")
	if len(p.Errors) != 1 || p.Errors[0].File != "mine.yaml" || p.Errors[0].Line != 4 || p.Errors[0].Remedy != `did you mean "text"?` {
		t.Errorf("%+v", p)
	}
	p = b.problem("PUT", "/api/v1/phrases/settings?name=mine.yaml", "profile: cable\noverrides:\n- {key: abuse.goodby, text: 好}\n", http.StatusUnprocessableEntity, "invalid-document")
	if len(p.Errors) != 1 || p.Errors[0].File != "mine.yaml" || p.Errors[0].Line != 3 || p.Errors[0].Remedy != `did you mean "abuse.goodbye"?` {
		t.Errorf("%+v", p)
	}
}
