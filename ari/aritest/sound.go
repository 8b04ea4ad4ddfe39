package aritest

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// playback is one play of one or more files.
type playback struct {
	id, media, target, language string
	state                       string
	stopped                     bool
	of                          *channel
}

func shownPlay(p *playback) map[string]any {
	return map[string]any{"id": p.id, "media_uri": p.media, "target_uri": p.target, "language": p.language, "state": p.state}
}

// The beginnings of names of sounds that behave in their own way.
const (
	Missing = "missing" // there is no such file
	Vanish  = "vanish"  // starts and is then forgotten without a word (cookbook rule 7)
	Long    = "long"    // lasts 3.5 s
)

// ShortLength is how long any other prompt lasts.
const ShortLength = 120 * time.Millisecond

// length is how long a list of media lasts; endless and vanish are its kinds.
func length(media string) (d time.Duration, endless, vanish, there bool) {
	for _, m := range strings.Split(media, ",") {
		name := m[strings.LastIndexAny(m, "/:")+1:]
		switch {
		case strings.HasPrefix(m, "tone:"):
			return 0, true, false, true
		case strings.HasPrefix(name, Missing):
			continue
		case strings.HasPrefix(name, Vanish):
			return 0, false, true, true
		case strings.HasPrefix(name, Long):
			d += 3500 * time.Millisecond
		case strings.Contains(m, "silence/"):
			n, _ := strconv.Atoi(name)
			d += time.Duration(n) * 100 * time.Millisecond // ten times as fast as life
		default:
			d += ShortLength
		}
		there = true
	}
	return d, false, false, there
}

func (s *Server) play(r *http.Request) (any, *refusal) {
	c, no := s.audible(r)
	if no != nil {
		return nil, no
	}
	p := &playback{
		id: r.PathValue("play"), media: r.URL.Query().Get("media"), target: "channel:" + c.id, language: r.URL.Query().Get("lang"),
		state: "queued", of: c,
	}
	s.plays[p.id] = p
	c.plays = append(c.plays, p)
	c.early = true
	shown := shownPlay(p)
	if len(c.plays) == 1 {
		s.startPlay(c)
	}
	return shown, nil
}

// startPlay lets the first play of a channel be heard.
func (s *Server) startPlay(c *channel) {
	for len(c.plays) > 0 && !c.gone {
		p := c.plays[0]
		if p.stopped {
			s.over(p, "done")
			continue
		}
		d, endless, vanish, there := length(p.media)
		p.state = "playing"
		s.tellPlay("PlaybackStarted", p)
		switch {
		case vanish:
			delete(s.plays, p.id)
			c.plays = c.plays[1:]
			continue
		case !there:
			s.over(p, "failed")
			continue
		case endless:
			return
		}
		s.after(d, func() {
			if s.plays[p.id] == p {
				s.over(p, "done")
				s.startPlay(c)
			}
		})
		return
	}
}

// over ends a play and takes it out of line.
func (s *Server) over(p *playback, state string) {
	p.of.plays = slices.DeleteFunc(p.of.plays, func(q *playback) bool { return q == p })
	s.endPlay(p, state)
}

func (s *Server) endPlay(p *playback, state string) {
	if s.plays[p.id] != p {
		return
	}
	delete(s.plays, p.id)
	p.state = state
	s.tellPlay("PlaybackFinished", p)
}

func (s *Server) tellPlay(kind string, p *playback) {
	if a := s.apps[p.of.app]; a != nil {
		s.send(a, map[string]any{"type": kind, "playback": shownPlay(p)})
	}
}

func (s *Server) getPlay(r *http.Request) (any, *refusal) {
	if p := s.plays[r.PathValue("play")]; p != nil {
		return shownPlay(p), nil
	}
	return nil, &refusal{http.StatusNotFound, "Playback not found"}
}

// stopPlay ends the play that is heard; one that waits keeps its place in line
// and is passed over when its turn comes.
func (s *Server) stopPlay(r *http.Request) (any, *refusal) {
	p := s.plays[r.PathValue("play")]
	if p == nil {
		return nil, &refusal{http.StatusNotFound, "Playback not found"}
	}
	p.stopped = true
	if p.of.plays[0] == p {
		s.over(p, "done")
		s.startPlay(p.of)
	}
	return nil, nil
}

