package wav

import "time"

// Trim is the sound without the silence at its edges, but for so much of it.
func (s Sound) Trim(keep time.Duration) Sound {
	before, after := s.Edges()
	at := func(d time.Duration) int { return int(max(0, d-keep) * time.Duration(s.Rate) / time.Second) }
	from, to := at(before), len(s.Samples)-at(after)
	if from >= to {
		return Sound{Rate: s.Rate}
	}
	return Sound{Rate: s.Rate, Samples: append([]int16(nil), s.Samples[from:to]...)}
}
