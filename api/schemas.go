package api

import (
	"context"
	"net/http"
	"sync"

	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

// CentreSchema is the JSON Schema of the centre's document, for editors.
func CentreSchema() ([]byte, error) {
	return strict.Schema("The centre of huawu", Document{}, flow.Rules())
}

type schemaOut struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// schemaRoutes serve what editors read. They tell nothing about the centre, and
// editors have no token.
func (s *Server) schemaRoutes() {
	for _, r := range []struct {
		path, id, summary string
		schema            func() ([]byte, error)
	}{
		{"/schemas/flow.json", "show-flow-schema", "Show the JSON Schema of flows, for editors", flow.Schema},
		{"/schemas/centre.json", "show-centre-schema", "Show the JSON Schema of the centre's document, for editors", CentreSchema},
	} {
		once := sync.OnceValues(r.schema)
		route(s, http.MethodGet, r.path, r.id, r.summary, func(context.Context, *struct{ Scope }) (*schemaOut, error) {
			text, err := once()
			if err != nil {
				return nil, err
			}
			return &schemaOut{ContentType: "application/schema+json", Body: text}, nil
		})
	}
}
