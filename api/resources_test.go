package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func init() {
	for name, s := range map[string]sample{
		"POST /api/v1/numbers":          {"/api/v1/numbers", `{"number": "4002", "flow": "main"}`, 1},
		"PUT /api/v1/numbers/:id":       {"/api/v1/numbers/4002", `{"flow": "main"}`, 1},
		"DELETE /api/v1/numbers/:id":    {"/api/v1/numbers/4001", "", 1},
		"POST /api/v1/trunks":           {"/api/v1/trunks", `{"id": "two", "endpoint": "PJSIP/{number}@two", "number": "021"}`, 1},
		"PUT /api/v1/trunks/:id":        {"/api/v1/trunks/out", `{"endpoint": "PJSIP/{number}@two", "number": "021", "cadence": "4s"}`, 1},
		"DELETE /api/v1/trunks/:id":     {"/api/v1/trunks/spare", "", 1},
		"POST /api/v1/routes":           {"/api/v1/routes", `{"id": "city", "prefixes": ["021"], "trunks": ["out"]}`, 1},
		"PUT /api/v1/routes/:id":        {"/api/v1/routes/city", `{"trunks": ["out"]}`, 1},
		"DELETE /api/v1/routes/:id":     {"/api/v1/routes/all", "", 1},
		"POST /api/v1/classes":          {"/api/v1/classes", `{"id": "lobby", "extensions": true}`, 1},
		"PUT /api/v1/classes/:id":       {"/api/v1/classes/lobby", `{}`, 1},
		"DELETE /api/v1/classes/:id":    {"/api/v1/classes/spare", "", 1},
		"POST /api/v1/extensions":       {"/api/v1/extensions", `{"extension": "8009", "endpoint": "PJSIP/1009"}`, 1},
		"PUT /api/v1/extensions/:id":    {"/api/v1/extensions/1001", `{"endpoint": "PJSIP/1001", "forward": {"busy": "4711"}}`, 1},
		"DELETE /api/v1/extensions/:id": {"/api/v1/extensions/1001", "", 1},
	} {
		samples[name] = s
	}
}

// kinds are the resources of dialling with one more of each, what it is
// replaced by, and a line that either makes in the document.
var kinds = []struct {
	many, key, body, line, other, otherLine string
}{
	{"numbers", "4002", `{"number": "4002", "flow": "main"}`, "flow: main\n- number: '4002'\n  flow: main", `{"flow": "agent-ready"}`, "'4002'\n  flow: agent-ready"},
	{"trunks", "two", `{"id": "two", "endpoint": "PJSIP/{number}@two", "number": "021", "capacity": 30, "failover": [34]}`, "capacity: 30",
		`{"endpoint": "PJSIP/{number}@two", "number": "021", "cadence": "4s"}`, "cadence: 4s"},
	{"routes", "city", `{"id": "city", "prefixes": ["021"], "trunks": ["out"]}`, "prefixes:\n  - '021'", `{"trunks": ["out"], "number": "02199"}`, "number: '02199'"},
	{"classes", "lobby", `{"id": "lobby", "extensions": true}`, "extensions: true", `{"id": "lobby", "routes": ["all"]}`, "routes:\n  - all"},
	{"extensions", "8009", `{"extension": "8009", "endpoint": "PJSIP/1009", "name": "前台"}`, "name: 前台",
		`{"endpoint": "PJSIP/1009", "do_not_disturb": true, "forward": {"always": "1001"}}`, "forward:\n    always: '1001'"},
}

