package store

import (
	"context"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
)

type tryRow struct {
	Tenant   string `gorm:"primaryKey"`
	Callback string `gorm:"primaryKey"`
	Began    int64  `gorm:"primaryKey"`
	Call     string
	Agent    string
	Ended    int64
	Outcome  string
}

func (tryRow) TableName() string { return "callback_attempts" }

// addTry keeps an attempt, or what came of it. The callback follows while it is
// open and by no older attempt: people may have closed it, or given it another
// time, meanwhile.
func (p projection) addTry(t fact.CallbackTry) error {
	_, err := p.exec(`INSERT INTO callback_attempts (tenant, callback, began, call, agent, ended, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (tenant, callback, began) DO UPDATE SET ended = excluded.ended, outcome = excluded.outcome`,
		text(t.Tenant), text(t.Callback), t.Began, text(t.Call), text(t.Agent), t.Ended, text(t.Outcome))
	if err != nil {
		return err
	}
	_, err = p.exec(`UPDATE callback SET state = $1, stage = $2, attempts = $3, tried = $4, outcome = CASE WHEN $5 = '' THEN outcome ELSE $5 END, row_length = $6, last_call = $7, next = $8,
		closed_by = $9, closed = $10 WHERE tenant = $11 AND id = $12 AND state = $13 AND tried <= $4`,
		text(t.State), text(t.Stage), t.Attempts, t.Began, text(t.Outcome), t.Row, text(t.Call), t.Next, text(t.By), t.Closed,
		text(t.Tenant), text(t.Callback), string(callback.Open))
	return err
}

// CallbackAttempts are the attempts at a callback, the first at the top.
func (s *Store) CallbackAttempts(ctx context.Context, tenant fact.TenantID, id fact.CallbackID) ([]callback.Attempt, error) {
	var rows []tryRow
	err := s.read.WithContext(ctx).Where("tenant = ? AND callback = ?", text(tenant), text(id)).Order("began").Find(&rows).Error
	if err != nil {
		return nil, failed(ctx, "list attempts of callback "+string(id), err)
	}
	all := make([]callback.Attempt, len(rows))
	for i, r := range rows {
		all[i] = callback.Attempt{Call: fact.CallID(r.Call), Agent: fact.AgentID(r.Agent), Began: r.Began, Ended: r.Ended, Outcome: callback.Outcome(r.Outcome)}
	}
	return all, nil
}
