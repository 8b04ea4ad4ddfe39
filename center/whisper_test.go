package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/routing"
)

// What an agent hears has audio whatever the caller has waited, in the queue's
// language; what has none is left out.
func TestWhisper(t *testing.T) {
	c := New("default")
	q := routing.Queue{Whisper: routing.Whisper{Text: "销售", Wait: true}}
	for i, p := range WhisperPrompts(q.Whisper) {
		c.prompts[p.Key()] = PromptFile{Path: "/p/" + string(rune('a'+i))}
	}
	for wait, want := range map[time.Duration]string{
		0: "/p/b", 30 * time.Second: "/p/b", 31 * time.Second: "/p/c", 2 * time.Minute: "/p/d", 5 * time.Minute: "/p/f", time.Hour: "/p/h",
	} {
		if got := c.whisper(q, wait); len(got) != 2 || got[0].File != "/p/a" || got[1].File != want {
			t.Errorf("%v: %v, want /p/a and %s", wait, got, want)
		}
	}
	q.Whisper.Language = "en"
	if got := c.whisper(q, 0); len(got) != 0 {
		t.Errorf("%v: there is no audio in English", got)
	}
	if got := c.whisper(routing.Queue{}, time.Minute); len(got) != 0 {
		t.Errorf("%v of a queue that whispers nothing", got)
	}
}
