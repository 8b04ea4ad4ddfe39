package tone_test

import (
	"math"
	"testing"

	"github.com/zaf/g711"
	"pgregory.net/rapid"

	"github.com/huawu/huawu/test/tone"
)

// Whatever two tones are mixed and sent through G.711, each is found at its own
// level, and a third one that lies apart is not.
func TestLevelFindsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := float64(rapid.IntRange(10, 60).Draw(t, "a")) * 25
		b := a + float64(rapid.IntRange(4, 40).Draw(t, "apart"))*25
		shareA := rapid.Float64Range(0.05, 0.4).Draw(t, "shareA")
		shareB := rapid.Float64Range(0.05, 0.4).Draw(t, "shareB")
		one, two := make([]int16, 1600), make([]int16, 1600)
		tone.NewSine(a, shareA).Fill(one)
		tone.NewSine(b, shareB).Fill(two)
		for i := range one {
			one[i] = g711.DecodeAlawFrame(g711.EncodeAlawFrame(one[i] + two[i]))
		}
		if l := tone.Level(one, a); math.Abs(l-shareA) > 0.02 {
			t.Fatalf("%g Hz at %.3f is found at %.3f", a, shareA, l)
		}
		if l := tone.Level(one, b); math.Abs(l-shareB) > 0.02 {
			t.Fatalf("%g Hz at %.3f is found at %.3f", b, shareB, l)
		}
		if l := tone.Level(one, (a+b)/2); l > 0.03 {
			t.Fatalf("%g Hz is not there and is found at %.3f", (a+b)/2, l)
		}
	})
}

func TestNothingHasNoLevel(t *testing.T) {
	for _, s := range [][]int16{nil, make([]int16, 160)} {
		if l, r := tone.Level(s, 440), tone.Loudness(s); l != 0 || r != 0 {
			t.Errorf("%d samples of silence: level %g, loudness %g", len(s), l, r)
		}
	}
}

func TestLoudness(t *testing.T) {
	s := make([]int16, tone.Rate)
	tone.NewSine(440, 0.5).Fill(s)
	if l := tone.Loudness(s); math.Abs(l-0.5/math.Sqrt2) > 0.001 {
		t.Errorf("a tone of half scale has loudness %.4f", l)
	}
}
