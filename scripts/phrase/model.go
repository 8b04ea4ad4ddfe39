package phrase

import "time"

// The languages of phrases. Mandarin is what a phrase is in that names none.
const (
	Mandarin = "zh"
	English  = "en"
)

// Label is a name for people, in both languages.
type Label struct {
	Zh string `json:"zh" yaml:"zh"`
	En string `json:"en" yaml:"en"`
}

// In is the name in a language, the Mandarin one where there is no other.
func (l Label) In(language string) string {
	if language == English && l.En != "" {
		return l.En
	}
	return l.Zh
}

// Profile is a kind of hotline: its phrases and how it speaks (SPEC B.2).
type Profile struct {
	ID   string `yaml:"id"`
	Name Label  `yaml:"name"`
	// Identify is how its agents say who they are: agent_no, agent_name or
	// none. The wording does so; the ways are never mixed (AMB-17).
	Identify   string   `yaml:"identify"`
	Direction  string   `yaml:"direction"`
	Honorifics []string `yaml:"honorifics"`
	// ContactNumber is where callers are asked to call, ContactNumbers that
	// of single tiers (AMB-38).
	ContactNumber  string       `yaml:"contact_number"`
	ContactNumbers []TierNumber `yaml:"contact_numbers"`
	// LongWait is how long a caller has to have waited in line for the
	// opening to ask pardon for it.
	LongWait time.Duration `yaml:"long_wait"`
	Day      Day           `yaml:"day"`
	// Hotline is the name that the phrases give the hotline, Names all the
	// forms that they give it, Marks what no other profile may say.
	Hotline  string    `yaml:"hotline"`
	Names    []string  `yaml:"names"`
	Marks    []string  `yaml:"marks"`
	Openings []Opening `yaml:"openings"`
	// DayGreeting is the scene that greets by the part of the day, "" for none.
	DayGreeting string  `yaml:"day_greeting"`
	Scenes      []Scene `yaml:"scenes"`

	supplied []Phrase
	file     string
	at       place
}

// TierNumber is the number of callers of one tier.
type TierNumber struct {
	Tier   string `yaml:"tier"`
	Number string `yaml:"number"`
}

// Day says when the parts of a day begin, as "08:00". What is before the
// morning is the evening still.
type Day struct {
	Morning   string `json:"morning" yaml:"morning"`
	Afternoon string `json:"afternoon" yaml:"afternoon"`
	Evening   string `json:"evening" yaml:"evening"`
}

// Opening is a scene that a call may begin with; the first that holds does.
type Opening struct {
	Scene string `yaml:"scene"`
	When  string `yaml:"when"`
}

// Scene is an occasion and what is said and done there, in order (PHR-5).
type Scene struct {
	ID        string `json:"id" yaml:"id"`
	Name      Label  `json:"name" yaml:"name"`
	Direction string `json:"direction" yaml:"direction"` // inbound, outbound, both
	Source    Source `json:"source" yaml:"source"`
	// Trigger is what calls for the scene, System what huawu does then, Note
	// what is odd about the source.
	Trigger string   `json:"trigger" yaml:"trigger"`
	System  string   `json:"system" yaml:"system"`
	Note    string   `json:"note,omitempty" yaml:"note"`
	Steps   []Step   `json:"-" yaml:"steps"`
	Phrases []Phrase `json:"-" yaml:"phrases"`

	at place
}

// Source is where in the service norms something is prescribed.
type Source struct {
	Part    int    `json:"part" yaml:"part"`
	Article string `json:"article" yaml:"article"`
	Lines   string `json:"lines,omitempty" yaml:"lines"`
}

// place is where something was written.
type place struct{ line, column int }

