package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/store"
)

func centreVersions(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	if _, err := s.Centre(ctx, "t"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no centre: %v, want ErrNotFound", err)
	}
	bodies := []string{"queues: []\n", "# 话务\nqueues: [{id: sales}]\n", "queues: []\n"}
	for i, body := range bodies {
		version := got[int64](t)(s.SaveCentre(ctx, lily, "t", int64(i), []byte(body)))
		if version != int64(i+1) {
			t.Fatalf("version %d, want %d", version, i+1)
		}
	}
	if _, err := s.SaveCentre(ctx, lily, "t", 2, []byte("late")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("made from an old version: %v, want ErrConflict", err)
	}
	if version := got[int64](t)(s.SaveCentre(ctx, lily, "t", 3, []byte(bodies[2]))); version != 3 {
		t.Errorf("the same again made version %d, want none", version)
	}
	newest := got[store.Centre](t)(s.Centre(ctx, "t"))
	if newest.Version != 3 || string(newest.Body) != bodies[2] || newest.By != "lily" || newest.Tenant != "t" || newest.Saved.Before(start) {
		t.Errorf("the newest is %+v", newest)
	}
	for i, body := range bodies {
		c := got[store.Centre](t)(s.CentreVersion(ctx, "t", int64(i+1)))
		if string(c.Body) != body || c.Version != int64(i+1) {
			t.Errorf("version %d is %+v", i+1, c)
		}
	}
	if _, err := s.CentreVersion(ctx, "t", 4); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no version: %v, want ErrNotFound", err)
	}
	for _, c := range []struct {
		before int64
		limit  int
		want   string
	}{{0, 0, "[3 2 1]"}, {0, 2, "[3 2]"}, {2, 2, "[1]"}} {
		list := []int64{}
		for _, v := range got[[]store.Centre](t)(s.CentreVersions(ctx, "t", c.before, c.limit)) {
			list = append(list, v.Version)
			if v.Body != nil || v.By != "lily" {
				t.Errorf("listed %+v", v)
			}
		}
		if fmt.Sprint(list) != c.want {
			t.Errorf("before %d, limit %d: got %v, want %s", c.before, c.limit, list, c.want)
		}
	}
}

// race is how many of some that do the same at once pass; the others are told of
// a conflict.
func race(t *testing.T, of int, do func(i int) error) (passed int) {
	t.Helper()
	errs := make([]error, of)
	var wg sync.WaitGroup
	for i := range of {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			passed++
		} else if !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v, want ErrConflict", err)
		}
	}
	return passed
}

func centreRace(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	stores := []*store.Store{open(t, dsn), open(t, dsn)}
	passed := race(t, 6, func(i int) error {
		_, err := stores[i%2].SaveCentre(t.Context(), lily, "t", 0, fmt.Appendf(nil, "by %d", i))
		return err
	})
	versions := got[[]store.Centre](t)(stores[0].CentreVersions(t.Context(), "t", 0, 0))
	entries := got[[]store.Entry](t)(stores[0].Audit(t.Context(), store.AuditFilter{Tenant: "t"}))
	if passed != 1 || len(versions) != 1 || len(entries) != 1 {
		t.Errorf("%d passed, %d versions, %d entries of the audit, want one of each", passed, len(versions), len(entries))
	}
}

