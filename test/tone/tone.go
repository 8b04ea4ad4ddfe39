// Package tone makes and finds sine tones in 8 kHz speech samples: test parties
// sing a tone of their own, and a tone found in what another party hears, or in
// a recording, proves whose voice it is.
package tone

import "math"

// Rate is the samples per second of telephone speech (G.711).
const Rate = 8000

// Full is the amplitude of a full-scale tone.
const Full = 32767

// Sine is an endless tone.
type Sine struct {
	step, phase, peak float64
}

// NewSine is a tone of hertz, below half of Rate, whose peak is the given share
// (0 to 1) of full scale.
func NewSine(hertz, share float64) *Sine {
	return &Sine{step: 2 * math.Pi * hertz / Rate, peak: share * Full}
}

// Fill writes the tone's next samples.
func (s *Sine) Fill(out []int16) {
	for i := range out {
		out[i] = int16(math.Round(s.peak * math.Sin(s.phase)))
		s.phase = math.Mod(s.phase+s.step, 2*math.Pi)
	}
}

// Level is the peak amplitude, as a share of full scale, of the component of
// hertz in the samples (Goertzel). With n samples it tells tones apart that lie
// Rate/n apart or more; 0 for no samples.
func Level(samples []int16, hertz float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	w := 2 * math.Pi * hertz / Rate
	c := 2 * math.Cos(w)
	var s1, s2 float64
	for _, x := range samples {
		s1, s2 = float64(x)+c*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - c*s1*s2
	return 2 * math.Sqrt(max(power, 0)) / float64(len(samples)) / Full
}

// Loudness is the root mean square of the samples as a share of full scale; a
// tone of peak p has p/√2. 0 for no samples.
func Loudness(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, x := range samples {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum/float64(len(samples))) / Full
}
