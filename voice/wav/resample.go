package wav

import "math"

// zeroes is how many zero crossings of the filter lie on either side of a
// sample: 24 keep what folds back more than 60 dB down.
const zeroes = 24

// pass is the share of the narrower band that the filter lets through; the
// rest is the slope.
const pass = 0.92

// maxPhases bounds the table of a conversion between odd rates.
const maxPhases = 4096

// Resample is s at another rate, band-limited by a Kaiser-windowed sinc. Rates
// whose ratio has no small terms are rounded to one that has.
func (s Sound) Resample(rate int) Sound {
	if rate == s.Rate || rate <= 0 || s.Rate <= 0 || len(s.Samples) == 0 {
		return Sound{Rate: rate, Samples: append([]int16(nil), s.Samples...)}
	}
	// One output sample is down/up input samples further.
	divisor := gcd(rate, s.Rate)
	up, down := rate/divisor, s.Rate/divisor
	if up > maxPhases {
		down = int(math.Round(float64(down) * maxPhases / float64(up)))
		up = maxPhases
	}
	cutoff := pass * math.Min(1, float64(up)/float64(down)) // 1 is half of the input rate
	half := int(math.Ceil(zeroes / cutoff))
	phases := make([][]float64, up) // a short sound needs few of them
	out := make([]int16, (len(s.Samples)*up+down-1)/down)
	for i := range out {
		at, phase := i*down/up, i*down%up
		if phases[phase] == nil {
			phases[phase] = kernel(float64(phase)/float64(up), half, cutoff)
		}
		var sum float64
		for k, weight := range phases[phase] {
			if j := at + k - half + 1; j >= 0 && j < len(s.Samples) {
				sum += weight * float64(s.Samples[j])
			}
		}
		out[i] = int16(math.Round(math.Max(math.MinInt16, math.Min(math.MaxInt16, sum))))
	}
	return Sound{Rate: rate, Samples: out}
}

// kernel is the filter's weights for a place between two input samples, summing
// to one.
func kernel(place float64, half int, cutoff float64) []float64 {
	const beta = 7 // Kaiser: 70 dB
	weights := make([]float64, 2*half)
	var total float64
	for k := range weights {
		x := float64(k-half+1) - place
		window := 1 - x*x/float64(half*half)
		if window <= 0 {
			continue
		}
		weights[k] = cutoff * sinc(cutoff*x) * bessel(beta*math.Sqrt(window))
		total += weights[k]
	}
	for k := range weights {
		weights[k] /= total
	}
	return weights
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// bessel is the modified Bessel function of the first kind and order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= (x / (2 * k)) * (x / (2 * k))
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
