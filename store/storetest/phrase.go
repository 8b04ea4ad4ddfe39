package storetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/store"
)

func recordingOf(key string, queue fact.QueueID, file string) phrase.Recording {
	return phrase.Recording{Recorded: phrase.Recorded{Queue: queue, Profile: "cable", Language: "zh", Key: key}, Text: "您好，请问有什么可以帮您？",
		File: file, Millis: 4200, Measured: `[{"check":"loudness"}]`}
}

// phraseRecordings are kept with their versions; the newest counts, until it is
// removed.
func phraseRecordings(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	save := func(r phrase.Recording) phrase.Recording {
		t.Helper()
		return got[phrase.Recording](t)(s.SavePhraseRecording(ctx, lily, "t", r))
	}
	first := save(recordingOf("greeting.opening", "", "one"))
	want := recordingOf("greeting.opening", "", "one")
	want.Version, want.By, want.Via, want.Saved = 1, "lily", "rest", first.Saved
	if diff := cmp.Diff(want, first); diff != "" || first.Saved == 0 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	second := save(recordingOf("greeting.opening", "", "two"))
	own := save(recordingOf("greeting.opening", "sales", "three"))
	other := save(recordingOf("abuse.goodbye", "", "four"))
	list := func() []phrase.Recording { return got[[]phrase.Recording](t)(s.PhraseRecordings(ctx, "t")) }
	if diff := cmp.Diff([]phrase.Recording{other, second, own}, list()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	gone := save(recordingOf("greeting.opening", "", ""))
	if diff := cmp.Diff([]phrase.Recording{other, own}, list()); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if _, err := s.SavePhraseRecording(ctx, lily, "t", recordingOf("greeting.opening", "", "")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	versions := got[[]phrase.Recording](t)(s.PhraseRecordingVersions(ctx, "t", first.Recorded, 0, 0))
	if diff := cmp.Diff([]phrase.Recording{gone, second, first}, versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	for before, want := range map[int64]phrase.Recording{0: gone, 3: second, 2: first} {
		if one := got[[]phrase.Recording](t)(s.PhraseRecordingVersions(ctx, "t", first.Recorded, before, 1)); len(one) != 1 || one[0] != want {
			t.Errorf("the one before %d: %+v", before, one)
		}
	}
	if _, err := s.PhraseRecordingVersions(ctx, "t", first.Recorded, 0, 1001); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("too many versions: %v", err)
	}
	// An agent's own is beside the tenant's, with versions of its own.
	voice := recordingOf("greeting.opening", "", "five")
	voice.Agent = "1001"
	voice = save(voice)
	if diff := cmp.Diff([]phrase.Recording{other, voice, own}, list()); diff != "" || voice.Version != 1 {
		t.Errorf("an agent's own (-want +got):\n%s", diff)
	}
	quiet := voice
	quiet.File = ""
	save(quiet)
	if diff := cmp.Diff([]phrase.Recording{other, own}, list()); diff != "" {
		t.Errorf("an agent's own removed (-want +got):\n%s", diff)
	}
	var actions []string
	for _, e := range got[[]store.Entry](t)(s.Audit(ctx, store.AuditFilter{Tenant: "t", Target: "phrase/greeting.opening"})) {
		actions = append(actions, e.Action+" "+string(e.Before)+" → "+string(e.After))
	}
	if all := strings.Join(actions, "\n"); len(actions) != 6 || !strings.HasPrefix(all, "phrase.unrecord ") || !strings.Contains(all, `"file":"two"`) || !strings.Contains(all, `"agent":"1001"`) {
		t.Errorf("audit:\n%s", all)
	}
	if rows := got[[]phrase.Recording](t)(s.PhraseRecordings(ctx, "u")); len(rows) != 0 {
		t.Errorf("another tenant's: %+v", rows)
	}
}

// phraseRecordingRace gives each version one recording.
func phraseRecordingRace(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	stores := []*store.Store{open(t, dsn), open(t, dsn)}
	passed := race(t, 6, func(i int) error {
		_, err := stores[i%2].SavePhraseRecording(t.Context(), lily, "t", recordingOf("greeting.opening", "", "one"))
		return err
	})
	versions := got[[]phrase.Recording](t)(stores[0].PhraseRecordingVersions(t.Context(), "t", recordingOf("greeting.opening", "", "").Recorded, 0, 0))
	if len(versions) != passed || versions[0].Version != int64(passed) {
		t.Errorf("%d passed, %d versions", passed, len(versions))
	}
}
