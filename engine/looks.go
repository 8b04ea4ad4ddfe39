package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	looksAtOnce  = 16
	looksWaiting = 256
	// Other systems take their time, which PINs are not to wait for.
	fetchesAtOnce  = 64
	fetchesWaiting = 1024
	// Engines that speak have bounds of their own (voice.Config).
	speechesAtOnce  = 8
	speechesWaiting = 256
)

var (
	errNoLookup = errors.New("no look-up is configured")
	errNoSpeech = errors.New("nothing speaks")
	errGuessed  = errors.New("too many wrong PINs")
)

// looks answers the centre's look-ups.
type looks struct {
	*errands[center.Look, center.Looked]
	lookup   Lookup
	enquirer Enquirer
	speaker  Speaker
	tenant   fact.TenantID
	tell     func(center.Looked)
	log      *slog.Logger
	guesses  guesses
	fetches  *errands[center.Look, center.Looked]
	speeches *errands[center.Look, center.Looked]

	count, late, fetched, unfetched atomic.Uint64
}

func newLooks(ctx context.Context, lookup Lookup, enquirer Enquirer, speaker Speaker, tenant fact.TenantID, tell func(center.Looked), log *slog.Logger) *looks {
	l := &looks{lookup: lookup, enquirer: enquirer, speaker: speaker, tenant: tenant, tell: tell, log: log}
	l.errands = newErrands(ctx, looksAtOnce, looksWaiting, l.look, l.looked)
	l.fetches = newErrands(ctx, fetchesAtOnce, fetchesWaiting, l.look, l.looked)
	l.speeches = newErrands(ctx, speechesAtOnce, speechesWaiting, l.look, l.looked)
	return l
}

// start has the question answered. It never blocks.
func (l *looks) start(q center.Look) {
	l.count.Add(1)
	switch {
	case q.Enquiry != nil:
		l.fetches.start(q, q.Deadline)
	case q.Speech != nil:
		l.speeches.start(q, q.Deadline)
	default:
		l.errands.start(q, q.Deadline)
	}
}

func (l *looks) look(ctx context.Context, q center.Look) (center.Looked, error) {
	switch {
	case q.Speech != nil && l.speaker == nil:
		return center.Looked{}, errNoSpeech
	case q.Speech != nil:
		s, err := l.speaker.Speak(ctx, l.tenant, *q.Speech)
		if err != nil {
			return center.Looked{}, err
		}
		return center.Looked{OK: true, Speech: &s}, nil
	case q.Enquiry != nil && l.enquirer == nil, q.Enquiry == nil && l.lookup == nil:
		return center.Looked{}, errNoLookup
	case q.Caller != nil:
		h, err := l.lookup.Caller(ctx, l.tenant, *q.Caller)
		if err != nil {
			return center.Looked{}, err
		}
		return center.Looked{OK: true, Caller: &h}, nil
	case q.Enquiry != nil:
		f, err := l.enquirer.Enquire(ctx, l.tenant, *q.Enquiry)
		if err != nil {
			return center.Looked{}, err
		}
		return center.Looked{OK: true, Fetched: &f}, nil
	case q.Take != nil:
		taken, err := l.lookup.Take(ctx, l.tenant, *q.Take)
		if err != nil {
			return center.Looked{}, err
		}
		return center.Looked{OK: true, Take: &taken}, nil
	case !l.guesses.take(q.Agent, time.Now()):
		return center.Looked{}, errGuessed
	}
	ok, err := l.lookup.CheckPIN(ctx, l.tenant, q.Agent, q.PIN)
	if ok || err != nil {
		l.guesses.giveBack(q.Agent)
	}
	return center.Looked{OK: ok && err == nil}, err
}

func (l *looks) looked(q center.Look, a center.Looked, err error) {
	if errors.Is(err, errLate) {
		l.late.Add(1)
	}
	if q.Enquiry != nil {
		l.fetched.Add(1)
		if err != nil {
			l.unfetched.Add(1)
			l.log.Warn("another system did not answer a flow", "error", err)
		}
	}
	if q.Speech != nil && err != nil {
		l.log.Warn("words of a call are not spoken", "error", err)
	}
	if a.Look = q.Look; err != nil {
		a.Error = err.Error()
	}
	l.tell(a)
}

// stop returns when every look-up has ended; the caller has ended the context.
func (l *looks) stop() {
	l.errands.stop()
	l.fetches.stop()
	l.speeches.stop()
}
