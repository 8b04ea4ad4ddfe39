package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/huawu/huawu/api"
)

// requestLimit bounds a request to the API; making a centre's prompts may take
// longer.
const (
	requestLimit = 30 * time.Second
	applyLimit   = 6 * time.Minute
)

// client speaks to huawu's API.
type client struct {
	base, secret string
	tokens       string // the file that the secret is of
	http         *http.Client
}

// connect finds the API and its token: by flags, by the environment, by the
// configuration of this host, or where they are when nothing is said.
func (a *app) connect() (*client, error) {
	base, tokens := a.server, a.tokenFile
	if base == "" {
		base = envOr("HUAWU_SERVER", "")
	}
	if tokens == "" {
		tokens = envOr("HUAWU_TOKEN_FILE", "")
	}
	if base == "" || tokens == "" {
		// Without a configuration there are the defaults. One that is found or
		// named and cannot be read is told: with the defaults in its place the
		// token would be missed somewhere else.
		path := findConfig(a.config)
		c := &Config{}
		if path != "" {
			var err error
			if c, err = parseConfig(path); err != nil {
				return nil, err
			}
		}
		c.setDefaults()
		if base == "" {
			base = "http://" + c.Listen
		}
		if tokens == "" {
			tokens = c.TokenFile
		}
	}
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%w: the server %q: want http://host:port", errUsage, base)
	}
	secret, err := api.FirstToken(tokens)
	if err != nil {
		return nil, &toldError{"no token for huawu's API: %v; --config names huawu's configuration, --token-file or HUAWU_TOKEN_FILE the file", []any{err}, err}
	}
	return &client{base: strings.TrimSuffix(base, "/"), secret: secret, tokens: tokens, http: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}, nil
}

// get reads a resource.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	return c.send(ctx, http.MethodGet, path, query, nil, into)
}

// send carries out a request with a body, nil for none, and reads the answer
// into into, if that is not nil. Refusals are *api.Problem.
func (c *client) send(ctx context.Context, method, path string, query url.Values, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	var content []byte
	contentType := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		content, contentType = b, "application/json"
	}
	answer, err := c.raw(ctx, method, path, query, content, contentType, "application/json")
	if err != nil || into == nil || len(answer) == 0 {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: the answer is no huawu's: %w", method, path, err)
	}
	return nil
}

// raw carries out a request and returns the answer's body.
func (c *client) raw(ctx context.Context, method, path string, query url.Values, body []byte, contentType, accept string) ([]byte, error) {
	res, err := c.open(ctx, method, path, query, body, http.Header{"Content-Type": {contentType}, "Accept": {accept}})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	return answer, nil
}

// open begins a request; the caller closes the body.
func (c *client) open(ctx context.Context, method, path string, query url.Values, body []byte, header http.Header) (*http.Response, error) {
	target := c.base + "/api/v1" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	for name, values := range header {
		if values[0] != "" {
			req.Header[name] = values
		}
	}
	req.Header.Set("Authorization", "Bearer "+c.secret)
	req.Header.Set("User-Agent", "huawu/"+version())
	res, err := c.http.Do(req)
	if err != nil {
		if netErr := (*net.OpError)(nil); errors.As(err, &netErr) {
			return nil, &toldError{"no huawu answers at %s (%v); is \"huawu serve\" running? --server or HUAWU_SERVER name another",
				[]any{c.base, netErr.Err}, err}
		}
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode < 400 {
		return res, nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	p := new(api.Problem)
	if err != nil || json.Unmarshal(answer, p) != nil || p.Status == 0 {
		return nil, &api.Problem{Status: res.StatusCode, Detail: fmt.Sprintf("%s %s: %s", method, target, res.Status)}
	}
	if p.Status == http.StatusUnauthorized {
		p.Detail = fmt.Sprintf("%s does not know the token of %s; --config, --token-file or HUAWU_TOKEN_FILE name another (%s)", c.base, c.tokens, p.Detail)
	}
	return nil, p
}
