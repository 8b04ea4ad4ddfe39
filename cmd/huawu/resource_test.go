package main

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/api"
)

func TestKeepingNumbersTrunksRoutesClassesAndExtensions(t *testing.T) {
	r := boot(t, "")
	for _, c := range []struct{ line, want string }{
		{"number set 4002 --flow main", "version 2 is in effect"},
		{"number list", "4002    main"},
		{"number set 4002 --flow main", "nothing to change"},
		{"trunk set carrier --endpoint PJSIP/{number}@carrier --number 02155550000 --capacity 30 --failover 34,42", "+  capacity: 30"},
		{"trunk set spare --endpoint PJSIP/{number}@spare --number 02155550001 --cadence 4s", "is in effect"},
		{"trunk set carrier --capacity 60", "+  capacity: 60"},
		{"trunk show carrier", "Failover  34,42"}, // what no flag named has stayed
		{"trunk list", "carrier  PJSIP/{number}@carrier  02155550000       0  60            0       0"},
		{"route set city --prefixes 021,5 --trunks carrier,spare", "is in effect"},
		{"route set rest --trunks spare", "is in effect"},
		{"route set city --prefixes 021", "-  - '5'"},
		{"route list", "city   021       carrier,spare"},
		{"class set lobby --extensions --routes city", "is in effect"},
		{"class show lobby", "Colleagues  yes"},
		{"extension set 8001 --endpoint SIP/phone-1 --class lobby --busy 4711 --name Front", "is in effect"},
		{"extension set 8001 --busy= --no-answer 4712", "no_answer: '4712'"},
		{"extension list", "8001       SIP/phone-1  Front  lobby                      4712"},
		{"extension show 8001", "Class           lobby"},
		{"route remove rest", "-- id: rest"},
		{"number remove 4002", "is in effect"},
		{"extension remove 8001", "is in effect"},
		{"trunk list --lang zh", "中继"},
	} {
		if out := r.ok(strings.Fields(c.line)...); !strings.Contains(out, c.want) {
			t.Errorf("%s lacks %q:\n%s", c.line, c.want, out)
		}
	}
	var all api.Listed[api.TrunkConfig]
	r.json(&all, "trunk", "list")
	if len(all.Items) != 2 || all.Items[0].Capacity != 60 || len(all.Live) != 2 || all.Live[1].ID != "spare" {
		t.Errorf("trunks: %+v", all)
	}
	r.fails(exitNotFound, []string{`trunk "nix"`}, "trunk", "show", "nix")
	r.fails(exitNotFound, []string{`class "nix"`}, "class", "remove", "nix")
	r.fails(exitInvalid, []string{"routes[0].trunks[0]"}, "trunk", "remove", "carrier")
	r.fails(exitInvalid, []string{`no flow "nix"`}, "number", "set", "4003", "--flow", "nix")
	r.fails(exitUsage, []string{"--capacity"}, "trunk", "set", "carrier", "--capacity", "many")
	r.fails(exitUsage, []string{"TRUNK"}, "trunk", "show")
	if out, _, _ := (&shell{t: t}).run(append(append([]string{"__complete", "route", "show"}, r.env...), "")...); !strings.Contains(out, "city\t021") {
		t.Errorf("completion:\n%s", out)
	}
}
