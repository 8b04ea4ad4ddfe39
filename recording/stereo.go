package recording

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// What switches record: 8 kHz, 16 bits, mono.
const (
	rate       = 8000
	perMilli   = rate / 1000
	sampleSize = 2
	headerSize = 44
)

// ErrFormat says that a file is not what switches record.
var ErrFormat = errors.New("no WAV of 8 kHz, 16 bits, mono")

// track is one side of a recording.
type track struct {
	samples io.Reader
	count   int64 // of samples
	lead    int64 // samples of silence before it
}

// openTrack reads the header of a file. A length that the header does not know, for
// its writer died, is what is left of size.
func openTrack(r io.Reader, size int64) (*track, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head := make([]byte, 12)
	if _, err := io.ReadFull(b, head); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, fmt.Errorf("no RIFF file: %w", ErrFormat)
	}
	at, known := int64(len(head)), false
	for {
		part := make([]byte, 8)
		if _, err := io.ReadFull(b, part); err != nil {
			return nil, fmt.Errorf("no samples: %w", ErrFormat)
		}
		length := int64(binary.LittleEndian.Uint32(part[4:]))
		at += int64(len(part))
		switch string(part[:4]) {
		case "data":
			if !known {
				return nil, fmt.Errorf("no format before the samples: %w", ErrFormat)
			}
			if rest := max(0, size-at); length == 0 || length > rest {
				length = rest
			}
			return &track{samples: b, count: length / sampleSize}, nil
		case "fmt ":
			if length < 16 || length > 64 {
				return nil, fmt.Errorf("a format of %d bytes: %w", length, ErrFormat)
			}
			f := make([]byte, length)
			if _, err := io.ReadFull(b, f); err != nil {
				return nil, fmt.Errorf("half a format: %w", ErrFormat)
			}
			code, channels := binary.LittleEndian.Uint16(f), binary.LittleEndian.Uint16(f[2:])
			hertz, bits := binary.LittleEndian.Uint32(f[4:]), binary.LittleEndian.Uint16(f[14:])
			if code != 1 || channels != 1 || hertz != rate || bits != 8*sampleSize {
				return nil, fmt.Errorf("code %d, %d channels, %d Hz, %d bits: %w", code, channels, hertz, bits, ErrFormat)
			}
			known = true
		default:
			length += length % 2
			if _, err := io.CopyN(io.Discard, b, length); err != nil {
				return nil, fmt.Errorf("half a part %q: %w", part[:4], ErrFormat)
			}
		}
		at += length
	}
}

// next is the next sample, silence before and after the track.
func (t *track) next(sample []byte) error {
	switch {
	case t == nil || t.lead == 0 && t.count == 0:
		clear(sample)
	case t.lead > 0:
		t.lead--
		clear(sample)
	default:
		t.count--
		_, err := io.ReadFull(t.samples, sample)
		return err
	}
	return nil
}

func (t *track) length() int64 {
	if t == nil {
		return 0
	}
	return t.lead + t.count
}

// stereo writes two tracks as one WAV, as long as the longer one, and returns how
// many milliseconds it is. A nil track is silence.
func stereo(w io.Writer, left, right *track) (ms int64, err error) {
	samples := max(left.length(), right.length())
	size := samples * 2 * sampleSize
	if size > 1<<32-1-headerSize {
		return 0, fmt.Errorf("%d samples are too many for a WAV: %w", samples, ErrFormat)
	}
	head := make([]byte, 0, headerSize)
	head = append(head, "RIFF"...)
	head = binary.LittleEndian.AppendUint32(head, uint32(headerSize-8+size))
	head = append(head, "WAVEfmt "...)
	head = binary.LittleEndian.AppendUint32(head, 16)
	head = binary.LittleEndian.AppendUint16(head, 1)
	head = binary.LittleEndian.AppendUint16(head, 2)
	head = binary.LittleEndian.AppendUint32(head, rate)
	head = binary.LittleEndian.AppendUint32(head, rate*2*sampleSize)
	head = binary.LittleEndian.AppendUint16(head, 2*sampleSize)
	head = binary.LittleEndian.AppendUint16(head, 8*sampleSize)
	head = append(head, "data"...)
	head = binary.LittleEndian.AppendUint32(head, uint32(size))
	b := bufio.NewWriterSize(w, 64<<10)
	if _, err := b.Write(head); err != nil {
		return 0, err
	}
	both := make([]byte, 2*sampleSize)
	for range samples {
		if err := errors.Join(left.next(both[:sampleSize]), right.next(both[sampleSize:])); err != nil {
			return 0, err
		}
		if _, err := b.Write(both); err != nil {
			return 0, err
		}
	}
	return samples / perMilli, b.Flush()
}
