package routing

import "github.com/huawu/huawu/fact"

// What is said of a wait is said of a queue whose pace is known.
const (
	minStarts   = 10 // offers seen while somebody waited
	paceMemory  = 32 // the weight of the past in what is learned
	ringMemory  = 16
	biasMemory  = 256
	paceQuantum = 1000 // forecasts count in thousandths of a gap
	// Nine in ten waits are to end inside what was said: a miss makes the
	// intervals wider by nine times what a hit makes them narrower by.
	widen, narrow           = 27, 3
	leastSpread, mostSpread = 100, 5000
)

// pace is how fast a queue's line moves, and how well that was forecast.
type pace struct {
	// Since is when the present gap between two offers began, if On: somebody
	// has waited for an offer since then, and there was staff to make one.
	On    bool         `json:"on,omitempty"`
	Since fact.Instant `json:"since,omitempty"`
	// Work is the agents' milliseconds from one offer to the next, Ring the
	// milliseconds from an offer to the talk; Starts and Rings is how many of
	// them were seen.
	Work   int64 `json:"work,omitempty"`
	Starts int64 `json:"starts,omitempty"`
	Ring   int64 `json:"ring,omitempty"`
	Rings  int64 `json:"rings,omitempty"`
	// Guessed and Took are the waits of late, in milliseconds, as the gaps
	// alone would have them and as they were: callers ahead give up, and
	// agents come and go. Waits is how many were seen.
	Guessed int64 `json:"guessed,omitempty"`
	Took    int64 `json:"took,omitempty"`
	Waits   int64 `json:"waits,omitempty"`
	// Narrowed is what 1000 less the width of an interval is, in thousandths
	// of what chance alone would make it.
	Narrowed int64 `json:"narrowed,omitempty"`
	// Told forecasts have come to their end, Inside of them as was said;
	// Expected and Waited are the sums of those that ended in a talk, in
	// milliseconds.
	Told     int64 `json:"told,omitempty"`
	Inside   int64 `json:"inside,omitempty"`
	Expected int64 `json:"expected,omitempty"`
	Waited   int64 `json:"waited,omitempty"`
}

// forecast is what was expected of a ticket's wait when it joined its queue.
type forecast struct {
	At  fact.Instant `json:"at"`
	Low int64        `json:"low"` // ms from At on
	Mid int64        `json:"mid"`
	Raw int64        `json:"raw"` // by the gaps alone
	// High is 0 for no forecast.
	High int64 `json:"high"`
}

// Wait is how much longer a ticket is expected to wait for its talk, in
// milliseconds: in nine of ten cases at least Low and at most High, on the
// average Mid. It is not Known of a queue whose pace is not, and of a ticket
// under offer.
type Wait struct {
	Known          bool
	Low, Mid, High int64
}

// Accuracy is how well waits were forecast: so many, of which so many ended
// inside the interval. Bias is by how many thousandths the sum of the expected
// waits was too long.
type Accuracy struct {
	Told   int64 `json:"told"`
	Inside int64 `json:"inside"`
	Bias   int64 `json:"bias"`
}

// Expect is the expected wait of a ticket as its place is now.
func (a *ACD) Expect(id fact.TicketID) Wait {
	t := a.tickets[id]
	if t == nil || t.out() || t.reserved() {
		return Wait{}
	}
	return t.queue.expect(t.queue.turnOf(t))
}

// turnOf is which of the next offers is a waiting ticket's: from 1 on.
func (q *queue) turnOf(t *ticket) int64 {
	return max(1, int64(q.line.ahead(t.rank(), t)-q.offered)+1)
}

// expect is the wait for the nth offer from now on and the talk after it. The
// gaps between offers are taken as those of chance, so that n of them are
// spread as gamma distributed times are.
func (q *queue) expect(n int64) Wait {
	if q.pace.Starts < minStarts || q.able == 0 || !q.offers() {
		return Wait{}
	}
	gap := q.pace.gap(q.able)
	low, high := spread(n)
	mid, width := n*gap, q.pace.width()
	return Wait{
		Known: true,
		Low:   max(0, mid-(mid-low*gap/paceQuantum)*width/1000) + q.pace.Ring,
		Mid:   mid + q.pace.Ring,
		High:  mid + (high*gap/paceQuantum-mid)*width/1000 + q.pace.Ring,
	}
}

// gap is what lies between two offers when so many agents make them.
func (p *pace) gap(able int) int64 {
	gap := p.Work / int64(able)
	if p.Waits >= biasMemory && p.Guessed > 0 {
		gap = gap * min(max(p.Took*1000/p.Guessed, 250), 4000) / 1000
	}
	return gap
}

func (p *pace) width() int64 { return 1000 - p.Narrowed }

// waiting is how many in line have no offer.
func (q *queue) waiting() int { return q.line.n - q.offered }

// tooLong says whether one who joins at the end would wait for too long.
func (q *queue) tooLong() bool {
	if q.MaxExpected == 0 || q.waiting() <= 0 && q.classes[0].idle.n > 0 {
		return false
	}
	w := q.expect(int64(max(q.waiting(), 0)) + 1)
	return w.Known && w.Mid > q.MaxExpected.Milliseconds()
}

