package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/huawu/huawu/engine"
)

// stuckAfter is the age of the loop's last turn at which it counts as stuck;
// it turns several times a second.
const stuckAfter = 5 * time.Second

// pingLimit is how long the store may take to show that it is there.
const pingLimit = 2 * time.Second

// Liveness is the answer of /healthz.
type Liveness struct {
	Alive   bool  `json:"alive"`
	LoopAge int64 `json:"loop_age_ms"`
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready bool `json:"ready"`
	// Problems says what is wrong, one line each.
	Problems []string      `json:"problems"`
	Engine   engine.Health `json:"engine"`
}

// healthz says whether the process does its work: 200, or 503 when its loop is
// stuck and it should be restarted.
func (s *Server) healthz(c *gin.Context) {
	age := s.engine.Health().LoopAge
	l := Liveness{Alive: age < stuckAfter, LoopAge: age.Milliseconds()}
	c.JSON(statusOf(l.Alive), l)
}

// readyz says whether new calls should come here: 200, or 503 with the
// reasons.
func (s *Server) readyz(c *gin.Context) {
	r := s.readiness(c.Request.Context())
	c.JSON(statusOf(r.Ready), r)
}

func (s *Server) readiness(ctx context.Context) Readiness {
	h := s.engine.Health()
	r := Readiness{Ready: h.Ready, Problems: orEmpty(h.Problems), Engine: h}
	r.Problems = append(r.Problems, s.troubles()...)
	limit, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	if err := s.store.Ping(limit); err != nil {
		r.Ready = false
		r.Problems = append(r.Problems, fmt.Sprintf("the store does not answer: %v", err))
	}
	return r
}

func statusOf(ok bool) int {
	if ok {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}
