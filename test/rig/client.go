package rig

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// Client speaks to huawu's API.
type Client struct {
	Base      string
	TokenFile string
}

// Refusal is an answer of 400 and above.
type Refusal struct {
	Status int
	Body   string
}

func (r *Refusal) Error() string { return fmt.Sprintf("HTTP %d: %s", r.Status, r.Body) }

// Get reads a resource into a value; nil reads it away.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	return c.Do(ctx, http.MethodGet, path, nil, into)
}

// Post sends a body as JSON; nil sends none.
func (c *Client) Post(ctx context.Context, path string, body, into any) error {
	return c.Do(ctx, http.MethodPost, path, body, into)
}

// Do is one request.
func (c *Client) Do(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		content = bytes.NewReader(b)
	}
	return c.exchange(ctx, method, path, "application/json", content, into)
}

// Upload is one request whose body is no JSON.
func (c *Client) Upload(ctx context.Context, method, path, kind string, body []byte, into any) error {
	return c.exchange(ctx, method, path, kind, bytes.NewReader(body), into)
}

func (c *Client) exchange(ctx context.Context, method, path, kind string, content io.Reader, into any) error {
	res, err := c.open(ctx, method, path, kind, content)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode >= 400 {
		return fmt.Errorf("%s %s: %w", method, path, &Refusal{res.StatusCode, string(b)})
	}
	if into == nil || len(b) == 0 {
		return nil
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s %s: %w in %s", method, path, err, b)
	}
	return nil
}

func (c *Client) open(ctx context.Context, method, path, kind string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if secret := c.token(); secret != "" {
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	return http.DefaultClient.Do(req)
}

// token is the first secret of the token file: a line is "<secret>" or "<name>
// <secret> [role]".
func (c *Client) token() string {
	b, err := os.ReadFile(c.TokenFile)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		switch f := strings.Fields(line); len(f) {
		case 0:
		case 1:
			return f[0]
		default:
			return f[1]
		}
	}
	return ""
}

// Queues are the centre's queues and who waits in them.
func (c *Client) Queues(ctx context.Context) ([]center.QueueView, error) {
	var r struct{ Queues []center.QueueView }
	err := c.Get(ctx, "/api/v1/queues", &r)
	return r.Queues, err
}

// Agents are all agents.
func (c *Client) Agents(ctx context.Context) ([]center.AgentView, error) {
	var r struct{ Agents []center.AgentView }
	err := c.Get(ctx, "/api/v1/agents", &r)
	return r.Agents, err
}

// Cursor is the place of the present in the stream of events.
func (c *Client) Cursor(ctx context.Context) (string, error) {
	var r struct{ Cursor string }
	err := c.Get(ctx, "/api/v1/agents", &r)
	return r.Cursor, err
}

// Calls are the calls in progress.
func (c *Client) Calls(ctx context.Context) ([]center.CallView, error) {
	var r struct{ Calls []center.CallView }
	err := c.Get(ctx, "/api/v1/calls", &r)
	return r.Calls, err
}

// Ended are the latest ended calls, the last one first.
func (c *Client) Ended(ctx context.Context) ([]fact.Record, error) {
	var r struct{ Ended []fact.Record }
	err := c.Get(ctx, "/api/v1/calls?ended=true", &r)
	return r.Ended, err
}

// SignIn signs an agent in at PJSIP/<seat>, ready.
func (c *Client) SignIn(ctx context.Context, agent, seat string) error {
	return c.Post(ctx, "/api/v1/agents/"+agent+"/sign-in", map[string]any{"endpoint": "PJSIP/" + seat, "ready": true}, nil)
}

// Text reads a resource as it is.
func (c *Client) Text(ctx context.Context, path string) (string, error) {
	res, err := c.open(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return "", fmt.Errorf("GET %s: %w", path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = &Refusal{res.StatusCode, string(b)}
	}
	if err != nil {
		return "", fmt.Errorf("GET %s: %w", path, err)
	}
	return string(b), nil
}

// Event is one event of the stream.
type Event struct {
	ID string `json:"id"`
	fact.Event
}

// Follow calls take with each event until ctx ends or take says false. It
// begins after the cursor, "" for now on.
func (c *Client) Follow(ctx context.Context, after string, take func(Event) bool) error {
	path := "/api/v1/events"
	if after != "" {
		path += "?after=" + after
	}
	res, err := c.open(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return fmt.Errorf("follow events: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(res.Body)
		return fmt.Errorf("follow events: %w", &Refusal{res.StatusCode, string(b)})
	}
	var e Event
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "id":
			e.ID = value
		case "data":
			id := e.ID
			if err := json.Unmarshal([]byte(value), &e); err != nil {
				return fmt.Errorf("follow events: %w in %s", err, value)
			}
			e.ID = id
		case "":
			if e.Kind != "" && !take(e) {
				return nil
			}
			e = Event{}
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return lines.Err()
}

// Until asks again and again until so says true, for at most limit.
func Until(ctx context.Context, limit time.Duration, what string, so func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := so()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited %v for %s: last error %v", limit, what, err)
		case <-tick.C:
		}
	}
}
