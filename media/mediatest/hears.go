package mediatest

import (
	"math"
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Audible is what a leg's far end hears at one moment; the zero value is
// silence. Voices are legs, in order, whose far ends talk.
type Audible struct {
	Music  bool
	Prompt bool
	Voices []fact.LegID
}

// Hears is what the far end of a leg hears.
func (c *Core) Hears(id fact.LegID) Audible {
	l := c.legs[id]
	if l == nil {
		return Audible{}
	}
	if l.holding || l.state == media.LegOutside || l.state != media.LegUp && !l.arrived {
		return Audible{}
	}
	a := c.given(l)
	a.Prompt = a.Prompt || len(l.over) > 0
	for _, s := range l.spies {
		switch {
		case s.by == l:
			under := c.given(s.leg)
			if s.leg.talking && !s.leg.muted {
				a.Voices = append(a.Voices, s.leg.id)
			}
			a.Voices = append(a.Voices, under.Voices...)
		case s.whisper && s.by.talking && !s.by.muted:
			a.Voices = append(a.Voices, s.by.id)
		}
	}
	slices.Sort(a.Voices)
	a.Voices = slices.Compact(a.Voices)
	return a
}

// plainLevel is how loud a far end speaks, as a share of full scale.
const plainLevel = 0.2

// Level is how loud the far end of a leg hears that of another one, as a share of
// full scale.
func (c *Core) Level(by, of fact.LegID) float64 {
	l, o := c.legs[by], c.legs[of]
	if l == nil || o == nil || !slices.Contains(c.Hears(by).Voices, of) {
		return 0
	}
	return plainLevel * math.Pow(10, float64(o.says+l.hears)/20)
}

// given is what the switch gives a leg but for spies.
func (c *Core) given(l *leg) Audible {
	switch {
	case len(l.plays) > 0:
		return Audible{Prompt: true}
	case l.held:
		return Audible{Music: true}
	case l.room == nil:
		return Audible{Music: l.music}
	}
	var a Audible
	for _, id := range sorted(l.room.legs) {
		switch o := l.room.legs[id]; {
		case o == l:
		case o.holding && !o.held:
			a.Music = true
		case o.talking && !o.muted && !o.held && o.state == media.LegUp:
			a.Voices = append(a.Voices, id)
		}
	}
	return a
}
