package center

import (
	"slices"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// Config is one immutable version of what a tenant's centre works by,
// compiled: every flow is checked and every prompt has its file.
type Config struct {
	Tenant  fact.TenantID `json:"tenant" yaml:"-"`
	Version int64         `json:"version" yaml:"-"`
	// Zone is the IANA zone of the tenant's hours.
	Zone    string           `json:"zone,omitempty" yaml:"zone"`
	Numbers []Number         `json:"numbers,omitempty" yaml:"numbers"`
	Trunks  []Trunk          `json:"trunks,omitempty" yaml:"trunks"`
	Codes   []FeatureCode    `json:"codes,omitempty" yaml:"codes"`
	Seats   []Seat           `json:"seats,omitempty" yaml:"seats"`
	ACD     routing.Config   `json:"acd" yaml:",inline"`
	Hours   []calendar.Hours `json:"hours,omitempty" yaml:"hours"`
	Flows   []*flow.Flow     `json:"flows,omitempty" yaml:"flows"`
	// Unrecorded calls are the exception: every call but those to feature
	// codes is recorded from its answer unless this is set.
	Unrecorded bool `json:"unrecorded,omitempty" yaml:"unrecorded"`
	// Emergency numbers always pass, from any seat: nil means 110, 119, 120
	// and 122.
	Emergency []string `json:"emergency,omitempty" yaml:"emergency"`
	// Prompts says where the audio of each prompt lies, by flow.Prompt.Key.
	Prompts []PromptFile `json:"prompts,omitempty" yaml:"-"`
}

// emergency passes from any seat unless the configuration says otherwise.
var emergency = []string{"110", "119", "120", "122"}

// Urgent says whether a number is one of the emergency numbers.
func (c *Config) Urgent(number string) bool {
	if c.Emergency == nil {
		return slices.Contains(emergency, number)
	}
	return slices.Contains(c.Emergency, number)
}

// Number is a number that callers dial.
type Number struct {
	Number string      `json:"number" yaml:"number"`
	Flow   fact.FlowID `json:"flow" yaml:"flow"`
}

// Trunk is a way out.
type Trunk struct {
	ID string `json:"id" yaml:"id"`
	// Endpoint has "{number}" where the dialled number goes:
	// "PJSIP/{number}@trunk".
	Endpoint string `json:"endpoint" yaml:"endpoint"`
	// Number is the tenant's number that the called party sees.
	Number string `json:"number" yaml:"number"`
	// Prefixes are the beginnings of dialled numbers that go this way; none
	// means all.
	Prefixes []string `json:"prefixes,omitempty" yaml:"prefixes"`
}

// FeatureCode is what an agent's phone dials to run a flow.
type FeatureCode struct {
	Code string      `json:"code" yaml:"code"`
	Flow fact.FlowID `json:"flow" yaml:"flow"`
}

// Seat is an endpoint that agents sign in at.
type Seat struct {
	Endpoint fact.Endpoint `json:"endpoint" yaml:"endpoint"`
	// Extension is what a colleague dials to reach the phone.
	Extension string `json:"extension,omitempty" yaml:"extension"`
}

// PromptFile is where the audio of a prompt lies: a path on the switch's host
// without extension.
type PromptFile struct {
	Key  string `json:"key"`
	Path string `json:"path"`
}
