package ari

import (
	"context"
	"math"
	"strconv"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// volume sets Asterisk's VOLUME, which multiplies what a channel sends us (RX) or
// is sent (TX) by a number, or divides it by one below 0 (func_volume.c).
func (s *Switch) volume(ctx context.Context, c media.Volume) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	function := "VOLUME(RX)"
	if c.Side == fact.SideOut {
		function = "VOLUME(TX)"
	}
	return s.setVariable(ctx, legs[0], function, volumeFactor(c.DB))
}

// volumeFactor is how VOLUME writes decibels; 0 leaves the sound as it is.
func volumeFactor(db int) string {
	if db == 0 {
		return "0"
	}
	factor := math.Pow(10, math.Abs(float64(db))/20)
	return strconv.FormatFloat(math.Copysign(factor, float64(db)), 'f', 2, 64)
}
