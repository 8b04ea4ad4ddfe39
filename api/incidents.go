package api

import (
	"context"
	"net/http"

	"github.com/huawu/huawu/center"
)

// IncidentList is the incidents of the document, and which of them go on.
type IncidentList struct {
	Cursor    string                `json:"cursor,omitempty" doc:"how far the snapshot reaches"`
	Incidents []center.IncidentView `json:"incidents" doc:"in the order of the document"`
}

// IncidentState is the body of saying whether an incident goes on.
type IncidentState struct {
	On   bool   `json:"on" doc:"true from now on, or false"`
	Note string `json:"note,omitempty" doc:"for people: what is broken, until when" maxLength:"500"`
}

// IncidentDone is the answer to it.
type IncidentDone struct {
	Cursor string `json:"cursor" doc:"for ?after= of a read that is to include it"`
}

func (s *Server) incidentRoutes() {
	type listOut struct{ Body IncidentList }
	type doneOut struct{ Body IncidentDone }
	route(s, http.MethodGet, "/incidents", "list-incidents", "List incidents, and which of them go on", func(ctx context.Context, in *Fresh) (*listOut, error) {
		v, cursor, err := s.view(ctx, in.After)
		if err != nil {
			return nil, err
		}
		return &listOut{IncidentList{Cursor: cursor.String(), Incidents: orEmpty(v.Incidents)}}, nil
	})
	route(s, http.MethodPut, "/incidents/{id}", "set-incident", "Say that an incident goes on, or is over: flows go by it at once", func(ctx context.Context, in *struct {
		Waited
		ID   string `path:"id" doc:"the incident's id in the document" maxLength:"64"`
		Body IncidentState
	}) (*doneOut, error) {
		op := center.SetIncident{Incident: in.ID, On: in.Body.On, Note: in.Body.Note}
		n := Note{Action: "incident.set", Target: "incident/" + in.ID, After: asJSON(in.Body)}
		v, _ := s.engine.View()
		for _, i := range v.Incidents {
			if i.ID == in.ID {
				n.Before = asJSON(IncidentState{On: i.On, Note: i.Note})
			}
		}
		cursor, _, err := s.command(ctx, in.Wait, op, n)
		if err != nil {
			return nil, err
		}
		return &doneOut{IncidentDone{Cursor: cursor.String()}}, nil
	})
}
