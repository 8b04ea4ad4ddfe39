package norms

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// Origin is who says what a rule's mode or value is.
type Origin string

// The origins; the later ones prevail.
const (
	OfRule    Origin = "default" // the register
	OfProfile Origin = "profile" // the register, for the profile of the phrases
	OfTenant  Origin = "tenant"
	OfQueue   Origin = "queue"
	OfRoom    Origin = "room" // another field of the document
)

// standing is what a rule is for a tenant or a queue.
type standing struct {
	mode    Mode
	modeOf  Origin
	values  []amount
	valueOf []Origin
}

// policy is a plan that was read: by the places of the rules, for the tenant and
// for each queue that has settings of its own.
type policy struct {
	tenant []standing
	queues map[fact.QueueID][]standing
}

// of is what holds in a queue, or for "" where there is none.
func (p *policy) of(queue fact.QueueID) []standing {
	if own, ok := p.queues[queue]; ok && queue != "" {
		return own
	}
	return p.tenant
}

// read makes a plan into a policy. What is wrong in it does not count: it was
// checked before it was saved.
func (p Plan) read() policy {
	out := policy{queues: map[fact.QueueID][]standing{}}
	come := map[string][]standing{} // by profile
	build := func(queue fact.QueueID, profile string) []standing {
		if come[profile] == nil {
			for i := range Rules {
				come[profile] = append(come[profile], Rules[i].standing(profile))
			}
		}
		all := slices.Clone(come[profile])
		for _, of := range []struct {
			queue  fact.QueueID
			origin Origin
		}{{"", OfTenant}, {queue, OfQueue}} {
			if of.origin == OfQueue && queue == "" {
				continue
			}
			for _, k := range p.Kept {
				if at, ok := places[k.Rule]; ok && k.Queue == of.queue {
					all[at].put(&Rules[at], k.Value, k.Is, OfRoom)
				}
			}
			for _, e := range p.Settings {
				at, ok := places[e.Rule]
				if !ok || e.Queue != of.queue {
					continue
				}
				s, r := &all[at], &Rules[at]
				if e.Mode != "" {
					s.mode, s.modeOf = e.Mode, of.origin
				}
				for j := range r.Values {
					if w, given := e.Values[r.Values[j].Name]; given {
						s.put(r, r.Values[j].Name, w, of.origin)
					}
				}
			}
		}
		return all
	}
	out.tenant = build("", p.Profile)
	own := map[fact.QueueID]string{}
	var names []fact.QueueID
	note := func(queue fact.QueueID, profile string) {
		if _, known := own[queue]; !known && queue != "" {
			own[queue] = profile
			names = append(names, queue)
		}
	}
	for _, q := range p.Queues {
		note(q.Queue, q.Profile)
	}
	for _, k := range p.Kept {
		note(k.Queue, p.Profile)
	}
	for _, e := range p.Settings {
		note(e.Queue, p.Profile)
	}
	for _, q := range names {
		out.queues[q] = build(q, own[q])
	}
	return out
}

// standing is a rule as it comes, for those who speak by a profile.
func (r *Rule) standing(profile string) standing {
	s := standing{mode: r.Mode, modeOf: OfRule, values: make([]amount, len(r.Values)), valueOf: make([]Origin, len(r.Values))}
	for i := range r.Values {
		s.values[i], _ = r.Values[i].read(Written(r.Values[i].Default)) // TestRegister reads them all
		s.valueOf[i] = OfRule
	}
	if i := slices.IndexFunc(r.Profiles, func(p ProfileMode) bool { return p.Profile == profile }); i >= 0 && profile != "" {
		p := &r.Profiles[i]
		if p.Mode != "" {
			s.mode, s.modeOf = p.Mode, OfProfile
		}
		for j := range r.Values {
			if w, given := p.Values[r.Values[j].Name]; given {
				s.put(r, r.Values[j].Name, w, OfProfile)
			}
		}
	}
	return s
}

func (s *standing) put(r *Rule, name string, w Written, by Origin) {
	i := r.value(name)
	if i < 0 {
		return
	}
	if a, err := r.Values[i].read(w); err == nil {
		s.values, s.valueOf = slices.Clone(s.values), slices.Clone(s.valueOf) // others share them
		s.values[i], s.valueOf[i] = a, by
	}
}
