//go:build asterisk

package scenarios

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/recording"
	"github.com/huawu/huawu/test/far"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// What is in the files is what was to be heard: each side its own voice, the hold's
// music and who joined on the side that hears them, silence of the same length while
// it was paused, and what the caller did not hear in a file of its own alone. After
// the call it is one stereo file in the archive, whose chain holds.
func TestWhatRecordingsHoldOnAsterisk(t *testing.T) {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	archive := filepath.Join(t.TempDir(), "archive")
	playBeside(t, scenario{name: "recording/content", agents: 2, centre: free, play: func(s *stage) {
		h := s.house.(*realHouse)
		s.ready("1001")
		c, a := s.serves("13800000001", "1001")
		s.ready("1002")
		for range 3 { // the sides stay in step over pauses
			s.steer(c, "record-pause")
			s.pass(time.Second)
			s.steer(c, "record-resume")
			s.pass(500 * time.Millisecond)
		}
		b := s.consults(c, a, "1002", "agent", "1002")
		s.pass(2 * time.Second)
		s.steer(c, "merge")
		c.hears(a, b)
		s.pass(time.Second)
		voices := map[string]float64{"caller": c.far.(*far.End).Phone.Tone(), "agent": a.far.(*far.End).Phone.Tone(), "asked": b.far.(*far.End).Phone.Tone(), "music": pbx.MusicTone}
		c.hangup()
		a.ended()
		b.ended()
		s.rest("1001", "1002")
		r := s.record(c)
		files := r.Recordings
		if len(files) != 4 {
			t.Fatalf("files %+v", files)
		}
		// The snoops of a busy machine lose time each by itself (docs/adr/0015).
		if apart := files[0].Millis - files[1].Millis; apart > 200 || apart < -200 {
			t.Errorf("one side is %d ms longer than the other: %+v", apart, files[:2])
		}
		for _, f := range files {
			sound := h.recording(f)
			has := map[string]time.Duration{}
			for who, hertz := range voices {
				has[who] = sung(sound.Samples, hertz)
			}
			t.Logf("%s: %v, %v", f.Name, sound.Lasts(), has)
			says := map[string]bool{}
			switch consult := strings.Contains(f.Name, "-consult-"); {
			case consult && f.Side == fact.SideIn:
				says["agent"] = true
			case consult:
				says["asked"] = true
			case f.Side == fact.SideIn:
				says["caller"] = true
			default:
				says["agent"], says["asked"], says["music"] = true, true, true
			}
			for who, long := range has {
				if says[who] != (long > 400*time.Millisecond) {
					t.Errorf("%s has %v of the %s, want some: %v", f.Name, long, who, says[who])
				}
			}
			if f.Side == fact.SideIn && !strings.Contains(f.Name, "-consult-") {
				if silent := sound.Lasts() - has["caller"]; silent < 2800*time.Millisecond {
					t.Errorf("%s: %v of silence for three pauses of a second", f.Name, silent)
				}
			}
		}
		h.archived(s, r, archive, voices)
	}}, "recordings: {dir: "+archive+"}\n")
}

// archived waits until a call's recordings are in the archive, and listens to them
// as they are fetched.
func (h *realHouse) archived(s *stage, r fact.Record, dir string, voices map[string]float64) {
	h.t.Helper()
	path := "/calls/" + string(r.Call) + "/recordings"
	var list api.CallTapes
	s.within(40*time.Second, func() string { return "recordings are not in the archive" }, func() bool {
		_, answer, err := h.request(http.MethodGet, path, nil)
		return err == nil && json.Unmarshal(answer, &list) == nil && len(list.Recordings) == 2 && list.Recordings[0].Kept && list.Recordings[1].Kept
	})
	for n, want := range [][2]string{{"agent", "caller"}, {"agent", "asked"}} { // left, right
		file := filepath.Join(h.t.TempDir(), "fetched.wav")
		if out, err := h.CLI(h.t.Context(), "recording", "get", string(r.Call), strconv.Itoa(n+1), "-f", file); err != nil {
			h.t.Fatalf("recording %d: %s %v", n+1, out, err)
		}
		audio, err := os.ReadFile(file)
		if err != nil || len(audio) < 44+4*tone.Rate {
			h.t.Fatalf("recording %d: %d bytes, %v", n+1, len(audio), err)
		}
		var sides [2][]int16
		for b := audio[44:]; len(b) >= 4; b = b[4:] {
			for i := range sides {
				sides[i] = append(sides[i], int16(binary.LittleEndian.Uint16(b[2*i:])))
			}
		}
		for i, who := range want {
			if sung(sides[i], voices[who]) < 400*time.Millisecond || sung(sides[1-i], voices[who]) > 0 {
				h.t.Errorf("recording %d: the %s is not on side %d, or on the other one", n+1, who, i)
			}
		}
	}
	if v, err := recording.Verify(h.t.Context(), dir); err != nil || len(v.Wrong) != 0 || v.Files != 2 {
		h.t.Errorf("%+v, %v", v, err)
	}
	if _, err := os.Stat(filepath.Join(h.PBX.Recordings(), filepath.FromSlash(r.Recordings[0].Name))); !os.IsNotExist(err) {
		h.t.Errorf("the switch's file is still there: %v", err)
	}
}

// recording reads a file of a switch's recordings.
func (h *realHouse) recording(f fact.RecordingFile) wav.Sound {
	h.t.Helper()
	file, err := os.Open(filepath.Join(h.PBX.Recordings(), filepath.FromSlash(f.Name)))
	if err != nil {
		h.t.Fatal(err)
	}
	defer file.Close()
	s, err := wav.Read(file)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// sung is how long a tone is heard in samples.
func sung(samples []int16, hertz float64) (long time.Duration) {
	const part, loud = 100 * time.Millisecond, 0.08
	const size = int(part * tone.Rate / time.Second)
	for ; len(samples) >= size; samples = samples[size:] {
		if tone.Level(samples[:size], hertz) > loud {
			long += part
		}
	}
	return long
}
