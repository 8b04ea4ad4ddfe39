package ari

import (
	"errors"
	"fmt"
	"net/http"

	arilib "github.com/CyCoreSystems/ari/v6"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// endpointsEvery is in how many comparisons the endpoints are among what is
// compared: their list is long.
const endpointsEvery = 5

// comparison is what Asterisk holds and no event has told, as of the last look.
// What is so twice in a row has been missed: the first time its event may have
// been on its way.
type comparison struct {
	looks     int
	legs      map[string]bool
	endpoints map[fact.Endpoint]bool
}

// compare looks whether the application holds a channel of which no
// StasisStart was heard: that costs the connection, for the next listing tells
// it. An endpoint whose coming or going was not heard is told.
func (s *Switch) compare(l *link, c *comparison) error {
	var app application
	if err := s.rest.get(l.ctx, path("applications", s.config.App), nil, &app); err != nil {
		return unlessAnswered(err)
	}
	unheard := map[string]bool{}
	s.mu.Lock()
	for _, ch := range app.Channels {
		_, waited := s.waiting[ch]
		if s.legs[ch] == nil && s.snoops[ch] == nil && !waited {
			unheard[ch] = true
		}
	}
	s.mu.Unlock()
	was := c.legs
	c.legs = unheard
	for ch := range unheard {
		if !was[ch] {
			continue
		}
		var data channel
		switch err := s.rest.get(l.ctx, path("channels", ch), nil, &data); {
		case err != nil:
			if err := unlessAnswered(err); err != nil {
				return err
			}
		case !hidden(data.Name):
			return fmt.Errorf("missed an event: Asterisk holds the leg %s, of which none has told", ch)
		}
	}
	if c.looks++; c.looks%endpointsEvery != 0 {
		return nil
	}
	return s.compareEndpoints(l, c)
}

func (s *Switch) compareEndpoints(l *link, c *comparison) error {
	var list []arilib.EndpointData
	if err := s.rest.get(l.ctx, "/endpoints", nil, &list); err != nil {
		return unlessAnswered(err)
	}
	was := c.endpoints
	c.endpoints = map[fact.Endpoint]bool{}
	for _, e := range list {
		if e.Technology != endpointTech {
			continue
		}
		id, reachable := endpointID(&e), e.State == "online"
		s.mu.Lock()
		known, told := s.endpoints[id]
		s.mu.Unlock()
		switch {
		case told && known == reachable:
		case !was[id]:
			c.endpoints[id] = true
		default:
			s.post(l.ctx, l, func() { s.endpointIs(id, reachable) })
		}
	}
	return nil
}

// unlessAnswered is the error of a request that had no answer; a fault of one
// request is none of the connection.
func unlessAnswered(err error) error {
	if answered(err) || errors.Is(err, media.ErrNoLeg) || is(err, http.StatusNotFound) {
		return nil
	}
	return err
}
