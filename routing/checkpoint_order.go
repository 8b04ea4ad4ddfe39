package routing

// What a checkpoint holds of ranks, distributions and relaxations.

func (ag *agent) saveOrder(s *savedAgent) {
	s.Skills = ag.set
	for i := range ag.members {
		m := &ag.members[i]
		if m.calls != 0 || m.talked != 0 || m.turn != 0 {
			s.Members = append(s.Members, savedMember{Queue: m.queue.ID, Calls: m.calls, Talked: m.talked, Turn: m.turn})
		}
	}
}

func (t *ticket) saveOrder(s *savedTicket) {
	s.Level, s.Repeat, s.Aged, s.Step, s.Consult = t.level, t.repeat, t.aged, t.step, t.consult
	if t.prefer != nil {
		s.Prefer, s.Hold = t.prefer.id, t.hold
	}
}

func (q *queue) saveOrder(s *savedQueue) { s.Turn, s.Floor = q.turn, q.floor }

// restoreOrder gives a ticket that is in no line yet what it had.
func (t *ticket) restoreOrder(a *ACD, s *savedTicket) {
	t.level, t.repeat, t.aged, t.step, t.consult = s.Level, s.Repeat, s.Aged, s.Step, s.Consult
	if s.Prefer != "" {
		t.prefer, t.hold = a.agents[s.Prefer], s.Hold
	}
}

// restoreOrder gives queues and members that are built what they had.
func (a *ACD) restoreOrder(s *saved) {
	for _, sq := range s.Queues {
		if q := a.queues[sq.ID]; q != nil {
			q.turn, q.floor = sq.Turn, sq.Floor
		}
	}
	for i := range s.Agents {
		sa := &s.Agents[i]
		for _, sm := range sa.Members {
			if m := a.agents[sa.ID].member(a.queues[sm.Queue]); m != nil {
				m.calls, m.talked, m.turn = sm.Calls, sm.Talked, sm.Turn
			}
		}
	}
}
