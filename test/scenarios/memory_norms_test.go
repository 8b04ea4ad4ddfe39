package scenarios

import (
	"context"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
)

func (m *memory) NormCounts(_ context.Context, f api.NormFilter) (all []fact.NormCount, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.counted {
		if c.Rule == f.Rule && (f.Agent == "" || c.Agent == f.Agent) {
			all = append(all, c)
		}
	}
	return all, nil
}

// NormFigures is one, of all.
func (m *memory) NormFigures(ctx context.Context, by string, f api.NormFilter) ([]api.NormFigure, error) {
	sum := api.NormFigure{Of: by}
	all, err := m.NormCounts(ctx, f)
	for _, c := range all {
		sum.Add(c.NormTally)
	}
	return []api.NormFigure{sum}, err
}
