package voice

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zaf/g711"

	"github.com/huawu/huawu/voice/wav"
)

// The forms in which an engine over HTTP answers.
const (
	FormatWAV  = "wav"
	FormatPCM  = "pcm"  // 16 bits, little endian, mono, without a header
	FormatALaw = "alaw" // without a header
	FormatULaw = "ulaw"
)

// Formats are all of them.
var Formats = []string{FormatWAV, FormatPCM, FormatALaw, FormatULaw}

// What holds where an HTTP engine says nothing else, and its bounds.
const (
	DefaultTimeout = 10 * time.Second // of one attempt
	// answerBytes bounds what an engine may answer.
	answerBytes = 32 << 20
	// retryPause is waited before another attempt, the longer the more there
	// were.
	retryPause = 200 * time.Millisecond
)

// HTTP speaks by an engine somewhere else. Where it is, and what is sent there,
// is the operator's to say; no tenant can. In URL and Body {text}, {language}
// and {voice} stand for what is to be spoken, escaped for where they stand:
// in a URL, in a JSON text (between its quotes), in a form, or as they are.
type HTTP struct {
	Label  string
	URL    string
	Method string // "" for POST
	// Written is the URL as it was written, with the names of its secrets in
	// their place: a new secret does not change the sound.
	Written string
	// Headers are sent as they are; secrets among them are never shown.
	Headers map[string]string
	Body    string
	// Voices are the engine's voices by language. One that has no voice here
	// is not spoken, unless there are none at all.
	Voices map[string]string
	// Format is one of Formats, "" for WAV; Rate is the samples a second of
	// those without a header.
	Format string
	Rate   int
	// Field is where in an answer of JSON the audio is, as base64: names with
	// dots between them. "" means that the answer is the audio.
	Field string
	// Timeout is of one attempt, 0 for 10 s; Retries is how many may follow a
	// failed one.
	Timeout time.Duration
	Retries int
	// AtOnce is how many requests it takes at once, 0 for 2.
	AtOnce int
	// Client sends; nil for one that goes straight to the engine (Client).
	Client *http.Client
}

// Client is what engines are asked by: through a proxy, nil for none, whatever
// the environment says of one. It follows no redirect: secrets stay where they
// are meant for.
func Client(proxy *url.URL) *http.Client {
	way := http.DefaultTransport.(*http.Transport).Clone()
	if way.Proxy = nil; proxy != nil {
		way.Proxy = http.ProxyURL(proxy)
	}
	return &http.Client{Transport: way, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Name is the label with all that the sound depends on. No header is in it.
func (h *HTTP) Name() string {
	return strings.Join([]string{"http", h.Label, cmp.Or(h.Written, h.URL), h.Body, fmt.Sprint(h.Voices), h.Format, fmt.Sprint(h.Rate)}, "\x00")
}

// Title is what people call it.
func (h *HTTP) Title() string { return h.Label }

// Parallel is how many requests it takes at once.
func (h *HTTP) Parallel() int { return h.AtOnce }

var direct = Client(nil)

// Speak asks the engine, and again after a failure that may pass: no answer, an
// answer of 429 or 5xx. Errors wrap ErrSpeech and repeat no secret.
func (h *HTTP) Speak(ctx context.Context, text, language string) (wav.Sound, error) {
	voice, ok := h.Voices[language]
	if !ok && len(h.Voices) > 0 {
		return wav.Sound{}, fmt.Errorf("%w: %w: %s has no voice for language %q", ErrSpeech, ErrText, h.Label, language)
	}
	for attempt := 0; ; attempt++ {
		sound, again, err := h.attempt(ctx, text, language, voice)
		if err == nil || !again || attempt >= h.Retries {
			return sound, err
		}
		select {
		case <-time.After(retryPause * time.Duration(attempt+1)):
		case <-ctx.Done():
			return wav.Sound{}, err
		}
	}
}

func (h *HTTP) attempt(ctx context.Context, text, language, voice string) (sound wav.Sound, again bool, err error) {
	timeout := cmp.Or(h.Timeout, DefaultTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("no whole answer within %s", timeout))
	defer cancel()
	wrong := func(again bool, format string, args ...any) (wav.Sound, bool, error) {
		return wav.Sound{}, again, fmt.Errorf("%w: %s: %w", ErrSpeech, h.Label, fmt.Errorf(format, args...))
	}
	req, err := h.request(ctx, text, language, voice)
	if err != nil {
		return wrong(false, "%w", bare(err))
	}
	client := h.Client
	if client == nil {
		client = direct
	}
	res, err := client.Do(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return wrong(true, "%w", bare(err))
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerBytes+1))
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case err != nil:
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return wrong(true, "%w", bare(err))
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return wrong(false, "it answered %d, a redirect; write the URL that it leads to", res.StatusCode)
	case res.StatusCode != http.StatusOK:
		return wrong(res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests, "it answered %d: %s", res.StatusCode, excerpt(answer))
	case len(answer) > answerBytes:
		return wrong(false, "it answered more than %d bytes", answerBytes)
	case h.Field == "" && (kind == "application/json" || strings.HasPrefix(kind, "text/")):
		return wrong(false, "it answered %s and no audio: %s", kind, excerpt(answer))
	}
	if sound, err = h.decode(answer); err != nil {
		return wrong(false, "%w", err)
	}
	return sound, false, nil
}

