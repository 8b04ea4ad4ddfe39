package main

import (
	"os"
	"strings"
	"testing"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/scripts/phrase"
)

func TestPhrases(t *testing.T) {
	r := boot(t, "")
	r.fails(exitInvalid, []string{"name one of cable, gov12345, cm10086"}, "phrase", "list")
	r.in = "profile: gov12345\nqueues: [{queue: sales, profile: cable}]\n"
	if out := r.ok("phrase", "import", "-f", "-", "--dry-run"); !strings.Contains(out, "+  profile: gov12345") || !strings.Contains(out, "dry run") {
		t.Error(out)
	}
	if out := r.ok("phrase", "import", "-f", "-"); !strings.Contains(out, "version 2 is in effect") {
		t.Error(out)
	}
	for _, c := range []struct {
		line []string
		want string
	}{
		{[]string{"phrase", "list"}, "greeting.trainee                       Opening"},
		{[]string{"phrase", "list", "--lang", "zh"}, "greeting.opening                       开头语"},
		{[]string{"phrase", "list", "--queue", "sales", "--search", "转接"}, "transfer.announce  Transfer  profile    请稍等,正在未您转接"},
		{[]string{"phrase", "list", "--scene", "long_info"}, "long_info.offer    Long information; offer to note down  profile    内容比较多,您需要记录吗。"},
		{[]string{"phrase", "list", "--search", "harassment"}, "…"},
		{[]string{"phrase", "show", "asks_agent_id.personal_info"}, "Corrected   您好,我的工号是{agent_no},有什么问题您可以拨打12345政府服务热线联系我们。"},
		{[]string{"phrase", "show", "greeting.opening", "--queue", "sales", "--lang", "zh"}, "{honorific} 称呼, {agent_no} 工号"},
		{[]string{"phrase", "render", "greeting.opening", "--queue", "sales", "--value", "agent_no=1001", "--sex", "male"}, "先生，您好！我是嘉定东方有线网络有限公司幺零零幺号"},
		{[]string{"phrase", "render", "greeting.festival", "--queue", "sales", "--lang", "zh"}, "提醒  称呼未知，已省略"},
		{[]string{"phrase", "render", "--scene", "opening", "--trainee"}, "greeting.trainee  trainee  您好，实习生为您服务"},
		{[]string{"phrase", "render", "--scene", "opening", "--queue", "sales", "--queued", "90s"}, "waited_long.apologize  long_queue_wait"},
		{[]string{"phrase", "scenes"}, "silent_call            Silent call"},
		{[]string{"phrase", "scenes", "silent_call", "--profile", "cm10086"}, "2  3s–5s"},
		{[]string{"phrase", "set", "thanked.reply", "--text", "不客气。"}, "+  - key: thanked.reply"},
		{[]string{"phrase", "set", "thanked.reply", "--text", "您太客气了。", "--queue", "sales", "--profile", "gov12345"}, "+    queue: sales"},
		{[]string{"phrase", "set", "thanked.reply", "--text", "你太客气了。", "--queue", "sales", "--profile", "gov12345"}, "odd: it says 你; write 您"},
		{[]string{"phrase", "list", "--level", "tenant"}, "thanked.reply  Citizen thanks the agent  tenant     不客气。"},
		{[]string{"phrase", "show", "thanked.reply"}, "Worded by   tenant ("},
		{[]string{"phrase", "reset", "thanked.reply", "--queue", "sales", "--profile", "gov12345"}, "-    queue: sales"},
		{[]string{"phrase", "check"}, "phrases: all phrases are right"},
	} {
		if out := r.ok(c.line...); !strings.Contains(out, c.want) {
			t.Errorf("%s lacks %q:\n%s", strings.Join(c.line, " "), c.want, out)
		}
	}
	var all api.PhraseList
	if r.json(&all, "phrase", "list", "--search", "qnsd"); all.Profile != "gov12345" || len(all.Items) != 7 {
		t.Errorf("%+v", all)
	}
	var one phrase.Rendered
	if r.json(&one, "phrase", "render", "thanked.reply"); one.Text != "不客气。" || one.Level != phrase.LevelTenant {
		t.Errorf("%+v", one)
	}
	r.fails(exitInvalid, []string{"no value for agent_no"}, "phrase", "render", "asks_agent_id.give_id")
	r.fails(exitInvalid, []string{"缺少 agent_no"}, "phrase", "render", "asks_agent_id.give_id", "--lang", "zh")
	r.fails(exitNotFound, []string{`did you mean "thanked.reply"?`}, "phrase", "show", "thankd.reply")
	r.fails(exitInvalid, []string{"{agent_nr}", `did you mean "agent_no"?`}, "phrase", "set", "thanked.reply", "--text", "{agent_nr}")
	r.fails(exitUsage, []string{"PHRASE or --scene"}, "phrase", "render")
	r.fails(exitUsage, []string{"takes [PHRASE]"}, "phrase", "render", "thanked.reply", "thanked.more")
	r.fails(exitUsage, []string{"takes [SCENE]"}, "phrase", "scenes", "opening", "closing")
	r.fails(exitUsage, []string{"needs --text"}, "phrase", "set", "thanked.reply")
	r.fails(exitUsage, []string{"needs -f"}, "phrase", "import")
	if out, _, _ := (&shell{t: t}).run(append(append([]string{"__complete", "phrase", "show"}, r.env...), "thank")...); !strings.Contains(out, "thanked.reply\t不客气。") {
		t.Errorf("completion:\n%s", out)
	}

	// What is exported is imported again without a change, also when every
	// phrase stands in it.
	for _, args := range [][]string{{"phrase", "export"}, {"phrase", "export", "--all"}, {"phrase", "export", "-o", "json"}} {
		r.in = r.ok(args...)
		if out := r.ok("phrase", "import", "-f", "-"); !strings.Contains(out, "nothing to change") {
			t.Errorf("%v: %s", args, out)
		}
	}
	r.in = strings.Replace(r.ok("phrase", "export", "--all"), "请您稍等,我为您查询。", "请稍候，我为您查询。", 1)
	if out := r.ok("phrase", "import", "-f", "-"); strings.Count(out, "+  - key: ") != 1 || !strings.Contains(out, "+  - key: wait.before") {
		t.Error(out)
	}
}