func pins(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	s := open(t, dsn)
	ctx := t.Context()
	check := func(agent fact.AgentID, pin string, want bool) {
		t.Helper()
		if ok := got[bool](t)(s.CheckPIN(ctx, "t", agent, pin)); ok != want {
			t.Errorf("agent %s with %.20q: %t, want %t", agent, pin, ok, want)
		}
	}
	check("1001", "1234", false)
	check("1001", "000000", false)
	must(t, s.SetPIN(ctx, lily, "t", "1001", "1234"))
	must(t, s.SetPIN(ctx, lily, "t", "1002", "123456789012"))
	check("1001", "1234", true)
	check("1002", "123456789012", true)
	for _, pin := range []string{"1235", "", "123", "12345", "1234 ", "１２３４", "1234\x00", "123456789012", strings.Repeat("1", 1<<16)} {
		check("1001", pin, false)
	}
	check("1003", "1234", false)
	must(t, s.SetPIN(ctx, lily, "t", "1001", "9876"))
	check("1001", "1234", false)
	check("1001", "9876", true)
	for _, pin := range []string{"", "123", "1234567890123", "12a4", "１２３４", "-123", "12 34"} {
		err := s.SetPIN(ctx, lily, "t", "1001", pin)
		if !errors.Is(err, store.ErrInvalid) {
			t.Errorf("set %q: %v, want ErrInvalid", pin, err)
		} else if pin != "" && strings.Contains(err.Error(), pin) {
			t.Errorf("the error repeats the PIN: %v", err)
		}
	}
	check("1001", "9876", true)

	hashes := column(t, dsn, "SELECT hash FROM agent_pins")
	for _, hash := range hashes {
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("stored as %s", hash)
		}
	}
	if len(hashes) != 2 {
		t.Errorf("%d hashes are stored, want 2", len(hashes))
	}
	for _, row := range column(t, dsn, "SELECT before || after FROM audit") {
		if strings.Contains(row, "9876") || strings.Contains(row, "argon") {
			t.Errorf("the audit tells %s", row)
		}
	}
	must(t, s.RemovePIN(ctx, lily, "t", "1001"))
	check("1001", "9876", false)
	check("1002", "123456789012", true)
	if err := s.RemovePIN(ctx, lily, "t", "1001"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("remove what is not there: %v, want ErrNotFound", err)
	}
	if _, err := s.CheckPIN(ctx, "t", "1002", "000000"); err != nil {
		t.Error(err)
	}
	execute(t, dsn, "UPDATE agent_pins SET hash = '$2a$10$abc' WHERE agent = '1002'")
	if ok, err := s.CheckPIN(ctx, "t", "1002", "123456789012"); ok || err == nil {
		t.Errorf("a hash of another kind: %t, %v, want an error", ok, err)
	}
}

// writes is a call of each method that takes an Actor, each on the tenant t of
// a store that prepare has prepared. A method added to the store and not here
// fails the suite.
var writes = map[string]func(ctx context.Context, s *store.Store, a store.Actor) error{
	"SaveCentre": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.SaveCentre(ctx, a, "t", 1, []byte("two"))
		return err
	},
	"SetPIN": func(ctx context.Context, s *store.Store, a store.Actor) error {
		return s.SetPIN(ctx, a, "t", "1001", "4321")
	},
	"RemovePIN": func(ctx context.Context, s *store.Store, a store.Actor) error {
		return s.RemovePIN(ctx, a, "t", "1002")
	},
	"Prune": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.Prune(ctx, a, "t", time.UnixMilli(1<<40), 0)
		return err
	},
	"ChangeCaller": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.ChangeCaller(ctx, a, "t", "13800000001", "caller.deny", func(c *center.Caller) error {
			return c.List(a.Name, start, center.Entry{Kind: center.ListDeny, Reason: "abuse"}, false)
		})
		return err
	},
	"CloseCallback": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.CloseCallback(ctx, a, "t", "cb-open", callback.Done, "")
		return err
	},
	"SavePhraseRecording": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.SavePhraseRecording(ctx, a, "t", recordingOf("greeting.opening", "", "one"))
		return err
	},
	"CreateCallback": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.CreateCallback(ctx, a, "t", callback.Callback{ID: "cb-new", State: callback.Open, Number: "138"})
		return err
	},
	"MoveCallback": func(ctx context.Context, s *store.Store, a store.Actor) error {
		_, err := s.MoveCallback(ctx, a, "t", "cb-move", callback.Moving{After: 5})
		return err
	},
	"Note": func(ctx context.Context, s *store.Store, a store.Actor) error {
		return s.Note(ctx, a, store.Entry{Tenant: "t", Action: "agent.ready", Target: "agent/1001",
			Before: json.RawMessage(`{"state":"NOT_READY"}`), After: json.RawMessage(`{"state":"READY"}`)})
	},
}

// unaudited is the methods that change nothing, or nothing on anyone's behalf.
var unaudited = []string{"Applied", "Apply", "Audit", "Call", "Calls", "Centre", "CentreVersion", "CentreVersions",
	"Callback", "CallbackAttempts", "Callbacks", "ChangedCallbacks", "Caller", "CheckPIN", "KeepCallback", "Close", "Events", "Listed", "ListedNumbers", "ListedPage", "NormCounts", "NormFigures", "PhraseRecordings", "PhraseRecordingVersions", "Ping",
	"SurveyFigures", "Surveys"}

func prepare(t testing.TB, s *store.Store) {
	t.Helper()
	root := store.Actor{Name: "prepare"}
	got[int64](t)(s.SaveCentre(t.Context(), root, "t", 0, []byte("one")))
	must(t, s.SetPIN(t.Context(), root, "t", "1002", "1111"))
	for _, id := range []fact.CallbackID{"cb-open", "cb-move"} {
		must(t, s.KeepCallback(t.Context(), "t", callback.Callback{ID: id, State: callback.Open}))
	}
	r := recordAt("e", 1)
	r.Tenant = "t"
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 1, Records: []fact.Record{r}}))
}

