package phrase

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/scripts/strict"
)

// The actions of scenes that huawu itself works by (Actions has all).
const (
	ActHangup         = "hangup"
	ActCallback       = "create_callback"
	ActSchedule       = "schedule_callback"
	ActReschedule     = "reschedule_callback"
	ActNotify         = "notify_supervisor"
	ActSurvey         = "start_survey"
	ActSuspendAlarm   = "suspend_dead_air_alarm"
	ActMute           = "mute"
	ActMusicOrMute    = "play_moh_or_mute"
	ActHoldTone       = "switch_to_hold_tone"
	ActWaitForRelease = "wait_customer_hangup"
)

// ByTheAgent is who alone may hang up at a step.
const ByTheAgent = "agent"

// Pause is how long a wait takes: the middle of what the norms allow (AMB-15).
func (s *Step) Pause() time.Duration {
	if s.WaitMax > s.Wait {
		return (s.Wait + s.WaitMax) / 2
	}
	return s.Wait
}

// In says whether a step that says something does so in a language.
func (s *Step) In(language string) bool { return s.language() == language }

// Speaks is the language in which a scene is spoken that is asked for in one:
// that, where a step has it, else Mandarin.
func (s *Scene) Speaks(language string) string {
	if slices.ContainsFunc(s.Steps, func(t Step) bool { return t.Say != "" && t.language() == language }) {
		return language
	}
	return Mandarin
}

// Scene is a scene of the profile that a scope speaks by, and the language in
// which it is spoken. Errors wrap ErrUnknown or ErrNoProfile.
func (b *Book) Scene(s Scope, id string) (*Scene, string, error) {
	m, err := b.speaks(s)
	if err != nil {
		return nil, "", err
	}
	return m.scene(id)
}

func (m manner) scene(id string) (*Scene, string, error) {
	scene := m.profile.Scene(id)
	if scene == nil {
		var known []string
		for _, o := range m.profile.Scenes {
			known = append(known, o.ID)
		}
		return nil, "", fmt.Errorf("scene %q of %s: %w: %s", clip(id), m.Profile, ErrUnknown, strict.Suggest(id, known))
	}
	return scene, scene.Speaks(m.Language), nil
}

// Holds says whether a condition holds, and whether that is known: what the
// agent or an event tells is known once it was told.
func (b *Book) Holds(s Scope, when string, f Facts) (holding, known bool) {
	if when == "" || slices.Contains(f.Told, when) {
		return true, true
	}
	rule := rules[when]
	m, err := b.speaks(s)
	switch {
	case rule == nil || err != nil:
		return false, false
	case f.Terminal == "" && (when == "mobile_terminal" || when == "fixed_terminal"):
		return false, false
	}
	return rule(f, m), true
}

// Condition is the condition of that id, nil for none.
func (b *Book) Condition(id string) *Condition { return b.c.Condition(id) }

// Takes errors wrapping ErrValue where a variable cannot have a value.
func (b *Book) Takes(s Scope, id, value string) error {
	v, err := b.variable(id)
	if err != nil {
		return err
	}
	m, err := b.speaks(s)
	if err != nil {
		return err
	}
	_, err = v.take(value, m.Language, Effective{manner: m}.Choices(v))
	return err
}

// AutoPlays says whether huawu says what agent and system may both say.
func (b *Book) AutoPlays(s Scope) bool {
	m, err := b.speaks(s)
	return err == nil && m.is(m.AutoPlay)
}

// Settings are those that the book was made with.
func (b *Book) Settings() Settings { return b.s }

// Plays says whether huawu may say a phrase itself (PHR-4).
func (p *Phrase) Plays() bool { return p.Speaker == SpeakerEither && p.Delivery == DeliveryPlay }
