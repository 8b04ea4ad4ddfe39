package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/huawu/huawu/fact"
)

// Archive is what the API asks of the recordings of calls that are kept. Its errors
// wrap ErrNotFound where they amount to it.
type Archive interface {
	// Open is a recording by the stem that its switch called it by.
	Open(stem string) (io.ReadSeekCloser, error)
	// Protect keeps the recordings of a call from being deleted, or ends that;
	// Protects says whether they are.
	Protect(call fact.CallID, on bool, who, note string) error
	Protects(call fact.CallID) bool
}

// errNoArchive says that this huawu keeps no recordings.
var errNoArchive = fmt.Errorf("this huawu leaves recordings on the switch: its configuration has no recordings.dir: %w", ErrUnavailable)

// CallTape is one recording of a call.
type CallTape struct {
	N      int    `json:"n" doc:"its number in the call"`
	Millis int64  `json:"ms"`
	Kind   string `json:"kind" doc:"of the call, of what an agent asked meanwhile, or a message for us" enum:"call,consult,message"`
	Kept   bool   `json:"kept" doc:"it is in the archive; a message stays on the switch"`
}

// CallTapes are the recordings of a call that has ended.
type CallTapes struct {
	Call       fact.CallID `json:"call"`
	Protected  bool        `json:"protected" doc:"they are not deleted before they are released"`
	Recordings []CallTape  `json:"recordings"`
}

// Protection is the body of a protection, and of its end.
type Protection struct {
	Note string `json:"note" doc:"why, for people" minLength:"1" maxLength:"200"`
}

// ProtectionDone is the answer to both.
type ProtectionDone struct {
	Call      fact.CallID `json:"call"`
	Protected bool        `json:"protected"`
}

// Gap is a call that is not recorded as long as somebody talked in it.
type Gap struct {
	Call     fact.CallID  `json:"call"`
	Began    int64        `json:"began" doc:"wall clock, ms of the epoch"`
	From     string       `json:"from"`
	To       string       `json:"to"`
	Queue    fact.QueueID `json:"queue,omitempty"`
	Agent    fact.AgentID `json:"agent,omitempty"`
	Talk     int64        `json:"talk_ms"`
	Recorded int64        `json:"recorded_ms"`
	Reason   string       `json:"reason" doc:"nothing was written, less than was said, or its file is not in the archive" enum:"none,short,lost"`
}

// GapReport says which calls of some time are not recorded whole.
type GapReport struct {
	Calls    int     `json:"calls" doc:"in which somebody talked"`
	Whole    int     `json:"whole" doc:"of them, recorded from the first word to the last"`
	Coverage float64 `json:"coverage" doc:"the part of the talk that is recorded, in percent" example:"100"`
	Gaps     []Gap   `json:"gaps" doc:"the latest first; 1000 at most"`
	Archive  bool    `json:"archive" doc:"files were looked for in the archive"`
}

const (
	// gapSlack is how much shorter than the talk a recording may be: a switch's
	// clocks lose that much on a busy machine.
	gapSlack = 2 * time.Second
	// gapsWithin is the longest time that is looked through at once, gapsMost how
	// many gaps are told, gapsAge how long a recording may be on its way into the
	// archive.
	gapsWithin = 31 * 24 * time.Hour
	gapsMost   = 1000
	gapsAge    = 5 * time.Minute
)

// tapesOf are the recordings of a record, by number.
func tapesOf(r *fact.Record) (all []CallTape, stems []string) {
	for _, f := range r.Recordings {
		stem := stemOf(f)
		if i := slices.Index(stems, stem); i >= 0 {
			all[i].Millis = max(all[i].Millis, f.Millis)
			continue
		}
		t := CallTape{Millis: f.Millis, Kind: "call"}
		number := path.Base(stem)
		for _, kind := range []string{"consult", "message"} {
			if rest, is := strings.CutSuffix(number, "-"+kind); is {
				number, t.Kind = rest, kind
			}
		}
		t.N, _ = strconv.Atoi(number[strings.LastIndex(number, "-")+1:])
		all, stems = append(all, t), append(stems, stem)
	}
	return all, stems
}

