package flow

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What holds where a lookup says nothing else, and its bounds.
const (
	DefaultLookup = 3 * time.Second
	MinLookup     = time.Second
	MaxLookup     = 10 * time.Second
	MaxCache      = 24 * time.Hour
	MaxResults    = 32
	maxURL        = 2000
)

// lookupLease is how much longer than its time-out a look-up may take to be
// answered at all.
const lookupLease = 2 * time.Second

// LookupNode asks another system over HTTP, and keeps parts of its JSON answer in
// variables. The caller hears Comfort meanwhile.
type LookupNode struct {
	// Method is "GET", also meant by "", or "POST".
	Method string `json:"method,omitempty" yaml:"method"`
	// URL is http or https, of a host that huawu.yaml lists; names in braces
	// behind the host are variables.
	URL     string   `json:"url" yaml:"url"`
	Headers []Header `json:"headers,omitempty" yaml:"headers"`
	// Body are the members of the JSON object that a POST has.
	Body []Member `json:"body,omitempty" yaml:"body"`
	// Timeout is 1 s to 10 s, 0 means 3 s. Cache is how long an answer holds for
	// the same question, to 24 h, 0 for not at all.
	Timeout time.Duration `json:"timeout,omitempty" yaml:"timeout"`
	Cache   time.Duration `json:"cache,omitempty" yaml:"cache"`
	// Again says that a POST may be asked again after a restart; a GET always is.
	Again   bool     `json:"again,omitempty" yaml:"again"`
	Results []Result `json:"results,omitempty" yaml:"results"`
	Comfort []Prompt `json:"comfort,omitempty" yaml:"comfort"`
	Next    string   `json:"next" yaml:"next"`
	// Missing is where the flow goes on when the other system does not know
	// what was asked for (404), "" for Else; Else when it did not answer.
	Missing string `json:"missing,omitempty" yaml:"missing"`
	Else    string `json:"else" yaml:"else"`
}

// Header is one header of a look-up: Text, or a secret by its name in huawu.yaml.
type Header struct {
	Name   string `json:"name" yaml:"name"`
	Text   string `json:"text,omitempty" yaml:"text"`
	Secret string `json:"secret,omitempty" yaml:"secret"`
}

// Member is one member of what is posted, a text: Text or a variable.
type Member struct {
	Name string `json:"name" yaml:"name"`
	Text string `json:"text,omitempty" yaml:"text"`
	From string `json:"from,omitempty" yaml:"from"`
}

// Result is one part of the answer: a member of it by its path, such as
// "account.balance" or "orders.0.state".
type Result struct {
	Variable string `json:"variable" yaml:"variable"`
	Field    string `json:"field" yaml:"field"`
}

