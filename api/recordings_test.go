package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// oneTake is what a store has at the beginning.
var oneTake = takes{{Recorded: phrase.Recorded{Profile: "cable", Language: "zh", Key: "praise.reply"}, Version: 1, File: "file-old"}}

// takes are the recordings of a store that forgets.
type takes []phrase.Recording

func (s *fakeStore) PhraseRecordings(context.Context, fact.TenantID) ([]phrase.Recording, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []phrase.Recording
	for _, r := range s.takes {
		all = slices.DeleteFunc(all, func(o phrase.Recording) bool { return o.Recorded == r.Recorded })
		if r.File != "" {
			all = append(all, r)
		}
	}
	return all, s.down
}

func (s *fakeStore) PhraseRecordingVersions(_ context.Context, _ fact.TenantID, of phrase.Recorded, before int64, limit int) ([]phrase.Recording, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []phrase.Recording
	for _, r := range slices.Backward(s.takes) {
		if r.Recorded == of && (before == 0 || r.Version < before) && len(all) < limit {
			all = append(all, r)
		}
	}
	return all, s.down
}

func (s *fakeStore) SavePhraseRecording(_ context.Context, by Actor, _ fact.TenantID, r phrase.Recording) (phrase.Recording, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Version, r.By = 1, by.Name
	was := ""
	for _, o := range s.takes {
		if o.Recorded == r.Recorded {
			r.Version, was = o.Version+1, o.File
		}
	}
	if r.File == "" && was == "" {
		return r, fmt.Errorf("a recording: %w", ErrNotFound)
	}
	s.takes = append(s.takes, r)
	s.note(by, "phrase.record", "phrase/"+r.Key)
	return r, s.down
}

// fakeVoice keeps what it is given and sings what it says.
type fakeVoice map[string][]byte

func (v fakeVoice) Keep(audio []byte, text, language string) (Take, error) {
	if !strings.HasPrefix(string(audio), "RIFF") {
		return Take{}, fmt.Errorf("no WAV: %w", ErrInvalid)
	}
	file := "file-" + string(audio[4:])
	v[file] = audio
	return Take{File: file, Millis: 1500, Findings: []Measured{{Check: "rate", Odd: true, Value: text + " in " + language, Limit: "100 to 120", Remedy: "slower"}}}, nil
}

func (v fakeVoice) Path(file string) (string, error) {
	if v[file] == nil {
		return "", fmt.Errorf("%s: %w", file, ErrNotFound)
	}
	return "/recorded/" + file, nil
}

func (v fakeVoice) Original(file string) ([]byte, error) {
	_, err := v.Path(file)
	return v[file], err
}

func (v fakeVoice) Say(_ context.Context, text, language string) ([]byte, error) {
	return []byte("RIFF " + language + " " + text), nil
}

// voiced is a server with a centre whose flow says 请您稍等 to sales and as the
// tenant does.
func voiced(t *testing.T) (*bench, fakeVoice) {
	t.Helper()
	b, v := setup(t), fakeVoice{}
	b.voice, b.store.takes = v, nil
	b.compiler.Resolve = func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
		return "/spoken/" + p.Text, nil
	}
	b.compiler.Recordings, b.compiler.Recording = b.store.PhraseRecordings, v.Path
	b.apply(`
queues: [{id: sales}, {id: support}]
phrases: {profile: cable}
flows:
  - id: main
    nodes:
      - {id: hello, play: {prompts: [{phrase: wait.before}, {phrase: greeting.opening, with: {agent_no: 1001}}], next: line}}
      - {id: line, enqueue: {queue: sales, next: end, else: end, announce: {every: 30s, comfort: [{phrase: wait.before}]}}}
      - {id: end, hangup: {}}
`)
	return b, v
}

// path is where the centre finds a prompt now.
func (b *bench) path(key string) string {
	b.t.Helper()
	return b.engine.prompts[key].Path
}

const (
	waitTenant = "phrase/zh//wait.before"
	waitSales  = "phrase/zh/sales/wait.before"
	waitText   = "请您稍等，我帮您核实一下好吗？"
)

