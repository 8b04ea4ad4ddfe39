package wav_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/zaf/g711"

	"github.com/huawu/huawu/voice/wav"
)

// encoded is a tone as a recording program writes it.
func encoded(code, channels, rate, bits int, sound wav.Sound) []byte {
	var data []byte
	for _, x := range sound.Samples {
		for range channels {
			switch {
			case code == 6:
				data = append(data, g711.EncodeAlawFrame(x))
			case code == 7:
				data = append(data, g711.EncodeUlawFrame(x))
			case code == 3:
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(x)/32767))
			case bits == 8:
				data = append(data, byte(int(x)>>8+128))
			case bits == 16:
				data = binary.LittleEndian.AppendUint16(data, uint16(x))
			case bits == 24:
				data = append(data, 0, byte(x), byte(x>>8))
			default:
				data = append(data, 0, 0, byte(x), byte(x>>8))
			}
		}
	}
	return file(code, channels, rate, bits, chunk("data", string(data)))
}

// What any program wrote is the same tone at the switch's rates.
func TestDecodeReadsWhatProgramsWrite(t *testing.T) {
	for _, c := range []struct{ code, channels, rate, bits int }{
		{1, 1, 8000, 8}, {1, 1, 8000, 16}, {1, 2, 44100, 16}, {1, 1, 48000, 24}, {1, 2, 16000, 32}, {3, 1, 48000, 32}, {6, 1, 8000, 8}, {7, 2, 8000, 8},
	} {
		tone := sine(c.rate, 440, 0.5, time.Second)
		got, src, err := wav.Decode(bytes.NewReader(encoded(c.code, c.channels, c.rate, c.bits, tone)))
		if err != nil || got.Rate != c.rate || len(got.Samples) != len(tone.Samples) || src.Channels != c.channels || src.Bits != c.bits {
			t.Errorf("%+v: %d samples, %v, %v", c, len(got.Samples), src, err)
			continue
		}
		for _, rate := range []int{8000, 16000} {
			got, want := got.Resample(rate), sine(rate, 440, 0.5, time.Second)
			if d := 20 * math.Log10(got.Loudness()/want.Loudness()); math.Abs(d) > 0.3 || got.Rate != rate || got.Lasts() != time.Second {
				t.Errorf("%+v at %d: %.2f dB off, lasts %s", c, rate, d, got.Lasts())
			}
		}
	}
	// The sides of a stereo file are mixed.
	both := file(1, 2, 8000, 16, chunk("data", "\x00\x10\x00\x20"))
	if got, _, err := wav.Decode(bytes.NewReader(both)); err != nil || len(got.Samples) != 1 || got.Samples[0] != 0x1800 {
		t.Errorf("stereo: %v, %v", got, err)
	}
	for want, src := range map[string][]byte{
		"3 channels":                    file(1, 3, 8000, 16, chunk("data", "abcdef")),
		"12 bits":                       file(1, 1, 8000, 12, chunk("data", "ab")),
		"code 85":                       file(85, 1, 8000, 16, chunk("data", "ab")), // MPEG layer 3 in a RIFF
		"6000 samples":                  file(1, 1, 6000, 16, chunk("data", "ab")),
		"does not begin with RIFF":      []byte("\xff\xfb\x90\x00 an mp3 it is"),
		"it ends early":                 []byte("RIFF\x00\x00\x00\x00WAVEfmt "),
		"code 1, 0 channels, 16 bits":   file(1, 0, 8000, 16, chunk("data", "ab")),
		"code 6, 1 channels, 16 bits, ": file(6, 1, 8000, 16, chunk("data", "ab")),
	} {
		if _, _, err := wav.Decode(bytes.NewReader(src)); !errors.Is(err, wav.ErrFormat) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	// What is not a number is silence, what is too loud is full scale.
	odd := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(math.NaN())))
	odd = binary.LittleEndian.AppendUint32(odd, math.Float32bits(float32(math.Inf(-1))))
	if got, _, err := wav.Decode(bytes.NewReader(file(3, 1, 8000, 32, chunk("data", string(odd))))); err != nil || got.Samples[0] != 0 || got.Samples[1] != -32767 {
		t.Errorf("floats: %v, %v", got, err)
	}
}

