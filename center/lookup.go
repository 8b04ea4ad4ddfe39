package center

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/scripts/flow"
)

// Enquiry asks another system over HTTP, on behalf of a flow. The URL is
// complete and escaped; a header has a text or the name of a secret that the
// shell knows. Body is posted as one JSON object.
type Enquiry struct {
	Method  string        `json:"method"`
	URL     string        `json:"url"`
	Headers []flow.Header `json:"headers,omitempty"`
	Body    []flow.Arg    `json:"body,omitempty"`
	// Fields are the paths of what is wanted of the JSON answer.
	Fields []string `json:"fields,omitempty"`
	// Cache is how long an answer holds for the same question, 0 for not at
	// all.
	Cache time.Duration `json:"cache,omitempty"`
}

// Fetched is what another system has answered: a value for each of the fields,
// "" for one that is not there. Missing says that it does not know what was
// asked for.
type Fetched struct {
	Values  []string `json:"values,omitempty"`
	Missing bool     `json:"missing,omitempty"`
}

// fetching is a look-up of a flow's under way.
type fetching struct {
	Look  string `json:"look"`
	Token int    `json:"token"`
}

// enquire has another system asked. What a former run of the process has asked is
// forgotten: its answer cannot come any more.
func (c *Center) enquire(k *contact, a flow.Lookup) {
	c.unfetch(k)
	k.fetching = &fetching{Look: string(k.call.ID) + "-f" + strconv.Itoa(a.Token), Token: a.Token}
	c.looks[k.fetching.Look] = k.call.ID
	c.do(Look{Look: k.fetching.Look, Deadline: a.Timeout, Enquiry: &Enquiry{
		Method: a.Method, URL: a.URL, Headers: a.Headers, Body: a.Body, Fields: a.Fields, Cache: a.Cache,
	}})
}

// unfetch is a look-up that nobody waits for any more.
func (c *Center) unfetch(k *contact) {
	if k.fetching != nil {
		delete(c.looks, k.fetching.Look)
		k.fetching = nil
	}
}

// fetched tells the flow what another system has answered.
func (c *Center) fetched(k *contact, in Looked) {
	token := k.fetching.Token
	k.fetching = nil
	back := flow.Returned{Token: token, Outcome: flow.OutcomeFailed}
	if f := in.Fetched; in.OK && f != nil {
		back.Outcome, back.Values = flow.OutcomeDone, f.Values
		if f.Missing {
			back.Outcome, back.Values = flow.OutcomeMissing, nil
		}
	}
	c.script(k, back)
}
