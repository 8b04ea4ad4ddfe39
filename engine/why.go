package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
)

// Why explains a call or an agent: as it stands, or as it stood at an instant
// of the wall clock. Its errors wrap a sentinel of center.
func (e *Engine) Why(_ context.Context, _ center.Question, _ time.Time) (center.Answer, error) {
	return center.Answer{}, fmt.Errorf("why: %w: not yet", center.ErrInvalid)
}
