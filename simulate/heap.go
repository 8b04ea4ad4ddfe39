package simulate

// what an event is.
type what uint8

const (
	caller  what = iota // of a load arrives; n says which load
	record              // a recorded caller of load n
	leave               // the ticket's patience is over
	answer              // the agent of an offer picks up
	reject              // or refuses it
	release             // the talk of an offer is over
	ready               // the agent is READY again
	begin               // the agent's shift begins
	end                 // and ends
)

// event is something that happens at an instant; seq orders those of one.
type event struct {
	at   int64
	seq  uint64
	what what
	n    int
	id   string // of the ticket, offer or agent
}

// events is a heap of them, the next on top. It has no interface in it: a day
// pushes millions.
type events struct {
	list []event
	seq  uint64
}

func (a *event) before(b *event) bool { return a.at < b.at || a.at == b.at && a.seq < b.seq }

func (h *events) push(e event) {
	h.seq++
	e.seq = h.seq
	h.list = append(h.list, e)
	at := len(h.list) - 1
	for at > 0 {
		up := (at - 1) / 4
		if !e.before(&h.list[up]) {
			break
		}
		h.list[at] = h.list[up]
		at = up
	}
	h.list[at] = e
}

func (h *events) pop() event {
	top, last := h.list[0], len(h.list)-1
	e := h.list[last]
	h.list[last] = event{}
	h.list = h.list[:last]
	at := 0
	for {
		first := 4*at + 1
		if first >= last {
			break
		}
		least := first
		for i := first + 1; i < min(first+4, last); i++ {
			if h.list[i].before(&h.list[least]) {
				least = i
			}
		}
		if !h.list[least].before(&e) {
			break
		}
		h.list[at] = h.list[least]
		at = least
	}
	if last > 0 {
		h.list[at] = e
	}
	return top
}
