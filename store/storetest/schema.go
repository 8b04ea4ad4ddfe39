package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/store"
)

func frozen(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	prepare(t, open(t, dsn))
	for _, statement := range []string{"UPDATE centre_versions SET body = 'x'", "UPDATE audit SET actor = 'x'"} {
		db := raw(t, dsn)
		if _, err := db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "never changed") {
			t.Errorf("%s: %v, want a refusal", statement, err)
		}
	}
}

func tenantsApart(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	const ours, theirs fact.TenantID = "ours", "theirs"
	b := fact.Batch{Epoch: "e", Seq: 1}
	for i, tenant := range []fact.TenantID{ours, theirs} {
		r := recordAt("e", 1) // the same id in both
		r.Tenant, r.From = tenant, string(tenant)
		r.Direction, r.Talk, r.Queue, r.Survey = fact.Inbound, 1000, "sales", &fact.Survey{Queue: "sales", Asked: int64(i + 1), Answered: 9, Score: 1, Of: 3}
		got[phrase.Recording](t)(s.SavePhraseRecording(ctx, lily, tenant, recordingOf("greeting.opening", "", string(tenant))))
		b.Records = append(b.Records, r)
		b.Events = append(b.Events, fact.Sequenced{Seq: 1, N: i + 1, Event: fact.Event{Tenant: tenant, Kind: fact.CallEnded, Call: r.Call}})
		if tenant == ours {
			got[int64](t)(s.SaveCentre(ctx, lily, tenant, 0, []byte("ours")))
			must(t, s.SetPIN(ctx, lily, tenant, "1001", "1234"))
		}
	}
	for i, tenant := range []fact.TenantID{ours, theirs} {
		b.Counts = append(b.Counts, fact.NormCount{Tenant: tenant, Rule: "RUL-ANS-1", NormTally: fact.NormTally{Kept: int64(i + 1)}})
	}
	b.WrapUps = []fact.WrapUp{{Tenant: ours, Call: callAt("e", 1), Millis: 5}}
	must(t, s.Apply(ctx, b))
	for tenant, work := range map[fact.TenantID]int64{ours: 5, theirs: 0} {
		history := got[store.CallHistory](t)(s.Call(ctx, tenant, callAt("e", 1)))
		if history.Record.From != string(tenant) || history.Record.WrapUp != work || len(history.Events) != 1 || history.Events[0].Event.Tenant != tenant {
			t.Errorf("%s reads %+v", tenant, history)
		}
		page := got[store.CallPage](t)(s.Calls(ctx, store.CallFilter{Tenant: tenant}))
		if len(page.Records) != 1 || page.Records[0].Tenant != tenant || len(page.Records[0].Recordings) != 2 {
			t.Errorf("%s lists %+v", tenant, page)
		}
		rated := got[[]store.Rated](t)(s.Surveys(ctx, store.SurveyFilter{Tenant: tenant}))
		figures := got[[]store.SurveyFigures](t)(s.SurveyFigures(ctx, tenant, store.ByQueue, time.Time{}, time.Time{}))
		if len(rated) != 1 || len(figures) != 1 || figures[0].Talks != 1 || figures[0].Asked != 1 {
			t.Errorf("%s is rated %+v, which makes %+v", tenant, rated, figures)
		}
		spoken := got[[]phrase.Recording](t)(s.PhraseRecordings(ctx, tenant))
		versions := got[[]phrase.Recording](t)(s.PhraseRecordingVersions(ctx, tenant, spoken[0].Recorded, 0, 0))
		if len(spoken) != 1 || len(versions) != 1 || spoken[0].Version != 1 {
			t.Errorf("%s has recorded %+v, in versions %+v", tenant, spoken, versions)
		}
		counts := got[[]fact.NormCount](t)(s.NormCounts(ctx, store.NormFilter{Tenant: tenant}))
		sums := got[[]store.NormFigure](t)(s.NormFigures(ctx, store.ByRule, store.NormFilter{Tenant: tenant}))
		if kept := map[fact.TenantID]int64{ours: 1, theirs: 2}[tenant]; len(counts) != 1 || counts[0].Kept != kept || counts[0].Tenant != tenant || len(sums) != 1 || sums[0].Kept != kept {
			t.Errorf("%s counts %+v, which makes %+v", tenant, counts, sums)
		}
		events := got[[]store.Event](t)(s.Events(ctx, store.EventFilter{Tenant: tenant}))
		if len(events) != 1 || events[0].Event.Tenant != tenant {
			t.Errorf("%s is fed %+v", tenant, events)
		}
	}
	if n := len(got[[]store.Event](t)(s.Events(ctx, store.EventFilter{}))); n != 2 {
		t.Errorf("all tenants have %d events, want 2", n)
	}
	if _, err := s.Centre(ctx, theirs); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("their centre: %v", err)
	}
	if versions := got[[]store.Centre](t)(s.CentreVersions(ctx, theirs, 0, 0)); len(versions) != 0 {
		t.Errorf("their versions: %v", versions)
	}
	if got[bool](t)(s.CheckPIN(ctx, theirs, "1001", "1234")) {
		t.Error("our PIN opens theirs")
	}
	if err := s.RemovePIN(ctx, lily, theirs, "1001"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("remove our PIN as theirs: %v", err)
	}
	if entries := got[[]store.Entry](t)(s.Audit(ctx, store.AuditFilter{Tenant: theirs})); len(entries) != 1 || entries[0].Action != "phrase.record" {
		t.Errorf("their audit: %v", entries)
	}
}

