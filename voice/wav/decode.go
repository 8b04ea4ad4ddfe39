package wav

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/zaf/g711"
)

// Source is how audio was written that Decode reads.
type Source struct {
	// Coding is "PCM", "float", "A-law" or "µ-law".
	Coding   string `json:"coding"`
	Channels int    `json:"channels"`
	Rate     int    `json:"rate"` // samples a second
	Bits     int    `json:"bits"` // of a sample
}

// codings are the kinds that Decode reads, with their bits.
var codings = map[int]struct {
	name string
	bits []int
}{
	codePCM:   {"PCM", []int{8, 16, 24, 32}},
	codeFloat: {"float", []int{32}},
	codeALaw:  {"A-law", []int{8}},
	codeULaw:  {"µ-law", []int{8}},
}

// MinRate and MaxRate are the rates that Decode takes: below them speech is not
// understood.
const (
	MinRate = 8000
	MaxRate = 96_000
)

// Decode reads a WAV as recording programs write it: PCM of 8, 16, 24 or 32
// bits, 32-bit float, A-law or µ-law (ITU-T G.711), mono or stereo, whose sides
// are mixed, at 8 to 96 kHz. It goes on as Read does. The error wraps
// ErrFormat, or is that of r.
func Decode(r io.Reader) (Sound, Source, error) {
	h, size, err := open(r, func(h header) bool {
		c, ok := codings[h.code]
		if !ok || h.channels < 1 || h.channels > 2 || h.rate < MinRate || h.rate > MaxRate {
			return false
		}
		for _, bits := range c.bits {
			if h.bits == bits {
				return true
			}
		}
		return false
	})
	if err != nil {
		return Sound{}, Source{}, err
	}
	src := Source{Coding: codings[h.code].name, Channels: h.channels, Rate: h.rate, Bits: h.bits}
	each := h.bits / 8
	b, err := data(r, size, int64(each*h.channels))
	if err != nil {
		return Sound{}, src, err
	}
	s := Sound{Rate: h.rate, Samples: make([]int16, len(b)/(each*h.channels))}
	for i := range s.Samples {
		sum := 0
		for c := range h.channels {
			sum += sample(h, b[(i*h.channels+c)*each:])
		}
		s.Samples[i] = int16(sum / h.channels)
	}
	return s, src, nil
}

// sample is the first sample of b in 16 bits.
func sample(h header, b []byte) int {
	switch {
	case h.code == codeALaw:
		return int(g711.DecodeAlawFrame(b[0]))
	case h.code == codeULaw:
		return int(g711.DecodeUlawFrame(b[0]))
	case h.code == codeFloat:
		x := float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		if !(math.Abs(x) <= 1) { // not a number, too
			x = math.Max(-1, math.Min(1, x))
			if x != x {
				x = 0
			}
		}
		return int(math.Round(x * math.MaxInt16))
	case h.bits == 8:
		return (int(b[0]) - 128) << 8
	}
	return int(int16(binary.LittleEndian.Uint16(b[h.bits/8-2:]))) // the upper 16 bits
}

// String is how audio came, for people.
func (s Source) String() string {
	return fmt.Sprintf("%s, %d bits, %d Hz, %d channels", s.Coding, s.Bits, s.Rate, s.Channels)
}
