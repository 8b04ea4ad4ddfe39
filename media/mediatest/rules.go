package mediatest

import (
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// checkLeg holds the rules of a leg's life.
func (l *log) checkLeg(e media.Event) {
	id, about := legOf(e)
	if !about {
		return
	}
	leg := l.legs[id]
	if arrived, ok := e.(media.LegArrived); ok {
		l.checkArrived(arrived, leg)
		return
	}
	if leg == nil {
		l.broken("%s %+v of a leg that nobody asked for", media.EventName(e), e)
		return
	}
	switch e.(type) {
	case media.RecordEnded, media.RecordFailed, media.SpyEnded, media.TransferAsked:
		return // may come after the leg's last word
	}
	switch leg.state {
	case "ended":
		l.broken("%s %+v after the leg's last word", media.EventName(e), e)
	case "left":
		if _, ended := e.(media.LegEnded); !ended {
			l.broken("%s %+v of a leg that is not ours any more", media.EventName(e), e)
		}
	case "asked":
		leg.state = "live"
	}
	switch e := e.(type) {
	case media.Joined:
		if leg.room != "" && leg.room != e.Room {
			l.broken("%s joined %s without having left %s", id, e.Room, leg.room)
		}
		leg.room = e.Room
	case media.Left:
		if leg.room != e.Room {
			l.broken("%s left %s and was in %q", id, e.Room, leg.room)
		}
		leg.room = ""
	case media.LegLeft:
		l.checkParting(id, leg, "LegLeft")
		leg.state = "left"
	case media.LegEnded:
		l.checkParting(id, leg, "LegEnded")
		leg.state = "ended"
		if e.Cause < 0 || e.Cause > 127 {
			l.broken("%+v: no Q.850 cause", e)
		}
	}
}

func (l *log) checkArrived(e media.LegArrived, leg *logLeg) {
	switch {
	case fact.SwitchOf(e.Leg) != l.name:
		l.broken("%s arrived at %s", e.Leg, l.name)
	case leg == nil:
		l.legs[e.Leg] = &logLeg{state: "live"}
	case leg.state == "left":
		leg.state = "live"
	default:
		l.broken("%s arrived and was %s: an id is used again", e.Leg, leg.state)
	}
	if !before(e.Created, e.At) {
		l.broken("%s arrived at %d and was created at %d", e.Leg, e.At, e.Created)
	}
}

// checkParting holds what must come before a leg's last word.
func (l *log) checkParting(id fact.LegID, leg *logLeg, word string) {
	if leg.room != "" {
		l.broken("%s of %s, which has not left %s", word, id, leg.room)
	}
	for _, p := range sorted(l.plays) {
		play := l.plays[p]
		if play.leg == id && (play.accepted || play.started) && !play.ended && !play.blurred {
			l.broken("%s of %s before PlayEnded of %s", word, id, p)
		}
	}
}

// checkRest holds that plays, recordings and spies have one last word.
func (l *log) checkRest(e media.Event) {
	switch e := e.(type) {
	case media.PlayStarted:
		p := l.plays[e.Play]
		if p == nil || p.leg != e.Leg || p.started || p.ended {
			l.broken("%+v of the play %+v", e, p)
			return
		}
		p.started = true
	case media.PlayEnded:
		p := l.plays[e.Play]
		if p == nil || p.leg != e.Leg || p.ended || !slices.Contains([]media.PlayResult{media.PlayDone, media.PlayFailed, media.PlayGone}, e.Result) {
			l.broken("%+v of the play %+v", e, p)
			return
		}
		p.ended = true
	case media.RecordStarted:
		l.recording[e.Recording] = e.Leg
	case media.RecordEnded:
		delete(l.recording, e.Recording)
		l.lastWord("recording", e.Recording)
	case media.RecordFailed:
		delete(l.recording, e.Recording)
		l.lastWord("recording", e.Recording)
	case media.SpyEnded:
		l.lastWord("spy", e.Spy)
	case media.Digit:
		if len(e.Key) != 1 {
			l.broken("%+v: want one key", e)
		}
	}
}

func (l *log) lastWord(kind string, id any) {
	key := fmt.Sprintf("%s %s", kind, id)
	if l.done[key] {
		l.broken("%s ended twice", key)
	}
	l.done[key] = true
}

// legOf is the leg that an event is about.
func legOf(e media.Event) (fact.LegID, bool) {
	switch e := e.(type) {
	case media.LegArrived:
		return e.Leg, true
	case media.LegRinging:
		return e.Leg, true
	case media.LegAnswered:
		return e.Leg, true
	case media.LegHeld:
		return e.Leg, true
	case media.LegUnheld:
		return e.Leg, true
	case media.LegReplaced:
		return e.Leg, true
	case media.LegLeft:
		return e.Leg, true
	case media.LegEnded:
		return e.Leg, true
	case media.Digit:
		return e.Leg, true
	case media.PlayStarted:
		return e.Leg, true
	case media.PlayEnded:
		return e.Leg, true
	case media.Joined:
		return e.Leg, true
	case media.Left:
		return e.Leg, true
	case media.RecordStarted:
		return e.Leg, true
	case media.RecordEnded:
		return e.Leg, true
	case media.RecordFailed:
		return e.Leg, true
	case media.SpyEnded:
		return e.Leg, true
	case media.TalkStarted:
		return e.Leg, true
	case media.TalkStopped:
		return e.Leg, true
	case media.TransferAsked:
		return e.Leg, true
	}
	return "", false
}