func (h *HTTP) request(ctx context.Context, text, language, voice string) (*http.Request, error) {
	fill := func(template string, escape func(string) string) string {
		return strings.NewReplacer("{text}", escape(text), "{language}", escape(language), "{voice}", escape(voice)).Replace(template)
	}
	escape := func(s string) string { return s }
	var kind string
	for name, value := range h.Headers {
		if strings.EqualFold(name, "Content-Type") {
			kind, _, _ = mime.ParseMediaType(value)
		}
	}
	switch {
	case strings.HasSuffix(kind, "json") || kind == "" && strings.HasPrefix(strings.TrimSpace(h.Body), "{"):
		escape = inJSON
	case kind == "application/x-www-form-urlencoded":
		escape = url.QueryEscape
	case strings.HasSuffix(kind, "xml"):
		escape = inXML
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(h.Method, http.MethodPost), fill(h.URL, url.QueryEscape), strings.NewReader(fill(h.Body, escape)))
	if err != nil {
		return nil, err
	}
	if kind == "" && h.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range h.Headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

// inJSON is a text as it stands between the quotes of JSON.
func inJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // texts always encode
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), `"`), `"`)
}

var inXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace

// bare is an error without the URL, which may hold a secret.
func bare(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return u.Err
	}
	return err
}

// excerpt is the beginning of what an engine answered, in one line.
func excerpt(answer []byte) string {
	const most = 200
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(answer[:min(len(answer), 4*most)]), "?")), " ")
	if short := []rune(text); len(short) > most {
		text = string(short[:most]) + "…"
	}
	if text == "" {
		return "nothing"
	}
	return text
}

// decode is the sound of an answer.
func (h *HTTP) decode(answer []byte) (wav.Sound, error) {
	if h.Field != "" {
		var err error
		if answer, err = field(answer, h.Field); err != nil {
			return wav.Sound{}, err
		}
	}
	rate := cmp.Or(h.Rate, Rate)
	s := wav.Sound{Rate: rate}
	switch h.Format {
	case FormatPCM:
		for i := 0; i+1 < len(answer); i += 2 {
			s.Samples = append(s.Samples, int16(uint16(answer[i])|uint16(answer[i+1])<<8))
		}
	case FormatALaw:
		for _, b := range answer {
			s.Samples = append(s.Samples, g711.DecodeAlawFrame(b))
		}
	case FormatULaw:
		for _, b := range answer {
			s.Samples = append(s.Samples, g711.DecodeUlawFrame(b))
		}
	default:
		var err error
		if s, _, err = wav.Decode(bytes.NewReader(answer)); err != nil {
			return s, fmt.Errorf("its answer is no audio: %w", err)
		}
	}
	if s.Lasts() > Longest {
		return wav.Sound{}, fmt.Errorf("its answer lasts %s, %s is the longest", s.Lasts().Round(time.Second), Longest)
	}
	return s, nil
}

// field is the audio within an answer of JSON.
func field(answer []byte, path string) ([]byte, error) {
	at := json.RawMessage(answer)
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(at, &object); err != nil || object[name] == nil {
			return nil, fmt.Errorf("its answer has no field %q: %s", path, excerpt(answer))
		}
		at = object[name]
	}
	var text string
	if err := json.Unmarshal(at, &text); err != nil {
		return nil, fmt.Errorf("the field %q of its answer is no text", path)
	}
	audio, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the field %q of its answer is no base64", path)
	}
	return audio, nil
}
