package main

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/lookup"
)

// LookupsConfig says which other systems flows may ask, and by which secrets.
type LookupsConfig struct {
	// Hosts are scheme, host and port, such as https://crm.example.com or
	// http://10.0.0.5:8080. Without any no flow may ask.
	Hosts   []string       `yaml:"hosts"`
	Secrets []SecretConfig `yaml:"secrets"`
}

// SecretConfig is a secret by the name that flows know: from a file or from an
// environment variable.
type SecretConfig struct {
	Name string `yaml:"name"`
	File string `yaml:"file"`
	Env  string `yaml:"env"`
}

var secretForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// validate says what is wrong with them.
func (l LookupsConfig) validate(wrong func(field, what, remedy string)) {
	for i, host := range l.Hosts {
		u, err := url.Parse(host)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || host != u.Scheme+"://"+u.Host || strings.ToLower(host) != host {
			wrong(fmt.Sprintf("lookups.hosts[%d]", i), fmt.Sprintf("%q is no host that can be asked", host), "write scheme and host in small letters, and the port if it is another, such as https://crm.example.com")
		}
	}
	seen := map[string]bool{}
	for i, s := range l.Secrets {
		at := fmt.Sprintf("lookups.secrets[%d]", i)
		if !secretForm.MatchString(s.Name) || seen[s.Name] {
			wrong(at+".name", fmt.Sprintf("%q is no name, or comes twice", s.Name), "write small letters, digits and \"-\", and give each secret its own")
		}
		seen[s.Name] = true
		if (s.File == "") == (s.Env == "") {
			wrong(at, "the secret is to come from nowhere or from two places", "write exactly one of file, env")
		}
	}
}

// client asks other systems as the configuration lets it.
func (l LookupsConfig) client() (*lookup.Client, error) {
	secrets := make(map[string]string, len(l.Secrets))
	for _, s := range l.Secrets {
		value, err := secret("the look-ups' secret "+s.Name, s.File, s.Env)
		if err != nil {
			return nil, err
		}
		secrets[s.Name] = value
	}
	return lookup.New(lookup.Options{Hosts: l.Hosts, Secrets: secrets}), nil
}

// enquirer asks on behalf of flows (engine.Enquirer).
type enquirer struct{ client *lookup.Client }

// Enquire asks. Its errors tell neither what was asked for nor what was answered.
func (e enquirer) Enquire(ctx context.Context, _ fact.TenantID, q center.Enquiry) (center.Fetched, error) {
	ask := lookup.Question{Method: q.Method, URL: q.URL, Fields: q.Fields, Cache: q.Cache}
	for _, h := range q.Headers {
		ask.Headers = append(ask.Headers, lookup.Header(h))
	}
	for _, m := range q.Body {
		ask.Body = append(ask.Body, lookup.Member{Name: m.Name, Text: m.Value})
	}
	a, err := e.client.Ask(ctx, ask)
	return center.Fetched(a), err
}
