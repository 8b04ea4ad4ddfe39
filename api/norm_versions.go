package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/strict"
)

// NormVersion is a version of the document in which a norm was set otherwise.
type NormVersion struct {
	Version
	Settings []norms.Setting `json:"settings" doc:"what the tenant and its queues make of the norm from then on; none for the defaults"`
}

// NormHistory is how a norm came to be set as it is, the newest first.
type NormHistory struct {
	ID       string        `json:"id"`
	Versions []NormVersion `json:"versions"`
	Before   int64         `json:"before,omitempty" doc:"for ?before= to look at older versions of the document"`
}

// normSettings are a version's settings of one norm.
type normSettings struct {
	Norms norms.Settings `yaml:"norms"`
}

// normSource is one norm's settings as a version of the document has them, as
// YAML, nil for none.
func normSource(id string) func(Version) ([]byte, error) {
	return func(v Version) ([]byte, error) {
		d, err := ParseDocument(fmt.Sprintf("version %d", v.Version), v.Body)
		if err != nil {
			return nil, fmt.Errorf("version %d of the centre: %w", v.Version, err)
		}
		own := slices.DeleteFunc(slices.Clone(d.Norms), func(s norms.Setting) bool { return s.Rule != id })
		if len(own) == 0 {
			return nil, nil
		}
		return strict.Encode(normSettings{own})
	}
}

func (s *Server) normVersionRoutes() {
	type historyOut struct{ Body NormHistory }
	route(s, http.MethodGet, "/norms/{id}/versions", "list-norm-versions", "List the versions of the document in which a norm was set otherwise, the newest first, and by whom", func(ctx context.Context, in *struct {
		Scope
		NormPath
		Before int64 `query:"before" doc:"older than this version" minimum:"0"`
	}) (*historyOut, error) {
		if _, err := in.norm(); err != nil {
			return nil, err
		}
		out := NormHistory{ID: in.ID, Versions: []NormVersion{}}
		var wrong error
		var err error
		out.Before, err = s.changes(ctx, normSource(in.ID), in.Before, func(c partChange) bool {
			var set normSettings
			if wrong = strict.Decode("norms", c.after, &set); wrong != nil {
				return false
			}
			v := c.version
			v.Body = nil
			out.Versions = append(out.Versions, NormVersion{Version: v, Settings: orEmpty(set.Norms)})
			return true
		})
		if err == nil {
			err = wrong
		}
		return &historyOut{out}, err
	})
}
