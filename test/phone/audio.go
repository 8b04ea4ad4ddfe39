package phone

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/zaf/g711"

	"github.com/huawu/huawu/test/tone"
)

const (
	frame        = 20 * time.Millisecond
	frameSamples = tone.Rate / 50
	// memory is how far back a phone remembers what it heard.
	memory = 10 * time.Second
	// share of full scale at which a phone sings.
	singing = 0.25
	// The length of a pressed key and of the pause after it, in frames.
	keyFrames, pauseFrames, lastFrames = 5, 3, 3
)

// audio is the speech of one call. It has a lock of its own, so that a busy
// phone keeps its pace.
type audio struct {
	conn  *net.UDPConn
	voice *tone.Sine
	wg    sync.WaitGroup
	stop  chan struct{}

	mu      sync.Mutex
	to      *net.UDPAddr // nil: nobody to talk to
	payload int
	keys    int // payload for keys; 0: they cannot be sent
	talking bool
	sung    int  // frames sent of its own tone
	silent  bool // on hold: nothing is sent
	dead    bool // without power: nothing is sent
	heard   []heardFrame
	packets int
	pressed string // keys heard
	lastKey uint32 // time stamp of the last of them
	anyKey  bool
	queue   []*press

	seq   uint16
	stamp uint32
	ssrc  uint32
}

type heardFrame struct {
	at      time.Time
	samples []int16
}

// press is keys on their way.
type press struct {
	digits string
	frame  int    // of the current key
	start  uint32 // its time stamp
	done   chan struct{}
}

const keypad = "0123456789*#ABCD"

func openAudio(host string, hertz float64) (*audio, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		return nil, fmt.Errorf("open audio: %w", err)
	}
	return &audio{
		conn: conn, voice: tone.NewSine(hertz, singing), stop: make(chan struct{}),
		payload: payloadALaw, ssrc: rand.Uint32(), stamp: rand.Uint32(), seq: uint16(rand.Uint32()),
	}, nil
}

func (a *audio) addr() *net.UDPAddr { return a.conn.LocalAddr().(*net.UDPAddr) }

func (a *audio) run() {
	a.wg.Go(a.speak)
	a.wg.Go(a.listen)
}

func (a *audio) close() {
	close(a.stop)
	// The socket's only fault could be that it is closed already.
	_ = a.conn.Close()
	a.wg.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, q := range a.queue {
		close(q.done)
	}
	a.queue = nil
}

// agree takes over what the other side described.
func (a *audio) agree(s session) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.to, a.payload, a.keys = s.addr, s.payload, s.keys
}

func (a *audio) set(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f()
}

// speak sends a frame every 20 ms.
func (a *audio) speak() {
	tick := time.NewTicker(frame)
	defer tick.Stop()
	for {
		select {
		case <-a.stop:
			return
		case <-tick.C:
		}
		a.mu.Lock()
		packet, to := a.next(), a.to
		a.mu.Unlock()
		if packet != nil && to != nil {
			// A lost packet is a lost packet.
			_, _ = a.conn.WriteToUDP(packet, to)
		}
	}
}

// next is the packet of this frame, nil when there is nothing to send.
func (a *audio) next() []byte {
	if a.to == nil {
		return nil
	}
	defer func() { a.stamp += frameSamples }()
	if len(a.queue) > 0 {
		if p, ok := a.key(a.queue[0]); ok {
			return p
		}
	}
	samples := make([]int16, frameSamples)
	a.voice.Fill(samples)
	if a.silent || a.dead {
		return nil
	}
	packet := a.header(a.payload, false, a.stamp, frameSamples)
	if a.talking {
		a.sung++
	}
	for _, s := range samples {
		if !a.talking {
			s = 0
		}
		if a.payload == payloadULaw {
			packet = append(packet, g711.EncodeUlawFrame(s))
		} else {
			packet = append(packet, g711.EncodeAlawFrame(s))
		}
	}
	return packet
}

