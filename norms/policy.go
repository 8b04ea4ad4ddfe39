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

// said is what a plan says of a queue, or for "" of the tenant.
type said struct {
	kept     []Kept
	settings []Setting
	profile  string
}

// read makes a plan into a policy. What is wrong in it does not count: it was
// checked before it was saved.
func (p Plan) read() policy {
	all := map[fact.QueueID]*said{"": {profile: p.Profile}}
	queues := []fact.QueueID{}
	of := func(queue fact.QueueID) *said {
		if all[queue] == nil {
			all[queue] = &said{profile: p.Profile}
			queues = append(queues, queue)
		}
		return all[queue]
	}
	for _, q := range p.Queues {
		of(q.Queue).profile = q.Profile
	}
	for _, k := range p.Kept {
		s := of(k.Queue)
		s.kept = append(s.kept, k)
	}
	for _, e := range p.Settings {
		s := of(e.Queue)
		s.settings = append(s.settings, e)
	}
	come := map[string][]standing{} // by profile
	standings := func(profile string) []standing {
		if come[profile] == nil {
			for i := range Rules {
				come[profile] = append(come[profile], Rules[i].standing(profile))
			}
		}
		return slices.Clone(come[profile])
	}
	out := policy{tenant: standings(p.Profile), queues: map[fact.QueueID][]standing{}}
	all[""].apply(out.tenant, OfTenant)
	for _, q := range queues {
		own := standings(all[q].profile)
		all[""].apply(own, OfTenant)
		all[q].apply(own, OfQueue)
		out.queues[q] = own
	}
	return out
}

// apply lets what is said count.
func (s *said) apply(to []standing, by Origin) {
	for _, k := range s.kept {
		if at, ok := places[k.Rule]; ok {
			to[at].put(&Rules[at], k.Value, k.Is, OfRoom)
		}
	}
	for _, e := range s.settings {
		at, ok := places[e.Rule]
		if !ok {
			continue
		}
		if e.Mode != "" {
			to[at].mode, to[at].modeOf = e.Mode, by
		}
		for j := range Rules[at].Values {
			name := Rules[at].Values[j].Name
			if w, given := e.Values[name]; given {
				to[at].put(&Rules[at], name, w, by)
			}
		}
	}
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
