package phrase

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// values are one for each variable that nothing else fills in.
var values = map[string]string{
	"honorific": "女士", "surname": "王", "customer_name": "王小红", "agent_no": "1002", "agent_name": "李雷", "city": "杭州",
	"phone": "13800138000", "hotline": "95512", "callback_due": "24h", "callback_time": "2026-03-05 14:30", "report_time": "2026-03-02 09:05",
	"issue": "噪音", "detail": "一事", "result": "已经办好", "question": "住在哪里", "understanding": "要改地址", "corrected_answer": "下周一",
	"supplement": "两点", "advice": "到窗口办理", "organisation": "我处", "purpose": "套餐到期", "minutes": "2", "reason": "核对身份",
	"rephrased": "可以退", "title": "总经理", "target_title": "张总", "festival_en": "Spring",
}

// Every phrase can be filled in for its profile, in the wording and in the
// corrected one, shown and spoken; nothing of a template stays, and no name of
// another profile's hotline gets in.
func TestEveryPhraseRendersAndNamesItsOwnHotlineOnly(t *testing.T) {
	c := shipped(t)
	rendered := 0
	for _, fixes := range []bool{false, true} {
		for _, p := range c.Profiles {
			for _, language := range []string{Mandarin, English} {
				b := c.Book(Settings{Manner: Manner{Profile: p.ID, Language: language, ApplyTypoFixes: &fixes}})
				for _, f := range c.phrases {
					if f.Profile != p.ID || f.Language != language {
						continue
					}
					r, err := b.Render(Scope{}, f.Key, Facts{At: time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)}, values)
					if err != nil {
						t.Errorf("%s of %s in %s: %v", f.Key, p.ID, language, err)
						continue
					}
					rendered++
					for _, text := range []string{r.Text, r.Shown, r.Spoken} {
						if text == "" || strings.ContainsAny(text, "{}【】") || strings.Contains(text, ",,") {
							t.Errorf("%s of %s: %q", f.Key, p.ID, text)
						}
						for _, other := range c.Profiles {
							for _, mark := range other.Marks {
								if other.ID != p.ID && strings.Contains(text, mark) {
									t.Errorf("%s of %s names %s of %s", f.Key, p.ID, mark, other.ID)
								}
							}
						}
					}
					if strings.ContainsAny(r.Spoken, "0123456789") || language == Mandarin && strings.ContainsAny(r.Shown, ",?!;()") {
						t.Errorf("%s of %s: shown %q, spoken %q", f.Key, p.ID, r.Shown, r.Spoken)
					}
				}
			}
		}
	}
	if rendered != 2*245 {
		t.Errorf("%d renderings", rendered)
	}
}

