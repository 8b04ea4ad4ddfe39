package wav

import (
	"math"
	"time"
)

// Silence is what LUFS answers for a sound without any: the absolute gate of
// BS.1770.
const Silence = -70.0

// LUFS is the integrated loudness in LUFS (ITU-R BS.1770-5, gated as EBU R 128
// asks): K-weighted blocks of 400 ms, those below -70 LUFS and then those 10 LU
// below the mean of the rest left out. A sound shorter than a block is one. A
// sine of 997 Hz at full scale has -3.01. The filters are those of the
// recommendation, made anew for the sound's rate.
func (s Sound) LUFS() float64 {
	weighted := kWeighted(s)
	block := min(max(s.Rate*2/5, 1), len(weighted))
	if block == 0 {
		return Silence
	}
	var powers []float64
	for from := 0; from+block <= len(weighted); from += max(block/4, 1) {
		var sum float64
		for _, x := range weighted[from : from+block] {
			sum += x * x
		}
		powers = append(powers, sum/float64(block))
	}
	return gated(powers, math.Max(Silence, gated(powers, Silence)-10))
}

// gated is the loudness of the mean of the blocks that are louder than a gate,
// Silence for none.
func gated(powers []float64, gate float64) float64 {
	var sum float64
	n := 0
	for _, p := range powers {
		if loudness(p) > gate {
			sum += p
			n++
		}
	}
	if n == 0 {
		return Silence
	}
	return loudness(sum / float64(n))
}

func loudness(power float64) float64 { return -0.691 + 10*math.Log10(power+1e-30) }

// kWeighted is a sound behind the two filters of BS.1770: a shelf for the head,
// and a high pass.
func kWeighted(s Sound) []float64 {
	if s.Rate <= 0 {
		return nil
	}
	shelf := highShelf(1681.974450955533, 3.999843853973347, 0.7071752369554196, float64(s.Rate))
	pass := highPass(38.13547087602444, 0.5003270373238773, float64(s.Rate))
	out := make([]float64, len(s.Samples))
	for i, x := range s.Samples {
		out[i] = pass.next(shelf.next(float64(x) / 32768))
	}
	return out
}

// biquad is a filter of the second order.
type biquad struct {
	b0, b1, b2, a1, a2 float64
	x1, x2, y1, y2     float64
}

func (f *biquad) next(x float64) float64 {
	y := f.b0*x + f.b1*f.x1 + f.b2*f.x2 - f.a1*f.y1 - f.a2*f.y2
	f.x1, f.x2, f.y1, f.y2 = x, f.x1, y, f.y1
	return y
}

// highShelf and highPass are the recommendation's filters by their analogue
// frequency, gain and quality, whose coefficients at 48 kHz it prints.
func highShelf(hertz, gain, q, rate float64) *biquad {
	k := math.Tan(math.Pi * math.Min(hertz/rate, 0.499))
	high := math.Pow(10, gain/20)
	band := math.Pow(high, 0.4996667741545416)
	a0 := 1 + k/q + k*k
	return &biquad{b0: (high + band*k/q + k*k) / a0, b1: 2 * (k*k - high) / a0, b2: (high - band*k/q + k*k) / a0,
		a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}

func highPass(hertz, q, rate float64) *biquad {
	k := math.Tan(math.Pi * hertz / rate)
	a0 := 1 + k/q + k*k
	return &biquad{b0: 1, b1: -2, b2: 1, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}

// Clipped is how many runs of three samples and more there are at full scale:
// a peak that just reaches it is no fault.
func (s Sound) Clipped() int {
	const full, least = 32700, 3
	runs, run := 0, 0
	for _, x := range s.Samples {
		if x < full && x > -full {
			run = 0
			continue
		}
		if run++; run == least {
			runs++
		}
	}
	return runs
}

// Edges are how long it is silent before the first sound and after the last:
// what is 35 dB below the loudest 20 ms, or below -60 dBov. A sound that is
// silent throughout has all of it before, and nothing after.
func (s Sound) Edges() (before, after time.Duration) {
	frame := max(s.Rate/50, 1)
	var levels []float64
	loudest := 0.0
	for from := 0; from < len(s.Samples); from += frame {
		l := Sound{Samples: s.Samples[from:min(from+frame, len(s.Samples))]}.Loudness()
		levels = append(levels, l)
		loudest = math.Max(loudest, l)
	}
	floor := math.Max(loudest*math.Pow(10, -35.0/20), 0.001)
	first, last := -1, -1
	for i, l := range levels {
		if l >= floor {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return s.Lasts(), 0
	}
	at := func(frames int) time.Duration {
		return time.Duration(frames*frame) * time.Second / time.Duration(s.Rate)
	}
	return at(first), max(0, s.Lasts()-at(last+1))
}