func TestResourcesAreOfTheDocument(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.many, func(t *testing.T) {
			b := applied(t)
			all, one := "/api/v1/"+k.many, "/api/v1/"+k.many+"/"+k.key
			in := func(line string) bool {
				return strings.Contains(string(b.store.versions[len(b.store.versions)-1].Body), line)
			}
			b.problem("GET", one, "", http.StatusNotFound, "not-found")
			b.problem("DELETE", one, "", http.StatusNotFound, "not-found")
			b.problem("POST", all, k.body, http.StatusPreconditionFailed, "precondition-failed", "If-Match", `"7"`)

			var done ChangeDone
			res := b.do("POST", all, k.body, &done, "If-Match", `"1"`)
			if done.Version != 2 || !strings.Contains(done.Diff, "+") || !in(k.line) || res.Header.Get("ETag") != `"2"` || len(b.engine.configs) != 2 {
				t.Errorf("made: %+v, ETag %s; %s", done, res.Header.Get("ETag"), b.store.versions[1].Body)
			}
			b.problem("POST", all, k.body, http.StatusConflict, "conflict")
			b.problem("PUT", one, strings.Replace(k.body, k.key, "0815", 1), http.StatusUnprocessableEntity, "invalid")

			var shown, again string
			if res := b.do("GET", one, "", &shown); res.StatusCode != http.StatusOK || res.Header.Get("ETag") != `"2"` {
				t.Errorf("shown: %d %s", res.StatusCode, shown)
			}
			// What is shown can be put back, and then nothing has changed.
			b.do("PUT", one, shown, &done)
			if done.Changed || done.Version != 2 {
				t.Errorf("put back: %+v of %s", done, shown)
			}
			var listed Listed[map[string]any]
			b.do("GET", all, "", &listed)
			if n := len(listed.Items); n == 0 || listed.Version != 2 || fmt.Sprint(listed.Items[n-1]["number"], listed.Items[n-1]["id"], listed.Items[n-1]["extension"]) == "<nil> <nil> <nil>" {
				t.Errorf("listed: %+v", listed)
			}

			b.do("PUT", one, k.other, &done)
			if done.Version != 3 || !in(k.otherLine) || in(k.line) {
				t.Errorf("replaced: %+v; %s", done, b.store.versions[2].Body)
			}
			b.do("DELETE", one, "", &done)
			if done.Version != 4 || in(k.otherLine) || k.many != "extensions" && string(b.store.versions[3].Body) != string(b.store.versions[0].Body) {
				t.Errorf("removed: %+v; %s", done, b.store.versions[3].Body)
			}
			b.problem("GET", one, "", http.StatusNotFound, "not-found")
			b.problem("POST", all, strings.Replace(k.body, `"`+k.key+`"`, `""`, 1), http.StatusUnprocessableEntity, "invalid")
			b.do("GET", all, "", &again)
			if !strings.Contains(again, `"items":[`) {
				t.Errorf("the list afterwards: %s", again)
			}
		})
	}
}

func TestTrunksAreListedWithWhatTheyCarry(t *testing.T) {
	b := applied(t)
	b.engine.view.Trunks = []center.TrunkView{{ID: "out", Live: 3, Calls: 9, Failed: 1}}
	var all Listed[TrunkConfig]
	b.do("GET", "/api/v1/trunks", "", &all)
	if len(all.Items) != 2 || all.Items[0].Endpoint != "PJSIP/{number}@carrier" || len(all.Live) != 1 || all.Live[0].Live != 3 {
		t.Errorf("trunks: %+v", all)
	}
}

