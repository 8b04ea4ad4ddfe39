package fact

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends what encoding/json writes of the event, byte for byte, in
// a quarter of the time: every event goes to the store.
func (e *Event) AppendJSON(dst []byte) []byte {
	dst = AppendText(append(dst, `{"tenant":`...), string(e.Tenant))
	dst = AppendText(append(dst, `,"kind":`...), string(e.Kind))
	dst = strconv.AppendInt(append(dst, `,"at":`...), int64(e.At), 10)
	dst = strconv.AppendInt(append(dst, `,"wall":`...), e.Wall, 10)
	dst = someText(dst, `,"call":`, string(e.Call))
	dst = someText(dst, `,"leg":`, string(e.Leg))
	dst = someText(dst, `,"room":`, string(e.Room))
	dst = someText(dst, `,"ticket":`, string(e.Ticket))
	dst = someText(dst, `,"offer":`, string(e.Offer))
	dst = someText(dst, `,"queue":`, string(e.Queue))
	dst = someText(dst, `,"agent":`, string(e.Agent))
	dst = someText(dst, `,"endpoint":`, string(e.Endpoint))
	dst = someText(dst, `,"recording":`, string(e.Recording))
	dst = someText(dst, `,"play":`, string(e.Play))
	dst = someText(dst, `,"by":`, string(e.By))
	dst = someNumber(dst, `,"cause":`, int64(e.Cause))
	dst = someText(dst, `,"from":`, e.From)
	dst = someText(dst, `,"to":`, e.To)
	dst = someText(dst, `,"reason":`, e.Reason)
	if e.Ending != nil {
		dst = AppendText(append(dst, `,"ending":{"fault":`...), string(e.Ending.Fault))
		dst = AppendText(append(dst, `,"reason":`...), string(e.Ending.Reason))
		dst = append(dst, '}')
	}
	dst = someText(dst, `,"name":`, e.Name)
	dst = someNumber(dst, `,"position":`, int64(e.Position))
	dst = someNumber(dst, `,"ms":`, e.Millis)
	dst = someText(dst, `,"who":`, e.Who)
	dst = someText(dst, `,"note":`, e.Note)
	if e.Trainee {
		dst = append(dst, `,"trainee":true`...)
	}
	dst = someNumber(dst, `,"score":`, e.Score)
	dst = someNumber(dst, `,"step":`, int64(e.Step))
	dst = someNumber(dst, `,"low_ms":`, e.Low)
	dst = someNumber(dst, `,"high_ms":`, e.High)
	dst = someNumber(dst, `,"value":`, e.Value)
	dst = someNumber(dst, `,"limit":`, e.Limit)
	return append(dst, '}')
}

func someText(dst []byte, name, s string) []byte {
	if s == "" {
		return dst
	}
	return AppendText(append(dst, name...), s)
}

func someNumber(dst []byte, name string, n int64) []byte {
	if n == 0 {
		return dst
	}
	return strconv.AppendInt(append(dst, name...), n, 10)
}

// AppendText appends a text in quotes as encoding/json writes it.
func AppendText(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, err := json.Marshal(s)
			if err != nil { // a text cannot fail
				b = []byte(`""`)
			}
			return append(dst, b...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
