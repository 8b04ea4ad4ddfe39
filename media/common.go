package media

import (
	"strconv"

	"github.com/huawu/huawu/fact"
)

// appendCommon is AppendEvent for the events of every call, without reflection,
// which takes four times as long; ok is false for all others. The codec's test
// holds both to the same bytes.
func appendCommon(dst []byte, e Event) (text []byte, ok bool) {
	switch e := e.(type) {
	case LegArrived:
		if e.Tag != nil {
			return dst, false
		}
		dst = appendHead(dst, `{"LegArrived":{"at":`, e.Head, e.Leg)
		dst = fact.AppendText(append(dst, `,"state":`...), string(e.State))
		dst = fact.AppendText(append(dst, `,"endpoint":`...), string(e.Endpoint))
		dst = appendIdentity(append(dst, `,"from":`...), e.From)
		dst = fact.AppendText(append(dst, `,"to":`...), e.To)
		dst = strconv.AppendInt(append(dst, `,"created":`...), int64(e.Created), 10)
	case LegRinging:
		dst = appendHead(dst, `{"LegRinging":{"at":`, e.Head, e.Leg)
	case LegAnswered:
		dst = appendHead(dst, `{"LegAnswered":{"at":`, e.Head, e.Leg)
	case LegEnded:
		dst = appendHead(dst, `{"LegEnded":{"at":`, e.Head, e.Leg)
		dst = strconv.AppendBool(append(dst, `,"far":`...), e.Far)
		dst = strconv.AppendInt(append(dst, `,"cause":`...), int64(e.Cause), 10)
	case Digit:
		dst = appendHead(dst, `{"Digit":{"at":`, e.Head, e.Leg)
		dst = fact.AppendText(append(dst, `,"key":`...), e.Key)
	case PlayStarted:
		dst = appendAbout(dst, `{"PlayStarted":{"at":`, e.Head, `,"play":`, string(e.Play), e.Leg)
	case PlayEnded:
		dst = appendAbout(dst, `{"PlayEnded":{"at":`, e.Head, `,"play":`, string(e.Play), e.Leg)
		dst = fact.AppendText(append(dst, `,"result":`...), string(e.Result))
	case Joined:
		dst = appendAbout(dst, `{"Joined":{"at":`, e.Head, `,"room":`, string(e.Room), e.Leg)
	case Left:
		dst = appendAbout(dst, `{"Left":{"at":`, e.Head, `,"room":`, string(e.Room), e.Leg)
	default:
		return dst, false
	}
	return append(dst, '}', '}'), true
}

func appendHead(dst []byte, name string, h Head, leg fact.LegID) []byte {
	dst = strconv.AppendInt(append(dst, name...), int64(h.At), 10)
	return fact.AppendText(append(dst, `,"leg":`...), string(leg))
}

func appendAbout(dst []byte, name string, h Head, what, id string, leg fact.LegID) []byte {
	dst = strconv.AppendInt(append(dst, name...), int64(h.At), 10)
	dst = fact.AppendText(append(dst, what...), id)
	return fact.AppendText(append(dst, `,"leg":`...), string(leg))
}

func appendIdentity(dst []byte, i Identity) []byte {
	dst = append(dst, '{')
	if i.Number != "" {
		dst = fact.AppendText(append(dst, `"number":`...), i.Number)
	}
	if i.Name != "" {
		if i.Number != "" {
			dst = append(dst, ',')
		}
		dst = fact.AppendText(append(dst, `"name":`...), i.Name)
	}
	return append(dst, '}')
}