func TestRendering(t *testing.T) {
	evening := time.Date(2026, 3, 5, 19, 0, 0, 0, time.UTC)
	noon := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	yes := true
	for _, c := range []struct {
		name, profile, key string
		set                Manner
		facts              Facts
		values             map[string]string
		text, shown        string
		spoken             string
		warn               string
	}{
		{name: "an agent number", profile: "cable", key: "greeting.opening", values: map[string]string{"agent_no": "1001", "honorific": "先生"},
			text:   "先生,您好!我是嘉定东方有线网络有限公司1001号业务受理专员,请问有什么可以帮您?",
			shown:  "先生，您好！我是嘉定东方有线网络有限公司1001号业务受理专员，请问有什么可以帮您？",
			spoken: "先生，您好！我是嘉定东方有线网络有限公司幺零零幺号业务受理专员，请问有什么可以帮您？"},
		{name: "nobody knows who calls", profile: "cable", key: "greeting.festival", text: "您好!节日快乐,请问有什么可以帮您?", warn: WarnAddress},
		{name: "an address within", profile: "gov12345", key: "dialect.slow", text: "对不起,我没能听明白,麻烦您慢慢讲,好吗?", warn: WarnAddress},
		{name: "a woman", profile: "cm10086", key: "anxious.soothe", facts: Facts{Sex: "female"}, values: map[string]string{"surname": "王"},
			text: "王女士,我理解您的心情,您别急,我马上帮您处理,好吗?"},
		{name: "no surname", profile: "cm10086", key: "anxious.soothe", facts: Facts{Sex: "male"}, text: "先生,我理解您的心情,您别急,我马上帮您处理,好吗?"},
		{name: "a surname alone is no address", profile: "cm10086", key: "anxious.soothe", values: map[string]string{"surname": "王"},
			text: "我理解您的心情,您别急,我马上帮您处理,好吗?", warn: WarnAddress},
		{name: "a title that is known", profile: "gov12345", key: "greeting.greet_back", facts: Facts{Sex: "male", Title: "老先生"}, text: "老先生,您好!"},
		{name: "a title of another profile", profile: "cable", key: "wait.before", facts: Facts{Sex: "male", Title: "老先生"}, text: "先生,请您稍等,我帮您核实一下好吗?"},
		{name: "a good night", profile: "cable", key: "closing.thanks", facts: Facts{At: evening}, text: "祝您晚安,再见!"},
		{name: "by day", profile: "cable", key: "closing.thanks", facts: Facts{At: noon}, text: "感谢您的来电,再见!"},
		{name: "on a festival", profile: "cable", key: "closing.thanks", facts: Facts{At: noon, Festival: true}, text: "祝您愉快,再见!"},
		{name: "a wish of one's own", profile: "cable", key: "closing.thanks", facts: Facts{At: noon}, values: map[string]string{"closing_wish": "祝您晚安"}, text: "祝您晚安,再见!"},
		{name: "silver", profile: "cm10086", key: "closing.thanks_1", facts: Facts{Sex: "male", Tier: "vip_silver"}, values: map[string]string{"surname": "王"},
			text: "非常感谢王先生,如果今后有任何疑问欢迎致电966109。", spoken: "非常感谢王先生，如果今后有任何疑问欢迎致电九六六幺零九。"},
		{name: "not silver", profile: "cm10086", key: "closing.thanks_1", facts: Facts{Sex: "male"}, values: map[string]string{"surname": "王"},
			text: "非常感谢王先生,如果今后有任何疑问欢迎致电10086。"},
		{name: "a stage direction", profile: "cm10086", key: "agent_inaudible.check", text: "对不起!请问现在您能听清楚吗?", warn: WarnTypo},
		{name: "a mistake is kept", profile: "cable", key: "transfer.announce", text: "请稍等,正在未您转接,请不要挂机,好吗?", warn: WarnTypo},
		{name: "or corrected", profile: "cable", key: "transfer.announce", set: Manner{ApplyTypoFixes: &yes}, text: "请稍等,正在为您转接,请不要挂机,好吗?"},
		{name: "a number in the wording", profile: "gov12345", key: "wrong_number.this_is", text: "对不起,这里是12345政府服务热线,请问有什么问题可以帮到您吗?",
			spoken: "对不起，这里是幺二三四五政府服务热线，请问有什么问题可以帮到您吗？"},
		{name: "the tenant's own name", profile: "gov12345", key: "harassment.warn", set: Manner{HotlineName: "杭州市民热线"},
			text: "您好,这里是杭州市民热线,如您有关于政府服务的问题,我很乐意为您解答。如您没有服务及政策方面的问题,请您挂机以便其他市民打进来,好吗?"},
		{name: "a term", profile: "cable", key: "no_kb_answer.promise", values: map[string]string{"callback_due": "24h"},
			text:   "非常抱歉,您所反映的问题我们暂时无详细资料,需进一步核实,我们会在24小时与您联系,好吗?",
			spoken: "非常抱歉，您所反映的问题我们暂时无详细资料，需进一步核实，我们会在二十四小时与您联系，好吗？"},
		{name: "two days", profile: "gov12345", key: "no_answer_now.promise", facts: Facts{Sex: "male"}, values: map[string]string{"callback_due": "2天"},
			spoken: "先生，您的这个问题我需要进一步查询后才能回复您，请您留下您的联系电话，我们会在两天内有专人和您联系。好吗？"},
		{name: "minutes and a city", profile: "cm10086", key: "outbound_open.purpose", facts: Facts{Sex: "male"}, values: map[string]string{"surname": "王", "purpose": "套餐到期,", "minutes": "2"},
			spoken: "王先生，本次致电给您是因为套餐到期,请问能否占用您两分钟的时间吗？"},
		{name: "a moment", profile: "cm10086", key: "appointment_confirm.confirm", values: map[string]string{"callback_time": "2026-03-05 14:30", "detail": "新套餐"},
			text: "谢谢您对我工作的支持,我3月5日14:30再和您联系新套餐,好吗?", spoken: "谢谢您对我工作的支持，我三月五日下午两点半再和您联系新套餐，好吗？"},
		{name: "a time in words", profile: "cm10086", key: "appointment_confirm.confirm", values: map[string]string{"callback_time": "明天上午", "detail": "新套餐"},
			text: "谢谢您对我工作的支持,我明天上午再和您联系新套餐,好吗?"},
		{name: "a pronoun", profile: "cable", key: "callback_opening.ask_for_caller", facts: Facts{Sex: "female"}, text: "刚才有一位女士拨打过我们的客服电话,请问她在吗?"},
		{name: "a reason by default", profile: "gov12345", key: "wait.before_music", text: "我正在为您核实相关问题,请您稍等一会,不要挂线,谢谢!"},
		{name: "English", profile: "cm10086", key: "common.long_time_no_see", set: Manner{Language: English, ApplyTypoFixes: &yes}, values: map[string]string{"surname": "Wang"},
			text: "Hello, Mr. Wang. Long time no see. How are you doing?"},
		{name: "an English morning", profile: "cm10086", key: "greeting_words.english", set: Manner{Language: English, ApplyTypoFixes: &yes}, facts: Facts{At: evening}, text: "Good evening"},
		{name: "no English there", profile: "cable", key: "abuse.goodbye", set: Manner{Language: English}, text: "再见!", shown: "再见！"},
	} {
		c.set.Profile = c.profile
		r, err := shipped(t).Book(Settings{Manner: c.set}).Render(Scope{}, c.key, c.facts, c.values)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, is := range []struct{ got, want string }{{r.Text, c.text}, {r.Shown, c.shown}, {r.Spoken, c.spoken}} {
			if is.want != "" && is.got != is.want {
				t.Errorf("%s: got %q\nwant %q", c.name, is.got, is.want)
			}
		}
		if got := strings.Join(r.Warnings, ","); got != c.warn {
			t.Errorf("%s: warnings %q, want %q", c.name, got, c.warn)
		}
	}
}

