package api

import (
	"context"
	"net/http"
	"time"
)

// AuditList is rows of the audit, the latest first.
type AuditList struct {
	Rows []AuditRow `json:"rows"`
}

func (s *Server) auditRoutes() {
	type out struct{ Body AuditList }
	route(s, http.MethodGet, "/audit", "list-audit", "List who changed what, the latest first", func(ctx context.Context, in *struct {
		Scope
		From   time.Time `query:"from" doc:"from this instant on"`
		To     time.Time `query:"to" doc:"before this instant"`
		By     string    `query:"by" doc:"only by this name" maxLength:"64"`
		Action string    `query:"action" doc:"only this action" example:"agent.sign-in" maxLength:"64"`
		Target string    `query:"target" doc:"only to this" example:"agent/1001" maxLength:"200"`
		Limit  int       `query:"limit" doc:"how many at most" minimum:"1" maximum:"1000" default:"100"`
		Before int64     `query:"before" doc:"the id of the last row already had" minimum:"0"`
	}) (*out, error) {
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		rows, err := s.store.Audit(limit, AuditFilter{Tenant: s.tenant, From: in.From, To: in.To, By: in.By, Action: in.Action,
			Target: in.Target, Limit: in.Limit, Before: in.Before})
		if err != nil {
			return nil, err
		}
		return &out{AuditList{Rows: orEmpty(rows)}}, nil
	})
}
