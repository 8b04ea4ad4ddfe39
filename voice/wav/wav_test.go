package wav_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/huawu/huawu/voice/wav"
)

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := wav.Sound{Rate: rapid.IntRange(1000, 192_000).Draw(t, "rate"), Samples: rapid.SliceOf(rapid.Int16()).Draw(t, "samples")}
		var b bytes.Buffer
		if err := wav.Write(&b, s); err != nil {
			t.Fatal(err)
		}
		got, err := wav.Read(&b)
		if err != nil || got.Rate != s.Rate || !slices.Equal(got.Samples, s.Samples) {
			t.Fatalf("%v is read back as %v, %v", s, got, err)
		}
	})
}

// file is a WAV made by hand.
func file(code, channels, rate, bits int, chunks ...string) []byte {
	fmtChunk := binary.LittleEndian.AppendUint16(nil, uint16(code))
	fmtChunk = binary.LittleEndian.AppendUint16(fmtChunk, uint16(channels))
	fmtChunk = binary.LittleEndian.AppendUint32(fmtChunk, uint32(rate))
	fmtChunk = append(fmtChunk, 0, 0, 0, 0, 0, 0)
	fmtChunk = binary.LittleEndian.AppendUint16(fmtChunk, uint16(bits))
	b := []byte("RIFF\x00\x00\x00\x00WAVE" + chunk("fmt ", string(fmtChunk)))
	return append(b, strings.Join(chunks, "")...)
}

func chunk(id, body string) string {
	b := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body)))
	b = append(b, body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return string(b)
}