// Where a variable has no value nothing is spoken; the agent sees the gap
// (PHR-3).
func TestNoHalfSentenceIsSpoken(t *testing.T) {
	b := shipped(t).Book(Settings{Manner: Manner{Profile: "gov12345"}})
	r, err := b.Render(Scope{}, "follow_up.opening", Facts{Sex: "male"}, map[string]string{"agent_no": "1001", "issue": "噪音"})
	if !errors.Is(err, ErrMissing) || !slices.Equal(r.Missing, []string{"report_time", "detail"}) || r.Text+r.Shown+r.Spoken != "" {
		t.Errorf("%+v, %v", r, err)
	}
	if want := "先生，您好，我是12345政府服务热线1001号话务员，您【反映时间】时候反映的噪音问题【补充内容】，向您做个了解，请问您现在方便接听电话吗？"; r.Script != want {
		t.Errorf("script %q\nwant   %q", r.Script, want)
	}
	// Where the sentence needs the address it is missing as well.
	r, err = b.Render(Scope{Profile: "cm10086"}, "identity_unsure.confirm", Facts{}, nil)
	if !errors.Is(err, ErrMissing) || r.Script != "请问您是【姓】【称呼】吗？" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := b.Render(Scope{Profile: "cm10086"}, "agent_inaudible.check", Facts{}, nil); err != nil || r.Script != "对不起！【稍微提高音量】请问现在您能听清楚吗？" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWrongValuesAreRefused(t *testing.T) {
	c := shipped(t)
	for _, w := range []struct {
		profile, key, variable, value string
		err                           error
		says                          string
	}{
		{"cable", "greeting.opening", "agent_nr", "1001", ErrValue, `did you mean "agent_no"?`},
		{"cable", "greeting.opening", "agent_no", "一号", ErrValue, "digits and Latin letters"},
		{"cable", "greeting.opening", "honorific", "小姐", ErrValue, "known here: 先生, 女士"},
		{"cable", "phone_number_wrong.confirm", "phone", "138 0013x", ErrValue, "phone number"},
		{"cable", "no_kb_answer.promise", "callback_due", "soon", ErrValue, "such as 30m, 24h or 3d"},
		{"cm10086", "outbound_open.purpose", "minutes", "61", ErrValue, "1 to 60"},
		{"cm10086", "outbound_open.purpose", "minutes", "05", ErrValue, "1 to 60"},
		{"cm10086", "appointment_confirm.confirm", "callback_time", "2026-13-05 14:30", ErrValue, "a time such as"},
		{"cm10086", "agent_inaudible.check", "pause_raise_volume", "x", nil, ""}, // it is never heard
		{"gov12345", "follow_up.about", "issue", "a\nb", ErrValue, "control characters"},
		{"gov12345", "follow_up.about", "issue", " ", ErrValue, "spaces around"},
		{"gov12345", "follow_up.about", "issue", strings.Repeat("长", MaxText+1), ErrValue, "200 are the most"},
		{"gov12345", "out_of_scope.sorry_2", "organisation", strings.Repeat("长", MaxName+1), ErrValue, "60 are the most"},
	} {
		all := maps.Clone(values)
		all[w.variable] = w.value
		if w.variable == "honorific" || w.profile != "cable" {
			all["honorific"] = "先生"
		}
		if w.variable == "honorific" {
			all["honorific"] = w.value
		}
		_, err := c.Book(Settings{Manner: Manner{Profile: w.profile}}).Render(Scope{}, w.key, Facts{}, all)
		if !errors.Is(err, w.err) || err != nil && !strings.Contains(err.Error(), w.says) {
			t.Errorf("%s = %q: %v, want %v: %s", w.variable, w.value, err, w.err, w.says)
		}
	}
	for key, want := range map[string]string{"greeting.openning": `did you mean "greeting.opening"?`, "": "known here"} {
		if _, err := c.Book(Settings{Manner: Manner{Profile: "cable"}}).Resolve(Scope{}, key); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", key, err)
		}
	}
	b := c.Book(Settings{})
	if _, err := b.Resolve(Scope{}, "greeting.opening"); !errors.Is(err, ErrNoProfile) {
		t.Error(err)
	}
	if _, err := b.List(Scope{Profile: "gov1234"}); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), `did you mean "gov12345"?`) {
		t.Error(err)
	}
	if _, err := b.List(Scope{Profile: "cable", Language: "fr"}); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
}