// watch begins and ends the gaps: they count only while somebody waits and an
// offer can be made.
func (a *ACD) watch(q *queue) {
	p := &q.pace
	switch counts := q.waiting() > 0 && q.able > 0 && q.offers(); {
	case !counts:
		p.On, p.Since = false, 0
	case !p.On:
		p.On, p.Since = true, a.now
	}
}

// paced ends a gap by an offer.
func (a *ACD) paced(q *queue) {
	p := &q.pace
	if p.On {
		p.Starts++
		p.Work += (int64(a.now-p.Since)*int64(max(q.able, 1)) - p.Work) / min(p.Starts, paceMemory)
		p.On = false
	}
	a.watch(q)
}

// foretell notes what is expected of a ticket that has come to a queue.
func (a *ACD) foretell(t *ticket) {
	t.forecast = forecast{}
	if t.out() || t.reserved() {
		return
	}
	if w := t.queue.expect(t.queue.turnOf(t)); w.Known {
		raw := t.queue.turnOf(t) * (t.queue.pace.Work / int64(t.queue.able))
		t.forecast = forecast{At: a.now, Low: w.Low, Mid: w.Mid, Raw: raw, High: w.High}
	}
}

// fulfilled compares a forecast with what came of it: a talk, or a caller who
// has given up after more than the longest wait expected. One who gave up
// before says nothing.
func (a *ACD) fulfilled(t *ticket, talk bool) {
	f, p := t.forecast, &t.queue.pace
	t.forecast = forecast{}
	waited := int64(a.now - f.At)
	if f.High == 0 || !talk && waited <= f.High {
		return
	}
	p.Told++
	if talk {
		p.Expected += f.Mid
		p.Waited += waited
		p.Waits++
		p.Guessed += (f.Raw - p.Guessed) / min(p.Waits, biasMemory)
		p.Took += (max(0, waited-p.Ring) - p.Took) / min(p.Waits, biasMemory)
	}
	if talk && waited >= f.Low && waited <= f.High {
		p.Inside++
		p.Narrowed = min(p.Narrowed+narrow, 1000-leastSpread)
	} else {
		p.Narrowed = max(p.Narrowed-widen, 1000-mostSpread)
	}
}

// rung learns how long it took from an offer to the talk.
func (q *queue) rung(millis int64) {
	p := &q.pace
	p.Rings++
	p.Ring += (millis - p.Ring) / min(p.Rings, ringMemory)
}

func (p *pace) accuracy() Accuracy {
	acc := Accuracy{Told: p.Told, Inside: p.Inside}
	if p.Waited > 0 {
		acc.Bias = (p.Expected - p.Waited) * 1000 / p.Waited
	}
	return acc
}

// spread is between what, in thousandths of a mean gap, the sum of n gaps of
// chance lies in nine of ten cases.
func spread(n int64) (low, high int64) {
	if n <= int64(len(gamma)) {
		return gamma[n-1][0], gamma[n-1][1]
	}
	const z = 1645 // of the normal distribution, in thousandths
	half := root(n * z * z)
	return n*paceQuantum - half, n*paceQuantum + half
}

// root is the whole part of a square root.
func root(n int64) int64 {
	x := n
	for y := (x + 1) / 2; y < x; y = (x + n/x) / 2 {
		x = y
	}
	return x
}

// gamma are the quantiles 0.05 and 0.95 of gamma distributions of shape 1 to
// 64 and scale 1, in thousandths.
var gamma = [64][2]int64{
	{51, 2996}, {355, 4744}, {818, 6296}, {1366, 7754}, {1970, 9154}, {2613, 10513}, {3285, 11842}, {3981, 13148},
	{4695, 14435}, {5425, 15705}, {6169, 16962}, {6924, 18208}, {7690, 19443}, {8464, 20669}, {9246, 21886}, {10036, 23097},
	{10832, 24301}, {11634, 25499}, {12442, 26692}, {13255, 27879}, {14072, 29062}, {14894, 30240}, {15719, 31415}, {16549, 32585},
	{17382, 33752}, {18219, 34916}, {19058, 36077}, {19901, 37234}, {20746, 38389}, {21594, 39541}, {22445, 40691}, {23297, 41838},
	{24153, 42982}, {25010, 44125}, {25870, 45266}, {26731, 46404}, {27595, 47541}, {28460, 48675}, {29327, 49808}, {30196, 50940},
	{31066, 52069}, {31938, 53197}, {32812, 54324}, {33687, 55449}, {34563, 56573}, {35441, 57695}, {36320, 58816}, {37200, 59935},
	{38082, 61054}, {38965, 62171}, {39849, 63287}, {40734, 64402}, {41620, 65516}, {42507, 66628}, {43396, 67740}, {44285, 68851},
	{45176, 69960}, {46067, 71069}, {46959, 72177}, {47852, 73284}, {48746, 74390}, {49641, 75495}, {50537, 76599}, {51434, 77702},
}