func auditOfEveryWrite(t *testing.T, fresh func(testing.TB) string) {
	methods := reflect.TypeFor[*store.Store]()
	for i := range methods.NumMethod() {
		m := methods.Method(i)
		takesActor := false
		for p := range m.Type.NumIn() {
			takesActor = takesActor || m.Type.In(p) == reflect.TypeFor[store.Actor]()
		}
		if (writes[m.Name] != nil) != takesActor || slices.Contains(unaudited, m.Name) == takesActor {
			t.Errorf("%s: takes an Actor: %t; the suite has it otherwise", m.Name, takesActor)
		}
	}
	s := open(t, fresh(t))
	prepare(t, s)
	for _, name := range slices.Sorted(maps.Keys(writes)) {
		actor := store.Actor{Name: "who calls " + name, Via: "cli"}
		must(t, writes[name](t.Context(), s, actor))
		entries := got[[]store.Entry](t)(s.Audit(t.Context(), store.AuditFilter{Tenant: "t", By: actor.Name}))
		if len(entries) != 1 {
			t.Errorf("%s: %d entries of the audit, want 1", name, len(entries))
			continue
		}
		e := entries[0]
		if e.Via != "cli" || e.Tenant != "t" || e.Wall.Before(start) || e.Action == "" || e.Target == "" || len(e.Before) == 0 && len(e.After) == 0 {
			t.Errorf("%s: the audit says %+v", name, e)
		}
		for _, state := range []json.RawMessage{e.Before, e.After} {
			if len(state) > 0 && !json.Valid(state) {
				t.Errorf("%s: the audit has %s, which is not JSON", name, state)
			}
		}
	}
}

