package ari_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Recordings that begin at the same moment in folders that are not there yet are
// told that their file exists; asked again, they begin.
func TestRecordingsMakeTheirFoldersAtOnce(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.talker()
	asked := map[string]int{}
	refuse := func(times int) {
		r.server.SetFault(func(q *http.Request) aritest.Fault {
			name := q.URL.Query().Get("name")
			if !strings.HasSuffix(q.URL.Path, "/record") || asked[name] >= times {
				return aritest.Fault{}
			}
			asked[name]++
			return aritest.Fault{Status: http.StatusConflict, Body: `{"message":"Recording '` + name + `' already exists and can not be overwritten"}`}
		})
	}
	refuse(2)
	rec := id[fact.RecordingID](r, "rec")
	r.must(media.Record{Recording: rec, Leg: leg, Name: "2026/11/a"})
	await(r, func(e media.RecordStarted) bool { return e.Recording == rec })
	if len(asked) != 2 {
		t.Errorf("refused were %v", asked)
	}
	// A file that is there stays a refusal.
	refuse(100)
	if err := r.do(media.Record{Recording: id[fact.RecordingID](r, "rec"), Leg: leg, Name: "2026/11/b"}); !errors.Is(err, media.ErrRefused) {
		t.Errorf("record where a file is: %v", err)
	}
	if n := asked["2026/11/b-in"]; n != 3 {
		t.Errorf("asked %d times", n)
	}
}
