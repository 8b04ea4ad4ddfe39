// Package wav reads and writes the one kind of WAV that telephony prompts and
// recordings are: mono, 16 bit, linear PCM. It makes other kinds into that one,
// at another rate if need be, and measures what was recorded.
package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// ErrFormat is wrapped by Read for what is no mono 16-bit PCM WAV, and by Decode
// for what is no WAV of the kinds it reads.
var ErrFormat = errors.New("not a WAV of the kind that is read here")

// MaxSamples is the longest sound that Read takes: two hours at 8 kHz.
const MaxSamples = 2 * 60 * 60 * 8000

// Sound is mono audio.
type Sound struct {
	Rate    int // samples a second
	Samples []int16
}

// Lasts is how long the sound is.
func (s Sound) Lasts() time.Duration {
	if s.Rate == 0 {
		return 0
	}
	return time.Duration(len(s.Samples)) * time.Second / time.Duration(s.Rate)
}

// Loudness is the root mean square as a share of full scale, 0 to 1.
func (s Sound) Loudness() float64 {
	if len(s.Samples) == 0 {
		return 0
	}
	var sum float64
	for _, x := range s.Samples {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum/float64(len(s.Samples))) / 32768
}

// Codes of the fmt chunk (RFC 2361).
const (
	codePCM        = 1
	codeFloat      = 3
	codeALaw       = 6
	codeULaw       = 7
	codeExtensible = 0xfffe
)

// header is what a WAV says of its samples.
type header struct{ code, channels, rate, bits int }

func (h header) String() string {
	return fmt.Sprintf("code %d, %d channels, %d bits, %d samples a second", h.code, h.channels, h.bits, h.rate)
}

// Read reads a whole WAV of the one kind. Chunks other than "fmt " and "data"
// are skipped. A data chunk that claims to be longer than what follows, as a
// program writes that did not know the length beforehand, ends with the file.
// The error wraps ErrFormat, or is that of r.
func Read(r io.Reader) (Sound, error) {
	h, size, err := open(r, func(h header) bool { return h.code == codePCM && h.channels == 1 && h.bits == 16 })
	if err != nil {
		return Sound{}, err
	}
	b, err := data(r, size, 2)
	if err != nil {
		return Sound{}, err
	}
	s := Sound{Rate: h.rate, Samples: make([]int16, len(b)/2)}
	for i := range s.Samples {
		s.Samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return s, nil
}

// open reads a WAV up to the samples, and is how many bytes of them there are
// said to be. fits says which headers are taken.
func open(r io.Reader, fits func(header) bool) (h header, size int64, err error) {
	var head [12]byte
	if err := fill(r, head[:]); err != nil {
		return h, 0, err
	}
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return h, 0, fmt.Errorf("%w: it does not begin with RIFF and WAVE", ErrFormat)
	}
	for {
		var chunk [8]byte
		if err := fill(r, chunk[:]); err != nil {
			return h, 0, err
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		switch id := string(chunk[:4]); {
		case id == "fmt ":
			if h, err = format(r, size); err != nil {
				return h, 0, err
			}
			if !fits(h) || h.rate < 1000 || h.rate > 192_000 {
				return h, 0, fmt.Errorf("%w: %v", ErrFormat, h)
			}
		case id == "data" && h.rate == 0:
			return h, 0, fmt.Errorf("%w: data comes before fmt", ErrFormat)
		case id == "data":
			return h, size, nil
		default:
			// Chunks begin at even places.
			if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil {
				return h, 0, short(err)
			}
		}
	}
}

// format reads a fmt chunk.
func format(r io.Reader, size int64) (header, error) {
	if size < 16 || size > 1024 {
		return header{}, fmt.Errorf("%w: its fmt chunk has %d bytes", ErrFormat, size)
	}
	b := make([]byte, size+size%2)
	if err := fill(r, b); err != nil {
		return header{}, err
	}
	h := header{code: int(binary.LittleEndian.Uint16(b)), channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate: int(min(binary.LittleEndian.Uint32(b[4:]), math.MaxInt32)), bits: int(binary.LittleEndian.Uint16(b[14:]))}
	if h.code == codeExtensible && size >= 26 {
		h.code = int(binary.LittleEndian.Uint16(b[24:]))
	}
	return h, nil
}

// data reads what there is of the samples; frame is the bytes of one moment.
func data(r io.Reader, size, frame int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, min(size, frame*(MaxSamples+1))))
	if err != nil {
		return nil, fmt.Errorf("read samples: %w", err)
	}
	if int64(len(b)) > frame*MaxSamples {
		return nil, fmt.Errorf("%w: more than %d samples", ErrFormat, MaxSamples)
	}
	return b, nil
}

// Write writes s with a canonical 44-byte header.
func Write(w io.Writer, s Sound) error {
	if len(s.Samples) > (math.MaxUint32-36)/2 {
		return fmt.Errorf("%w: %d samples do not fit", ErrFormat, len(s.Samples))
	}
	size := uint32(2 * len(s.Samples))
	b := make([]byte, 0, 44+len(s.Samples)*2)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, 36+size)
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, codePCM)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(s.Rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*s.Rate)) // bytes a second
	b = binary.LittleEndian.AppendUint16(b, 2)                // bytes a frame
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, size)
	for _, x := range s.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write WAV: %w", err)
	}
	return nil
}

func fill(r io.Reader, b []byte) error {
	_, err := io.ReadFull(r, b)
	return short(err)
}

// short tells a file that is too short from one that cannot be read.
func short(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: it ends early", ErrFormat)
	}
	return fmt.Errorf("read WAV: %w", err)
}
