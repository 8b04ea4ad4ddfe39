package engine

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"github.com/huawu/huawu/fact"
)

// A journal file is a magic, a header and records:
//
//	magic   8 bytes
//	header  length u32 | CRC-32C u32 | JSON
//	record  length u32 | CRC-32C u32 | seq u64 | instant i64 | lag u32 | flags u8 | input
//
// in little endian. A length counts what follows its CRC; the CRC covers the
// length too. Lag is how many inputs before this one were not yet known to be
// on disk when it was written: by it a reader can tell a tail that a power cut
// tore from damage that only a fault can have done.
const (
	journalMagic   = "huawuJ01"
	journalVersion = 1

	frameHead  = 8             // length and CRC
	recordHead = 8 + 8 + 4 + 1 // seq, instant, lag, flags
	maxFrame   = 256 << 20

	flagSealed = 1 << 0 // the input is encrypted
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// record is one journaled input.
type record struct {
	seq    uint64
	at     fact.Instant
	lag    uint32
	sealed bool
	input  []byte
}

// segmentHeader begins every journal file.
type segmentHeader struct {
	Version int    `json:"version"`
	Epoch   string `json:"epoch"`
	// Boot counts the starts of the engine on this journal.
	Boot uint64 `json:"boot"`
	// First is the sequence number of the file's first record. After is the
	// input that the state before it includes: all of a reader's past must
	// reach that far.
	First uint64 `json:"first"`
	After uint64 `json:"after"`
	// Synced is how far all before the file was known to be on disk.
	Synced uint64 `json:"synced"`
	// At is the newest steady instant when the file began, Wall the wall
	// clock in milliseconds of the epoch.
	At   fact.Instant `json:"at"`
	Wall int64        `json:"wall"`
}

func frameCRC(length [4]byte, body []byte) uint32 {
	return crc32.Update(crc32.Checksum(length[:], castagnoli), castagnoli, body)
}

// appendRecord appends one record in its wire form.
func appendRecord(dst []byte, r record) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, frameHead+recordHead)...)
	b := dst[start:]
	binary.LittleEndian.PutUint64(b[8:], r.seq)
	binary.LittleEndian.PutUint64(b[16:], uint64(r.at))
	binary.LittleEndian.PutUint32(b[24:], r.lag)
	if r.sealed {
		b[28] = flagSealed
	}
	dst = append(dst, r.input...)
	sealFrame(dst[start:])
	return dst
}

// sealFrame fills in length and CRC of a frame whose body stands.
func sealFrame(frame []byte) {
	var length [4]byte
	binary.LittleEndian.PutUint32(length[:], uint32(len(frame)-frameHead))
	copy(frame, length[:])
	binary.LittleEndian.PutUint32(frame[4:], frameCRC(length, frame[frameHead:]))
}

// frameAt finds the frame at the start of b. size is its whole size; with
// whole false the frame is cut short, with ok false it is none.
func frameAt(b []byte) (body []byte, size int, whole, ok bool) {
	if len(b) < frameHead {
		return nil, 0, false, true
	}
	n := binary.LittleEndian.Uint32(b)
	if n > maxFrame {
		return nil, 0, true, false
	}
	size = frameHead + int(n)
	if len(b) < size {
		return nil, size, false, true
	}
	body = b[frameHead:size]
	return body, size, true, frameCRC([4]byte(b[:4]), body) == binary.LittleEndian.Uint32(b[4:])
}

// recordAt reads the record at the start of b; its input shares b's memory.
func recordAt(b []byte) (r record, size int, whole, ok bool) {
	body, size, whole, ok := frameAt(b)
	if !whole || !ok {
		return record{}, size, whole, ok
	}
	if len(body) < recordHead {
		return record{}, size, true, false
	}
	return record{
		seq:    binary.LittleEndian.Uint64(body),
		at:     fact.Instant(binary.LittleEndian.Uint64(body[8:])),
		lag:    binary.LittleEndian.Uint32(body[16:]),
		sealed: body[20]&flagSealed != 0,
		input:  body[recordHead:],
	}, size, true, true
}

// appendHeader appends a file's magic and header.
func appendHeader(dst []byte, magic string, header any) ([]byte, error) {
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	dst = append(dst, magic...)
	start := len(dst)
	dst = append(dst, make([]byte, frameHead)...)
	dst = append(dst, text...)
	sealFrame(dst[start:])
	return dst, nil
}

// headerAt reads magic and header at the start of b and says where they end.
// whole is false when b ends before them.
func headerAt(b []byte, magic string, header any) (size int, whole bool, err error) {
	if len(b) < len(magic) {
		return 0, false, nil
	}
	if string(b[:len(magic)]) != magic {
		return 0, true, fmt.Errorf("begins with %q, want %q: %w", b[:len(magic)], magic, ErrCorrupt)
	}
	body, size, whole, ok := frameAt(b[len(magic):])
	switch {
	case !ok:
		return 0, true, fmt.Errorf("header fails its checksum: %w", ErrCorrupt)
	case !whole:
		return 0, false, nil
	}
	if err := json.Unmarshal(body, header); err != nil {
		return 0, true, fmt.Errorf("header: %w: %w", err, ErrCorrupt)
	}
	return len(magic) + size, true, nil
}
