package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

// checker collects what is wrong with a document, with the lines of its source.
type checker struct {
	file     string
	src      []byte
	locate   func(field string) (line, column int) // of src, nil before the first problem
	pins     []PIN
	lookup   func(scheme, host string, secrets []string) error
	problems []strict.Problem
}

// err is a *strict.Errors, nil when nothing is wrong.
func (k *checker) err() error {
	if len(k.problems) == 0 {
		return nil
	}
	return &strict.Errors{Problems: k.problems}
}

func (k *checker) add(p strict.Problem) {
	if !k.full() {
		k.problems = append(k.problems, p)
	}
}

// full says that no more problems are told.
func (k *checker) full() bool { return len(k.problems) >= strict.MaxProblems }

// wrong notes a problem of a field.
func (k *checker) wrong(field, what, remedy string) {
	if k.full() {
		return
	}
	if k.locate == nil {
		k.locate = strict.Locator(k.src)
	}
	line, column := k.locate(field)
	k.add(strict.Problem{File: k.file, Line: line, Column: column, Field: field, What: what, Remedy: remedy})
}

// The forms of what people write.
var (
	dialled  = regexp.MustCompile(`^[+]?[0-9*#]{1,32}$`)
	endpoint = regexp.MustCompile(`^[A-Za-z0-9]+/[^\s,;|&]{1,120}$`)
)

// check holds the whole configuration to its rules.
func (k *checker) check(c center.Config) {
	if c.Zone != "" {
		if _, err := time.LoadLocation(c.Zone); err != nil {
			k.wrong("zone", fmt.Sprintf("%q is no time zone", c.Zone), "write an IANA zone, such as Asia/Shanghai")
		}
	}
	k.routing(c.ACD)
	k.hours(c.Hours)
	k.open(c)
	k.numbers(c)
	k.seats(c)
	k.trunks(c)
	k.dialling(c)
	k.display(c)
	k.callers(c)
	k.supervision(c)
	k.secrets(c)
	k.occasions(c)
	k.flows(c)
	k.phrases(c)
	k.norms(c)
	k.recording(c)
}

// each are the errors that were joined, none for nil.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// inParens is the id that routing puts behind an index: "queues[0](sales)".
var inParens = regexp.MustCompile(`\([^)]*\)`)

// routing tells what the ACD finds wrong: "<field>: <what>: want <right>: …".
func (k *checker) routing(c routing.Config) {
	for _, err := range each(c.Validate()) {
		text := strings.TrimSuffix(err.Error(), ": "+routing.ErrConfig.Error())
		field, what, _ := strings.Cut(text, ": ")
		what, remedy, _ := strings.Cut(what, ": want ")
		if remedy != "" {
			remedy = "want " + remedy
		}
		k.wrong(inParens.ReplaceAllString(field, ""), what, remedy)
	}
}

func (k *checker) hours(all []calendar.Hours) {
	seen := make(map[string]bool)
	for i, h := range all {
		at := fmt.Sprintf("hours[%d]", i)
		if h.ID == "" || seen[h.ID] {
			k.wrong(at+".id", fmt.Sprintf("%q is empty or comes twice", h.ID), "give each table an id of its own")
		}
		seen[h.ID] = true
		_, err := calendar.Compile(h)
		for _, err := range each(err) {
			what, remedy, _ := strings.Cut(err.Error(), "; ")
			k.wrong(at, what, remedy)
		}
	}
}

// open checks that queues keep hours that are there.
func (k *checker) open(c center.Config) {
	for i, q := range c.ACD.Queues {
		if q.Hours != "" && !slices.ContainsFunc(c.Hours, func(h calendar.Hours) bool { return h.ID == q.Hours }) {
			k.wrong(fmt.Sprintf("queues[%d].hours", i), fmt.Sprintf("%q are not there", q.Hours), "name one of the tables of hours")
		}
	}
}

// numbers are what is dialled: from outside and from agents' phones.
func (k *checker) numbers(c center.Config) {
	flows := flowNames(c)
	dials := func(list, number string, seen map[string]bool, i int) {
		switch {
		case !dialled.MatchString(number):
			k.wrong(fmt.Sprintf("%s[%d]", list, i), fmt.Sprintf("%q cannot be dialled", number), "write 1 to 32 digits, * or #")
		case seen[number]:
			k.wrong(fmt.Sprintf("%s[%d]", list, i), fmt.Sprintf("%q comes twice", number), "keep one of them")
		}
		seen[number] = true
	}
	runs := func(list string, i int, id fact.FlowID) {
		if !slices.Contains(flows, string(id)) {
			k.wrong(fmt.Sprintf("%s[%d].flow", list, i), fmt.Sprintf("there is no flow %q", id), known(flows))
		}
	}
	if id := c.AfterTalk; id != "" && !slices.Contains(flows, string(id)) {
		k.wrong("after_talk", fmt.Sprintf("there is no flow %q", id), known(flows))
	}
	in, inside, emergency := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, n := range c.Numbers {
		dials("numbers", n.Number, in, i)
		runs("numbers", i, n.Flow)
	}
	for i, code := range c.Codes {
		dials("codes", code.Code, inside, i)
		runs("codes", i, code.Flow)
	}
	for i, s := range c.Seats {
		if s.Extension != "" { // extensions and codes are dialled from the same phones
			dials("seats", s.Extension, inside, i)
		}
	}
	for i, n := range c.Emergency {
		dials("emergency", n, emergency, i)
	}
	for i, code := range c.Codes {
		if c.Urgent(code.Code) {
			k.wrong(fmt.Sprintf("codes[%d]", i), fmt.Sprintf("%q is an emergency number, which always passes", code.Code), "give the code another number")
		}
	}
	for i, s := range c.Seats {
		if c.Urgent(s.Extension) {
			k.wrong(fmt.Sprintf("seats[%d]", i), fmt.Sprintf("%q is an emergency number, which always passes", s.Extension), "give the seat another extension")
		}
	}
}