// stemOf is what both files of a recording begin with.
func stemOf(f fact.RecordingFile) string {
	return strings.TrimSuffix(strings.TrimSuffix(f.Name, path.Ext(f.Name)), "-"+string(f.Side))
}

func (s *Server) kept(stem string) bool {
	if s.archive == nil {
		return false
	}
	f, err := s.archive.Open(stem)
	if err != nil {
		return false
	}
	_ = f.Close()
	return true
}

// ended is the record of a call that has ended.
func (s *Server) ended(ctx context.Context, id fact.CallID) (*fact.Record, error) {
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	s.engine.Stored(limit)
	h, err := s.store.Call(limit, s.tenant, id)
	if err == nil && h.Record == nil {
		err = fmt.Errorf("call %s goes on: %w", id, ErrConflict)
	}
	return h.Record, err
}

func (s *Server) archiveRoutes() {
	type tapesOut struct{ Body CallTapes }
	route(s, http.MethodGet, "/calls/{id}/recordings", "list-call-recordings", "List the recordings of a call that has ended", func(ctx context.Context, in *struct {
		Scope
		CallPath
	}) (*tapesOut, error) {
		r, err := s.ended(ctx, fact.CallID(in.ID))
		if err != nil {
			return nil, err
		}
		out := CallTapes{Call: r.Call, Recordings: []CallTape{}}
		all, stems := tapesOf(r)
		for i, t := range all {
			t.Kept = s.kept(stems[i])
			out.Recordings = append(out.Recordings, t)
		}
		out.Protected = s.archive != nil && s.archive.Protects(r.Call)
		return &tapesOut{out}, nil
	})
	route(s, http.MethodGet, tapePath, "download-call-recording", "The audio of a recording of a call: stereo, the agent left, who is served right; parts of it by Range. It is audited, and not for tokens that read alone", s.download)
	type protectIn struct {
		Scope
		CallPath
		Body Protection
	}
	type protectOut struct{ Body ProtectionDone }
	protection := func(verb, id, summary string, on bool) {
		route(s, http.MethodPost, "/calls/{id}/"+verb, id, summary, func(ctx context.Context, in *protectIn) (*protectOut, error) {
			call := fact.CallID(in.ID)
			return &protectOut{ProtectionDone{call, on}}, s.protect(ctx, call, on, in.Body.Note)
		})
	}
	protection("protect", "protect-call", "Keep the recordings of a call from being deleted", true)
	protection("unprotect", "unprotect-call", "Have the recordings of a call deleted when their time has come", false)
	type gapsOut struct{ Body GapReport }
	route(s, http.MethodGet, "/recordings/gaps", "recording-gaps", "Which calls are not recorded as long as somebody talked in them", func(ctx context.Context, in *struct {
		Scope
		From time.Time `query:"from" required:"true" doc:"calls that began at this instant or later"`
		To   time.Time `query:"to" doc:"calls that began before this instant; now when absent"`
	}) (*gapsOut, error) {
		r, err := s.gaps(ctx, in.From, in.To)
		return &gapsOut{r}, err
	})
}

// tapePath is the route of a recording's audio.
const tapePath = "/calls/{id}/recordings/{n}"

