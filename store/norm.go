package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

type normCountRow struct {
	Tenant   string `gorm:"primaryKey"`
	Rule     string `gorm:"primaryKey"`
	HalfHour int64  `gorm:"primaryKey;autoIncrement:false"`
	Queue    string `gorm:"primaryKey"`
	Agent    string `gorm:"primaryKey"`
	Kept     int64
	Broken   int64
	Nudged   int64
	Acted    int64
	Measured int64
	Total    int64
	Most     int64
}

func (normCountRow) TableName() string { return "norm_counts" }

func (r normCountRow) tally() fact.NormTally {
	return fact.NormTally{Kept: r.Kept, Broken: r.Broken, Nudged: r.Nudged, Acted: r.Acted, Measured: r.Measured, Sum: r.Total, Max: r.Most}
}

// NormFilter chooses counts of service norms. Zero fields choose all.
type NormFilter struct {
	// Tenant is required.
	Tenant fact.TenantID
	Rule   string
	Queue  fact.QueueID
	Agent  fact.AgentID
	// From and To bound when the half-hour began: from From on, before To.
	From, To time.Time
	// Limit is 1 to 1000; 0 means 100. Figures are not limited.
	Limit int
	// After is the last count already had, nil to begin.
	After *NormCursor
}

// NormCursor is a place in a list of counts.
type NormCursor struct {
	From  int64
	Rule  string
	Queue fact.QueueID
	Agent fact.AgentID
}

func (f NormFilter) of(q *gorm.DB) *gorm.DB {
	q = within(q.Where("tenant = ?", text(f.Tenant)), "half_hour", f.From, f.To)
	for _, only := range []struct{ column, is string }{{"rule", f.Rule}, {"queue", string(f.Queue)}, {"agent", string(f.Agent)}} {
		if only.is != "" {
			q = q.Where(only.column+" = ?", text(only.is))
		}
	}
	return q
}

// NormCounts lists what was counted of service norms, the latest half-hour first.
// ErrInvalid names the field of the filter that is wrong.
func (s *Store) NormCounts(ctx context.Context, f NormFilter) ([]fact.NormCount, error) {
	const op = "list counts of norms"
	limit, err := limitOf(f.Limit)
	if err == nil && f.Tenant == "" {
		err = invalid("Tenant", `""`, "a tenant")
	}
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	q := f.of(s.read.WithContext(ctx))
	if a := f.After; a != nil {
		q = q.Where("(half_hour, rule, queue, agent) < (?, ?, ?, ?)", a.From, text(a.Rule), text(a.Queue), text(a.Agent))
	}
	var rows []normCountRow
	if err := q.Order("half_hour DESC, rule DESC, queue DESC, agent DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, failed(ctx, op, err)
	}
	all := make([]fact.NormCount, len(rows))
	for i, r := range rows {
		all[i] = fact.NormCount{Tenant: f.Tenant, From: r.HalfHour, Rule: r.Rule, Queue: fact.QueueID(r.Queue), Agent: fact.AgentID(r.Agent), NormTally: r.tally()}
	}
	return all, nil
}

// ByRule tells figures apart by the service norm.
const ByRule By = "rule"

// NormFigure is what was counted within a span of one rule, queue or agent.
type NormFigure struct {
	Of string
	fact.NormTally
}

// NormFigures are those of each rule, queue or agent, by its id.
func (s *Store) NormFigures(ctx context.Context, by By, f NormFilter) ([]NormFigure, error) {
	const op = "figures of norms"
	switch {
	case f.Tenant == "":
		return nil, failed(ctx, op, invalid("Tenant", `""`, "a tenant"))
	case !slices.Contains([]By{ByRule, ByQueue, ByAgent}, by):
		return nil, failed(ctx, op, invalid("by", fmt.Sprintf("%q", by), "rule, queue or agent"))
	}
	var rows []struct {
		Of  string
		Sum normCountRow `gorm:"embedded"`
	}
	sum := func(column string) string { return ", CAST(SUM(" + column + ") AS BIGINT) AS " + column }
	err := f.of(s.read.WithContext(ctx).Table("norm_counts")).Select(string(by) + ` AS "of"` + sum("kept") + sum("broken") + sum("nudged") +
		sum("acted") + sum("measured") + sum("total") + ", MAX(most) AS most").Group(string(by)).Order(string(by)).Find(&rows).Error
	all := make([]NormFigure, len(rows))
	for i, r := range rows {
		all[i] = NormFigure{r.Of, r.Sum.tally()}
	}
	return all, failed(ctx, op, err)
}

// addCounts adds to what is counted of service norms.
func (p projection) addCounts(counts []fact.NormCount) error {
	// A statement may touch a row once: PostgreSQL refuses a second time.
	type key struct {
		tenant, rule, queue, agent string
		from                       int64
	}
	at := map[key]int{}
	var merged []fact.NormCount
	for _, c := range counts {
		k := key{text(c.Tenant), text(c.Rule), text(c.Queue), text(c.Agent), c.From}
		if i, known := at[k]; known {
			merged[i].Add(c.NormTally)
			continue
		}
		at[k] = len(merged)
		merged = append(merged, c)
	}
	in := insertOfNormCounts(p.dialect.spelled())
	for _, c := range merged {
		in.normCount(c)
		if in.full() {
			if err := p.insert(in); err != nil {
				return err
			}
		}
	}
	return p.insert(in)
}

func insertOfNormCounts(spelled bool) *insert {
	return newInsert(spelled, `INSERT INTO norm_counts
		(tenant, rule, half_hour, queue, agent, kept, broken, nudged, acted, measured, total, most) VALUES `,
		` ON CONFLICT (tenant, rule, half_hour, queue, agent) DO UPDATE SET kept = norm_counts.kept + excluded.kept,
		broken = norm_counts.broken + excluded.broken, nudged = norm_counts.nudged + excluded.nudged,
		acted = norm_counts.acted + excluded.acted, measured = norm_counts.measured + excluded.measured,
		total = norm_counts.total + excluded.total,
		most = CASE WHEN excluded.most > norm_counts.most THEN excluded.most ELSE norm_counts.most END`)
}

func (i *insert) normCount(c fact.NormCount) {
	i.row()
	i.texts(text(c.Tenant), text(c.Rule))
	i.numbers(c.From)
	i.texts(text(c.Queue), text(c.Agent))
	i.numbers(c.Kept, c.Broken, c.Nudged, c.Acted, c.Measured, c.Sum, c.Max)
}
