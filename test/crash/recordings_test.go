//go:build asterisk

package crash

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// recorded checks that the files of a call are there, as long as the talk that
// began then, and hold each side's tone all through it.
func (f *floor) recorded(r fact.Record, began time.Time, talk time.Duration, tones map[fact.Side]float64) {
	f.t.Helper()
	if len(r.Recordings) != len(tones) {
		f.t.Errorf("the record has the files %+v, want one a side", r.Recordings)
	}
	for _, file := range r.Recordings {
		s, err := readSound(filepath.Join(f.PBX.Recordings(), filepath.FromSlash(file.Name)))
		if err != nil {
			f.t.Error(err)
			continue
		}
		// A snoop's clock loses time on a busy machine (cookbook section 7), and
		// phones that stood still have said nothing.
		slack := 500*time.Millisecond + talk/25 + f.pulse.Lost(began, began.Add(talk))
		said := time.Duration(file.Millis) * time.Millisecond
		if s.Lasts() < talk-slack || math.Abs(float64(said-s.Lasts())) > float64(slack) {
			f.t.Errorf("%s holds %v, the record says %v; the talk was %v", file.Name, s.Lasts(), said, talk)
		}
		whole, sung := singing(s.Samples, tones[file.Side])
		if whole < talk-slack || sung < whole-slack {
			f.t.Errorf("%s: the side's tone fills %v of %v; the talk was %v", file.Name, sung, whole, talk)
		}
		f.t.Logf("%s: %v of a talk of %v, the side's tone in %v of %v", file.Name, s.Lasts().Round(time.Millisecond), talk.Round(time.Millisecond), sung, whole)
	}
}

// singing is the time from the first to the last sound of a tone, and how much
// of it the tone fills.
func singing(samples []int16, hertz float64) (whole, sung time.Duration) {
	const part = 50 * time.Millisecond
	const size = int(part * tone.Rate / time.Second)
	var first, last time.Duration
	for at := time.Duration(0); len(samples) >= size; at, samples = at+part, samples[size:] {
		if tone.Level(samples[:size], hertz) > loud {
			if sung == 0 {
				first = at
			}
			last = at + part
			sung += part
		}
	}
	return last - first, sung
}

func readSound(path string) (wav.Sound, error) {
	file, err := os.Open(path)
	if err != nil {
		return wav.Sound{}, err
	}
	defer file.Close()
	s, err := wav.Read(file)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}