// key is the packet of a pressed key in this frame (RFC 4733); false in the
// pause after it.
func (a *audio) key(q *press) ([]byte, bool) {
	n := q.frame
	q.frame++
	if n == 0 {
		q.start = a.stamp
	}
	if n >= keyFrames+lastFrames {
		if n == keyFrames+lastFrames+pauseFrames {
			q.digits, q.frame = q.digits[1:], 0
			if q.digits == "" {
				close(q.done)
				a.queue = a.queue[1:]
			}
		}
		return nil, false
	}
	last := byte(0)
	if n >= keyFrames {
		last = 0x80
	}
	packet := a.header(a.keys, n == 0, q.start, 4)
	packet = append(packet, byte(strings.IndexByte(keypad, q.digits[0])), last|10)
	return binary.BigEndian.AppendUint16(packet, uint16(min(n+1, keyFrames)*frameSamples)), true
}

// header is an RTP header (RFC 3550) with room for the payload.
func (a *audio) header(payload int, marker bool, stamp uint32, room int) []byte {
	b := make([]byte, 12, 12+room)
	b[0], b[1] = 0x80, byte(payload)
	if marker {
		b[1] |= 0x80
	}
	a.seq++
	binary.BigEndian.PutUint16(b[2:], a.seq)
	binary.BigEndian.PutUint32(b[4:], stamp)
	binary.BigEndian.PutUint32(b[8:], a.ssrc)
	return b
}

// listen remembers what comes in.
func (a *audio) listen() {
	buf := make([]byte, 2048)
	for {
		n, _, err := a.conn.ReadFromUDP(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil || n < 12 || buf[0]>>6 != 2 {
			continue
		}
		at, payload, stamp := time.Now(), int(buf[1]&0x7f), binary.BigEndian.Uint32(buf[4:])
		body := buf[12+4*int(buf[0]&0x0f) : n]
		a.mu.Lock()
		switch {
		case (payload == payloadKeys || payload == a.keys && a.keys > 0) && len(body) >= 4 && int(body[0]) < len(keypad):
			if !a.anyKey || stamp != a.lastKey {
				a.anyKey, a.lastKey = true, stamp
				a.pressed += string(keypad[body[0]])
			}
		case payload == payloadULaw || payload == payloadALaw:
			a.packets++
			f := heardFrame{at: at, samples: make([]int16, len(body))}
			for i, c := range body {
				if payload == payloadULaw {
					f.samples[i] = g711.DecodeUlawFrame(c)
				} else {
					f.samples[i] = g711.DecodeAlawFrame(c)
				}
			}
			for len(a.heard) > 0 && at.Sub(a.heard[0].at) > memory {
				a.heard = a.heard[1:]
			}
			a.heard = append(a.heard, f)
		}
		a.mu.Unlock()
	}
}

// last is what was heard in the last d; time without packets is silence.
func (a *audio) last(d time.Duration) []int16 {
	a.mu.Lock()
	defer a.mu.Unlock()
	from := time.Now().Add(-d)
	want := int(d * tone.Rate / time.Second)
	out := make([]int16, 0, want+frameSamples)
	for _, f := range a.heard {
		if f.at.After(from) {
			out = append(out, f.samples...)
		}
	}
	if len(out) < want {
		out = append(out, make([]int16, want-len(out))...)
	}
	return out
}

// gap is the longest time within the last d in which no frame held the tone.
func (a *audio) gap(hertz float64, d time.Duration) (g Gap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	last := now.Add(-d)
	until := func(at time.Time) {
		if at.Sub(last) > g.Lasts() {
			g = Gap{last, at}
		}
		last = at
	}
	for _, f := range a.heard {
		if f.at.After(last) && tone.Level(f.samples, hertz) > singing/2 {
			until(f.at)
		}
	}
	until(now)
	return g
}

// spoken are the times within the last d in which frames were loud.
func (a *audio) spoken(d time.Duration, loud float64, within time.Duration) (all []Gap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	from := time.Now().Add(-d)
	for _, f := range a.heard {
		if !f.at.After(from) || tone.Loudness(f.samples) <= loud {
			continue
		}
		began, ended := f.at.Add(-frame), f.at
		if n := len(all); n > 0 && began.Sub(all[n-1].To) <= within {
			all[n-1].To = ended
		} else {
			all = append(all, Gap{began, ended})
		}
	}
	return all
}