func TestACallIsShownWithItsRings(t *testing.T) {
	b := applied(t)
	b.engine.view.Trunks = []center.TrunkView{{ID: "out", Cadence: 4000, Live: 2, Calls: 9, Failed: 1}}
	record := fact.Record{Call: "c9", Direction: fact.Outbound, Ring: 12_500, Trunk: "out"}
	inbound := fact.Record{Call: "c8", Direction: fact.Inbound, Ring: 12_500, Trunk: "out"}
	b.store.records = append(b.store.records, record, inbound)
	for id, want := range map[string]int{"c9": 4, "c8": 0} {
		var d CallDetail
		if b.do("GET", "/api/v1/calls/"+id, "", &d); d.Rings != want || d.Record == nil {
			t.Errorf("%s: %d rings, want %d: %+v", id, d.Rings, want, d)
		}
	}
	var metrics string
	b.do("GET", "/metrics", "", &metrics)
	for _, line := range []string{`huawu_trunk_legs{tenant="default",trunk="out"} 2`, `huawu_trunk_calls_total{tenant="default",trunk="out"} 9`,
		`huawu_trunk_failed_total{tenant="default",trunk="out"} 1`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

func TestAnExtensionMovesToAnotherPhone(t *testing.T) {
	b := applied(t)
	b.do("PUT", "/api/v1/extensions/1001", `{"endpoint": "PJSIP/1001", "forward": {"busy": "4711"}}`, nil)
	var done ChangeDone
	b.do("PUT", "/api/v1/extensions/1001", `{"endpoint": "PJSIP/2001"}`, &done)
	seats := b.engine.configs[len(b.engine.configs)-1].Seats
	want := []center.Seat{{Endpoint: "PJSIP/1001"}, {Endpoint: "PJSIP/2001", Extension: "1001"}}
	if !slices.Equal(seats, want) {
		t.Errorf("seats %+v, want %+v", seats, want)
	}
	b.problem("PUT", "/api/v1/extensions/1002", `{"endpoint": "PJSIP/2001"}`, http.StatusConflict, "conflict")
	// A phone whose extension goes is still one to sign in at.
	b.do("DELETE", "/api/v1/extensions/1001", "", &done)
	if seats := b.engine.configs[len(b.engine.configs)-1].Seats; len(seats) != 2 || seats[1].Extension != "" {
		t.Errorf("seats %+v", seats)
	}
}

func TestDocumentsWithWrongDialling(t *testing.T) {
	const right = `country: CN
transfers: {blind: queue, timeout: 15s, max_hold: 3m}
trunks:
  - {id: a, endpoint: "PJSIP/{number}@a", number: "021", capacity: 30, cadence: 4s, failover: [34, 42]}
  - {id: b, endpoint: "PJSIP/{number}@b", number: "021"}
routes:
  - {id: city, prefixes: ["021"], trunks: [a, b], number: "02199"}
  - {id: rest, trunks: [b], class: boss}
classes:
  - {id: boss, routes: [city, rest], extensions: true}
seats:
  - {endpoint: PJSIP/1, extension: "8001", class: boss, display: ascii, forward: {always: "8002", busy: "138", no_answer: "139"}}
  - {endpoint: PJSIP/2, extension: "8002", do_not_disturb: true}
`
	noticed(t, right, []slip{
		{"country: CN", "country: XX", `1:10: country: the numbers of "XX" are not known`},
		{"blind: queue", "blind: maybe", `2:20: transfers.blind: "maybe" is no rule`},
		{"timeout: 15s", "timeout: 5m", "transfers.timeout: whom is called may ring for 5m0s"},
		{"max_hold: 3m", "max_hold: 3h", "transfers.max_hold: a caller may be on hold for 3h0m0s"},
		{"capacity: 30", "capacity: -1", "4:68: trunks[0].capacity"},
		{"cadence: 4s", "cadence: 40s", "trunks[0].cadence: 40s from ring to ring"},
		{"[34, 42]", "[34, 34]", "trunks[0].failover[1]: 34 is no cause or comes twice"},
		{"[34, 42]", "[128]", "trunks[0].failover[0]: 128"},
		{"id: rest", "id: city", `routes[1].id: "city" is empty, too long or comes twice`},
		{`["021"]`, `["+86"]`, `routes[0].prefixes[0]: "+86" cannot begin`},
		{"[a, b]", "[a, c]", `routes[0].trunks[1]: there is no trunk "c", or it comes twice`},
		{"[a, b]", "[a, a]", `routes[0].trunks[1]: there is no trunk "a", or it comes twice`},
		{"trunks: [b]", "trunks: []", "routes[1].trunks: the route leads nowhere"},
		{`"02199"`, `"x"`, `routes[0].number: "x" is no number`},
		{"trunks: [b], class: boss", "trunks: [b], class: bos", `routes[1].class: there is no class "bos"`},
		{"id: boss", "id: ''", `classes[0].id: ""`},
		{"[city, rest]", "[city, a]", `classes[0].routes[1]: there is no route "a"`},
		{`"8001", class: boss`, `"8001", class: bos`, `seats[0].class: there is no class "bos"`},
		{"display: ascii", "display: utf-9", `seats[0].display: "utf-9"`},
		{`always: "8002"`, `always: "8001"`, `seats[0].forward.always: calls cannot go on to "8001"`},
		{`busy: "138"`, `busy: "+86"`, `seats[0].forward.busy: calls cannot go on to "+86"`},
		{`no_answer: "139"`, `no_answer: "110"`, `seats[0].forward.no_answer: "110" is an emergency number`},
		{`extension: "8002", `, "", "seats[1].extension: a phone that nobody can dial"},
	})
	// Without routes the trunks are those of their own prefixes.
	if err := compiled(t, "trunks: [{id: a, endpoint: 'PJSIP/{number}@a', number: '021'}]\nclasses: [{id: x, routes: [a]}]\n"); err != nil {
		t.Errorf("a class that names a trunk: %v", err)
	}
}

func TestPartsThatAreNamedAreNotRemoved(t *testing.T) {
	b := applied(t)
	for _, k := range []struct{ path, body string }{
		{"/api/v1/classes", `{"id": "boss", "routes": ["all"]}`},
	} {
		if res := b.do("POST", k.path, k.body, nil); res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", k.path, res.StatusCode)
		}
	}
	b.do("PUT", "/api/v1/extensions/1001", `{"endpoint": "PJSIP/1001", "class": "boss"}`, nil)
	for path, field := range map[string]string{"/api/v1/trunks/out": "routes[0].trunks[0]", "/api/v1/routes/all": "classes[1].routes[0]", "/api/v1/classes/boss": "seats[0].class"} {
		p := b.problem("DELETE", path, "", http.StatusUnprocessableEntity, "invalid-document")
		if len(p.Errors) == 0 || p.Errors[0].Location != field {
			t.Errorf("%s: %+v, want %s", path, p.Errors, field)
		}
	}
}