func TestReadSkipsOtherChunksAndStopsWhereTheFileDoes(t *testing.T) {
	const data = "\x01\x00\x02\x00\xff\xff"
	for name, src := range map[string][]byte{
		"odd chunk before":  file(1, 1, 8000, 16, chunk("LIST", "odd"), chunk("data", data), chunk("id3 ", "tail")),
		"length not known":  file(1, 1, 8000, 16, "data\xff\xff\xff\x7f"+data),
		"half a sample":     file(1, 1, 8000, 16, "data\xff\xff\xff\x7f"+data+"x"),
		"byte by byte read": file(1, 1, 8000, 16, chunk("data", data)),
	} {
		got, err := wav.Read(iotest.OneByteReader(bytes.NewReader(src)))
		if err != nil || got.Rate != 8000 || !slices.Equal(got.Samples, []int16{1, 2, -1}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestReadRefusesWhatIsNoPrompt(t *testing.T) {
	for want, src := range map[string][]byte{
		"it does not begin with RIFF and WAVE": []byte("ID3\x04 an mp3 file perhaps"),
		"it ends early":                        []byte("RIFF"),
		"data comes before fmt":                []byte("RIFF\x00\x00\x00\x00WAVE" + chunk("data", "ab")),
		"its fmt chunk has 4 bytes":            []byte("RIFF\x00\x00\x00\x00WAVE" + chunk("fmt ", "abcd")),
		"code 1, 2 channels, 16 bits, 8000":    file(1, 2, 8000, 16, chunk("data", "abcd")),
		"code 1, 1 channels, 8 bits, 8000":     file(1, 1, 8000, 8, chunk("data", "abcd")),
		"code 6, 1 channels, 8 bits, 8000":     file(6, 1, 8000, 8, chunk("data", "abcd")),
		"16 bits, 0 samples a second":          file(1, 1, 0, 16, chunk("data", "abcd")),
	} {
		if _, err := wav.Read(bytes.NewReader(src)); !errors.Is(err, wav.ErrFormat) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := wav.Read(bytes.NewReader(file(1, 1, 8000, 16))); !errors.Is(err, wav.ErrFormat) {
		t.Errorf("without data: %v", err)
	}
	broken := errors.New("disk on fire")
	src := io.MultiReader(bytes.NewReader(file(1, 1, 8000, 16, "data\xff\xff\xff\x7f")), iotest.ErrReader(broken))
	if _, err := wav.Read(src); !errors.Is(err, broken) || errors.Is(err, wav.ErrFormat) {
		t.Errorf("a reader's own error: %v", err)
	}
	long := io.MultiReader(bytes.NewReader(file(1, 1, 8000, 16, "data\xff\xff\xff\xff")), io.LimitReader(zeroes{}, 2*wav.MaxSamples+2))
	if _, err := wav.Read(long); !errors.Is(err, wav.ErrFormat) {
		t.Errorf("an endless sound: %v", err)
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func sine(rate int, hertz, peak float64, length time.Duration) wav.Sound {
	s := wav.Sound{Rate: rate, Samples: make([]int16, int(length.Seconds()*float64(rate)))}
	for i := range s.Samples {
		s.Samples[i] = int16(math.Round(32767 * peak * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate))))
	}
	return s
}

// A tone in the pass band keeps pitch, level and phase; one that telephony
// cannot carry is gone rather than folded back.
func TestResample(t *testing.T) {
	for _, from := range []int{22050, 16000, 44100, 48000, 24000, 11025, 8001, 6000} {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			for _, hertz := range []float64{300, 1000, 2500} {
				got := sine(from, hertz, 0.5, time.Second).Resample(8000)
				want := sine(8000, hertz, 0.5, time.Second)
				if got.Rate != 8000 || len(got.Samples) < len(want.Samples) || len(got.Samples) > len(want.Samples)+1 {
					t.Fatalf("%d samples at %d", len(got.Samples), got.Rate)
				}
				var worst float64
				for i := 200; i < 7800; i++ { // the ends ring
					worst = max(worst, math.Abs(float64(got.Samples[i])-float64(want.Samples[i])))
				}
				// A ratio that is rounded drifts in phase; all others may not.
				if limit := 0.01 * 16384; worst > limit && from != 8001 {
					t.Errorf("%g Hz differs by %.0f, limit %.0f", hertz, worst, limit)
				}
			}
			for _, hertz := range []float64{4700, 6000, 9000} {
				if hertz > float64(from)/2 {
					continue
				}
				got := sine(from, hertz, 0.5, time.Second).Resample(8000)
				got.Samples = got.Samples[200:7800]
				if l := 20 * math.Log10(got.Loudness()+1e-9); l > -60 {
					t.Errorf("%g Hz is folded back at %.0f dB", hertz, l)
				}
			}
		})
	}
}

func TestResampleOfLittle(t *testing.T) {
	s := wav.Sound{Rate: 8000, Samples: []int16{1, 2, 3}}
	if got := s.Resample(8000); !slices.Equal(got.Samples, s.Samples) {
		t.Errorf("same rate: %v", got.Samples)
	}
	if got := (wav.Sound{Rate: 22050}).Resample(8000); got.Rate != 8000 || len(got.Samples) != 0 {
		t.Errorf("nothing: %v", got)
	}
	if got := (wav.Sound{Rate: 22050, Samples: []int16{32767}}).Resample(8000); len(got.Samples) != 1 {
		t.Errorf("one sample: %v", got.Samples)
	}
	loud := wav.Sound{Rate: 16000, Samples: slices.Repeat([]int16{32767, 32767, 32767, -32768, -32768, -32768}, 500)}
	for i, x := range loud.Resample(8000).Samples { // overshoot is clipped, not wrapped
		if x == math.MinInt16 || x == math.MaxInt16 {
			return
		}
		if i == 999 {
			t.Error("nothing is clipped")
		}
	}
}

func TestLastsAndLoudness(t *testing.T) {
	s := sine(8000, 440, 0.5, 1500*time.Millisecond)
	if s.Lasts() != 1500*time.Millisecond || math.Abs(s.Loudness()-0.5/math.Sqrt2) > 0.001 {
		t.Errorf("lasts %s, loudness %.4f", s.Lasts(), s.Loudness())
	}
	if (wav.Sound{}).Lasts() != 0 || (wav.Sound{}).Loudness() != 0 {
		t.Error("nothing lasts or is heard")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file(1, 1, 8000, 16, chunk("LIST", "odd"), chunk("data", "abcd")))
	f.Add(file(0xfffe, 1, 8000, 16))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := wav.Read(bytes.NewReader(src))
		if err == nil && s.Rate == 0 {
			t.Error("a sound without a rate")
		}
	})
}

func BenchmarkResample(b *testing.B) {
	s := sine(22050, 440, 0.5, 4*time.Second)
	for b.Loop() {
		s.Resample(8000)
	}
}