func flowNames(c center.Config) []string {
	all := make([]string, len(c.Flows))
	for i, f := range c.Flows {
		all[i] = string(f.ID)
	}
	return all
}

func (k *checker) seats(c center.Config) {
	seen := make(map[fact.Endpoint]bool)
	for i, s := range c.Seats {
		at := fmt.Sprintf("seats[%d].endpoint", i)
		switch {
		case !endpoint.MatchString(string(s.Endpoint)):
			k.wrong(at, fmt.Sprintf("%q is no endpoint", s.Endpoint), "write it as the switch does, such as PJSIP/1001")
		case seen[s.Endpoint]:
			k.wrong(at, fmt.Sprintf("%q comes twice", s.Endpoint), "keep one of them")
		}
		seen[s.Endpoint] = true
	}
}

func (k *checker) trunks(c center.Config) {
	seen := make(map[string]bool)
	for i, t := range c.Trunks {
		at := fmt.Sprintf("trunks[%d]", i)
		if t.ID == "" || seen[t.ID] {
			k.wrong(at+".id", fmt.Sprintf("%q is empty or comes twice", t.ID), "give each trunk an id of its own")
		}
		seen[t.ID] = true
		if !endpoint.MatchString(strings.Replace(t.Endpoint, "{number}", "0", 1)) || strings.Count(t.Endpoint, "{number}") != 1 {
			k.wrong(at+".endpoint", fmt.Sprintf("%q is no way out", t.Endpoint), "write {number} where the dialled number goes, such as PJSIP/{number}@trunk")
		}
		if !dialled.MatchString(t.Number) {
			k.wrong(at+".number", fmt.Sprintf("%q is no number", t.Number), "write the tenant's number, which the called party sees")
		}
		for j, p := range t.Prefixes {
			if !dialled.MatchString(p) {
				k.wrong(fmt.Sprintf("%s.prefixes[%d]", at, j), fmt.Sprintf("%q cannot begin a number", p), "write digits")
			}
		}
	}
}

// pinForm is what the store takes for a PIN.
var pinForm = regexp.MustCompile(`^[0-9]{4,12}$`)

// secrets checks PINs without repeating them.
func (k *checker) secrets(c center.Config) {
	seen := make(map[fact.AgentID]bool)
	for i, p := range k.pins {
		at := fmt.Sprintf("pins[%d]", i)
		switch {
		case !slices.ContainsFunc(c.ACD.Agents, func(a routing.Agent) bool { return a.ID == p.Agent }):
			k.wrong(at+".agent", fmt.Sprintf("there is no agent %q", p.Agent), "name one of agents")
		case seen[p.Agent]:
			k.wrong(at+".agent", fmt.Sprintf("agent %q comes twice", p.Agent), "keep one PIN an agent")
		}
		seen[p.Agent] = true
		if !pinForm.MatchString(p.PIN) {
			k.wrong(at+".pin", "the PIN has another form", "write 4 to 12 digits")
		}
	}
}

func (k *checker) flows(c center.Config) {
	refs := flow.Refs{Needs: needs(c.ACD), Lookup: k.lookup, Flows: c.Flows, Scene: CheckScene}
	if shipped, err := catalogue(); err == nil { // else phrases says so
		refs.Phrase = phrased(shipped.Book(c.Phrases))
	}
	for _, q := range c.ACD.Queues {
		refs.Queues = append(refs.Queues, q.ID)
	}
	for _, h := range c.Hours {
		refs.Hours = append(refs.Hours, h.ID)
	}
	refs.Festivals, refs.Incidents = []string{}, []string{}
	for _, f := range c.Festivals {
		refs.Festivals = append(refs.Festivals, f.ID)
	}
	for _, i := range c.Incidents {
		refs.Incidents = append(refs.Incidents, i.ID)
	}
	seen := make(map[fact.FlowID]bool)
	for i, f := range c.Flows {
		if seen[f.ID] {
			k.wrong(fmt.Sprintf("flows[%d].id", i), fmt.Sprintf("flow %q comes twice", f.ID), "give each flow an id of its own")
		}
		seen[f.ID] = true
		for _, p := range f.Check(refs) {
			field := "flow " + string(f.ID)
			if p.Node != "" {
				field += ", node " + p.Node
			}
			k.add(strict.Problem{File: p.File, Line: p.Line, Field: field, What: p.What, Remedy: p.Remedy})
		}
	}
}

// needs checks a requirement against the skills there are.
func needs(c routing.Config) func(string) error {
	return func(text string) error {
		r, err := routing.ParseNeeds(text)
		if err != nil {
			return err
		}
		for _, id := range r.Skills() {
			if !slices.Contains(c.Skills, id) {
				return fmt.Errorf("skill %q is not one of skills", id)
			}
		}
		return nil
	}
}

// known is what may be named, in a remedy.
func known(all []string) string {
	if len(all) == 0 {
		return "there are none yet"
	}
	const most = 20
	if len(all) > most {
		all = append(slices.Clone(all[:most]), "…")
	}
	return "name one of " + strings.Join(all, ", ")
}