// The calibration of ITU-R BS.1770: a sine of 997 Hz at full scale in one
// channel has -3.01 LUFS, whatever the rate; pauses do not count (EBU R 128).
func TestLoudnessIsThatOfTheRecommendation(t *testing.T) {
	for _, rate := range []int{8000, 16000, 44100, 48000} {
		for _, c := range []struct{ peak, want float64 }{{1, -3.01}, {0.1, -23.01}, {0.01, -43.01}} {
			limit := 0.05
			if rate == 8000 {
				limit = 0.35 // the shelf is near half of the rate
			}
			if got := sine(rate, 997, c.peak, 3*time.Second).LUFS(); math.Abs(got-c.want) > limit {
				t.Errorf("%d Hz, peak %g: %.2f LUFS, want %.2f", rate, c.peak, got, c.want)
			}
		}
	}
	s := sine(48000, 997, 0.1, 5*time.Second)
	alone := s.LUFS()
	s.Samples = append(s.Samples, make([]int16, 10*48000)...)
	if got := s.LUFS(); math.Abs(got-alone) > 0.2 {
		t.Errorf("with a pause %.2f LUFS, without %.2f", got, alone)
	}
	// Low hum counts less than speech.
	if hum := sine(48000, 30, 0.1, 3*time.Second).LUFS(); hum > -26 {
		t.Errorf("hum %.2f LUFS", hum)
	}
	for _, s := range []wav.Sound{{}, {Rate: 8000}, {Rate: 8000, Samples: make([]int16, 8000)}} {
		if got := s.LUFS(); got != wav.Silence {
			t.Errorf("silence: %.2f", got)
		}
	}
	if got := sine(8000, 997, 0.1, 100*time.Millisecond).LUFS(); math.Abs(got+23) > 1 {
		t.Errorf("a short sound: %.2f", got)
	}
}

func TestClippingAndSilence(t *testing.T) {
	loud := sine(8000, 200, 0.9, time.Second)
	if n := loud.Clipped(); n != 0 {
		t.Errorf("a whole tone is clipped %d times", n)
	}
	for i, x := range loud.Samples {
		loud.Samples[i] = int16(max(min(int(x)*2, 32767), -32768))
	}
	if n := loud.Clipped(); n < 300 {
		t.Errorf("a clipped tone: %d", n)
	}
	s := wav.Sound{Rate: 8000, Samples: make([]int16, 4000)}
	s.Samples = append(s.Samples, sine(8000, 440, 0.3, time.Second).Samples...)
	s.Samples = append(s.Samples, make([]int16, 2000)...)
	for i := range s.Samples { // a room is never silent
		s.Samples[i] += int16(i%7 - 3)
	}
	if before, after := s.Edges(); before != 500*time.Millisecond || after < 240*time.Millisecond || after > 260*time.Millisecond {
		t.Errorf("silent for %s before and %s after", before, after)
	}
	if before, after := (wav.Sound{Rate: 8000, Samples: make([]int16, 8000)}).Edges(); before != time.Second || after != 0 {
		t.Errorf("silent throughout: %s, %s", before, after)
	}
	if before, after := (wav.Sound{Rate: 8000}).Edges(); before != 0 || after != 0 {
		t.Errorf("nothing: %s, %s", before, after)
	}
}

// Whatever comes is refused or read, converted and measured, in bounded time
// and memory.
func FuzzDecode(f *testing.F) {
	for _, c := range []struct{ code, channels, rate, bits int }{{1, 1, 8000, 8}, {1, 2, 44100, 16}, {3, 1, 48000, 32}, {6, 1, 8000, 8}, {7, 2, 8001, 8}, {0xfffe, 1, 8000, 24}} {
		f.Add(encoded(c.code, c.channels, c.rate, c.bits, sine(c.rate, 440, 0.5, 5*time.Millisecond)))
	}
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<12 { // more of the same finds nothing
			return
		}
		s, src, err := wav.Decode(bytes.NewReader(b))
		if err != nil {
			if !errors.Is(err, wav.ErrFormat) {
				t.Fatalf("%v", err)
			}
			return
		}
		if s.Rate < wav.MinRate || src.Channels < 1 || len(s.Samples) > len(b) {
			t.Fatalf("%v, %d samples of %d bytes", src, len(s.Samples), len(b))
		}
		for _, rate := range []int{8000, 16000} {
			got := s.Resample(rate)
			if want := float64(len(s.Samples)) * float64(rate) / float64(s.Rate); math.Abs(float64(len(got.Samples))-want) > 2+want/1000 {
				t.Fatalf("%d samples at %d are %d at %d", len(s.Samples), s.Rate, len(got.Samples), rate)
			}
		}
		if l := s.LUFS(); l < wav.Silence-0.01 || l > 10 || l != l {
			t.Fatalf("%f LUFS", l)
		}
		before, after := s.Edges()
		if before < 0 || after < 0 || before+after > s.Lasts()+time.Second/50 {
			t.Fatalf("silent for %s and %s of %s", before, after, s.Lasts())
		}
		s.Clipped()
	})
}
