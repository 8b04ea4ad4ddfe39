package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// QueueConfig is a queue as it is configured. Durations are written "15s".
type QueueConfig struct {
	Name   string        `json:"name,omitempty" doc:"for people" maxLength:"200"`
	Ring   string        `json:"ring,omitempty" doc:"how long an agent's phone may ring, 1s to 120s; 15s when absent" example:"15s"`
	Reach  string        `json:"reach,omitempty" doc:"how long a phone may take to begin to ring; 5s when absent" example:"5s"`
	WrapUp string        `json:"wrap_up,omitempty" doc:"after-call work, up to 30m; none when absent" example:"10s"`
	Music  string        `json:"music,omitempty" doc:"the switch's music class" maxLength:"100"`
	Alert  string        `json:"alert,omitempty" doc:"the Alert-Info that agents' phones are rung with" maxLength:"200"`
	Needs  routing.Needs `json:"needs,omitempty" doc:"what every caller asks of an agent" example:"english>=50" maxLength:"1000"`
	Paused bool          `json:"paused,omitempty" doc:"take callers and make no offers"`
	Hours  string        `json:"hours,omitempty" doc:"the table of hours by which the queue opens and closes; always open when absent" maxLength:"64"`

	Distribution routing.Distribution `json:"distribution,omitempty" doc:"who is offered a caller: longest-idle, fewest-calls, least-talk, round-robin, linear, weighted-random, best-skill or ring-all; longest-idle when absent"`
	Width        int                  `json:"width,omitempty" doc:"how many phones ring-all lets ring, 1 to 30; 30 when absent"`
	CancelAt     string               `json:"cancel_at,omitempty" doc:"when the other phones of a round stop: room or answer; room when absent"`
	Prefers      []routing.Preference `json:"prefers,omitempty" doc:"skills that rank the agents and exclude nobody"`
	Relax        []RelaxConfig        `json:"relax,omitempty" doc:"the steps in which the queue asks for less as a caller waits"`
	Ageing       []AgeingConfig       `json:"ageing,omitempty" doc:"credits for having waited"`
	Urgency      string               `json:"urgency,omitempty" doc:"what being in this queue is worth, in waiting time" example:"1m"`
	PreferHold   string               `json:"prefer_hold,omitempty" doc:"how long a caller waits for the agent who is preferred, up to 1m; not at all when absent" example:"20s"`
	Named        bool                 `json:"named,omitempty" doc:"callers may ask for one agent"`
	MaxWaiting   int                  `json:"max_waiting,omitempty" doc:"how many may be in line; any number when absent"`
	MaxWait      string               `json:"max_wait,omitempty" doc:"how long one may be in line; for ever when absent" example:"10m"`
	MaxExpected  string               `json:"max_expected,omitempty" doc:"the longest expected wait with which one is let in" example:"20m"`
	JoinIf       routing.Staffing     `json:"join_if,omitempty" doc:"what staff there must be to be let in: on or able; any when absent"`
	StayIf       routing.Staffing     `json:"stay_if,omitempty" doc:"what staff there must be to be left in line: on or able; any when absent"`
	Grace        string               `json:"grace,omitempty" doc:"how long stay_if may be unmet; 30s when absent" example:"30s"`
	Trainees     routing.Trainees     `json:"trainees,omitempty" doc:"offer trainees callers last, or never; as everybody when absent"`
	Whisper      routing.Whisper      `json:"whisper,omitzero" doc:"what an agent hears who picks up, before the caller is there"`
	Log          []routing.LogField   `json:"log,omitempty" doc:"what agents write down about a talk; what is required keeps them from READY"`
	LogWithin    string               `json:"log_within,omitempty" doc:"how long an agent may be kept from READY by that before the leader is told; 5m when absent" example:"5m"`
	Overflow     []routing.Overflow   `json:"overflow,omitempty" doc:"which queue takes the callers that this one does not keep"`
}

// RelaxConfig is one step of a relaxation.
type RelaxConfig struct {
	After   string               `json:"after" doc:"how long the caller has waited" example:"30s"`
	Needs   routing.Needs        `json:"needs,omitempty" doc:"what the queue asks for from then on" maxLength:"1000"`
	Prefers []routing.Preference `json:"prefers,omitempty" doc:"what it prefers from then on"`
	DropOwn bool                 `json:"drop_own,omitempty" doc:"forget what the flow asks for, too"`
}

