package rig

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// ARI asks Asterisk itself for a resource, such as "/channels".
func (h *House) ARI(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.PBX.ARI()+path, nil)
	if err != nil {
		return fmt.Errorf("ARI %s: %w", path, err)
	}
	req.SetBasicAuth(h.PBX.User(), h.PBX.Password())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ARI %s: %w", path, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ARI %s: %s", path, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("ARI %s: %w", path, err)
	}
	return nil
}

// Leftovers says what is left of calls: channels and rooms on Asterisk, calls
// and people in line in huawu; "" when everything is at rest.
func (h *House) Leftovers(ctx context.Context) (string, error) {
	var channels []struct{ ID, Name, State string }
	if err := h.ARI(ctx, "/channels", &channels); err != nil {
		return "", err
	}
	if len(channels) > 0 {
		return fmt.Sprintf("channels on Asterisk: %+v", channels), nil
	}
	var bridges []struct {
		ID       string
		Type     string `json:"bridge_type"`
		Channels []string
	}
	if err := h.ARI(ctx, "/bridges", &bridges); err != nil {
		return "", err
	}
	for _, b := range bridges {
		// The bridge with a queue's music stays for the next caller.
		if b.Type != "holding" || len(b.Channels) > 0 {
			return fmt.Sprintf("a bridge on Asterisk: %+v", b), nil
		}
	}
	calls, err := h.Calls(ctx)
	if err != nil {
		return "", err
	}
	if len(calls) > 0 {
		return fmt.Sprintf("calls in huawu: %+v", calls), nil
	}
	queues, err := h.Queues(ctx)
	if err != nil {
		return "", err
	}
	for _, q := range queues {
		if len(q.Waiting) > 0 || q.Talking > 0 {
			return fmt.Sprintf("in a queue: %+v", q), nil
		}
	}
	return "", nil
}
