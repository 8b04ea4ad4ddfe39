package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func init() {
	samples["POST /api/v1/calls/:id/protect"] = sample{"/api/v1/calls/c1/protect", `{"note": "投诉"}`, 1}
	samples["POST /api/v1/calls/:id/unprotect"] = sample{"/api/v1/calls/c1/unprotect", `{"note": "结案"}`, 1}
}

// fakeArchive is recordings by stem, and the calls that are protected.
type fakeArchive struct {
	files     map[string]string
	protected map[fact.CallID]bool
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

func (a *fakeArchive) Open(stem string) (io.ReadSeekCloser, error) {
	if text, ok := a.files[stem]; ok {
		return nopCloser{bytes.NewReader([]byte(text))}, nil
	}
	return nil, fmt.Errorf("recording %s: %w", stem, ErrNotFound)
}

func (a *fakeArchive) Protect(call fact.CallID, on bool, _, _ string) error {
	a.protected[call] = on
	return nil
}

func (a *fakeArchive) Protects(call fact.CallID) bool { return a.protected[call] }

// filed is a call with a recording, a consult and a message.
func filed(id fact.CallID, began, talk, ms int64) fact.Record {
	r := fact.Record{Call: id, Direction: fact.Inbound, Began: began, Ended: began + talk, Talk: talk}
	if ms == 0 {
		return r
	}
	for _, kind := range []string{"", "-consult", "-message"} {
		n := map[string]int{"": 1, "-consult": 2, "-message": 3}[kind]
		for _, side := range []fact.Side{fact.SideIn, fact.SideOut} {
			r.Recordings = append(r.Recordings, fact.RecordingFile{Side: side, Name: fmt.Sprintf("2026/11/30/%s-%d%s-%s.wav", id, n, kind, side), Millis: ms})
		}
	}
	return r
}

// A recording is listed, sent whole and in parts to who may hear it, and each time
// that it is is in the audit.
func TestRecordingsOfACall(t *testing.T) {
	b := setup(t)
	b.store.records = []fact.Record{filed("c-e-1", 1000, 9000, 10_000)}
	b.archive = nil
	b.do("GET", "/api/v1/calls/c-e-1/recordings", "", nil)
	if res := b.do("GET", "/api/v1/calls/c-e-1/recordings/1", "", nil); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without an archive: %d", res.StatusCode)
	}
	b.archive = &fakeArchive{files: map[string]string{"2026/11/30/c-e-1-1": "0123456789"}, protected: map[fact.CallID]bool{}}
	var list CallTapes
	b.do("GET", "/api/v1/calls/c-e-1/recordings", "", &list)
	want := []CallTape{{1, 10_000, "call", true}, {2, 10_000, "consult", false}, {3, 10_000, "message", false}}
	if fmt.Sprint(list.Recordings) != fmt.Sprint(want) || list.Protected {
		t.Errorf("%+v", list)
	}
	var all string
	if res := b.do("GET", "/api/v1/calls/c-e-1/recordings/1", "", &all); all != "0123456789" || res.Header.Get("Content-Type") != typeWAV {
		t.Errorf("%d %v %q", res.StatusCode, res.Header, all)
	}
	if res := b.do("GET", "/api/v1/calls/c-e-1/recordings/1", "", &all, "Range", "bytes=2-4"); all != "234" || res.StatusCode != http.StatusPartialContent {
		t.Errorf("%d %q", res.StatusCode, all)
	}
	if n := len(b.store.audit); n != 2 || b.store.audit[0].Action != "recording.download" || b.store.audit[0].By != "chen" {
		t.Errorf("audit %+v", b.store.audit)
	}
	for path, code := range map[string]int{"c-e-1/recordings/9": 404, "c-e-1/recordings/2": 404, "c-e-9/recordings/1": 404, "c-e-9/recordings": 404, "c-e-1/recordings/0": 422} {
		if res := b.do("GET", "/api/v1/calls/"+path, "", nil); res.StatusCode != code {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, code)
		}
	}
	res := b.do("GET", "/api/v1/calls/c-e-1/recordings/1", "", nil, "Authorization", "Bearer "+readSecret)
	if res.StatusCode != http.StatusForbidden || len(b.store.audit) != 2 {
		t.Errorf("a token that reads alone: %d", res.StatusCode)
	}
}

func TestProtectionOfACall(t *testing.T) {
	b := setup(t)
	b.archive = newFakeArchive()
	b.store.records = []fact.Record{filed("c-e-1", 1000, 9000, 10_000)}
	for _, call := range []string{"c-e-1", "c1"} { // it has ended; it goes on
		if res := b.do("POST", "/api/v1/calls/"+call+"/protect", `{"note": "投诉"}`, nil); res.StatusCode != 200 || !b.archive.Protects(fact.CallID(call)) {
			t.Errorf("%s: %d", call, res.StatusCode)
		}
		if res := b.do("POST", "/api/v1/calls/"+call+"/unprotect", `{"note": "结案"}`, nil); res.StatusCode != 200 || b.archive.Protects(fact.CallID(call)) {
			t.Errorf("%s: %d", call, res.StatusCode)
		}
	}
	if res := b.do("POST", "/api/v1/calls/c-no/protect", `{"note": "x"}`, nil); res.StatusCode != 404 {
		t.Errorf("no such call: %d", res.StatusCode)
	}
	if res := b.do("POST", "/api/v1/calls/c-e-1/protect", `{}`, nil); res.StatusCode != 422 {
		t.Errorf("without a reason: %d", res.StatusCode)
	}
}

// What nobody recorded, recorded in part and lost is told; coverage is a figure.
func TestGapsAreTold(t *testing.T) {
	b := setup(t)
	now := time.Now().UnixMilli()
	old := now - time.Hour.Milliseconds()
	silent := filed("c-e-5", old-5, 0, 0) // nobody talked
	b.store.records = []fact.Record{filed("c-e-0", now-2000, 1000, 1000), filed("c-e-1", old-1, 10_000, 9000), filed("c-e-2", old-2, 10_000, 0),
		filed("c-e-3", old-3, 10_000, 4000), filed("c-e-4", old-4, 10_000, 10_000), silent}
	b.archive = &fakeArchive{files: map[string]string{"2026/11/30/c-e-1-1": "x", "2026/11/30/c-e-3-1": "x"}}
	var r GapReport
	b.do("GET", "/api/v1/recordings/gaps?from="+time.Now().Add(-2*time.Hour).UTC().Format(time.RFC3339), "", &r)
	var got []string
	for _, g := range r.Gaps {
		got = append(got, string(g.Call)+" "+g.Reason)
	}
	if s := strings.Join(got, ", "); s != "c-e-2 none, c-e-3 short, c-e-4 lost" || r.Calls != 5 || r.Whole != 2 || r.Coverage < 36.5 || r.Coverage > 36.6 {
		t.Errorf("%s: %+v", s, r)
	}
	if res := b.do("GET", "/api/v1/recordings/gaps?from=2020-01-01T00:00:00Z", "", nil); res.StatusCode != 400 && res.StatusCode != 422 {
		t.Errorf("years: %d", res.StatusCode)
	}
}

func newFakeArchive() *fakeArchive { return &fakeArchive{protected: map[fact.CallID]bool{}} }
