package simulate

import "math"

// Closed is what a closed form says of a queue of n agents in the long run.
type Closed struct {
	Waits    float64 // the part of callers who wait at all
	Level    float64 // the part who are answered within the time asked for
	Abandons float64 // the part who give up
	Wait     float64 // the mean wait of those answered, in the unit of talk
	Busy     float64 // occupancy
}

// ErlangC is the queue M/M/n: Poisson arrivals at rate, exponential talks of
// mean talk, callers of endless patience (A. K. Erlang 1917). within is the wait
// of the service level. It has no answer (Waits 1, Wait +Inf) when the load
// rate*talk is not below n.
func ErlangC(rate, talk float64, n int, within float64) Closed {
	a := rate * talk
	if a >= float64(n) {
		return Closed{Waits: 1, Wait: math.Inf(1), Busy: 1}
	}
	b := erlangB(a, n)
	waits := b / (1 - a/float64(n)*(1-b))
	spare := float64(n) - a
	return Closed{
		Waits: waits, Level: 1 - waits*math.Exp(-spare*within/talk), Wait: waits * talk / spare, Busy: a / float64(n),
	}
}

// erlangB is the part of calls that n lines without a queue turn away.
func erlangB(a float64, n int) float64 {
	b := 1.0
	for k := 1; k <= n; k++ {
		b = a * b / (float64(k) + a*b)
	}
	return b
}

// ErlangA is the queue M/M/n+M: as ErlangC, with callers of exponential
// patience (C. Palm 1946). The wait that a caller of endless patience would
// have is of density p(n-1) rate exp(rate/θ (1-exp(-θx)) - nμx), integrated by
// Simpson's rule.
func ErlangA(rate, talk, patience float64, n int, within float64) Closed {
	mu, theta := 1/talk, 1/patience
	// p(k)/p(n-1) for k < n, downwards; their sum is what nobody waits with.
	sum, p := 0.0, 1.0
	for k := n - 1; k >= 0; k-- {
		sum += p
		p *= float64(k) * mu / rate
	}
	power := func(x float64) float64 { return -rate/theta*math.Expm1(-theta*x) - float64(n)*mu*x }
	// Large queues have powers that no number holds: count from the top one.
	top := max(power(max(0, math.Log(rate/(float64(n)*mu))/theta)), 0)
	sum *= math.Exp(-top)
	density := func(x float64) float64 { return rate * math.Exp(power(x)-top) }
	end := talk // beyond it the density is nothing
	for power(end)-top > -40 {
		end *= 2
	}
	whole := sum + simpson(density, 0, end)
	served := func(x float64) float64 { return density(x) * math.Exp(-theta*x) }
	level := (sum + simpson(served, 0, within)) / whole
	answered := (sum + simpson(served, 0, end)) / whole
	waited := simpson(func(x float64) float64 { return x * served(x) }, 0, end) / whole
	return Closed{
		Waits: 1 - sum/whole, Level: level, Abandons: 1 - answered, Wait: waited / answered,
		Busy: rate * answered * talk / float64(n),
	}
}

// simpson integrates f from a to b.
func simpson(f func(float64) float64, a, b float64) float64 {
	const n = 200_000 // even
	h, sum := (b-a)/n, f(a)+f(b)
	for i := 1; i < n; i++ {
		sum += f(a+float64(i)*h) * float64(2+2*(i%2))
	}
	return sum * h / 3
}
