package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
)

// How a stream of events is kept: silence that means it is dead (a sign of
// life comes every 15 s), and the pause before another attempt.
const (
	eventSilence = 45 * time.Second
	eventRetry   = time.Second
)

func (a *app) eventCommand() *cobra.Command {
	var kind, call, queue, after string
	follow := &cobra.Command{
		Use: "follow", Short: "Print events as they happen",
		Long: `Prints events as they happen, until interrupted. A connection that is lost is made
again and goes on after the last event: none is missed. With -o json a line an event.`,
		Example: `  huawu event follow
  huawu event follow --kind 'call.*,queue.*'
  huawu event follow --after mws624z0oq.120.1 -o json`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			return a.followOn(cmd.Context(), c, after, query("kind", kind, "call", call, "queue", queue), a.printEvent)
		},
	}
	f := follow.Flags()
	f.StringVar(&kind, "kind", "", "only these kinds, divided by commas; \"call.*\" is all that begin so")
	f.StringVar(&call, "call", "", "only events of this call")
	f.StringVar(&queue, "queue", "", "only events of this queue")
	f.StringVar(&after, "after", "", "begin after this cursor, instead of now")
	complete(follow, "kind", kinds()...)
	a.completeFlagBy(follow, "call", a.completeCalls)
	a.completeFlagBy(follow, "queue", a.completeQueues)
	return group("event", "Follow what happens", follow)
}

// followOn prints events until it is interrupted, over lost connections.
func (a *app) followOn(ctx context.Context, c *client, after string, q map[string][]string, print func(body string, e api.EventItem) error) error {
	for {
		last, err := a.follow(ctx, c, after, q, print)
		switch {
		case ctx.Err() != nil:
			return nil
		case last == "" && after == "": // it never stood
			return err
		case refused(err):
			return err
		}
		after = last
		fmt.Fprintf(a.err, "huawu: %s\n", a.words(err))
		select {
		case <-time.After(eventRetry):
		case <-ctx.Done():
			return nil
		}
	}
}

// kinds are all kinds of events, for a shell.
func kinds() []string {
	all := make([]string, len(fact.Kinds))
	for i, k := range fact.Kinds {
		all[i] = string(k)
	}
	return all
}

// refused says that the API will not give this stream however often it is
// asked.
func refused(err error) bool {
	p := (*api.Problem)(nil)
	return errors.As(err, &p) && p.Status < 500
}

// follow prints one stream until it ends and returns the last event's cursor.
func (a *app) follow(ctx context.Context, c *client, after string, q map[string][]string, print func(body string, e api.EventItem) error) (last string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	last = after
	res, err := c.open(ctx, http.MethodGet, "/events", q, nil, http.Header{"Accept": {"text/event-stream"}, "Last-Event-Id": {after}})
	if err != nil {
		return last, err
	}
	defer res.Body.Close()
	silence := time.AfterFunc(eventSilence, func() { cancel(errors.New("huawu has gone silent")) })
	defer silence.Stop()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		silence.Reset(eventSilence)
		body, isData := strings.CutPrefix(lines.Text(), "data: ")
		if !isData {
			continue
		}
		var e api.EventItem
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return last, fmt.Errorf("follow events: the answer is no huawu's: %w", err)
		}
		if err := print(body, e); err != nil {
			return last, err
		}
		last = e.ID
	}
	if err := context.Cause(ctx); err != nil {
		return last, err
	}
	if err := lines.Err(); err != nil {
		return last, fmt.Errorf("follow events: %w", err)
	}
	return last, errors.New("huawu has ended the stream")
}

func (a *app) printEvent(body string, e api.EventItem) error {
	var err error
	if a.output == "json" {
		_, err = fmt.Fprintln(a.out, body)
	} else {
		_, err = fmt.Fprintf(a.out, "%s  %-18s %s %s\n", clock(e.Wall), e.Kind, e.Call, eventDetail(e.Event))
	}
	return err
}