func TestPhraseFilesAreChecked(t *testing.T) {
	s := newShell(t)
	good := s.write("good.yaml", "profile: cable\noverrides:\n- {key: greeting.opening, text: '您好,我是{hotline_name}。'}\n")
	out := s.ok("phrase", "check", good)
	for _, want := range []string{"good.yaml:3:33: overrides[0].text: it has punctuation marks of ASCII", "leaves out {agent_no}", "are right"} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	var found phraseFindings
	if s.json(&found, "phrase", "check", good); len(found.Odd) != 3 || found.Checked[0] != good {
		t.Errorf("%+v", found)
	}
	bad := s.write("bad.yaml", "profile: cable\noverrides:\n- {key: greeting.openning, text: '{agent_nr}'}\n")
	s.fails(exitInvalid, []string{`bad.yaml:3:9: overrides[0].key: there is no "greeting.openning"; did you mean "greeting.opening"?`, `did you mean "agent_no"?`}, "phrase", "check", good, bad)
	s.fails(exitInvalid, []string{`the key "profil" is not known`}, "phrase", "check", s.write("key.yaml", "profil: cable\n"))
	centre := s.write("centre.yaml", "queues: [{id: sales}]\nphrases:\n  profile: cable\n  queues:\n  - {queue: sale}\n")
	s.fails(exitInvalid, []string{`centre.yaml:5:13: phrases.queues[0].queue: there is no queue "sale"`}, "phrase", "check", centre)
	s.fails(exitInvalid, nil, "phrase", "check", "nowhere.yaml")
	if _, err := os.Stat(good); err != nil {
		t.Error(err)
	}
}

func TestPhraseCheckFindsTaboos(t *testing.T) {
	s := newShell(t)
	settings := s.write("phrases.yaml", "profile: cable\noverrides:\n  - {key: praise.reply, text: 这个没办法。}\n")
	if out := s.ok("phrase", "check", settings); !strings.Contains(out, settings+":3:") || !strings.Contains(out, "TAB-30") {
		t.Error(out)
	}
	s.fails(exitInvalid, []string{"TAB-30"}, "phrase", "check", "--strict", settings)
	flow := s.write("flow.yaml", "id: main\nnodes:\n  - id: sorry\n    play: {prompts: [不好意思，让您久等。, 您好!], next: bye}\n  - {id: bye, hangup: {}}\n")
	out := s.ok("phrase", "check", flow)
	for _, want := range []string{flow + ":3: main.sorry.prompts[0]: ", "TAB-34", "main.sorry.prompts[1]: it has punctuation marks of ASCII"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	centre := s.write("centre.yaml", "flows:\n  - id: main\n    nodes:\n      - {id: sorry, play: {prompts: [我们也没办法。], next: bye}}\n      - {id: bye, hangup: {}}\n")
	if out := s.ok("phrase", "check", centre); !strings.Contains(out, "TAB-36") {
		t.Error(out)
	}
}
