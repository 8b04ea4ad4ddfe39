//go:build asterisk

package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
	"github.com/huawu/huawu/test/rig"
)

// emptied checks that nothing is left, neither in the centre nor on the switch.
func (f *floor) emptied() {
	f.t.Helper()
	f.until("every call to end", func(s snapshot) bool { return len(s.calls) == 0 })
	for _, q := range f.look("").queues {
		if len(q.Waiting) > 0 {
			f.t.Errorf("places are left in %s: %+v", q.ID, q.Waiting)
		}
	}
	var left []string
	err := rig.Until(f.ctx, patience, "Asterisk to be empty", func() (bool, error) {
		left = nil
		var channels []struct{ ID, Name string }
		var bridges []struct {
			ID       string
			Type     string   `json:"bridge_type"`
			Channels []string `json:"channels"`
		}
		if err := f.ari("/channels", &channels); err != nil {
			return false, err
		}
		if err := f.ari("/bridges", &bridges); err != nil {
			return false, err
		}
		for _, c := range channels {
			left = append(left, "channel "+c.ID+" "+c.Name)
		}
		for _, b := range bridges {
			// The bridge that music plays in stays for the next caller.
			if b.Type != "holding" || len(b.Channels) > 0 {
				left = append(left, "bridge "+b.ID+" with "+strings.Join(b.Channels, ", "))
			}
		}
		return len(left) == 0, nil
	})
	if err != nil {
		f.t.Errorf("%v: %s", err, strings.Join(left, "; "))
	}
}

// ari asks Asterisk itself.
func (f *floor) ari(path string, into any) error {
	req, err := http.NewRequestWithContext(f.ctx, http.MethodGet, f.PBX.ARI()+path, nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(f.PBX.User(), f.PBX.Password())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}

// accounted compares what the journal tells with what was done and written
// down: the effects with a replay, the store's events with the replay's and
// with what a client of the feed has had, the records with the calls.
func (f *floor) accounted() {
	f.t.Helper()
	dir := filepath.Join(f.Data(), "journal")
	var replay bytes.Buffer
	_, err := engine.Replay(engine.ReplayOptions{
		Dir: dir, New: func() engine.Machine { return center.New(fact.DefaultTenant) },
		Restore: func(b []byte) (engine.Machine, error) { return center.Restore(b) },
		Log:     slog.New(slog.DiscardHandler),
	}, &replay)
	f.must(err)
	effects, err := os.ReadFile(filepath.Join(dir, "effects.log"))
	f.must(err)
	if at, a, b := differ(effects, replay.Bytes()); at > 0 {
		f.t.Errorf("line %d of the effects differs from the replay's:\n%s\n%s", at, a, b)
	}
	events, began, ended, written := told(f, replay.Bytes())
	f.t.Logf("%d effects, %d events, %d calls replayed", bytes.Count(replay.Bytes(), []byte("\n")), len(events), len(began))
	for _, id := range began {
		if ended[id] != 1 || written[id] != 1 {
			f.t.Errorf("call %s: call.ended %d times, written %d times, want once each", id, ended[id], written[id])
		}
	}
	if len(ended) != len(began) || len(written) != len(began) {
		f.t.Errorf("%d calls began, %d ended, %d were written", len(began), len(ended), len(written))
	}
	stored := f.stored()
	if !slices.Equal(stored, events) {
		f.t.Errorf("the store has %d events, the journal tells %d; they part at %s", len(stored), len(events), part(stored, events))
	}
	var fed []string
	for _, e := range f.feed.list() {
		if !e.Kind.Fleeting() {
			fed = append(fed, e.ID)
		}
	}
	if len(fed) > len(stored) || len(fed) < len(stored)-1 || !slices.Equal(fed, stored[:len(fed)]) {
		f.t.Errorf("a client of the feed had %d events of %d; they part at %s", len(fed), len(stored), part(fed, stored))
	}
}

// told reads the events' cursors and the calls' beginnings and ends out of
// lines of effects.
func told(f *floor, effects []byte) (events []string, began []fact.CallID, ended, written map[fact.CallID]int) {
	ended, written = map[fact.CallID]int{}, map[fact.CallID]int{}
	epoch, _, _ := strings.Cut(f.feed.list()[0].ID, ".")
	seq, n := "", 0
	for line := range strings.Lines(string(effects)) {
		at, rest, _ := strings.Cut(line, " ")
		_, body, _ := strings.Cut(rest, " ")
		var e struct {
			Emit  *center.Emit
			Write *center.Write
		}
		f.must(json.Unmarshal([]byte(body), &e))
		switch {
		case e.Write != nil:
			written[e.Write.Record.Call]++
		case e.Emit != nil:
			if at != seq {
				seq, n = at, 0
			}
			n++
			if !e.Emit.Event.Kind.Fleeting() { // those are not for the store
				events = append(events, epoch+"."+seq+"."+strconv.Itoa(n))
			}
			switch e.Emit.Event.Kind {
			case fact.CallOffered:
				began = append(began, e.Emit.Event.Call)
			case fact.CallEnded:
				ended[e.Emit.Event.Call]++
			}
		}
	}
	return events, began, ended, written
}

// stored are the cursors of all events in the store.
func (f *floor) stored() (all []string) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	db, err := store.Open(ctx, store.Options{DSN: filepath.Join(f.Data(), "huawu.db"), Logger: slog.New(slog.DiscardHandler)})
	f.must(err)
	defer func() { f.must(db.Close()) }()
	var after store.Cursor
	for {
		page, err := db.Events(ctx, store.EventFilter{After: after, Limit: 1000})
		f.must(err)
		if len(page) == 0 {
			return all
		}
		for _, e := range page {
			after = e.Cursor()
			all = append(all, engine.Cursor(after).String())
		}
	}
}

// part says where two lists part.
func part(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + " and " + b[i]
		}
	}
	return "the end of one"
}

// differ says which line is the first that is not the same in both, 0 for none.
func differ(a, b []byte) (line int, inA, inB string) {
	if bytes.Equal(a, b) {
		return 0, "", ""
	}
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1, x[i], y[i]
		}
	}
	return min(len(x), len(y)), "one of them ends", ""
}

// secret checks that a PIN typed on a phone lies nowhere in the clear, neither
// whole nor key by key: as many keys are readable in the journal as were
// pressed where no PIN was asked for.
func (f *floor) secret() {
	f.t.Helper()
	open, readable := 0, 0
	for _, s := range f.states {
		switch s := s.(type) {
		case *signingIn:
			open += s.typed
		case *inMenu:
			open += len(f.kills)
		case *keying:
			open += s.keys
		case *aside:
			open += s.typed
		case *preferring:
			open += s.typed
		case *promising:
			open += s.typed
		case *messaging:
			open += s.typed
		case *rating:
			open += s.typed
		case *givenAway:
			open += s.typed
		}
	}
	if strings.Contains(f.Log(), pin) {
		f.t.Error("the PIN is in huawu's log")
	}
	f.must(filepath.WalkDir(f.Data(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(b, []byte(pin)) && !strings.HasSuffix(path, ".wav") {
			f.t.Errorf("the PIN is in %s", path)
		}
		readable += bytes.Count(b, []byte(`{"Digit":`))
		return nil
	}))
	if readable != open {
		f.t.Errorf("%d keys can be read in the data folder, %d were pressed where no PIN was asked for", readable, open)
	}
}
