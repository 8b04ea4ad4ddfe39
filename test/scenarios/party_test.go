package scenarios

import (
	"time"

	"github.com/huawu/huawu/media/mediatest"
)

// party is one end of a call: a caller or somebody at a phone.
type party struct {
	s    *stage
	name string // a caller's number, a phone's seat
	far  mediatest.Far
}

// handset is the phone of a seat, or of a number beyond the trunk.
type handset struct {
	s     *stage
	seat  string
	phone mediatest.Phone
}

// rings waits until the phone rings for a call that was not returned before.
func (p *handset) rings() *party {
	p.s.t.Helper()
	far := p.phone.Rung()
	if p.s.t.Failed() {
		p.s.t.FailNow()
	}
	return &party{s: p.s, name: p.seat, far: far}
}

// behave says what the phone does with calls by itself; at once means without
// having rung.
func (p *handset) behave(then mediatest.Outcome, after time.Duration) {
	p.phone.Behave(mediatest.Behaviour{Ring: after, Mute: after == 0, Then: then})
}

func (p *handset) register(on bool) {
	p.s.t.Helper()
	p.phone.Register(on)
}

func (p *handset) dial(number string) *party {
	p.s.t.Helper()
	return &party{s: p.s, name: p.seat, far: p.s.house.dial(p.seat, number)}
}

func (p *party) answer() {
	p.s.t.Helper()
	p.s.house.answer(p.far)
	p.far.Answered()
}

// drops answers and hangs up at once.
func (p *party) drops() {
	p.s.t.Helper()
	p.s.house.answer(p.far)
	p.far.Hangup()
}

func (p *party) hangup()           { p.far.Hangup() }
func (p *party) press(keys string) { p.s.t.Helper(); p.far.Press(keys) }
func (p *party) hold()             { p.s.t.Helper(); p.far.Hold() }
func (p *party) unhold()           { p.s.t.Helper(); p.far.Unhold() }

// refer is the transfer key: blind to a number, or to whom the phone's other
// call talks.
func (p *party) refer(to string, consulted *party) {
	p.s.t.Helper()
	var other mediatest.Far
	if consulted != nil {
		other = consulted.far
	}
	p.far.Refer(to, other)
}

// ended waits until this end is over.
func (p *party) ended() mediatest.Goodbye {
	p.s.t.Helper()
	return p.far.Ended()
}

// sound is music or a prompt.
type sound string

const (
	music  sound = "music"
	prompt sound = "a prompt"
	beep   sound = "a beep"
)

// hears waits until this end hears exactly that: music, a prompt, parties who
// talk; nothing for silence.
func (p *party) hears(what ...any) {
	p.s.t.Helper()
	var h mediatest.Heard
	for _, w := range what {
		switch w := w.(type) {
		case sound:
			h.Music, h.Prompt, h.Beep = h.Music || w == music, h.Prompt || w == prompt, h.Beep || w == beep
		case *party:
			w.far.Talk(true)
			h.Voices = append(h.Voices, w.far)
		default:
			p.s.t.Fatalf("nobody hears a %T", w)
		}
	}
	p.far.Hears(h)
	if p.s.t.Failed() {
		p.s.t.FailNow()
	}
}

// talk waits until two hear each other and nothing else.
func (s *stage) talk(a, b *party) {
	s.t.Helper()
	a.hears(b)
	b.hears(a)
}
