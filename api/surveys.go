package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/huawu/huawu/fact"
)

// Rated is a caller's rating and the call that it is of.
type Rated struct {
	Call fact.CallID `json:"call"`
	fact.Survey
}

// SurveyList is ratings, the latest first.
type SurveyList struct {
	Surveys []Rated `json:"surveys"`
	Next    string  `json:"next,omitempty" doc:"for ?page= of the next page; absent at the end"`
}

// SurveyFilter chooses ratings; zero fields choose all.
type SurveyFilter struct {
	Tenant   fact.TenantID
	From, To time.Time // when the caller was asked: from From on, before To
	Queue    fact.QueueID
	Agent    fact.AgentID
	Score    int
	Limit    int
	After    *SurveyCursor
}

// SurveyCursor is a place in a list of ratings.
type SurveyCursor struct {
	Asked int64       `json:"asked"`
	Call  fact.CallID `json:"call"`
}

// SurveyCount is what the store has counted for a queue or an agent.
type SurveyCount struct {
	Of                                         string
	Talks, Asked, Answered, Best, Worst, Score int64
}

// SurveyFigure is what callers thought of the talks of a queue or an agent.
type SurveyFigure struct {
	Of       string `json:"of" doc:"the queue or the agent"`
	Talks    int64  `json:"talks" doc:"inbound calls with a talk"`
	Asked    int64  `json:"asked" doc:"whose callers were asked"`
	Answered int64  `json:"answered" doc:"who answered"`
	Best     int64  `json:"best" doc:"who gave the best rating"`
	Worst    int64  `json:"worst" doc:"who gave the worst"`
	// The rates are absent where they would be of nothing.
	InviteRate   *float64 `json:"invite_rate,omitempty" doc:"asked, of talks, in percent"`
	ResponseRate *float64 `json:"response_rate,omitempty" doc:"answered, of asked, in percent"`
	CSAT         *float64 `json:"csat,omitempty" doc:"best, of answered, in percent"`
	Mean         *float64 `json:"mean,omitempty" doc:"the mean answer, 1 the best"`
}

// SurveyFigureList is figures by queue or by agent, and of all.
type SurveyFigureList struct {
	Figures []SurveyFigure `json:"figures" doc:"by id"`
	All     SurveyFigure   `json:"all" doc:"of all together"`
}

func figureOf(c SurveyCount) SurveyFigure {
	of := func(part, whole int64, times float64) *float64 {
		if whole == 0 {
			return nil
		}
		rate := math.Round(float64(part)*times/float64(whole)*100) / 100
		return &rate
	}
	return SurveyFigure{Of: c.Of, Talks: c.Talks, Asked: c.Asked, Answered: c.Answered, Best: c.Best, Worst: c.Worst,
		InviteRate: of(c.Asked, c.Talks, 100), ResponseRate: of(c.Answered, c.Asked, 100), CSAT: of(c.Best, c.Answered, 100), Mean: of(c.Score, c.Answered, 1)}
}

func (s *Server) surveyRoutes() {
	type listOut struct{ Body SurveyList }
	type figuresOut struct{ Body SurveyFigureList }
	route(s, http.MethodGet, "/surveys", "list-surveys", "List what callers think of the service", func(ctx context.Context, in *struct {
		Scope
		From  time.Time `query:"from" doc:"asked at this instant or later"`
		To    time.Time `query:"to" doc:"asked before this instant"`
		Queue string    `query:"queue" doc:"only of this queue" maxLength:"64"`
		Agent string    `query:"agent" doc:"only of this agent" maxLength:"64"`
		Score int       `query:"score" doc:"only this answer, 1 the best; all when absent" minimum:"1" maximum:"10"`
		Limit int       `query:"limit" doc:"how many at most" minimum:"1" maximum:"1000" default:"100"`
		Page  string    `query:"page" doc:"next of the page before" maxLength:"600"`
	}) (*listOut, error) {
		f := SurveyFilter{Tenant: s.tenant, From: in.From, To: in.To, Queue: fact.QueueID(in.Queue), Agent: fact.AgentID(in.Agent), Score: in.Score, Limit: in.Limit}
		var err error
		if f.After, err = placeOf[SurveyCursor](in.Page); err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		s.engine.Stored(limit)
		all, err := s.store.Surveys(limit, f)
		if err != nil {
			return nil, err
		}
		out := &listOut{SurveyList{Surveys: orEmpty(all)}}
		out.Body.Next = nextPage(all, in.Limit, func(r Rated) SurveyCursor { return SurveyCursor{Asked: r.Asked, Call: r.Call} })
		return out, nil
	})
	route(s, http.MethodGet, "/surveys/figures", "count-surveys", "Count what callers think of the service, by queue or agent", func(ctx context.Context, in *struct {
		Scope
		By   string    `query:"by" doc:"what figures are told apart by" enum:"queue,agent" default:"queue"`
		From time.Time `query:"from" doc:"calls that began at this instant or later"`
		To   time.Time `query:"to" doc:"calls that began before this instant"`
	}) (*figuresOut, error) {
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		s.engine.Stored(limit)
		counts, err := s.store.SurveyFigures(limit, s.tenant, in.By == "agent", in.From, in.To)
		if err != nil {
			return nil, err
		}
		out := &figuresOut{SurveyFigureList{Figures: []SurveyFigure{}}}
		var all SurveyCount
		for _, c := range counts {
			out.Body.Figures = append(out.Body.Figures, figureOf(c))
			all.Talks += c.Talks
			all.Asked += c.Asked
			all.Answered += c.Answered
			all.Best += c.Best
			all.Worst += c.Worst
			all.Score += c.Score
		}
		out.Body.All = figureOf(all)
		return out, nil
	})
}
