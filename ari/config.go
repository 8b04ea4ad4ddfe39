package ari

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Config says which Asterisk to drive and how.
type Config struct {
	// Name is the switch's name; ids of its legs begin with it. Letters,
	// digits, "-", "_" and ".".
	Name string
	// URL is where Asterisk's HTTP server listens, such as
	// "http://127.0.0.1:8088", with or without "/ari" at its end; a path
	// before that is the prefix of http.conf.
	URL string
	// App is the Stasis application that the dialplan hands legs to.
	App string
	// User and Password are those of ari.conf.
	User, Password string
	// Clock gives the steady time that events are stamped with.
	Clock func() fact.Instant
	// Logger takes what an operator must know; nil discards it.
	Logger *slog.Logger
	// Prefix begins the names of the dialplan contexts that Deflect uses;
	// "" means DefaultPrefix.
	Prefix string
	// RecordingsDir is the switch's recording folder as this host sees it, ""
	// when it does not: then how long a recording is that ended unheard is not
	// known.
	RecordingsDir string

	// RequestTimeout bounds every request, also under a later deadline of the
	// caller's; 0 means 5 s.
	RequestTimeout time.Duration
	// Heartbeat is the time between two pings on the event socket; a pong
	// that takes longer than that ends the connection. 0 means 2 s.
	Heartbeat time.Duration
	// BackoffMax bounds the pause between two attempts to connect; the first
	// pause is a fiftieth of it. 0 means 5 s.
	BackoffMax time.Duration
	// QueueSize bounds the events that are received and not yet emitted; one
	// more costs the connection. 0 means 16384.
	QueueSize int
	// PlayCheck is how long after its start, and then how often, a playback
	// is asked for whose end was not told (cookbook rule 7). 0 means 5 s.
	PlayCheck time.Duration
	// Compare is how often it is looked whether Asterisk holds what no event
	// has told: legs each time, endpoints every fifth. 0 means 30 s.
	Compare time.Duration
}

var (
	switchName  = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
	errNotThere = errors.New("must be given")
)

// withDefaults fills what is left out.
func (c Config) withDefaults() Config {
	duration := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Prefix == "" {
		c.Prefix = DefaultPrefix
	}
	duration(&c.RequestTimeout, 5*time.Second)
	duration(&c.Heartbeat, 2*time.Second)
	duration(&c.BackoffMax, 5*time.Second)
	duration(&c.PlayCheck, 5*time.Second)
	duration(&c.Compare, 30*time.Second)
	if c.QueueSize == 0 {
		c.QueueSize = 16384
	}
	return c
}

// check names every field that is wrong; the error wraps media.ErrInvalid.
func (c Config) check() error {
	var errs []error
	bad := func(ok bool, field, value, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s %q: want %s: %w", field, value, want, media.ErrInvalid))
		}
	}
	bad(switchName.MatchString(c.Name), "Name", c.Name, "letters, digits, - _ .")
	u, err := url.Parse(c.URL)
	bad(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.RawQuery == "" && u.User == nil,
		"URL", redact(c.URL), "http[s]://host[:port][/prefix]")
	bad(confName.MatchString(c.App), "App", c.App, "letters, digits, _ . -")
	bad(c.User != "" && !strings.Contains(c.User, ":"), "User", c.User, "a user of ari.conf")
	bad(c.Password != "", "Password", "", "the user's password")
	bad(confName.MatchString(c.Prefix), "Prefix", c.Prefix, "letters, digits, _ . -")
	for _, d := range []struct {
		field string
		d     time.Duration
	}{{"RequestTimeout", c.RequestTimeout}, {"Heartbeat", c.Heartbeat}, {"BackoffMax", c.BackoffMax}, {"PlayCheck", c.PlayCheck}, {"Compare", c.Compare}} {
		bad(d.d > 0, d.field, d.d.String(), "above 0")
	}
	bad(c.QueueSize > 0, "QueueSize", fmt.Sprint(c.QueueSize), "above 0")
	if c.Clock == nil {
		errs = append(errs, fmt.Errorf("field Clock: %w: %w", errNotThere, media.ErrInvalid))
	}
	return errors.Join(errs...)
}

// redact keeps a password in a URL out of messages.
func redact(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		return u.Redacted()
	}
	return "…"
}