// A recording is heard from the next call on wherever prompts say its words, in
// the queue it is for, and no longer once it is removed.
func TestRecordingsTakeThePlaceOfSpeech(t *testing.T) {
	b, _ := voiced(t)
	upload := func(path, audio string) (RecordingDone, *http.Response) {
		t.Helper()
		var done RecordingDone
		res := b.do("PUT", "/api/v1/phrases/"+path, audio, &done, "Content-Type", "audio/wav")
		return done, res
	}
	expect := func(tenant, sales string) {
		t.Helper()
		if got := b.path(waitTenant); got != tenant {
			t.Errorf("the tenant's is %s, want %s", got, tenant)
		}
		if got := b.path(waitSales); got != sales {
			t.Errorf("the queue's is %s, want %s", got, sales)
		}
	}
	expect("/spoken/"+waitText, "/spoken/"+waitText)
	done, _ := upload("wait.before/recording", "RIFFone")
	if r := done.Recording; r.Version != 1 || r.Text != waitText || r.State != RecordingHeard || r.Millis != 1500 || r.By != "chen" || len(r.Measured) != 1 ||
		r.Measured[0].Value != waitText+" in zh" || done.Cursor == "" {
		t.Errorf("%+v", done)
	}
	expect("/recorded/file-one", "/recorded/file-one")
	upload("wait.before/recording?queue=sales", "RIFFtwo")
	expect("/recorded/file-one", "/recorded/file-two")
	upload("wait.before/recording", "RIFFthree")
	expect("/recorded/file-three", "/recorded/file-two")

	// What it is told of, and what can be heard of it.
	var list RecordingList
	b.do("GET", "/api/v1/phrases/recordings", "", &list)
	if len(list.Recordings) != 2 || list.Recordings[0].Queue != "sales" || list.Recordings[1].Version != 2 {
		t.Errorf("%+v", list)
	}
	var one RecordingDetail
	b.do("GET", "/api/v1/phrases/wait.before/recording", "", &one)
	if one.Version != 2 || len(one.Versions) != 2 || one.Versions[1].File != "file-one" {
		t.Errorf("%+v", one)
	}
	for path, want := range map[string]string{
		"wait.before/recording/audio":           "RIFFthree",
		"wait.before/recording/audio?version=1": "RIFFone",
		"wait.before/audio":                     "RIFFthree",
		"wait.before/audio?queue=sales":         "RIFFtwo",
		"closing.bye/audio":                     "RIFF zh ",
	} {
		var audio string
		if res := b.do("GET", "/api/v1/phrases/"+path, "", &audio); !strings.HasPrefix(audio, want) && res.StatusCode == 200 || res.StatusCode == 200 && res.Header.Get("Content-Type") != "audio/wav" {
			t.Errorf("%s: %s, %s", path, audio, res.Header.Get("Content-Type"))
		}
	}
	var said string
	b.do("GET", "/api/v1/say?text="+url.QueryEscape("您好"), "", &said)
	if said != "RIFF zh 您好" {
		t.Errorf("said %s", said)
	}

	// A wording of its own has other words: the recording is not heard any more.
	b.do("PUT", "/api/v1/phrases/wait.before/wording", `{"text":"请等一下。"}`, nil)
	b.do("GET", "/api/v1/phrases/recordings", "", &list)
	if b.path(waitTenant) != "/spoken/请等一下。" || list.Recordings[1].State != RecordingStale {
		t.Errorf("%s, %+v", b.path(waitTenant), list.Recordings)
	}
	b.do("DELETE", "/api/v1/phrases/wait.before/wording", "", nil)

	b.do("DELETE", "/api/v1/phrases/wait.before/recording?queue=sales", "", &done)
	expect("/recorded/file-three", "/recorded/file-three")
	b.do("DELETE", "/api/v1/phrases/wait.before/recording", "", &done)
	expect("/spoken/"+waitText, "/spoken/"+waitText)
	b.problem("DELETE", "/api/v1/phrases/wait.before/recording", "", http.StatusNotFound, "not-found")
	// None counts now; what there was can still be had, by its version.
	for _, query := range []string{"", "?version=3", "?version=9"} {
		b.problem("GET", "/api/v1/phrases/wait.before/recording/audio"+query, "", http.StatusNotFound, "not-found")
	}
	var audio string
	if b.do("GET", "/api/v1/phrases/wait.before/recording/audio?version=2", "", &audio); audio != "RIFFthree" {
		t.Errorf("version 2 is %s", audio)
	}
	b.problem("GET", "/api/v1/phrases/closing.bye/recording", "", http.StatusNotFound, "not-found")
}

// A phrase with a value is recorded with it, and heard where that is said.
func TestARecordingWithAValue(t *testing.T) {
	b, v := voiced(t)
	const key = "phrase/zh//greeting.opening\x00agent_no=1001"
	b.problem("PUT", "/api/v1/phrases/greeting.opening/recording", "RIFFx", http.StatusUnprocessableEntity, "invalid", "Content-Type", "audio/wav")
	for number, want := range map[string]string{"1002": "/spoken/", "1001": "/recorded/file-1001"} {
		var done RecordingDone
		b.do("PUT", "/api/v1/phrases/greeting.opening/recording?value="+url.QueryEscape("agent_no="+number), "RIFF"+number, &done, "Content-Type", "audio/wav")
		if got := b.path(key); number == "1001" && got != want || done.Recording.State != RecordingHeard {
			t.Errorf("%s: %s, %+v", number, got, done)
		}
	}
	delete(v, "file-1001")
	delete(v, "file-1002")
	var list RecordingList
	b.do("GET", "/api/v1/phrases/recordings", "", &list)
	if len(list.Recordings) != 1 || list.Recordings[0].State != RecordingGone {
		t.Errorf("%+v", list)
	}
}

