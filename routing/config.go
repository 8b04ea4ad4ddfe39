package routing

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Config is what the ACD works by. It is valid or Validate says what is wrong.
type Config struct {
	Skills []fact.SkillID `json:"skills,omitempty" yaml:"skills"`
	Queues []Queue        `json:"queues" yaml:"queues"`
	Agents []Agent        `json:"agents" yaml:"agents"`
}

// Queue is a line that tickets wait in.
type Queue struct {
	ID   fact.QueueID `json:"id" yaml:"id"`
	Name string       `json:"name,omitempty" yaml:"name"`
	// Ring is how long an agent's phone may ring: 1 s to 120 s, 0 means the
	// three rings of 5 s (RUL-ANS-1). The offer is withdrawn a second later.
	Ring time.Duration `json:"ring,omitempty" yaml:"ring"`
	// Reach is how long a phone may take to begin to ring: 0 means 5 s.
	Reach time.Duration `json:"reach,omitempty" yaml:"reach"`
	// WrapUp is the after-call work granted: 0 to 30 min.
	WrapUp time.Duration `json:"wrap_up,omitempty" yaml:"wrap_up"`
	// Music is the switch's music class for those who wait, "" its default.
	Music string `json:"music,omitempty" yaml:"music"`
	// Needs is what every ticket of the queue asks of an agent besides
	// serving the queue: "english>=50 AND (cable OR phone)".
	Needs Needs `json:"needs,omitempty" yaml:"needs"`
	// Paused queues take tickets and make no offers.
	Paused bool `json:"paused,omitempty" yaml:"paused"`
}

// Agent is somebody who can be offered tickets.
type Agent struct {
	ID     fact.AgentID   `json:"id" yaml:"id"`
	Name   string         `json:"name,omitempty" yaml:"name"`
	Queues []fact.QueueID `json:"queues" yaml:"queues"`
	Skills []Skill        `json:"skills,omitempty" yaml:"skills"`
}

// Skill is what an agent can do, 0 (not at all) to 100.
type Skill struct {
	ID    fact.SkillID `json:"id" yaml:"id"`
	Level int          `json:"level" yaml:"level"`
}

// Needs is a requirement as it is written; it is parsed when a configuration
// is checked. "" asks for nothing.
type Needs string
