package ari_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// deafen has the fake send no events of some types to the driver's
// applications, until the driver connects again.
func (r *rig) deafen(app string, types ...string) {
	r.Helper()
	var kinds []string
	for _, t := range types {
		kinds = append(kinds, `{"type":"`+t+`"}`)
	}
	another(r.T, r.server, http.MethodPut, "/applications/"+app+"/eventFilter", `{"disallowed":[`+strings.Join(kinds, ",")+`]}`)
}

func soon(c *ari.Config) { c.Heartbeat, c.Compare = 100*time.Millisecond, 100*time.Millisecond }

// A caller whose coming no event has told is found, and told by the listing of
// a new connection.
func TestLegOfWhichNoEventTold(t *testing.T) {
	r := start(t, aritest.Options{}, soon)
	_, known := r.talker()
	r.deafen(r.server.App, "StasisStart")
	r.World.Call("13800000009", mediatest.Dialled)
	if e := await(r, func(media.Down) bool { return true }); !strings.Contains(e.Reason, "missed an event") {
		t.Errorf("Down because of %q", e.Reason)
	}
	up := await(r, func(media.Up) bool { return true })
	if len(up.Legs) != 2 {
		t.Errorf("%+v: want the leg that was known, %s, and the other", up.Legs, known)
	}
}

// A phone that goes unheard is told to be away all the same.
func TestEndpointOfWhichNoEventTold(t *testing.T) {
	r := start(t, aritest.Options{}, soon)
	p := r.World.Phone(mediatest.Behaviour{})
	await(r, func(e media.EndpointState) bool { return e.Endpoint == p.Endpoint() && e.Reachable })
	r.deafen(r.server.App+"-endpoints", "PeerStatusChange")
	p.Register(false)
	await(r, func(e media.EndpointState) bool { return e.Endpoint == p.Endpoint() && !e.Reachable })
}

// What the driver knows, and its own snoops, is no reason to connect again.
func TestComparingFindsNothing(t *testing.T) {
	r := start(t, aritest.Options{}, soon)
	_, leg := r.talker()
	_, other := r.agent()
	r.join(leg, other)
	r.must(media.Record{Recording: "pbx/rec-x", Leg: leg, Name: "x"})
	await(r, func(media.RecordStarted) bool { return true })
	asked := len(r.server.Requests("GET /applications/" + r.server.App))
	r.eventually("ten comparisons", func() bool { return len(r.server.Requests("GET /applications/"+r.server.App)) >= asked+10 })
	if n := count(r, func(media.Down) bool { return true }); n != 0 {
		t.Errorf("%d connections were given up", n)
	}
}
