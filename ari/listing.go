package ari

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// disallowed are the events that Asterisk need not send: three of four, and
// most of their size (cookbook rule 8). The end of a bridge says nothing: its
// last leg has left it before, and who needs it again makes it again.
var disallowed = []string{"ChannelVarset", "ChannelDialplan", "ChannelCallerId", "ChannelConnectedLine", "ChannelCreated",
	"PlaybackContinuing", "BridgeDestroyed"}

// endpointsApp is a second application on the same socket, for endpoints only:
// subscribed by the first one, every event of an endpoint's legs would come
// twice. A subscription to device states, which has no such fault, can lock up
// the whole of ARI for good when the socket ends (Asterisk issue 2170).
func (s *Switch) endpointsApp() string { return s.config.App + "-endpoints" }

// endpointEvents is all that the second application is to send: EndpointStateChange
// would come at every call, with the list of the endpoint's legs.
var endpointEvents = []string{"PeerStatusChange"}

// inventory is what an Asterisk answers when asked what it holds.
type inventory struct {
	app       application
	channels  []channel
	bridges   []bridge
	endpoints []arilib.EndpointData
}

type application struct {
	Channels  []string `json:"channel_ids"`
	Endpoints []string `json:"endpoint_ids"`
}

// list prepares the application, asks what there is, makes the driver's state
// of it and emits Up. Events that arrive meanwhile wait in the queue; applying
// them afterwards to a state that has them already says nothing, for every
// event is told only when it changes something.
func (s *Switch) list(l *link, emit func(media.Event)) error {
	if err := s.prepare(l); err != nil {
		return fmt.Errorf("prepare application %s: %w", s.config.App, err)
	}
	inv, err := s.ask(l.ctx)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	s.count.connects.Add(1)
	s.emit(emit, s.config.Clock(), func() {
		up := s.adopt(inv)
		// Whoever hears Up may command at once.
		l.up = true
		s.out = slices.Insert(s.out, 0, media.Event(up))
		s.log.Info("connected", "legs", len(up.Legs), "rooms", len(up.Rooms), "endpoints", len(up.Endpoints))
	})
	return nil
}

// prepare sets the event filters and the subscription, which Asterisk forgets
// with the socket unless a leg held the application, and compares clocks.
func (s *Switch) prepare(l *link) error {
	app, endpoints := path("applications", s.config.App), path("applications", s.endpointsApp())
	if err := s.filter(l.ctx, app, "disallowed", disallowed); err != nil {
		return err
	}
	if err := s.filter(l.ctx, endpoints, "allowed", endpointEvents); err != nil {
		return err
	}
	var now application
	if err := s.rest.get(l.ctx, app, nil, &now); err != nil {
		return err
	}
	for _, e := range now.Endpoints { // somebody's, and everything would come twice
		if err := goneIsFine(s.rest.delete(l.ctx, app+"/subscription", params("eventSource", "endpoint:"+e))); err != nil {
			return err
		}
	}
	if err := s.rest.post(l.ctx, endpoints+"/subscription", params("eventSource", "endpoint:"+endpointTech)); err != nil {
		return err
	}
	switch err := s.rest.get(l.ctx, path("asterisk", "modules", "func_export.so"), nil, nil); {
	case err == nil:
		l.export = true
	case is(err, http.StatusNotFound):
		s.log.Warn("module func_export is not loaded: tagging a leg waits for the end of a prompt")
	default:
		return err
	}
	return s.compareClocks(l)
}

func (s *Switch) filter(ctx context.Context, app, how string, types []string) error {
	kinds := make([]map[string]string, len(types))
	for i, t := range types {
		kinds[i] = map[string]string{"type": t}
	}
	return s.rest.do(ctx, http.MethodPut, app+"/eventFilter", nil, map[string]any{how: kinds}, nil)
}

// compareClocks finds out what our steady time is at a time of the switch's.
func (s *Switch) compareClocks(l *link) error {
	var pong struct {
		Timestamp stamp `json:"timestamp"`
	}
	asked := s.config.Clock()
	if err := s.rest.get(l.ctx, "/asterisk/ping", nil, &pong); err != nil {
		return err
	}
	answered := s.config.Clock()
	theirs := pong.Timestamp.millis()
	if theirs == 0 {
		theirs = time.Now().UnixMilli()
	}
	l.skew = int64(asked+answered)/2 - theirs
	return nil
}

// ask fetches the lists. The application's comes first and the legs last: a leg
// that arrives meanwhile has its StasisStart in the queue, one that ends is
// missing in the list of legs, and both are then told rightly.
func (s *Switch) ask(ctx context.Context) (inv inventory, err error) {
	for _, q := range []struct {
		path string
		into any
	}{
		{path("applications", s.config.App), &inv.app}, {"/endpoints", &inv.endpoints},
		{"/bridges", &inv.bridges}, {"/channels", &inv.channels},
	} {
		if err = s.rest.get(ctx, q.path, nil, q.into); err != nil {
			return inv, err
		}
	}
	return inv, nil
}

