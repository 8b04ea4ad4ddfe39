package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huawu/huawu/api"
)

// The list lives in the store: a centre that starts without its journal, or
// with one that has missed a change, has it all the same.
func TestTheListIsThereFromTheStartOn(t *testing.T) {
	r := boot(t, "")
	r.ok("apply", "-f", r.write("lists.yaml", centreText+"callers: {denied: main}\n"))
	r.ok("caller", "deny", "13800000001", "--reason", "辱骂")
	var before, after api.CallerList
	r.json(&before, "caller", "list")
	r.stop()
	if err := os.RemoveAll(filepath.Join(r.config.DataDir, "journal")); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.until("ready again", r.ready)
	r.json(&after, "caller", "list")
	if before.Revision == 0 || after.Revision != before.Revision {
		t.Errorf("the centre goes by revision %d, want %d", after.Revision, before.Revision)
	}
}

func TestDenyingRankingAndStrikingCallers(t *testing.T) {
	r := boot(t, "")
	r.fails(exitConflict, []string{"callers.denied"}, "caller", "deny", "13800000001", "--reason", "辱骂")
	r.ok("apply", "-f", r.write("lists.yaml", centreText+"country: CN\ncallers: {denied: main}\norder: {levels: [{id: vip, worth: 10m}]}\n"))
	for _, c := range []struct{ line, want string }{
		{"caller deny 13800000001 --reason 辱骂 --until 2099-12-31", "deny  active  "},
		{"caller list", "  2099-12-31  "},
		{"caller show 13800000001 --lang zh", "拒接  生效"},
		{"caller level +8613900000001 --level vip --language en --attribute card=silver --reason 银卡", "card=silver"},
		{"caller strike 13800000002 --reason 辱骂 --call c-1", "Strikes  1, of which 1 count"},
		{"caller strike 13800000002 --reason 辱骂", "Strikes  2, of which 2 count"},
		{"caller strike 13800000002 --reason 辱骂 --lang zh", "审批请用：huawu caller approve 13800000002"},
		{"caller list --state proposed", "13800000002  deny  proposed"},
		{"caller list --state proposed --lang zh", "13800000002  拒接  待批准"},
		{"caller approve 13800000002", "Denied   yes"},
		{"caller show 13800000002", "c-1"},
		{"caller lift 13900000001 --kind level", "lifted"},
		{"caller list --lang zh", "申请人"},
		{"caller list --limit 2", "\n--from 13800000002\n"},
		{"audit --action caller.approve", "caller/13800000002"},
	} {
		if out := r.ok(strings.Fields(c.line)...); !strings.Contains(out, c.want) {
			t.Errorf("%s lacks %q:\n%s", c.line, c.want, out)
		}
	}
	var all api.CallerList
	r.json(&all, "caller", "list")
	if len(all.Callers) != 3 || !all.Callers[0].Denied || all.Callers[2].Number != "13900000001" || all.Revision < 4 {
		t.Errorf("%+v", all)
	}
	r.fails(exitNotFound, []string{"13900000001"}, "caller", "lift", "13900000001")
	r.fails(exitConflict, []string{"huawu: lift 13900000001: its level is lifted already: conflict\n"}, "caller", "lift", "13900000001", "--kind", "level")
	r.fails(exitNotFound, []string{"huawu: store: read callback cb-9: not found\n"}, "callback", "show", "cb-9")
	r.fails(exitInvalid, []string{`kind "cal.*"`, `did you mean "call.*"?`}, "event", "follow", "--kind", "call.*,cal.*")
	r.fails(exitNotFound, []string{`queue "nix": not found`}, "event", "follow", "--queue", "nix")
	r.fails(exitInvalid, []string{`did you mean "call.ended"?`}, "event", "follow", "--kind", "call.ende")
	r.fails(exitInvalid, []string{`"gold"`}, "caller", "level", "138", "--level", "gold", "--reason", "x")
	r.fails(exitUsage, []string{"reason"}, "caller", "deny", "138")
	if out, _, _ := (&shell{t: t}).run(append(append([]string{"__complete"}, r.env...), "caller", "level", "138", "--level", "")...); !strings.Contains(out, "vip") {
		t.Errorf("completion of levels:\n%s", out)
	}
	if out, _, _ := (&shell{t: t}).run(append(append([]string{"__complete", "caller", "show"}, r.env...), "")...); !strings.Contains(out, "13800000001") {
		t.Errorf("completion:\n%s", out)
	}
}
