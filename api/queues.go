package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/huawu/huawu/center"
)

// QueueList is the queues.
type QueueList struct {
	Cursor string             `json:"cursor" doc:"how far the snapshot reaches"`
	Queues []center.QueueView `json:"queues"`
}

// QueueDetail is one queue with who waits in it.
type QueueDetail struct {
	center.QueueView
	Cursor string `json:"cursor" doc:"how far the snapshot reaches"`
	// Config is nil while the store is away.
	Config *QueueConfig `json:"config,omitempty" doc:"the newest version's, for a change by PUT"`
}

type queuesOut struct{ Body QueueList }
type queueOut struct{ Body QueueDetail }

type QueuePath struct {
	ID string `path:"id" doc:"the queue's id" maxLength:"64"`
}

func (s *Server) queueRoutes() {
	route(s, http.MethodGet, "/queues", "list-queues", "List queues with who waits", func(ctx context.Context, in *Fresh) (*queuesOut, error) {
		v, cursor, err := s.view(ctx, in.After)
		if err != nil {
			return nil, err
		}
		out := &queuesOut{QueueList{Cursor: cursor.String(), Queues: []center.QueueView{}}}
		for _, q := range v.Queues {
			q.Waiting = orEmpty(q.Waiting)
			out.Body.Queues = append(out.Body.Queues, q)
		}
		return out, nil
	})
	route(s, http.MethodGet, "/queues/{id}", "show-queue", "Show one queue with the callers in it, their positions and waits",
		func(ctx context.Context, in *struct {
			Fresh
			QueuePath
		}) (*queueOut, error) {
			v, cursor, err := s.view(ctx, in.After)
			if err != nil {
				return nil, err
			}
			q, err := queueIn(v, in.ID)
			if err != nil {
				return nil, err
			}
			out := &queueOut{QueueDetail{QueueView: *q, Cursor: cursor.String()}}
			if d, _, err := s.document(ctx); err == nil && d.queue(q.ID) != nil {
				c := configOf(*d.queue(q.ID))
				out.Body.Config = &c
			}
			return out, nil
		})
	s.queueConfigRoutes()
}

func queueIn(v *center.View, id string) (*center.QueueView, error) {
	for i := range v.Queues {
		if string(v.Queues[i].ID) == id {
			q := v.Queues[i]
			q.Waiting = orEmpty(q.Waiting)
			return &q, nil
		}
	}
	return nil, fmt.Errorf("queue %q: %w", id, ErrNotFound)
}
