package engine

import (
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
)

// How many wrong PINs an agent's number stands at once, and how often one more
// then: four digits last for days, and nobody is locked out for long.
const (
	guessBurst  = 5
	guessEvery  = time.Minute
	guessAgents = 4096 // numbers remembered
)

// guesses bounds how often PINs are guessed from phones, by agent: a phone is
// trusted to be one of ours, not to be in the right hands.
type guesses struct {
	mu    sync.Mutex
	spent map[fact.AgentID]spent
}

// spent is how many guesses are used up, as of an instant.
type spent struct {
	n  int
	at time.Time
}

// after is what is still used up at now.
func (s spent) after(now time.Time) spent {
	back := min(int(now.Sub(s.at)/guessEvery), s.n)
	return spent{s.n - back, s.at.Add(time.Duration(back) * guessEvery)}
}

// take uses a guess up, before it is made so that many at once are not free;
// false when there is none.
func (g *guesses) take(agent fact.AgentID, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.spent == nil {
		g.spent = map[fact.AgentID]spent{}
	}
	s, known := g.spent[agent]
	if !known && len(g.spent) >= guessAgents && !g.forget(now) {
		return false
	}
	if s = s.after(now); s.n >= guessBurst {
		return false
	}
	if s.n == 0 {
		s.at = now
	}
	s.n++
	g.spent[agent] = s
	return true
}

// giveBack undoes take: the PIN was right, or nobody knows.
func (g *guesses) giveBack(agent fact.AgentID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s, ok := g.spent[agent]; ok && s.n > 1 {
		s.n--
		g.spent[agent] = s
	} else {
		delete(g.spent, agent)
	}
}

// forget drops the numbers that have all their guesses again and says whether
// there is room.
func (g *guesses) forget(now time.Time) bool {
	for agent, s := range g.spent {
		if s.after(now).n == 0 {
			delete(g.spent, agent)
		}
	}
	return len(g.spent) < guessAgents
}
