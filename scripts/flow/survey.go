package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What holds where a survey says nothing else (SPEC RUL-END-3).
const (
	DefaultSurveyTimeout = 8 * time.Second
	defaultSurveyRetries = 1
	// MaxScale is the most answers of a survey.
	MaxScale = 10
)

// SurveyNode asks the caller to rate the service by one key. It asks nothing of
// a caller who may not be asked (Env.Unasked), who goes on at Else as one who
// does not answer.
type SurveyNode struct {
	// Ask is a menu's; a Timeout of 0 means 8 s, nil Retries 1.
	Ask `yaml:",inline"`
	// Scale are the answers, the best first: nil means DefaultScale.
	Scale []Rating `json:"scale,omitempty" yaml:"scale"`
	Next  string   `json:"next" yaml:"next"`
}

// Rating is one answer of a survey.
type Rating struct {
	// Key is one of 0-9 * #, Name what it means, for people.
	Key  string `json:"key" yaml:"key"`
	Name string `json:"name" yaml:"name"`
}

// DefaultScale is what a survey without a scale asks for.
var DefaultScale = []Rating{{Key: "1", Name: "满意"}, {Key: "2", Name: "一般"}, {Key: "3", Name: "不满意"}}

func (n *SurveyNode) scale() []Rating {
	if len(n.Scale) == 0 {
		return DefaultScale
	}
	return n.Scale
}

// asking is the node's ask with what holds for surveys filled in.
func (n *SurveyNode) asking() *Ask {
	a := n.Ask
	a.Timeout = orElse(a.Timeout, DefaultSurveyTimeout)
	if a.Retries == nil {
		retries := defaultSurveyRetries
		a.Retries = &retries
	}
	return &a
}

// Names says that a survey does not wait: who may not be asked passes by.
func (n *SurveyNode) Names() Names {
	return Names{Exits: []Exit{{Name: "next", To: n.Next, ByKey: true}, {Name: "else", To: n.Else}}, Prompts: n.heard()}
}

func (n *SurveyNode) enter(s *Session, at *Node) (string, bool) { return s.survey(at) }

// survey asks for a rating.
func (s *Session) survey(n *Node) (string, bool) {
	if s.env.Unasked {
		return n.Survey.Else, true
	}
	s.do(Survey{Of: len(n.Survey.scale())})
	return s.ask(n)
}

// rate takes a key as the answer.
func (s *Session) rate(n *Node, key string) (string, bool) {
	scale := n.Survey.scale()
	at := slices.IndexFunc(scale, func(r Rating) bool { return r.Key == key })
	if id, ok := s.wide(key); at < 0 && ok {
		return id, true
	}
	if at < 0 {
		return s.again(n.ask(), n.Survey.Invalid)
	}
	s.do(Survey{Of: len(scale), Score: at + 1, Name: scale[at].Name})
	return n.Survey.Next, true
}

func (n *SurveyNode) check(c *checker) {
	c.ask(n.asking())
	if len(n.Scale) == 1 || len(n.Scale) > MaxScale {
		c.wrong(fmt.Sprintf("the scale has %d answers", len(n.Scale)), fmt.Sprintf("write 2 to %d, the best first, or leave it out for 1 满意, 2 一般, 3 不满意", MaxScale))
	}
	for i, r := range n.Scale {
		switch {
		case len(r.Key) != 1 || !strings.Contains("0123456789*#", r.Key):
			c.wrong(fmt.Sprintf("answer %d has the key %q", i+1, r.Key), "write one of 0-9, \"*\", \"#\"")
		case slices.ContainsFunc(n.Scale[:i], func(o Rating) bool { return o.Key == r.Key }):
			c.wrong(fmt.Sprintf("key %q comes twice", r.Key), "keep one of them")
		}
		if r.Name == "" || len([]rune(r.Name)) > 32 || strings.ContainsAny(r.Name, "\x00\n\r") {
			c.wrong(fmt.Sprintf("answer %d is called %q", i+1, r.Name), "write name: with what the key means, such as 满意, 32 characters at most")
		}
	}
}