// adopt makes the driver's state of a listing and says what Up tells. What the
// driver knew about legs that still live is kept. Under the lock.
func (s *Switch) adopt(inv inventory) media.Up {
	up := media.Up{Head: s.head(), Switch: s.config.Name}
	ours := map[string]bool{}
	for _, id := range inv.app.Channels {
		ours[id] = true
	}
	known := s.legs
	s.legs = map[string]*leg{}
	lives := map[string]bool{}
	for i := range inv.channels {
		c := &inv.channels[i]
		lives[c.ID] = true
		if hidden(c.Name) {
			continue
		}
		info := media.LegInfo{
			Leg: fact.On[fact.LegID](s.config.Name, c.ID), State: stateOf(c.State), Tag: tagOf(c),
			Created: createdAt(c, s.link.skew, s.now), Endpoint: endpointOf(c.Name),
			From: media.Identity{Number: c.Caller.Number, Name: c.Caller.Name}, To: c.Dialplan.Exten,
		}
		if !ours[c.ID] {
			if info.Tag == nil {
				continue
			}
			info.State = media.LegOutside
			up.Legs = append(up.Legs, info)
			continue
		}
		s.legs[c.ID] = s.refresh(known[c.ID], c)
		up.Legs = append(up.Legs, info)
	}
	s.adoptBridges(inv, &up)
	for _, e := range inv.endpoints {
		if e.Technology != endpointTech {
			continue
		}
		id, reachable := endpointID(&e), e.State == "online"
		s.endpoints[id] = reachable
		up.Endpoints = append(up.Endpoints, media.EndpointInfo{Endpoint: id, Reachable: reachable})
	}
	slices.SortFunc(up.Legs, func(a, b media.LegInfo) int { return cmp.Compare(a.Leg, b.Leg) })
	slices.SortFunc(up.Endpoints, func(a, b media.EndpointInfo) int { return cmp.Compare(a.Endpoint, b.Endpoint) })
	s.adoptSnoops(inv, lives)
	s.adoptPlays()
	for id, t := range s.transfers {
		if s.legs[t.ch] == nil {
			delete(s.transfers, id)
		}
	}
	return up
}

// refresh is the leg of a listed channel, with what was known of it.
func (s *Switch) refresh(was *leg, c *channel) *leg {
	l := s.newLeg(c)
	l.strange = true
	if was != nil {
		l.own, l.early, l.holds, l.music = was.own, was.early, was.holds, was.music
		l.plays, l.over, l.past, l.asked = was.plays, was.over, was.past, was.asked
	} else {
		// Another controller may have left it in the middle of a phone's hold.
		l.music = true
	}
	return l
}

// adoptBridges finds rooms and music in the listed bridges.
func (s *Switch) adoptBridges(inv inventory, up *media.Up) {
	knownRooms := s.rooms
	s.rooms, s.holdings = map[string]*room{}, map[string]*holding{}
	var rooms []string
	for _, b := range inv.bridges {
		if class, ok := s.classOf(b.ID); ok {
			s.holdings[b.ID] = &holding{class: class, legs: map[string]bool{}, silent: len(b.Channels) == 0}
		} else if b.Name != s.bridgeName() || s.isSpyBridge(b.ID) {
			continue
		} else {
			rooms = append(rooms, b.ID)
		}
		for _, ch := range b.Channels {
			l := s.legs[ch]
			if l == nil {
				continue
			}
			l.bridge = b.ID
			if h := s.holdings[b.ID]; h != nil {
				h.legs[ch] = true
				l.hears = b.ID
			} else {
				l.room = b.ID
				s.room(b.ID).legs[ch] = true
			}
		}
	}
	for i := range inv.channels {
		c := &inv.channels[i]
		l, kept := s.legs[c.ID], c.Vars[HeldVariable]
		if l == nil || kept == "" || l.room != "" || s.holdings[l.bridge] == nil || !slices.Contains(rooms, kept) {
			continue
		}
		l.held, l.room = true, kept
		s.room(kept).legs[c.ID] = true
	}
	for _, id := range rooms {
		switch {
		case s.rooms[id] != nil:
		case knownRooms[id] != nil:
			s.rooms[id] = knownRooms[id] // a Join may be about to fill it
			clear(s.rooms[id].legs)
		default:
			s.dropBridge(id) // left empty by a controller that died
		}
	}
	for _, r := range s.rooms {
		if len(r.legs) == 0 {
			continue
		}
		info := media.RoomInfo{Room: r.id}
		for _, ch := range slices.Sorted(maps.Keys(r.legs)) {
			info.Legs = append(info.Legs, s.legs[ch].id)
		}
		up.Rooms = append(up.Rooms, info)
	}
	slices.SortFunc(up.Rooms, func(a, b media.RoomInfo) int { return cmp.Compare(a.Room, b.Room) })
}

// adoptSnoops takes up recordings and spies that go on, and ends those whose
// snoops are gone.
func (s *Switch) adoptSnoops(inv inventory, lives map[string]bool) {
	for i := range inv.channels {
		c := &inv.channels[i]
		if !strings.HasPrefix(c.Name, "Snoop/") {
			continue
		}
		args := strings.Split(c.Dialplan.AppData, ",")
		if len(args) < 2 || args[0] != s.config.App {
			continue
		}
		switch began := createdAt(c, s.link.skew, s.now); args[1] {
		case recordArg:
			s.adoptRecording(c.ID, args[2:], began)
		case spyArg:
			s.adoptSpy(c.ID, args[2:])
		case overArg:
			s.dropOvers(c.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.recordings)) {
		s.recordings[id].endIfGone(s, lives)
	}
	for _, id := range slices.Sorted(maps.Keys(s.spies)) {
		if !lives[id] {
			s.endSpy(s.spies[id])
		}
	}
	s.dropSpyBridges(inv.bridges)
}

// adoptPlays forgets plays of legs that are gone, whose end Up tells, and asks
// for the others, whose end may have been missed.
func (s *Switch) adoptPlays() {
	for _, id := range slices.Sorted(maps.Keys(s.plays)) {
		if l := s.legs[s.plays[id].ch]; l == nil {
			delete(s.plays, id)
		} else {
			s.checkPlay(id, true)
		}
	}
}
