package lookup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Errors of questions. No message repeats a secret, an answer, or what stands in
// a URL behind the host.
var (
	// ErrNotListed: the host is none of Options.Hosts, or a secret is not known.
	ErrNotListed = errors.New("not listed")
	// ErrAnswer: the other system has answered what is no answer.
	ErrAnswer = errors.New("no answer that can be used")
)

// Bounds.
const (
	maxAnswer = 256 << 10 // bytes of an answer
	maxValue  = 200       // characters of a value
	perHost   = 32        // connections to one host
)

// Options say whom flows may ask.
type Options struct {
	// Hosts are those that may be asked, as a URL has them: scheme, host, and
	// the port unless it is the scheme's own: "https://crm.example.com",
	// "http://10.0.0.5:8080".
	Hosts []string
	// Secrets are the values of headers, by name.
	Secrets map[string]string
	// Transport is how hosts are reached; nil means directly, without a proxy.
	Transport http.RoundTripper
	// Now is the clock of what is kept; time.Now when nil.
	Now func() time.Time
}

// Client asks. It is safe for concurrent use.
type Client struct {
	o    Options
	http http.Client
	kept kept
}

// New is a client; Close ends it.
func New(o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 5 * time.Second,
			MaxConnsPerHost: perHost, MaxIdleConnsPerHost: perHost, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		}
	}
	return &Client{o: o, http: http.Client{
		Transport: o.Transport,
		// Who sends us elsewhere is not asked there: that host may not be listed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close ends connections that nobody uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Question is what to ask. URL is complete and escaped.
type Question struct {
	Method, URL string
	Headers     []Header
	// Body are the members of the JSON object that is posted, in order.
	Body []Member
	// Fields are the paths of what is wanted of the answer.
	Fields []string
	// Cache is how long an answer holds for the same question, 0 for not at all.
	Cache time.Duration
}

// Header is a header with a text or the name of a secret.
type Header struct{ Name, Text, Secret string }

// Member is a member of what is posted, a text.
type Member struct{ Name, Text string }

// Answer is a value for each of the fields, "" for one that is not there.
type Answer struct {
	Values []string
	// Missing says that the other system does not know what was asked for.
	Missing bool
}

// Allows says why a host of a scheme may not be asked, or that a secret is not
// known; nil when all is well.
func (c *Client) Allows(scheme, host string, secrets []string) error {
	if !slices.Contains(c.o.Hosts, scheme+"://"+host) {
		return fmt.Errorf("host %s://%s is %w", scheme, host, ErrNotListed)
	}
	for _, name := range secrets {
		if _, known := c.o.Secrets[name]; !known {
			return fmt.Errorf("secret %q is %w", name, ErrNotListed)
		}
	}
	return nil
}

// Ask asks, or gives what was answered before and holds still. The context
// bounds it.
func (c *Client) Ask(ctx context.Context, q Question) (Answer, error) {
	u, err := url.Parse(q.URL)
	if err != nil || u.User != nil {
		return Answer{}, fmt.Errorf("ask: the URL cannot be read: %w", ErrNotListed)
	}
	var secrets []string
	for _, h := range q.Headers {
		if h.Secret != "" {
			secrets = append(secrets, h.Secret)
		}
	}
	if err := c.Allows(u.Scheme, u.Host, secrets); err != nil {
		return Answer{}, fmt.Errorf("ask: %w", err)
	}
	key := ""
	if q.Cache > 0 {
		key = keyOf(q)
		if a, ok := c.kept.get(key, c.o.Now()); ok {
			return a, nil
		}
	}
	a, err := c.ask(ctx, q)
	if err != nil {
		return Answer{}, fmt.Errorf("ask %s: %w", u.Host, err)
	}
	if q.Cache > 0 {
		c.kept.put(key, a, c.o.Now(), q.Cache)
	}
	return a, nil
}

func (c *Client) ask(ctx context.Context, q Question) (Answer, error) {
	var body io.Reader
	if q.Method == http.MethodPost {
		body = bytes.NewReader(object(q.Body))
	}
	r, err := http.NewRequestWithContext(ctx, q.Method, q.URL, body)
	if err != nil {
		return Answer{}, fmt.Errorf("the request cannot be made: %w", ErrAnswer)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "huawu")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range q.Headers {
		r.Header.Set(h.Name, h.Text+c.o.Secrets[h.Secret])
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return Answer{}, reason(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return Answer{Missing: true}, nil
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return Answer{}, fmt.Errorf("status %d: %w", resp.StatusCode, ErrAnswer)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return Answer{}, reason(err)
	}
	if len(text) > maxAnswer {
		return Answer{}, fmt.Errorf("it has more than %d bytes: %w", maxAnswer, ErrAnswer)
	}
	return pick(text, q.Fields)
}

// reason is an error of the network without the URL, in which there may be what
// nobody may see.
func reason(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// object is a JSON object of texts.
func object(members []Member) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, text := range []string{m.Name, m.Text} {
			if j == 1 {
				b.WriteByte(':')
			}
			word, err := json.Marshal(text)
			if err != nil { // a text cannot fail
				word = []byte(`""`)
			}
			b.Write(word)
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// pick takes the fields out of an answer.
func pick(text []byte, fields []string) (Answer, error) {
	if len(fields) == 0 {
		return Answer{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var whole any
	if err := d.Decode(&whole); err != nil {
		return Answer{}, fmt.Errorf("it is no JSON: %w", ErrAnswer)
	}
	a := Answer{Values: make([]string, len(fields))}
	for i, field := range fields {
		a.Values[i] = plain(at(whole, strings.Split(field, ".")))
	}
	return a, nil
}

// at is what stands at a path, nil for nothing.
func at(v any, path []string) any {
	for _, step := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			n, err := strconv.ParseUint(step, 10, 32)
			if err != nil || n >= uint64(len(in)) {
				return nil
			}
			v = in[n]
		default:
			return nil
		}
	}
	return v
}

// plain is a value as a text: "" for lists, objects and null.
func plain(v any) string {
	text := ""
	switch v := v.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = fmt.Sprint(v)
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if runes := []rune(text); len(runes) > maxValue {
		return string(runes[:maxValue])
	}
	return text
}