// An agent's own recording is heard in scenes of the agent's talks where it says
// the words; number and name are the agent's. Flows keep to the tenant's.
func TestAnAgentsOwnRecording(t *testing.T) {
	b, v := voiced(t)
	b.apply(`
queues: [{id: sales}]
agents: [{id: "1001", name: 李丽, queues: [sales]}]
phrases: {profile: cable, auto_play: true}
`)
	const scene = "phrase/zh//greeting.opening\x00agent_no"
	var done RecordingDone
	b.do("PUT", "/api/v1/phrases/greeting.opening/recording?agent=1001", "RIFFown", &done, "Content-Type", "audio/wav")
	const words = "您好！我是嘉定东方有线网络有限公司幺零零幺号业务受理专员，请问有什么可以帮您？"
	if r := done.Recording; r.Agent != "1001" || r.Text != words || r.State != RecordingHeard {
		t.Errorf("%+v", done)
	}
	want := []center.PromptVoice{{Agent: "1001", Words: words, Path: "/recorded/file-own"}}
	if got := b.engine.prompts[scene].Voices; !slices.Equal(got, want) || b.path(waitTenant) != "/spoken/"+waitText {
		t.Errorf("voices %+v, want %+v; the tenant's is %s", got, want, b.path(waitTenant))
	}
	for path, begins := range map[string]string{"?agent=1001": "RIFFown", "?value=agent_no%3D1001": "RIFF zh 您好"} {
		var audio string
		if b.do("GET", "/api/v1/phrases/greeting.opening/audio"+path, "", &audio); !strings.HasPrefix(audio, begins) {
			t.Errorf("%s: %s", path, audio)
		}
	}
	path, err := b.TryTake(t.Context(), "1001", "1", v["file-own"])
	if err != nil || path != "/recorded/file-own" {
		t.Errorf("by phone: %s, %v", path, err)
	}
	b.problem("PUT", "/api/v1/phrases/greeting.opening/recording?agent=1009", "RIFFx", http.StatusNotFound, "not-found", "Content-Type", "audio/wav")
	b.problem("GET", "/api/v1/phrases/greeting.opening/recording", "", http.StatusNotFound, "not-found")
	b.do("DELETE", "/api/v1/phrases/greeting.opening/recording?agent=1001", "", &done)
	if got := b.engine.prompts[scene].Voices; len(got) != 0 {
		t.Errorf("removed, and heard as %+v", got)
	}
}

// Versions are had a page at a time, and each by its number.
func TestVersionsOfARecordingArePaged(t *testing.T) {
	b, v := voiced(t)
	for i := range 120 {
		b.store.takes = append(b.store.takes, phrase.Recording{Recorded: phrase.Recorded{Profile: "cable", Language: "zh", Key: "wait.before"}, Version: int64(i + 1), File: "file-x"})
	}
	v["file-x"] = []byte("RIFFx")
	var one RecordingDetail
	for query, want := range map[string][2]int64{"": {120, 21}, "?before=21": {20, 1}, "?before=5&limit=2": {4, 3}} {
		b.do("GET", "/api/v1/phrases/wait.before/recording"+query, "", &one)
		if n := len(one.Versions); n == 0 || one.Version != 120 || one.Versions[0].Version != want[0] || one.Versions[n-1].Version != want[1] {
			t.Errorf("%q: version %d and %d others", query, one.Version, n)
		}
	}
	if b.do("GET", "/api/v1/phrases/wait.before/recording?before=1", "", &one); one.Version != 120 || len(one.Versions) != 0 {
		t.Errorf("before the first: %+v", one.Versions)
	}
	var audio string
	if b.do("GET", "/api/v1/phrases/wait.before/recording/audio?version=1", "", &audio); audio != "RIFFx" {
		t.Errorf("the first is %q", audio)
	}
}

func TestRecordingsThatCannotBe(t *testing.T) {
	b, _ := voiced(t)
	wav := []string{"Content-Type", "audio/wav"}
	b.problem("PUT", "/api/v1/phrases/wait.before/recording", "ID3", http.StatusUnprocessableEntity, "invalid", wav...)
	b.problem("PUT", "/api/v1/phrases/wait.befor/recording", "RIFF", http.StatusNotFound, "not-found", wav...)
	b.problem("PUT", "/api/v1/phrases/wait.before/recording?queue=none", "RIFF", http.StatusNotFound, "not-found", wav...)
	b.problem("PUT", "/api/v1/phrases/wait.before/recording", "RIFF", http.StatusForbidden, "forbidden", append(wav, "Authorization", "Bearer "+readSecret)...)
	if len(b.store.takes) != 0 {
		t.Errorf("saved %+v", b.store.takes)
	}
	// Saved, and the engine does not take it: that is said.
	b.engine.fail = engine.ErrBusy
	b.problem("PUT", "/api/v1/phrases/wait.before/recording", "RIFF", http.StatusServiceUnavailable, "not-in-effect", wav...)
	none := setup(t)
	none.voice = nil
	none.problem("GET", "/api/v1/phrases/wait.before/audio?profile=cable", "", http.StatusServiceUnavailable, "unavailable")
	none.problem("GET", "/api/v1/say?text=x", "", http.StatusServiceUnavailable, "unavailable")
}
