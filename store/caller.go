package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// maxEarlier is how many calls of one number are counted: no more make a
// difference.
const maxEarlier = 100

// Caller is what is known of who calls by the number: how many inbound calls
// from it began at or after q.Since, 100 at most, and the agent of the latest
// one that led to a talk and began at or after q.Talk. Calls that go on are not
// known.
func (s *Store) Caller(ctx context.Context, tenant fact.TenantID, q center.CallerQuestion) (center.CallerHistory, error) {
	const op = "look up a caller"
	if tenant == "" || q.Number == "" {
		return center.CallerHistory{}, failed(ctx, op, invalid("number", `""`, "a tenant and a number"))
	}
	var h center.CallerHistory
	err := s.view(ctx, op, func(tx *gorm.DB) error {
		h = center.CallerHistory{}
		from := func() *gorm.DB {
			return tx.Model(&callRow{}).Where("tenant = ? AND from_number = ? AND direction = ?", text(tenant), text(q.Number), string(fact.Inbound))
		}
		var earlier []int64
		if err := from().Where("began >= ?", q.Since).Limit(maxEarlier).Pluck("began", &earlier).Error; err != nil {
			return err
		}
		h.Calls = len(earlier)
		var agents []string
		err := from().Where("began >= ? AND agent <> '' AND talk_ms > 0", q.Talk).Order("began DESC").Limit(1).Pluck("agent", &agents).Error
		if len(agents) > 0 {
			h.Agent = fact.AgentID(agents[0])
		}
		return err
	})
	return h, err
}