// download sends a recording, or the part that is asked for.
func (s *Server) download(ctx context.Context, in *struct {
	Scope
	CallPath
	N int `path:"n" doc:"the recording's number in the call" minimum:"1"`
}) (*huma.StreamResponse, error) {
	if s.archive == nil {
		return nil, errNoArchive
	}
	r, err := s.ended(ctx, fact.CallID(in.ID))
	if err != nil {
		return nil, err
	}
	all, stems := tapesOf(r)
	i := slices.IndexFunc(all, func(t CallTape) bool { return t.N == in.N })
	if i < 0 {
		return nil, fmt.Errorf("recording %d of call %s: %w", in.N, in.ID, ErrNotFound)
	}
	f, err := s.archive.Open(stems[i])
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer f.Close()
		g := humagin.Unwrap(h)
		s.note(ctx, Note{Action: "recording.download", Target: "call/" + in.ID, After: asJSON(map[string]any{"n": in.N, "range": g.GetHeader("Range")})})
		g.Header("Content-Type", typeWAV)
		g.Header("Cache-Control", "no-store")
		http.ServeContent(g.Writer, g.Request, "", time.Time{}, f)
	}}, nil
}

func (s *Server) protect(ctx context.Context, call fact.CallID, on bool, note string) error {
	if s.archive == nil {
		return errNoArchive
	}
	v, _ := s.engine.View()
	if callIn(v, call) == nil {
		if _, err := s.ended(ctx, call); err != nil {
			return err
		}
	}
	was := s.archive.Protects(call)
	if err := s.archive.Protect(call, on, actorOf(ctx).Name, note); err != nil {
		return err
	}
	s.note(ctx, Note{Action: "recording.protect", Target: "call/" + string(call), Before: asJSON(map[string]any{"protected": was}),
		After: asJSON(map[string]any{"protected": on, "note": note})})
	return nil
}

// gaps looks through the calls of some time.
func (s *Server) gaps(ctx context.Context, from, to time.Time) (GapReport, error) {
	now := s.now()
	if to.IsZero() {
		to = now
	}
	out := GapReport{Gaps: []Gap{}, Archive: s.archive != nil}
	if to.Before(from) || to.Sub(from) > gapsWithin {
		return out, fmt.Errorf("from %s to %s: want up to %d days: %w", from.Format(time.RFC3339), to.Format(time.RFC3339), int(gapsWithin.Hours()/24), ErrInvalid)
	}
	var talk, recorded int64
	f := CallFilter{Tenant: s.tenant, From: from, To: to, Limit: 1000}
	for {
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		page, err := s.store.Calls(limit, f)
		cancel()
		if err != nil {
			return out, err
		}
		for i := range page.Records {
			r := &page.Records[i]
			if r.Talk == 0 || r.Direction == fact.Service {
				continue
			}
			g := s.gap(r, now)
			out.Calls++
			talk, recorded = talk+r.Talk, recorded+min(r.Talk, g.Recorded)
			switch {
			case g.Reason == "":
				out.Whole++
				recorded += r.Talk - min(r.Talk, g.Recorded)
			case len(out.Gaps) < gapsMost:
				out.Gaps = append(out.Gaps, g)
			}
		}
		if page.Next == nil {
			break
		}
		f.After = page.Next
	}
	out.Coverage = 100
	if talk > 0 {
		out.Coverage = float64(recorded) * 100 / float64(talk)
	}
	return out, nil
}

// gap compares a call's talk with what was written of it; its reason is "" when
// that is all.
func (s *Server) gap(r *fact.Record, now time.Time) Gap {
	g := Gap{Call: r.Call, Began: r.Began, From: r.From, To: r.To, Queue: r.Queue, Agent: r.Agent, Talk: r.Talk}
	all, stems := tapesOf(r)
	lost := false
	for i, t := range all {
		if t.Kind != "call" {
			continue
		}
		if s.archive != nil && now.Sub(time.UnixMilli(r.Ended)) > gapsAge && !s.kept(stems[i]) {
			lost = true
			continue
		}
		g.Recorded += t.Millis
	}
	switch short := r.Talk - g.Recorded; {
	case lost:
		g.Reason = "lost"
	case g.Recorded == 0:
		g.Reason = "none"
	case short > gapSlack.Milliseconds():
		g.Reason = "short"
	}
	return g
}