// AgeingConfig is one credit for having waited.
type AgeingConfig struct {
	After string `json:"after" doc:"how long the caller has waited" example:"5m"`
	Worth string `json:"worth" doc:"what that is worth, in waiting time" example:"2m"`
}

// span is a duration of a body, by its field.
type span struct {
	field, text string
	into        *time.Duration
}

func (c QueueConfig) queue(id fact.QueueID) (routing.Queue, error) {
	q := routing.Queue{
		ID: id, Name: c.Name, Music: c.Music, Alert: c.Alert, Whisper: c.Whisper, Needs: c.Needs, Paused: c.Paused, Hours: c.Hours, Distribution: c.Distribution,
		Width: c.Width, CancelAt: c.CancelAt, Prefers: c.Prefers, Named: c.Named, MaxWaiting: c.MaxWaiting,
		JoinIf: c.JoinIf, StayIf: c.StayIf, Overflow: c.Overflow, Log: c.Log, Trainees: c.Trainees,
	}
	if len(c.Relax) > 0 {
		q.Relax = make([]routing.Relaxation, len(c.Relax))
	}
	if len(c.Ageing) > 0 {
		q.Ageing = make([]routing.Ageing, len(c.Ageing))
	}
	spans := []span{
		{"ring", c.Ring, &q.Ring}, {"reach", c.Reach, &q.Reach}, {"wrap_up", c.WrapUp, &q.WrapUp},
		{"urgency", c.Urgency, &q.Urgency}, {"prefer_hold", c.PreferHold, &q.PreferHold}, {"max_wait", c.MaxWait, &q.MaxWait},
		{"max_expected", c.MaxExpected, &q.MaxExpected}, {"grace", c.Grace, &q.Grace}, {"log_within", c.LogWithin, &q.LogWithin},
	}
	for i, r := range c.Relax {
		q.Relax[i] = routing.Relaxation{Needs: r.Needs, Prefers: r.Prefers, DropOwn: r.DropOwn}
		spans = append(spans, span{fmt.Sprintf("relax[%d].after", i), r.After, &q.Relax[i].After})
	}
	for i, g := range c.Ageing {
		spans = append(spans, span{fmt.Sprintf("ageing[%d].after", i), g.After, &q.Ageing[i].After},
			span{fmt.Sprintf("ageing[%d].worth", i), g.Worth, &q.Ageing[i].Worth})
	}
	for _, d := range spans {
		if d.text == "" {
			continue
		}
		var err error
		if *d.into, err = time.ParseDuration(d.text); err != nil {
			p := newProblem(http.StatusUnprocessableEntity, "invalid", fmt.Sprintf("%s is %q, want a duration such as 15s", d.field, d.text))
			p.Errors = []Fault{{Message: "no duration", Location: "body." + d.field, Value: d.text, Remedy: "write a number with its unit, such as 15s"}}
			return q, p
		}
	}
	return q, nil
}

// configOf is the opposite of queue.
func configOf(q routing.Queue) QueueConfig {
	text := func(d time.Duration) string {
		if d == 0 {
			return ""
		}
		return d.String()
	}
	c := QueueConfig{
		Name: q.Name, Ring: text(q.Ring), Reach: text(q.Reach), WrapUp: text(q.WrapUp), Music: q.Music, Alert: q.Alert, Whisper: q.Whisper,
		Needs: q.Needs, Paused: q.Paused, Hours: q.Hours, Distribution: q.Distribution, Width: q.Width, CancelAt: q.CancelAt,
		Prefers: q.Prefers, Urgency: text(q.Urgency), PreferHold: text(q.PreferHold), Named: q.Named,
		MaxWaiting: q.MaxWaiting, MaxWait: text(q.MaxWait), MaxExpected: text(q.MaxExpected),
		JoinIf: q.JoinIf, StayIf: q.StayIf, Grace: text(q.Grace), Overflow: q.Overflow, Log: q.Log, Trainees: q.Trainees, LogWithin: text(q.LogWithin),
	}
	for _, r := range q.Relax {
		c.Relax = append(c.Relax, RelaxConfig{After: text(r.After), Needs: r.Needs, Prefers: r.Prefers, DropOwn: r.DropOwn})
	}
	for _, g := range q.Ageing {
		c.Ageing = append(c.Ageing, AgeingConfig{After: text(g.After), Worth: text(g.Worth)})
	}
	return c
}
