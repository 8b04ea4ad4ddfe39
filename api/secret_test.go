package api

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// A mistyped sign-in comes back without the PIN that was in it.
func TestAnswersRepeatNoPIN(t *testing.T) {
	p := huma.NewError(422, "validation failed",
		&huma.ErrorDetail{Message: "unexpected property", Location: "body", Value: map[string]any{"pinn": "4711"}},
		&huma.ErrorDetail{Message: "too short", Location: "body.pin", Value: "47"},
		&huma.ErrorDetail{Message: "too short", Location: "body.endpoint", Value: ""},
	).(*Problem)
	if p.Errors[0].Value != nil || p.Errors[1].Value != nil {
		t.Errorf("repeated: %+v", p.Errors)
	}
	if p.Errors[2].Value != "" || p.Errors[2].Location != "body.endpoint" {
		t.Errorf("the value of another field was left out: %+v", p.Errors[2])
	}
}