// recording is one file being written.
type recording struct {
	name  string
	of    *channel
	began time.Time
}

func shownRecording(r *recording, state string) map[string]any {
	return map[string]any{
		"name": r.name, "format": "wav", "state": state, "target_uri": "channel:" + r.of.id,
		"duration": int(time.Since(r.began) / time.Second),
	}
}

func (s *Server) snoop(r *http.Request) (any, *refusal) {
	of, no := s.channel(r)
	if no != nil {
		return nil, no
	}
	q := r.URL.Query()
	id := r.PathValue("snoop")
	if s.chans[id] != nil {
		return nil, &refusal{http.StatusConflict, "Channel with given unique ID already exists"}
	}
	if of.state == "Down" {
		return nil, &refusal{http.StatusPreconditionFailed, "Channel in invalid state"}
	}
	c := s.newChannel(id, s.name("Snoop/"+of.id), "Up")
	c.snoopOf, c.whisper, c.own = of, q.Get("whisper") == "out", true
	s.after(s.o.StasisDelay, func() { s.enter(c, q.Get("app"), q.Get("appArgs")) })
	return s.shown(c), nil
}

func (s *Server) record(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no != nil {
		return nil, no
	}
	name := r.URL.Query().Get("name")
	if s.records[name] != nil || s.stored[name] {
		return nil, &refusal{http.StatusConflict, "Recording '" + name + "' already exists and can not be overwritten"}
	}
	rec := &recording{name: name, of: c, began: time.Now()}
	s.records[name] = rec
	s.after(time.Millisecond, func() {
		if s.records[name] == rec {
			s.tell(c, "RecordingStarted", map[string]any{"recording": shownRecording(rec, "recording")})
		}
	})
	return shownRecording(rec, "queued"), nil
}

// endRecordings closes the files of a channel.
func (s *Server) endRecordings(c *channel) {
	for name, rec := range s.records {
		if rec.of == c {
			s.endRecording(name, "RecordingFinished", "done")
		}
	}
}

func (s *Server) endRecording(name, kind, state string) {
	rec := s.records[name]
	if rec == nil {
		return
	}
	delete(s.records, name)
	s.stored[name] = true
	s.write(rec)
	s.tell(rec.of, kind, map[string]any{"recording": shownRecording(rec, state)})
}

// write leaves a file of the recording's length in the folder.
func (s *Server) write(rec *recording) {
	if s.folder == "" {
		return
	}
	path := filepath.Join(s.folder, filepath.FromSlash(rec.name)+".wav")
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, make([]byte, 44+16*time.Since(rec.began).Milliseconds()), 0o600)
	}
	if err != nil { // a folder of the test's own
		panic(err)
	}
}

func (s *Server) liveRecording(r *http.Request) (any, *refusal) {
	if rec := s.records[r.PathValue("name")]; rec != nil {
		return shownRecording(rec, "recording"), nil
	}
	return nil, &refusal{http.StatusNotFound, "Recording not found"}
}

func (s *Server) storedRecording(r *http.Request) (any, *refusal) {
	if name := r.PathValue("name"); s.stored[name] {
		return map[string]any{"name": name, "format": "wav"}, nil
	}
	return nil, &refusal{http.StatusNotFound, "Recording not found"}
}

// FillDisk ends every recording as a full disk does on Asterisk: with the state
// "done" and no word of the reason.
func (s *Server) FillDisk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.records {
		s.endRecording(name, "RecordingFinished", "done")
	}
}

// FailRecording ends a recording with a failure.
func (s *Server) FailRecording(name, cause string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if rec := s.records[name]; rec != nil {
		delete(s.records, name)
		shown := shownRecording(rec, "failed")
		shown["cause"] = cause
		s.tell(rec.of, "RecordingFailed", map[string]any{"recording": shown})
	}
}

// Recordings are the names of the live recordings, in order.
func (s *Server) Recordings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.records {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s *Server) muteRecording(r *http.Request) (any, *refusal) {
	if s.records[r.PathValue("name")] == nil {
		return nil, &refusal{http.StatusNotFound, "Recording not found"}
	}
	return nil, nil
}
