package center

import (
	"time"

	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// waited are waits as an agent is told them: up to Most, 0 for any longer one.
var waited = []struct {
	most time.Duration
	text map[string]string // by language
}{
	{30 * time.Second, map[string]string{"zh": "等候不到半分钟。", "en": "Waited for less than half a minute."}},
	{90 * time.Second, map[string]string{"zh": "等候约一分钟。", "en": "Waited for about one minute."}},
	{150 * time.Second, map[string]string{"zh": "等候约两分钟。", "en": "Waited for about two minutes."}},
	{4 * time.Minute, map[string]string{"zh": "等候约三分钟。", "en": "Waited for about three minutes."}},
	{7 * time.Minute, map[string]string{"zh": "等候约五分钟。", "en": "Waited for about five minutes."}},
	{12 * time.Minute, map[string]string{"zh": "等候约十分钟。", "en": "Waited for about ten minutes."}},
	{0, map[string]string{"zh": "等候超过十分钟。", "en": "Waited for more than ten minutes."}},
}

// whisperLanguage is what a queue's whisper is spoken in.
func whisperLanguage(w routing.Whisper) string {
	if w.Language == "" {
		return flow.DefaultLanguage
	}
	return w.Language
}

// whisperSays is what agents hear first, nil for nothing.
func whisperSays(w routing.Whisper) []flow.Prompt {
	if w.Text == "" && w.File == "" {
		return nil
	}
	return []flow.Prompt{{Text: w.Text, File: w.File, Language: whisperLanguage(w)}}
}

// WhisperPrompts are all prompts that agents of a queue may hear when they pick
// up, so that their audio can be found or made before.
func WhisperPrompts(w routing.Whisper) []flow.Prompt {
	all := whisperSays(w)
	if w.Wait {
		for _, t := range waited {
			all = append(all, flow.Prompt{Text: t.text[whisperLanguage(w)], Language: whisperLanguage(w)})
		}
	}
	return all
}

// whisper is what an agent of a queue hears who picks up for a caller who has
// waited for so long.
func (c *Center) whisper(q routing.Queue, wait time.Duration) []media.Prompt {
	says := whisperSays(q.Whisper)
	if q.Whisper.Wait {
		for _, t := range waited {
			if wait <= t.most || t.most == 0 {
				says = append(says, flow.Prompt{Text: t.text[whisperLanguage(q.Whisper)], Language: whisperLanguage(q.Whisper)})
				break
			}
		}
	}
	return c.audio(says)
}
