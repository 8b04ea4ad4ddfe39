package media

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/huawu/huawu/fact"
)

// maxDigits is how many keys one SendDigits may hold.
const maxDigits = 64

var (
	recordingName = regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$`)
	keys          = regexp.MustCompile(`^[0-9*#A-D]+$`)
	tones         = []string{"ring", "busy", "beep"}
)

// Check says whether a command can ever work on the switch of this name with
// these capabilities. Its errors wrap ErrInvalid and name the field. Drivers
// call it before they send anything; what depends on what is on the switch is
// theirs to find out.
func Check(name string, can Capabilities, c Command) error {
	if err := check(name, can, c); err != nil {
		return fmt.Errorf("%s: %w: %w", CommandName(c), err, ErrInvalid)
	}
	return nil
}

func check(name string, can Capabilities, c Command) error {
	for _, l := range c.Ref().Legs {
		if err := bound(name, "leg", l); err != nil {
			return err
		}
	}
	switch c := c.(type) {
	case Create:
		return checkCreate(name, c)
	case Dial:
		if c.Limit <= 0 {
			return fmt.Errorf("limit %v: want more than 0", c.Limit)
		}
	case Hangup:
		if c.Cause < 0 || c.Cause > 127 {
			return fmt.Errorf("cause %d: want a Q.850 cause, 0 to 127", c.Cause)
		}
	case Play:
		return checkPlay(name, c)
	case StopPlay:
		return bound(name, "play", c.Play)
	case Music:
		return plain("class", c.Class)
	case Join:
		return checkJoin(name, c)
	case Leave:
		return bound(name, "room", c.Room)
	case Hold:
		if err := bound(name, "room", c.Room); err != nil {
			return err
		}
		return plain("class", c.Class)
	case Unhold:
		return bound(name, "room", c.Room)
	case Record:
		if !recordingName.MatchString(c.Name) {
			return fmt.Errorf("name %q: want letters, digits, \"-\", \"_\" and single \"/\"", c.Name)
		}
		return bound(name, "recording", c.Recording)
	case MuteRecord:
		if !can.RecordMute {
			return fmt.Errorf("%s cannot mute a recording", name)
		}
		return bound(name, "recording", c.Recording)
	case StopRecord:
		if c.Name != "" && !recordingName.MatchString(c.Name) {
			return fmt.Errorf("name %q: want letters, digits, \"-\", \"_\" and single \"/\"", c.Name)
		}
		return bound(name, "recording", c.Recording)
	case Spy:
		if c.Leg == c.By {
			return fmt.Errorf("by %q: want another leg than the one it hears", c.By)
		}
		return bound(name, "spy", c.Spy)
	case StopSpy:
		if c.Leg == c.By {
			return fmt.Errorf("by %q: want another leg than the one it hears", c.By)
		}
		return bound(name, "spy", c.Spy)
	case SendDigits:
		if !can.SendDigits {
			return fmt.Errorf("%s cannot send digits", name)
		}
		if len(c.Digits) > maxDigits || !keys.MatchString(c.Digits) {
			return fmt.Errorf("digits %.80q: want 1 to %d of 0-9 * # A-D", c.Digits, maxDigits)
		}
	case DetectTalk:
		if !can.TalkDetect {
			return fmt.Errorf("%s cannot detect talk", name)
		}
		if c.Silence < 0 {
			return fmt.Errorf("silence %v: want 0 or more", c.Silence)
		}
	case Volume:
		if c.Side != fact.SideIn && c.Side != fact.SideOut {
			return fmt.Errorf("side %q: want %q or %q", c.Side, fact.SideIn, fact.SideOut)
		}
		if c.DB < -MaxVolume || c.DB > MaxVolume {
			return fmt.Errorf("%d dB: want %d to %d", c.DB, -MaxVolume, MaxVolume)
		}
	case Deflect:
		if !can.Deflect {
			return fmt.Errorf("%s cannot deflect", name)
		}
		if c.To != ExitBusy && c.To != ExitFallback {
			return fmt.Errorf("to %q: want %q or %q", c.To, ExitBusy, ExitFallback)
		}
	case AnswerTransfer:
		return named(c.Transfer)
	case RefuseTransfer:
		return named(c.Transfer)
	case Probe:
		return checkProbe(name, c)
	}
	return nil
}

func checkCreate(name string, c Create) error {
	if c.Endpoint == "" || strings.ContainsFunc(string(c.Endpoint), notInAddress) {
		return fmt.Errorf("endpoint %q: want an address without blanks", c.Endpoint)
	}
	for _, text := range []struct{ field, value string }{
		{"show.number", c.Show.Number}, {"show.name", c.Show.Name}, {"alert", c.Alert},
	} {
		if strings.ContainsFunc(text.value, unicode.IsControl) {
			return fmt.Errorf("%s %q: want no control characters", text.field, text.value)
		}
	}
	if c.For != "" {
		return bound(name, "for", c.For)
	}
	return nil
}

func notInAddress(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }

func checkPlay(name string, c Play) error {
	if len(c.Prompts) == 0 {
		return fmt.Errorf("prompts: want at least one")
	}
	for i, p := range c.Prompts {
		if err := checkPrompt(p); err != nil {
			return fmt.Errorf("prompts[%d]: %w", i, err)
		}
	}
	if err := plain("language", c.Language); err != nil {
		return err
	}
	return bound(name, "play", c.Play)
}

func checkPrompt(p Prompt) error {
	set := 0
	for _, is := range []bool{p.File != "", p.Sound != "", p.Tone != "", p.Silence != 0} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		return fmt.Errorf("%d fields are set: want exactly one", set)
	case p.File != "" && (!path.IsAbs(p.File) || path.Clean(p.File) != p.File || strings.ContainsFunc(p.File, notInPath)):
		return fmt.Errorf("file %q: want a clean absolute path", p.File)
	case p.Sound != "" && !recordingName.MatchString(p.Sound):
		return fmt.Errorf("sound %q: want letters, digits, \"-\", \"_\" and single \"/\"", p.Sound)
	case p.Tone != "" && !slices.Contains(tones, p.Tone):
		return fmt.Errorf("tone %q: want one of %v", p.Tone, tones)
	case p.Silence < 0:
		return fmt.Errorf("silence %v: want more than 0", p.Silence)
	}
	return nil
}

