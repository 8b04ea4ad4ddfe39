package ari

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// probe opens an event socket for an application of its own and makes a channel
// in it, to see what events carry and what the dialplan has.
func (d *doctor) probe(ctx context.Context) {
	own := d.c
	own.App = d.c.App + "-doctor"
	s, err := New(own)
	if err != nil {
		d.find(Wrong, "event socket", "shorten the application's name", "%v", err)
		return
	}
	defer s.rest.close()
	conn, err := s.dial(ctx)
	if err != nil {
		d.find(Wrong, "event socket", "load res_http_websocket.so and res_ari_events.so; a proxy between must pass WebSocket upgrades", "%v", err)
		return
	}
	ended := discard(conn)
	defer func() {
		goodbye(conn)
		_ = conn.CloseNow() // as a rule it is closed already
		<-ended
	}()
	d.right("event socket", "it opens")

	id := fmt.Sprintf("huawu-doctor-%d", time.Now().UnixNano())
	contexts := ContextsOf(d.c.Prefix)
	var made channel
	query := params("endpoint", "Local/s@"+contexts.Nobody, "app", own.App, "channelId", id)
	if err := s.rest.do(ctx, http.MethodPost, "/channels/create", query, nil, &made); err != nil {
		d.find(Wrong, "channel", "see Asterisk's log", "a channel cannot be made: %v", err)
		return
	}
	defer func() {
		if err := goneIsFine(s.rest.delete(ctx, path("channels", id), nil)); err != nil {
			d.find(Warning, "channel", fmt.Sprintf("\"channel request hangup %s\" on Asterisk's CLI", made.Name), "the doctor's channel was left behind: %v", err)
		}
	}()
	d.channelVars(made)
	d.contexts(ctx, id, contexts)
}

// discard reads what nobody wants until the connection ends.
func discard(conn *websocket.Conn) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if _, _, err := conn.Read(context.Background()); err != nil {
				return
			}
		}
	}()
	return done
}

func (d *doctor) channelVars(made channel) {
	var missing []string
	for _, v := range ChannelVars {
		if _, ok := made.Vars[v]; !ok {
			missing = append(missing, v)
		}
	}
	if len(missing) > 0 {
		d.find(Wrong, "channelvars", fmt.Sprintf("add to [general] of ari.conf: channelvars = %s; then \"module reload res_ari.so\"", strings.Join(ChannelVars, ",")),
			"events do not carry %s: calls cannot be adopted after a restart, and who hung up is not known", strings.Join(missing, ", "))
		return
	}
	d.right("channelvars", "events carry %s", strings.Join(ChannelVars, ", "))
}

// contexts asks a function of the channel whether the dialplan is there.
func (d *doctor) contexts(ctx context.Context, id string, c Contexts) {
	var missing, unknown []string
	for _, name := range []string{c.In, c.Agents, c.Fallback, c.Busy} {
		var v struct {
			Value string `json:"value"`
		}
		err := d.s.rest.get(ctx, path("channels", id, "variable"), params("variable", "DIALPLAN_EXISTS("+name+",1000,1)"), &v)
		switch {
		case err != nil || v.Value == "":
			unknown = append(unknown, name)
		case v.Value == "0":
			missing = append(missing, name)
		}
	}
	const add = "add what \"huawu asterisk config\" prints for extensions.conf; then \"dialplan reload\""
	switch {
	case slices.Contains(missing, c.In):
		d.find(Wrong, "dialplan", add, "the dialplan lacks %s: no call can come in", strings.Join(missing, ", "))
	case len(missing) > 0:
		d.find(Wrong, "dialplan", add, "the dialplan lacks %s", strings.Join(missing, ", "))
	case len(unknown) > 0:
		d.find(Warning, "dialplan", fmt.Sprintf("load func_dialplan.so, or look yourself: \"dialplan show %s\"", c.In), "whether the dialplan has %s cannot be asked", strings.Join(unknown, ", "))
	default:
		d.right("dialplan", "it has %s, %s, %s and %s", c.In, c.Agents, c.Fallback, c.Busy)
	}
}