func tenantColumns(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	open(t, dsn)
	for table, columns := range tables(t, dsn) {
		// The cursor belongs to a journal, which may serve several tenants;
		// the schema's version belongs to the database.
		if table != "applied" && table != "huawu_schema" && !slices.Contains(columns, "tenant") {
			t.Errorf("table %s has no tenant: %v", table, columns)
		}
	}
}

func migrateTogether(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	const programs = 4
	stores := make([]*store.Store, programs)
	errs := make([]error, programs)
	var wg sync.WaitGroup
	for i := range programs {
		wg.Go(func() { stores[i], errs[i] = store.Open(t.Context(), store.Options{DSN: dsn, Logger: discard}) })
	}
	wg.Wait()
	for i := range programs {
		must(t, errs[i])
		must(t, stores[i].Ping(t.Context()))
		must(t, stores[i].Close())
	}
	versions := column(t, dsn, "SELECT version_id FROM huawu_schema ORDER BY id")
	if len(versions) < 2 || len(slices.Compact(slices.Clone(versions))) != len(versions) {
		t.Errorf("the schema's history is %v", versions)
	}
}

func newerSchema(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: discard})
	must(t, err)
	prepare(t, s)
	must(t, s.Close())
	before := contents(t, dsn)
	execute(t, dsn, "INSERT INTO huawu_schema (version_id, is_applied) VALUES (9001, '1')")
	s, err = store.Open(t.Context(), store.Options{DSN: dsn, Logger: discard})
	if err == nil {
		must(t, s.Close())
	}
	if !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "9001") {
		t.Errorf("got %v, want ErrNewerSchema that tells the version", err)
	}
	execute(t, dsn, "DELETE FROM huawu_schema WHERE version_id = 9001")
	if after := contents(t, dsn); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the database was changed: %v, before %v", after, before)
	}
	open(t, dsn)
}

// olderSchema takes a database back to the first schema, with a call of that
// time in it, and opens it again.
func olderSchema(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: discard})
	must(t, err)
	must(t, s.Apply(t.Context(), inputAt("e", 1)))
	must(t, s.Close())
	for _, name := range []string{"transfers", "consult_ms", "trunk", "excuse"} {
		execute(t, dsn, "ALTER TABLE calls DROP COLUMN "+name)
	}
	for _, table := range []string{"number_list", "number_strikes", "call_log", "callback", "callback_attempts", "phrase_recordings", "surveys", "norm_counts"} {
		execute(t, dsn, "DROP TABLE "+table)
	}
	execute(t, dsn, "DELETE FROM huawu_schema WHERE version_id > 1")
	s = open(t, dsn)
	b := inputAt("e", 2)
	b.Records[0].Transfers, b.Records[0].Consult, b.Records[0].Trunk, b.Records[0].Excuse = 2, 4000, "北京", "abuse"
	must(t, s.Apply(t.Context(), b))
	// The newest first: the first that is read is what an old connection has wrong.
	for _, c := range []struct {
		seq  uint64
		want fact.Record
	}{{2, b.Records[0]}, {1, fact.Record{}}} {
		want := c.want
		r := got[store.CallHistory](t)(s.Call(t.Context(), fact.DefaultTenant, callAt("e", c.seq))).Record
		if r == nil || r.Transfers != want.Transfers || r.Consult != want.Consult || r.Trunk != want.Trunk || r.Excuse != want.Excuse {
			t.Errorf("call %d: %+v, want %d transfers, %d ms, trunk %q, excuse %q", c.seq, r, want.Transfers, want.Consult, want.Trunk, want.Excuse)
		}
	}
}

func cancelled(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Apply(ctx, inputAt("e", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
	if _, err := s.Calls(ctx, store.CallFilter{Tenant: "t"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Calls: %v", err)
	}
	if _, err := s.CheckPIN(ctx, "t", "1001", "1234"); !errors.Is(err, context.Canceled) {
		t.Errorf("CheckPIN: %v", err)
	}
	must(t, s.Ping(t.Context()))
}

func closedStore(t *testing.T, fresh func(testing.TB) string) {
	s, err := store.Open(t.Context(), store.Options{DSN: fresh(t), Logger: discard})
	must(t, err)
	must(t, s.Close())
	if err := s.Apply(t.Context(), inputAt("e", 1)); err == nil {
		t.Error("Apply on a closed store: no error")
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("Ping on a closed store: no error")
	}
	must(t, s.Close())
}

// raw is the database behind a store.
func raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.Contains(dsn, "://") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, dsn)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func execute(t testing.TB, dsn, statement string) {
	t.Helper()
	_, err := raw(t, dsn).ExecContext(t.Context(), statement)
	must(t, err)
}

// column is the first column of what a query finds.
func column(t testing.TB, dsn, query string) []string {
	t.Helper()
	rows, err := raw(t, dsn).QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		all = append(all, s)
	}
	must(t, rows.Err())
	return all
}

// tables is the columns of each table.
func tables(t testing.TB, dsn string) map[string][]string {
	t.Helper()
	query := "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
	if strings.Contains(dsn, "://") {
		query = "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
	}
	all := map[string][]string{}
	for _, name := range column(t, dsn, query) {
		table, column, _ := strings.Cut(name, ".")
		all[table] = append(all[table], column)
	}
	if len(all) < 7 {
		t.Fatalf("only %d tables were found", len(all))
	}
	return all
}

// contents is how many rows each table has, and all of what is not history.
func contents(t testing.TB, dsn string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range slices.Sorted(maps.Keys(tables(t, dsn))) {
		all[table] = column(t, dsn, "SELECT COUNT(*) FROM "+table)
	}
	all["hashes"] = column(t, dsn, "SELECT agent || hash FROM agent_pins ORDER BY agent")
	return all
}