// notInPath holds what divides prompts on one switch or another.
func notInPath(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune(",&!|'\"", r) }

func checkJoin(name string, c Join) error {
	if len(c.Legs) == 0 {
		return fmt.Errorf("legs: want at least one")
	}
	for i, l := range c.Legs {
		if slices.Contains(c.Legs[:i], l) {
			return fmt.Errorf("legs: %q is there twice", l)
		}
	}
	return bound(name, "room", c.Room)
}

func checkProbe(name string, c Probe) error {
	switch {
	case c.Play != "" && c.Recording != "":
		return fmt.Errorf("play %q and recording %q: want one of them", c.Play, c.Recording)
	case c.Play != "":
		return bound(name, "play", c.Play)
	case c.Recording != "":
		return bound(name, "recording", c.Recording)
	}
	return nil
}

// bound says whether an id is one of this switch.
func bound[T ~string](name, field string, id T) error {
	if fact.SwitchOf(id) != name || fact.Native(id) == "" {
		return fmt.Errorf("%s %q: want an id of %q", field, id, name)
	}
	return nil
}

func notInWord(r rune) bool {
	return (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z') && r != '.' && r != '-' && r != '_'
}

func plain(field, v string) error {
	if strings.ContainsFunc(v, notInWord) {
		return fmt.Errorf("%s %q: want letters, digits, \".\", \"-\" and \"_\"", field, v)
	}
	return nil
}

func named(t fact.TransferID) error {
	if t == "" {
		return fmt.Errorf("transfer: want an id")
	}
	return nil
}