// Whatever the values, a rendering is whole or refused, and what is given
// cannot bring in another variable.
func TestValuesStayValues(t *testing.T) {
	c := shipped(t)
	b := c.Book(Settings{Manner: Manner{Profile: "gov12345"}})
	var keys []string
	all, err := b.List(Scope{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		keys = append(keys, e.Phrase.Key)
	}
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom(keys).Draw(t, "key")
		given := map[string]string{}
		for _, id := range slices.Sorted(maps.Keys(values)) {
			switch rapid.IntRange(0, 3).Draw(t, id) {
			case 0:
			case 1:
				given[id] = rapid.StringN(0, 20, -1).Draw(t, "value of "+id)
			default:
				given[id] = values[id]
			}
		}
		r, err := b.Render(Scope{}, key, Facts{}, given)
		switch {
		case err == nil && (r.Text == "" || r.Shown == "" || r.Spoken == "" || r.Script == "" || len(r.Missing) > 0):
			t.Fatalf("%s: half a sentence: %+v", key, r)
		case errors.Is(err, ErrMissing) && (r.Text+r.Shown+r.Spoken != "" || len(r.Missing) == 0 || !strings.Contains(r.Script, "【")):
			t.Fatalf("%s: %+v, %v", key, r, err)
		case err != nil && !errors.Is(err, ErrMissing) && !errors.Is(err, ErrValue):
			t.Fatalf("%s: %v", key, err)
		}
		again, _ := b.Render(Scope{}, key, Facts{}, given)
		if again.Script != r.Script || again.Spoken != r.Spoken {
			t.Fatalf("%s is rendered otherwise the second time", key)
		}
	})
}
