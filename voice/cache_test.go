package voice

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// The cache stays within its bound: what was used longest ago goes first, what
// documents name and what was used today stays.
func TestTheCacheIsBounded(t *testing.T) {
	dir := t.TempDir()
	const one = 44 + 2*8000
	s, err := New(Config{Cache: dir, CacheBytes: 5 * one, Engines: []Engine{&choir{sound: sine(8000)}}})
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	say := func(text string, pin bool, used time.Time) string {
		t.Helper()
		resolve := func() (string, error) { return s.Say(t.Context(), text, "zh") }
		if pin {
			resolve = func() (string, error) { return s.Resolve(t.Context(), Prompt{Text: text, Language: "zh"}) }
		}
		base, err := resolve()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(base+".wav", used, used); err != nil {
			t.Fatal(err)
		}
		return base
	}
	there := func(base string) bool { _, err := os.Stat(base + ".wav"); return err == nil }
	pinned := say("文档", true, old.Add(-time.Hour))
	oldest := say("一", false, old)
	older := say("二", false, old.Add(time.Minute))
	today := say("三", false, time.Now())
	last := say("四", false, old.Add(2*time.Minute))
	if !there(oldest) {
		t.Fatal("removed before the folder was full")
	}
	say("五", false, time.Now())
	if there(oldest) || there(older) || !there(last) || !there(pinned) || !there(today) {
		t.Errorf("oldest %v, older %v, last %v, pinned %v, today %v", there(oldest), there(older), there(last), there(pinned), there(today))
	}
	for i := range 9 { // nothing may go, and nothing does
		say(fmt.Sprint("七", i), true, old)
	}
	if _, c := s.Stats(); c.Files != 12 || c.Bytes != 12*one || c.Cleaned != 3 || c.Most != 5*one {
		t.Errorf("%+v", c)
	}

	// What two keep at once counts once.
	var both sync.WaitGroup
	base := s.cache.base("choir", "zh", "八")
	for range 2 {
		both.Go(func() {
			if err := s.cache.put(base, sine(8000), true); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if _, c := s.Stats(); c.Files != 13 || c.Bytes != 13*one {
		t.Errorf("kept twice at once: %+v", c)
	}

	// The next process knows what is there, and leaves alone what is not its own.
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := New(Config{Cache: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, c := again.Stats(); c.Files != 13 || c.Bytes != 13*one {
		t.Errorf("again %+v", c)
	}
}