// auditNeedsActor: without a name, and when the audit cannot be written, the
// change is not made.
func auditNeedsActor(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	s := open(t, dsn)
	prepare(t, s)
	before := contents(t, dsn)
	for name, write := range writes {
		if err := write(t.Context(), s, store.Actor{Via: "rest"}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s by nobody: %v, want ErrInvalid", name, err)
		}
	}
	execute(t, dsn, "ALTER TABLE audit RENAME TO elsewhere")
	for name, write := range writes {
		if err := write(t.Context(), s, lily); err == nil {
			t.Errorf("%s without an audit: no error", name)
		}
	}
	execute(t, dsn, "ALTER TABLE elsewhere RENAME TO audit")
	if diff := cmp.Diff(before, contents(t, dsn)); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
	for name, write := range writes {
		if err := write(t.Context(), s, lily); err != nil {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}
}

func auditFilters(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	note := func(by, action, target string) {
		must(t, s.Note(t.Context(), store.Actor{Name: by}, store.Entry{Tenant: "t", Action: action, Target: target}))
	}
	note("lily", "agent.ready", "agent/1")
	note("lily", "agent.pause", "agent/1")
	note("王工", "agent.ready", "agent/2")
	all := got[[]store.Entry](t)(s.Audit(t.Context(), store.AuditFilter{Tenant: "t"}))
	if len(all) != 3 || all[0].By != "王工" {
		t.Fatalf("the audit is %+v", all)
	}
	for _, c := range []struct {
		name   string
		filter store.AuditFilter
		want   []store.Entry
	}{
		{"by", store.AuditFilter{By: "lily"}, all[1:]},
		{"action", store.AuditFilter{Action: "agent.ready"}, []store.Entry{all[0], all[2]}},
		{"target", store.AuditFilter{Target: "agent/1"}, all[1:]},
		{"from, inclusive", store.AuditFilter{From: all[1].Wall}, all[:2]},
		{"to, exclusive", store.AuditFilter{To: all[1].Wall}, all[2:]},
		{"limit", store.AuditFilter{Limit: 2}, all[:2]},
		{"next page", store.AuditFilter{Limit: 2, Before: all[1].ID}, all[2:]},
	} {
		c.filter.Tenant = "t"
		if diff := cmp.Diff(c.want, got[[]store.Entry](t)(s.Audit(t.Context(), c.filter))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func badArguments(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	s := open(t, dsn)
	ctx := t.Context()
	before := contents(t, dsn)
	second := func(_ any, err error) error { return err }
	for _, c := range []struct {
		names string
		err   error
	}{
		{"Limit", second(s.Calls(ctx, store.CallFilter{Tenant: "t", Limit: 1001}))},
		{"Tenant", second(s.Calls(ctx, store.CallFilter{}))},
		{"Limit", second(s.Events(ctx, store.EventFilter{Limit: -1}))},
		{"After.Seq", second(s.Events(ctx, store.EventFilter{After: store.Cursor{Epoch: "e", Seq: 1 << 63}}))},
		{"call", second(s.Call(ctx, "t", ""))},
		{"Tenant", second(s.Audit(ctx, store.AuditFilter{}))},
		{"Limit", second(s.Audit(ctx, store.AuditFilter{Tenant: "t", Limit: 2000}))},
		{"Limit", second(s.CentreVersions(ctx, "t", 0, -5))},
		{"tenant", second(s.SaveCentre(ctx, lily, "", 0, []byte("x")))},
		{"body", second(s.SaveCentre(ctx, lily, "t", 0, nil))},
		{"body", second(s.SaveCentre(ctx, lily, "t", 0, []byte("a\xffb")))},
		{"body", second(s.SaveCentre(ctx, lily, "t", 0, []byte("a\x00b")))},
		{"body", second(s.SaveCentre(ctx, lily, "t", 0, bytes.Repeat([]byte("x"), 16<<20+1)))},
		{"tenant", second(s.ChangeCaller(ctx, lily, "", "138", "caller.deny", nil))},
		{"number", second(s.ChangeCaller(ctx, lily, "t", "", "caller.deny", nil))},
		{"number", second(s.ChangeCaller(ctx, lily, "t", "1\x00", "caller.deny", nil))},
		{"number", second(s.Listed(ctx, "t", ""))},
		{"tenant", second(s.SavePhraseRecording(ctx, lily, "", recordingOf("a", "", "b")))},
		{"phrase", second(s.SavePhraseRecording(ctx, lily, "t", recordingOf("", "", "b")))},
		{"tenant", second(s.PhraseRecordings(ctx, ""))},
		{"tenant", second(s.PhraseRecordingVersions(ctx, "", phrase.Recorded{}, 0, 0))},
		{"tenant", s.KeepCallback(ctx, "", callback.Callback{ID: "cb"})},
		{"ID", s.KeepCallback(ctx, "t", callback.Callback{})},
		{"ID", s.KeepCallback(ctx, "t", callback.Callback{ID: "a\x00"})},
		{"ID", second(s.CloseCallback(ctx, lily, "t", "", callback.Done, ""))},
		{"Tenant", second(s.Callbacks(ctx, store.CallbackFilter{}))},
		{"Limit", second(s.Callbacks(ctx, store.CallbackFilter{Tenant: "t", Limit: -1}))},
		{"Tenant", second(s.Surveys(ctx, store.SurveyFilter{}))},
		{"Limit", second(s.Surveys(ctx, store.SurveyFilter{Tenant: "t", Limit: -1}))},
		{"Tenant", second(s.NormCounts(ctx, store.NormFilter{}))},
		{"Limit", second(s.NormCounts(ctx, store.NormFilter{Tenant: "t", Limit: -1}))},
		{"Tenant", second(s.NormFigures(ctx, store.ByRule, store.NormFilter{}))},
		{"by", second(s.NormFigures(ctx, "colour", store.NormFilter{Tenant: "t"}))},
		{"tenant", second(s.SurveyFigures(ctx, "", store.ByQueue, start, start))},
		{"by", second(s.SurveyFigures(ctx, "t", "colour", start, start))},
		{"Tenant", second(s.ListedPage(ctx, store.CallerFilter{}))},
		{"Limit", second(s.ListedPage(ctx, store.CallerFilter{Tenant: "t", Limit: 1001}))},
		{"tenant", s.SetPIN(ctx, lily, "", "1001", "1234")},
		{"agent", s.SetPIN(ctx, lily, "t", "", "1234")},
		{"agent", s.SetPIN(ctx, lily, "t", "\xff", "1234")},
		{"tenant", second(s.Prune(ctx, lily, "", start, 0))},
		{"before", second(s.Prune(ctx, lily, "t", time.Time{}, 0))},
		{"Limit", second(s.Prune(ctx, lily, "t", start, 5000))},
		{"Tenant", s.Note(ctx, lily, store.Entry{Action: "x"})},
		{"Action", s.Note(ctx, lily, store.Entry{Tenant: "t"})},
		{"After", s.Note(ctx, lily, store.Entry{Tenant: "t", Action: "x", After: json.RawMessage("{")})},
	} {
		if !errors.Is(c.err, store.ErrInvalid) || !strings.Contains(c.err.Error(), c.names) {
			t.Errorf("got %v, want ErrInvalid that names %s", c.err, c.names)
		}
	}
	if diff := cmp.Diff(before, contents(t, dsn)); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}