var (
	headerName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)
	secretName  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	memberName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)
	fieldPath   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,9}$`)
	placeholder = regexp.MustCompile(`\{([^{}]*)\}`)
)

// reservedHeaders are not a flow's to write.
var reservedHeaders = []string{"host", "content-length", "content-type", "connection", "transfer-encoding", "upgrade", "te", "trailer", "cookie"}

func (l *LookupNode) timeout() time.Duration { return orElse(l.Timeout, DefaultLookup) }

func (l *LookupNode) method() string {
	if l.Method == "" {
		return "GET"
	}
	return l.Method
}

// holes are the variables that the URL names.
func (l *LookupNode) holes() []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(l.URL, -1) {
		all = append(all, m[1])
	}
	return all
}

func (l *LookupNode) Names() Names {
	n := Names{Exits: []Exit{{Name: "next", To: l.Next}, {Name: "else", To: l.Else}}, Prompts: []Heard{{"comfort", l.Comfort}}, Reads: l.holes()}
	if l.Missing != "" {
		n.Exits = append(n.Exits, Exit{Name: "missing", To: l.Missing})
	}
	for _, m := range l.Body {
		n.Takes = append(n.Takes, m.From)
	}
	for _, r := range l.Results {
		n.Sets = append(n.Sets, r.Variable)
	}
	return n
}

// address is the URL with the variables in their places. No value can leave the
// part of the path or the query that it stands in.
func (l *LookupNode) address(s *Session) (string, bool) {
	path, query, asks := strings.Cut(l.URL, "?")
	fits := true
	path = placeholder.ReplaceAllStringFunc(path, func(hole string) string {
		value := s.variable(strings.Trim(hole, "{}"))
		if value == "" || strings.Trim(value, ".") == "" {
			fits = false // an empty part or ".." would be another address
		}
		return url.PathEscape(value)
	})
	if !asks {
		return path, fits
	}
	query = placeholder.ReplaceAllStringFunc(query, func(hole string) string {
		return url.QueryEscape(s.variable(strings.Trim(hole, "{}")))
	})
	return path + "?" + query, fits
}

func (l *LookupNode) enter(s *Session, _ *Node) (string, bool) {
	address, fits := l.address(s)
	if !fits {
		return l.Else, true
	}
	a := Lookup{Method: l.method(), URL: address, Headers: l.Headers, Timeout: l.timeout(), Cache: l.Cache}
	for _, m := range l.Body {
		arg := Arg{Name: m.Name, Value: m.Text}
		if i := s.index(m.From); m.From != "" && i >= 0 {
			arg.Value, arg.Secret = s.s.Vars[i].Value, s.s.Vars[i].Secret
		} else if m.From != "" {
			arg.Value = s.toldOf(m.From)
		}
		a.Body = append(a.Body, arg)
	}
	for _, r := range l.Results {
		a.Fields = append(a.Fields, r.Field)
	}
	s.s.Phase, s.s.Await, s.s.Due = PhaseDeed, s.mint(), s.now.At.Add(l.timeout()+lookupLease)
	a.Token = s.s.Await
	s.do(a)
	s.comfort(l)
	return "", false
}

// comfort lets the caller hear something while the answer is not there.
func (s *Session) comfort(l *LookupNode) {
	if len(l.Comfort) == 0 {
		return
	}
	s.answer()
	s.s.Heard = s.mint()
	s.do(Play{Token: s.s.Heard, Prompts: s.says(l.Comfort), Language: textual(s.language())})
}

// looked goes on after a look-up.
func (s *Session) looked(l *LookupNode, o Outcome, values []string) (string, bool) {
	s.s.Vars = slices.DeleteFunc(s.s.Vars, func(a Arg) bool { return a.Secret })
	for i, r := range l.Results {
		value := ""
		if o == OutcomeDone && i < len(values) {
			value = values[i]
		}
		s.set(r.Variable, value, false)
	}
	switch {
	case o == OutcomeDone:
		return l.Next, true
	case o == OutcomeMissing && l.Missing != "":
		return l.Missing, true
	}
	return l.Else, true
}

func (l *LookupNode) check(c *checker) {
	if l.method() != "GET" && l.method() != "POST" {
		c.wrong(fmt.Sprintf("method is %q", l.Method), "write GET or POST")
	}
	c.span("timeout", l.Timeout, MinLookup, MaxLookup)
	c.span("cache", l.Cache, time.Second, MaxCache)
	c.address(l)
	if len(l.Body) > 0 && l.method() != "POST" {
		c.wrong("body is not for GET", "write method: POST, or put it into the URL")
	}
	for i, h := range l.Headers {
		switch {
		case !headerName.MatchString(h.Name):
			c.wrong(fmt.Sprintf("header %d is called %q", i+1, h.Name), "write letters, digits and \"-\"")
		case slices.Contains(reservedHeaders, strings.ToLower(h.Name)):
			c.wrong(fmt.Sprintf("header %q is not a flow's to write", h.Name), "leave it out")
		case (h.Text == "") == (h.Secret == ""):
			c.wrong(fmt.Sprintf("header %q must have a text or a secret", h.Name), "write text:, or secret: with a name of lookups.secrets in huawu.yaml")
		case h.Secret != "" && !secretName.MatchString(h.Secret):
			c.wrong(fmt.Sprintf("secret %q", h.Secret), "write its name in lookups.secrets of huawu.yaml; the secret itself never stands in a flow")
		case len(h.Text) > MaxValue || strings.ContainsFunc(h.Text, func(r rune) bool { return r < ' ' || r > '~' }):
			c.wrong(fmt.Sprintf("header %q has a text that no header can have", h.Name), fmt.Sprintf("write at most %d visible ASCII characters", MaxValue))
		}
	}
	for i, m := range l.Body {
		switch {
		case !memberName.MatchString(m.Name):
			c.wrong(fmt.Sprintf("member %d of the body is called %q", i+1, m.Name), "write letters, digits, \"_\" and \"-\"")
		case slices.ContainsFunc(l.Body[:i], func(o Member) bool { return o.Name == m.Name }):
			c.wrong(fmt.Sprintf("member %q comes twice", m.Name), "keep one of them")
		case m.Text != "" && m.From != "":
			c.wrong(fmt.Sprintf("member %q has text and from", m.Name), "keep one of them")
		case m.From != "":
			c.variable(m.From)
			c.comes(m.From)
		}
	}
	if len(l.Results) > MaxResults {
		c.wrong(fmt.Sprintf("%d results", len(l.Results)), fmt.Sprintf("%d are the most", MaxResults))
	}
	for _, r := range l.Results {
		c.owns(r.Variable)
		if !fieldPath.MatchString(r.Field) {
			c.wrong(fmt.Sprintf("field %q of the answer", r.Field), "write a path such as account.balance or orders.0.state")
		}
	}
}

// address checks a URL and what stands in it.
func (c *checker) address(l *LookupNode) {
	const remedy = "write it as https://crm.example.com/customers/{caller_number}?language=zh, with variables behind the host alone"
	for _, name := range l.holes() {
		c.comes(name)
	}
	bare := placeholder.ReplaceAllString(l.URL, "x")
	u, err := url.Parse(bare)
	switch {
	case len(l.URL) > maxURL || err != nil || strings.ContainsAny(bare, "{}#\x00\n\r\t "):
		c.wrong(fmt.Sprintf("url %q cannot be read", l.URL), remedy)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "":
		c.wrong(fmt.Sprintf("url %q is none of a host", l.URL), remedy)
	case !strings.HasPrefix(l.URL, u.Scheme+"://"+u.Host+"/"):
		c.wrong(fmt.Sprintf("url %q has a variable in its host, or no path", l.URL), remedy)
	case c.refs.Lookup != nil:
		var secrets []string
		for _, h := range l.Headers {
			if h.Secret != "" {
				secrets = append(secrets, h.Secret)
			}
		}
		if err := c.refs.Lookup(u.Scheme, u.Host, secrets); err != nil {
			c.wrong(err.Error(), "list it in lookups of huawu.yaml, and start huawu anew")
		}
	}
}
