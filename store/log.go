package store

import (
	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

type logRow struct {
	Tenant string `gorm:"primaryKey"`
	Call   string `gorm:"primaryKey"`
	Agent  string `gorm:"primaryKey"`
	Field  string `gorm:"primaryKey"`
	Value  string
	Wall   int64
}

func (logRow) TableName() string { return "call_log" }

func (r logRow) entry() fact.LogEntry {
	return fact.LogEntry{Agent: fact.AgentID(r.Agent), LogValue: fact.LogValue{Field: r.Field, Value: r.Value}, Wall: r.Wall}
}

// addLog reports whether the call had a record to add to. The last word on a
// field counts.
func (p projection) addLog(l fact.CallLog) (bool, error) {
	found := true
	for _, e := range l.Entries {
		changed, err := p.exec(`INSERT INTO call_log (tenant, call, agent, field, value, wall)
			SELECT tenant, call, $1, $2, $3, CAST($4 AS BIGINT) FROM calls WHERE tenant = $5 AND call = $6
			ON CONFLICT (tenant, call, agent, field) DO UPDATE SET value = excluded.value, wall = excluded.wall`,
			text(e.Agent), text(e.Field), prose(e.Value), e.Wall, text(l.Tenant), text(l.Call))
		if err != nil {
			return false, err
		}
		found = found && changed > 0
	}
	return found, nil
}

// logsOf is what was written about calls of one tenant, by call.
func logsOf(tx *gorm.DB, tenant fact.TenantID, calls []string) (map[string][]fact.LogEntry, error) {
	var rows []logRow
	if err := tx.Where("tenant = ? AND call IN ?", text(tenant), calls).Order("call, agent, field").Find(&rows).Error; err != nil {
		return nil, err
	}
	logs := make(map[string][]fact.LogEntry, len(rows))
	for _, r := range rows {
		logs[r.Call] = append(logs[r.Call], r.entry())
	}
	return logs, nil
}
