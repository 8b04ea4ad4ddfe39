package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

type surveyRow struct {
	Tenant   string `gorm:"primaryKey"`
	Call     string `gorm:"primaryKey"`
	Queue    string
	Agent    string
	Asked    int64
	Answered int64
	Score    int
	Of       int
	Name     string
}

func (surveyRow) TableName() string { return "surveys" }

func (r surveyRow) survey() fact.Survey {
	return fact.Survey{Queue: fact.QueueID(r.Queue), Agent: fact.AgentID(r.Agent), Asked: r.Asked, Answered: r.Answered,
		Score: r.Score, Of: r.Of, Name: r.Name}
}

// SurveyFilter chooses ratings. Zero fields choose all.
type SurveyFilter struct {
	// Tenant is required.
	Tenant fact.TenantID
	// From and To bound when the caller was asked: from From on, before To.
	From, To time.Time
	Queue    fact.QueueID
	Agent    fact.AgentID
	// Score is one answer, 1 the best; 0 also those who did not answer.
	Score int
	// Limit is 1 to 1000; 0 means 100.
	Limit int
	// After is the last rating already had, nil to begin.
	After *SurveyCursor
}

// SurveyCursor is a place in a list of ratings.
type SurveyCursor struct {
	Asked int64
	Call  fact.CallID
}

// Rated is a rating and the call that it is of.
type Rated struct {
	Call fact.CallID
	fact.Survey
}

// Surveys lists ratings, the latest first. ErrInvalid names the field of the
// filter that is wrong.
func (s *Store) Surveys(ctx context.Context, f SurveyFilter) ([]Rated, error) {
	const op = "list surveys"
	limit, err := limitOf(f.Limit)
	if err == nil && f.Tenant == "" {
		err = invalid("Tenant", `""`, "a tenant")
	}
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	q := within(s.read.WithContext(ctx).Where("tenant = ?", text(f.Tenant)), "asked", f.From, f.To)
	if f.Queue != "" {
		q = q.Where("queue = ?", text(f.Queue))
	}
	if f.Agent != "" {
		q = q.Where("agent = ?", text(f.Agent))
	}
	if f.Score != 0 {
		q = q.Where("score = ?", f.Score)
	}
	if f.After != nil {
		q = q.Where("(asked, call) < (?, ?)", f.After.Asked, text(f.After.Call))
	}
	var rows []surveyRow
	if err := q.Order("asked DESC, call DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, failed(ctx, op, err)
	}
	all := make([]Rated, len(rows))
	for i, r := range rows {
		all[i] = Rated{Call: fact.CallID(r.Call), Survey: r.survey()}
	}
	return all, nil
}

// By is what figures are told apart by.
type By string

// What figures are told apart by.
const (
	ByQueue By = "queue"
	ByAgent By = "agent"
)

// SurveyFigures count the inbound calls with a talk that began within a span,
// and what their callers thought of them.
type SurveyFigures struct {
	// Of is the queue or the agent.
	Of string
	// Talks are all of the calls, Asked those whose callers were asked,
	// Answered those who answered; Best and Worst how many gave either end of
	// the scale.
	Talks, Asked, Answered, Best, Worst int64
	// Score is the sum of the answers, 1 the best.
	Score int64
}

// SurveyFigures are those of each queue or agent, by its id.
func (s *Store) SurveyFigures(ctx context.Context, tenant fact.TenantID, by By, from, to time.Time) ([]SurveyFigures, error) {
	const op = "figures of surveys"
	column, known := map[By]string{ByQueue: "COALESCE(s.queue, c.queue)", ByAgent: "COALESCE(s.agent, c.agent)"}[by]
	switch {
	case tenant == "":
		return nil, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	case !known:
		return nil, failed(ctx, op, invalid("by", fmt.Sprintf("%q", by), "queue or agent"))
	}
	q := within(s.read.WithContext(ctx).Table("calls c").Where("c.tenant = ? AND c.direction = ? AND c.talk_ms > 0", text(tenant), string(fact.Inbound)),
		"c.began", from, to)
	var all []SurveyFigures
	err := q.Joins("LEFT JOIN surveys s ON s.tenant = c.tenant AND s.call = c.call").Select(column + ` AS "of", COUNT(*) AS talks,
		COUNT(s.call) AS asked, COUNT(CASE WHEN s.score > 0 THEN 1 END) AS answered, COUNT(CASE WHEN s.score = 1 THEN 1 END) AS best,
		COUNT(CASE WHEN s.score > 0 AND s.score = s."of" THEN 1 END) AS worst, CAST(COALESCE(SUM(s.score), 0) AS BIGINT) AS score`).
		Group(column).Order(column).Find(&all).Error
	return all, failed(ctx, op, err)
}

// addSurvey writes a call's rating beside its record.
func (p projection) addSurvey(r fact.Record) error {
	v := r.Survey
	if v == nil {
		return nil
	}
	_, err := p.exec(`INSERT INTO surveys (tenant, call, queue, agent, asked, answered, score, "of", name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		text(r.Tenant), text(r.Call), text(v.Queue), text(v.Agent), v.Asked, v.Answered, v.Score, v.Of, prose(v.Name))
	return err
}

// surveysOf are the ratings of calls of one tenant, by call.
func surveysOf(tx *gorm.DB, tenant fact.TenantID, calls []string) (map[string]*fact.Survey, error) {
	var rows []surveyRow
	if err := tx.Where("tenant = ? AND call IN ?", text(tenant), calls).Find(&rows).Error; err != nil {
		return nil, err
	}
	found := make(map[string]*fact.Survey, len(rows))
	for _, r := range rows {
		v := r.survey()
		found[r.Call] = &v
	}
	return found, nil
}
