package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/voice/wav"
)

// What was said on a phone is read from the switch's recordings, without the
// silence round it, and nothing else is read.
func TestWhatWasSaidOnAPhone(t *testing.T) {
	dir := t.TempDir()
	s := wav.Sound{Rate: 8000, Samples: make([]int16, 8000)}
	said, err := wav.Read(bytes.NewReader(tune(t, 8000, 440, 0.3)))
	if err != nil {
		t.Fatal(err)
	}
	s.Samples = append(append(s.Samples, said.Samples...), make([]int16, 2*8000)...)
	var b bytes.Buffer
	if err := wav.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"2026/a-in.wav": b.Bytes(), "broken.wav": []byte("RIFF"), "long.wav": make([]byte, takeBytes+1)} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l := &lookups{config: &Config{Switches: []SwitchConfig{{Name: "pbx", Recordings: dir}, {Name: "far"}}}}
	audio, err := l.said(center.TakeQuestion{Switch: "pbx", File: "2026/a-in.wav"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := wav.Read(bytes.NewReader(audio))
	if err != nil || got.Lasts() < time.Second+2*edge-50*time.Millisecond || got.Lasts() > time.Second+2*edge+50*time.Millisecond {
		t.Errorf("lasts %s, %v", got.Lasts(), err)
	}
	for q, want := range map[center.TakeQuestion]string{
		{Switch: "pbx", File: "../../etc/passwd"}: "are not seen here",
		{Switch: "pbx", File: "/etc/passwd"}:      "are not seen here",
		{Switch: "far", File: "a.wav"}:            "set its recordings",
		{Switch: "none", File: "a.wav"}:           `there is no switch "none"`,
		{Switch: "pbx", File: "gone.wav"}:         "no such file",
		{Switch: "pbx", File: "broken.wav"}:       "it ends early",
		{Switch: "pbx", File: "long.wav"}:         "are the most",
	} {
		if _, err := l.said(q); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", q, err, want)
		}
	}
	if _, err := l.Take(t.Context(), tenant, center.TakeQuestion{}); err == nil || !strings.Contains(err.Error(), "starting") {
		t.Errorf("before the API is there: %v", err)
	}
}