// Step is one of say, repeat, wait and action.
type Step struct {
	Say string `json:"say,omitempty" yaml:"say"`
	// Language is that of what is said, "" for Mandarin.
	Language string `json:"language,omitempty" yaml:"language"`
	// Supplied says that the norms leave the wording out: nothing is said
	// until the tenant supplies one (AMB-32).
	Supplied bool `json:"supplied,omitempty" yaml:"supplied"`
	// Repeat says a phrase Times more times.
	Repeat string `json:"repeat,omitempty" yaml:"repeat"`
	Times  int    `json:"times,omitempty" yaml:"times"`
	// Wait is a pause, up to WaitMax if there is one; Proposed says that the
	// norms give no number.
	Wait     time.Duration `json:"-" yaml:"wait"`
	WaitMax  time.Duration `json:"-" yaml:"wait_max"`
	Proposed bool          `json:"proposed,omitempty" yaml:"proposed"`
	// Action is one of the actions of scenes; what follows are its arguments.
	Action        string   `json:"action,omitempty" yaml:"action"`
	By            string   `json:"by,omitempty" yaml:"by"`
	Reason        string   `json:"reason,omitempty" yaml:"reason"`
	To            string   `json:"to,omitempty" yaml:"to"`
	Due           string   `json:"due,omitempty" yaml:"due"`
	Assignee      string   `json:"assignee,omitempty" yaml:"assignee"`
	Priority      string   `json:"priority,omitempty" yaml:"priority"`
	Trigger       string   `json:"trigger,omitempty" yaml:"trigger"`
	Realtime      bool     `json:"realtime,omitempty" yaml:"realtime"`
	Form          string   `json:"form,omitempty" yaml:"form"`
	Fields        []string `json:"fields,omitempty" yaml:"fields"`
	Kind          string   `json:"kind,omitempty" yaml:"kind"`
	Via           string   `json:"via,omitempty" yaml:"via"`
	WithoutResult bool     `json:"without_result,omitempty" yaml:"without_result"`
	QuietHours    bool     `json:"quiet_hours,omitempty" yaml:"quiet_hours"`
	// When is the condition that the step needs, "" for none. Of steps with
	// the same OneOf one is taken.
	When  string `json:"when,omitempty" yaml:"when"`
	OneOf string `json:"one_of,omitempty" yaml:"one_of"`

	at place
}

// Who may speak a phrase.
const (
	SpeakerAgent  = "agent"
	SpeakerEither = "either" // the agent, or the system where the tenant lets it (PHR-4)
)

// How a phrase reaches the caller.
const (
	DeliveryShow    = "show"          // it is the agent's script
	DeliveryPlay    = "auto_play_opt" // the system may play it
	DeliveryLexicon = "qa_lexicon"    // a list of words that quality inspection looks for
)

// Phrase is one prescribed wording. Text is what the norms print and is never
// corrected; Template is the same with the places to fill in as {variables}.
type Phrase struct {
	Key       string `json:"key" yaml:"key"`
	Profile   string `json:"profile" yaml:"-"`
	Language  string `json:"language" yaml:"language"`
	Scene     string `json:"scene" yaml:"-"`
	Direction string `json:"direction" yaml:"-"`
	Speaker   string `json:"speaker" yaml:"speaker"`
	Delivery  string `json:"delivery" yaml:"delivery"`
	// When and OneOf are those of the step that says it.
	When     string `json:"when,omitempty" yaml:"-"`
	OneOf    string `json:"one_of,omitempty" yaml:"-"`
	Text     string `json:"text" yaml:"text"`
	Template string `json:"template" yaml:"template"`
	// Typo is what is wrong with Text, Corrected the template without it: it
	// is taken where a tenant says so (AMB-42).
	Typo      string `json:"typo,omitempty" yaml:"typo"`
	Corrected string `json:"corrected,omitempty" yaml:"corrected"`
	// Question may be put behind the phrase (AMB-18).
	Question string   `json:"-" yaml:"question"`
	Vars     []string `json:"vars,omitempty" yaml:"-"`
	Source   Source   `json:"source" yaml:"-"`
	Line     int      `json:"-" yaml:"line"` // of the norms

	at place
}

// SetPosition takes where something was written (strict.Positioned).
func (p *Profile) SetPosition(file string, line, column int) {
	p.file, p.at = file, place{line, column}
}

// SetPosition takes the place (strict.Positioned).
func (s *Scene) SetPosition(_ string, line, column int) { s.at = place{line, column} }

// SetPosition takes the place (strict.Positioned).
func (s *Step) SetPosition(_ string, line, column int) { s.at = place{line, column} }

// SetPosition takes the place (strict.Positioned).
func (p *Phrase) SetPosition(_ string, line, column int) { p.at = place{line, column} }
